"""Pens: each writes the cells of one look, and spells a text that it meets again only once."""

from __future__ import annotations

from ledger.vocabulary.spreadsheet_text import starts_a_formula
from reports.sheet import Kind, Scalar
from reports.text import cell_text
from reports.xlsx.cells import SheetCells, spelled
from reports.xlsx.formats import stored
from reports.xlsx.styles import Look, Role, Stylist

#: Kinds whose texts may take several lines.
_WRAPPING = (Kind.TEXT, Kind.LABEL)
#: Kinds whose texts are the report's own words, and look so.
_WORDS = (Kind.LABEL, Kind.RESULT)


class Pen:
    """Writes cells of one look. wraps: whether its texts may take several lines."""

    def __init__(self, look: Look, stylist: Stylist, exponent: int) -> None:
        self.wraps = look.kind in _WRAPPING
        self._look = look
        self._words = look._replace(role=Role.WORDS) if look.role is Role.VALUE and look.kind in _WORDS else look
        self._stylist = stylist
        self._exponent = exponent
        self._style = stylist.style(look)
        # The same few words fill most of a long table.
        self._spelled: dict[str, str] = {}

    def write(self, cells: SheetCells, row: int, column: int, content: Scalar) -> None:
        """A value, or text as text, whatever it looks like."""
        value = content if isinstance(content, str) else stored(content, self._look.kind, self._exponent)
        if isinstance(value, str):
            known = self._spelled.get(value)
            if known is None:
                known = self._spelled[value] = self._spell(value)
            cells.cell(row, column, known)
        else:
            cells.value(row, column, value, self._style)

    def formula(self, cells: SheetCells, row: int, column: int, text: str, cached: Scalar, *, linked: bool) -> None:
        """A formula as the file spells it. linked: it reads another sheet."""
        style = self._stylist.style(self._look._replace(role=Role.LINK if linked else Role.FORMULA))
        cells.formula(row, column, text, stored(cached, self._look.kind, self._exponent), style)

    def _spell(self, text: str) -> str:
        clean = cell_text(text)
        look = self._words._replace(quoted=True) if starts_a_formula(clean) else self._words
        return spelled(clean, self._stylist.style(look))
