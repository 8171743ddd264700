"""A workbook that came back, with a cell where a sheet ends: verified within bounds of time and memory."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.quarter_books import CASES
from tests.helpers.returned_files import issued

pytestmark = pytest.mark.reliability

#: Of processor time and of address space; the workbook as it was issued takes some three seconds.
_SECONDS, _BYTES = 60, 1536 * 2**20

_CHILD = """
import sys
from pathlib import Path
from ledger.vocabulary.errors import Unreadable
from reports.returned.comparison import differences
from tests.helpers.quarter_books import CASES
try:
    found = differences(Path(sys.argv[1]), CASES["typical"])
except Unreadable as error:
    print("refused:", error)
else:
    print("differences:", len(found.differences))
"""


def untouched(name: str, xml: str) -> str:
    return xml


def stray(name: str, xml: str) -> str:
    """A cell in the last row that a sheet has."""
    if "/sheet2." not in name:
        return xml
    return xml.replace("</sheetData>", '<row r="1048576"><c r="A1048576" t="n"><v>1</v></c></row></sheetData>')


def far_corner(name: str, xml: str) -> str:
    """A cell in the last row and the last column that a sheet has."""
    if "/sheet2." not in name:
        return xml
    return xml.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>')


def wide_rows(name: str, xml: str) -> str:
    """A thousand rows more, each with a cell in the last column."""
    if "/sheet2." not in name:
        return xml
    rows = "".join(f'<row r="{n}"><c r="XFD{n}" t="n"><v>1</v></c></row>' for n in range(5000, 6000))
    return xml.replace("</sheetData>", f"{rows}</sheetData>")


def stretched(name: str, xml: str) -> str:
    """Every table and every sheet says that it reaches to the last cell that there is."""
    return re.sub(r'ref="([A-Z]+[0-9]+):[A-Z]+[0-9]+"', r'ref="\1:XFD1048576"', xml)


Change = Callable[[str, str], str]
#: What was done to the file -> how many cells of it the ledger does not confirm.
CHANGES: dict[Change, int] = {untouched: 0, stray: 1, far_corner: 1, wide_rows: 1000, stretched: 0}


def changed(source: Path, target: Path, change: Change) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(name, data.decode()).encode() if name.endswith(".xml") else data)
    return target


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issued(CASES["typical"], tmp_path_factory.mktemp("bounds") / "typical.xlsx")


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_it_is_read_within_bounds(workbook: Path, tmp_path: Path, change: Change) -> None:
    """The system ends whoever needs more; the cell is named, and every other is compared."""

    def held() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))

    path = changed(workbook, tmp_path / "back.xlsx", change)
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=False, preexec_fn=held
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stdout == f"differences: {CHANGES[change]}\n"
