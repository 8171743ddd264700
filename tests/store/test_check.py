"""`debt db check` says what is in place and what is not, one sentence each."""

from __future__ import annotations

import pytest

from ledger.store.check import CheckFinding, check
from ledger.store.engine import open_engine, reading, writing
from ledger.tables.facts import SCHEMA_VERSION
from tests.helpers.granted_books import granted_books
from tests.helpers.postgres_server import PostgresServer
from tests.helpers.small_ledger import build, drop_triggers


def findings(url: str) -> dict[str, list[CheckFinding]]:
    """What `check` finds, by name."""
    engine = open_engine(url)
    found: dict[str, list[CheckFinding]] = {}
    with reading(engine) as connection:
        for finding in check(connection):
            found.setdefault(finding.name, []).append(finding)
    engine.dispose()
    return found


def run(url: str, *statements: str) -> None:
    """Change the database behind the ledger's back."""
    engine = open_engine(url)
    with writing(engine) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


def test_a_fresh_sqlite_file_is_as_it_should_be(sqlite_url: str) -> None:
    found = findings(sqlite_url)
    assert list(found) == ["schema", "guards", "journal", "file"]
    assert all(finding.ok for group in found.values() for finding in group)


def test_another_schema_is_found(database_url: str) -> None:
    for version, remedy in (("0000", "debt db upgrade"), ("9999", "upgrade debt-ledger")):
        run(database_url, f"UPDATE alembic_version SET version_num = '{version}'")
        (finding,) = findings(database_url)["schema"]
        assert not finding.ok
        assert remedy in finding.sentence
        assert SCHEMA_VERSION in finding.sentence


def test_a_dropped_trigger_is_found(database_url: str) -> None:
    engine = open_engine(database_url)
    with writing(engine) as connection:
        drop_triggers(connection)
    engine.dispose()
    *faults, mend = findings(database_url)["guards"]
    assert {finding.ok for finding in (*faults, mend)} == {False}
    assert "`debt export jsonl` and `debt db restore` make the same book" in mend.sentence
    if database_url.startswith("postgresql"):
        of_events, of_requests = (finding.sentence for finding in faults)
        names = "event_append, event_no_delete, event_no_truncate, event_no_update"
        assert of_events.startswith(f"The triggers {names} on event and 16 of its partitions are switched off: ")
        assert of_requests.startswith(
            "The triggers request_no_delete, request_no_truncate, request_no_update on request are"
        )


def test_another_journal_mode_is_found(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    driver = engine.raw_connection()
    driver.cursor().execute("PRAGMA journal_mode=DELETE")
    driver.close()
    engine.dispose()
    assert [finding.ok for finding in findings(sqlite_url)["journal"]] == [False]


def test_an_index_that_lost_a_row_is_found(sqlite_url: str) -> None:
    """Indexes are what streams are loaded by: one that does not agree with its table hides an event."""
    engine = open_engine(sqlite_url)
    build(engine)
    engine.dispose()
    run(
        sqlite_url,
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'effective_on)', 'recorded_at)') WHERE name = 'event_effective_ix'",
    )
    (finding,) = findings(sqlite_url)["file"]
    assert not finding.ok
    assert "event_effective_ix" in finding.sentence


def test_a_superuser_is_told_that_only_triggers_stop_it(postgres_url: str) -> None:
    """It is no fault: somebody has to own the ledger, and who has made it asks first."""
    nobody_else, asking = findings(postgres_url)["rights"]
    assert (nobody_else.ok, asking.ok) == (True, True)
    assert "only the triggers stop them; this login, postgres, is one of these: record as" in asking.sentence


@pytest.mark.parametrize("role", ["writer", "auditor"])
def test_who_can_only_append_or_read_is_confirmed(postgres_server: PostgresServer, role: str) -> None:
    with granted_books(postgres_server, "checked") as books:
        found = findings(books.url(role))
    assert all(finding.ok for group in found.values() for finding in group), found
    assert list(found) == ["schema", "guards", "place", "encoding", "partitions", "events", "rights", "grants"]
