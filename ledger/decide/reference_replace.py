"""Replacing the file that a monitor compares with: by a decision with a reason, and never unseen."""

from __future__ import annotations

from ledger.decide.command import SystemCommand
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_monitor, known_system
from ledger.decide.words import required
from ledger.events import ReferenceReplaced
from ledger.vocabulary.errors import Refused


class ReplaceReference(SystemCommand, frozen=True, kw_only=True, tag="reference-replace"):
    """reference: where the file is; sha256: of its content. `ledger.services.reference` reads it."""

    monitor: str
    reference: str
    sha256: str
    because: str | None = None


def decide_replace_reference(command: ReplaceReference, state: State) -> tuple[Decided, ...]:
    """Another file, or the same one elsewhere."""
    system = known_system(command.system, state)
    because = required(command.because, "--because")
    placed = place_in_book(command, state)
    monitor = known_monitor(system, command.monitor, placed.effective_on)
    if "reference" not in monitor.settings:
        raise Refused(
            f"The monitor '{monitor.monitor}' of {system.key} compares with no file.",
            f"`debt monitor {system.key} {monitor.monitor} --reference FILE …` documents one.",
        )
    if (command.reference, command.sha256) == (monitor.settings["reference"][-1], monitor.reference_sha256):
        raise Refused(
            f"{command.reference} is the reference of '{monitor.monitor}' already, and has not changed.",
            f"`debt monitor {system.key} --format json` shows its sha256.",
        )
    event = ReferenceReplaced(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        monitor=monitor.monitor,
        reference=command.reference,
        sha256=command.sha256,
        previous_sha256=monitor.reference_sha256,
        because=because,
    )
    return (Decided(placed.effective_on, event),)
