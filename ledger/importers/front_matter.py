"""Front matter: the YAML between two lines '---' at the top of a Markdown file.

Every scalar is read as the text that stands there: 'no' is Norwegian, and 1.10 a version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from ledger.vocabulary.errors import Unreadable

_DEEPEST = 20
_SHOWN = 40

#: A value as read: texts, lists and mappings of them.
YamlValue = str | list["YamlValue"] | dict[str, "YamlValue"] | None


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands above a text. fields: by their keys; body: the lines below; fault: why it is no YAML, None if it is.

    twice: keys that one mapping has more than once; of those the fields have the last.
    """

    fields: dict[str, YamlValue] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    fault: str | None = None
    twice: tuple[RepeatedKey, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatedKey:
    """A key that a mapping has twice. top: the key of the front matter under which it stands, or itself."""

    top: str
    key: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"the key '{self.key}' twice, as '{self.first}' and as '{self.second}'"


def parted(lines: list[str]) -> FrontMatter:
    """A text's front matter and its body; without front matter all of it is body.

    Raises Unreadable for front matter that does not end.
    """
    if not lines or lines[0].rstrip() != "---":
        return FrontMatter(body=lines)
    for place, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            text = "\n".join(lines[1:place])
            fields, fault = _fields(text)
            twice = () if fault or not fields else tuple(_repeated_keys(yaml.compose(text, yaml.BaseLoader)))
            return FrontMatter(fields, lines[place + 1 :], fault, twice)
    raise Unreadable("Its front matter begins with '---' on line 1 and does not end.")


def _fields(text: str) -> tuple[dict[str, YamlValue], str | None]:
    try:
        if fault := _fault(text):
            return {}, fault
        # BaseLoader makes texts, lists and mappings, and nothing else: safer than SafeLoader.
        found = yaml.load(text, yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        # Counted from 0, and below the line '---'.
        place = f", on line {error.problem_mark.line + 2}" if error.problem_mark else ""
        return {}, f"{error.problem or 'it is no YAML'}{place}"
    except yaml.YAMLError:
        return {}, "it holds what YAML does not allow"
    if found is None or found == "":
        return {}, None
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        return {}, "it has no keys"
    return found, None


def _fault(text: str) -> str | None:
    """Why YAML is not read further, though it is YAML. A few lines can stand for more than any memory or patience holds."""
    depth = 0
    for event in yaml.parse(text, yaml.BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return "it is nested too deeply"
        if isinstance(event, yaml.AliasEvent):
            return "it repeats parts of itself by aliases (*)"
    return None


def _repeated_keys(node: yaml.Node | None, top: str = "") -> Iterator[RepeatedKey]:
    """The keys that a mapping below a node has twice: YAML forbids them, and its readers keep the last without a word."""
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _repeated_keys(each, top)
    elif isinstance(node, yaml.MappingNode):
        seen = dict[str, str]()
        for key, value in node.value:
            said = _shown(value)
            if key.value in seen:
                yield RepeatedKey(top or key.value, key.value, seen[key.value], said)
            seen[key.value] = said
            yield from _repeated_keys(value, top or key.value)


def _shown(node: yaml.Node) -> str:
    """A value in a message, as far as one reads it."""
    said = " ".join(node.value.split()) if isinstance(node, yaml.ScalarNode) else "…"
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


def texts(value: YamlValue) -> Iterator[str]:
    """The texts in a value, one after the other; those below a key with the key before them."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield f"{key}: {', '.join(texts(each))}"
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif value and value.strip():
        yield value.strip()
