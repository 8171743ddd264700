"""Efforts of tools and of mappings: minutes from the words in which a finding states them."""

from __future__ import annotations

import re
from typing import Any

from ledger.importers.findings.fields import text_of
from ledger.importers.mapping import FieldMapping
from ledger.vocabulary.efforts import MINUTES_PER_DAY
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable

_EFFORT = re.compile(r"(?:(\d{1,6})d)? ?(?:(\d{1,6})h)? ?(?:(\d{1,8})min)?", re.ASCII)


def stated_minutes(record: dict[str, Any], *names: str) -> int | None:
    """The effort in the first of these fields that has one, in minutes, a day being 8 hours.

    None for none and for 0min. A number alone is minutes. Raises Unreadable.
    """
    text = next((text for text in (text_of(record, name) for name in names) if text), "")
    if not text:
        return None
    match = _EFFORT.fullmatch(f"{text}min" if text.isdecimal() and text.isascii() else text)
    if match is None or not any(match.groups()):
        raise Unreadable(
            f"The effort '{text}' cannot be read: write it like 5min, 2h30min or 1d2h. What a tool's word stands for, a line "
            "below [values.effort] in the mapping says."
        )
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return days * MINUTES_PER_DAY + hours * 60 + minutes or None


def refuse_no_efforts(mapping: FieldMapping) -> None:
    """Raise Unreadable for an effort of a mapping that is none."""
    for theirs, ours in mapping.values.get("effort", {}).items():
        try:
            minutes = stated_minutes({"effort": ours}, "effort")
        except Unreadable as error:
            raise Unreadable(f"The mapping's [values.effort] for '{theirs}': {error} {NOTHING_RECORDED}") from error
        if ours.strip() and minutes is None:
            raise Unreadable(
                f"The mapping's [values.effort] for '{theirs}': '{ours}' is nothing, and an effort is more; \"\" leaves it "
                f"unestimated. {NOTHING_RECORDED}"
            )
