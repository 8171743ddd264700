"""Sealing: what has to be true of the books before a quarter is closed for good, and what closing it would seal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, select

from ledger.events import PeriodClosed
from ledger.events.codec import decode
from ledger.queries.audit.replay import disagreements, replayed
from ledger.queries.figures.balances import ItemBalance, technical_delta
from ledger.queries.figures.rollforward import Rollforward, rollforward
from ledger.queries.reader import Reader, reader_in
from ledger.store.check import CheckFinding
from ledger.store.decisions import decide_again
from ledger.store.verification import Verification
from ledger.store.verify import verify
from ledger.tables.facts import event
from ledger.vocabulary.kinds import BOOK_STREAM
from ledger.vocabulary.quarters import Quarter

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sealing:
    """What closing a quarter would seal. position, head: of the last event that it knows."""

    quarter: Quarter
    position: int
    head: str
    totals: Rollforward
    findings: tuple[CheckFinding, ...]

    @property
    def objections(self) -> tuple[str, ...]:
        """What stands against it, a sentence each."""
        return tuple(f"{finding.name}: {finding.sentence}" for finding in self.findings if not finding.ok)


def objections(connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
    """What stands against sealing a quarter, in the transaction that would: what a ledger that closes is given."""
    return examine(reader_in(connection, book), quarter).objections


def examine(reader: Reader, quarter: Quarter, progress: Tell | None = None) -> Sealing:
    """Verify the whole book, replay it to the quarter's last day, hold its opening against what was sealed before, and
    decide every request in it again.

    progress: told how many events are done, of how many: each is read three times.
    """
    first_day, last_day = reader.calendar.span(quarter)
    findings = (
        _verified(reader, progress),
        _replayed(reader, last_day, progress),
        *_carried_forward(reader, first_day),
        _decided(reader, progress),
    )
    head = reader.connection.execute(
        select(event.c.hash).where(event.c.book == reader.name, event.c.position == reader.position)
    ).scalar_one()
    return Sealing(quarter, reader.position, head, rollforward(reader, first_day, last_day), findings)


def _verified(reader: Reader, progress: Tell | None) -> CheckFinding:
    def tell(done: int) -> None:
        if progress:
            progress(done, 3 * reader.position)

    found = verify(reader.connection, reader.name, progress=tell)
    if found.ok:
        return CheckFinding(True, "verify", f"{found.events} events, chain, columns, requests and read models agree.")
    return CheckFinding(False, "verify", f"{_first_of(found)} `debt verify` lists them.")


def _decided(reader: Reader, progress: Tell | None) -> CheckFinding:
    def tell(done: int) -> None:
        if progress:
            progress(2 * reader.position + done, 3 * reader.position)

    found = Verification()
    decided = decide_again(reader.connection, reader.name, found, tell)
    if found.ok:
        return CheckFinding(True, "decide", f"{decided.requests} requests decided again: the rules allow all of them.")
    return CheckFinding(False, "decide", f"{_first_of(found)} `debt verify --decide` lists them.")


def _first_of(found: Verification) -> str:
    first, several = found.problems[0], found.problem_count > 1
    place = first.table if first.position is None else f"position {first.position}, {first.table}"
    which = f"{found.problem_count} problems; the first: " if several else ""
    # What was expected, or found, may be a sentence.
    expected, there = (str(each).removesuffix(".") for each in (first.expected, first.found))
    return f"{which}{place}.{first.field}, expected {expected}, found {there}."


def _replayed(reader: Reader, last_day: date, progress: Tell | None) -> CheckFinding:
    def tell(done: int, of: int) -> None:
        if progress:
            progress(of + done, 3 * of)

    folded = replayed(reader, last_day, tell)
    for each in disagreements(reader, folded):
        return CheckFinding(
            False,
            "replay",
            f"{each.item or each.account}, {each.figure}: replayed {each.replayed}, stored {each.stored}. "
            f"`debt replay --as-of {last_day}` lists all.",
        )
    return CheckFinding(
        True, "replay", f"{folded.events} events folded to {last_day}: the read models agree in every figure."
    )


def _carried_forward(reader: Reader, first_day: date) -> Iterator[CheckFinding]:
    """What was sealed last still stands: on its last day the balances are those that were known when it was closed."""
    sealed = _last_closing(reader)
    if sealed is None:
        yield CheckFinding(True, "opening", "No quarter was closed before: the opening is what the books say.")
        return
    position, closing = sealed
    then = _balances(replace(reader, position=position), closing.last_day)
    now = _balances(reader, closing.last_day)
    for place in sorted(then.keys() | now.keys()):
        if then.get(place) != now.get(place):
            yield CheckFinding(False, "opening", _restated(place, closing, then.get(place), now.get(place)))
            return
    yield CheckFinding(
        True,
        "opening",
        f"On {closing.last_day} {len(now)} balances are what they were when {closing.quarter} was closed.",
    )


def _restated(place: tuple[str, str], closing: PeriodClosed, then: ItemBalance | None, now: ItemBalance | None) -> str:
    item, nature = place
    figures = [
        f"{each.outstanding_minor} and {each.carry_minor_per_year} a year" if each else "nothing"
        for each in (then, now)
    ]
    return (
        f"{item}, {nature}, on {closing.last_day}: {figures[0]} when {closing.quarter} was closed, {figures[1]} now "
        "(minor units). `debt verify` tells what was touched."
    )


def _balances(reader: Reader, last_day: date) -> dict[tuple[str, str], ItemBalance]:
    return {(each.item, each.nature): each for each in technical_delta(reader, last_day)}


def _last_closing(reader: Reader) -> tuple[int, PeriodClosed] | None:
    query = (
        select(event.c.body)
        .where(
            event.c.book == reader.name,
            event.c.stream == BOOK_STREAM,
            event.c.stored_as == "period-closed/1",
            event.c.position <= reader.position,
        )
        .order_by(event.c.stream_version.desc())
        .limit(1)
    )
    body = reader.connection.execute(query).scalar()
    recorded = decode(body) if body is not None else None
    if recorded is None or not isinstance(recorded.event, PeriodClosed):
        return None
    return recorded.position, recorded.event
