"""Names of rules, as lists of those that were run have them: CA5350/md5 is a part of CA5350, and S* are all that begin so."""

from __future__ import annotations

from collections.abc import Collection


def with_wider(rule: str) -> list[str]:
    """A rule's name and those of which it is a part, the longest first."""
    ends = (end for end in range(len(rule) - 1, 0, -1) if rule[end] == "/")
    return [rule, *(rule[:end] for end in ends)]


def is_named(rule: str, names: Collection[str]) -> bool:
    """Whether a rule, or one that it is a part of, is among the names; a * at the end of one stands for whatever follows."""
    starts = tuple(each.removesuffix("*") for each in names if each.endswith("*"))
    return any(each in names for each in with_wider(rule)) or rule.startswith(starts)
