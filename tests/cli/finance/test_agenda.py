"""The agenda of a quarter, as a lead reads it before the meeting: each list, and a command for each point that works."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ledger.cli.finance.agenda import SHOWN
from ledger.cli.kit.wrapping import WIDTH, wrapped_command
from ledger.store.engine import open_engine
from ledger.store.upgrade import upgrade
from ledger.views.agenda import TOPICS
from tests.helpers.planned_ledger import planned
from tests.helpers.teller import NOON, Clock, Teller, copied

GATE = "--category glue-code --decided-by Ada --because 'launch' --benefit 'two months'"
#: What the capitals of a proposed command are filled in with.
FILLED = {
    "AMOUNT": "777", "WHY": "looked again", "WHO": "Ada", "TEXT": "two months", "QUARTER": "2027Q1", "DATE": "2026-12-31",
}  # fmt: skip

STORY = (
    "system add CHURN Churn --team blue",
    "budget set 2026Q2 0 --team blue --on 2026-01-05",
    "budget set 2026Q2 3000 --team red --on 2026-01-05",
    f"commission FRAUD Overdue --principal 1000 --interest 365/year {GATE} --repay-by 2026Q1 --on 2025-02-01",
    f"commission FRAUD Lapsed --principal 900 {GATE} --repay-by 2026Q4 --until 2026-05-31 --on 2025-10-01",
    "observe FRAUD Unknown --category glue-code --cause expedience --on 2026-05-01",
    "observe FRAUD Waiting --category glue-code --cause expedience --principal 500 --on 2026-06-01",
    f"commission FRAUD 'Planned, and left' --principal 700 {GATE} --repay-by 2026Q4 --on 2026-04-10",
    "plan FRAUD-5 2026Q2 --on 2026-04-11",
    f"commission FRAUD Reestimated --principal 800 {GATE} --repay-by 2027Q4 --on 2025-02-01",
    *(
        f"interest FRAUD-6 20 --because waited --on {day}"
        for day in ("2025-09-30", "2025-10-01", "2026-05-01", "2026-06-30")
    ),
    "revise FRAUD-6 --principal 850 --because 'looked again' --on 2026-02-01",
    f"commission FRAUD 'Done since' --principal 300 {GATE} --repay-by 2026Q1 --on 2026-01-10",
    "repay FRAUD-5 100 --spent 120 --on 2026-05-10",
    "repay FRAUD-7 --all --on 2026-07-02",
)


@pytest.fixture(scope="module")
def story(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What 2026Q2 leaves to be decided."""
    path = copied(opened, tmp_path_factory.mktemp("agenda") / "ledger.db")
    Teller(path).do(*STORY)
    return path


@pytest.fixture
def told(story: Path, tmp_path: Path) -> Teller:
    return Teller(copied(story, tmp_path / "story.db"))


def subjects(found: dict[str, Any]) -> dict[str, list[str]]:
    return {topic: [entry["subject"] for entry in found[topic]] for topic in TOPICS}


def test_every_list_has_what_it_is_called(told: Teller) -> None:
    found = told.ask("review --quarter 2026Q2")
    undocumented = found["undocumented"]
    assert subjects(found) == {
        "new": ["FRAUD-5", "FRAUD-4", "FRAUD-3"],
        "overdue": ["FRAUD-1", "FRAUD-7"],
        "lapsed": ["FRAUD-2"],
        "not_reestimated": ["FRAUD-1"],
        "interest_contradicted": ["FRAUD-6"],
        "interest_never_observed": ["FRAUD-1"],
        "unestimated": ["FRAUD-3"],
        "neglect_waiting": ["FRAUD-4", "FRAUD-3"],
        "plans_not_kept": ["FRAUD-5"],
        "budget_unspent": ["red"],
        "restatements": [],
        "undocumented": sorted(entry["subject"] for entry in undocumented),
    }
    assert found["budget_unspent"][0]["amount"] == "2880.00"
    assert (found["provisional"], found["projected"], found["as_of"]) == (False, False, "2026-06-30")
    assert found["changed"]["opening"] == "3050.00"
    assert [(each["movement"], each["amount"], each["item"]) for each in found["changed"]["movements"]] == [
        ("commissioned", "700.00", "FRAUD-5"), ("observed", "500.00", "FRAUD-4"), ("repaid", "-100.00", "FRAUD-5")
    ]  # fmt: skip


def test_what_is_undocumented_is_what_review_lists(told: Teller) -> None:
    """The same gaps in the same words; `review` without a quarter stays as it was."""
    gaps = told.ask("review --as-of 2026-06-30")
    agenda = told.ask("review --quarter 2026Q2")["undocumented"]
    assert [(gap["system"], gap["what"]) for gap in gaps] == [(each["subject"], each["title"]) for each in agenda]
    assert {gap["observe"] or gap["document"] for gap in gaps} == {each["command"] for each in agenda}


def test_what_was_done_since_is_only_told(told: Teller) -> None:
    """Its command would be refused today."""
    late = {entry["subject"]: entry for entry in told.ask("review --quarter 2026Q2")["overdue"]}
    assert late["FRAUD-7"]["why"] == "to be repaid by 2026Q1; repaid since"
    assert late["FRAUD-7"]["command"] == "debt show FRAUD-7"
    assert late["FRAUD-1"]["command"] == "debt repay FRAUD-1 --all"


def commands(found: dict[str, Any]) -> set[str]:
    return {entry["command"] for topic in TOPICS for entry in found[topic]}


def filled(command: str) -> list[str]:
    """The words of a proposed command after `debt`, its capitals filled in."""
    program, *words = shlex.split(command)
    assert program == "debt"
    return [FILLED.get(word, word) for word in words]


@pytest.mark.parametrize("quarter", ["2026Q2", "2026Q3", "2026Q4"])
def test_every_command_that_it_proposes_is_done(told: Teller, tmp_path: Path, quarter: str) -> None:
    """Of a quarter that ended, one that runs and one ahead: each by itself, on a copy of the ledger."""
    proposed = commands(told.ask(f"review --quarter {quarter}"))
    assert len(proposed) > 8
    for number, command in enumerate(sorted(proposed)):
        teller = Teller(copied(told.path, tmp_path / f"{number}.db"))
        reply = teller.type_words(filled(command))
        assert reply.exit_code == 0, (command, reply.err)


@pytest.mark.reliability
@pytest.mark.parametrize("seed", range(2))
def test_every_command_is_done_in_books_made_by_chance(tmp_path: Path, seed: int) -> None:
    """Restated quarters among them, which are reported again."""
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    upgrade(url)
    engine = open_engine(url)
    planned(engine, seed)
    engine.dispose()
    asked = Teller(tmp_path / "ledger.db")
    for quarter in ("2026Q1", "2026Q2", "2026Q3"):
        for number, command in enumerate(sorted(commands(asked.ask(f"review --quarter {quarter}")))):
            teller = Teller(copied(asked.path, tmp_path / f"{quarter}-{number}.db"))
            reply = teller.type_words(filled(command))
            assert reply.exit_code == 0, (quarter, command, reply.err)


@pytest.mark.parametrize(
    ("quarter", "state", "day"),
    [("2026Q2", "", "2026-06-30"), ("2026Q3", ", PROVISIONAL", "2026-07-15"), ("2027Q1", ", PROJECTED", "2027-03-31")],
)
def test_a_figure_that_is_not_final_is_called_so(told: Teller, quarter: str, state: str, day: str) -> None:
    title = told.do(f"review --quarter {quarter}").out.splitlines()[0]
    assert title == f"Review of {quarter}{state}: book main on {day}, EUR"
    assert told.do(f"review --quarter {quarter} --format markdown").out.startswith(f"# {title}\n")


def test_the_last_day_of_a_quarter_is_not_over(told: Teller) -> None:
    teller = Teller(told.path, Clock(NOON.replace(month=6, day=30)), before=("--book", "main"))
    found = teller.ask("review --quarter 2026Q2")
    assert (found["as_of"], found["provisional"], found["projected"]) == ("2026-06-30", True, False)


def test_it_fits_on_a_screen_of_80_columns(told: Teller) -> None:
    """Only a quoted word may be longer: broken, it would be another word."""
    told.do(f"observe FRAUD '{'A long title ' * 6}' --category glue-code --cause expedience --on 2026-06-02")
    lines = told.do("review --quarter 2026Q2").out.splitlines()
    assert [line for line in lines if len(line) > WIDTH and "'" not in line] == []
    joined = "\n".join(lines).replace("\\\n", " ")
    shown = {tuple(shlex.split(line)) for line in joined.splitlines() if line.strip().startswith("debt ")}
    found = told.ask("review --quarter 2026Q2")
    assert shown == {tuple(shlex.split(entry["command"])) for topic in TOPICS for entry in found[topic][:SHOWN]}
    assert f"  and {len(found['undocumented']) - SHOWN} more: --format csv lists them all" in lines


def test_a_wrapped_command_is_the_same_words() -> None:
    """To a shell, which is asked."""
    command = shlex.join(["debt", "observe", "F", "it's " * 30, "--category", "glue-code", *(["--cause", "x"] * 20)])
    lines = wrapped_command(command)
    read = "debt() { printf '%s\\n' debt \"$@\"; }\n" + "\n".join(lines)
    shell = subprocess.run(["/bin/sh", "-c", read], capture_output=True, text=True, check=True)
    assert shell.stdout.splitlines() == shlex.split(command)
    assert max(len(line) for line in lines if "'" not in line) <= WIDTH
    assert wrapped_command("debt list") == ["  debt list"]


def test_the_forms_say_the_same(told: Teller) -> None:
    found = told.ask("review --quarter 2026Q2")
    rows = told.do("review --quarter 2026Q2 --format csv").csv
    assert [(row["topic"], row["subject"], row["amount"]) for row in rows] == [
        (topic, entry["subject"], entry["amount"] or "") for topic in TOPICS for entry in found[topic]
    ]
    document = told.do("review --quarter 2026Q2 --format markdown").out
    assert [line.removeprefix("## ").partition(":")[0] for line in document.splitlines() if line.startswith("## ")] == [
        *TOPICS.values()
    ]
    assert all(entry["subject"] in document for topic in TOPICS for entry in found[topic])


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("review --quarter 2026Q2 --system FRAUD", 2, "Give --system or --quarter, not both"),
        ("review --format markdown", 2, "say which with --quarter"),
        ("review --quarter 2026Q2 --as-of 2026-07-01", 1, "`debt review --quarter 2026Q3 --as-of 2026-07-01`"),
        ("review --quarter 2026Q2 --known-at 2020-01-01", 1, "Nothing was known then"),
    ],
)
def test_what_it_cannot_say_is_refused(told: Teller, line: str, code: int, words: str) -> None:
    before = told.position
    reply = told.type(line)
    assert (reply.exit_code, words in " ".join(reply.err.split()), told.position) == (code, True, before), reply


def cost(item: str, *seen: tuple[str, str]) -> list[str]:
    return [f"interest {item} {amount} --because waited --on {day}" for day, amount in seen]


ENOUGH = (("2025-09-30", "100"), ("2025-10-01", "100"), ("2026-05-01", "100"))
#: Of an item of 365 a year that was opened before the year to 2026-06-30 began: whether it is listed.
OBSERVED = {
    "over half more": (cost("FRAUD-1", *ENOUGH, ("2026-06-30", "247.51")), True),
    "half more": (cost("FRAUD-1", *ENOUGH, ("2026-06-30", "247.50")), False),
    "over half less": (cost("FRAUD-1", *((day, "10") for day, _ in ENOUGH), ("2026-06-30", "152.49")), True),
    "half less": (cost("FRAUD-1", *((day, "10") for day, _ in ENOUGH), ("2026-06-30", "152.50")), False),
    "three records": (cost("FRAUD-1", *ENOUGH[:2], ("2026-06-30", "900")), False),
    "one of four is older": (cost("FRAUD-1", *ENOUGH, ("2025-06-30", "900")), False),
    "all in one quarter": (cost("FRAUD-1", *((f"2026-04-0{day}", "300") for day in range(1, 5))), False),
    "one of four reversed": ([*cost("FRAUD-1", *ENOUGH, ("2026-06-30", "900")), "undo FRAUD-1 --yes"], False),
    "opened a day too late": (cost("FRAUD-2", *ENOUGH, ("2026-06-30", "900")), False),
    "revised since": (
        [*cost("FRAUD-1", *ENOUGH, ("2026-06-30", "900")), "revise FRAUD-1 --interest 1200/year --because seen"], None
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OBSERVED)
def test_a_year_of_observations_contradicts_what_is_booked(opened: Path, tmp_path: Path, case: str) -> None:
    lines, listed = OBSERVED[case]
    teller = Teller(copied(opened, tmp_path / "ledger.db"))
    for day in ("2025-06-01", "2025-07-02"):
        teller.do(f"commission FRAUD S --principal 5000 --interest 365/year {GATE} --repay-by 2026Q4 --on {day}")
    teller.do(*lines)
    found = teller.ask("review --quarter 2026Q2")["interest_contradicted"]
    if listed is None:
        (entry,) = found
        assert entry["why"] == "1,200.00 observed in the year to 2026-06-30 (4 records), 365.00 booked; open since"
        assert entry["command"] == "debt plan FRAUD-1 QUARTER"
    else:
        assert [entry["subject"] for entry in found] == ["FRAUD-1"] * listed
        assert all(entry["command"].startswith("debt revise FRAUD-1 --interest ") for entry in found)
