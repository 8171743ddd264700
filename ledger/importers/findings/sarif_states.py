"""What SARIF says of a result, and which of our states that is.

| kind | baselineState | suppressions | state |
|---|---|---|---|
| other than fail | any | any | passed over |
| fail | absent, its rule was not run | any | passed over: what stands for it stays as it is |
| fail | absent | one that is accepted | gone |
| fail | absent | none that is accepted | fixed |
| fail | any other, or none | one that is accepted, or has no status | accepted |
| fail | any other, or none | none, or under review, or rejected | open |

What is not in these tables is reported, and never guessed.
"""

from __future__ import annotations

from typing import Any

from ledger.importers.findings.fields import objects_of, text_of
from ledger.importers.findings.finding import FindingState
from ledger.vocabulary.errors import Unreadable

FAIL, ABSENT = "fail", "absent"
NOT_APPLICABLE = "notApplicable"
#: A missing one is a fail.
KINDS = (FAIL, "pass", "open", "review", "informational", NOT_APPLICABLE)
#: Of these the tool says that there is nothing to do.
NO_PROBLEM = ("pass", "informational")
#: A missing one says that nothing was compared.
BASELINE_STATES = ("", "new", "unchanged", "updated", ABSENT)
#: Whether a suppression of that status holds; one without any does.
HOLDS = {"": True, "accepted": True, "underReview": False, "rejected": False}


def kind_of(result: dict[str, Any]) -> str:
    """What a result tells of. Raises Unreadable for a kind that SARIF does not have."""
    return _known(text_of(result, "kind") or FAIL, "kind", KINDS)


def baseline_state(result: dict[str, Any]) -> str:
    """How a result stands to the run before, empty if nothing says so. Raises Unreadable for what SARIF does not have."""
    return _known(text_of(result, "baselineState"), "baselineState", BASELINE_STATES)


def suppressions(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The suppressions that hold. Raises Unreadable for a status that SARIF does not have."""
    found = objects_of(result, "suppressions")
    return [each for each in found if HOLDS[_known(text_of(each, "status"), "status of a suppression", tuple(HOLDS))]]


def state_of(result: dict[str, Any]) -> FindingState:
    """The state of a result of kind fail whose rule was run. Raises Unreadable."""
    suppressed = bool(suppressions(result))
    if baseline_state(result) == ABSENT:
        # Accepted, and then not found any more: nobody says that it was worked on.
        return "gone" if suppressed else "fixed"
    return "accepted" if suppressed else "open"


def said(result: dict[str, Any]) -> str:
    """The state in SARIF's words."""
    suppressed = (f"suppressed {text_of(each, 'kind')}".strip() for each in suppressions(result))
    return ", ".join(dict.fromkeys(word for word in (baseline_state(result), *suppressed) if word))


def justification(result: dict[str, Any]) -> str:
    """Why a result is suppressed, as far as somebody says it."""
    return "; ".join(dict.fromkeys(text for each in suppressions(result) if (text := text_of(each, "justification"))))


def _known(word: str, what: str, words: tuple[str, ...]) -> str:
    if word not in words:
        raise Unreadable(
            f"Nobody knows what the {what} '{word}' means: SARIF 2.1.0 has {', '.join(filter(None, words))}."
        )
    return word
