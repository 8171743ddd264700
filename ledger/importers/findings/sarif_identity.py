"""What identifies a result from run to run, although SARIF requires nothing that does (docs/decisions/0043)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ledger.events.codec import canonical, sha256_hex
from ledger.importers.findings.fields import object_of, text_of
from ledger.importers.findings.sarif_places import ResultPlace

#: The best that a result has. Of the last two the text is that of the code, or of the message.
IdentityForm = Literal["correlationGuid", "fingerprint", "partial fingerprints", "snippet", "message"]
_DIGITS = 16
#: Partial fingerprints that say where in its line a result is: that changes while the result stays.
_PLACES = ("primaryLocationStartColumnFingerprint",)


@dataclass(frozen=True, slots=True)
class ResultIdentity:
    """form: what it is made of. material: the values of it."""

    form: IdentityForm
    material: tuple[str, ...]


def identity_of(result: dict[str, Any], place: ResultPlace, message: str) -> ResultIdentity:
    """What identifies a result within its rule. Raises Unreadable for what is no text."""
    if guid := text_of(result, "correlationGuid"):
        return ResultIdentity("correlationGuid", (guid.lower(),))
    if whole := _values(result, "fingerprints"):
        return ResultIdentity("fingerprint", whole[0])
    at = (place.file, place.logical)
    if partial := _values(result, "partialFingerprints"):
        return ResultIdentity("partial fingerprints", (*at, *(part for pair in partial for part in pair)))
    if place.snippet:
        return ResultIdentity("snippet", (*at, place.snippet))
    return ResultIdentity("message", (*at, message))


def _values(result: dict[str, Any], name: str) -> list[tuple[str, str]]:
    """Names and values of fingerprints, in their order: of one in several versions the earliest, which a tool keeps longest.

    What holds white space is a sentence in the place of one, like 'requires login'.
    """
    said = object_of(result, name)
    earliest: dict[str, tuple[str, str]] = {}
    for version in sorted(said, key=lambda each: (each.rpartition("/v")[0], len(each), each)):
        value = text_of(said, version)
        if value and not any(character.isspace() for character in value) and version not in _PLACES:
            base, _, number = version.rpartition("/v")
            earliest.setdefault(base if number.isdecimal() else version, (version, value))
    return list(earliest.values())


@dataclass(slots=True)
class ResultKeys:
    """Keys of the results of one import. taken: by what identifies them, the places that have it, in their order."""

    taken: dict[str, dict[tuple[str, str, str], int]] = field(default_factory=dict)

    def key(self, scope: str, rule: str, identity: ResultIdentity, place: ResultPlace, message: str) -> str:
        """The key of a result. What is told twice of one place has one key; like results in several places are numbered."""
        digest = sha256_hex(canonical([scope, rule, identity.form, *identity.material]))[:_DIGITS]
        places = self.taken.setdefault(digest, {})
        number = places.setdefault((place.file, place.region, message), len(places) + 1)
        return f"{rule or 'no-rule'}:{digest}{f'#{number}' if number > 1 else ''}"
