"""About: where every figure comes from, how to reproduce it, what the words and colours mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ledger.accounts.interest import DAYS_PER_YEAR
from ledger.views.quarter import BROUGHT_FORWARD, QuarterView
from ledger.vocabulary.budget_form import ABOUT, ABOUT_BOOK, ABOUT_HASH, ABOUT_POSITION
from ledger.vocabulary.categories import CATEGORIES
from reports.accruals import day_before
from reports.content import Content, naive_utc, previous_quarter, year_ago_quarter
from reports.scenarios import MEANINGS
from reports.sheet import Block, CellOf, CheckLine, Column, Kind, Row, Scalar, Sheet

#: Names of rows by which a workbook that came back says where it comes from (reports.returned.origin), beside
#: those in ledger.vocabulary.budget_form. The versions of the tools stand between SCHEMA and COMMAND.
QUARTER, AS_OF = "This quarter", "As of, inclusive"
COMPARED_WITH, NOTHING = "Compared with the issues at positions", "none"
SCHEMA, COMMAND = "Schema version", "Reproduced by"

_COLUMNS = (Column("name", "Name", Kind.LABEL, 44), Column("value", "Value", Kind.TEXT, 110, left=True))

_GLOSSARY = (
    ("Technical delta", "Cost of bringing a system's internals to the ideal for the same function: debt + neglect."),
    ("Technical debt", "Knowingly chosen shortcuts with a decision, a reason, a benefit and a date of repayment."),
    ("Neglect", "What was left undone and found afterwards. It can be repaid, but planned only once it is adopted."),
    ("Principal", "Cost of bringing one item's internals to the ideal."),
    ("Interest", "What carrying an open item costs: days / 365 of its yearly figure. Never part of the delta."),
    ("Interest avoided", "What repayments spared: interest per year that they removed × days since / 365."),
    ("Repaid, spent", "Principal that work removed, and what the work cost; the difference is the estimate variance."),
    ("Budget, forecast", "What a team may spend on repayments in a quarter, and what it is expected to spend."),
    ("Budget variance", "What the quarter's own work cost the teams with a budget less that budget; positive is over it."),
    ("For earlier quarters", "Spending for work of earlier quarters: late entries, reversals. No budget is held against it."),
    ("Planned repayment", "All that is outstanding of an item, in the quarter for which somebody planned to repay it."),
    ("Restated", "What was recorded since the pack of a quarter was issued has changed a figure of it."),
    ("Decided by, actor", "Who took a decision, as it was told; who recorded an event: Restatements and the log name the actor."),
    ("Keys", "team-1, owner-1 (a team and its cost centre), centre-1: stand for names in formulas; each in its own list."),
    ("Lapsed, overdue", "Past the date until which a shortcut was granted; past the quarter set for its repayment."),
)  # fmt: skip

_MOVEMENTS = (
    ("Opening", "What stood when the quarter began; in Postings the rows brought forward."),
    ("Commissioned", "Debt that somebody decided to take on."),
    ("Observed", "Neglect that was found."),
    ("Adopted", "Neglect that became debt by a conscious decision: less of the one, more of the other, zero in total."),
    ("Revised", "A new estimate of what is outstanding, the first one among them."),
    ("Repaid", "Principal that work removed; what the work cost is spent, and another figure."),
    ("Written-off", "What went away unpaid: its system was retired, say."),
    (
        "Corrected",
        "The mirror of an event that was reversed: principal. Spending for earlier quarters is another thing.",
    ),
    ("Transferred", "Moved between teams, items or categories; zero in total."),
    ("Closing", "Opening + all movements: what stands at the quarter's end."),
)

_LEGEND = (
    ("Black figure", "A formula over this sheet."),
    ("Green figure", "A formula that reads another sheet."),
    ("Grey figure", "A value of the ledger."),
    ("Blue on pale yellow", "An input, on the sheet Budget: the only cells that can be changed."),
    ("Sign", "Liabilities are positive. What lowers them is negative: repayments, write-offs."),
    (
        "The first rows are printed",
        "Of lists for looking things up. Page Layout, Print Area, Clear Print Area prints all.",
    ),
    ("Hidden columns", "Only formulas need them. Select the columns beside one, right-click and choose Unhide."),
    (
        "Click on a figure",
        "A green one leads to where it comes from, in Roll-forward to the rows behind it; Alt+Left returns.",
    ),
    (
        "Orange",
        "It raises the delta or a cost; what lowers it has a minus sign, and in charts it is green. Blue is debt.",
    ),
    (
        "Days before 1900-03-01",
        "Shown as text: programs number them differently. What is computed from one is a value.",
    ),
    ("–", "Zero."),
    ("An empty cell", "There is none: no term, no plan, no estimate, no budget that was set."),
    ("n/a", "A per cent of zero, or what cannot be said because no budget or forecast was set."),
    (
        "Protection",
        "Without a password: against slips, not people. Tables can be filtered; to sort one, copy it elsewhere.",
    ),
)


def build(content: Content) -> Sheet:
    """Provenance, the named values that formulas use, the legend and the glossary."""
    view = content.view
    origin = view.provenance
    return Sheet(
        title=ABOUT,
        headline=f"Every figure comes from the first {origin.position:,} events of the book {origin.book}",
        subtitle="Provenance, values that formulas use, legend, glossary",
        blocks=(
            Block("provenance", _COLUMNS, _provenance(view), title="Provenance"),
            Block("values", _COLUMNS, _values(view), title="Values that formulas use", header=False),
            Block("legend", _COLUMNS, _words(_LEGEND), title="Legend and signs", header=False),
            Block("scenarios", _COLUMNS, _words(tuple(_scenarios())), title="Scenarios (IBCS)", header=False),
            Block("glossary", _COLUMNS, _words(_GLOSSARY), title="Glossary", header=False),
            Block("movements", _COLUMNS, _words(_MOVEMENTS), title="Movements", header=False),
            Block("categories", _COLUMNS, _words(_categories(view)), title="Categories in Items", header=False),
        ),
        names={
            **{row.key: CellOf("values", row.key, "value") for row in _values(view)},
            "position": CellOf("provenance", "position", "value"),
        },
    )


def checks(_view: QuarterView) -> Sequence[CheckLine]:
    """None of its own."""
    return ()


def _provenance(view: QuarterView) -> tuple[Row, ...]:
    origin = view.provenance
    facts: list[tuple[str, str, Scalar, Kind]] = [
        ("book", ABOUT_BOOK, origin.book, Kind.TEXT),
        ("status", "Status", _status(view), Kind.TEXT),
        ("first_day", "First day of the quarter", origin.first_day, Kind.DATE),
        ("last_day", "Last day of the quarter", origin.last_day, Kind.DATE),
        ("known_at", "Known at (UTC)", naive_utc(origin.known_at), Kind.STAMP),
        ("position", ABOUT_POSITION, origin.position, Kind.COUNT),
        ("events", "Events read", origin.events, Kind.COUNT),
        ("head_hash", ABOUT_HASH, origin.head_hash, Kind.TEXT),
        ("compared_with", COMPARED_WITH, _compared_with(view), Kind.TEXT),
        ("currency", "Currency and decimal places", f"{origin.currency}, {origin.exponent}", Kind.TEXT),
        ("schema", SCHEMA, origin.schema_version, Kind.TEXT),
    ]
    facts += [(f"version {tool}", tool, version, Kind.TEXT) for tool, version in origin.versions]
    facts.append(("command", COMMAND, origin.command, Kind.TEXT))
    return tuple(Row(key, {"name": name, "value": value}, {"value": kind}) for key, name, value, kind in facts)


def _values(view: QuarterView) -> tuple[Row, ...]:
    origin = view.provenance
    half_a_minor_unit = Fraction(1, 2 * 10**origin.exponent)
    facts: tuple[tuple[str, str, Scalar, Kind], ...] = (
        ("quarter", QUARTER, origin.quarter, Kind.TEXT),
        ("previous_quarter", "Last quarter", previous_quarter(view), Kind.TEXT),
        ("year_ago_quarter", "Same quarter of the year before", year_ago_quarter(view), Kind.TEXT),
        ("as_of", AS_OF, origin.as_of, Kind.DATE),
        ("tolerance", "Tolerance of the checks: half a minor unit", half_a_minor_unit, Kind.NUMBER),
        ("day_before", "Day before the quarter's first", day_before(origin.first_day), Kind.DATE),
        ("days_per_year", "Days that bear a year's interest", DAYS_PER_YEAR, Kind.COUNT),
        ("minor_units", "Minor units of one unit of the currency", 10**origin.exponent, Kind.COUNT),
        ("brought_forward", "Movement of a balance brought forward", BROUGHT_FORWARD, Kind.TEXT),
    )
    return tuple(Row(key, {"name": name, "value": value}, {"value": kind}) for key, name, value, kind in facts)


def _words(pairs: Sequence[tuple[str, str]]) -> tuple[Row, ...]:
    return tuple(Row(name, {"name": name, "value": words}, {"value": Kind.LABEL}) for name, words in pairs)


def _categories(view: QuarterView) -> list[tuple[str, str]]:
    """What the categories in the pack mean, and who said so first."""
    used = sorted({row.category for row in view.items} & CATEGORIES.keys())
    found = [
        (slug, f"{CATEGORIES[slug].definition} ({CATEGORIES[slug].dimension}; {CATEGORIES[slug].source})")
        for slug in used
    ]
    return found or [("none", "No item is in Items.")]


def _scenarios() -> Iterator[tuple[str, str]]:
    """What stands in brackets behind a heading, and what a difference from it is."""
    yield from MEANINGS.items()
    yield (
        "ΔPL, ΔPP, …",
        "Actual less plan, less last quarter, …: with its sign; of budgets, of the teams that have one.",
    )


def _compared_with(view: QuarterView) -> str:
    """The earlier issues that the pack names, as a rebuild needs them; each once."""
    positions = dict.fromkeys(issue.position for issue in view.issues)
    return ", ".join(map(str, positions)) or NOTHING


def _status(view: QuarterView) -> str:
    if view.provenance.provisional:
        return f"PROVISIONAL: the quarter had not ended on {view.provenance.as_of}"
    return "Final as known at the position below"
