"""Releases of this program: which one made a pack, and what the workbook has been called or has gained since.

The bytes of a pack are those of the release that made it. What holds across releases are its values, so that a pack of
another release is compared by table and column, and a later release that renames or adds something says so here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from packaging.version import InvalidVersion, Version

from ledger.views.quarter import BUDGET_ORIGINAL, SPENT_EARLIER, SPENT_UNBUDGETED
from ledger.vocabulary.release import __version__
from reports.scenarios import unmarked

#: Old words of the report -> those that took their place: titles of sheets, headings, names of checks.
RENAMED = {
    "History": "Past quarters",  # Excel reserves the name
}
#: What is younger than 0.1 -> the release from which on every workbook has it. A sheet by its title; a table, column or
#: check as a comparison tells that it is missing: `Items tblItems Title`; a row by its table and one of its words after
#: an equals sign; a file by what follows the quarter in its name. Every quarter is called QUARTER.
SINCE = {
    "Readiness": "0.2.dev0",  # some workbooks of 0.1 have it, and some have not
    **dict.fromkeys(
        (
            "Management summary",
            *(
                f"Budget vs actual {title} {heading}"
                for title in ("All teams by quarter", "By quarter and team", "By quarter and cost centre")
                for heading in (
                    *("Original budget", "Of which for earlier quarters", "Spent without a forecast"),
                    *("Difference from forecast", "Teams with a forecast", "Teams", "Original set only on"),
                    "Originals set late",
                )
            ),
            *("Summary QUARTER as issued", "Summary Restated"),
            *("Summary Year before QUARTER as issued", "Summary Year before restated"),
            "Management summary Last quarter restated",
            *(
                f"Restatements {title}"
                for title in ("Plans and spending of QUARTER by team", "Changes of plans and spending of QUARTER")
            ),
            "the check 'Plans and spending of QUARTER explained by issue and later events = all'",
            *(
                f"Past quarters tblPastQuarters={measure}"
                for measure in (SPENT_EARLIER, SPENT_UNBUDGETED, BUDGET_ORIGINAL)
            ),
            *(
                f"Summary={measure}"
                for measure in (
                    *("Items without an estimate", "Written off", "Revised"),
                    *("Of which for earlier quarters", "Of which without a budget", "Original budget"),
                    "Variance to the original budget",
                )
            ),
            "the check 'Of which for earlier quarters in Budget vs actual in QUARTER = the same in Past quarters'",
            "the check 'Spent without a budget in Budget vs actual in QUARTER = the same in Past quarters'",
            *(f"Postings tblPostings {heading}" for heading in ("Carry", "Accrues from", "Carry × day")),
            *(
                f"Items tblItems {heading}"
                for heading in (
                    *("Incurred to date", "Carry × day", "Brought per year"),
                    *("Planned for", "Planned repayment", "Interest observed"),
                    *("Brought × day", "Incurred to date by the ledger", "Incurred otherwise"),
                )
            ),
            "Postings tblPostings Cost centre key",
            "Budget All teams by quarter, live Planned repayments",
            *(
                f"Budget vs actual {title} Planned repayments"
                for title in ("All teams by quarter", "By quarter and team", "By quarter and cost centre")
            ),
            "Items tblItems Team key",
            "the check 'Planned repayments of the coming quarters in Budget = the same in Budget vs actual'",
            "Budget tblBudget Planned repayments",
            "Breakdown Spent by cost centre",
            "the check 'Spent by cost centre in Breakdown = spent in Past quarters'",
            "postings.csv carry_per_year",
            "postings.csv accrues_from",
            "postings.csv status",
            "the check 'Items whose interest from Postings is not the ledger's = none'",
            "About Provenance Day before the quarter's first",
            "About Provenance Days that bear a year's interest",
            "About Provenance Minor units of one unit of the currency",
        ),
        "0.2.dev2",
    ),
    "deck.pdf": "0.2.dev3",
}
#: Rows that are younger than 0.1, by their table and what they hold -> the release from which on they are there.
ROWS_SINCE: Mapping[str, tuple[Mapping[str, str | int], str]] = {
    # What an item that owed nothing had incurred before.
    "Postings tblPostings": ({"Movement": "brought-forward", "Amount": 0}, "0.2.dev2"),
}
#: Columns that held values of the ledger and have become formulas over others -> the release from which on.
LIVE_SINCE = dict.fromkeys(
    (f"Items tblItems {heading}" for heading in ("Interest per year", "Incurred this quarter", "Incurred before")),
    "0.2.dev2",
)
#: Columns under which, and rows in which, a figure has been counted otherwise since, as a comparison tells them -> the
#: release from which on.
#: What an earlier release says there was right by its own definition, and is not held against today's.
REDEFINED = {
    "Ageing Of which overdue": "0.2.dev1",  # what had lapsed too was left out
    # All that was spent was held against the budgets of some teams, and reversals of earlier quarters' work with it.
    **{
        f"Budget vs actual {title} {heading}": "0.2.dev2"
        for title in ("All teams by quarter", "By quarter and team", "By quarter and cost centre")
        for heading in ("Difference", "Difference in % of budget", "Spent without a budget")
    },
    "Summary=Budget variance": "0.2.dev2",
    "Restatements Issues that this pack is compared with Events since": "0.2.dev2",  # without plans
    "Items tblItems Owner key": "0.2.dev2",  # T1 beside team-1, which is another key
    "Breakdown By team and cost centre Owner key": "0.2.dev2",
    "Summary=Repaid": "0.2.dev2",  # in per cent, less repaid was +
    "Summary=Estimate variance": "0.2.dev2",
    "Summary=Share of neglect": "0.2.dev2",  # a change of shares was a per cent
}

_READABLE = re.compile(r"[0-9A-Za-z.+]{1,40}")
_QUARTER = re.compile(r"\b\d{4}Q[1-4]\b")
_BEFORE_ALL = Version("0.dev0")
_RENAMED = re.compile(rf"\b({'|'.join(map(re.escape, RENAMED))})\b")


def is_this(release: str) -> bool:
    """Whether the release is this one, of which the bytes can be compared."""
    return release == __version__


def is_later(release: str, than: str = __version__) -> bool:
    """Whether a release came after another. One that cannot be read came before all."""
    return _number(release) > _number(than)


def todays_words(text: str) -> str:
    """Words of the report as this release puts them, without the marks of scenarios, which others do not have."""
    return _RENAMED.sub(lambda found: RENAMED[found[0]], unmarked(text))


def may_lack(release: str, name: str) -> bool:
    """Whether a workbook of the release need not have a sheet, or another thing, of this one."""
    since = SINCE.get(_QUARTER.sub("QUARTER", name))
    return since is not None and is_later(since, release)


def may_lack_row(release: str, table: str, row: Mapping[str, object]) -> bool:
    """Whether a workbook of the release need not have a row, given by heading."""
    held, since = ROWS_SINCE.get(table, ({}, ""))
    return bool(held) and is_later(since, release) and all(row.get(each) == value for each, value in held.items())


def was_value(release: str, column: str) -> bool:
    """Whether the release had a value of the ledger where this one has a formula."""
    since = LIVE_SINCE.get(column)
    return since is not None and is_later(since, release)


def counted_otherwise(release: str, column: str) -> bool:
    """Whether the release gave another figure than this one under a heading, by its own definition."""
    since = REDEFINED.get(column)
    return since is not None and is_later(since, release)


def named(release: str) -> str:
    """The release in a sentence."""
    if not _READABLE.fullmatch(release):
        return "a release of debt-ledger that it does not tell"
    return f"debt-ledger {release}" + (f", which is later than this {__version__}" if is_later(release) else "")


def _number(release: str) -> Version:
    try:
        return Version(release if _READABLE.fullmatch(release) else "")
    except InvalidVersion:
        return _BEFORE_ALL
