"""Mappings of decision records: what their words for a status mean, and who the deciders are."""

from __future__ import annotations

from pathlib import Path

from ledger.importers.mapping import DECIDERS, FieldMapping, read_mapping
from ledger.vocabulary.decision_statuses import DECISION_STATUSES
from ledger.vocabulary.errors import NOTHING_RECORDED, Unreadable

STATUS = "status"
FIELDS = (STATUS, DECIDERS)


def decision_mapping(path: Path) -> FieldMapping:
    """Read a mapping of decision records. Raises Unreadable for one that names columns, an identity, or no status of ours."""
    mapping = read_mapping(path, FIELDS)
    if mapping.columns:
        raise Unreadable(
            f"{path} has [columns]: a decision record has none, and its labels are known by name (docs/decision-log.md). "
            f"[values.status], [values.deciders] and [people] are read. {NOTHING_RECORDED}"
        )
    if mapping.identity:
        raise Unreadable(
            f"{path} has [identity]: a decision record is known by its path within its log. Leave that out. {NOTHING_RECORDED}"
        )
    for theirs, ours in mapping.values.get(STATUS, {}).items():
        if ours not in DECISION_STATUSES:
            raise Unreadable(
                f"{path}: '{theirs}' cannot mean '{ours}': a status is one of {', '.join(DECISION_STATUSES)}. {NOTHING_RECORDED}"
            )
    return mapping
