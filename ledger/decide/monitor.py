"""Documenting a monitor: what is watched of a system, and what happens when it breaks."""

from __future__ import annotations

import msgspec

from ledger.decide.command import Needs, SystemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.decimal_text import decimal
from ledger.decide.laws import known_item
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import closest, name, required
from ledger.events import (
    MonitorDocumented,
)
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.kinds import Remediation
from ledger.vocabulary.measure_settings import refuse_strange
from ledger.vocabulary.measurements import KINDS


class DocumentMonitor(SystemCommand, frozen=True, kw_only=True, tag="monitor"):
    monitor: str
    what: str
    threshold: str
    alerts: bool
    remediation: Remediation
    plan: str
    carried_by: str | None = None
    settings: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), items=(self.carried_by,) if self.carried_by else ())


def decide_document_monitor(command: DocumentMonitor, state: State) -> tuple[Decided, ...]:
    """A monitor says what it watches and what is done; whether anybody is told, and by whom it is mended, is answered."""
    system = known_system(command.system, state)
    if command.what not in KINDS:
        by_convention(
            Refused(
                f"Nothing measures '{command.what}'. {closest(command.what, list(KINDS))}".strip(),
                f"--what takes {', '.join(KINDS)}.",
            )
        )
    try:
        refuse_strange(command.what, command.settings)
    except Unreadable as strange:
        by_convention(strange)
    decimal(command.threshold, "--threshold")
    if command.carried_by is not None:
        item = known_item(command.carried_by, state)
        if item.nature_on(command.on or state.today) != "debt":
            raise Refused(
                f"{item.id} is neglect: it carries no risk knowingly.",
                f"A decision makes it debt first: `debt adopt {item.id} --decided-by … --because …`.",
            )
    placed = place_in_book(command, state)
    event = MonitorDocumented(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        monitor=name(command.monitor, "The monitor's name"),
        what=command.what,
        threshold=command.threshold,
        alerts=command.alerts,
        remediation=command.remediation,
        plan=required(command.plan, "--plan"),
        carried_by=command.carried_by,
        settings=command.settings,
    )
    return (Decided(placed.effective_on, event),)
