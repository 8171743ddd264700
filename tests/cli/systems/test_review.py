"""The review: every gap as the neglect it is, ended by observing it, documenting it, or somebody's decision."""

from __future__ import annotations

import shlex
from typing import Any

import click
import pytest

from ledger.cli import cli
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.datasheet_questions import QUESTIONS
from ledger.vocabulary.kinds import CAUSES
from tests.helpers.teller import Teller

MONITOR = "monitor FRAUD 'daily bias' --what prediction-bias --threshold 0.05 --remediation manual --plan 'call risk'"
ANSWERS = [number for number, question in QUESTIONS.items() if not question.remarks]

#: Gap -> its category, its cause, and what documents it.
GAPS = {
    "no-datasheet": ("dataset-documentation", "inadequate-documentation", ""),
    "no-robustness-case": (
        "adversarial-coverage",
        "missing-tests",
        "robustness FRAUD rotated --perturbation 'rotated 90°' --passed 3 --of 100 --data s3://x",
    ),
    "no-global-explanation": (
        "explainability",
        "inadequate-documentation",
        "explain FRAUD --scope global --method SHAP --artifact link --audience risk --quality good",
    ),
    "no-local-explanation": (
        "explainability",
        "inadequate-documentation",
        "explain FRAUD --scope local --method SHAP --artifact link --audience risk --quality good",
    ),
    "no-score": ("missing-tests", "missing-tests", "score FRAUD data-1 manual --evidence link"),
    "no-monitor": ("output-reliability", "untracked", f"{MONITOR} --alerts yes"),
    "no-declared-reader": ("undeclared-consumer", "untracked", "system depends B FRAUD"),
}


@pytest.fixture
def reviewed(teller: Teller) -> Teller:
    """FRAUD, and a second system."""
    teller.do("system add B 'System B' --team red")
    return teller


def gaps(teller: Teller, rest: str = "--system FRAUD") -> dict[str, Any]:
    """The gaps of one system, by kind."""
    return {gap["gap"]: gap for gap in teller.ask(f"review {rest}")}


def answer_datasheet(teller: Teller, tmp_path: Any, numbers: list[str]) -> None:
    """Answer questions by the way a form takes, whatever it looks like."""
    from ledger.decide.datasheet import AnswerDatasheet
    from ledger.decide.request import Request
    from ledger.store.engine import open_engine
    from ledger.store.ledger import Ledger

    ledger = Ledger(open_engine(f"sqlite:///{teller.path}"), "main", teller.clock, lambda: "f" * 32)
    command = AnswerDatasheet(system="FRAUD", dataset="cards", answers=dict.fromkeys(numbers, "It is known."))
    ledger.handle(Request(command, "ada", teller.clock().date()))


def test_a_new_system_has_every_gap(reviewed: Teller) -> None:
    """Each with the dimension of its category, a known cause, and nothing recorded."""
    before = reviewed.counts
    found = gaps(reviewed)
    assert {gap: (each["category"], each["cause"]) for gap, each in found.items()} == {
        gap: (category, cause) for gap, (category, cause, _) in GAPS.items()
    }
    assert all(each["dimension"] == CATEGORIES[each["category"]].dimension for each in found.values())
    assert all(each["cause"] in CAUSES for each in found.values())
    assert reviewed.counts == before


@pytest.mark.parametrize("gap", [gap for gap, (*_, line) in GAPS.items() if line])
def test_documenting_a_gap_ends_it_and_no_other(reviewed: Teller, gap: str) -> None:
    """The review does not list what is documented."""
    before = gaps(reviewed)
    reviewed.do(GAPS[gap][2])
    assert gaps(reviewed).keys() == before.keys() - {gap}


@pytest.mark.parametrize("gap", GAPS)
def test_the_observe_command_records_the_gap_as_it_stands(reviewed: Teller, gap: str) -> None:
    """Typed as shown; then the gap, and every other of that category, points to the item instead."""
    shown = gaps(reviewed)[gap]
    reviewed.do(shown["observe"].removeprefix("debt "))
    (item,) = reviewed.ask("list")
    assert (item["title"], item["category"], item["nature"]) == (shown["what"], shown["category"], "neglect")
    for each in gaps(reviewed).values():
        if each["category"] == shown["category"]:
            assert each["observe"] is None
            assert [known["item"] for known in each["items"]] == ["FRAUD-1"]
        else:
            assert each["items"] == []


@pytest.mark.parametrize("gap", [*GAPS, "no-alert", "open-questions"])
def test_the_documenting_command_exists_with_its_options(reviewed: Teller, tmp_path: Any, gap: str) -> None:
    """A command that was renamed, or an option that went, is noticed."""
    if gap == "no-alert":
        reviewed.do(f"{MONITOR} --alerts no")
    if gap == "open-questions":
        answer_datasheet(reviewed, tmp_path, ["1.1"])
    words = shlex.split(gaps(reviewed)[gap]["document"])[1:]
    command: click.Command = cli
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_an_adopted_gap_names_who_decided(reviewed: Teller) -> None:
    """Debt: somebody decided that it stays."""
    reviewed.do(gaps(reviewed)["no-datasheet"]["observe"].removeprefix("debt "))
    reviewed.do("revise FRAUD-1 --principal 500 --because estimated")
    reviewed.do("adopt FRAUD-1 --decided-by 'head of risk' --because launch --benefit speed --repay-by 2027Q1")
    (known,) = gaps(reviewed)["no-datasheet"]["items"]
    assert known == {
        "item": "FRAUD-1",
        "nature": "debt",
        "status": "open",
        "decided_by": "head of risk",
        "repay_by": "2027Q1",
    }
    assert "FRAUD-1 (debt, decided by head of risk, repay by 2027Q1, open)" in reviewed.do("review").out


def test_a_repaid_item_does_not_end_a_gap(reviewed: Teller) -> None:
    """It is closed, and the document is missing still: the gap is to be observed again."""
    reviewed.do(gaps(reviewed)["no-datasheet"]["observe"].removeprefix("debt "), "repay FRAUD-1 --all")
    assert gaps(reviewed)["no-datasheet"]["items"] == []


def test_an_item_of_another_system_says_nothing(reviewed: Teller) -> None:
    """Items count for their own system."""
    reviewed.do("observe B 'None' --category dataset-documentation --cause untracked")
    assert gaps(reviewed)["no-datasheet"]["items"] == []
    assert gaps(reviewed, "--system B")["no-datasheet"]["items"] != []


# --- monitors and data sheets ---------------------------------------------------------------------------


def test_a_monitor_that_tells_nobody_is_a_gap_that_its_command_ends(reviewed: Teller) -> None:
    """The command repeats what the monitor says, because a later one replaces it."""
    reviewed.do(f"{MONITOR} --alerts no --predicted p --observed o --slice region --slice 'age group'")
    found = gaps(reviewed)
    assert "no-monitor" not in found
    before = reviewed.ask("monitor FRAUD")
    reviewed.do(found["no-alert"]["document"].removeprefix("debt "))
    assert "no-alert" not in gaps(reviewed)
    (after,) = reviewed.ask("monitor FRAUD")
    strip = {"alerts", "documented_on", "position"}
    assert {name: value for name, value in after.items() if name not in strip} == {
        name: value for name, value in before[0].items() if name not in strip
    }


def test_a_monitor_that_names_the_debt_that_carries_it_points_to_that(reviewed: Teller) -> None:
    """Of whatever category the debt is."""
    reviewed.do(
        "commission FRAUD 'No pager yet' --category process-management --principal 100 --decided-by cto "
        "--because launch --benefit speed --repay-by 2027Q1",
        f"{MONITOR} --alerts no --carried-by FRAUD-1",
    )
    assert [known["item"] for known in gaps(reviewed)["no-alert"]["items"]] == ["FRAUD-1"]


def test_open_questions_are_a_gap_until_the_last_is_answered(reviewed: Teller, tmp_path: Any) -> None:
    """Counted, and the first of them named."""
    answer_datasheet(reviewed, tmp_path, ANSWERS[8:])
    found = gaps(reviewed)
    assert "no-datasheet" not in found
    assert found["open-questions"]["what"] == (
        f"8 questions are open in the data sheet of cards: {', '.join(ANSWERS[:6])} and 2 more"
    )


def test_a_full_data_sheet_is_no_gap(reviewed: Teller, tmp_path: Any) -> None:
    """Remarks need no answer."""
    answer_datasheet(reviewed, tmp_path, ANSWERS)
    assert not {"no-datasheet", "open-questions"} & gaps(reviewed).keys()


# --- which systems, which day ---------------------------------------------------------------------------


def test_all_systems_are_reviewed_and_retired_ones_are_not(reviewed: Teller) -> None:
    """Asked by name, a retired one says so."""
    assert {gap["system"] for gap in reviewed.ask("review")} == {"B", "FRAUD"}
    reviewed.do("system retire B --because over --on 2026-07-01")
    assert {gap["system"] for gap in reviewed.ask("review")} == {"FRAUD"}
    assert "B  " not in reviewed.do("review").out
    assert reviewed.ask("review --system B") == []
    assert "retired on 2026-07-01: nothing is asked of it" in reviewed.do("review --system B").out
    assert {gap["system"] for gap in reviewed.ask("review --as-of 2026-06-30")} == {"B", "FRAUD"}


def test_the_review_is_that_of_a_day(reviewed: Teller) -> None:
    """What is documented later does not count on the day before."""
    reviewed.do(f"{MONITOR} --alerts yes --on 2026-07-01")
    assert "no-monitor" in gaps(reviewed, "--system FRAUD --as-of 2026-06-30")
    assert "no-monitor" not in gaps(reviewed, "--system FRAUD --as-of 2026-07-01")


def test_a_name_that_nothing_has_is_told(reviewed: Teller) -> None:
    """A review of nothing is a mistake."""
    reply = reviewed.type("review --system NONE")
    assert (reply.exit_code, reply.out) == (1, "")
    assert "There is no system NONE. `debt system list`" in reply.err


def test_a_person_reads_both_commands_and_the_count(reviewed: Teller) -> None:
    """In the table; CSV has a line per gap."""
    reply = reviewed.do("review --system FRAUD")
    assert "    or document it:  debt datasheet FRAUD --edit" in reply.out
    assert "7 gaps on 2026-07-15, 0 of them in the register. Nothing was recorded." in reply.err
    assert len(reviewed.do("review --format csv").csv) == 14
