"""What a sheet says: titles, columns, rows, formulas. Nothing here knows a file format.

A formula names columns and cells, never addresses; `reports.xlsx.layout` decides where they are:

    {amount}            the cell of column `amount` in the formula's own row
    {postings.amount}   column `amount` of block `postings`, all its rows
    {anything}          what `refs` gives for it: a CellOf, RowsOf or HeaderOf

Names of the workbook (`as_of`, `tolerance`) are written as they are. Amounts are integers in minor
units throughout, in formulas' cached values too; the writer turns them into major units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from reports.scenarios import marked

#: Characters that a reader may type into one cell of an entry column.
LONGEST_ENTRY = 500

#: Programs number the days before this one differently (one counts a 29th of February 1900): a cell shows them as text.
FIRST_NUMBERED_DAY = date(1900, 3, 1)

#: A Fraction is an exact share; the writer rounds it to a float at the cell.
Scalar = str | int | Fraction | date | datetime | None


class Kind(Enum):
    """What a cell holds, and so how it looks. The amounts are in minor units."""

    LABEL = "label"  # words of the report itself
    TEXT = "text"  # words of the ledger
    CODE = "code"  # short identifiers of the ledger, never wrapped
    AMOUNT = "amount"  # shown in whole major units
    AMOUNT_CHANGE = "amount change"  # the same with a sign; what adds is orange
    EXACT = "exact amount"  # shown to the minor unit
    SHARE = "share"
    SHARE_CHANGE = "share change"
    GROWTH = "growth"
    POINTS = "percentage points"  # the difference of two shares, in hundredths
    COUNT = "count"
    NUMBER = "number"  # as many decimals as it has
    DATE = "date"
    STAMP = "stamp"  # naive, UTC
    RESULT = "result"  # OK or ERROR
    GAP = "gap"  # a fact of the ledger, or the word that it is missing

    # Members are single objects; hashing their names, as enums do, costs a tenth of a long sheet's time.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class CellOf:
    """One cell, named by its block, row and column."""

    block: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class RowsOf:
    """One column over all rows of a block (its total row excluded)."""

    block: str
    column: str


@dataclass(frozen=True, slots=True)
class HeaderOf:
    """The heading of a column, as a criterion for SUMIFS."""

    block: str
    column: str


@dataclass(frozen=True, slots=True)
class Span:
    """One column of a block from one of its rows to another, where a link leads."""

    block: str
    first: str
    last: str
    column: str


Reference = CellOf | RowsOf | HeaderOf | Span


@dataclass(frozen=True, slots=True)
class Formula:
    """A live figure and the value that Python computed for it without the workbook."""

    text: str
    cached: Scalar
    refs: Mapping[str, Reference] = field(default_factory=dict)


CellContent = Scalar | Formula


@dataclass(frozen=True, slots=True)
class Column:
    """width: in characters; figures get more if they need it, words wrap; 0: as wide as the longest value.

    left: for a column of facts of all kinds, which read better aligned alike. entry: the reader fills it in:
    its cells are unlocked; an amount must be 0 or more, a text at most LONGEST_ENTRY characters. hidden: formulas need
    it and few readers do. mark: which scenario stands there (`reports.scenarios`); no column of an Excel table has one.
    """

    key: str
    title: str
    kind: Kind
    width: int = 0
    left: bool = False
    entry: bool = False
    hidden: bool = False
    mark: str = ""

    @property
    def heading(self) -> str:
        """The title as it stands over the column; the title alone is its name, whatever the release."""
        return marked(self.title, self.mark)


@dataclass(frozen=True, slots=True)
class Row:
    """kinds: where a cell is of another kind than its column. links: where a click on a figure leads, by column."""

    key: str
    cells: Mapping[str, CellContent]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    strong: bool = False
    links: Mapping[str, Reference] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one heading. table: the name of the Excel table it becomes, if any."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    table: str = ""
    header: bool = True
    total: Row | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and the words for those who cannot see it. width: pixels on the sheet at 96 a inch."""

    png: bytes
    alternative: str
    width: int


class Mark(Enum):
    """How a series of a native chart is drawn: IBCS notation, which tells kinds of figures apart without colour."""

    ACTUAL = "actual"  # solid, dark
    PLAN = "plan"  # outlined
    FORECAST = "forecast"  # hatched
    DIFFERENCE = "difference"  # orange
    DEBT = "debt"
    NEGLECT = "neglect"


@dataclass(frozen=True, slots=True)
class Series:
    """One column of the chart's block, over all its rows, named by the column's heading."""

    column: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class NativeChart:
    """A chart of the spreadsheet program itself, which the reader may change: bars on one axis.

    block, categories: the rows it draws and the column that names them. alternative: all figures in words.
    """

    title: str
    block: str
    categories: str
    series: tuple[Series, ...]
    alternative: str
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. headline: the message; subtitle: measure, unit, period. names: defined names.

    standing: printed with the short side of the paper up.

    sentences: what else has to be said before the figures, a line each.

    headings_differ: each block has headings of its own, so that none of them stays above the others when the
    reader scrolls, or is repeated on the next printed page; the title is. long: rows for looking things up, of which only
    the first page is printed unless the reader asks for more. charts_printed: whether its charts are in the print area; one
    that another part of the pack prints would only take a page.
    """

    title: str
    headline: str
    subtitle: str
    blocks: tuple[Block, ...]
    names: Mapping[str, Reference] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    charts: tuple[NativeChart, ...] = ()
    notes: tuple[str, ...] = ()
    frozen_columns: int = 0
    one_page: bool = False
    long: bool = False
    sentences: tuple[str, ...] = ()
    headings_differ: bool = False
    standing: bool = False
    charts_printed: bool = True

    @property
    def prints_drawings(self) -> bool:
        """Whether anything is printed under the cells."""
        return bool(self.pictures) or bool(self.charts and self.charts_printed)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """Two figures that must be equal. kind: Kind.EXACT for amounts, Kind.COUNT for numbers of things."""

    name: str
    left: Formula
    right: Formula | int
    kind: Kind = Kind.EXACT

    @property
    def left_value(self) -> int:
        """The left figure, in minor units or a count."""
        return integer(self.left)

    @property
    def right_value(self) -> int:
        """The right figure, in minor units or a count."""
        return integer(self.right)

    @property
    def ok(self) -> bool:
        """Whether the two are the same, to the minor unit."""
        return self.left_value == self.right_value


def unnumbered(value: object) -> bool:
    """Whether a value is a day that spreadsheets number differently, so that no formula may read it."""
    day = value.date() if isinstance(value, datetime) else value
    return isinstance(day, date) and day < FIRST_NUMBERED_DAY


def integer(content: CellContent) -> int:
    """The integer behind a cell that holds one, an amount in minor units or a count."""
    value = content.cached if isinstance(content, Formula) else content
    if not isinstance(value, int):
        raise TypeError(f"The cell holds {value!r}, which is no integer.")
    return value
