"""Tables in text files: their rows, whatever parts the fields, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ledger.importers.files import read_text
from ledger.vocabulary.delimited_text import delimited
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding


def table_rows(path: Path, decoding: Decoding = RECOGNISED) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, with its line, from 1; the first is the column names, wherever they stand.

    Raises Unreadable, naming file and line, for what is no table of text.
    """
    text = read_text(path, decoding)
    form = delimited(text)
    if told := form.told(str(path)):
        decoding.say(told)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=form.separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if line > form.lines_before and any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            f"{path} is not a table: {error}, in the row that begins on line {line}. Nothing was recorded."
        ) from error
