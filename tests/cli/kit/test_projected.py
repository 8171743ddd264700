"""Figures of a day to come: every command that shows some says so, in the title, in JSON, and beside a CSV."""

from __future__ import annotations

import pytest

from tests.helpers.lines import COMMISSION
from tests.helpers.teller import Teller

#: The clock of the tests says 2026-07-15.
TODAY, TOMORROW = "2026-07-15", "2026-07-16"
#: Every command that shows figures of a day, and whether its JSON is one object, which has room for the word.
COMMANDS = {
    "delta --as-of {day}": True,
    "delta --by system --as-of {day}": True,
    "rollforward --from 2026-07-01 --to {day}": True,
    "ageing --as-of {day}": True,
    "list --as-of {day}": False,
    "status --as-of {day}": True,
    "due --as-of {day}": False,
    "budget list --as-of {day}": False,
    "replay --as-of {day}": True,
    "accepted --as-of {day}": True,
}


@pytest.fixture
def book(teller: Teller) -> Teller:
    """A debt, and a budget."""
    teller.do(COMMISSION, "budget set 2026Q3 500 --team red")
    return teller


@pytest.mark.parametrize("command", COMMANDS)
def test_a_day_to_come_is_projected_and_today_is_not(command: str, book: Teller) -> None:
    for day, words in ((TODAY, False), (TOMORROW, True)):
        line = command.format(day=day)
        assert ("projected" in book.do(line).out.splitlines()[0]) is words
        if COMMANDS[command]:
            assert bool(book.ask(line).get("projected")) is words


@pytest.mark.parametrize("command", [each for each in COMMANDS if "accepted" not in each and "due" not in each])
def test_a_csv_has_no_title_and_so_it_is_said_beside_it(command: str, book: Teller) -> None:
    for day, words in ((TODAY, False), (TOMORROW, True)):
        answer = book.do(f"{command.format(day=day)} --format csv")
        assert ("is projected" in answer.err) is words
        assert "projected" not in answer.out


def test_a_quarter_that_runs_is_projected_to_its_end(book: Teller) -> None:
    assert book.ask("rollforward 2026Q3")["projected"] is True
    assert "projected" not in book.ask("rollforward 2026Q2")
