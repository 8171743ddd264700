"""What surrounds the cells: print setup, headers and footers, protection, limits of entries, frozen panes."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from ledger.vocabulary.spreadsheet_text import printable
from reports.sheet import LONGEST_ENTRY, Column, Sheet
from reports.xlsx.formats import AMOUNTS
from reports.xlsx.layout import letter_of
from reports.xlsx.pages import ROWS_OF_LONG, Paging

_A4 = 9
_TITLE_ROW = 2
#: Excel refuses a header or footer longer than 255 characters; three parts share them.
_LONGEST_PART, _LONGEST_MIDDLE = 70, 110
#: Letters of 8 points side by side on a page that lies.
_LETTERS_OF_A_LINE = 170


class Origin(Protocol):
    """The part of a stamp that is printed on every page."""

    @property
    def pack(self) -> str:
        """Name of the pack."""

    @property
    def footer(self) -> str:
        """Head hash and as-of."""


class Printed(NamedTuple):
    """What there is to print. header_row: of the headings; columns: how many; end: the last row, table_end: of tables."""

    header_row: int
    columns: int
    end: int
    table_end: int
    paging: Paging


def set_page(target: Worksheet, sheet: Sheet, printed: Printed, stamp: Origin) -> None:
    """Print setup, frozen headers, protection."""
    target.sheet_view.showGridLines = False
    header_row = printed.header_row
    target.freeze_panes = f"{letter_of(sheet.frozen_columns + 1)}{header_row + 1}"
    target.page_setup.orientation = "portrait" if sheet.standing else "landscape"
    target.page_setup.paperSize = _A4
    _running_lines(target, sheet, stamp)
    _part_pages(target, sheet, printed)
    target.print_options.horizontalCentered = True
    margins = target.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.5, 0.25, 0.25
    protection = target.protection
    protection.sheet = True
    # In the file these flags say what is locked. Sorting stays so: Excel sorts no locked cells, whatever the flag says.
    protection.autoFilter = protection.formatColumns = protection.formatRows = False


def _part_pages(target: Worksheet, sheet: Sheet, printed: Printed) -> None:
    """One page wide where that can be read, else as many as it takes, the frozen columns on each."""
    breaks = printed.paging.breaks
    first, columns, end = 1, printed.columns, printed.end
    if breaks:
        # A headline and notes would run into the second page, where they are cut off: the running title tells the message.
        first, end = printed.header_row, printed.end if sheet.prints_drawings else printed.table_end
        # In the middle of a line, on either side of which another part stands.
        beside = max(len(part.text or "") for part in (target.oddHeader.left, target.oddHeader.right))
        room = min(_LONGEST_MIDDLE, max(_LONGEST_PART, _LETTERS_OF_A_LINE - 2 * beside))
        target.oddHeader.center.text, target.oddHeader.center.size = _part(sheet.headline, room), 8
    if breaks:
        target.page_setup.scale = int(printed.paging.scale * 100)
        target.sheet_properties.pageSetUpPr.fitToPage = False
        for column in breaks:
            target.col_breaks.append(Break(id=column))
        target.print_title_cols = f"A:{letter_of(max(1, sheet.frozen_columns))}"
    else:
        target.page_setup.fitToWidth = 1
        target.page_setup.fitToHeight = 1 if sheet.one_page else 0
        target.sheet_properties.pageSetUpPr.fitToPage = True
    # Over a chart on the next page the headings of a table would be foreign; the title of the sheet is not.
    repeated = _TITLE_ROW if sheet.prints_drawings else printed.header_row
    target.print_title_rows = f"{repeated}:{repeated}"
    if sheet.long:
        end = min(end, printed.header_row + ROWS_OF_LONG)
    target.print_area = f"A{first}:{letter_of(columns)}{end}"


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
    target.HeaderFooter.scaleWithDoc = False  # small letters would become smaller still


def _part(text: str, longest: int = _LONGEST_PART) -> str:
    """Text for a header or footer, where & starts a command; never cut within a doubled &, nor in a word if there is another."""
    clean = printable(text)
    if len(clean) > longest:
        room = clean[: longest - 1]
        clean = (room.rpartition(" ")[0] or room) + "…"
    return clean.replace("&", "&&")
