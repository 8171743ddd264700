"""What a stranger meets: drafts that can be typed, a log of a past day, a log that there is not, narrow terminals."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.kit.test_columns import seen_by
from tests.helpers.lines import COMMISSION
from tests.helpers.teller import ADD_FRAUD, INIT, Teller, copied

#: Titles, deciders and days as records have them, and as nobody should write them.
TITLES = ("Use one", "--help", "-x", 'It\'s "one" $HOME `id`', "ünï → 漢", "a" * 190, "--")
DECIDERS = ("head of risk", "-n", "--late", ", ".join(f"person {n} of the board" for n in range(40)), "")
DAYS = ("2026-02-10", "2026-04-01", "2026-07-15", "2027-01-01", "")
FILLED = {"CATEGORY": "glue-code", "AMOUNT/month": "1/month", "AMOUNT": "100", "QUARTER": "2027Q1"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose first quarter is closed, and a folder with a record of every title, decider and day."""
    made = tmp_path_factory.mktemp("told")
    teller = Teller(made / "ledger.db")
    teller.do(INIT, ADD_FRAUD, COMMISSION, "close 2026Q1")
    folder = made / "adr"
    folder.mkdir()
    said = [
        *((title, "Ada", DAYS[0]) for title in TITLES),
        *(("Use", who, DAYS[1]) for who in DECIDERS),
        *(("On", "Ada", day) for day in DAYS),
    ]
    for number, (title, who, day) in enumerate(said, start=1):
        lines = (f"# {number}. {title}", f"- Date: {day}", f"- Deciders: {who}", "## Status", "Accepted", "## Decision")
        (folder / f"{number:04}-x.md").write_text("\n\n".join(lines) + "\n", "utf-8")
    return made


@pytest.fixture
def teller(told: Path, tmp_path: Path) -> Teller:
    return Teller(copied(told / "ledger.db", tmp_path / "ledger.db"))


def completed(draft: str) -> str:
    """A draft with its words in capitals filled in; what they stand for is the next word's to say."""
    for word, said in FILLED.items():
        draft = re.sub(rf"(?<= ){re.escape(word)}(?= |$)", said, draft)
    return draft


def test_every_draft_can_be_typed_once_it_is_complete(teller: Teller, told: Path) -> None:
    drafts = teller.ask(f"import adr {told / 'adr'} --system FRAUD --on 2026-07-15")["drafts"]
    assert len(drafts) == len(TITLES) + len(DECIDERS) + len(DAYS)
    for draft in drafts:
        assert draft.startswith("debt ")
        teller.do(completed(draft).removeprefix("debt "))
    named = {record["id"]: record["items"] for record in teller.ask("decisions")}
    assert [len(items) for items in named.values()] == [1] * len(drafts)
    assert any(" --late" in draft for draft in drafts)


def test_a_past_day_says_what_was_learned_later(teller: Teller, told: Path) -> None:
    reply = teller.do(f"import adr {told / 'adr'} --system FRAUD")
    dated = len(TITLES) + 1
    assert f"Dated in closed quarters: {dated}. They stand in the log from 2026-04-01, the first open day" in reply.err
    early = teller.do("decisions --as-of 2026-03-31")
    assert f"Learned later: {dated} records that are dated by 2026-03-31; in the log since 2026-04-01." in early.err
    assert "No decision stands in the log by then." in early.err
    assert "Learned later" not in teller.do("decisions --as-of 2026-07-15").err
    assert "Learned later" not in teller.do("decisions --as-of 2026-01-31").err


def test_a_log_that_there_is_not_is_refused_with_what_may_be_meant(teller: Teller, told: Path) -> None:
    teller.do(f"import adr {told / 'adr'} --system FRAUD --log Architecture")
    for line, said in (("nope", "There are: Architecture."), ("architektur", "Did you mean Architecture?")):
        reply = teller.type(f"decisions --log {line}")
        assert (reply.exit_code, reply.out) == (1, "")
        assert f"There is no log '{line}'. {said}" in reply.err
    assert len(teller.ask("decisions --log Architecture")) > 1


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_the_log_names_items_amounts_and_state_on_every_terminal(
    teller: Teller, told: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    teller.do(
        f"import adr {told / 'adr'} --system FRAUD",
        *(COMMISSION.replace("2026-02-01", f"2026-04-0{day} --adr 1") for day in (2, 3)),
    )
    seen = seen_by(teller, "decisions", columns).split("Not shown")
    assert max(map(len, seen[0].splitlines())) <= columns
    for shown in ("FRAUD-2,", "FRAUD-3", "2,000.00", "accepted", "0017-x"):
        assert shown in seen[0], shown
    for name in ("items", "outstanding", "status", "id"):
        assert name not in re.split(r"[:,.] ?", seen[1]) if len(seen) > 1 else True


def test_the_runs_of_readings_are_typed_as_any_others(teller: Teller, told: Path) -> None:
    teller.do(f"import adr {told / 'adr'} --system FRAUD")
    (run,) = teller.ask("sources")
    assert (run["run"], run["kind"], run["source"], run["finished"]) == ("adr-1", "adr", "FRAUD", True)
    records = len(TITLES) + len(DECIDERS) + len(DAYS)
    shown = teller.do("import --undo adr-1")
    assert f"adr-1: {records} entries would be reversed (readings of decision records: {records}), 0 stay" in shown.out
    teller.do("import --undo adr-1 --yes")
    assert teller.ask("decisions") == []
    teller.do("verify --decide", "replay --check")
