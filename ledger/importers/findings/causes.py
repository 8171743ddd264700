"""Why findings were left undone: what a person says of all of them, and else what a reader's own tables suggest."""

from __future__ import annotations

from ledger.importers.findings.kind import ImportOption
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import CAUSES

#: Most rules say that there is a better way to write it.
OTHER_CAUSE = "not-knowing-better"


def refuse_no_cause(cause: str | None) -> None:
    """Raise Refused for a cause that there is not."""
    if cause is not None and cause not in CAUSES:
        raise Refused(f"There is no cause '{cause}'.", f"Causes: {', '.join(CAUSES)}.")


def cause_option(told: str) -> ImportOption:
    """`--cause`. told: of which findings it is, and what suggests one without it."""
    return ImportOption(name="cause", help=told, read=lambda text: text.strip().lower(), names="causes")
