"""Drift: whether live input is still what the model was made from, feature by feature, in all and by period.

A feature drifted where the whole interval of its effect lies above the threshold, and is kept where none of it does.
docs/method-drift.md says how the interval is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.measures.drift.columns import FeatureColumn, kind_of, read_columns
from ledger.measures.drift.judging import ORDER, judged_parts, overall
from ledger.measures.drift.parts import FeaturePart, gone, parts_of
from ledger.measures.drift.periods import ALL, read_live
from ledger.measures.drift.roles import ColumnRole, recognised, told_roles
from ledger.measures.drift.sentences import breaches, finding, sentences
from ledger.measures.kit.dialects import TableDeclaration
from ledger.measures.kit.grouping import Asked, Period
from ledger.measures.kit.opening import opened
from ledger.measures.kit.reading import Source, read_as, unreadable
from ledger.measures.kit.recognising import recognised as recognised_signs
from ledger.measures.kit.series import verdicts_by
from ledger.measures.kit.shares import share
from ledger.vocabulary.measure_settings import read_threshold
from ledger.vocabulary.measurements import Measurement

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class _TwoSources:
    """What is compared with what. features: named ones, none for all. roles: of columns that are no features."""

    before: Source
    now: Source
    features: tuple[str, ...]
    roles: dict[str, ColumnRole]
    periods: Asked | None
    passed_over: list[dict[str, str]] = field(default_factory=list)
    looks_like: dict[str, ColumnRole] = field(default_factory=dict)
    counted: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The columns of the reference that are, or may be, features."""
        return list(dict.fromkeys(self.features or [name for name in self.before.columns if name not in self.roles]))

    def with_signs(self) -> _TwoSources:
        """The same, where the signs of the features' numbers are known."""
        before, now = (
            recognised_signs(source, [name for name in self.names if name in source.types])
            for source in (self.before, self.now)
        )
        return replace(self, before=before, now=now)


def drift(
    reference: str | Path | DataFrame,
    live: str | Path | DataFrame,
    *,
    features: Sequence[str] = (),
    ids: Sequence[str] = (),
    time: str | None = None,
    by: Period | None = None,
    exclude: Sequence[str] = (),
    target: str | None = None,
    predictions: Sequence[str] = (),
    threshold: str | float | Decimal = "0.1",
    alpha: str | float | Decimal = "0.05",
    first_month: int = 1,
    encoding: str | None = None,
    null_values: Sequence[str] = (),
    decimal: str | None = None,
    thousands: str | None = None,
) -> Measurement:
    """How far live input moved from the reference.

    reference, live: CSV, Parquet or data frames. features: columns; without, all of the reference, where dates, and what
    looks like identifiers or instants, are shown and not judged. ids to predictions: columns that are no features. time,
    by: live is judged by period too; quarters are those of the fiscal year that begins in first_month, 1 to 12.
    threshold: an effect up to it is allowed, from 0 to below 1; alpha: the chance of a false alarm over all that is judged.
    encoding, null_values, decimal, thousands: how files are read, as `TableDeclaration` has it.
    Value: the effect of what moved most, of the broken if there are any, 4 digits. Raises Unreadable: a file that cannot
    be read, a feature that the reference does not have, a column with two roles, no column in both, --by without --time.
    """
    material, level = read_threshold("drift", threshold), share(alpha, "--alpha", above_zero=True)
    if by is not None and time is None:
        raise unreadable("--by says which periods: it goes with --time COL, the column of dates.")
    declared = TableDeclaration(encoding, tuple(null_values), decimal, thousands)
    before, now = opened(reference, "The reference", declared), opened(live, "The live data", declared)
    told = {"id": ids, "time": (time,) if time else (), "exclude": exclude}
    told |= {"target": (target,) if target else (), "prediction": predictions}
    if by is not None and time is not None:
        now.need(time, "--time")
    periods = Asked(time=time, by=by, first_month=first_month) if by else None
    comparing = _TwoSources(
        before, now, tuple(features), told_roles(told, features, (before, now)), periods
    ).with_signs()
    parts = judged_parts(_parts(comparing), material, level)
    settings = {"reference": (before.name,), "live": (now.name,), "feature": tuple(features), "alpha": (str(level),)}
    settings |= read_as(comparing.before, comparing.now)
    settings |= {role: tuple(columns) for role, columns in told.items() if columns}
    return _measurement(parts, comparing, material, settings | ({"by": (by,)} if by else {}))


# --- what is compared -----------------------------------------------------------------------------------


def _parts(comparing: _TwoSources) -> Iterator[FeaturePart]:
    """Every part of every feature, a few columns in memory at a time."""
    both, only_before = _columns(comparing)
    for was in read_columns(comparing.before, both):
        for name, column in was.items():
            if name not in comparing.features and (role := recognised(column)):
                comparing.looks_like[name] = role
        for name, live in read_live(comparing.now, was, comparing.periods):
            comparing.counted[name] = was[name].rows, live[ALL].rows
            yield from _of_feature(was[name], live, comparing)
    rows = next((now for _, now in comparing.counted.values()), 0)
    for was in read_columns(comparing.before, only_before):
        yield from _gone(was.values(), comparing, rows)


def _of_feature(was: FeatureColumn, live: Mapping[str, FeatureColumn], comparing: _TwoSources) -> Iterator[FeaturePart]:
    role = comparing.looks_like.get(was.name)
    for period, column in live.items():
        found = parts_of(was, column, named=was.name in comparing.features, period=period)
        if role is None:
            yield from found
        elif period == ALL:
            first = next(found)
            yield replace(first, judged=False, notes=(f"looks like --{role.role}: {role.why}", *first.notes))


def _gone(columns: Iterable[FeatureColumn], comparing: _TwoSources, rows: int) -> Iterator[FeaturePart]:
    """Features that live has no more; what never was one is only named."""
    for column in columns:
        role = recognised(column) if column.name not in comparing.features else None
        if role is not None or (column.kind == "date" and column.name not in comparing.features):
            comparing.passed_over.append(_passed_over(column.name, "only in the reference"))
            continue
        near = get_close_matches(
            column.name, [n for n in comparing.now.columns if n not in comparing.before.types], n=1
        )
        yield gone(column, rows, f"only in the reference{f'; live has {near[0]!r}' if near else ''}")


def _columns(comparing: _TwoSources) -> tuple[list[str], list[str]]:
    """The columns that both have, and those that live has no more; what is passed over is told."""
    before, now = comparing.before, comparing.now
    for name in comparing.features:
        before.need(name, "--feature")
    comparing.passed_over.extend(
        _passed_over(name, role.why) | {"role": role.role} for name, role in comparing.roles.items()
    )
    if not any(name in now.types for name in before.columns):
        raise unreadable(f"{before.name} and {now.name} have no column in common.", "Are they of the same system?")
    both: list[str] = []
    only_before: list[str] = []
    for name in comparing.names:
        sources = [source for source in (before, now) if name in source.types]
        nested = next((source for source in sources if kind_of(source.types[name]) is None), None)
        if nested is not None and name in comparing.features:
            raise unreadable(f"Column '{name}' of {nested.name} holds {nested.types[name]}, which is not compared.")
        if nested is not None:
            comparing.passed_over.append(_passed_over(name, f"holds {nested.types[name]}, which is not compared"))
        else:
            (both if name in now.types else only_before).append(name)
    if not comparing.features:
        new = [name for name in now.columns if name not in before.types and name not in comparing.roles]
        comparing.passed_over.extend(_passed_over(name, "only in the live") for name in new)
    return both, only_before


def _passed_over(name: str, note: str) -> dict[str, str]:
    return {"feature": name, "verdict": "not-judged", "note": note}


# --- what is said of it ---------------------------------------------------------------------------------


def _measurement(
    parts: Sequence[FeaturePart], comparing: _TwoSources, threshold: Decimal, settings: dict[str, tuple[str, ...]]
) -> Measurement:
    broken = [part for part in parts if part.verdict == "broken"]
    estimated = broken or [part for part in parts if part.found and part.verdict in ("kept", "undecided")]
    most = max(estimated, key=lambda part: part.effect, default=None)
    rows_before, rows_now = list(comparing.counted.values())[-1] if comparing.counted else (0, 0)
    figures = {"rows-reference": str(rows_before), "rows-live": str(rows_now)}
    figures |= {f"{name}": str(sum(part.verdict == name for part in parts)) for name in ORDER}
    prints = {"reference": comparing.before.sha256(), "live": comparing.now.sha256()}
    roles = comparing.roles | comparing.looks_like
    return Measurement(
        what="drift",
        value=str(most.effect) if most else "0.0000",
        threshold=str(threshold),
        verdict=overall(parts),
        rows=rows_now,
        figures=figures,
        findings=(*(finding(part) for part in parts), *comparing.passed_over),
        files={role: text for role, text in prints.items() if text is not None},
        settings=settings,
        sentences=tuple(sentences(parts, comparing.passed_over, roles, threshold)),
        series=verdicts_by((part for part in parts if part.judged), lambda part: part.feature, overall),
        breaches=breaches(parts, threshold),
    )
