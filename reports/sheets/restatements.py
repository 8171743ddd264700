"""Restatements: what changed since this quarter, and the one before, were last issued, event by event.

As issued is a value: the ledger as it was known at the position of the issue. Later events are added up from
the rows below; now is what the other sheets of this pack say. What the three leave unexplained must be zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.views.quarter import QuarterView
from ledger.views.restatements import RestatedView, RestatementView
from ledger.vocabulary.kinds import NATURES, movement_in
from reports import restated
from reports.content import TOTAL, Content, money, naive_utc, previous_quarter, total_posted, unit
from reports.workbook.description import (
    Block,
    CellContent,
    CellOf,
    CheckLine,
    Column,
    Formula,
    Kind,
    Reference,
    Row,
    Sheet,
)

_EVENTS, _INTEREST = "restated.events", "restated.interest"
_PREVIOUS, _PREVIOUS_EVENTS = "restated.previous", "restated.previous.events"
_FIGURES = (*restated.COLUMNS, "closing", *restated.MEMORANDA)

_ISSUES = (
    Column("quarter", "Quarter", Kind.LABEL, 12),
    Column("position", "Issued at position", Kind.COUNT, 15, left=True),
    Column("issued_at", "Issued (UTC)", Kind.STAMP, 22, left=True),
    Column("as_of", "As of", Kind.DATE, 15, left=True),
    Column("known", "Last event known", Kind.COUNT, 15, left=True),
    Column("events", "Events since", Kind.COUNT, 15, left=True),
)
_EVENT_COLUMNS = (
    Column("position", "Position", Kind.COUNT),
    Column("event_hash", "Event hash", Kind.CODE),
    Column("stored_as", "Stored as", Kind.CODE),
    Column("item", "Item", Kind.CODE),
    Column("system", "System", Kind.CODE),
    Column("nature", "Nature", Kind.CODE),
    Column("effective", "Effective", Kind.DATE),
    Column("recorded", "Recorded (UTC)", Kind.STAMP),
    Column("actor", "Actor", Kind.TEXT, 22),
    Column("column", "Column", Kind.CODE),
    Column("amount", "Amount", Kind.EXACT),
    Column("spent", "Spent", Kind.EXACT),
)
_COMPARED = (
    Column("nature", "Nature", Kind.LABEL, 12),
    Column("figure", "Figure", Kind.LABEL, 14),
    Column("issued", "As issued", Kind.EXACT, 15),
    Column("later", "Later events", Kind.EXACT, 15),
    Column("now", "Now", Kind.EXACT, 15),
    Column("unexplained", "Unexplained", Kind.EXACT, 15),
)
_CHANGED_INTEREST = (
    Column("nature", "Nature", Kind.LABEL, 12),
    Column("item", "Item", Kind.CODE),
    Column("issued", "As issued", Kind.EXACT, 15),
    Column("change", "Change", Kind.EXACT, 15),
    Column("now", "Now", Kind.EXACT, 15),
)

AS_ISSUED = (
    "As issued is the ledger as known when the issue was made; debt reproduce proves that the file given out said so."
    " Later events were recorded after that and are effective by the quarter's last day; what is effective before"
    " the quarter changes its opening. Now is what Roll-forward, Postings and Items of this pack say. Unexplained"
    " must be zero. Spent and interest are memorandum figures, never part of the closing."
)
NOT_RESTATED = (
    "An entry that came late into a closed quarter is effective in the first open one (--late): it restates nothing."
    " A change of team recorded late moves figures from one team to another without an event of any item; figures by"
    " system, and all on this sheet, stay what they are."
)


def build(content: Content) -> Sheet:
    """The issues that this pack is compared with, then what changed since in this quarter and in the one before."""
    view = content.view
    this, previous = restated.of_this(view), restated.of_previous(view)
    return Sheet(
        title="Restatements",
        headline=_headline(view),
        subtitle=f"What changed since earlier issues, figure by figure, event by event · {unit(view)}"
        " · to the minor unit",
        blocks=(
            _issues_block(view, this, previous),
            *(_blocks_of_this(view, this) if this else ()),
            *(_blocks_of_previous(view, previous) if previous else ()),
        ),
        notes=(AS_ISSUED, NOT_RESTATED),
        headings_differ=True,
    )


def checks(view: QuarterView) -> Sequence[CheckLine]:
    """What the earlier issues said, and the events since, lead to this pack's figures."""
    lines: list[CheckLine] = []
    this, previous = restated.of_this(view), restated.of_previous(view)
    for nature in NATURES:
        if previous:
            lines.append(_opening_check(view, previous, nature))
        if this:
            lines += [_closing_check(view, this, nature), _figures_check(view, this, nature)]
    return lines


def _opening_check(view: QuarterView, previous: RestatementView, nature: str) -> CheckLine:
    return CheckLine(
        f"{nature.capitalize()}: opening = closing issued for {previous.quarter} + events since",
        _rollforward(view, nature, "opening"),
        _issued_and_later(previous, nature, CellOf(_PREVIOUS, nature, "issued"), CellOf(_PREVIOUS, nature, "later")),
    )


def _closing_check(view: QuarterView, this: RestatementView, nature: str) -> CheckLine:
    block = _block_of(nature)
    return CheckLine(
        f"{nature.capitalize()}: closing issued for {this.quarter} + events since = closing",
        _issued_and_later(this, nature, CellOf(block, "closing", "issued"), CellOf(block, "closing", "later")),
        _rollforward(view, nature, "closing"),
    )


def _issued_and_later(restatement: RestatementView, nature: str, issued: CellOf, later: CellOf) -> Formula:
    known = restated.issued(restatement, "closing", nature) + restated.later(restatement, "closing", nature)
    return Formula("{issued}+{later}", known, {"issued": issued, "later": later})


def _figures_check(view: QuarterView, this: RestatementView, nature: str) -> CheckLine:
    """Every column, spent and interest too. An error is not within the tolerance, so it counts as unexplained."""
    unexplained = f"{{{_block_of(nature)}.unexplained}}"
    explained = sum(1 for figure in _FIGURES if not _unexplained(view, this, nature, figure))
    return CheckLine(
        f"{nature.capitalize()}: figures of {this.quarter} explained by issue and later events = all",
        Formula(f'COUNTIFS({unexplained},">="&-tolerance,{unexplained},"<="&tolerance)', explained),
        Formula(f"COUNTA({{{_block_of(nature)}.figure}})", len(_FIGURES)),
        Kind.COUNT,
    )


def _rollforward(view: QuarterView, nature: str, column: str) -> Formula:
    cell = CellOf(f"rollforward.{nature}", TOTAL, column)
    return Formula("{figure_here}", total_posted(view, nature, column), {"figure_here": cell})


def _block_of(nature: str) -> str:
    return f"restated.{nature}"


def _now(view: QuarterView, nature: str, figure: str) -> int:
    """What the other sheets of this pack say."""
    if figure == "spent":
        return sum(row.spent for row in view.postings if row.nature == nature)
    if figure == "interest":
        return sum(row.interest_in_quarter for row in view.items if row.nature == nature)
    return total_posted(view, nature, figure)


def _unexplained(view: QuarterView, this: RestatementView, nature: str, figure: str) -> int:
    known = restated.issued(this, figure, nature) + restated.later(this, figure, nature)
    return known - _now(view, nature, figure)


# --- the answer --------------------------------------------------------------------------------------


def _headline(view: QuarterView) -> str:
    origin = view.provenance
    this, previous = restated.of_this(view), restated.of_previous(view)
    if this is not None:
        return _since_issue(view, this)
    if origin.provisional:
        alone = f"{origin.quarter} as of {origin.as_of} is compared with no earlier issue"
    else:
        alone = f"{origin.quarter} has not been issued before"
    if previous is None:
        return alone
    change = restated.later(previous, "closing")
    if not change:
        return f"{alone}; {previous.quarter} closed as it was issued"
    return f"{alone}; the closing of {previous.quarter} {_moved(view, change)} since its issue"


def _since_issue(view: QuarterView, this: RestatementView) -> str:
    quarter, issued_on = this.quarter, this.issue.issued_at[:10]
    if not this.legs:
        return f"Nothing in {quarter} has changed since it was issued on {issued_on}"
    count, change = restated.events(this), restated.later(this, "closing")
    events = f"{count:,} event{'s' * (count > 1)}"
    if not change:
        closing = money(view, restated.issued(this, "closing"))
        return f"Since {quarter} was issued on {issued_on}, {events} left its closing at {closing}"
    return f"Since {quarter} was issued on {issued_on}, its closing {_moved(view, change)}: {events}"


def _moved(view: QuarterView, change: int) -> str:
    return f"{'rose' if change > 0 else 'fell'} by {money(view, abs(change))}"


# --- the issues --------------------------------------------------------------------------------------


def _issues_block(view: QuarterView, this: RestatementView | None, previous: RestatementView | None) -> Block:
    rows = [_issue_row(view.provenance.quarter, this)]
    if len(view.quarters) > 1:
        rows.append(_issue_row(previous_quarter(view), previous))
    return Block("restated.issues", _ISSUES, tuple(rows), title="Issues that this pack is compared with")


def _issue_row(quarter: str, found: RestatementView | None) -> Row:
    if found is None:
        return Row(quarter, {"quarter": quarter, "position": "none"}, {"position": Kind.LABEL})
    issue = found.issue
    cells: dict[str, CellContent] = {
        "quarter": quarter,
        "position": issue.position,
        "issued_at": naive_utc(issue.issued_at),
        "as_of": issue.as_of,
        "known": issue.known_position,
        "events": restated.events(found),
    }
    return Row(quarter, cells)


# --- this quarter ------------------------------------------------------------------------------------


def _blocks_of_this(view: QuarterView, this: RestatementView) -> tuple[Block, ...]:
    quarter, position = this.quarter, f"{this.issue.position:,}"
    title = f"{quarter} since its issue at position {position}"
    first, *others = NATURES
    return (
        _nature_block(view, this, first, title),
        *(_nature_block(view, this, nature) for nature in others),
        _total_block(view, this),
        _events_block(_EVENTS, f"Events since, in {quarter} and before", this.legs),
        _interest_block(this),
    )


def _nature_block(view: QuarterView, this: RestatementView, nature: str, title: str = "") -> Block:
    rows = []
    for figure in _FIGURES:
        by_events, here, refs = _sources(nature, figure)
        cells: dict[str, CellContent] = {
            "nature": nature,
            "figure": movement_in(figure),
            "issued": restated.issued(this, figure, nature),
            "later": Formula(by_events, restated.later(this, figure, nature)),
            "now": Formula(here, _now(view, nature, figure), refs),
            "unexplained": Formula("{issued}+{later}-{now}", _unexplained(view, this, nature, figure)),
        }
        rows.append(Row(figure, cells, strong=figure == "closing"))
    return Block(_block_of(nature), _COMPARED, tuple(rows), title=title, header=bool(title))


def _sources(nature: str, figure: str) -> tuple[str, str, dict[str, Reference]]:
    """The formulas of a figure: by later events, and in this pack, with what that one refers to."""
    of_nature = f"{{{_EVENTS}.nature}},{{nature}}"
    if figure == "interest":
        by_events = f"SUMIFS({{{_INTEREST}.change}},{{{_INTEREST}.nature}},{{nature}})"
        return by_events, "SUMIFS({items.in_quarter},{items.nature},{nature})", {}
    if figure == "spent":
        by_events = f"SUMIFS({{{_EVENTS}.spent}},{of_nature})"
        return by_events, "SUMIFS({postings.spent},{postings.nature},{nature})", {}
    # All events of the nature make the closing, whatever their column: one that no row shows stays unexplained.
    of_column = "" if figure == "closing" else f",{{{_EVENTS}.column}},{{figure}}"
    by_events = f"SUMIFS({{{_EVENTS}.amount}},{of_nature}{of_column})"
    return by_events, "{figure_here}", {"figure_here": CellOf(f"rollforward.{nature}", TOTAL, figure)}


def _total_block(view: QuarterView, this: RestatementView) -> Block:
    rows = []
    for figure in _FIGURES:
        sums = {
            "issued": restated.issued(this, figure),
            "later": restated.later(this, figure),
            "now": sum(_now(view, nature, figure) for nature in NATURES),
        }
        cells: dict[str, CellContent] = {"nature": "total", "figure": movement_in(figure)}
        for column, amount in sums.items():
            refs: dict[str, Reference] = {nature: CellOf(_block_of(nature), figure, column) for nature in NATURES}
            cells[column] = Formula("{debt}+{neglect}", amount, refs)
        unexplained = sums["issued"] + sums["later"] - sums["now"]
        cells["unexplained"] = Formula("{issued}+{later}-{now}", unexplained)
        rows.append(Row(figure, cells, strong=figure == "closing"))
    return Block("restated.total", _COMPARED, tuple(rows), header=False)


def _interest_block(this: RestatementView) -> Block:
    rows = []
    for index, row in enumerate(this.interest):
        cells: dict[str, CellContent] = {
            "nature": row.nature,
            "item": row.item,
            "issued": row.issued,
            "change": Formula("{now}-{issued}", row.now - row.issued),
            "now": row.now,
        }
        rows.append(Row(str(index), cells))
    sums = {column: _sum(_INTEREST, column, rows) for column in ("issued", "change", "now")}
    total = Row(TOTAL, {"nature": "total", "item": "items listed" if rows else "no item", **sums}, strong=True)
    title = f"Interest incurred in {this.quarter}, of the items whose figure changed"
    return Block(_INTEREST, _CHANGED_INTEREST, tuple(rows), title=title, total=total)


# --- the quarter before ------------------------------------------------------------------------------


def _blocks_of_previous(view: QuarterView, previous: RestatementView) -> tuple[Block, ...]:
    quarter, position = previous.quarter, f"{previous.issue.position:,}"
    nature, figure, issued, later, _, unexplained = _COMPARED
    opening = Column("now", f"Opening of {view.provenance.quarter}", Kind.EXACT)
    parts = (
        Column("within", f"Of which in {quarter}", Kind.EXACT),
        Column("before", "Of which before", Kind.EXACT),
    )
    columns = (nature, figure, issued, later, opening, unexplained, *parts)
    rows = [_previous_row(view, previous, nature) for nature in NATURES]
    sums = {column.key: _sum(_PREVIOUS, column.key, rows) for column in columns[2:]}
    total = Row(TOTAL, {"nature": "total", "figure": "closing", **sums}, strong=True)
    title = f"{quarter} since its issue at position {position}: what this quarter opens with"
    return (
        Block(_PREVIOUS, columns, tuple(rows), title=title, total=total),
        _events_block(_PREVIOUS_EVENTS, f"Events since, in {quarter} and before", previous.legs),
    )


def _previous_row(view: QuarterView, previous: RestatementView, nature: str) -> Row:
    issued, later = (part(previous, "closing", nature) for part in (restated.issued, restated.later))
    before = restated.later(previous, "opening", nature)
    opening = total_posted(view, nature, "opening")
    of_nature = f"SUMIFS({{{_PREVIOUS_EVENTS}.amount}},{{{_PREVIOUS_EVENTS}.nature}},{{nature}}"
    of_column = f",{{{_PREVIOUS_EVENTS}.column}}"
    cells: dict[str, CellContent] = {
        "nature": nature,
        "figure": "closing",
        "issued": issued,
        "later": Formula(f"{of_nature})", later),
        "now": _rollforward(view, nature, "opening"),
        "unexplained": Formula("{issued}+{later}-{now}", issued + later - opening),
        "within": Formula(f'{of_nature}{of_column},"<>opening")', later - before),
        "before": Formula(f'{of_nature}{of_column},"opening")', before),
    }
    return Row(nature, cells)


# --- what both have ----------------------------------------------------------------------------------


def _events_block(key: str, title: str, legs: Sequence[RestatedView]) -> Block:
    """A row per liability leg: an adoption has two."""
    rows = [_event_row(index, leg) for index, leg in enumerate(legs)]
    sums = {column: _sum(key, column, rows) for column in ("amount", "spent")}
    total = Row(TOTAL, {"column": "all events" if rows else "no event", **sums}, strong=True)
    return Block(key, _EVENT_COLUMNS, tuple(rows), title=title, total=total)


def _event_row(index: int, leg: RestatedView) -> Row:
    cells: dict[str, CellContent] = {
        "position": leg.position,
        "event_hash": leg.event_hash,
        "stored_as": leg.stored_as,
        "item": leg.item,
        "system": leg.system,
        "nature": leg.nature,
        "effective": leg.effective_on,
        "recorded": naive_utc(leg.recorded_at),
        "actor": leg.actor,
        "column": movement_in(leg.column),
        "amount": leg.amount,
        "spent": leg.spent,
    }
    return Row(str(index), cells)


def _sum(block: str, column: str, rows: Sequence[Row]) -> Formula:
    contents = [row.cells[column] for row in rows]
    return Formula(f"SUM({{{block}.{column}}})", sum(_integer(content) for content in contents))


def _integer(content: CellContent) -> int:
    value = content.cached if isinstance(content, Formula) else content
    return value if isinstance(value, int) else 0
