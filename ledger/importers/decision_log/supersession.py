"""Which records of a folder another one supersedes, itself or through others, whichever of the two says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from ledger.importers.decision_log.folder import RecordRead


def superseded_by_each(records: Iterable[RecordRead]) -> Mapping[str, Set[str]]:
    """By the id of a record the ids of all that it supersedes; of records that supersede each other, each the others."""
    direct = defaultdict[str, set[str]](set)
    for record in records:
        direct[record.id].update(record.supersedes)
        for newer in record.superseded_by:
            direct[newer].add(record.id)
    return {id_: _reached(id_, direct) for id_ in list(direct)}


def _reached(start: str, direct: Mapping[str, Set[str]]) -> Set[str]:
    found, ahead = set[str](), list(direct[start])
    while ahead:
        id_ = ahead.pop()
        if id_ not in found and id_ != start:
            found.add(id_)
            ahead += direct.get(id_, ())
    return found
