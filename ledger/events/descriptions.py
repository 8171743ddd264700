"""Descriptions: how people call an item, find it, and who looks after it. They post nothing, and may change at any time."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.events.item import ItemEvent
from ledger.vocabulary.tags import NOBODY


class Description(ItemEvent, frozen=True, kw_only=True):
    """Says something about an item that changes nothing it owes; closed and reversed items take it too. No postings."""


class ItemRetitled(Description, frozen=True, kw_only=True):
    """The item is called otherwise from that day on."""

    title: str


class ItemLinked(Description, frozen=True, kw_only=True):
    """More about the item is found under this address, a URL."""

    url: str


class ItemTagged(Description, frozen=True, kw_only=True):
    """Words to find the item by, put on and taken off: each once, in order of the alphabet."""

    added: tuple[str, ...]
    removed: tuple[str, ...]


class ItemAssigned(Description, frozen=True, kw_only=True):
    """Who looks after the item. assignee: None for nobody."""

    assignee: str | None


class DescribedItem(msgspec.Struct, frozen=True, gc=False):
    """What the descriptions of an item come to. tags: in order of the alphabet; links: in order of their days."""

    title: str
    tags: tuple[str, ...] = ()
    assignee: str | None = None
    links: tuple[str, ...] = ()


def described(title: str, said: Iterable[Description]) -> DescribedItem:
    """What descriptions come to: the last that stands counts, tag by tag.

    title: the one it was opened with. said: those that stand, in order of day, then position.
    """
    tags: set[str] = set()
    links: list[str] = []
    assignee: str | None = None
    for each in said:
        match each:
            case ItemRetitled():
                title = each.title
            case ItemTagged():
                tags = (tags - set(each.removed)) | set(each.added)
            case ItemAssigned():
                assignee = each.assignee
            case ItemLinked():
                links.append(each.url)
    return DescribedItem(title, tuple(sorted(tags)), assignee, tuple(links))


def said_of_item(event: Description) -> str:
    """A description in its own words, as typed."""
    match event:
        case ItemRetitled():
            return event.title
        case ItemLinked():
            return event.url
        case ItemTagged():
            return " ".join([*(f"+{tag}" for tag in event.added), *(f"-{tag}" for tag in event.removed)])
        case ItemAssigned():
            return event.assignee or NOBODY
    return ""
