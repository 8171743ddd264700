"""Numbers that are text: which sign stands before decimals and which between thousands, and the same numbers plainly."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

#: What may be declared. A space is told by name, because a typed one is easily lost; it is also a narrow or fixed one.
DECIMALS = (".", ",")
THOUSANDS = (",", ".", "'", "space")
_SPELLED = {"": "", ",": ",", ".": r"\.", "'": "['’]", "space": "[ \u00a0\u202f\u2009]"}
_TRUTH = "(?i:true|false)"


@dataclass(frozen=True, slots=True)
class NumberSigns:
    """decimal: before decimals. thousands: between groups of digits, '' for none; 'space' is any kind of space."""

    decimal: str = "."
    thousands: str = ""

    @property
    def pattern(self) -> str:
        """What numbers with these signs look like, in whole; or truth values, which are 1 and 0."""
        point = _SPELLED[self.decimal]
        digits = r"\d+"
        if self.thousands:
            group = _SPELLED[self.thousands]
            # Groups of two before the last one are Indian.
            digits = rf"(?:\d{{1,3}}(?:{group}\d{{2,3}})*{group}\d{{3}}|\d+)"
        exponent = "" if self.thousands else r"(?:[eE][+-]?\d+)?"
        return rf"^\s*(?:{_TRUTH}|[+-]?(?:{digits}(?:{point}\d*)?|{point}\d+){exponent})\s*$"

    def fit(self, texts: pa.Array) -> pa.Array:
        """Which of the texts are such numbers."""
        return pc.match_substring_regex(texts, self.pattern)

    def plain(self, texts: pa.Array) -> pa.Array:
        """The texts with those that are such numbers written plainly, 1234.5; the others as they are."""
        bare = pc.utf8_trim_whitespace(texts)
        if self.thousands:
            bare = pc.replace_substring_regex(bare, _SPELLED[self.thousands], "")
        if self.decimal != ".":
            bare = pc.replace_substring(bare, self.decimal, ".")
        return pc.if_else(self.fit(texts), bare, texts)

    def in_words(self, column: str) -> str:
        """What is said of a column."""
        between = f"'{self.thousands}' between thousands and " if self.thousands not in ("", "space") else ""
        between = "a space between thousands and " if self.thousands == "space" else between
        return f"numbers in '{column}' are read with {between}'{self.decimal}' before decimals"


PLAIN = NumberSigns()
#: In the order in which they are preferred where several fit.
CANDIDATES = (
    PLAIN,
    NumberSigns(","),
    NumberSigns(".", ","),
    NumberSigns(",", "."),
    NumberSigns(".", "space"),
    NumberSigns(",", "space"),
    NumberSigns(".", "'"),
    NumberSigns(",", "'"),
)
