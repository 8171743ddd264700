"""Linking an item: where more about it is found."""

from __future__ import annotations

import re

from ledger.decide.command import ItemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.describing import describable, refuse_unchanging
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import ItemLinked
from ledger.vocabulary.errors import Refused

#: What a browser opens and can do no harm.
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


class LinkItem(ItemCommand, frozen=True, kw_only=True, tag="link"):
    """url: of http or https."""

    url: str


def decide_link(command: LinkItem, state: State) -> tuple[Decided, ...]:
    """Any item takes links, closed and reversed ones too; each once."""
    item = describable(command.item, state)
    url = required(command.url, "The URL")
    if not _URL.fullmatch(url):
        by_convention(
            Refused(
                f"'{url}' is no URL: write it like https://tracker.example/FRAUD-12.",
                f"What is none goes into a note: `debt note {item.id} TEXT`.",
            )
        )
    placed = place_on_item(command, state, item)
    if url in item.described_on(placed.effective_on).links:
        refuse_unchanging(item, placed.effective_on, "has that link")
    event = ItemLinked(occurred_on=placed.occurred_on, evidence=command.evidence, item=item.id, url=url)
    return (Decided(placed.effective_on, event),)
