"""The ways in which the ledger says no; each is one exit code of the command line (design §6)."""

from __future__ import annotations

NOTHING_RECORDED = "Nothing was recorded."


class LedgerError(Exception):
    """Anything the ledger tells its user instead of a result."""

    exit_code = 1
    #: Of an error about a name that nothing has: of which kind it should be (systems, items, teams), and the name.
    unknown: tuple[str, str] | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The message as it is laid out: one line, except where an error says more below it."""
        return (str(self),)


class Refused(LedgerError):
    """A rule of the ledger forbids it. The message says what, why, what was recorded and what to try."""

    exit_code = 1

    def __init__(self, why: str, instead: str = "", *, unknown: tuple[str, str] | None = None) -> None:
        """why: what was refused and for which reason; instead: the command to try."""
        self.why = why
        self.instead = instead
        self.unknown = unknown
        super().__init__(" ".join(part for part in (why, NOTHING_RECORDED, instead) if part))


class NotFound(LedgerError):
    """A question about a name that nothing has: an item, a system, a team."""

    exit_code = 1

    def __init__(self, why: str, instead: str = "", *, unknown: tuple[str, str] | None = None) -> None:
        """why: what there is not; instead: the command that shows what there is."""
        self.why = why
        self.instead = instead
        self.unknown = unknown
        super().__init__(" ".join(part for part in (why, instead) if part))


class Unreadable(LedgerError):
    """What was typed cannot be read as what it should be: an amount, a date, a quarter."""

    exit_code = 2


class StoreError(LedgerError):
    """The database is absent, busy, of another schema, or not what it should be."""

    exit_code = 3
