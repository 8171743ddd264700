"""The journal-entry tests as tables to read: a line per test, what each lists, the figures, the sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ledger.cli.audit.journal_records import activity_record, band_records, too_few
from ledger.cli.kit.output import Record, print_lines, print_table
from ledger.journal_tests.entries import JournalEntry
from ledger.journal_tests.examination import Examination, Tested
from ledger.journal_tests.listing import kind_of
from ledger.vocabulary.money import Currency

_FINDING_COLUMNS = (
    "position",
    "kind",
    "stream",
    "actor",
    "session_user",
    "effective_on",
    "recorded",
    "amount",
    "days",
    "note",
    "remark",
)
_RIGHT = (
    "position",
    "amount",
    "spent",
    "days",
    "entries",
    "imported",
    "earlier",
    "count",
    "listed",
    "draw",
    "hits",
    "observed",
    "expected",
    "observed_share",
    "expected_share",
    "in_book",
)


def print_report(found: Examination, currency: Currency, show: int) -> None:
    """Tables: a line per test, what each lists, the figures, the sample. show: rows per list, 0 for all."""
    subject, population = found.subject, found.population
    print_lines(f"Journal-entry tests of {subject.book}, {subject.title}, as known at position {subject.position}")
    if not population.entries:
        print_lines("There is no entry: nothing was tested.")
        return
    print_lines(_population_sentence(found))
    print_lines("An entry that is listed deserves a question; it is no proof of anything.", "")
    _print_summary(found)
    for tested in found.tested:
        _print_findings(tested, currency, show)
    _print_gaps(found)
    _print_benford(found)
    _print_actors(found, currency, show)
    _print_sessions(found, show)
    _print_standstills(found, show)
    _print_sample(found, currency)


def _population_sentence(found: Examination) -> str:
    population = found.population
    if found.subject.quarter is None:
        parts = [f"{_many(population.entries, 'entry')}"]
    else:
        parts = [
            f"{_many(population.effective, 'entry')} effective in the quarter",
            f"{population.earlier:,} recorded in it for an earlier day",
        ]
    return (
        f"Tested: {', '.join(parts)}; {population.imported:,} imported; {_many(population.amounts, 'amount')} stated."
    )


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"


def _print_summary(found: Examination) -> None:
    of_quarter = found.subject.quarter is not None
    columns = ("test", "entries", "imported", *(("earlier",) if of_quarter else ()), "note")
    rows = []
    for tested in found.tested:
        made = tested.untested is None
        rows.append(
            {
                "test": tested.test.name,
                "entries": f"{tested.count:,}" if made else "–",
                "imported": f"{tested.imported:,}" if made else "–",
                "earlier": f"{tested.earlier:,}" if made else "–",
                "note": tested.test.description if made else f"not tested: {tested.untested}",
            }
        )
    print_table(rows, columns, title="Tests", right=_RIGHT)


def _print_findings(tested: Tested, currency: Currency, show: int) -> None:
    if not tested.count:
        return
    shown = tested.findings[: show or None]
    rows = [_row(finding.entry, currency) | {"days": finding.measure, "note": finding.note} for finding in shown]
    measured, noted = tested.test.measured == "days", any(finding.note for finding in shown)
    user = tested.test.name == "unusual-logins"
    columns = _shown_columns(rows, days=measured, note=noted, session_user=user)
    print_table(rows, columns, title=f"{tested.test.title}: {_many(tested.count, 'entry')}", right=_RIGHT)
    _tell_rest(tested.count - len(shown))


def _tell_rest(rest: int) -> None:
    if rest > 0:
        print_lines(f"… and {rest:,} more: --show 0 lists them all, --format json and --xlsx too.", "")


def _row(entry: JournalEntry, currency: Currency) -> Record:
    remark = [word for word, holds in (("imported", entry.imported), ("earlier", entry.earlier)) if holds]
    return {
        "position": entry.position,
        "kind": kind_of(entry.stored_as),
        "stream": entry.stream,
        "actor": entry.actor,
        "session_user": entry.session_user,
        "effective_on": entry.effective_on,
        "recorded": entry.recorded_local.isoformat(sep=" ", timespec="minutes"),
        "amount": "" if entry.amount_minor is None else currency.grouped(entry.amount_minor),
        "spent": "" if entry.spent_minor is None else currency.grouped(entry.spent_minor),
        "remark": ", ".join(remark),
    }


def _shown_columns(rows: Sequence[Record], **optional: bool) -> tuple[str, ...]:
    """The columns of a list; those that are not asked for, or have nothing in them, are left out."""
    asked = {"session_user": False, "remark": any(row["remark"] for row in rows), **optional}
    return tuple(name for name in _FINDING_COLUMNS if asked.get(name, True))


def _print_gaps(found: Examination) -> None:
    gaps = found.gaps
    if gaps is None:
        return
    print_table(
        band_records(found), ("days", "entries"), title="From the effective day to the day of recording", right=_RIGHT
    )
    print_lines(
        f"Median {gaps.median}, nine in ten at most {gaps.ninetieth}, longest {gaps.longest}, shortest {gaps.shortest} days.",
        "",
    )


def _print_benford(found: Examination) -> None:
    benford = found.benford
    if benford.deviation is None:
        print_lines(f"First digits (Benford): not tested, {too_few(benford.amounts)}.", "")
        return
    rows = [{name: str(value) for name, value in asdict(row).items()} for row in benford.digits]
    columns = ("digit", "observed", "expected", "observed_share", "expected_share")
    print_table(rows, columns, title=f"First digits of {benford.amounts:,} amounts (Benford)", right=("digit", *_RIGHT))
    print_lines(f"Mean absolute deviation {benford.deviation}: {benford.conformity}.", "")


def _print_actors(found: Examination, currency: Currency, show: int) -> None:
    busiest = sorted(found.actors, key=lambda activity: -activity.entries)[: show or None]
    rows = [
        activity_record(activity, currency.grouped(activity.amount_minor)) | {"kind": kind_of(activity.stored_as)}
        for activity in busiest
    ]
    columns = ("actor", "kind", "entries", "imported", "listed", "amount")
    print_table(rows, columns, title=f"Actors and kinds, {currency.code}", right=_RIGHT)
    _tell_rest(len(found.actors) - len(busiest))


def _print_sessions(found: Examination, show: int) -> None:
    if not found.sessions:
        return
    first = sorted(found.sessions, key=lambda session: (session.unusual is None, -session.entries))[: show or None]
    rows = [asdict(session) | {"note": session.unusual or ""} for session in first]
    columns = ("actor", "session_user", "entries", "in_book", "note")
    print_table(rows, columns, title="Actors and the database's users", right=_RIGHT)
    _tell_rest(len(found.sessions) - len(first))


def _print_standstills(found: Examination, show: int) -> None:
    if not found.standstills:
        return
    longest = sorted(found.standstills, key=lambda each: (-each.requests, each.first_position))[: show or None]
    rows = [
        {
            "positions": f"{each.first_position}–{each.last_position}",
            "events": each.events,
            "requests": each.requests,
            "recorded (UTC)": _to_the_second(each.recorded_at),
            "moved on (UTC)": _to_the_second(each.moved_on_at) if each.moved_on_at else "not yet",
        }
        for each in longest
    ]
    print_table(rows, tuple(rows[0]), title="Spans in which time stood still", right=("events", "requests"))
    _tell_rest(len(found.standstills) - len(longest))


def _to_the_second(recorded_at: str) -> str:
    return recorded_at[:19].replace("T", " ")


def _print_sample(found: Examination, currency: Currency) -> None:
    if not found.sample:
        return
    by_money = found.parameters.method == "money"
    rows = [_row(drawn.entry, currency) | {"draw": drawn.draw, "hits": drawn.hits} for drawn in found.sample]
    columns = ("draw", *(("hits",) if by_money else ()), *_shown_columns(rows, days=False, note=False))
    print_table(rows, columns, title="Sample for vouching", right=_RIGHT)
    print_lines(f"Drawn by {found.parameters.method}, seed {found.parameters.seed}")
