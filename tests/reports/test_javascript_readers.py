"""The workbook in the two libraries that JavaScript programs read workbooks with: each opens it and sees every value."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from javascript_readers import LIBRARIES, needs_libraries, read_by, read_by_openpyxl

from reports.pack.pack import Pack
from tests.helpers.optional import needs
from tests.helpers.written import Written

pytestmark = [needs("node"), needs_libraries, pytest.mark.reliability]

#: Tables without a row, texts that break programs, restatements, figures that are errors.
WORKBOOKS = ("empty", "hostile", "hostile teams", "restated", "tampered amount")


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_cell_of_a_pack_has_the_value_that_openpyxl_reads(library: str, pack: Pack) -> None:
    """With the pictures of the charts, which the workbooks of the other test do without."""
    expected = read_by_openpyxl(pack.workbook)
    (found,) = read_by(library, [pack.workbook])
    assert found == expected
    assert list(found) == list(expected)  # the sheets stand in the same order


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_kind_of_quarter_reads_the_same(library: str, workbook_of_case: Callable[[str], Written]) -> None:
    workbooks = [workbook_of_case(case).workbook for case in WORKBOOKS]
    for case, workbook, found in zip(WORKBOOKS, workbooks, read_by(library, workbooks), strict=True):
        assert found == read_by_openpyxl(workbook), case
