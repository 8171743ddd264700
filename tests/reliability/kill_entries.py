"""What the processes that are killed record: entries of every kind, each one transaction, all of them acceptable.

An entry is told apart by its number alone, so that a parent knows what a child was asked to record, and records it
again with the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ledger.decide.adopt import Adopt
from ledger.decide.budget_set import SetBudget
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.init import OpenBook
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.plan import Plan
from ledger.decide.rate_set import SetRate
from ledger.decide.receipt import Receipt
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.decide.system_retire import RetireSystem
from ledger.store.ledger import Ledger
from ledger.store.transaction import Unit
from ledger.vocabulary.quantities import Interest, Quantity

TODAY = date(2026, 11, 20)
DAY = date(2026, 3, 2)
ACTOR = "lead@example.org"
GATE = {"decided_by": "anna", "because": "the fair", "benefit": "three weeks", "repay_by": "2027Q4"}
PAIRS = 4
DEBTS = 40


@dataclass(frozen=True)
class Entry:
    """One transaction that somebody asks for. number: of the entry in its book, in every key of it."""

    kind: str
    number: int

    @property
    def keys(self) -> list[str]:
        """The keys of its requests: after it, all of them are recorded, or none."""
        return [f"{self.number:06}-{index:04}" for index in range(REQUESTS.get(self.kind, 1))]

    def record(self, ledger: Ledger) -> tuple[Receipt, ...]:
        """Record it, or have the receipts of its first recording."""
        asked = [_request(command, key) for command, key in zip(_commands(self), self.keys, strict=False)]
        if self.kind in BATCHES:
            return tuple(receipt for outcome in ledger.handle_all(asked) for receipt in outcome.receipts)
        if self.kind == "repay and reverse":
            with ledger.appending() as unit:
                return _reversed(unit, asked[0], self.keys[1])
        return ledger.handle(asked[0])


def _reversed(unit: Unit, asked: Request, key: str) -> tuple[Receipt, ...]:
    first = unit.record(asked)
    return (*first, *unit.record(_request(Reverse(position=first[0].recorded.position, because="twice"), key)))


def _request(command: Command, key: str) -> Request:
    return Request(command, ACTOR, TODAY, key=key)


def _commission(number: int) -> Commission:
    return Commission(
        system="FRAUD", title=f"Shortcut {number}", category="glue-code", principal=Quantity(minor=1200000),
        interest=Interest(minor=80000, times_per_year=12), on=DAY, **GATE)  # fmt: skip


def _observe(number: int) -> Observe:
    return Observe(
        system="FRAUD", title=f"Found {number}", category="staleness", cause="untracked", principal=Quantity(minutes=4800),
        source="scanner", external_key=f"x-{number}", content_hash="c0ffee", on=DAY)  # fmt: skip


def _debt(number: int) -> str:
    """One of the debts that a book is opened with: many, so that no history of an item grows long."""
    return f"FRAUD-{1 + number // 10 % DEBTS}"


#: Kind of entry -> its command, from the entry's number. Adoptions and retirements have a system OWNn of their own.
SINGLE: dict[str, Callable[[int], Command]] = {
    "commission": _commission,
    "repay": lambda number: Repay(item=_debt(number), amount=Quantity(minor=100), spent=Quantity(minor=100 + number), on=DAY),
    "observe": _observe,
    "adopt": lambda number: Adopt(item=f"OWN{number}-1", on=DAY, **GATE),
    "revise": lambda number: Revise(item=_debt(number), principal=Quantity(minor=10**6 + number), because="counted", on=DAY),
    "plan": lambda number: Plan(item=_debt(number), quarter=f"2027Q{number % 4 + 1}", on=DAY),
    "renew": lambda number: Renew(
        item=_debt(number), decided_by="anna", because=f"reason {number}", repay_by=f"{2027 + number % 9}Q4", on=DAY),
    "note": lambda number: AddNote(item=_debt(number), text=f"remark {number}", on=DAY),
    "system": lambda number: AddSystem(
        system=f"S{number}", name="New", team="red", cost_centre="1", reads_from=("PRICE", "FRAUD"), on=DAY),
    "owner": lambda number: ChangeSystem(system="PRICE", team=f"team {number}", on=DAY, new_team=True),
    "retire": lambda number: RetireSystem(system=f"OWN{number}", because="gone", on=DAY),
    "rate": lambda number: SetRate(rate_minor=80000 + number, on=DAY),
    "budget": lambda number: SetBudget(quarter="2026Q4", team="red", amount_minor=400000 + number, on=DAY),
}  # fmt: skip
#: More events than are written at once (`ledger.store.transaction`), and some.
LONG = 1100
BATCHES = {"batch": 2 * PAIRS, "long batch": LONG}
REQUESTS = {**BATCHES, "repay and reverse": 2}
KINDS = (*SINGLE, "batch", "repay and reverse")


def _commands(entry: Entry) -> Iterable[Command]:
    number = entry.number
    if entry.kind == "batch":
        yield from (make(number * 100 + index) for index in range(PAIRS) for make in (_commission, _observe))
    elif entry.kind == "long batch":
        # Of many items: what is decided on one reads all its events.
        yield from (
            AddNote(item=f"FRAUD-{index % DEBTS + 1}", text=f"remark {number}.{index}", on=DAY) for index in range(LONG)
        )
    elif entry.kind == "repay and reverse":
        yield SINGLE["repay"](number)
    else:
        yield SINGLE[entry.kind](number)


def opening(entries: Iterable[Entry]) -> Iterator[Request]:
    """The requests that open a book in which these entries are acceptable."""
    yield _request(
        OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC", on=DAY), "opening-book"
    )
    yield _request(SetRate(rate_minor=80000, on=DAY), "opening-rate")
    for key in ("FRAUD", "PRICE"):
        yield _request(AddSystem(system=key, name=key, team="red", on=DAY), f"opening-{key}")
    for number in range(1, DEBTS + 1):
        yield _request(_commission(-number), f"opening-debt-{number}")
    for entry in entries:
        if entry.kind in ("adopt", "retire"):
            yield _request(
                AddSystem(system=f"OWN{entry.number}", name="Own", team="red", on=DAY), f"opening-{entry.number}"
            )
        if entry.kind == "adopt":
            command = Observe(
                system=f"OWN{entry.number}", title="Known", category="staleness", cause="untracked",
                principal=Quantity(minor=900), on=DAY)  # fmt: skip
            yield _request(command, f"opening-neglect-{entry.number}")
