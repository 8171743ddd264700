"""A ledger cuts no identifier and no figure: where a terminal is narrow, columns leave, are broken, or become lines."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.cli.kit.columns import FREE_TEXT, blocks, fitted
from ledger.cli.kit.edge import Edge
from tests.helpers.lines import ADOPT, COMMISSION, OBSERVE
from tests.helpers.teller import Teller, new_id
from tests.helpers.terminals import on_a_terminal

_NAMES = ("item", "title", "outstanding", "interest_per_year", "hash", "status", "note", "age_days")
_CELLS = st.lists(st.text("0123456789,.-AZé漢", max_size=30), min_size=1, max_size=4)
FIGURE = re.compile(r"-?[\d,]+\.\d\d|FRAUD-\d+|[0-9]{4}-[0-9]{2}-[0-9]{2}")


def seen_by(teller: Teller, line: str, columns: int) -> str:
    """What stands on the screen, without its styles."""
    words = ["--database", f"sqlite:///{teller.path}", "--actor", teller.actor, *shlex.split(line)]
    text = on_a_terminal(words, Edge(teller.clock, new_id), columns)
    return re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r", "")


@given(st.fixed_dictionaries(dict.fromkeys(_NAMES, _CELLS)), st.integers(20, 200))
def test_what_stays_stands_whole_and_within_the_width(cells: dict[str, list[str]], width: int) -> None:
    from rich.cells import cell_len

    kept = fitted(_NAMES, cells, width)
    assert kept
    assert list(kept) == [name for name in _NAMES if name in kept]
    if len(kept) > 1:
        assert sum(kept.values()) + 3 * len(kept) - 1 <= width
    for name, wide in kept.items():
        if name not in FREE_TEXT:
            assert wide >= max(map(cell_len, cells[name])), name


@given(
    st.lists(st.lists(st.text("09.,", max_size=12), min_size=5, max_size=5), min_size=1, max_size=4),
    st.integers(10, 80),
)
def test_every_column_is_in_one_block(lines: Sequence[Sequence[str]], width: int) -> None:
    found = blocks(("",) * 5, lines, width)
    assert [place for block in found for place in block] == [1, 2, 3, 4]


@pytest.mark.parametrize("columns", [80, 100, 120])
@pytest.mark.parametrize(
    "line",
    [
        "list",
        "due 2026Q4",
        "ageing",
        "delta --by system,category",
        "rollforward 2026Q1 --by category,team",
        "budget list",
        "accepted",
    ],
)
def test_every_figure_on_a_terminal_is_one_of_those_in_a_pipe(teller: Teller, line: str, columns: int) -> None:
    """And no line is wider than the terminal."""
    teller.do(
        COMMISSION.replace("principal 1000", "principal 99999999.99"), OBSERVE, ADOPT.replace("FRAUD-1", "FRAUD-2"),
        "budget set 2026Q1 123456789.01 --team red", "repay FRAUD-1 1234567.89 --on 2026-03-02",
    )  # fmt: skip
    whole = set(FIGURE.findall(teller.type(line).out))
    seen = seen_by(teller, line, columns)
    shown = FIGURE.findall(seen)
    assert set(shown) <= whole
    assert {figure for figure in whole if figure.startswith("FRAUD-")} <= set(shown)
    assert max(map(len, seen.split("Not shown")[0].splitlines())) <= columns
    assert "…" not in seen


def test_a_rollforward_keeps_every_figure_at_80(teller: Teller) -> None:
    teller.do(COMMISSION, OBSERVE)
    seen = seen_by(teller, "rollforward 2026Q1 --by category", 80)
    whole = FIGURE.findall(teller.type("rollforward 2026Q1 --by category").out)
    assert sorted(FIGURE.findall(seen)) == sorted(whole)


def test_what_left_is_said(teller: Teller) -> None:
    teller.do(COMMISSION)
    seen = seen_by(teller, "list", 80)
    assert "Not shown for want of room: " in seen
    assert "--format csv shows all" in seen
