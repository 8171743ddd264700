"""The story: eight quarters of four machine-learning systems, told as dated sentences.

There is no clock in it: days, times and identifiers are scripted, so that the same story gives the same
hashes on every day and every database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine

from ledger.decide.command import Command
from ledger.decide.init import OpenBook
from ledger.decide.monitor import DocumentMonitor
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.demo.books import BOOKS, LAST_QUARTER, TIME_ZONE
from ledger.demo.documented import DOCUMENTED
from ledger.demo.sentences import PackAsked, Sentence, SuiteAsked, Undo
from ledger.queries.audit.sealing import objections
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from ledger.vocabulary.time_zones import time_zone

NARRATOR = "register clerk"

_FIRST_ENTRY_OF_A_DAY = time(9, 10)
_BETWEEN_ENTRIES = timedelta(minutes=25)


@dataclass(frozen=True, slots=True)
class Told:
    """The ledger a story has made. entries: sentences told; position, head: of its last event."""

    book: str
    entries: int
    position: int
    head: str
    last_quarter: str


#: Day by day; on a day on which both happen the books come first.
STORY: tuple[Sentence, ...] = tuple(sorted((*BOOKS, *DOCUMENTED), key=lambda sentence: sentence[0]))

#: Told which pack is asked for, the time then, and where identifiers come from.
GiveOut = Callable[[str, Callable[[], datetime], Callable[[], str]], None]
#: Told which monitor is documented, and the model tried under; the time, and where identifiers come from.
TryOut = Callable[[DocumentMonitor, Callable[[], datetime], Callable[[], str]], None]


@dataclass(slots=True)
class _Narrator:
    """Says each sentence on its day; the clock and the identifiers are his. last_of: positions by item."""

    engine: Engine
    book: str
    give_out: GiveOut | None = None
    try_out: TryOut | None = None
    now: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    identifiers: Iterator[int] = field(default_factory=count)
    last_of: dict[str, int] = field(default_factory=dict)

    def tell(self, story: tuple[Sentence, ...]) -> Iterator[Receipt]:
        """Record the story and give its receipts."""
        ledger = Ledger(self.engine, self.book, self._clock, self._new_id, objections)
        for day, said in story:
            today = date.fromisoformat(day)
            start = datetime.combine(today, _FIRST_ENTRY_OF_A_DAY, time_zone(TIME_ZONE)).astimezone(UTC)
            self.now = max(start, self.now + _BETWEEN_ENTRIES)
            if isinstance(said, PackAsked):
                if self.give_out is not None:
                    self.give_out(said.quarter, self._clock, self._new_id)
                continue
            if isinstance(said, SuiteAsked):
                if self.try_out is not None:
                    self.try_out(said.monitor, self._clock, self._new_id)
                continue
            # Equal requests are not looked for, so that a second telling hears that the book is open.
            request = Request(self._command(said), NARRATOR, today, again=True)
            for receipt in ledger.handle(request, opening=isinstance(said, OpenBook)):
                if receipt.item:
                    self.last_of[receipt.item] = receipt.recorded.position
                yield receipt

    def _command(self, said: Command | Undo) -> Command:
        if isinstance(said, Undo):
            return Reverse(position=self.last_of[said.item], because=said.because)
        return said

    def _clock(self) -> datetime:
        return self.now

    def _new_id(self) -> str:
        return uuid5(NAMESPACE_URL, f"debt-ledger/story/{next(self.identifiers)}").hex


def build_story(
    engine_or_url: Engine | str, book: str = "demo", give_out: GiveOut | None = None, try_out: TryOut | None = None
) -> Told:
    """Make a ledger that tells the story. Raises Refused if the book is there already.

    give_out: called where finance asks for a pack; without it nobody gives one out. try_out: called where a model is tried in
    earnest; without it nobody does.
    """
    upgrade(engine_or_url)
    engine = engine_or_url if isinstance(engine_or_url, Engine) else open_engine(engine_or_url)
    try:
        *_, last = _Narrator(engine, book, give_out, try_out).tell(STORY)
    finally:
        if engine is not engine_or_url:
            engine.dispose()
    return Told(book, len(STORY), last.recorded.position, last.hash, LAST_QUARTER)
