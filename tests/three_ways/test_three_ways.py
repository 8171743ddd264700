"""Every figure of the workbook, for random ledgers: the model's, Python's cached one, and what other evaluators find.

THREE_WAYS_SEEDS=60 plays more ledgers than a usual run can.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.optional import needs
from tests.helpers.recalculation import cached_formulas, libreoffice, recalculated, same
from tests.three_ways.comparison import differences
from tests.three_ways.expected import expected
from tests.three_ways.expected.headlines import expected_in_words, figures_in_words
from tests.three_ways.ledgers import random_ledger
from tests.three_ways.play import Played, play
from tests.three_ways.workbook import live_cells, read

pytestmark = pytest.mark.reliability

SEEDS = int(os.environ.get("THREE_WAYS_SEEDS", "6"))
#: The others take their time: they are played by `make check`.
FAST = 1


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.reliability] if seed >= FAST else []) for seed in range(SEEDS)]
)
def test_every_figure_of_a_random_ledger_is_the_same_three_ways(seed: int, sqlite_url: str, tmp_path: Path) -> None:
    """Of each pack on the way: a quarter as first issued, as known earlier, as restated, and provisional."""
    packs = 0
    for played in play(random_ledger(seed), sqlite_url, tmp_path):
        packs += 1
        workbook = read(played.workbook)
        said = figures_in_words(workbook)
        # A headline that names no figure needs no witness.
        wanted = {name: list[str]() for name in said} | expected_in_words(played)
        found = [
            f"{where}: {said[where]}, the model has {wanted[where]}" for where in said if said[where] != wanted[where]
        ]
        found += differences(workbook, expected(played))
        found += disagreements(live_cells(workbook), recalculated(played.workbook, tmp_path))
        if found:
            pytest.fail(report(played, found))
    assert packs > 1


@needs("soffice")
def test_libreoffice_finds_the_cached_values_of_a_random_ledger(restated: Played, tmp_path: Path) -> None:
    found = disagreements(cached_formulas(restated.workbook), cached_formulas(libreoffice(restated.workbook, tmp_path)))
    if found:
        pytest.fail(report(restated, found))


def disagreements(cached: dict[tuple[str, str], Any], live: dict[tuple[str, str], Any]) -> list[str]:
    """A sentence for every formula that an evaluator finds another value for."""
    assert cached.keys() == live.keys()
    return [
        f"{sheet} {address}: cached {value!r}, recalculated {live[sheet, address]!r}"
        for (sheet, address), value in cached.items()
        if not same(value, live[sheet, address])
    ]


def report(played: Played, found: list[str]) -> str:
    """What differs, and the commands that lead there."""
    return "\n".join([f"{played.figures.quarter} as of {played.figures.as_of}", *found, "To reproduce:", played.script])
