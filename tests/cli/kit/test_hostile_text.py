"""Whatever people type survives to every file of a pack as text: a test per sink, for each field that takes any text."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from pypdf import PdfReader

from ledger.vocabulary.spreadsheet_text import posting_text
from tests.helpers.teller import INIT, Clock, Teller

pytestmark = pytest.mark.reliability

#: Formulas, errors, criteria, markup, quotes, format codes, other scripts, length.
TEXTS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "#N/A",
    "TRUE",
    "a*",
    ">5",
    '<b>&amp;</b> "quoted"',
    "&P of &N",
    "$x^2$ {brace} %s",
    "Grüße, 日本語, \U0001f600, عربي",
    "x" * 100,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of a quarter in which every text stands in every field, issued before, with a later event by each actor."""
    folder = tmp_path_factory.mktemp("hostile")
    teller = Teller(folder / "ledger.db", Clock())
    teller.do(INIT)
    for number, text in enumerate(TEXTS):
        said = shlex.quote(text)
        teller.do(
            f"system add S{number} {said} --team={said} --cost-centre={said} --evidence={said}",
            f"commission S{number} --category glue-code --principal {100 + number} --interest {50 - number}/year "
            f"--decided-by={said} --because={said} "
            f"--benefit={said} --repay-by 2026Q4 --on 2026-05-0{number % 9 + 1} --evidence={said} -- {said}",
            f"budget set 2026Q2 {10 + number} --team={said} --evidence={said}",
        )
    teller.do(f"report 2026Q2 --into '{folder}/first'")
    for number, text in enumerate(TEXTS):
        teller.actor = text
        teller.do(f"repay S{number}-1 {number + 1} --on 2026-06-20 --evidence={shlex.quote(text)}")
    teller.do(f"report 2026Q2 --into '{folder}'")
    return folder / "2026Q2"


def column(folder: Path, sheet: str, heading: str) -> Iterator[openpyxl.cell.Cell]:
    """The cells of a column, found by its heading."""
    rows = list(openpyxl.load_workbook(folder / "debt-2026Q2.xlsx")[sheet].iter_rows())
    for above, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell.value == heading:
                yield from (line[place] for line in rows[above + 1 :])


@pytest.mark.parametrize(
    ("sheet", "heading"),
    [
        ("Items", "Title"),
        ("Items", "Team"),
        ("Items", "Cost centre"),
        ("Items", "Decided by or cause"),
        ("Postings", "Team"),
        ("Postings", "Cost centre"),
        ("Breakdown", "Team"),
        ("Breakdown", "Cost centre"),
        ("Past quarters", "Team"),
        ("Budget vs actual", "Team"),
        ("Budget vs actual", "Cost centre"),
        ("Budget", "Team"),
        ("Readiness", "Name"),
        ("Restatements", "Actor"),
    ],
)
def test_in_the_workbook(folder: Path, sheet: str, heading: str) -> None:
    cells = {cell.value: cell for cell in column(folder, sheet, heading) if cell.value is not None}
    assert set(TEXTS) <= set(cells)
    for text in TEXTS:
        assert cells[text].data_type == "s"
        assert bool(cells[text].quotePrefix) is (text[0] in "=+-@")


def test_no_text_of_people_stands_in_a_formula(folder: Path) -> None:
    """Criteria are keys of ours, so that no name can match other rows."""
    book = openpyxl.load_workbook(folder / "debt-2026Q2.xlsx")
    formulas = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 500
    hostile = [text for text in TEXTS if len(text) > 4 and text != "TRUE"]
    assert [formula for formula in formulas if any(text in formula for text in hostile)] == []


def test_every_check_reads_ok(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "debt-2026Q2.xlsx", data_only=True)
    results = [row[4] for row in book["Checks"].iter_rows(min_row=5, values_only=True) if row[4]]
    assert set(results) == {"OK"}


def test_in_the_postings(folder: Path) -> None:
    text = (folder / "postings-2026Q2.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for field in ("team", "cost_centre"):
        assert {row[field] for row in rows} == {posting_text(text) for text in TEXTS}
    figures = re.compile(r"-\d+(\.\d+)?")
    words = [cell for row in rows for cell in row.values() if not figures.fullmatch(cell)]
    assert not [cell for cell in words if cell[:1] in tuple("=+-@\t\r")]


def test_in_the_charts(folder: Path) -> None:
    """Every SVG is sound XML; the chart of the largest items names them in words, as the PDF does."""
    for path in sorted((folder / "charts").glob("*.svg")):
        ElementTree.fromstring(path.read_bytes())
    svg = ElementTree.fromstring((folder / "charts" / "6-largest-interest.svg").read_bytes())
    said = " ".join("".join(svg.itertext()).split())
    page = PdfReader(folder / "debt-2026Q2-charts.pdf").pages[5].extract_text()
    largest = [" ".join(text.split()) for text in TEXTS[:9]]
    assert [text for text in largest if text not in said] == []
    assert [text for text in largest if text not in " ".join(page.split())] == []


def test_in_the_manifest(folder: Path) -> None:
    """Strict JSON, in ASCII."""
    text = (folder / "MANIFEST.json").read_text(encoding="ascii")
    assert json.loads(text)["checks"] == "OK"
