"""Tagging an item: words to find it by."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.describing import describable, refuse_unchanging
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.events import ItemTagged
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.tags import is_tag


class TagItem(ItemCommand, frozen=True, kw_only=True, tag="tag"):
    """add, remove: tags, as `vocabulary.tags` has them."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def decide_tag(command: TagItem, state: State) -> tuple[Decided, ...]:
    """Any item takes tags, closed and reversed ones too. What it has already is not added, what it lacks not removed."""
    item = describable(command.item, state)
    _refuse_unfit(command, item.id)
    placed = place_on_item(command, state, item)
    tags = set(item.described_on(placed.effective_on).tags)
    added, removed = sorted(set(command.add) - tags), sorted(set(command.remove) & tags)
    if not added and not removed:
        refuse_unchanging(item, placed.effective_on, f"has the tags {', '.join(sorted(tags)) or '(none)'}")
    event = ItemTagged(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        added=tuple(added),
        removed=tuple(removed),
    )
    return (Decided(placed.effective_on, event),)


def _refuse_unfit(command: TagItem, item: str) -> None:
    usage = f"`debt tag {item} +fraud -later` adds one and removes another."
    if not command.add and not command.remove:
        by_convention(Refused("No tag is named.", usage))
    for tag in (*command.add, *command.remove):
        if not is_tag(tag):
            by_convention(
                Refused(
                    f"'{tag}' is no tag: one word of up to 50 small letters, digits, '-', '_', '.', ':' and '/', which "
                    "begins with a letter or a digit.",
                    usage,
                )
            )
    if both := sorted(set(command.add) & set(command.remove)):
        by_convention(Refused(f"'{both[0]}' is both to be added and to be removed.", usage))
