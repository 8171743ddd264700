"""Recognising how numbers are written in columns of text, by all of their values; nothing that could be two is guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from ledger.measures.kit.number_signs import PLAIN, NumberSigns
from ledger.measures.kit.reading import Source, is_plain, is_text, plain_texts, unreadable

#: Up to this share of a column may not be numbers without making it a column of words: whoever needs numbers then says
#: which value is none.
STRAY = 0.01


@dataclass
class _ColumnSigns:
    """What was seen of a column: how many values, and how many do not fit each of the signs that it may have."""

    misfits: dict[NumberSigns, int]
    seen: int = 0
    as_it_is: bool = True
    example: dict[str, str] = field(default_factory=dict)

    def add(self, texts: pa.Array) -> None:
        values = texts.drop_null()
        self.seen += len(values)
        if PLAIN in self.misfits and self.as_it_is and is_plain(values):
            return
        self.as_it_is = False
        counted = values.value_counts()
        words, counts = counted.field("values"), counted.field("counts").to_numpy()
        for signs in list(self.misfits):
            self.misfits[signs] += int(counts[~signs.fit(words).to_numpy(zero_copy_only=False)].sum())
            # A column of words is not looked at to its end by eight patterns.
            if 2 * self.misfits[signs] > self.seen:
                del self.misfits[signs]
        for sign in ",.":
            if sign not in self.example:
                having = words.filter(pc.match_substring(words, sign))
                self.example |= {sign: having[0].as_py()} if len(having) else {}

    def best(self) -> list[NumberSigns]:
        """The signs that all values fit, or nearly all; none for a column of words, several where it could be either."""
        if self.as_it_is or not self.misfits:
            return []
        fewest = min(self.misfits.values())
        if fewest > STRAY * self.seen:
            return []
        fitting = [signs for signs, count in self.misfits.items() if count == fewest]
        return fitting[:1] if fitting[0] == PLAIN else fitting


def recognised(source: Source, columns: Iterable[str]) -> Source:
    """The source, reading numbers in those columns of text that are written with other signs, and saying so.

    Raises Unreadable, naming column, row and value, where the same digits could be two numbers: 1,234.
    """
    texts = [name for name in dict.fromkeys(columns) if is_text(source.types[name])]
    if not texts:
        return source
    seen = {name: _ColumnSigns(dict.fromkeys(source.declared.candidates, 0)) for name in texts}
    for batch in source.batches(texts):
        for name, column in seen.items():
            column.add(plain_texts(batch.column(name)))
    signs: dict[str, NumberSigns] = {}
    for name, column in seen.items():
        fitting = column.best()
        if len({each.decimal for each in fitting}) > 1 and column.example:
            raise _ambiguous(source, name, next(iter(column.example.values())))
        if fitting:
            signs[name] = fitting[0]
    declared = source.declared.decimal is not None or source.declared.thousands is not None
    said = [] if declared else [each.in_words(name) for name, each in signs.items() if each != PLAIN]
    remarks = (*source.remarks, *(f"{source.label}: {sentence}." for sentence in said))
    return replace(source, signs=signs, remarks=remarks)


def _ambiguous(source: Source, column: str, value: str) -> Exception:
    return unreadable(
        f"Column '{column}' of {source.name}, row {source.row_of(column, value)}, holds '{value[:40]}', which could be two "
        "numbers, and no other value tells which.",
        "--decimal ',' or --thousands ',' says which.",
    )
