"""Packs that several tests read; each is built once per worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from reports.pack.pack import Pack, write_pack
from tests.helpers.quarter_books import CASES, EVERY_CASE
from tests.helpers.written import Written, written


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The typical quarter's pack."""
    return write_pack(CASES["typical"], tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="session")
def workbook_of_case(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Written]:
    """The workbook of a case, written when it is first asked for."""

    @cache
    def write(case: str) -> Written:
        return written(CASES[case], tmp_path_factory.mktemp("case"))

    return write


@pytest.fixture(params=EVERY_CASE)
def any_workbook(request: pytest.FixtureRequest, workbook_of_case: Callable[[str], Written]) -> tuple[str, Written]:
    """The name of a case and its workbook."""
    return request.param, workbook_of_case(request.param)
