"""Intervals of means: how much more, and how many times as much, is predicted than observed.

Probabilities are held against outcomes, 0 or 1, whose few events are counted exactly; numbers against numbers. What is told is
made of sums, so that no estimate holds on to its rows.
"""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

from ledger.measures.bias.estimates import (
    FEW_EVENTS,
    Ends,
    Estimate,
    clopper_pearson_ends,
    estimate,
    mean_ratio,
    student,
)
from ledger.measures.bias.number_tests import Numbers, is_constant


def is_outcome(numbers: Numbers) -> bool:
    """Whether all of them are 0 or 1."""
    return bool(((numbers == 0) | (numbers == 1)).all())


def calibration_difference(probabilities: Numbers, outcomes: Numbers) -> Estimate:
    """The mean probability less the share that came true, in the same rows."""
    rows, hits = len(outcomes), round(float(outcomes.sum()))
    if min(hits, rows - hits) >= FEW_EVENTS:
        return paired_difference(probabilities, outcomes)
    mean = float(probabilities.mean())

    def ends(alpha: float) -> Ends:
        low, high = clopper_pearson_ends(hits, rows, alpha)
        return mean - high, mean - low

    return estimate(mean - hits / rows, "binomial of outcomes, exact", ends)


def calibration_ratio(probabilities: Numbers, outcomes: Numbers) -> Estimate:
    """The mean probability over the share that came true, in the same rows."""
    rows, hits = len(outcomes), round(float(outcomes.sum()))
    if hits >= FEW_EVENTS:
        return paired_ratio_of_means(probabilities, outcomes)
    expected = float(probabilities.sum())

    def ends(alpha: float) -> Ends:
        low, high = (share * rows for share in clopper_pearson_ends(hits, rows, alpha))
        return expected / high, expected / low if low else inf

    ratio = expected / hits if hits else inf
    return Estimate(ratio, "binomial of outcomes, exact", ends, (expected + 0.5) / (hits + 0.5))


def paired_difference(predicted: Numbers, observed: Numbers, unit: float = 1.0) -> Estimate:
    """The mean error of numbers in the same rows, in so large a unit."""
    errors = predicted - observed
    squared, rows = _squared_error(errors)
    skewness = _third_cumulant(errors) / squared**1.5 if squared else 0.0
    return student(float(errors.mean()), sqrt(squared), rows - 1, "Student and Hall, same rows", unit, skewness)


def paired_ratio_of_means(predicted: Numbers, observed: Numbers) -> Estimate:
    """The ratio of means, of numbers of 0 or more in the same rows."""
    means = float(predicted.mean()), float(observed.mean())
    if not all(means):
        return _ratio_of_nothing(*means)
    relative = predicted / means[0] - observed / means[1]
    error = 0.0 if is_constant(relative) else float(relative.std(ddof=1)) / sqrt(len(relative))
    return mean_ratio(means[0] / means[1], error, len(relative) - 1, "log ratio of means, same rows")


def independent_difference_of_means(predicted: Numbers, observed: Numbers, unit: float = 1.0) -> Estimate:
    """The difference of means of numbers in different rows, whose spread and number need not be alike."""
    if _has_few_events(predicted) or _has_few_events(observed):
        one, other = _mean(predicted), _mean(observed)

        def ends(alpha: float) -> Ends:
            (low, high), (least, most) = one.ends(alpha / 2), other.ends(alpha / 2)
            return (low - most) / unit, (high - least) / unit

        return estimate((one.effect - other.effect) / unit, "each mean at half", ends)
    gap = float(predicted.mean() - observed.mean())
    error, degrees = _welch(_squared_error(predicted), _squared_error(observed))
    skewness = (_third_cumulant(predicted) - _third_cumulant(observed)) / error**3 if error else 0.0
    return student(gap, error, degrees, "Welch and Hall, different rows", unit, skewness)


def independent_ratio_of_means(predicted: Numbers, observed: Numbers) -> Estimate:
    """The ratio of means of numbers of 0 or more in different rows."""
    one, other = _mean(predicted), _mean(observed)
    if _has_few_events(predicted) or _has_few_events(observed):

        def ends(alpha: float) -> Ends:
            (low, high), (least, most) = one.ends(alpha / 2), other.ends(alpha / 2)
            return max(0.0, low) / most, max(0.0, high) / least if least > 0 else inf

        ratio = one.effect / other.effect if other.effect else inf
        half = other.effect or 0.5 / len(observed)
        return Estimate(ratio, "each mean at half", ends, one.effect / half)
    if not (one.effect and other.effect):
        return _ratio_of_nothing(one.effect, other.effect)
    squared = (_squared_error(predicted), _squared_error(observed))
    relative = [(error / side.effect**2, rows) for (error, rows), side in zip(squared, (one, other), strict=True)]
    error, degrees = _welch(*relative)
    return mean_ratio(one.effect / other.effect, error, degrees, "log ratio of means, different rows")


def _ratio_of_nothing(predicted: float, observed: float) -> Estimate:
    """Where one mean is 0 in every row: nothing at all, or nothing observed."""
    ratio = 0.0 if observed else inf
    return estimate(ratio, "log ratio of means", lambda alpha: (0.0, inf) if predicted == observed else (ratio, ratio))


def _mean(numbers: Numbers) -> Estimate:
    """A mean by itself: of outcomes exactly, of other numbers by Student."""
    rows, mean = len(numbers), float(numbers.mean())
    if is_outcome(numbers):
        hits = round(float(numbers.sum()))
        return estimate(mean, "Clopper-Pearson", lambda alpha: clopper_pearson_ends(hits, rows, alpha))
    squared, _ = _squared_error(numbers)
    return student(mean, sqrt(squared), rows - 1, "Student")


def _has_few_events(numbers: Numbers) -> bool:
    return is_outcome(numbers) and min(float(numbers.sum()), len(numbers) - float(numbers.sum())) < FEW_EVENTS


def _squared_error(numbers: Numbers) -> tuple[float, int]:
    """The squared standard error of a mean, and of how many rows."""
    squared = 0.0 if is_constant(numbers) else float(np.var(numbers, ddof=1)) / len(numbers)
    return squared, len(numbers)


def _third_cumulant(numbers: Numbers) -> float:
    """Of their mean: how lopsided it is, in the cube of their unit."""
    if is_constant(numbers):
        return 0.0
    apart = numbers - numbers.mean()
    return float((apart * apart * apart).mean()) / len(numbers) ** 2


def _welch(one: tuple[float, int], other: tuple[float, int]) -> tuple[float, float]:
    """The standard error of a difference, and Welch's degrees of freedom (1947)."""
    (first, rows), (second, others) = one, other
    spread = first**2 / (rows - 1) + second**2 / (others - 1)
    return sqrt(first + second), (first + second) ** 2 / spread if spread else 1.0
