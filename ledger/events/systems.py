"""Events of a system: its registration, its owners, whose output it reads."""

from __future__ import annotations

from ledger.events.base import Event


class SystemEvent(Event, frozen=True, kw_only=True):
    """An event in the stream of one system."""

    system: str

    @property
    def stream(self) -> str:
        return self.system


class SystemRegistered(SystemEvent, frozen=True, kw_only=True):
    """The register learned of a system and its owner. The date bounds nothing."""

    name: str
    team: str
    cost_centre: str | None


class SystemChanged(SystemEvent, frozen=True, kw_only=True):
    """A new owner from the effective date on; None leaves that one as it is."""

    team: str | None
    cost_centre: str | None


class SystemRenamed(SystemEvent, frozen=True, kw_only=True):
    """The system is called otherwise from the effective date on; its key stays. previous: what it was called before."""

    name: str
    previous: str


class DependencyDeclared(SystemEvent, frozen=True, kw_only=True):
    """The system reads another system's output."""

    reads_from: str
    what: str | None


class SystemRetired(SystemEvent, frozen=True, kw_only=True):
    """The system takes no new items from the effective date on."""

    because: str
