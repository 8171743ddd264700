"""All tests over all entries of a population, in one pass; a test that cannot be made says why."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from ledger.journal_tests.entries import JournalEntry
from ledger.journal_tests.figures import Benford, Gaps, benford, first_digit, gaps
from ledger.journal_tests.listing import RARE, Finding, JournalTest, tests_of
from ledger.journal_tests.logins import Logins, LoginSession
from ledger.journal_tests.marks import Closings
from ledger.journal_tests.parameters import Parameters
from ledger.journal_tests.sampling import EntrySample, MoneySample
from ledger.journal_tests.standstills import Standstill


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test found. findings: the most remarkable first, imported ones last; all, or as many as were asked for.

    count: how many there are; of them imported, and earlier (not effective in the period). untested: why the test
    was not made, None if it was.
    """

    test: JournalTest
    count: int
    imported: int
    earlier: int
    findings: tuple[Finding, ...]

    @property
    def untested(self) -> str | None:
        return self.test.untested


@dataclass(frozen=True, slots=True)
class Population:
    """What was tested. effective: in the period; earlier: recorded in it for a day before. listed: by some test.

    amounts: stated, above 0; amount_minor: of all entries."""

    entries: int
    effective: int
    earlier: int
    imported: int
    listed: int
    amounts: int
    amount_minor: int
    first_position: int | None
    last_position: int | None


@dataclass(frozen=True, slots=True)
class Activity:
    """What one actor did of one kind. amount_minor: in all; listed: how many entries some test lists."""

    actor: str
    stored_as: str
    entries: int
    imported: int
    listed: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry of the sample. draw: its rank in the draw, from 1; hits: how many of its minor units were drawn."""

    draw: int
    entry: JournalEntry
    hits: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """What is examined. quarter, first_day, last_day: None for the whole book. known_at: RFC 3339, UTC, microseconds.

    exponent: decimal places of the currency. head_hash: of the last event known, 64 hexadecimal digits.
    """

    book: str
    time_zone: str
    currency: str
    exponent: int
    quarter: str | None
    first_day: date | None
    last_day: date | None
    position: int
    known_at: str
    head_hash: str

    @property
    def title(self) -> str:
        """The quarter and its days, or the whole book."""
        return f"{self.quarter}, {self.first_day} to {self.last_day}" if self.quarter else "the whole book"


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything the tests say of a population."""

    subject: Subject
    parameters: Parameters
    population: Population
    tested: tuple[Tested, ...]
    actors: tuple[Activity, ...]
    gaps: Gaps | None
    benford: Benford
    sample: tuple[Drawn, ...]
    sessions: tuple[LoginSession, ...]
    standstills: tuple[Standstill, ...]


def examine(
    subject: Subject,
    read: Callable[[], Iterable[JournalEntry]],
    parameters: Parameters,
    closings: Closings,
    logins: Logins | None,
    *,
    standstills: Iterable[Standstill] = (),
    most: int | None = None,
) -> Examination:
    """Make every test. read: gives the entries, in order of position; it is called again for a sample by money.

    logins: None where the database knows no users. standstills: of the book's time, which are passed on.
    most: how many findings to keep per test; all by default.
    """
    tests = tests_of(parameters, closings, logins)
    fold = _Fold(tests, parameters, most)
    for entry in read():
        fold.add(entry)
    fold.list_rare()
    return Examination(
        subject=subject,
        parameters=parameters,
        population=fold.population(),
        tested=fold.tested(),
        actors=fold.activities(),
        gaps=gaps(fold.days),
        benford=benford(fold.digits),
        sample=_sample(read, fold),
        sessions=() if logins is None else logins.sessions(fold.pairs),
        standstills=tuple(standstills),
    )


# --- the fold ----------------------------------------------------------------------------------------


class _Findings:
    """The findings of one test: counted all, kept as many as asked for."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._kept: list[tuple[bool, int, int, Finding]] = []  # the least remarkable first, once it is a heap
        self.count = self.imported = self.earlier = 0

    def add(self, finding: Finding) -> None:
        entry = finding.entry
        self.count += 1
        self.imported += entry.imported
        self.earlier += entry.earlier
        ranked = (not entry.imported, finding.measure, -entry.position, finding)
        if self._most is None:
            self._kept.append(ranked)
        elif len(self._kept) < self._most:
            heapq.heappush(self._kept, ranked)
        elif self._kept and ranked > self._kept[0]:
            heapq.heapreplace(self._kept, ranked)

    def tested(self, test: JournalTest) -> Tested:
        ranked = sorted(self._kept, key=lambda each: each[:3], reverse=True)
        return Tested(test, self.count, self.imported, self.earlier, tuple(each[3] for each in ranked))


@dataclass(slots=True)
class _Doing:
    entries: int = 0
    imported: int = 0
    listed: int = 0
    amount_minor: int = 0


@dataclass(slots=True)
class _Fold:
    """What is gathered, entry by entry."""

    tests: tuple[JournalTest, ...]
    parameters: Parameters
    most: int | None
    days: Counter[int] = field(default_factory=Counter)
    digits: Counter[int] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    first_position: int | None = None
    last_position: int | None = None
    earlier: int = 0
    entry_sample: EntrySample = field(init=False)
    money_sample: MoneySample = field(init=False)
    _findings: list[_Findings] = field(init=False)
    _doings: defaultdict[tuple[str, str], _Doing] = field(default_factory=lambda: defaultdict(_Doing))
    _first_of: defaultdict[str, list[tuple[JournalEntry, bool]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        size, by_money = self.parameters.sample, self.parameters.method == "money"
        self.entry_sample = EntrySample(self.parameters.seed, 0 if by_money else size)
        self.money_sample = MoneySample(self.parameters.seed, size if by_money else 0)
        self._findings = [_Findings(self.most) for _ in self.tests]

    def add(self, entry: JournalEntry) -> None:
        """Count an entry in everything."""
        if self.first_position is None:
            self.first_position = entry.position
        self.last_position = entry.position
        self.earlier += entry.earlier
        self.days[entry.gap_days] += 1
        self.digits.update(map(first_digit, entry.amounts))
        self.pairs[entry.actor, entry.session_user] += 1
        listed = False
        for test, findings in zip(self.tests, self._findings, strict=True):
            finding = test.find(entry)
            if finding is not None:
                findings.add(finding)
                listed = True
        doing = self._doings[entry.actor, entry.stored_as]
        doing.entries += 1
        doing.imported += entry.imported
        doing.listed += listed
        doing.amount_minor += entry.amount_minor or 0
        # Enough entries of each actor to tell whether the actor is rare; of a rare one these are all.
        if len(self._first_of[entry.actor]) < self.parameters.rare:
            self._first_of[entry.actor].append((entry, listed))
        self.entry_sample.offer(entry)
        if self.parameters.method == "money":
            self.money_sample.offer(entry)

    def population(self) -> Population:
        """The counts of all."""
        doings = self._doings.values()
        entries = sum(doing.entries for doing in doings)
        return Population(
            entries=entries,
            effective=entries - self.earlier,
            earlier=self.earlier,
            imported=sum(doing.imported for doing in doings),
            listed=sum(doing.listed for doing in doings),
            amounts=self.digits.total(),
            amount_minor=sum(doing.amount_minor for doing in doings),
            first_position=self.first_position,
            last_position=self.last_position,
        )

    def list_rare(self) -> None:
        """List the entries of rare actors, now that all have been seen."""
        findings = next(found for test, found in zip(self.tests, self._findings, strict=True) if test.name == RARE)
        for actor, first in self._first_of.items():
            if len(first) >= self.parameters.rare:
                continue
            for entry, listed in first:
                findings.add(Finding(entry, len(first), f"{len(first)} by {actor} in all"))
                self._doings[actor, entry.stored_as].listed += not listed

    def tested(self) -> tuple[Tested, ...]:
        """What every test found."""
        return tuple(findings.tested(test) for test, findings in zip(self.tests, self._findings, strict=True))

    def activities(self) -> tuple[Activity, ...]:
        """Per actor and kind, in alphabetical order."""
        return tuple(
            Activity(actor, stored_as, doing.entries, doing.imported, doing.listed, doing.amount_minor)
            for (actor, stored_as), doing in sorted(self._doings.items())
        )


def _sample(read: Callable[[], Iterable[JournalEntry]], fold: _Fold) -> tuple[Drawn, ...]:
    """The sample by entries as drawn; by money in order of position, read a second time."""
    if fold.parameters.method == "entries":
        return tuple(Drawn(draw, entry) for draw, entry in enumerate(fold.entry_sample.drawn(), start=1))
    hits = fold.money_sample.hits()
    chosen = (entry for entry in read() if entry.position in hits) if hits else iter(())
    return tuple(Drawn(draw, entry, hits[entry.position]) for draw, entry in enumerate(chosen, start=1))
