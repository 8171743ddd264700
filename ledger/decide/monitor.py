"""Documenting a monitor: what is watched of a system, what happens when it breaks, and what that costs."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.decide.command import Needs, SystemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.laws import known_item
from ledger.decide.placing import place_in_book
from ledger.decide.pricing import Priced, carry_of, priced, rate_on
from ledger.decide.state import State, System
from ledger.decide.system import known_system
from ledger.decide.words import closest, name, required
from ledger.events import MonitorDocumented
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.kinds import Remediation
from ledger.vocabulary.measure_settings import parted_roles, read_threshold, refuse_ratio, refuse_strange
from ledger.vocabulary.measurements import KINDS
from ledger.vocabulary.quantities import Interest, Quantity


class DocumentMonitor(SystemCommand, frozen=True, kw_only=True, tag="monitor"):
    """settings: how it is measured, by option, and the roles of columns among them.

    principal, interest: what one breach costs, in one series; agreed_by: who agreed on that.

    reference_sha256: of the file that the setting `reference` names; `ledger.services.reference` reads it. ratio: a second
    threshold, relative, above 1, of kinds that have one.
    """

    monitor: str
    what: str
    threshold: str
    alerts: bool
    remediation: Remediation
    plan: str
    carried_by: str | None = None
    settings: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    principal: Quantity | None = None
    interest: Interest | None = None
    agreed_by: str | None = None
    reference_sha256: str | None = None
    ratio: str | None = None

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), items=(self.carried_by,) if self.carried_by else ())


def decide_document_monitor(command: DocumentMonitor, state: State) -> tuple[Decided, ...]:
    """A monitor says what it watches and what is done; whether anybody is told, and by whom it is mended, is answered."""
    system = known_system(command.system, state)
    _check_settings(command)
    _check_carrying(command, state)
    placed = place_in_book(command, state)
    _check_reference(command, system, placed.effective_on)
    principal, carry = _agreed(command, placed.effective_on, state)
    settings, roles = parted_roles(command.what, command.settings)
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
        settings=settings,
        principal_minor=principal.minor if command.principal is not None else None,
        carry_minor_per_year=carry,
        effort_minutes=principal.minutes,
        day_rate_minor=principal.rate_minor,
        agreed_by=name(command.agreed_by, "--agreed-by") if command.agreed_by is not None else None,
        ratio=command.ratio,
        roles=roles,
        reference_sha256=command.reference_sha256,
    )
    return (Decided(placed.effective_on, event),)


def _check_settings(command: DocumentMonitor) -> None:
    if command.what not in KINDS:
        by_convention(
            Refused(
                f"Nothing measures '{command.what}'. {closest(command.what, list(KINDS))}".strip(),
                f"--what takes {', '.join(KINDS)}.",
            )
        )
    try:
        refuse_strange(command.what, command.settings)
        refuse_ratio(command.what, command.ratio)
        read_threshold(
            command.what, command.threshold, of_numbers=command.settings.get("kind", ())[-1:] == ("numbers",)
        )
    except Unreadable as strange:
        by_convention(strange)


def _check_carrying(command: DocumentMonitor, state: State) -> None:
    """Only what somebody decided carries a risk."""
    if command.carried_by is None:
        return
    item = known_item(command.carried_by, state)
    if item.nature_on(command.on or state.today) != "debt":
        raise Refused(
            f"{item.id} is neglect: it carries no risk knowingly.",
            f"A decision makes it debt first: `debt adopt {item.id} --decided-by … --because …`.",
        )


def _check_reference(command: DocumentMonitor, system: System, day: date) -> None:
    """A file is known by its content, and gives way to another only with a reason."""
    if "reference" in command.settings and command.reference_sha256 is None:
        by_convention(
            Refused(
                "The reference is not known by its content: somebody could exchange it unseen.",
                "From Python `ledger.services.reference.pinned` reads it: record(pinned(DocumentMonitor(…))).",
            )
        )
    before = system.monitors_on(day).get(command.monitor)
    pinned = before.reference_sha256 if before else None
    if pinned is not None and command.reference_sha256 not in (None, pinned):
        by_convention(
            Refused(
                f"'{command.monitor}' compares with another file: its sha256 begins with {pinned[:12]}, that of "
                f"{command.settings['reference'][-1]} with {str(command.reference_sha256)[:12]}.",
                f"`debt monitor {system.key} {command.monitor} --new-reference FILE --because …` replaces it.",
            )
        )


def _agreed(command: DocumentMonitor, day: date, state: State) -> tuple[Priced, int]:
    """What one breach costs, and its interest a year, in minor units: resolved now, so that no breach is refused at night."""
    if command.principal is None:
        if command.interest is not None or command.agreed_by is not None:
            by_convention(
                Refused(
                    "--interest and --agreed-by say something of --principal, which is missing.",
                    "Give --principal too.",
                )
            )
        return Priced(0), 0
    if command.agreed_by is None:
        by_convention(
            Refused(
                "--agreed-by is missing: what a breach costs is in the books from the first night, so somebody agreed on it.",
                "Say who: --agreed-by WHO.",
            )
        )
    rate = rate_on(command.system, day, state)
    principal = priced(command.principal, "--principal", state, rate)
    return principal, carry_of(command.interest, principal.minor, rate, state)
