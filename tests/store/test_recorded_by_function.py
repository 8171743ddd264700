"""What a writer may send to the function that records: a true entry, and nothing that is altered in any place.

The alterations are generated: every column of every row that an entry adds, every member of the body, and the chain
mended after each, as an attacker would who reads the source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy.exc import DBAPIError

from ledger.decide.commission import Commission
from ledger.decide.policy_set import SetPolicy
from ledger.decide.request import Request
from ledger.events.codec import canonical, decode, sha256_hex
from ledger.proof.chain import link
from ledger.store.decisions import decide_again
from ledger.store.engine import reading
from ledger.store.new_rows import NewRows
from ledger.store.roles import BookGrants, apply_grants
from ledger.store.upgrade import upgrade
from ledger.store.verify import Verification, verify
from ledger.tables.facts import event, request
from ledger.tables.projections import PROJECTIONS
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.quantities import Quantity
from tests.helpers.granted_books import LOGINS, OTHER, OWN, GrantedBooks, granted_books, note, rows
from tests.helpers.postgres_server import PostgresServer

Entry = dict[str, Any]

RENT = Request(
    Commission(
        system="FRAUD", title='A \\ "title" in\nЯпония 日本 \x7f', category="fixed-threshold", benefit="a quarter",
        principal=Quantity(minor=90_000), decided_by="head of risk", because="the launch", repay_by="2027Q1"),
    "lead", date(2026, 3, 1), again=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def books(postgres_server: PostgresServer) -> Iterator[GrantedBooks]:
    """One database for all tests here; what is refused leaves nothing in it."""
    with granted_books(postgres_server, "attacked") as found:
        yield found


class _NotYetError(Exception):
    """Ends a transaction before anything of it is written."""


def entry(books: GrantedBooks, asked: Request = RENT) -> Entry:
    """What the ledger would send to record a request now; it is not sent."""
    found: list[NewRows] = []
    try:
        with books.ledger("writer").appending() as unit:
            unit.record(asked)
            found.append(deepcopy(unit.new_rows))
            raise _NotYetError
    except _NotYetError:
        (kept,) = found
    named = {p.table.name: rows for p, rows in zip(PROJECTIONS, kept.read_models, strict=True) if rows}
    sent: Entry = msgspec.json.decode(
        msgspec.json.encode({"events": kept.events, "requests": kept.requests, "rows": named})
    )
    return sent


def send(books: GrantedBooks, sent: Entry, *, book: str = OWN, role: str = "writer", keep: bool = False) -> str | None:
    """Why the database refused it; None if it took it."""
    values = (book, *(json.dumps(sent[name], ensure_ascii=False) for name in ("events", "requests", "rows")))
    with books.engines[role].connect() as connection:
        try:
            connection.exec_driver_sql("SELECT debt_ledger_record(%s, %s, %s, %s)", values)
        except DBAPIError as error:
            return str(error.orig)
        if keep:
            connection.commit()
        else:
            connection.rollback()
    return None


def spelled_anew(books: GrantedBooks, sent: Entry) -> Entry:
    """The same entry with bodies, digests and chain that follow from its columns and data, as an attacker would mend them."""
    previous = rows(books.engines["superuser"], "SELECT hash FROM head WHERE book = %s", (OWN,))[0][0]
    for row in sent["events"]:
        body = json.loads(row["body"])
        body["request_sha256"] = sha256_hex(sent["requests"][0]["request_json"].encode())
        body.update({name: row[name] for name in body.keys() & row.keys()})
        row["body"] = canonical(body).decode()
        row["hash"] = previous = link(previous, row["body"].encode())
    return sent


def altered(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return "2031-02-03" if _is_day(value) else f"{value}x" if value else "x"


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"


def test_a_true_entry_is_taken_whatever_its_text(books: GrantedBooks) -> None:
    """Else a refusal would prove nothing; its body is spelled alike by Python and by PostgreSQL."""
    assert send(books, entry(books)) is None
    assert send(books, spelled_anew(books, entry(books))) is None


@pytest.mark.parametrize("codepoints", [range(1, 0x100), range(0x100, 0x3000, 7), (0x2028, 0xFEFF, 0x1F600, 0x10FFFF)])
def test_every_character_is_spelled_alike_on_both_sides(books: GrantedBooks, codepoints: Any) -> None:
    text = "".join(map(chr, codepoints))
    actor = f"who {text[:60]}"
    assert (
        send(books, entry(books, Request(note(text).command, actor, date(2026, 3, 1), key=f"k {text[-60:]}"))) is None
    )


@pytest.mark.parametrize("column", [c.name for c in event.columns if c.name != "session_user"])
def test_a_column_that_is_not_the_bodys_is_refused(books: GrantedBooks, column: str) -> None:
    sent = entry(books)
    sent["events"][0][column] = altered(sent["events"][0][column])
    assert send(books, sent) is not None


@pytest.mark.parametrize("column", ["book", "position", "stream", "stream_version", "stored_as", "recorded_at"])
def test_a_column_that_the_body_repeats_is_refused_all_the_same(books: GrantedBooks, column: str) -> None:
    """The chain is whole: what is wrong is the place."""
    sent = entry(books)
    sent["events"][0][column] = altered(sent["events"][0][column])
    assert send(books, spelled_anew(books, sent)) is not None


@pytest.mark.parametrize("column", [c.name for c in request.columns])
def test_a_request_that_is_not_the_events_is_refused(books: GrantedBooks, column: str) -> None:
    sent = entry(books)
    sent["requests"][0][column] = altered(sent["requests"][0][column])
    assert send(books, sent) is not None


def _members(books: GrantedBooks) -> Iterator[tuple[str, Any]]:
    data = json.loads(entry(books)["events"][0]["body"])["data"]
    yield from data.items()


JUNK: tuple[Any, ...] = (None, True, 7, 7.5, "junk", [], ["junk"], {}, {"a": 1}, "2026-13-45", 10**30)


def test_a_body_that_nobody_could_read_is_refused(books: GrantedBooks) -> None:
    """Every member taken away, and given every kind of junk: refused, or read by the ledger as an event."""
    true, read = entry(books), 0
    for name, value in _members(books):
        for junk in (*JUNK, "taken away"):
            sent = deepcopy(true)
            body = json.loads(sent["events"][0]["body"])
            if junk == "taken away":
                del body["data"][name]
            else:
                body["data"][name] = junk
            sent["events"][0]["body"] = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            sent["events"][0]["hash"] = link(_head(books), sent["events"][0]["body"].encode())
            sent["rows"] = {}
            if send(books, sent) is None:
                decode(sent["events"][0]["body"])
                read += 1
                assert type(junk) is type(value) or value is None or junk is None, (name, junk)
    assert read > 10  # texts in the place of texts, and the like: `verify --decide` is there for them


def _head(books: GrantedBooks) -> str:
    return str(rows(books.engines["superuser"], "SELECT hash FROM head WHERE book = %s", (OWN,))[0][0])


@pytest.mark.parametrize(
    "body",
    ["{}", "not JSON at all", "{", "[]", '{"data":{}}', "", '{"actor":"CFO"}'],
)
def test_a_body_of_another_kind_is_refused(books: GrantedBooks, body: str) -> None:
    sent = entry(books)
    sent["events"][0]["body"] = body
    sent["events"][0]["hash"] = link(_head(books), body.encode())
    assert send(books, sent) is not None


def test_a_second_actor_within_the_data_is_refused(books: GrantedBooks) -> None:
    """`{…,"data":{…},"actor":"CFO",…}`: the last one would count for whoever reads it."""
    sent = entry(books)
    body = sent["events"][0]["body"].replace(',"effective_on":', ',"actor":"CFO","effective_on":', 1)
    sent["events"][0] |= {"body": body, "hash": link(_head(books), body.encode())}
    assert send(books, sent) is not None


#: Columns whose value the event's data does not repeat under that name: what they are is `verify`'s to say.
DERIVED = {
    "posting": {"account", "movement", "nature", "dimension", "carry_minor_per_year", "accrues_day", "spent_minor", "leg"},
    "item": {"nature", "opened_on", "cause"},
    "term": {"planned_for"},
}  # fmt: skip


def test_a_row_of_a_read_model_that_is_not_its_events_is_refused(books: GrantedBooks) -> None:
    true, tried = entry(books), 0
    for table, its_rows in true["rows"].items():
        for column in its_rows[0].keys() - DERIVED.get(table, set()):
            sent = deepcopy(true)
            sent["rows"][table][0][column] = altered(its_rows[0][column])
            assert send(books, sent) is not None, (table, column)
            tried += 1
    assert tried > 20


@pytest.mark.parametrize("position", [0, -(2**63), 1, 2])
def test_a_row_of_a_foreign_position_is_refused(books: GrantedBooks, position: int) -> None:
    true = entry(books)
    for table, its_rows in true["rows"].items():
        sent = deepcopy(true)
        sent["rows"][table] = [*its_rows, *({**row, "position": position} for row in its_rows)]
        assert send(books, sent) is not None, table


@pytest.mark.parametrize("table", ["budget", "owner", "head", "event", "request", "alembic_version", "book_grant", "x"])
def test_a_row_of_a_table_that_does_not_show_the_event_is_refused(books: GrantedBooks, table: str) -> None:
    sent = entry(books)
    sent["rows"][table] = [{"book": OWN, "position": sent["events"][0]["position"]}]
    assert "that is not its event's" in (send(books, sent) or "")


def test_postings_that_do_not_sum_to_zero_are_refused(books: GrantedBooks) -> None:
    sent = entry(books)
    sent["rows"]["posting"][0]["amount_minor"] += 1
    assert "do not sum to zero" in (send(books, sent) or "")


@pytest.mark.parametrize("name", ["events", "requests"])
def test_what_is_left_out_or_sent_twice_is_refused(books: GrantedBooks, name: str) -> None:
    sent = entry(books)
    assert send(books, {**sent, name: []}) is not None
    assert send(books, {**sent, name: sent[name] * 2}) is not None


def test_another_book_is_refused(books: GrantedBooks) -> None:
    assert "may not record in the book other" in (send(books, entry(books), book=OTHER) or "")
    assert "another book" in (send(books, entry(books), book=OTHER, role="owner") or "") or "request" in (
        send(books, entry(books), book=OTHER, role="owner") or ""
    )


def test_an_entry_cannot_be_sent_again_behind_a_head_that_moved(books: GrantedBooks) -> None:
    sent = entry(books)
    assert send(books, sent, keep=True) is None
    assert send(books, sent) is not None


@pytest.mark.parametrize("minutes", [-11, 11, 60 * 24 * 365 * 70])
def test_a_time_far_from_the_servers_is_refused_of_a_writer(books: GrantedBooks, minutes: int) -> None:
    """A head at 2099 would date every later entry of everybody at 2099."""
    sent = entry(books)
    moment = datetime.now(UTC) + timedelta(minutes=minutes)
    sent["events"][0]["recorded_at"] = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert send(books, spelled_anew(books, sent)) is not None


def test_under_the_policy_the_actor_is_the_login_or_the_one_named_with_it(books: GrantedBooks) -> None:
    """Refused by the rule, and by the function where somebody walks past the rule."""
    owner, writer, login = books.ledger("owner"), books.ledger("writer"), LOGINS["writer"]
    before = entry(books, note("before", actor="the CFO"))
    assert send(books, before) is None
    owner.handle(Request(SetPolicy(policy="actor-from-login", value="on"), "lead", date(2026, 3, 1)))
    try:
        with pytest.raises(Refused, match="is not who logged in"):
            writer.handle(note("as another", actor="the CFO"))
        own = entry(books, note("as itself", actor=login))
        assert send(books, own) is None
        forged = spelled_anew(books, deepcopy(own))
        forged["events"][0]["actor"] = "the CFO"
        forged["requests"][0]["request_json"] = forged["requests"][0]["request_json"].replace(
            json.dumps(login), '"the CFO"'
        )
        assert "another actor than the login" in (send(books, spelled_anew(books, forged)) or "")
        apply_grants(books.engines["owner"], BookGrants(OWN, writers=((login, "the CFO"),)))
        writer.handle(note("as the one named with it", actor="the CFO"))
        writer.handle(note("still as itself", actor=login))
        # Whoever checks is not who recorded.
        with reading(books.engines["owner"]) as connection:
            found = Verification()
            decide_again(connection, OWN, found)
        assert [each for each in found.problems if "logged in" in str(each)] == []
    finally:
        apply_grants(books.engines["owner"], BookGrants(OWN, writers=((login, None),)))
        off = Request(SetPolicy(policy="actor-from-login", value="off"), "attacked_owner", date(2026, 3, 1))
        owner.handle(off)


def test_nothing_that_was_refused_left_a_trace(books: GrantedBooks) -> None:
    """The book verifies, and what writers recorded is in it."""
    books.ledger("writer").handle(note("the last"))
    with reading(books.engines["owner"]) as connection:
        for book in (OWN, OTHER):
            assert verify(connection, book).ok


def test_a_stored_name_that_the_database_was_not_told_of_is_refused_by_name(books: GrantedBooks) -> None:
    with books.engines["owner"].begin() as connection:
        connection.exec_driver_sql("DELETE FROM event_kind WHERE stored_as = 'note-added/1'")
    try:
        with pytest.raises(StoreError, match="a stored name that is not known"):
            books.ledger("writer").handle(note("of a newer release"))
    finally:
        upgrade(books.engines["owner"])
    books.ledger("writer").handle(note("told of"))
