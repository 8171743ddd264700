"""What commissions and observations share: the item that is opened, and what every opening is checked for."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

import msgspec

from ledger.decide.command import Command, Needs
from ledger.decide.convention import by_convention
from ledger.decide.placing import Placed, place_in_book, refuse_future
from ledger.decide.pricing import Priced, carry_of, rate_on
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import closest, required
from ledger.vocabulary.categories import CATEGORIES, Category
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import DIMENSIONS, Dimension
from ledger.vocabulary.quantities import Interest, Quantity
from ledger.vocabulary.text import MAX_TITLE


class OpeningCommand(Command, frozen=True, kw_only=True):
    """What commissions and observations share; source to details are of imported items."""

    system: str
    title: str
    category: str
    dimension: str | None = None
    principal: Quantity | None = None
    interest: Interest | None = None
    source: str | None = None
    external_key: str | None = None
    content_hash: str | None = None
    details: dict[str, str] = msgspec.field(default_factory=dict)

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), number_in=self.system)


class OpeningFields(TypedDict):
    """The fields that both openings share, as `events.Opening` describes them."""

    occurred_on: date | None
    evidence: str | None
    item: str
    system: str
    title: str
    dimension: Dimension
    category: str
    carry_minor_per_year: int
    effort_minutes: int | None
    day_rate_minor: int | None
    source: str | None
    external_key: str | None
    content_hash: str | None
    details: dict[str, str]


def opened(command: OpeningCommand, state: State) -> tuple[Category, Placed]:
    """What every opening is checked for: system, title, category, day."""
    system = known_system(command.system, state)
    category = known_category(command.category)
    if command.dimension is not None and command.dimension != category.dimension:
        known = "" if command.dimension in DIMENSIONS else f" Dimensions: {', '.join(DIMENSIONS)}."
        raise Refused(
            f"{category.slug} belongs to the dimension {category.dimension}, not {command.dimension}.{known}",
            "Leave --dimension out; the category fixes it.",
        )
    if not all(key.isascii() for key in command.details):
        by_convention(
            Refused("A detail's name has letters beyond ASCII: the canonical order of keys would be in doubt.")
        )
    refuse_future(command.on or state.today, state.today)
    placed = place_in_book(command, state)
    if system.retired_on is not None and placed.happened_on >= system.retired_on:
        raise Refused(
            f"{system.key} was retired on {system.retired_on}: it takes no new items from then on.",
            f"`debt list --system {system.key}` shows what is still open on it.",
        )
    return category, placed


def known_category(slug: str) -> Category:
    """The category of that name."""
    if slug not in CATEGORIES:
        unknown = f"There is no category '{slug}'. {closest(slug, list(CATEGORIES))}".strip()
        raise Refused(
            unknown if slug else "There is no category '': --category is missing.", "`debt categories` lists them."
        )
    return CATEGORIES[slug]


def common_fields(
    command: OpeningCommand, state: State, category: Category, placed: Placed, principal: Priced
) -> OpeningFields:
    rate = rate_on(command.system, placed.effective_on, state)
    return {
        "occurred_on": placed.occurred_on,
        "evidence": command.evidence,
        "item": f"{command.system}-{state.next_number}",
        "system": command.system,
        "title": required(command.title, "The title", MAX_TITLE),
        "dimension": category.dimension,
        "category": category.slug,
        "carry_minor_per_year": carry_of(command.interest, principal.minor, rate, state),
        "effort_minutes": principal.minutes,
        "day_rate_minor": principal.rate_minor,
        "source": command.source,
        "external_key": command.external_key,
        "content_hash": command.content_hash,
        "details": command.details,
    }
