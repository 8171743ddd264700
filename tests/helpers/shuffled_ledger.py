"""Books of two and a half years in which everything happens out of order, made by chance and repeatable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import Engine

from ledger.decide.adopt import Adopt
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.decide.system_change import ChangeSystem
from ledger.decide.write_off import WriteOff
from ledger.vocabulary.quantities import Quantity
from tests.helpers.restated_ledger import GATE, Office, a_year, major, opened

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 6, 30)
_CLOSED_ON_THE_WAY = ("2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1")
_BATCHES, _BATCH = 6, 130


def shuffled(engine: Engine, seed: int) -> Office:
    """A book named after its seed. Between batches quarters are closed: what is reversed there counts later."""
    office = opened(Office(engine, f"shuffled-{seed}", datetime(2026, 7, 1, 9, tzinfo=UTC)))
    chance = Random(seed)
    for batch in range(_BATCHES):
        wanted = [*_openings(chance), *(_command(chance) for _ in range(_BATCH))]
        office.ledger.handle_all([office.request(command) for command in wanted])
        if batch < len(_CLOSED_ON_THE_WAY):
            office.do(Close(quarter=_CLOSED_ON_THE_WAY[batch]))
    return office


def _openings(chance: Random) -> Iterator[Command]:
    for system in ("FRAUD", "CHURN") * 4:
        amount, day = chance.randint(100, 9000), _day(chance)
        shortcut = {"system": system, "title": "x", "principal": major(amount), "interest": a_year(amount // 7 + 1)}
        if chance.random() < 0.5:
            yield Commission(category="glue-code", on=day, late=True, **shortcut, **GATE)
        else:
            yield Observe(category="staleness", cause="untracked", on=day, late=True, **shortcut)


def _command(chance: Random) -> Command:
    """Anything that may be asked about an item or a system, lawful or not."""
    day, late = _day(chance), chance.random() < 0.5
    item = f"{chance.choice(('FRAUD', 'CHURN'))}-{chance.randint(1, 24)}"
    amount = Quantity(minor=chance.randint(1, 90_000))
    match chance.choices(range(8), weights=(14, 1, 2, 2, 1, 8, 1, 1))[0]:
        case 0:
            return Repay(item=item, amount=amount, spent=Quantity(minor=chance.randint(0, 120_000)), on=day, late=late)
        case 1:
            return Repay(item=item, on=day, late=late)
        case 2:
            return Revise(item=item, principal=amount, interest=a_year(chance.randint(1, 900)), because="recounted",
                          on=day, late=late)  # fmt: skip
        case 3:
            return Adopt(item=item, on=day, late=late, **GATE)
        case 4:
            return WriteOff(item=item, because="gone", on=day, late=late)
        case 5:
            return Reverse(position=chance.randint(4, 260), because="in error")
        case 6:
            return ChangeSystem(system=item.rpartition("-")[0], team=chance.choice(("red", "blue", "green")), on=day)
        case _:
            return ChangeSystem(system=item.rpartition("-")[0], cost_centre=chance.choice(("C1", "C2")), on=day)


def _day(chance: Random) -> date:
    return FIRST_DAY + timedelta(days=chance.randint(0, (LAST_DAY - FIRST_DAY).days))
