"""What SonarQube says of an issue, and which of our states that is: every state that any generation documents.

Until 10.3 an issue has a status and a resolution; from 10.4 on also an `issueStatus`, which does not tell work from a file
that was removed and therefore speaks only where the older pair is missing or says nothing. Security hotspots have a status
of their own. What is not in these tables is reported, and never guessed.
"""

from __future__ import annotations

from ledger.importers.findings.finding import FindingState

#: By status and resolution, of issues and hotspots.
STATE_OF: dict[tuple[str, str], FindingState] = {
    ("OPEN", ""): "open",
    ("CONFIRMED", ""): "open",
    ("REOPENED", ""): "open",
    ("RESOLVED", "FIXED"): "fixed",
    ("RESOLVED", "FALSE_POSITIVE"): "rejected",
    ("RESOLVED", "WONTFIX"): "accepted",
    ("RESOLVED", "ACCEPTED"): "accepted",
    ("RESOLVED", "REMOVED"): "gone",
    ("CLOSED", "FIXED"): "fixed",
    ("CLOSED", "FALSE_POSITIVE"): "rejected",
    ("CLOSED", "REMOVED"): "gone",
    # Accepted, and then not found any more: nobody says that it was worked on.
    ("CLOSED", "WONTFIX"): "gone",
    ("CLOSED", "ACCEPTED"): "gone",
    # Security hotspots.
    ("TO_REVIEW", ""): "open",
    ("IN_REVIEW", ""): "open",
    ("REVIEWED", "FIXED"): "fixed",
    ("REVIEWED", "SAFE"): "rejected",
    ("REVIEWED", "ACKNOWLEDGED"): "accepted",
    ("REVIEWED", "EXCEPTION"): "accepted",
    ("CLOSED", "SAFE"): "rejected",
    ("CLOSED", "ACKNOWLEDGED"): "gone",
    ("CLOSED", "EXCEPTION"): "gone",
}

#: By `issueStatus` alone.
STATE_OF_ISSUE_STATUS: dict[str, FindingState] = {
    "OPEN": "open",
    "CONFIRMED": "open",
    "ACCEPTED": "accepted",
    "FALSE_POSITIVE": "rejected",
    "FIXED": "fixed",
}


def state_of(status: str, resolution: str, issue_status: str, *, closed: bool) -> FindingState | None:
    """The state of an issue, None for one that no table names. closed: whether it has a close date."""
    pair, alone = (_word(status), _word(resolution)), _word(issue_status)
    if pair in STATE_OF:
        return STATE_OF[pair]
    if alone and not pair[1]:
        return STATE_OF_ISSUE_STATUS.get(alone)
    if pair == ("", ""):
        # Exports that leave the status out: a close date is all that they say.
        return "fixed" if closed else "open"
    return None


def said(status: str, resolution: str, issue_status: str) -> str:
    """The state in SonarQube's words."""
    words = [word for word in (status, resolution) if word] or [issue_status]
    return ", ".join(word for word in words if word)


def _word(text: str) -> str:
    """FALSE-POSITIVE and FALSE_POSITIVE, Won't Fix and WONTFIX are the same."""
    word = text.strip().upper().replace("'", "").replace("-", "_").replace(" ", "_")
    return {"WONT_FIX": "WONTFIX", "FALSEPOSITIVE": "FALSE_POSITIVE"}.get(word, word)
