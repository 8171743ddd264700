"""What is told of a feature beside its figures: another type, values outside the range, categories that one side lacks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ledger.measures.drift.columns import FeatureColumn
from ledger.vocabulary.decimals import decimal_text

#: How many categories or values a note names.
_NAMED = 3


def notes(before: FeatureColumn, now: FeatureColumn) -> Iterator[str]:
    """Of one feature before and now, in words; nothing where there is nothing to say."""
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
        yield f"{outside} now outside the reference's {span} ({percent(outside, now.there)})"
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
            share = percent(sum(count for _, count in names), one.there)
            yield f"{len(names)} {what} ({share}): {first}{more}"
    for column, when in ((before, "before"), (now, "now")):
        there = [name for name, count in column.counts.items() if count]
        if len(there) == 1 and not column.others:
            yield f"constant {when}: '{there[0][:40]}'"
    if now.others:
        yield f"{now.others} now of so many categories that they are not told apart"


def percent(part: int, whole: int) -> str:
    """A share as it is shown; of nothing, 0."""
    return f"{decimal_text(part / whole * 100 if whole else 0, 2)}%"


def _plain(number: float, kind: str) -> str:
    if kind == "date":
        return str(np.datetime64(round(number * 86_400), "s"))
    return f"{number:.12g}"
