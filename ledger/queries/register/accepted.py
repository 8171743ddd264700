"""All accepted debt as of a day: the register's figures, and the words of the decisions that stand."""

from __future__ import annotations

from datetime import date

from ledger.decide.item import Item
from ledger.events import DebtCommissioned, DebtRenewed, NeglectAdopted
from ledger.queries.audit.entries import head_hash
from ledger.queries.reader import Reader
from ledger.queries.register.folded_items import folded_items
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.views.accepted import AcceptedDebt, AcceptedView, TermRenewed


def accepted(reader: Reader, as_of: date, today: date) -> AcceptedView:
    """Every debt that stands on a day. Closed and reversed ones are accepted no more; neglect never was."""
    standing = [item for item in register(reader, as_of) if item.nature == "debt" and item.status not in CLOSED]
    folded = {item.id: item for item in folded_items(reader, as_of)} if standing else {}
    return AcceptedView(
        book=reader.name,
        currency=reader.currency.code,
        exponent=reader.currency.exponent,
        as_of=as_of,
        known_at=reader.known_at,
        position=reader.position,
        head_hash=head_hash(reader),
        projected=as_of > today,
        debts=tuple(_accepted(item, folded[item.item], as_of) for item in standing),
    )


def _accepted(item: RegisterItem, folded: Item, as_of: date) -> AcceptedDebt:
    decisions = sorted((entry for entry in folded.entries if entry.stands_on(as_of)), key=lambda entry: entry.order)
    entry, decision = next(
        (entry, entry.event) for entry in decisions if isinstance(entry.event, DebtCommissioned | NeglectAdopted)
    )
    commissioned = isinstance(decision, DebtCommissioned)
    debt = [balance for balance in item.balances if balance.nature == "debt"]
    return AcceptedDebt(
        item=item.item,
        system=item.system,
        team=item.team,
        title=item.title,
        category=item.category,
        how="commissioned" if commissioned else "adopted",
        accepted_on=decision.decided_on if isinstance(decision, DebtCommissioned) else entry.occurred_on,
        decided_by=decision.decided_by,
        because=decision.because,
        benefit=decision.benefit,
        repay_by=item.repay_by or decision.repay_by,
        until=item.until,
        renewals=tuple(
            TermRenewed(each.occurred_on, renewed.decided_by, renewed.because, renewed.repay_by, renewed.until)
            for each in decisions
            if isinstance(renewed := each.event, DebtRenewed)
        ),
        state=item.status,
        outstanding=sum(balance.outstanding_minor for balance in debt),
        interest_per_year=sum(balance.carry_minor_per_year for balance in debt),
        interest_since=sum(balance.interest_minor for balance in debt),
        adr=decision.adr if isinstance(decision, DebtCommissioned) else None,
    )
