"""The statuses of a decision record, and the words that mean one of them.

A word that is not here is kept as the record says it, and means none of them: nothing is guessed.
"""

from __future__ import annotations

PROPOSED, ACCEPTED, SUPERSEDED = "proposed", "accepted", "superseded"

#: In the order of a record's life.
DECISION_STATUSES = ("draft", PROPOSED, "rejected", ACCEPTED, "deprecated", SUPERSEDED)

#: Other words in use for one of them; 'superceded' is how the oldest tool of the field spells it.
STATUS_WORDS = {
    **{status: status for status in DECISION_STATUSES},
    "approved": ACCEPTED,
    "superceded": SUPERSEDED,
}
