"""What a result says, in plain text: looked up, its arguments filled in, its links reduced to their words."""

from __future__ import annotations

import re
from typing import Any

from ledger.importers.findings.fields import object_of, text_of
from ledger.importers.findings.sarif_rules import SarifRule
from ledger.vocabulary.errors import Unreadable

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(\d{1,4})\}", re.ASCII)
#: Links into the log itself lead nowhere outside it.
_LINK = re.compile(r"\[((?:\\.|[^\\\[\]])*)\]\((?:\d+|sarif:[^()\s]*)\)", re.ASCII)


def message_of(result: dict[str, Any], rule: SarifRule) -> str:
    """The message of a result, or what its rule says of itself, or the rule's name. Raises Unreadable if there is none."""
    said = object_of(result, "message")
    text = text_of(said, "text") or _looked_up(text_of(said, "id"), rule)
    arguments = said.get("arguments")
    if isinstance(arguments, list) and arguments:
        text = _PLACEHOLDER.sub(lambda match: _filled(match, arguments), text)
    text = _LINK.sub(lambda match: re.sub(r"\\([\\\[\]])", r"\1", match[1]), text)
    if not text.strip():
        described = (
            text_of(object_of(rule.descriptor, name), "text") for name in ("shortDescription", "fullDescription")
        )
        text = next((each for each in (*described, text_of(rule.descriptor, "name"), rule.id) if each), "")
    if not text:
        raise Unreadable("The result has neither a message nor a rule.")
    return text


def _looked_up(name: str, rule: SarifRule) -> str:
    """A message that is named: the rule has it, or what all rules of its component share."""
    if not name:
        return ""
    for strings in (
        object_of(rule.descriptor, "messageStrings"),
        object_of(rule.component.said, "globalMessageStrings"),
    ):
        if text := text_of(object_of(strings, name), "text"):
            return text
    raise Unreadable(f"The message '{name}' is not among those of its rule.")


def _filled(match: re.Match[str], arguments: list[Any]) -> str:
    if match[1] is None:
        return match[0][0]
    number = int(match[1])
    return str(arguments[number]) if number < len(arguments) else match[0]
