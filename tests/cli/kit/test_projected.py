"""Figures of a day to come: every command that shows some says so, in the title, in JSON, and beside a CSV or a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers.command_tree import leaves
from tests.helpers.lines import COMMISSION
from tests.helpers.teller import Teller

#: The clock of the tests says 2026-07-15.
TODAY, TOMORROW = "2026-07-15", "2026-07-16"
#: Every command that takes a day of which it tells, with words that it needs; `log` and lists among them.
BY_AS_OF = {
    "delta": "", "ageing": "", "list": "", "search": "glue", "show": "FRAUD-1", "log": "", "status": "", "due": "",
    "budget list": "",
    "replay": "", "accepted": "", "decisions": "", "review": "", "expectations": "FRAUD", "score": "FRAUD",
    "system graph": "",
    "monitor": "FRAUD", "explain": "FRAUD", "robustness": "FRAUD", "datasheet": "FRAUD",
}  # fmt: skip
#: What they write is for other programs or into files, and stays as it is: it is said beside it.
WRITTEN = {"adr": "FRAUD-1", "bundle": "{folder}/out-{day}.zip", "export": "csv -"}
#: A pack refuses a day to come.
REFUSED = {"report"}
LINES = {name: f"{name} {words} --as-of {{day}}" for name, words in BY_AS_OF.items()} | {
    "delta by system": "delta --by system --as-of {day}",
    "rollforward": "rollforward --from 2026-07-01 --to {day}",
    "agenda": "review --quarter 2026Q3 --as-of {day}",
}
#: Of those, what a table says nothing of where there is nothing to say.
NEEDS_ROWS = {
    "monitor": "monitor FRAUD bias --what prediction-bias --threshold 0.1 --alerts no --remediation manual --plan retrain",
    "explain": "explain FRAUD --scope local --method SHAP --artifact a.html --audience analysts --quality checked",
    "robustness": "robustness FRAUD rotated --perturbation 'by 90 degrees' --passed 9 --of 10 --data digits.csv",
    "datasheet": "datasheet FRAUD --import '{folder}/sheet.md' --yes",
}
RECORD = "---\nstatus: accepted\ndate: 2026-02-01\n---\n\n# One threshold for all\n"


@pytest.fixture
def book(teller: Teller, tmp_path: Path) -> Teller:
    """A debt, a budget, a record of each kind."""
    teller.do(COMMISSION, "budget set 2026Q3 500 --team red")
    teller.do(f"datasheet FRAUD --dataset cards --export '{tmp_path}/sheet.md'")
    sheet = tmp_path / "sheet.md"
    sheet.write_text(_answered(sheet.read_text(encoding="utf-8")), encoding="utf-8")
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "0001-one-threshold.md").write_text(RECORD, encoding="utf-8")
    teller.do(f"import adr '{tmp_path}/records' --system FRAUD")
    teller.do(*(line.format(folder=tmp_path) for line in NEEDS_ROWS.values()))
    return teller


def _answered(form: str) -> str:
    """The form with its first question answered, under its heading."""
    head, mark, rest = form.partition("\n### ")
    question, _, below = rest.partition("\n")
    return f"{head}{mark}{question}\n\nTo find fraud.\n{below}"


def test_every_command_that_takes_a_day_is_asked_here() -> None:
    taking = {" ".join(path) for path, command in leaves() if any(each.name == "as_of" for each in command.params)}
    assert taking == BY_AS_OF.keys() | WRITTEN.keys() | REFUSED


@pytest.mark.parametrize("command", LINES)
def test_a_day_to_come_is_projected_and_today_is_not(command: str, book: Teller) -> None:
    for day, words in ((TODAY, False), (TOMORROW, True)):
        line = LINES[command].format(day=day)
        assert ("projected" in book.do(line).out.splitlines()[0].lower()) is words
        answer = json.loads(book.do(f"{line} --format json").out)
        if isinstance(answer, dict):
            assert bool(answer.get("projected")) is words


@pytest.mark.parametrize(
    "command", [each for each in LINES if each not in ("accepted", "due", "agenda", "system graph")]
)
def test_a_csv_has_no_title_and_so_it_is_said_beside_it(command: str, book: Teller) -> None:
    for day, words in ((TODAY, False), (TOMORROW, True)):
        answer = book.do(f"{LINES[command].format(day=day)} --format csv")
        assert ("is projected" in answer.err) is words
        assert "projected" not in answer.out


@pytest.mark.parametrize("command", WRITTEN)
def test_what_is_written_for_others_stays_and_it_is_said_beside_it(command: str, book: Teller, tmp_path: Path) -> None:
    for day, words in ((TODAY, False), (TOMORROW, True)):
        answer = book.do(f"{command} {WRITTEN[command].format(folder=tmp_path, day=day)} --as-of {day}")
        assert ("is projected" in answer.err) is words
        assert "projected" not in answer.out


def test_a_quarter_that_runs_is_projected_to_its_end(book: Teller) -> None:
    assert book.ask("rollforward 2026Q3")["projected"] is True
    assert "projected" not in book.ask("rollforward 2026Q2")
