"""Drift: whether live input is still what the model was made from, feature by feature.

A feature drifted where the difference is both significant (Holm's correction over everything that was tested) and
material (the effect is above the threshold). docs/method-drift.md says why neither is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from ledger.measures.drift.columns import MOST_CATEGORIES, FeatureColumn, kind_of, read_columns
from ledger.measures.drift.comparisons import FEWEST_ROWS, Comparison, compared_counts, compared_numbers
from ledger.measures.kit.corrections import holm
from ledger.measures.kit.dialects import TableDeclaration
from ledger.measures.kit.opening import opened
from ledger.measures.kit.reading import Source, read_as, unreadable
from ledger.measures.kit.recognising import recognised
from ledger.measures.kit.series import verdicts_by
from ledger.measures.kit.shares import share
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import Measurement, decimal_text

if TYPE_CHECKING:
    from pandas import DataFrame

#: How many categories or values a note names.
_NAMED = 3
_ORDER = {"broken": 0, "undecided": 1, "kept": 2, "not-judged": 3}


@dataclass(frozen=True)
class _Row:
    """One comparison of one feature. of: its values, or whether they are missing. verdict: '' until all are tested."""

    feature: str
    of: Literal["values", "missing"]
    kind: str
    found: Comparison | None
    sizes: tuple[int, int]
    notes: tuple[str, ...]
    judged: bool = True
    p_holm: float | None = None
    verdict: str = ""

    @property
    def effect(self) -> Decimal:
        """In the digits in which it is recorded."""
        return Decimal(decimal_text(self.found.effect if self.found else 0.0, 4))


def drift(
    reference: str | Path | DataFrame,
    live: str | Path | DataFrame,
    *,
    features: Sequence[str] = (),
    threshold: str | float | Decimal = "0.1",
    alpha: str | float | Decimal = "0.05",
    encoding: str | None = None,
    null_values: Sequence[str] = (),
    decimal: str | None = None,
    thousands: str | None = None,
) -> Measurement:
    """How far live input moved from the reference.

    reference, live: CSV, Parquet or data frames. features: columns; without, all that both have, dates being shown and
    not judged. threshold: an effect up to it is not material, from 0 to below 1; alpha: the significance level over all
    features together. encoding, null_values, decimal, thousands: how files are read, as `TableDeclaration` has it.
    Value: the effect of the feature that moved most, of the broken ones if there are any, 4 digits.
    Raises Unreadable: a file that cannot be read, a feature that one of them does not have, no column in both.
    """
    material, level = share(threshold, "--threshold"), share(alpha, "--alpha", above_zero=True)
    declared = TableDeclaration(encoding, tuple(null_values), decimal, thousands)
    before, now = opened(reference, "The reference", declared), opened(live, "The live data", declared)
    names, passed_over = _features(before, now, features)
    before, now = recognised(before, names), recognised(now, names)
    rows: list[_Row] = []
    sizes = (0, 0)
    for was in read_columns(before, names):
        is_now = read_columns(now, was, was)
        for name, column in ((name, column) for some in is_now for name, column in some.items()):
            sizes = (was[name].rows, column.rows)
            rows.extend(_rows(was[name], column, named=name in features))
    rows = _judged(rows, material, level)
    return _measurement(rows, passed_over, sizes, (before, now), (features, material, level))


def _features(before: Source, now: Source, features: Sequence[str]) -> tuple[list[str], list[dict[str, str]]]:
    """The columns to compare, and what is said of those that are not."""
    if features:
        for name in features:
            for source in (before, now):
                source.need(name, "--feature")
        return list(dict.fromkeys(features)), []
    told = []
    for one, other, where in ((before, now, "reference"), (now, before, "live")):
        told += [
            {"feature": name, "verdict": "not-judged", "note": f"only in the {where}"}
            for name in one.columns
            if name not in other.types
        ]
    both = [name for name in before.columns if name in now.types]
    if not both:
        raise unreadable(f"{before.name} and {now.name} have no column in common.", "Are they of the same system?")
    names = []
    for name in both:
        nested = next((s.types[name] for s in (before, now) if kind_of(s.types[name]) is None), None)
        if nested is None:
            names.append(name)
        else:
            told.append({"feature": name, "verdict": "not-judged", "note": f"holds {nested}, which is not compared"})
    return names, told


# --- one feature --------------------------------------------------------------------------------------


def _rows(before: FeatureColumn, now: FeatureColumn, *, named: bool) -> Iterator[_Row]:
    kind, notes, sizes = before.kind, tuple(_notes(before, now)), (before.there, now.there)
    if not min(sizes):
        yield _Row(before.name, "values", kind, None, sizes, ("no value to compare", *notes))
    elif before.others:
        told = f"more than {MOST_CATEGORIES:,} categories before: names of rows, not of kinds of rows"
        yield _Row(before.name, "values", kind, None, sizes, (told, *notes), judged=False)
    else:
        found = _compared(before, now)
        # Dates move by themselves, so they are judged only when named.
        judged = (kind != "date" or named) and not found.test.startswith("none")
        yield _Row(before.name, "values", kind, found, sizes, notes, judged=judged)
    if before.missing or now.missing:
        table = np.asarray([[side.there, side.missing] for side in (before, now)])
        gap = f"missing {_percent(before.missing, before.rows)} before, {_percent(now.missing, now.rows)} now"
        yield _Row(before.name, "missing", kind, compared_counts(table), (before.rows, now.rows), (gap,))


def _compared(before: FeatureColumn, now: FeatureColumn) -> Comparison:
    if before.kind in ("number", "date"):
        return compared_numbers(before.numbers, now.numbers)
    categories = sorted(before.counts.keys() | now.counts.keys())
    sides = [[*(side.counts[name] for name in categories), side.others] for side in (before, now)]
    return compared_counts(np.asarray(sides))


def _notes(before: FeatureColumn, now: FeatureColumn) -> Iterator[str]:
    if None not in (before.stored_kind, now.stored_kind) and before.stored_kind != now.stored_kind:
        yield f"type changed: {before.stored_as} before, {now.stored_as} now"
    if not before.there or not now.there or before.others:
        return
    if before.kind in ("number", "date"):
        yield from _range_notes(before, now)
    else:
        yield from _category_notes(before, now)


def _range_notes(before: FeatureColumn, now: FeatureColumn) -> Iterator[str]:
    low, high = before.numbers.min(), before.numbers.max()
    outside = int(((now.numbers < low) | (now.numbers > high)).sum())
    if outside:
        span = f"{_plain(low, before.kind)} to {_plain(high, before.kind)}"
        yield f"{outside} now outside the reference's {span} ({_percent(outside, now.there)})"
    if low == high:
        yield f"constant before: {_plain(low, before.kind)}"
    if now.numbers.min() == now.numbers.max():
        yield f"constant now: {_plain(now.numbers[0], before.kind)}"


def _category_notes(before: FeatureColumn, now: FeatureColumn) -> Iterator[str]:
    for one, other, what in ((now, before, "new"), (before, now, "vanished")):
        names = [(name, count) for name, count in one.counts.most_common() if count and not other.counts[name]]
        if names:
            first = ", ".join(f"'{name[:40]}'" for name, _ in names[:_NAMED])
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            share = _percent(sum(count for _, count in names), one.there)
            yield f"{len(names)} {what} ({share}): {first}{more}"
    for column, when in ((before, "before"), (now, "now")):
        there = [name for name, count in column.counts.items() if count]
        if len(there) == 1 and not column.others:
            yield f"constant {when}: '{there[0][:40]}'"
    if now.others:
        yield f"{now.others} now of so many categories that they are not told apart"


def _judged(rows: Iterable[_Row], material: Decimal, level: Decimal) -> list[_Row]:
    """Every row with its corrected p and its verdict; what moved most first."""
    every = list(rows)
    tested = [row for row in every if row.judged and row.found and row.found.p is not None and not _too_small(row)]
    raw = [row.found.p for row in tested if row.found and row.found.p is not None]
    p_holm = dict(zip(map(id, tested), holm(raw), strict=True))
    told = [replace(row, p_holm=p_holm.get(id(row))) for row in every]
    told = [replace(row, verdict=_verdict(row, material, level)) for row in told]
    return sorted(told, key=lambda row: (_ORDER[row.verdict], -row.effect))


def _too_small(row: _Row) -> bool:
    return min(row.sizes) < FEWEST_ROWS


def _verdict(row: _Row, material: Decimal, level: Decimal) -> str:
    if not row.judged:
        return "not-judged"
    if row.found is None or _too_small(row):
        return "undecided"
    if row.effect <= material:
        return "kept"
    return "broken" if row.p_holm is not None and row.p_holm <= float(level) else "undecided"


def _overall(rows: Sequence[_Row], material: Decimal) -> Verdict:
    """Kept is said only where something was judged, and nothing looks material without rows enough to be sure."""
    verdicts = {row.verdict for row in rows}
    if "broken" in verdicts:
        return "broken"
    doubtful = any(row.verdict == "undecided" and row.effect > material and not _too_small(row) for row in rows)
    return "kept" if "kept" in verdicts and not doubtful else "undecided"


def _measurement(
    rows: Sequence[_Row],
    passed_over: Sequence[dict[str, str]],
    sizes: tuple[int, int],
    sources: tuple[Source, Source],
    asked: tuple[Sequence[str], Decimal, Decimal],
) -> Measurement:
    features, threshold, alpha = asked
    verdict = _overall(rows, threshold)
    counted = [row for row in rows if row.verdict in ("broken", "kept")]
    judged = [row for row in counted if row.verdict == "broken"] or counted
    most = max(judged, key=lambda row: row.effect, default=None)
    figures = {"rows-reference": str(sizes[0]), "rows-live": str(sizes[1])}
    figures |= {f"{name}": str(sum(row.verdict == name for row in rows)) for name in _ORDER}
    prints = {role: source.sha256() for role, source in zip(("reference", "live"), sources, strict=True)}
    return Measurement(
        what="drift",
        value=str(most.effect) if most else "0.0000",
        threshold=str(threshold),
        verdict=verdict,
        rows=sizes[1],
        figures=figures,
        findings=(*(_finding(row) for row in rows), *passed_over),
        files={role: text for role, text in prints.items() if text is not None},
        settings={
            "reference": (sources[0].name,),
            "live": (sources[1].name,),
            "feature": tuple(features),
            "alpha": (str(alpha),),
            **read_as(*sources),
        },
        sentences=tuple(_sentences(rows, passed_over, verdict)),
        series=verdicts_by(
            (row for row in rows if row.judged), lambda row: row.feature, lambda of_it: _overall(of_it, threshold)
        ),
    )


def _finding(row: _Row) -> dict[str, str]:
    told = {"feature": row.feature, "of": row.of, "kind": row.kind, "verdict": row.verdict}
    if row.found:
        told |= {"test": row.found.test, "effect": str(row.effect)}
        told |= {"p": decimal_text(row.found.p, 6)} if row.found.p is not None else {}
        told |= {"p-holm": decimal_text(row.p_holm, 6)} if row.p_holm is not None else {}
        told |= {name: decimal_text(figure, 4) for name, figure in row.found.distances.items()}
        told |= {"pooled": str(row.found.pooled)} if row.found.pooled else {}
    told |= {"rows-before": str(row.sizes[0]), "rows-now": str(row.sizes[1])}
    few = (f"fewer than {FEWEST_ROWS} rows with a value: too few to judge",) if _too_small(row) else ()
    notes = (*few, *row.notes)
    return told | ({"note": "; ".join(notes)} if notes else {})


def _sentences(rows: Sequence[_Row], passed_over: Sequence[dict[str, str]], verdict: Verdict) -> Iterator[str]:
    broken = [row for row in rows if row.verdict == "broken"]
    if broken:
        first = broken[0]
        of = "" if first.of == "values" else ", in how much of it is missing"
        moved = len({row.feature for row in broken})
        yield f"{moved} of {len({row.feature for row in rows})} features drifted; '{first.feature}' moved most{of}."
    elif verdict == "kept":
        yield "No feature drifted: no difference is both significant and material."
    else:
        yield "Nothing can be said: too few rows for a difference of that size, or nothing that can be judged."
    undecided = [row.feature for row in rows if row.verdict == "undecided"]
    if undecided:
        yield f"Too few rows to judge: {_listed(undecided)}."
    for where in ("reference", "live"):
        only = [told["feature"] for told in passed_over if told["note"] == f"only in the {where}"]
        if only:
            yield f"Only in the {where}: {_listed(only)}."


def _listed(names: Sequence[str], most: int = 10) -> str:
    different = list(dict.fromkeys(names))
    more = f" and {len(different) - most} more" if len(different) > most else ""
    return ", ".join(f"'{name}'" for name in different[:most]) + more


def _percent(part: int, whole: int) -> str:
    return f"{decimal_text(part / whole * 100 if whole else 0, 2)}%"


def _plain(number: float, kind: str) -> str:
    if kind == "date":
        return str(np.datetime64(round(number * 86_400), "s"))
    return f"{number:.12g}"
