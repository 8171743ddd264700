"""Scenarios: what kind of figure one is, in the abbreviations of IBCS, the same in tables, charts, deck and legend."""

from __future__ import annotations

import re

AC, PP, PY, PL, BU, FC = "AC", "PP", "PY", "PL", "BU", "FC"
#: What each means, and how charts draw it.
MEANINGS = {
    AC: "Actual: what the ledger has of the quarter. Solid, dark.",
    PP: "Previous period: last quarter's actual.",
    PY: "Previous year: the actual of the same quarter of the year before. Solid, lighter.",
    PL: "Budget of today: the plan as it stands. Outlined.",
    BU: "Original budget: as it stood when the quarter began, else first set after it.",
    FC: "Forecast: what is expected to be spent. Hatched.",
}
_MARK = re.compile(rf" \(Δ?(?:{'|'.join(MEANINGS)})%?\)$")


def off(scenario: str) -> str:
    """The difference of the actual from a scenario: `ΔPL`."""
    return f"Δ{scenario}"


def marked(words: str, mark: str) -> str:
    """Words with the mark of what stands there: `Budget (PL)`; the same words without one."""
    return f"{words} ({mark})" if mark else words


def unmarked(words: str) -> str:
    """The words alone, by which releases that had no marks call the same thing."""
    return _MARK.sub("", words)
