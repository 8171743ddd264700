"""Names of rules, as lists of those that were run have them: CA5350/md5 is a part of CA5350, and S* are all that begin so."""

from __future__ import annotations

from collections.abc import Collection


def is_named(rule: str, names: Collection[str]) -> bool:
    """Whether a rule, or one that it is a part of, is among the names; a * at the end of one stands for whatever follows."""
    wider = {rule, *(rule[:end] for end, letter in enumerate(rule) if letter == "/")}
    starts = tuple(each.removesuffix("*") for each in names if each.endswith("*"))
    return not wider.isdisjoint(names) or rule.startswith(starts)
