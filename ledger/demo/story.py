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
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from ledger.decide.adopt import Adopt
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.init import OpenBook
from ledger.decide.note import AddNote
from ledger.decide.plan import Plan
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.decide.system_change import ChangeSystem
from ledger.decide.write_off import WriteOff
from ledger.demo.documented import DOCUMENTED
from ledger.demo.sentences import (
    PackAsked,
    Sentence,
    Undo,
    budget,
    commission,
    forecast,
    observe,
    rate,
    renew,
    repay,
    revise,
    system,
)
from ledger.queries.audit.sealing import objections
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade

LAST_QUARTER = "2026Q3"
NARRATOR = "register clerk"
TIME_ZONE = "Europe/Berlin"

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


# --- the story --------------------------------------------------------------------------------------

FRAUD_HEAD, PRICING_HEAD = "head of fraud", "head of pricing"
VISION_HEAD, PLATFORM_HEAD = "head of vision", "head of platform"

_MONEY: tuple[Sentence, ...] = (
    ("2024-10-01", OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone=TIME_ZONE)),
    ("2024-10-01", rate("800", "2024-01-01")),
    ("2024-10-01", system("FEATURES", "Feature store", "platform", "CC-400")),
    ("2024-10-01", system("FRAUD", "Fraud scoring of card payments", "risk", "CC-410", "FEATURES")),
    ("2024-10-01", system("HOME", "Home-price prediction for mortgages", "pricing", "CC-420", "FEATURES")),
    ("2024-10-01", system("SIGHT", "Image classifier for road scenes", "vision", "CC-430", "FEATURES")),
    # 2024Q4: to market.
    ("2024-10-07", commission(
        "FRAUD/fixed-threshold", "One threshold for all merchants, chosen by hand", "12000", "800/month", by=FRAUD_HEAD,
        because="Black Friday is seven weeks away; a threshold learnt per merchant takes ten",
        benefit="Live for the season that brings a third of the year's fraud", repay_by="2025Q2")),
    ("2024-10-15", commission(
        "HOME/unstable-data-dependency", "Mortgage rates come from a spreadsheet that somebody in treasury keeps",
        "15d", "500/month", by=PRICING_HEAD, because="The contract for market data is with the lawyers until spring",
        benefit="Valuations two quarters before the contract", repay_by="2025Q2")),
    ("2024-10-22", commission(
        "SIGHT/representation", "Trained on vehicles that stand on their wheels", "30d", "8%", by=VISION_HEAD,
        because="Vehicles that lie on their side have to be staged, and the permit takes half a year",
        benefit="The city's pilot starts in January", repay_by="2025Q3")),
    ("2024-11-05", observe(
        "FEATURES/undeclared-consumer", "Nobody can say who reads the column merchant_risk", "untracked", "6d",
        "2h/month", evidence="access log of October: 14 readers, 3 known")),
    ("2024-11-12", commission(
        "FEATURES/platform-constraint",
        "A process per core, because Python's global interpreter lock lets one thread run", "20d", "1d/month",
        by=PLATFORM_HEAD, because="Joins in a language without the lock would take two quarters",
        benefit="All cores at work now, for a copy of the data on each", repay_by="2026Q4")),
    ("2024-11-19", commission(
        "FRAUD/missing-tests", "No tests of the rule that overrules the model", "8d", "300/month", by=FRAUD_HEAD,
        because="The rule goes when the threshold is learnt", benefit="Two weeks before the season freeze",
        repay_by="2025Q1", until="2025-03-31")),
    ("2024-12-03", observe(
        "HOME/plain-old-data-type", "A price is a bare number: some rows mean euros, some thousands of euros",
        "undeliberate-design", "5d", "200/month", evidence="a castle for 412.00")),
    # 2025Q1: what December left behind.
    ("2025-01-10", Close(quarter="2024Q4")),
    ("2025-01-21", Plan(item="FRAUD-1", quarter="2025Q2")),
    ("2025-02-06", observe(
        "HOME/untracked-input", "Since the vendor's December release photographs come without a word on consent",
        "untracked", "4d", "150/month", on="2024-12-11", late=True, evidence="the vendor's release notes")),
    ("2025-02-11", observe(
        "FRAUD/direct-feedback-loop", "A blocked payment never gets a label, so the model marks its own homework",
        "not-knowing-better", "25d", "1500/month")),
    ("2025-02-18", repay("HOME-2", "2d", spent="3d", evidence="units in the schema")),
    ("2025-03-04", repay("HOME-2", spent="2d", evidence="old rows converted")),
    ("2025-03-11", commission(
        "SIGHT/data-testing", "Labels are checked by those who drew them", "6d", "150/month", by=VISION_HEAD,
        because="A second agency cannot start before the summer", benefit="Forty thousand labels a month earlier",
        repay_by="2025Q4")),
    ("2025-03-18", repay("FRAUD-2", "3d", spent="2d", evidence="tests of the amounts; those of the countries remain")),
    # 2025Q2: mortgage rates move.
    ("2025-03-25", rate("950", "2025-04-01", team="vision")),
    ("2025-04-10", Close(quarter="2025Q1")),
    ("2025-04-22", repay("FRAUD-1", "5000", spent="6200", evidence="thresholds learnt for the largest merchants")),
    ("2025-05-06", renew(
        "FRAUD-2", by=FRAUD_HEAD, repay_by="2025Q4", until="2025-12-31",
        because="The rule outlived the threshold; its tests are worth writing after all")),
    ("2025-05-13", observe(
        "HOME/staleness", "The model believes in mortgages at one per cent", "missed-maintenance", "18d", "1200/month",
        evidence="median error 4% in 2021, 17% now")),
    ("2025-05-20", commission(
        "HOME/correction-cascade", "Predictions are multiplied by a factor that follows the mortgage rate", "9d",
        "900/month", by=PRICING_HEAD,
        because="Rates moved by two points, and a year of sales at the new rates has yet to happen",
        benefit="Within five per cent again by Friday", repay_by="2026Q1")),
    ("2025-06-10", repay("FRAUD-1", spent="7450", evidence="thresholds learnt for the long tail")),
    ("2025-06-17", repay("HOME-1", spent="18d", evidence="rates from the market-data feed")),
    ("2025-06-24", commission(
        "FEATURES/reproducibility", "Only fraud can ask for a feature as it was on a day; the others get today's",
        "12d", "1d/quarter", by=PLATFORM_HEAD, because="History for every table costs more storage than this year has",
        benefit="The fraud audit can be passed in July", repay_by="2026Q1")),
    # 2025Q3: the bus.
    ("2025-06-30", ChangeSystem(system="HOME", team="valuation", cost_centre="CC-425", on=date(2025, 7, 1))),
    ("2025-07-10", Close(quarter="2025Q2")),
    ("2025-07-15", observe(
        "SIGHT/adversarial-coverage", "A school bus lying on its side is a snow plough, with a confidence of 0.98",
        "not-knowing-better", evidence="frame 20417 of the pilot; nobody was hurt, the bus was a film set")),
    ("2025-07-22", AddNote(item="SIGHT-1", text="What was left out has a face now: the bus of SIGHT-3.")),
    ("2025-08-05", revise(
        "SIGHT-3", "22d", "1800/quarter", "Estimated: rendered rotations of forty vehicles, and a test set of them")),
    ("2025-08-19", commission(
        "SIGHT/action-limit", "Whatever looks tilted is sent to a person, who has thirty seconds", "7d", "2400/quarter",
        by=VISION_HEAD, because="The rendered vehicles take until winter, and the pilot goes on",
        benefit="No snow ploughs in summer", repay_by="2026Q1")),
    ("2025-09-02", Adopt(
        item="FRAUD-3", decided_by=FRAUD_HEAD, repay_by="2026Q2",
        because="To let one suspect payment in a thousand pass, for its label, has to wait for the insurer's consent",
        benefit="No fraud bought for science in the season")),
    ("2025-09-09", observe(
        "FRAUD/output-reliability", "When the scorer times out the payment is approved, and word has got around",
        "coding-error", "3d", "2000/month")),
    ("2025-09-11", repay("FRAUD-4", spent="2d", evidence="a timeout asks for a second factor")),
    ("2025-09-23", repay("FEATURES-1", "4d", spent="5d", evidence="nine of the eleven strangers found")),
    # 2025Q4: the season.
    ("2025-10-10", Close(quarter="2025Q3")),
    ("2025-10-14", repay("SIGHT-2", spent="3d", evidence="review queue, first half")),
    ("2025-10-16", Undo("SIGHT-2", "Booked on the wrong item: it was the review queue of SIGHT-4 that got shorter")),
    ("2025-10-16", repay("SIGHT-4", "3d", spent="3d", on="2025-10-14", evidence="review queue, first half")),
    ("2025-11-04", commission(
        "FRAUD/process-management", "Retraining by hand, from a notebook called final_v3_really", "6d", "4h/month",
        by=FRAUD_HEAD, because="The pipeline may not be touched during the freeze, the model must be",
        benefit="A fresh model every week of the season", repay_by="2026Q1")),
    ("2025-11-18", repay("FRAUD-2", spent="6d", evidence="tests of the countries")),
    ("2025-12-02", commission(
        "HOME/missing-tests", "No tests of the factor that follows the mortgage rate", "5d", "400/month",
        by="head of valuation", because="The factor goes with the next training",
        benefit="Live before the rate decision", repay_by="2026Q2", until="2026-06-30")),
    ("2025-12-09", repay("SIGHT-1", "12d", spent="14d", evidence="first shoot, on a closed airfield")),
    ("2025-12-16", rate("840", "2026-01-01")),
    ("2025-12-17", budget("2026Q1", "platform", "4000")),
    ("2025-12-17", budget("2026Q1", "risk", "6000")),
    ("2025-12-17", budget("2026Q1", "valuation", "18000")),
    # 2026Q1: a new model of an old world.
    ("2026-01-13", Close(quarter="2025Q4")),
    ("2026-01-20", WriteOff(item="HOME-3", because="The photographs were deleted with the vendor's contract")),
    ("2026-01-27", repay("FEATURES-3", "6d", spent="5d", evidence="history for the tables of HOME")),
    ("2026-02-10", repay("HOME-4", spent="21d", evidence="trained again, on a year of sales at four per cent")),
    ("2026-02-24", repay("HOME-5", "7d", spent="4d", evidence="factor gone from valuations, not from letters")),
    ("2026-03-10", commission(
        "FEATURES/configuration", "Two definitions of an active merchant, and a flag that says which", "10d",
        "600/month", by=PLATFORM_HEAD, because="Finance cannot change its definition before the audit ends",
        benefit="Fraud has the better one now", repay_by="2026Q3")),
    ("2026-03-17", repay("FRAUD-5", spent="6d", evidence="the notebook is a job; it kept its name")),
    ("2026-03-24", observe(
        "FRAUD/pipeline-jungle", "Eleven joins whose order matters, and whose author has left",
        "inadequate-documentation")),
    ("2026-03-31", budget("2026Q2", "risk", "9000")),
    ("2026-03-31", budget("2026Q2", "vision", "16000")),
    ("2026-03-31", forecast("2026Q2", "vision", "14000")),
    # 2026Q2: paying.
    ("2026-04-10", Close(quarter="2026Q1")),
    ("2026-04-21", repay("SIGHT-3", "8d", spent="9d", evidence="buses and lorries rendered in every position")),
    ("2026-05-05", repay("FRAUD-3", "10d", spent="12d", evidence="one in a thousand passes, insured")),
    ("2026-05-19", commission(
        "SIGHT/representation", "Snow is out of scope until it snows", "14d", "700/month", by=VISION_HEAD,
        because="The second city signs in June, and it has no snow to photograph", benefit="A second city",
        repay_by="2026Q4")),
    ("2026-06-16", repay("SIGHT-2", evidence="the second agency has caught up")),
    ("2026-06-30", budget("2026Q3", "platform", "5000")),
    ("2026-06-30", budget("2026Q3", "risk", "8000")),
    ("2026-06-30", budget("2026Q3", "vision", "8000")),
    ("2026-06-30", forecast("2026Q3", "risk", "7500")),
    # 2026Q3: the quarter to look at.
    ("2026-07-07", renew(
        "FRAUD-3", by=FRAUD_HEAD, repay_by="2026Q4",
        because="Labels come in six weeks after a payment: the rest needs one more season")),
    ("2026-07-09", PackAsked("2026Q2")),
    ("2026-07-10", Close(quarter="2026Q2")),
    ("2026-07-14", observe(
        "HOME/hidden-feedback-loop", "Sellers ask for what the model predicts, and the model learns from what they get",
        "untracked", "13d", "500/month")),
    ("2026-08-04", revise(
        "FEATURES-2", "9d", "4h/month", "Python runs without the lock now: what is left is to take the processes out")),
    ("2026-08-05", Plan(item="FEATURES-2", quarter="2026Q4")),
    ("2026-08-18", repay("FEATURES-4", "4d", spent="4.5d", evidence="merchant reports moved to the new definition")),
    ("2026-09-01", commission(
        "HOME/action-limit", "Valuations above two million go out without a second look", "11d", "650/month",
        by="head of valuation", because="The four-eyes screen is due in spring and the private bank will not wait",
        benefit="The private bank as a customer", repay_by="2027Q1")),
    ("2026-09-08", Adopt(
        item="SIGHT-3", decided_by=VISION_HEAD, repay_by="2027Q1",
        because="Trams and cranes on their side come with the spring release; buses and lorries are done",
        benefit="The second city opens on time")),
    ("2026-09-15", repay("SIGHT-1", "10d", spent="9d", evidence="second shoot; the bus lay still")),
    ("2026-09-22", repay("FRAUD-3", "8d", spent="8d")),
    ("2026-10-01", budget("2026Q4", "risk", "10000")),
    ("2026-10-01", forecast("2026Q4", "risk", "9000")),
    ("2026-10-01", budget("2026Q4", "vision", "12000")),
    ("2026-10-01", forecast("2027Q1", "vision", "15000")),
    # The second pack of the quarter explains what came after the first.
    ("2026-10-05", PackAsked(LAST_QUARTER)),
    ("2026-10-07", repay(
        "FRAUD-3", "1d", spent="1d", on="2026-09-29", evidence="the day at the insurer's was not on the list")),
    ("2026-10-09", Close(quarter=LAST_QUARTER)),
    ("2026-10-12", PackAsked(LAST_QUARTER)),
)  # fmt: skip

#: Day by day; on a day on which both happen the books come first.
STORY: tuple[Sentence, ...] = tuple(sorted((*_MONEY, *DOCUMENTED), key=lambda sentence: sentence[0]))


# --- telling it -------------------------------------------------------------------------------------


#: Told which pack is asked for, the time then, and where identifiers come from.
GiveOut = Callable[[str, Callable[[], datetime], Callable[[], str]], None]


@dataclass(slots=True)
class _Narrator:
    """Says each sentence on its day; the clock and the identifiers are his. last_of: positions by item."""

    engine: Engine
    book: str
    give_out: GiveOut | None = None
    now: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    identifiers: Iterator[int] = field(default_factory=count)
    last_of: dict[str, int] = field(default_factory=dict)

    def tell(self, story: tuple[Sentence, ...]) -> Iterator[Receipt]:
        """Record the story and give its receipts."""
        ledger = Ledger(self.engine, self.book, self._clock, self._new_id, objections)
        for day, said in story:
            today = date.fromisoformat(day)
            start = datetime.combine(today, _FIRST_ENTRY_OF_A_DAY, ZoneInfo(TIME_ZONE)).astimezone(UTC)
            self.now = max(start, self.now + _BETWEEN_ENTRIES)
            if isinstance(said, PackAsked):
                if self.give_out is not None:
                    self.give_out(said.quarter, self._clock, self._new_id)
                continue
            # Not looked for among earlier requests, so that a second telling hears that the book is open.
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


def build_story(engine_or_url: Engine | str, book: str = "demo", give_out: GiveOut | None = None) -> Told:
    """Make a ledger that tells the story. Raises Refused if the book is there already.

    give_out: called where finance asks for a pack; without it nobody gives one out.
    """
    upgrade(engine_or_url)
    engine = engine_or_url if isinstance(engine_or_url, Engine) else open_engine(engine_or_url)
    try:
        *_, last = _Narrator(engine, book, give_out).tell(STORY)
    finally:
        if engine is not engine_or_url:
            engine.dispose()
    return Told(book, len(STORY), last.recorded.position, last.hash, LAST_QUARTER)
