"""Perturbations: what a suite does to its inputs, each seeded, so that the same suite tries the same inputs again.

Pictures are arrays of numbers: picture × rows × columns, or picture × rows × columns × channels. Texts are sequences of str,
or a data frame with columns of them. docs/robustness.md shows how a suite uses them, and how it brings its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ledger.vocabulary.decimals import decimal_text

_DIGITS = 6
#: Rows and columns of a picture, among the axes of many.
_ROWS, _COLUMNS = 1, 2


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A change of inputs. words: what it does, as it is documented. change: gives the changed inputs, as many as it got.

    scale, level: how far it goes, in which unit, as a decimal text; cases of one scale are drawn as a curve. None where
    there is no more or less of it.
    """

    words: str
    change: Callable[[Any, Generator], Any]
    scale: str | None = None
    level: str | None = None

    def __call__(self, inputs: Any, rng: Generator) -> Any:
        """The inputs, changed. rng: where chance comes from, and nowhere else."""
        return self.change(inputs, rng)


def rotated(degrees: float) -> Perturbation:
    """Pictures turned counter-clockwise about their middle; corners that come into view have the darkest value."""

    def change(pictures: Any, _: Generator) -> Any:
        from scipy.ndimage import rotate

        given = _pictures(pictures)
        return rotate(
            given, degrees, axes=(_COLUMNS, _ROWS), reshape=False, order=1, mode="constant", cval=float(given.min())
        )

    return _of_level(f"rotated by {degrees:g} degrees", change, "degrees", degrees)


def noisy(deviation: float) -> Perturbation:
    """Pictures with Gaussian noise. deviation: as a share of the span between their darkest and brightest value, >= 0."""

    def change(pictures: Any, rng: Generator) -> Any:
        given = _pictures(pictures)
        low, high = float(given.min()), float(given.max())
        return np.clip(given + rng.normal(scale=deviation * (high - low), size=given.shape), low, high)

    return _of_level(f"Gaussian noise, deviation {deviation:g} of the span", change, "noise", deviation)


def blurred(deviation: float) -> Perturbation:
    """Pictures blurred by a Gaussian. deviation: in pixels, >= 0."""

    def change(pictures: Any, _: Generator) -> Any:
        from scipy.ndimage import gaussian_filter

        return gaussian_filter(_pictures(pictures), deviation, axes=(_ROWS, _COLUMNS), mode="nearest")

    return _of_level(f"blurred by {deviation:g} pixels", change, "blur in pixels", deviation)


def brightened(share: float) -> Perturbation:
    """Pictures with a share of their span added, or taken away where it is below 0; what leaves the span is cut off."""

    def change(pictures: Any, _: Generator) -> Any:
        given = _pictures(pictures)
        low, high = float(given.min()), float(given.max())
        return np.clip(given + share * (high - low), low, high)

    return _of_level(f"brightness {share:+g} of the span", change, "brightness", share)


def mistyped(typos: int, columns: Sequence[str] = ()) -> Perturbation:
    """Texts with so many typing errors each: two letters swapped, one left out, or one typed twice.

    columns: of a data frame, in which there are texts; what is missing stays missing.
    """

    def change(texts: Any, rng: Generator) -> Any:
        if not columns:
            return [_with_typos(text, typos, rng) for text in texts]
        return texts.assign(**{name: [_with_typos(text, typos, rng) for text in texts[name]] for name in columns})

    words = f"{typos} typing error{'s' * (typos != 1)} a text" + (f", in {', '.join(columns)}" if columns else "")
    return _of_level(words, change, "typing errors", typos)


def without(*columns: str) -> Perturbation:
    """A data frame in which every value of these columns is missing."""

    def change(frame: Any, _: Generator) -> Any:
        return frame.assign(**{name: frame[name].where([False] * len(frame)) for name in columns})

    return Perturbation(f"without {', '.join(columns)}", change)


def _of_level(words: str, change: Callable[[Any, Generator], Any], scale: str, level: float) -> Perturbation:
    text = decimal_text(level, _DIGITS)
    return Perturbation(words, change, scale, text.rstrip("0").rstrip(".") if "." in text else text)


def _pictures(given: Any) -> NDArray[np.float64]:
    found = np.asarray(given, dtype=float)
    if found.ndim not in (3, 4):
        raise ValueError(f"pictures have 3 axes, or 4 with channels: these have {found.ndim}")
    return found


def _with_typos(text: Any, typos: int, rng: Generator) -> Any:
    if not isinstance(text, str):
        return text
    for _ in range(typos if text else 0):
        at = int(rng.integers(len(text)))
        kind = int(rng.integers(3))
        swapped = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
        text = (swapped, text[:at] + text[at + 1 :] or text, text[: at + 1] + text[at:])[kind]
    return text
