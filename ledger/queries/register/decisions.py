"""The decision log as of a day: what each record said, the items that stand for it, and what they cost since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from sqlalchemy import bindparam, select

from ledger.decide.standing_decision import StandingDecision
from ledger.events import NAME_OF, DecisionLogged, DecisionRetracted, Recorded
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.queries.register.decision_links import DecisionKey, links_of_items
from ledger.queries.register.items import RegisterItem, register
from ledger.tables.facts import event
from ledger.vocabulary.decision_statuses import ACCEPTED, SUPERSEDED
from ledger.vocabulary.errors import NotFound

_LOGGED = (
    select(event.c.body)
    .where(
        event.c.book == bindparam("book"),
        event.c.stored_as.in_([NAME_OF[DecisionLogged], NAME_OF[DecisionRetracted]]),
        event.c.position <= bindparam("position"),
    )
    .order_by(event.c.effective_on, event.c.position)
)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A record as of a day. since: from when on it says so. superseded_by: also by records that say so themselves.

    items: that it names, and that name it. outstanding, interest_per_year: of those, minor units; interest_since: what they
    incurred since they were decided on, or opened if nobody did.
    """

    log: str
    id: str
    title: str
    status: str | None
    status_said: str | None
    dated_on: date | None
    since: date
    deciders: tuple[str, ...]
    supersedes: tuple[str, ...]
    superseded_by: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    outstanding: int
    interest_per_year: int
    interest_since: int
    path: str
    sha256: str
    position: int


def decisions(reader: Reader, as_of: date) -> list[DecisionView]:
    """Every record of a day, as what was read of it says since then; in the order of logs and ids."""
    every = list(_recorded(reader))
    standing = _standing([each for each in every if each.effective_on <= as_of])
    known = set(_standing(every))
    items = {item.item: item for item in register(reader, as_of)} if standing else {}
    linked = _linked(reader, standing)
    replaced_by = _superseding(standing)
    views = []
    for key in sorted(standing):
        view = _view(standing[key], [items[name] for name in linked.get(key, ()) if name in items])
        superseded_by = tuple(dict.fromkeys((*view.superseded_by, *replaced_by.get(key, ()))))
        views.append(_in_its_time(replace(view, superseded_by=superseded_by), set(standing), known))
    return views


def known_log(reader: Reader, log: str) -> None:
    """Raise NotFound for a log of which nothing was ever read."""
    logs = {of for of, _ in _standing(list(_recorded(reader)))}
    if log not in logs:
        by_small = {name.lower(): name for name in sorted(logs, reverse=True)}
        near = get_close_matches(log.lower(), by_small, n=1)
        meant = f"Did you mean {by_small[near[0]]}?" if near else f"There are: {', '.join(sorted(logs)) or 'none'}."
        raise NotFound(f"There is no log '{log}'. {meant}")


def learned_later(reader: Reader, as_of: date, log: str | None = None) -> dict[date, int]:
    """Of records that are dated by a day and that the log of that day has not: how many stand from which later day on."""
    every = [each for each in _recorded(reader) if log in (None, _key(each)[0])]
    there = _standing([each for each in every if each.effective_on <= as_of])
    first: dict[DecisionKey, date] = {}
    for key, recorded in _standing(every).items():
        stated = _logged(recorded).dated_on or _logged(recorded).occurred_on
        if key not in there and stated is not None and stated <= as_of:
            first[key] = recorded.effective_on
    return dict(sorted(Counter(first.values()).items()))


def items_by_decision(reader: Reader) -> dict[DecisionKey, tuple[str, ...]]:
    """The items of every record, as known last: those that it names, and those that name it."""
    return _linked(reader, _standing(list(_recorded(reader))))


def links_by_people(reader: Reader) -> dict[DecisionKey, tuple[str, ...]]:
    """The items by which people answered each record: they opened or adopted them and named it, and that stands."""
    found: dict[DecisionKey, dict[str, None]] = defaultdict(dict)
    for link in links_of_items(reader, _standing(list(_recorded(reader)))):
        if link.source is None and not link.reversed:
            found[link.decision][link.item] = None
    return {key: tuple(items) for key, items in found.items()}


def readings_of(reader: Reader, log: str) -> dict[str, list[StandingDecision]]:
    """What every reading of a log's records found, by the record's id, in order of position; also what was taken back."""
    found: dict[str, list[StandingDecision]] = defaultdict(list)
    for each in sorted(_recorded(reader), key=lambda recorded: recorded.position):
        if isinstance(each.event, DecisionLogged) and each.event.log == log:
            found[each.event.id].append(StandingDecision(each.position, each.effective_on, each.event))
    return found


def _recorded(reader: Reader) -> Iterator[Recorded]:
    parameters = {"book": reader.name, "position": reader.position}
    return (decode(body) for (body,) in reader.stream(_LOGGED, parameters))


def _standing(recorded: Sequence[Recorded]) -> dict[DecisionKey, Recorded]:
    """Of each record the last reading that was not taken back. recorded: by day and position."""
    taken_back = {each.event.retracted_position for each in recorded if isinstance(each.event, DecisionRetracted)}
    return {
        _key(each): each
        for each in recorded
        if isinstance(each.event, DecisionLogged) and each.position not in taken_back
    }


def _logged(recorded: Recorded) -> DecisionLogged:
    found = recorded.event
    assert isinstance(found, DecisionLogged)  # noqa: S101 - what was selected by its stored name
    return found


def _key(recorded: Recorded) -> DecisionKey:
    said = recorded.event
    assert isinstance(said, DecisionLogged | DecisionRetracted)  # noqa: S101 - what was selected by its stored name
    return said.log, said.id


def _linked(reader: Reader, standing: Mapping[DecisionKey, Recorded]) -> dict[DecisionKey, tuple[str, ...]]:
    found: dict[DecisionKey, dict[str, None]] = defaultdict(dict)
    for key, recorded in standing.items():
        found[key].update(dict.fromkeys(_logged(recorded).items))
    for link in links_of_items(reader, standing):
        found[link.decision][link.item] = None
    return {key: tuple(items) for key, items in found.items() if items}


def _superseding(standing: Mapping[DecisionKey, Recorded]) -> dict[DecisionKey, list[str]]:
    """By record, those that say that they supersede it."""
    found: dict[DecisionKey, list[str]] = defaultdict(list)
    for (log, id_), recorded in sorted(standing.items()):
        for to in _logged(recorded).supersedes:
            found[log, to].append(id_)
    return found


def _in_its_time(view: DecisionView, there: set[DecisionKey], known: set[DecisionKey]) -> DecisionView:
    """A record that others superseded later was in force until then, whatever it says since."""
    by = [(view.log, to) for to in view.superseded_by]
    if view.status == SUPERSEDED and by and all(key in known and key not in there for key in by):
        return replace(view, status=ACCEPTED, superseded_by=())
    return replace(view, superseded_by=tuple(to for log, to in by if (log, to) in there or (log, to) not in known))


def _interest_since_decided(item: RegisterItem) -> int:
    """Minor units: of debt since somebody decided on it, of neglect that nobody adopted since it was opened."""
    return sum(balance.interest_minor for balance in item.balances if balance.nature == item.nature)


def _view(recorded: Recorded, items: list[RegisterItem]) -> DecisionView:
    said = _logged(recorded)
    return DecisionView(
        log=said.log,
        id=said.id,
        title=said.title,
        status=said.status,
        status_said=said.status_said,
        dated_on=said.dated_on,
        since=recorded.effective_on,
        deciders=said.deciders,
        supersedes=said.supersedes,
        superseded_by=said.superseded_by,
        links=tuple((link.relation, link.to) for link in said.links),
        items=tuple(item.item for item in items),
        outstanding=sum(item.outstanding for item in items),
        interest_per_year=sum(item.interest_per_year for item in items),
        interest_since=sum(map(_interest_since_decided, items)),
        path=said.path,
        sha256=said.sha256,
        position=recorded.position,
    )
