"""Books made by chance in which items are planned, renewed, estimated late or never, and packs are issued and overtaken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import Engine

from ledger.decide.adopt import Adopt
from ledger.decide.budget_set import SetBudget
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.interest import ObserveInterest
from ledger.decide.observe import Observe
from ledger.decide.plan import Plan
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.decide.write_off import WriteOff
from ledger.vocabulary.quantities import Quantity
from tests.helpers.restated_ledger import Office, a_year, major, opened

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 6, 30)
QUARTERS = tuple(f"{year}Q{number}" for year in (2024, 2025, 2026, 2027) for number in (1, 2, 3, 4))
_WHY = {"decided_by": "anna", "because": "the fair"}


def planned(engine: Engine, seed: int) -> Office:
    """A book named after its seed; two packs of it were given out, of 2026Q1 and 2026Q2, and entries came after each."""
    office = opened(Office(engine, f"planned-{seed}", datetime(2026, 4, 2, 9, tzinfo=UTC)))
    chance, seen = Random(seed), Random(f"interest of {seed}")
    for quarter in ("2026Q1", "2026Q2", ""):
        last = office.now.date()
        wanted = [*_openings(chance, last), *(_command(chance, last) for _ in range(60))]
        office.ledger.handle_all([office.request(command) for command in (*wanted, *_interest(seen, last))])
        if quarter:
            office.issue(quarter)
            office.now += timedelta(days=90 if quarter == "2026Q1" else 1)
    return office


def _openings(chance: Random, last: date) -> Iterator[Command]:
    for system in ("FRAUD", "CHURN") * 4:
        day, minor = _day(chance, last), chance.randint(100, 9000)
        if chance.random() < 0.5:
            until = _day(chance, date(2027, 6, 30)) if chance.random() < 0.5 else None
            yield Commission(system=system, title="Glue", category="glue-code", principal=major(minor),
                             interest=a_year(minor // 9), repay_by=_ahead(chance, day), until=until and max(until, day),
                             benefit="focus", on=day, **_WHY)  # fmt: skip
        else:
            known = major(minor) if chance.random() < 0.6 else None
            yield Observe(system=system, title="Seen", category="staleness", cause="untracked", principal=known, on=day)


def _interest(chance: Random, last: date) -> Iterator[Command]:
    """Observations of a few items again and again: some enough in a year, others in one quarter, or of items that end."""
    for item in ("FRAUD-1", "FRAUD-2", "CHURN-1", "CHURN-2", "CHURN-3"):
        for _ in range(chance.randint(0, 6)):
            cost = Quantity(minor=chance.randint(1, 60_000))
            yield ObserveInterest(item=item, amount=cost, because="an incident", on=_day(chance, last))


def _command(chance: Random, last: date) -> Command:
    """Anything that may be asked about an item, lawful or not."""
    day, item = _day(chance, last), f"{chance.choice(('FRAUD', 'CHURN'))}-{chance.randint(1, 12)}"
    amount = Quantity(minor=chance.randint(1, 900_000))
    match chance.choices(range(8), weights=(3, 3, 3, 3, 4, 1, 3, 3))[0]:
        case 0:
            return Repay(item=item, amount=amount if chance.random() < 0.8 else None, on=day)
        case 1:
            return Revise(item=item, principal=amount, because="recounted", on=day)
        case 2:
            return Adopt(item=item, repay_by=_ahead(chance, day), benefit="focus", on=day, **_WHY)
        case 3:
            return Renew(item=item, repay_by=_ahead(chance, day), on=day, **_WHY)
        case 4:
            return Plan(item=item, quarter=_ahead(chance, day), on=day)
        case 5:
            return WriteOff(item=item, because="gone", on=day)
        case 6:
            return SetBudget(quarter=chance.choice(QUARTERS[6:12]), amount_minor=amount.minor, team="red")
        case _:
            return Reverse(position=chance.randint(4, 150), because="in error")


def _day(chance: Random, last: date) -> date:
    return FIRST_DAY + timedelta(days=chance.randint(0, (last - FIRST_DAY).days))


def _ahead(chance: Random, day: date) -> str:
    """A quarter that has not ended on a day."""
    return chance.choice([quarter for quarter in QUARTERS if quarter >= f"{day.year}Q{(day.month + 2) // 3}"][:5])
