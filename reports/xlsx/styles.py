"""The look: fonts, fills, borders and alignment of every role a cell can play.

Black is a formula, green a formula that reads another sheet, grey a value of the ledger, blue on pale
yellow an input. Whoever prints in black and white still reads signs and words.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from reports.sheet import Kind
from reports.xlsx.formats import BROKEN, MISSING, NUMBERS, number_format

FONT = "Calibri"
BLACK, GREY, GREEN, BLUE = "1F1F1F", "595959", "00634B", "0000C8"
ORANGE = "B34700"  # dark, because small digits need the contrast
PALE_YELLOW, PALE_GREY, RED, PALE_ORANGE = "FFF9DB", "F0F0F0", "C00000", "FCE4D6"
HAIRLINE, RULE = "D9D9D9", "7F7F7F"

#: Points. A line of 10-point text in fonts that replace Calibri needs this much.
LINE_HEIGHT = 14.0


class Role(Enum):
    """Where a cell's content comes from, or what it is for."""

    VALUE = GREY
    FORMULA = BLACK
    LINK = GREEN
    INPUT = BLUE
    WORDS = "words"
    HEADING = "heading"
    HEADLINE = "headline"
    ALARM = "alarm"  # the headline of a provisional pack
    SUBTITLE = "subtitle"
    TITLE = "title"  # of a block
    NOTE = "note"


_SIZES = {Role.HEADLINE: 16, Role.ALARM: 16, Role.SUBTITLE: 10, Role.TITLE: 12, Role.NOTE: 9}
_COLOURS = {Role.ALARM: ORANGE, Role.SUBTITLE: GREY, Role.NOTE: GREY}
_BOLD = frozenset({Role.HEADLINE, Role.ALARM, Role.TITLE, Role.HEADING})
_TABULAR = frozenset({Role.VALUE, Role.FORMULA, Role.LINK, Role.INPUT, Role.WORDS})


class Look(NamedTuple):
    """All that decides a cell's style; equal looks share one style in the file."""

    role: Role
    kind: Kind
    strong: bool = False
    quoted: bool = False  # text that must stay text when somebody edits the cell
    left: bool = False  # aligned left whatever the kind
    size: int = 0  # points; that of the role if it is 0
    indented: bool = False  # keeps words off the figures of the column to their left


class Stylist:
    """Gives each distinct look a style of the workbook, once, because openpyxl is slow at it."""

    def __init__(self, book: Workbook, exponent: int) -> None:
        self._scratch = book.create_sheet()
        book.remove(self._scratch)
        self._exponent = exponent
        self._known: dict[Look, int] = {}

    def style(self, look: Look) -> int:
        """The number by which the workbook knows the look."""
        found = self._known.get(look)
        if found is None:
            found = self._known[look] = self._styled(look)
        return found

    def _styled(self, look: Look) -> int:
        # A cell of no sheet: openpyxl enters a style into the workbook when a cell gets it.
        cell = Cell(self._scratch, row=1, column=1)
        cell.font = _font(look)
        cell.alignment = _alignment(look)
        cell.border = _border(look)
        cell.number_format = number_format(look.kind, self._exponent)
        if look.role is Role.HEADING:
            cell.fill = PatternFill("solid", fgColor=PALE_GREY)
        if look.role is Role.INPUT:
            cell.fill = PatternFill("solid", fgColor=PALE_YELLOW)
            cell.protection = Protection(locked=False)
        cell.quotePrefix = look.quoted
        return int(cell.style_id)


def _font(look: Look) -> Font:
    colour = _COLOURS.get(look.role) or (look.role.value if look.role in _TABULAR - {Role.WORDS} else BLACK)
    return Font(
        name=FONT, size=look.size or _SIZES.get(look.role, 10), bold=look.strong or look.role in _BOLD, color=colour
    )


def _alignment(look: Look) -> Alignment:
    if look.role not in _TABULAR and look.role is not Role.HEADING:
        return Alignment(horizontal="left", vertical="center")
    horizontal = "right" if look.kind in NUMBERS and not look.left else "left"
    if look.kind in {Kind.RESULT, Kind.DATE, Kind.STAMP} and not look.left:
        horizontal = "center"
    return Alignment(
        horizontal=horizontal,
        vertical="bottom" if look.role is Role.HEADING else "top",
        wrap_text=look.role is Role.HEADING or look.kind in {Kind.TEXT, Kind.LABEL},
        indent=1 if look.indented and horizontal == "left" else 0,
    )


def _border(look: Look) -> Border:
    if look.role is Role.HEADING:
        return Border(bottom=Side("thin", RULE))
    if look.role not in _TABULAR:
        return Border()
    if look.role is Role.INPUT:
        edge = Side("thin", HAIRLINE)
        return Border(left=edge, right=edge, top=edge, bottom=edge)
    hairline = Side("hair", HAIRLINE)
    return Border(top=Side("thin", RULE), bottom=Side("thin", RULE)) if look.strong else Border(bottom=hairline)


def add_signals(sheet: Worksheet, kind: Kind, cells: str) -> None:
    """Colour that follows the figure: what raises is orange beside its sign, results and gaps go by their word."""
    from openpyxl.formatting.rule import Rule

    first = cells.split(" ")[0].split(":")[0]

    def rule(formula: str, style: DifferentialStyle) -> None:
        sheet.conditional_formatting.add(cells, Rule(type="expression", dxf=style, formula=[formula]))

    if kind is Kind.RESULT:
        alarm = PatternFill(bgColor=RED, fill_type="solid")
        rule(f'{first}<>"OK"', DifferentialStyle(font=Font(bold=True, color="FFFFFF"), fill=alarm))
        rule(f'{first}="OK"', DifferentialStyle(font=Font(bold=True, color=GREEN)))
    elif kind is Kind.GAP:
        gap, alarm = (PatternFill(bgColor=colour, fill_type="solid") for colour in (PALE_ORANGE, RED))
        rule(f'{first}="{MISSING}"', DifferentialStyle(font=Font(bold=True, color=ORANGE), fill=gap))
        beginning = f'LEFT({first},{len(BROKEN)})="{BROKEN}"'
        rule(beginning, DifferentialStyle(font=Font(bold=True, color="FFFFFF"), fill=alarm))
    else:
        rule(f"AND(ISNUMBER({first}),{first}>0)", DifferentialStyle(font=Font(color=ORANGE)))
