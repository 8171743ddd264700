"""What counts as missing: nothing, an empty text, and what somebody declared; the same in every kind of file."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def as_missing(array: pa.Array, declared: tuple[str, ...]) -> pa.Array:
    """A column with null for what is missing. declared: texts; of numbers those that say the same number."""
    if pa.types.is_dictionary(array.type):
        words = as_missing(array.dictionary, declared)
        gone = words.null_count > array.dictionary.null_count
        return pc.take(words, array.indices).dictionary_encode() if gone else array
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        missing = pc.is_in(array, value_set=pa.array(["", *declared], array.type))
    elif declared and (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        numbers = [number for text in declared if (number := _number(text)) is not None]
        missing = pc.is_in(pc.cast(array, pa.float64(), safe=False), value_set=pa.array(numbers, pa.float64()))
    else:
        return array
    return pc.if_else(missing, pa.scalar(None, array.type), array) if pc.any(missing).as_py() else array


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
