"""Accepted debt as a workbook of one sheet: a line per debt, with the words of its decision, and live totals."""

from __future__ import annotations

from ledger.views.accepted import AcceptedDebt, AcceptedView
from ledger.vocabulary.spreadsheet_text import printable
from reports.content import naive_utc
from reports.figures import money
from reports.sheet import Block, Column, Formula, Kind, Row, Sheet
from reports.text import log_what_changes
from reports.xlsx.writer import Stamp, workbook_bytes

_NOTES = (
    "Accepted: somebody decided to owe it, for a reason and a benefit, with a term.",
    "Lapsed: past its until. Overdue: past the quarter in which it was to be repaid.",
    "Interest since: incurred as debt, from its acceptance on; a memorandum, no part of what is outstanding.",
)


def accepted_workbook(view: AcceptedView) -> bytes:
    """The finished .xlsx; the same view gives the same bytes. Raises ValueError for a time that is none."""
    known_at = naive_utc(view.known_at)
    if known_at is None:
        raise ValueError("A workbook needs the time at which its last event was recorded.")
    log_what_changes(text for debt in view.debts for text in (debt.title, debt.because, debt.benefit))
    stamp = Stamp(
        pack=printable(f"Accepted debt {view.as_of}, {view.currency} · {view.book}"),
        footer=f"head {view.head_hash[:12]} · as of {view.as_of}",
        exponent=view.exponent,
        known_at=known_at,
    )
    return workbook_bytes([build(view)], stamp)


def build(view: AcceptedView) -> Sheet:
    """Amounts as values, their sums as formulas."""
    shown = money(view.outstanding, view.currency, view.exponent)
    projected = " · projected" if view.projected else ""
    return Sheet(
        title="Accepted debt",
        headline=f"Accepted debt: {shown} outstanding on {len(view.debts):,} items, {view.past_term:,} past their term",
        subtitle=f"{view.currency} · {view.book} · on {view.as_of}{projected} · as known at position {view.position:,}",
        blocks=(
            Block(
                "accepted",
                _columns(view),
                tuple(_row(debt) for debt in view.debts),
                total=_total(view) if view.debts else None,
            ),
        ),
        notes=_NOTES,
        frozen_columns=1,
    )


def _columns(view: AcceptedView) -> tuple[Column, ...]:
    return (
        Column("item", "Item", Kind.CODE),
        Column("title", "Debt", Kind.TEXT, 30),
        Column("team", "Team", Kind.TEXT, 14),
        Column("category", "Category", Kind.TEXT, 18),
        Column("how", "How", Kind.TEXT, 14),
        Column("accepted", "Accepted", Kind.DATE),
        Column("by", "Decided by", Kind.TEXT, 18),
        Column("because", "Why", Kind.TEXT, 34),
        Column("benefit", "Benefit", Kind.TEXT, 34),
        Column("repay_by", "Repay by", Kind.CODE),
        Column("until", "Until", Kind.DATE),
        Column("renewals", "Renewals", Kind.TEXT, 34),
        Column("state", "State", Kind.CODE),
        Column("outstanding", f"Outstanding {view.currency}", Kind.EXACT),
        Column("interest", "Interest a year", Kind.EXACT),
        Column("since", "Interest since", Kind.EXACT),
        Column("adr", "Decision record", Kind.TEXT, 18),
    )


def _row(debt: AcceptedDebt) -> Row:
    return Row(
        debt.item,
        {
            "item": debt.item,
            "title": debt.title,
            "team": debt.team,
            "category": debt.category,
            "how": debt.how,
            "accepted": debt.accepted_on,
            "by": debt.decided_by,
            "because": debt.because,
            "benefit": debt.benefit,
            "repay_by": debt.repay_by,
            "until": debt.until,
            "renewals": "; ".join(each.told for each in debt.renewals) or None,
            "state": debt.state,
            "outstanding": debt.outstanding,
            "interest": debt.interest_per_year,
            "since": debt.interest_since,
            "adr": debt.adr,
        },
    )


def _total(view: AcceptedView) -> Row:
    sums = {"outstanding": view.outstanding, "interest": view.interest_per_year, "since": view.interest_since}
    cells = {name: Formula(f"SUM({{accepted.{name}}})", value) for name, value in sums.items()}
    return Row("total", {"item": "Total", **cells}, strong=True)
