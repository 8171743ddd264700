"""docs/cookbook.md: every task prints what stands below it, and leaves books that agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.cookbook import PAGE, Task, parts, told_anew
from tests.helpers.teller import NOON, Clock, Teller

_, (OPENING, *TASKS) = parts(PAGE.read_text(encoding="utf-8"))

#: Of a day's work and a quarter's.
FEWEST = 20


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The book that the tasks are typed in, and what making it printed."""
    folder = tmp_path_factory.mktemp("book")
    told = OPENING.told(folder, Clock(NOON))
    return folder / "ledger.db", told


def test_the_book_is_made_as_it_says(opened: tuple[Path, str]) -> None:
    assert opened[1] == OPENING.text


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.title.removeprefix("## "))
def test_a_task_prints_what_stands_below_it(opened: tuple[Path, str], tmp_path: Path, task: Task) -> None:
    assert told_anew(task, opened[0], tmp_path) == task.text
    assert "No such option" not in task.text
    assert "There is no" not in task.text.replace("There is no item FRAUD-9", "")
    Teller(tmp_path / "ledger.db").do("verify --decide", "replay --check")


def test_there_are_tasks_enough_and_each_types_something() -> None:
    assert len(TASKS) >= FEWEST
    assert all(task.commands for task in TASKS)
