"""Charts of the spreadsheet program itself, over the cells of the sheet, for readers who want to change them.

The file keeps the figures beside each range, so that a chart shows in Protected View too, before anything is
calculated.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import BarChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.series import Series as ChartSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.fill import ColorChoice, PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

from ledger.vocabulary.spreadsheet_text import printable
from reports.sheet import Block, CellContent, Formula, HeaderOf, Kind, Mark, NativeChart, RowsOf, Scalar, Series
from reports.xlsx.formats import number_format, shown, stored
from reports.xlsx.layout import Layout

#: Size of a chart in pixels at 96 a inch.
WIDTH, HEIGHT = 680, 320
_CENTIMETRES_PER_PIXEL = 2.54 / 96

_DARK, _OUTLINE, _ORANGE = "404040", "595959", "B34700"
_HUES = {Mark.DEBT: "0072B2", Mark.NEGLECT: "E69F00"}


def native_chart(chart: NativeChart, layout: Layout, exponent: int) -> BarChart:
    """The chart over the cells where the layout has put its block. exponent: decimal places of the currency."""
    bars = BarChart()
    bars.type = "col"
    bars.width, bars.height = WIDTH * _CENTIMETRES_PER_PIXEL, HEIGHT * _CENTIMETRES_PER_PIXEL
    bars.title = chart.title
    bars.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1100, b=True))
    bars.legend.position = "b"
    bars.gapWidth = 60
    if chart.stacked:
        bars.grouping, bars.overlap = "stacked", 100
    _axes(bars, exponent)
    for index, series in enumerate(chart.series):
        bars.series.append(_series(chart, series, index, layout, exponent))
    return bars


def _axes(chart: BarChart, exponent: int) -> None:
    chart.y_axis.number_format = number_format(Kind.AMOUNT, exponent)
    chart.y_axis.majorGridlines = None
    # openpyxl leaves this open, and Excel then shows no axis at all.
    chart.x_axis.delete = chart.y_axis.delete = False
    # Below the bars, also where some reach below zero.
    chart.x_axis.tickLblPos = "low"
    small = ParagraphProperties(defRPr=CharacterProperties(sz=900))
    for axis in (chart.x_axis, chart.y_axis):
        axis.txPr = RichText(p=[Paragraph(pPr=small, endParaRPr=CharacterProperties(sz=900))])


def _series(chart: NativeChart, series: Series, index: int, layout: Layout, exponent: int) -> ChartSeries:
    block = layout.place(chart.block).block
    column = next(each for each in block.columns if each.key == series.column)
    label = StrRef(
        f=layout.qualified(HeaderOf(chart.block, series.column)), strCache=_texts([printable(column.heading)])
    )
    values = NumRef(
        f=layout.qualified(RowsOf(chart.block, series.column)),
        numCache=_numbers(block, series.column, number_format(column.kind, exponent), exponent),
    )
    names = StrRef(
        f=layout.qualified(RowsOf(chart.block, chart.categories)), strCache=_texts(_names(block, chart.categories))
    )
    found = ChartSeries(
        idx=index,
        order=index,
        tx=SeriesLabel(strRef=label),
        cat=AxDataSource(strRef=names),
        val=NumDataSource(numRef=values),
        spPr=_drawn(series.mark),
    )
    found.invertIfNegative = False
    return found


def _drawn(mark: Mark) -> GraphicalProperties:
    outline = LineProperties(solidFill=_OUTLINE, w=12_700)
    match mark:
        case Mark.PLAN:
            return GraphicalProperties(noFill=True, ln=outline)
        case Mark.FORECAST:
            hatch = PatternFillProperties(
                prst="wdUpDiag", fgClr=ColorChoice(srgbClr=_OUTLINE), bgClr=ColorChoice(srgbClr="FFFFFF")
            )
            return GraphicalProperties(pattFill=hatch, ln=outline)
        case Mark.DIFFERENCE:
            return GraphicalProperties(solidFill=_ORANGE)
        case _:
            return GraphicalProperties(solidFill=_HUES.get(mark, _DARK))


def _names(block: Block, column: str) -> list[str]:
    kind = next(each.kind for each in block.columns if each.key == column)
    return [printable(shown(_value(row.cells.get(column)), kind, 0)) for row in block.rows]


def _numbers(block: Block, column: str, code: str, exponent: int) -> NumData:
    kind = next(each.kind for each in block.columns if each.key == column)
    points = []
    for index, row in enumerate(block.rows):
        value = _value(row.cells.get(column))
        if isinstance(value, int):  # what is not set, or reads n/a, is a gap
            points.append(NumVal(idx=index, v=str(stored(value, kind, exponent))))
    return NumData(formatCode=code, ptCount=len(block.rows), pt=points)


def _texts(texts: Sequence[str]) -> StrData:
    return StrData(ptCount=len(texts), pt=[StrVal(idx=index, v=text) for index, text in enumerate(texts)])


def _value(content: CellContent) -> Scalar:
    return content.cached if isinstance(content, Formula) else content
