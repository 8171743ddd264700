"""A verdict, and what it was held against, as a person reads them: in tables, on sheets and on charts alike."""

from __future__ import annotations

from ledger.vocabulary.kinds import Verdict

#: Machines keep the verdict's stored name.
VERDICT_WORDS: dict[Verdict, str] = {"kept": "kept", "broken": "broken", "undecided": "cannot tell"}


def limits_in_words(threshold: str | None, ratio: str | None) -> str | None:
    """What a figure was held against, '0.02, ratio 1.25': decimal texts, absolute and relative; None for nothing."""
    told = (threshold, f"ratio {ratio}" if ratio is not None else None)
    return ", ".join(each for each in told if each is not None) or None
