"""What surrounds the cells: print setup, headers and footers, protection, limits of entries, frozen panes."""

from __future__ import annotations

from typing import Protocol

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ledger.vocabulary.spreadsheet_text import printable
from reports.sheet import LONGEST_ENTRY, Column, Sheet
from reports.xlsx.formats import AMOUNTS
from reports.xlsx.layout import letter_of

_A4 = 9
#: Excel refuses a header or footer longer than 255 characters; three parts share them.
_LONGEST_PART = 70


class Origin(Protocol):
    """The part of a stamp that is printed on every page."""

    @property
    def pack(self) -> str:
        """Name of the pack."""

    @property
    def footer(self) -> str:
        """Head hash and as-of."""


def set_page(target: Worksheet, sheet: Sheet, *, header_row: int, columns: int, end: int, stamp: Origin) -> None:
    """Print setup, frozen headers, protection. end: the last row to print."""
    target.sheet_view.showGridLines = False
    target.freeze_panes = f"{letter_of(sheet.frozen_columns + 1)}{header_row + 1}"
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = _A4
    target.page_setup.fitToWidth = 1
    target.page_setup.fitToHeight = 1 if sheet.one_page else 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_options.horizontalCentered = True
    margins = target.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.7, 0.6, 0.3, 0.3
    target.print_title_rows = f"{header_row}:{header_row}"
    target.print_area = f"A1:{letter_of(columns)}{end}"
    _running_lines(target, sheet, stamp)
    protection = target.protection
    protection.sheet = True
    # In the file these flags say what is locked.
    protection.sort = protection.autoFilter = protection.formatColumns = protection.formatRows = False


def limit_entries(target: Worksheet, column: Column, cells: str) -> None:
    """Refuse what the ledger would refuse, while it is typed: text, amounts below 0, words that are too many.

    cells: an A1 range. An empty cell is always allowed; a pasted value is not checked by the spreadsheet program.
    """
    if column.kind in AMOUNTS:
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
        rule.errorTitle = f"{column.title}: not an amount"
        rule.error = (
            f"{column.title} must be an amount of 0 or more, without words. Leave the cell empty for 'not set'."
        )
    else:
        rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_ENTRY))
        rule.errorTitle = f"{column.title}: too long"
        rule.error = f"{column.title} may have at most {LONGEST_ENTRY} characters. Shorten it."
    rule.errorStyle, rule.allow_blank, rule.showErrorMessage = "stop", True, True
    rule.add(cells)
    target.add_data_validation(rule)


def _running_lines(target: Worksheet, sheet: Sheet, stamp: Origin) -> None:
    target.oddHeader.left.text = _part(stamp.pack)
    target.oddHeader.right.text = _part(sheet.title)
    target.oddFooter.left.text = _part(stamp.footer)
    target.oddFooter.right.text = "Page &P of &N"
    for line in (target.oddHeader, target.oddFooter):
        line.left.size = line.right.size = 8


def _part(text: str) -> str:
    """Text for a header or footer, where & starts a command; never cut within a doubled &."""
    return printable(text)[:_LONGEST_PART].replace("&", "&&")
