"""Columns as small whole numbers: each class a code, in order of first sight; classes are told apart by value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ledger.measures.kit.reading import is_number, unreadable

#: Values of a numeric column beyond which it is taken for a quantity, and not for classes.
MOST_NUMERIC_VALUES = 20
#: Values of a column of text beyond which it holds no classes, but names or sentences.
MOST_VALUES = 200

#: How a column's type is called that can hold fractions.
DECIMAL = "a decimal number"

#: Rows at the beginning of a batch whose values are counted first.
_LOOKED_AT = 2_000

_TRUTHS = {"true": "1", "false": "0"}
#: Whole or decimal numbers; `01` and `1e3` are names.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)


class TooManyValues(Exception):
    """A column has more values than classes can be. numeric: all that were seen are numbers."""

    def __init__(self, column: str, *, numeric: bool) -> None:
        """column: its name."""
        super().__init__(column)
        self.column = column
        self.numeric = numeric


@dataclass(frozen=True, slots=True)
class Value:
    """A class. text: as it is spelled where it is first seen; type: there, in words, as an error tells it."""

    text: str
    type: str

    @property
    def shown(self) -> str:
        """As an error shows it: text in quotes."""
        return f"'{self.text}'" if self.type == "text" else f"{self.text} ({self.type})"

    @property
    def means(self) -> str:
        """What it is told apart by: see `meaning`."""
        return meaning(self.text)

    @property
    def alike(self) -> str:
        """What two spellings that may mean one class have in common: no case, no spaces around, no zeros in front."""
        bare = " ".join(unicodedata.normalize("NFKC", self.text).split()).casefold()
        bare = _TRUTHS.get(bare, bare)
        number = as_number(bare)
        return bare if number is None else repr(number)


@dataclass
class Coder:
    """Gives the values of one column codes, 0, 1, 2 …, batch after batch; a missing value is -1.

    source, column: for errors. spellings: how each class is spelled, by what it means; shared by columns that are
    compared. Raises TooManyValues, at once, where classes end.
    """

    source: str
    column: str
    most_numeric: int = MOST_NUMERIC_VALUES
    most: int = MOST_VALUES
    spellings: dict[str, str] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)
    _codes: dict[str, int] = field(default_factory=dict)

    def codes(self, array: pa.Array) -> NDArray[np.int64]:
        """The codes of a batch's column."""
        if pa.types.is_floating(array.type) and pc.count_distinct(array[:_LOOKED_AT]).as_py() > self.most_numeric + 1:
            # Plainly a quantity: not worth finding all of its values.
            raise TooManyValues(self.column, numeric=True)
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        words, kind = encoded.dictionary, encoded.dictionary.type
        if len(words) > MOST_VALUES * 10:
            self._refuse_too_many(kind, [word.as_py() for word in words[: MOST_VALUES * 10]])
        known = np.array([self._code(word, kind) for word in words.to_pylist()] + [-1], dtype=np.int64)
        self._check_number(kind)
        indices = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        found: NDArray[np.int64] = known[indices]
        return found

    def _code(self, word: object, kind: pa.DataType) -> int:
        if word is None or word != word:
            return -1
        means = meaning(str(word))
        if means not in self._codes:
            self._codes[means] = len(self.values)
            self.values.append(Value(self.spellings.setdefault(means, str(word)), _in_words(kind)))
        return self._codes[means]

    def _check_number(self, kind: pa.DataType) -> None:
        if len(self.values) > min(self.most, self.most_numeric):
            words = [value.text for value in self.values]
            if len(words) > self.most or is_number(kind) or all(as_number(word) is not None for word in words):
                self._refuse_too_many(kind, words)

    def _refuse_too_many(self, kind: pa.DataType, words: Sequence[object]) -> None:
        numeric = is_number(kind) or all(as_number(str(word)) is not None for word in words if word is not None)
        raise TooManyValues(self.column, numeric=numeric)


def check_spellings(sides: Sequence[Coder]) -> None:
    """Refuse classes that look like one in two spellings, within a column or between two.

    Raises Unreadable: counted apart they would be a bias that is none.
    """
    seen: dict[str, tuple[Value, Coder]] = {}
    for side in sides:
        for value in side.values:
            other, where = seen.setdefault(value.alike, (value, side))
            if other.means != value.means:
                raise unreadable(
                    f"{other.shown} in column '{where.column}' of {where.source} and {value.shown} in column "
                    f"'{side.column}' of {side.source} look like one class in two spellings.",
                    "Write every class in one way in both columns.",
                )


def meaning(text: str) -> str:
    """What a class is told apart by: of numbers and truth values the value, 1 for 1.0 and true; of names the text."""
    bare = _TRUTHS.get(text.casefold(), text)
    if not _NUMBER.fullmatch(bare):
        return text
    number = Decimal(bare).normalize()
    return f"{number:f}" if number else "0"


def as_number(text: str) -> float | None:
    """A text as a number, None if it is none; 'nan' and 'inf' are words."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) and "_" not in text else None


def _in_words(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "a truth value"
    if pa.types.is_integer(kind):
        return "a whole number"
    if is_number(kind):
        return DECIMAL
    return "a day" if pa.types.is_temporal(kind) else "text"
