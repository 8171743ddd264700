"""What the tests of `debt budget import` share: a form, the ledger it was written from, and how a refusal is read."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.budget_forms import row
from tests.helpers.refusals import NOTHING
from tests.helpers.teller import Teller

BLUE = "system add PRICE 'Price model' --team blue"
#: The form as it was written: red has a budget of 500 and a forecast of 450 for 2026Q4, and nothing else is set.
BEFORE = (BLUE, "budget set 2026Q4 500 --team red", "forecast set 2026Q4 450 --team red")
#: What finance made of it: three amounts changed, one stays, one row has none.
ROWS = (
    row("2026Q4", "red", 600.5, 500, forecast=450, forecast_was=450, note="minutes of 3 July"),
    row("2026Q4", "blue", 0, None, forecast=80, forecast_was=None),
    row("2027Q1", "red"),
)

OBSERVED = "observe FRAUD 'x' --category code-quality --cause coding-error --principal 900 --on 2026-04-02"


def budgets(teller: Teller) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """Budget and forecast by quarter and team."""
    return {(line["quarter"], line["team"]): (line["budget"], line["forecast"]) for line in teller.ask("budget list")}


def refused(teller: Teller, line: str, code: int = 1) -> str:
    """What is said when the line is refused; nothing is recorded, nothing is printed."""
    before = teller.counts
    reply = teller.type(line)
    assert (reply.exit_code, reply.out, teller.counts) == (code, "", before), reply.err
    return reply.err


def cells(said: str) -> list[tuple[str, str]]:
    """The cells that a refusal names, and what it says of each."""
    assert said.startswith("debt: ")
    assert said.count(NOTHING) == 1
    first, *lines = said.rstrip().split("\n")
    assert first.endswith("Nothing was recorded. Mend what is named here, and import the file again:")
    return [tuple(line.strip().split(": ", 1)) for line in lines]  # type: ignore[misc]


def reported(teller: Teller, folder: Path) -> Path:
    """The workbook of a pack."""
    return Path(teller.ask(f"report 2026Q2 --into '{folder}'")["workbook"])
