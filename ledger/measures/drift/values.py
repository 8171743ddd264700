"""Values as drift compares them: as numbers, as days, as texts, a batch at once or one by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Kind = Literal["number", "date", "boolean", "text"]

_NUMBERS = {"true": 1, "false": 0}
_DAY_US = 86_400_000_000


def counted(values: pa.Array) -> Iterable[tuple[Any, int]]:
    """Every value with how often it stands there, in the order in which they first do."""
    counted = values.value_counts()
    return zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)


def as_numbers(values: pa.Array) -> NDArray[np.float64] | None:
    """The values as numbers, None if they have to be read one by one."""
    plain = values.cast(pa.uint8()) if pa.types.is_boolean(values.type) else values
    if pa.types.is_temporal(plain.type):
        return None
    try:
        # A whole number beyond 2**53 loses digits that no statistic here needs.
        found: NDArray[np.float64] = pc.cast(plain, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return found


def as_days(values: pa.Array) -> NDArray[np.float64] | None:
    if not pa.types.is_date(values.type) and not pa.types.is_timestamp(values.type):
        return None
    instants = pc.cast(pc.cast(values, pa.timestamp("us"), safe=False), pa.int64())
    found: NDArray[np.float64] = instants.to_numpy(zero_copy_only=False) / _DAY_US
    return found


def as_texts(values: pa.Array, kind: Kind) -> pa.Array:
    """The values as categories."""
    texts = values if pa.types.is_string(values.type) else pc.cast(values, pa.string())
    return pc.utf8_lower(pc.utf8_trim_whitespace(texts)) if kind == "boolean" else texts


def number_of(value: Any) -> float | None:
    if isinstance(value, datetime) or "_" in str(value):
        return None
    try:
        # A truth value is 1 or 0, also as text.
        found = float(_NUMBERS.get(str(value).strip().lower(), value))
    except (TypeError, ValueError):
        return None
    return found if np.isfinite(found) else None


def day_of(value: Any) -> float | None:
    """Days since 1970 of an ISO date or time; a time without a zone is taken for UTC."""
    text = str(value).strip()
    # `20260301` is a number before it is a date.
    if text.isdigit():
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    zoned = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return (zoned - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / 86_400
