"""Accepted debt, as an auditor from outside asks for it: who took it on, why, for what, until when, and what it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class TermRenewed:
    """A later decision that gave a debt more time. on: the day of it."""

    on: date
    decided_by: str
    because: str
    repay_by: str
    until: date | None

    @property
    def told(self) -> str:
        """The renewal in one sentence."""
        until = f", until {self.until}" if self.until else ""
        return f"{self.on} by {self.decided_by}: {self.because} (repay by {self.repay_by}{until})"


@dataclass(frozen=True, slots=True)
class AcceptedDebt:
    """A debt that stands on a day. how: 'commissioned' or 'adopted'; accepted_on: the day of that decision.

    repay_by, until: of the term that stands, the last renewal's if there is one. state: 'open', or 'lapsed' or 'overdue' where the
    term has passed. Amounts in minor units; interest_since: incurred as debt, and not as the neglect that it may have been.
    """

    item: str
    system: str
    team: str | None
    title: str
    category: str
    how: str
    accepted_on: date
    decided_by: str
    because: str
    benefit: str
    repay_by: str
    until: date | None
    renewals: tuple[TermRenewed, ...]
    state: str
    outstanding: int
    interest_per_year: int
    interest_since: int
    adr: str | None


@dataclass(frozen=True, slots=True)
class AcceptedView:
    """All accepted debt of a book as of a day, as known at a position. exponent: decimal places of the currency."""

    book: str
    currency: str
    exponent: int
    as_of: date
    known_at: str
    position: int
    head_hash: str
    projected: bool
    debts: tuple[AcceptedDebt, ...]

    @property
    def outstanding(self) -> int:
        """Minor units, of all of them."""
        return sum(debt.outstanding for debt in self.debts)

    @property
    def interest_per_year(self) -> int:
        """Minor units a year, of all of them."""
        return sum(debt.interest_per_year for debt in self.debts)

    @property
    def interest_since(self) -> int:
        """Minor units, of all of them."""
        return sum(debt.interest_since for debt in self.debts)

    @property
    def past_term(self) -> int:
        """How many are lapsed or overdue."""
        return sum(debt.state != "open" for debt in self.debts)
