"""Dealing with an item: the command for each way in which it can wait for somebody, capitals to be filled in."""

from __future__ import annotations

from ledger.queries.register.items import CLOSED, RegisterItem
from ledger.vocabulary.ages import LAPSED, OVERDUE
from ledger.vocabulary.kinds import MISSING_TESTS


def renew(item: RegisterItem) -> str:
    """A new term, by a new decision; until a day where it had one."""
    until = " --until DATE" if item.until else ""
    return f"debt renew {item.item}{until} --repay-by QUARTER --decided-by WHO --because WHY"


def repay(item: RegisterItem) -> str:
    """All that is left of it."""
    return f"debt repay {item.item} --all"


def estimate(item: RegisterItem) -> str:
    """What it owes, anew or for the first time."""
    return f"debt revise {item.item} --principal AMOUNT --because WHY"


def rebook_interest(item: RegisterItem, amount: str) -> str:
    """Its interest as a year of observations has it. amount: a plain decimal, a year."""
    return f"debt revise {item.item} --interest {amount}/year --because WHY"


def observe_interest(item: RegisterItem) -> str:
    """What it really cost on a day."""
    return f"debt interest {item.item} AMOUNT --because WHY"


def decide(item: RegisterItem) -> str:
    """Neglect becomes debt; into missing tests only until a day. What nobody estimated is estimated first."""
    if item.status == "unestimated":
        return estimate(item)
    until = " --until DATE" if item.category == MISSING_TESTS else ""
    return f"debt adopt {item.item} --decided-by WHO --because WHY --benefit TEXT --repay-by QUARTER{until}"


def plan(item: RegisterItem) -> str:
    """The quarter in which it is repaid."""
    return f"debt plan {item.item} QUARTER"


def next_of(item: RegisterItem) -> str:
    """What is to be done with an item first: the first that it waits for."""
    if item.status in CLOSED:
        return f"debt show {item.item}"
    if item.nature == "neglect":
        return decide(item)
    if LAPSED in item.late:
        return renew(item)
    if OVERDUE in item.late:
        return repay(item)
    return f"debt show {item.item}" if item.planned_for else plan(item)
