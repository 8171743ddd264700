"""What to do next: of what waits in a book the most urgent, each with the command that deals with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.queries.register.items import RegisterItem
from ledger.queries.register.status import BookStatus


@dataclass(frozen=True, slots=True)
class NextStep:
    """command: as it is typed, capitals to be filled in. why: in words."""

    command: str
    why: str


def next_steps(status: BookStatus) -> Iterator[NextStep]:
    """One step of each kind that there is, the most urgent kind first; of each kind the largest item."""
    overdue = [item for item in status.overdue if item not in status.lapsed]
    unplanned = [each.item for each in status.due if each.item.planned_for is None]
    yield from _of_largest(
        status.lapsed,
        "debt renew {item} --until DATE --repay-by QUARTER --decided-by WHO --because WHY",
        "it was granted until {until}",
    )
    yield from _of_largest(overdue, "debt repay {item} --all", "it was to be repaid by {repay_by}; or renew it")
    yield from _of_largest(unplanned, "debt plan {item} QUARTER", "its term ends soon: {repay_by}")
    yield from _of_largest(
        status.unestimated, "debt revise {item} --principal AMOUNT --because WHY", "nobody put a figure on it"
    )
    yield from _of_largest(
        [item for item in status.neglect_waiting if item.status != "unestimated"],
        "debt adopt {item} --decided-by WHO --because WHY --benefit TEXT --repay-by QUARTER",
        "nobody decided on this neglect; or repay it",
    )
    for system, each in status.breaches[:1]:
        yield NextStep(f"debt expectations {system}", f"measured on {each.on}: {each.expectation} is broken")


def _of_largest(items: Sequence[RegisterItem], command: str, why: str) -> Iterator[NextStep]:
    """The step for the item that owes most; of equals the first of the register."""
    if items:
        item = max(items, key=lambda each: each.outstanding)
        said = {"item": item.item, "until": item.until, "repay_by": item.repay_by}
        yield NextStep(command.format(**said), why.format(**said))
