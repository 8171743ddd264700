"""What follows from a measurement: the same from Python and the command line, whether it is new or was looked at before."""

from __future__ import annotations

import shlex
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from watched import FIRST_DAY, add_system, measured, open_items, opened, typed, watch

from ledger.decide.close import Close
from ledger.decide.commission import Commission
from ledger.decide.repay import Repay
from ledger.decide.revise import Revise
from ledger.decide.robustness import DocumentRobustness
from ledger.events import Event, EvidenceAdded, ExpectationMeasured, NeglectObserved, RobustnessDocumented
from ledger.queries.audit.log import log
from ledger.services.breach import Judged
from ledger.services.conclude import conclude, conclude_within, look
from ledger.services.open_ledger import OpenedLedger
from ledger.services.requester import Requester
from ledger.services.robustness import try_case
from ledger.vocabulary.errors import NotFound, Refused
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import Measurement, SeriesVerdict
from ledger.vocabulary.quantities import Interest, Quantity

LINE = "robustness FRAUD nights --perturbation dark --of 100 --data d1 --monitor turns --fail-on breach --format json"
BROKEN = 4


@pytest.fixture
def books(sqlite_url: str) -> OpenedLedger:
    """FRAUD with the monitor `turns`, documented at position 3."""
    found = opened(sqlite_url)
    add_system(found, "FRAUD")
    watch(found, "FRAUD")
    return found


def events(books: OpenedLedger) -> list[Any]:
    """What was recorded after the monitor."""
    with books.reader() as reader:
        return [logged.recorded.event for logged in log(reader)][3:]


def url_of(books: OpenedLedger) -> str:
    return books.ledger.engine.url.render_as_string()


def items(books: OpenedLedger) -> list[str]:
    return [item.item for item in open_items(books, "FRAUD", books.today)]


def test_from_python_a_breach_is_only_proposed(books: OpenedLedger) -> None:
    (receipt,) = concluded = books.record_measurement(measured(30), "FRAUD", monitor="turns")
    assert isinstance(receipt.recorded.event, ExpectationMeasured)
    assert concluded.consequence is not None
    assert concluded.consequence.proposal is not None
    assert concluded.consequence.proposal.startswith("debt observe FRAUD")
    assert items(books) == []


def test_from_python_a_breach_is_recorded_where_it_is_asked_for(books: OpenedLedger) -> None:
    measurement, neglect = books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    assert neglect.item == "FRAUD-1"
    assert neglect.recorded.event.evidence.startswith(f"Measured at position {measurement.recorded.position}: ")
    _, evidence = books.record_measurement(measured(20), "FRAUD", monitor="turns", record=True)
    assert isinstance(evidence.recorded.event, EvidenceAdded)
    assert items(books) == ["FRAUD-1"]


def test_what_is_kept_opens_nothing(books: OpenedLedger) -> None:
    assert books.record_measurement(measured(95), "FRAUD", monitor="turns", record=True).consequence is None
    assert items(books) == []


def try_once(books: OpenedLedger, way: str, *, record: bool) -> list[type[Event]]:
    """Try one case, always the same, from Python or as it is typed; what was recorded of it now."""
    before = len(events(books))
    if way == "typed":
        reply = typed(url_of(books), [*LINE.split(), "--passed", "30", *(["--record"] if record else [])])
        assert reply.exit_code == BROKEN, reply.stderr
    else:
        case = DocumentRobustness(system="FRAUD", case="nights", perturbation="dark", passed=30, of=100, data="d1")
        try_case(books.ledger, case, Requester("ada", books.today), monitor="turns", record=record)
    return [type(event) for event in events(books)[before:]]


@pytest.mark.parametrize("second", ["python", "typed"])
@pytest.mark.parametrize("first", ["python", "typed"])
def test_what_was_only_looked_at_is_recorded_by_the_next(books: OpenedLedger, first: str, second: str) -> None:
    """Case and measurement are known by then, by whichever way they came; what follows from them is recorded once."""
    assert try_once(books, first, record=False) == [RobustnessDocumented, ExpectationMeasured]
    assert try_once(books, second, record=True) == [NeglectObserved]
    assert try_once(books, first, record=True) == try_once(books, second, record=False) == []
    assert items(books) == ["FRAUD-1"]


def test_typed_it_says_what_was_recorded_before(books: OpenedLedger) -> None:
    try_once(books, "typed", record=False)
    reply = typed(url_of(books), [*LINE.replace("--format json", "").split(), "--passed", "30", "--record"])
    assert "The case was recorded before; here is its first receipt." in reply.stderr
    assert "position 5: expectation-measured/2, recorded before" in reply.stdout
    assert "neglect-observed/1 on FRAUD-1" in reply.stdout
    assert reply.exit_code == BROKEN


def test_a_breach_that_was_recorded_is_not_recorded_again_after_its_item_is_closed(books: OpenedLedger) -> None:
    """The same file, measured again on that day, is no new breach; another file is."""
    books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    books.record(Repay(item="FRAUD-1"))
    again = books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    assert again.consequence is not None
    assert again.consequence.sentence == "FRAUD-1 names this breach already, and is closed: nothing is proposed."
    assert (len(again.receipts), items(books)) == (1, [])
    books.record_measurement(measured(29), "FRAUD", monitor="turns", record=True)
    assert items(books) == ["FRAUD-2"]


@pytest.mark.parametrize(("first", "second"), [(None, "job 1"), ("job 1", None), ("job 1", "job 2")])
@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "looked at"])
def test_the_same_under_another_key_is_no_new_breach(
    books: OpenedLedger, first: str | None, second: str | None, recorded: bool
) -> None:
    """Nor where another thing is said of it; neither while its item is open, nor after. Another file is one."""

    def once(passed: int, key: str | None, *, record: bool = True) -> None:
        books.record_measurement(measured(passed), "FRAUD", monitor="turns", record=record, key=key, evidence=key)

    once(30, first, record=recorded)
    once(30, second)
    once(30, first)
    assert (items(books), [each for each in events(books) if isinstance(each, EvidenceAdded)]) == (["FRAUD-1"], [])
    books.record(Repay(item="FRAUD-1"))
    for key in (first, second, "job 3"):
        once(30, key)
    assert items(books) == []
    looked = look(books.ledger, Judged(measurement=measured(30), system="FRAUD", monitor="turns"), books.requester)
    assert [each.proposal for each in looked.consequences] == [None]
    once(29, "job 4")
    assert items(books) == ["FRAUD-2"]


def test_a_breach_of_an_earlier_day_opens_no_second_item(books: OpenedLedger) -> None:
    """The item was opened after that day, and the evidence stands on its first one."""
    books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    earlier = FIRST_DAY + timedelta(days=30)
    _, evidence = books.record_measurement(measured(20), "FRAUD", monitor="turns", on=earlier, record=True)
    assert (evidence.item, evidence.recorded.effective_on) == ("FRAUD-1", books.today)
    assert items(books) == ["FRAUD-1"]


def test_an_item_that_was_reopened_stands_for_a_breach_of_the_days_between(books: OpenedLedger) -> None:
    """The evidence stands on the day from which it is open again."""
    opened_on, repaid_on, between, again_on = (FIRST_DAY + timedelta(days=day) for day in (1, 2, 3, 4))
    books.record_measurement(measured(30), "FRAUD", monitor="turns", on=opened_on, record=True)
    books.record(Repay(item="FRAUD-1", on=repaid_on))
    owed = {"principal": Quantity(minor=100), "interest": Interest(minor=1, times_per_year=1)}
    books.record(Revise(item="FRAUD-1", because="it came back", on=again_on, **owed))
    _, evidence = books.record_measurement(measured(20), "FRAUD", monitor="turns", on=between, record=True)
    assert (evidence.item, evidence.recorded.effective_on) == ("FRAUD-1", again_on)
    assert [len(open_items(books, "FRAUD", day)) for day in (opened_on, repaid_on, between, again_on)] == [1, 0, 0, 1]


def test_what_was_kept_before_an_item_was_opened_says_nothing_of_it(books: OpenedLedger) -> None:
    books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    earlier = FIRST_DAY + timedelta(days=30)
    assert books.record_measurement(measured(95), "FRAUD", monitor="turns", on=earlier).consequence is None
    after = books.record_measurement(measured(96), "FRAUD", monitor="turns")
    assert after.consequence is not None
    assert after.consequence.proposal == "debt repay FRAUD-1 --all"


def test_a_debt_that_carries_the_risk_is_named_and_nothing_is_recorded(books: OpenedLedger) -> None:
    gate = {"decided_by": "anna", "because": "the fair", "benefit": "three weeks", "repay_by": "2099Q4"}
    owed = {"principal": Quantity(minor=900000), "on": FIRST_DAY}
    books.record(Commission(system="FRAUD", title="No retraining", category="staleness", **owed, **gate))
    watch(books, "FRAUD", carried_by="FRAUD-1")
    found = books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    assert found.consequence is not None
    assert "FRAUD-1 (No retraining) carries this risk knowingly, decided by anna" in found.consequence.sentence
    assert (len(found.receipts), items(books)) == (1, ["FRAUD-1"])


def test_a_debt_carries_no_risk_before_the_day_it_was_taken(books: OpenedLedger) -> None:
    gate = {"decided_by": "anna", "because": "the fair", "benefit": "three weeks", "repay_by": "2099Q4"}
    owed = {"principal": Quantity(minor=900000), "on": FIRST_DAY + timedelta(days=60)}
    books.record(Commission(system="FRAUD", title="No retraining", category="staleness", **owed, **gate))
    watch(books, "FRAUD", carried_by="FRAUD-1")
    for day, found in ((30, ["FRAUD-1", "FRAUD-2"]), (90, ["FRAUD-1", "FRAUD-2"])):
        on = FIRST_DAY + timedelta(days=day)
        books.record_measurement(measured(day), "FRAUD", monitor="turns", on=on, record=True)
        assert items(books) == found


def test_by_hand_and_by_two_monitors_there_is_an_item_each(books: OpenedLedger) -> None:
    watch(books, "FRAUD", "tight")
    for monitor in ("turns", "tight", None, "turns", "tight", None):
        books.record_measurement(measured(30 + len(events(books))), "FRAUD", monitor=monitor, record=True)
    assert items(books) == ["FRAUD-1", "FRAUD-2", "FRAUD-3"]


def test_where_what_follows_is_refused_the_measurement_is_not_recorded_either(books: OpenedLedger) -> None:
    """All of it is one transaction: the case too, where it is a case that was tried."""
    url = url_of(books)
    typed(url, ["system", "retire", "FRAUD", "--because", "replaced"])
    before = len(events(books))
    with pytest.raises(Refused, match="FRAUD was retired on"):
        books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    reply = typed(url, [*LINE.split(), "--passed", "30", "--record"])
    assert (reply.exit_code, len(events(books))) == (1, before)
    assert typed(url, [*LINE.split(), "--passed", "30"]).exit_code == BROKEN


@pytest.mark.parametrize(
    ("system", "says"), [("FRAUD", "FRAUD has no monitor 'no'"), ("FROD", "There is no system FROD")]
)
def test_a_monitor_that_is_not_there_is_said(books: OpenedLedger, system: str, says: str) -> None:
    before = len(events(books))
    for record in (False, True):
        with pytest.raises(NotFound, match=says):
            books.record_measurement(measured(30), system, monitor="no", record=record)
    assert len(events(books)) == before


def test_a_look_records_nothing(books: OpenedLedger) -> None:
    judged = Judged(measurement=measured(30), system="FRAUD", monitor="turns")
    found = look(books.ledger, judged, books.requester)
    assert (found.verdict, found.receipts, events(books)) == ("broken", (), [])
    assert found.consequence is not None


def test_a_key_names_the_measurement_after_midnight_too(books: OpenedLedger) -> None:
    """What follows from it is recorded once, on whichever day it is asked for."""
    judged = Judged(measurement=measured(30), system="FRAUD", monitor="turns")
    for day in (books.today - timedelta(days=1), books.today):
        for record in (False, True):
            conclude(books.ledger, judged, Requester("cron", day), record=record, key="nightly")
    assert [type(event) for event in events(books)] == [ExpectationMeasured, NeglectObserved]


def test_from_python_all_that_can_be_said_of_a_recording_is_kept(books: OpenedLedger) -> None:
    """On a day of a closed quarter it is late; sent again with its key it counts once, and with again=True twice."""
    books.record(Close(quarter="2026Q1"))
    said: dict[str, Any] = {"on": date(2026, 3, 1), "late": True, "evidence": "job 7", "monitor": "turns"}
    first, neglect = books.record_measurement(measured(30), "FRAUD", record=True, key="nightly", **said)
    assert [each.recorded.event.occurred_on for each in (first, neglect)] == [date(2026, 3, 1)] * 2
    assert (first.recorded.event.evidence, first.recorded.key) == ("job 7", "nightly")
    assert len(books.record_measurement(measured(30), "FRAUD", record=True, key="nightly", **said).receipts) == 1
    assert len(books.record_measurement(measured(30), "FRAUD", record=True, again=True, **said).receipts) == 2
    with pytest.raises(Refused, match="the books are closed"):
        books.record_measurement(measured(29), "FRAUD", monitor="turns", on=date(2026, 3, 1))


def test_two_breaches_in_one_transaction_open_one_item(books: OpenedLedger) -> None:
    """The second sees what the first recorded, though it is not committed yet."""
    requester = Requester("cron", books.today)
    with books.ledger.appending() as unit:
        for passed in (30, 20):
            judged = Judged(measurement=measured(passed), system="FRAUD", monitor="turns")
            conclude_within(unit, judged, requester, record=True)
    assert [type(event) for event in events(books)][1::2] == [NeglectObserved, EvidenceAdded]


def test_an_item_that_somebody_estimated_later_stands_for_a_breach_of_an_earlier_day(books: OpenedLedger) -> None:
    """On that day nothing was outstanding on it, and yet it was not closed."""
    proposed = books.record_measurement(measured(30), "FRAUD", monitor="turns", on=date(2026, 3, 1)).consequence
    assert proposed is not None
    assert proposed.command is not None
    url = url_of(books)
    title = str(proposed.command.title)  # type: ignore[attr-defined]
    observe = ["observe", "FRAUD", title, "--category", "adversarial-coverage", "--cause", "untracked"]
    assert typed(url, [*observe, "--principal", "500", "--on", "2026-03-05"]).exit_code == 0
    books.record_measurement(measured(20), "FRAUD", monitor="turns", on=date(2026, 3, 1), record=True)
    assert items(books) == ["FRAUD-1"]


def drifted(*broken: str, judged: tuple[str, ...]) -> Measurement:
    """Some of the features drifted."""
    series = tuple(SeriesVerdict(each, "broken" if each in broken else "kept") for each in judged)
    words: dict[str, Any] = {"figures": {}, "findings": (), "files": {}, "settings": {}}
    verdict: Verdict = "broken" if broken else "kept"
    return Measurement(
        what="drift", value="0.4", threshold="0.1", verdict=verdict, rows=9 + len(broken), series=series, **words
    )


def test_each_series_stands_for_itself_and_a_long_name_fits(books: OpenedLedger) -> None:
    """A column's name may be longer than a title, decomposed, or like another one as far as the title goes."""
    long, decomposed = "x" * 600, "gro\u0308\u00dfe"
    judged = (long, f"{long}y", decomposed)
    books.record_measurement(drifted(*judged, judged=judged), "FRAUD", record=True)
    assert items(books) == ["FRAUD-1", "FRAUD-2", "FRAUD-3"]
    books.record_measurement(drifted(f"{long}y", judged=judged), "FRAUD", record=True)
    (added,) = [event for event in events(books) if isinstance(event, EvidenceAdded)]
    assert (added.item, added.series) == ("FRAUD-2", f"{long}y")
    kept = books.record_measurement(drifted(judged=judged), "FRAUD")
    assert [each.proposal for each in kept.consequences] == [f"debt repay FRAUD-{number} --all" for number in (1, 2, 3)]


def test_what_a_series_proposes_can_be_typed_and_stands_for_it(books: OpenedLedger) -> None:
    judged = ("amount", "gro\u0308\u00dfe in cm")
    proposed = books.record_measurement(drifted(*judged, judged=judged), "FRAUD").consequences
    for each in proposed:
        assert each.proposal is not None
        assert typed(url_of(books), shlex.split(each.proposal)[1:]).exit_code == 0
    books.record_measurement(drifted(*judged, judged=(*judged, "other")), "FRAUD", record=True)
    assert items(books) == ["FRAUD-1", "FRAUD-2"]


def test_an_item_of_the_monitor_as_a_whole_stands_for_each_of_its_series(books: OpenedLedger) -> None:
    """As an early release opened it: what is kept in one of them does not propose to repay it."""
    books.record_measurement(measured(30), "FRAUD", monitor="turns", record=True)
    case = DocumentRobustness(system="FRAUD", case="nights", perturbation="dark", passed=20, of=100, data="d1")
    found = try_case(books.ledger, case, books.requester, monitor="turns", record=True).concluded
    assert found is not None
    assert isinstance(found.receipts[-1].recorded.event, EvidenceAdded)
    better = msgspec.structs.replace(case, passed=95)
    kept = try_case(books.ledger, better, books.requester, monitor="turns").concluded
    assert kept is not None
    assert (items(books), kept.consequences) == (["FRAUD-1"], ())
