"""Perturbations: each does what it says, the same for the same seed, as many inputs as it got, and nothing to what it got."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ledger.measures.robustness.perturbations import (
    Perturbation,
    blurred,
    brightened,
    mistyped,
    noisy,
    rotated,
    without,
)

RNG = np.random.default_rng
PICTURES = RNG(1).integers(0, 17, (5, 8, 8)).astype(float)
TEXTS = ["a letter too many", "x", "", "déjà vu"]
FRAME = pd.DataFrame({"words": ["one two", None, "three four"], "n": [1, 2, 3]})
OFFERED: dict[str, tuple[Perturbation, Any, tuple[str | None, str | None]]] = {
    "rotated": (rotated(30), PICTURES, ("degrees", "30")),
    "noisy": (noisy(0.25), PICTURES, ("noise", "0.25")),
    "blurred": (blurred(1.5), PICTURES, ("blur in pixels", "1.5")),
    "brightened": (brightened(-0.5), PICTURES, ("brightness", "-0.5")),
    "mistyped": (mistyped(2), TEXTS, ("typing errors", "2")),
    "mistyped in a column": (mistyped(1, ["words"]), FRAME, ("typing errors", "1")),
    "without": (without("n", "words"), FRAME, (None, None)),
    "in colour": (rotated(10), np.stack([PICTURES] * 3, axis=3), ("degrees", "10")),
}


@pytest.mark.parametrize("name", OFFERED)
def test_the_same_seed_gives_the_same_inputs_and_what_was_given_stays(name: str) -> None:
    perturbation, inputs, level = OFFERED[name]
    before = repr(inputs)
    first, again = (perturbation(inputs, RNG(7)) for _ in range(2))
    assert repr(inputs) == before
    assert repr(first) == repr(again) != before
    assert len(first) == len(inputs)
    assert (perturbation.scale, perturbation.level) == level
    assert perturbation.words


def test_a_quarter_turn_is_a_quarter_turn_and_none_is_none() -> None:
    """Counter-clockwise, as numpy turns; three of thirty degrees are not quite one of ninety."""
    assert rotated(90)(PICTURES, RNG(0)) == pytest.approx(np.rot90(PICTURES, 1, axes=(1, 2)))
    assert rotated(0)(PICTURES, RNG(0)) == pytest.approx(PICTURES)


def test_brightness_noise_and_blur_stay_between_the_darkest_and_the_brightest() -> None:
    for perturbation in (brightened(0.7), brightened(-0.7), noisy(3), blurred(2)):
        found = perturbation(PICTURES, RNG(3))
        assert PICTURES.min() <= found.min() <= found.max() <= PICTURES.max()
    assert brightened(1)(PICTURES, RNG(0)) == pytest.approx(np.full_like(PICTURES, PICTURES.max()))
    dot = np.zeros((1, 9, 9))
    dot[0, 4, 4] = 1.0
    assert blurred(1)(dot, RNG(0)).sum() == pytest.approx(1.0, abs=1e-3)


def test_a_typing_error_swaps_leaves_out_or_doubles_a_letter() -> None:
    """One of them changes the length by one at most; what is no text, or empty, is left alone."""
    texts = ["abcdefgh"] * 300
    found = set(mistyped(1)(texts, RNG(5)))
    assert {len(text) for text in found} == {7, 8, 9}
    assert all(set(text) <= set("abcdefgh") for text in found)
    assert mistyped(3)(["", None, 4], RNG(5)) == ["", None, 4]
    assert mistyped(0)(texts, RNG(5)) == texts
    changed = mistyped(1, ["words"])(FRAME, RNG(5))
    assert pd.isna(changed["words"][1])
    assert list(changed["n"]) == [1, 2, 3]


def test_a_column_that_is_missing_is_there_and_empty() -> None:
    found = without("n")(FRAME, RNG(0))
    assert list(found.columns) == list(FRAME.columns)
    assert found["n"].isna().all()
    with pytest.raises(KeyError):
        without("no such column")(FRAME, RNG(0))


def test_what_is_no_picture_is_named() -> None:
    with pytest.raises(ValueError, match="these have 2"):
        rotated(30)(PICTURES.reshape(5, 64), RNG(0))
