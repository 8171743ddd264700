"""The status of a decision record: its words, the one of ours that they mean, and what else it says beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from ledger.importers.decision_log.dates import date_in
from ledger.vocabulary.decision_statuses import DECISION_STATUSES, STATUS_WORDS, SUPERSEDED

SUPERSEDES, SUPERSEDED_BY = "supersedes", "superseded by"

#: How records say that they refer to another, and what each is kept as.
RELATIONS = {
    "supersedes": SUPERSEDES,
    "supercedes": SUPERSEDES,
    "replaces": SUPERSEDES,
    "superseded by": SUPERSEDED_BY,
    "superceded by": SUPERSEDED_BY,
    "replaced by": SUPERSEDED_BY,
    **{
        relation: relation
        for relation in ("amends", "amended by", "clarifies", "clarified by", "refines", "refined by", "extends",
                         "extended by", "depends on", "relates to")
    },
    "related to": "relates to",
}  # fmt: skip
_RELATION = re.compile(rf"^({'|'.join(RELATIONS)})\b[:\s]*(.*)$", re.IGNORECASE | re.DOTALL)
_NEXT_RELATION = re.compile(rf"[;,.]\s+(?=(?:{'|'.join(RELATIONS)})\b)", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_STRUCK = re.compile(r"~~[^~]*~~")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_MARKS = " \t*_`\"'{}[]()!.,;:–—-✅❌"
_ON = re.compile(r"\b(?:on|since|as of)\b\s*(?=[\W]*$)", re.IGNORECASE)
_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
_ONE_OF = re.compile(r"\w\s*\|\s*\w")


#: Of a status; what is longer is an essay, and said in its beginning.
_MOST_LINES, _LONGEST_LINE = 50, 2000


@dataclass(frozen=True, slots=True)
class StatusRead:
    """What stands under a record's status.

    status: None where the words mean none that is known. said: the words. dated_on: a day beside the status. relations: what
    it says of other records: the relation, and the words that name them. doubt: why the words mean no status, None if they do.
    """

    status: str | None = None
    said: str | None = None
    dated_on: date | None = None
    relations: tuple[tuple[str, str], ...] = ()
    doubt: str | None = None


def read_status(lines: Iterable[str], meanings: Mapping[str, str] = MappingProxyType({})) -> StatusRead:
    """Read the lines of a status, the latest of several where each has its day.

    meanings: of words in small letters; they go before those that are known here.
    """
    statuses = {**STATUS_WORDS, **meanings}
    written = without_comments("\n".join(lines)).split("\n")[:_MOST_LINES]
    parts = [part for line in written for part in _parts(line[:_LONGEST_LINE])]
    relations = tuple(found for part in parts if (found := relation_in(part)))
    plain = [part for part in parts if relation_in(part) is None]
    words = [_word(part) for part in plain]
    said = "; ".join(plain or parts) or None
    stated = next((day for _, day in words if day), None)
    if any(_ONE_OF.search(part) for part in plain):
        return StatusRead(None, said, stated, relations, "is still the template's choice of words")
    if any(relation == SUPERSEDED_BY for relation, _ in relations):
        return StatusRead(SUPERSEDED, "; ".join(parts), _day_of(relations), relations)
    known = [(day, statuses[word]) for word, day in words if word in statuses]
    if not known:
        doubt = f"is none of {', '.join(DECISION_STATUSES)}" if plain else None
        return StatusRead(None, said, stated, relations, doubt)
    dated = [(day, status) for day, status in known if day is not None]
    if len({status for _, status in known}) > 1 and len(dated) < len(known):
        return StatusRead(None, said, stated, relations, "says several things, and not since when each")
    day, status = max(dated, key=lambda each: each[0]) if dated else known[0]
    return StatusRead(status, said, day, relations)


def relation_in(line: str) -> tuple[str, str] | None:
    """The relation that a line begins with, and what follows; None if it begins with none."""
    found = _RELATION.match(_BULLET.sub("", line).lstrip(" \t*_"))
    return (RELATIONS[found[1].lower()], found[2].strip()) if found else None


def without_comments(text: str) -> str:
    """A text without the comments of HTML, in which templates explain themselves."""
    return _COMMENT.sub("", text)


def _parts(line: str) -> list[str]:
    """The statements of a line: 'accepted; supersedes 3' has two."""
    bare = _STRUCK.sub("", _BULLET.sub("", line)).strip().strip("{}\"'").strip()
    return [part.strip() for part in _NEXT_RELATION.split(bare) if part.strip(_MARKS)]


def _word(part: str) -> tuple[str, date | None]:
    """What a statement says besides its day, in lower case."""
    day, rest = date_in(part)
    return _ON.sub("", rest.strip(_MARKS)).strip(_MARKS).lower(), day


def _day_of(relations: tuple[tuple[str, str], ...]) -> date | None:
    return next((day for _, rest in relations if (day := date_in(_LINK.sub("", rest))[0])), None)
