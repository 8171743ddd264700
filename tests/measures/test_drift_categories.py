"""Categories that one side lacks: their mass is drift of its own, whatever it is pooled with, and no more than chance is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ledger import drift

ROWS = 1_200
Draw = Callable[[np.random.Generator], Any]


def common(rng: np.random.Generator) -> Any:
    return rng.choice(list("abcd"), ROWS)


def tail(rng: np.random.Generator) -> Any:
    """A few towns, and very many names that stand a few times each."""
    return np.where(
        rng.random(ROWS) < 0.6, rng.choice(list("abcd"), ROWS), [f"t{n}" for n in rng.integers(0, 150, ROWS)]
    )


def endless(rng: np.random.Generator) -> Any:
    """A third of the rows holds words of which every file has others."""
    words = [f"w{n}" for n in rng.integers(0, 10**6, ROWS)]
    return np.where(rng.random(ROWS) < 0.33, words, rng.choice(list("abcd"), ROWS))


def replaced(draw: Draw, share: float, kinds: int) -> Draw:
    """A share of the rows, in categories that were never there; as many different ones as said."""

    def drawn(rng: np.random.Generator) -> Any:
        new = [f"new{n}" for n in rng.integers(0, kinds, ROWS)]
        return np.where(rng.random(ROWS) < share, new, draw(rng))

    return drawn


#: Before, now, and the verdicts on what is new and what is gone; '' where there is none of it.
CASES: dict[str, tuple[Draw, Draw, str, str]] = {
    "half replaced by one": (common, replaced(common, 0.5, 1), "broken", ""),
    "half replaced by thousands": (common, replaced(common, 0.5, 5_000), "broken", ""),
    "half of a tail replaced by thousands": (tail, replaced(tail, 0.5, 5_000), "broken", "kept"),
    "a third is words again": (endless, endless, "kept", "kept"),
    "half became words": (common, replaced(common, 0.5, 10**6), "broken", ""),
    "half were words": (replaced(common, 0.5, 10**6), common, "", "broken"),
    "half were a few rare ones": (replaced(common, 0.5, 300), common, "", "broken"),
    "four points are new": (common, replaced(common, 0.04, 3), "kept", ""),
    "the same again": (common, common, "", ""),
}


@pytest.mark.parametrize("about", CASES)
def test_what_one_side_lacks_is_held_against_the_threshold(about: str) -> None:
    before, now, *expected = CASES[about]
    rng = np.random.default_rng(6)
    found = drift(pd.DataFrame({"town": before(rng)}), pd.DataFrame({"town": now(rng)}))
    told = {each["of"]: each["verdict"] for each in found.findings}
    assert [told.get(of, "") for of in ("new", "gone")] == expected, found.findings
    assert (found.verdict == "broken") == ("broken" in expected)
    if "broken" in expected:
        assert [(each.series, each.verdict) for each in found.series] == [("town", "broken")]
        assert found.sentences[0].startswith("1 of 1 features drifted; 'town' moved most")


def test_half_the_rows_in_new_categories_is_kept_where_somebody_allows_more() -> None:
    """The threshold holds for them as for everything."""
    rng = np.random.default_rng(6)
    found = drift(
        pd.DataFrame({"town": common(rng)}),
        pd.DataFrame({"town": replaced(common, 0.5, 1)(rng)}),
        threshold="0.6",
    )
    assert found.verdict == "kept"


def test_a_column_of_rare_names_is_not_called_kept_by_what_is_new_in_it() -> None:
    """Nobody compared the names with each other: no more is new than had to be, and that is all that can be said."""
    rng = np.random.default_rng(6)
    names = [[f"n{number}" for number in rng.integers(0, 2_000, ROWS)] for _ in range(2)]
    found = drift(*(pd.DataFrame({"name": some}) for some in names))
    assert {(each["of"], each["verdict"]) for each in found.findings} == {
        ("values", "not-judged"),
        ("new", "not-judged"),
        ("gone", "not-judged"),
    }
    assert found.verdict == "undecided"
