"""Packs that several tests read; each is built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from quarter_books import CASES

from reports.pack import Pack, write_pack


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The typical quarter's pack."""
    return write_pack(CASES["typical"], tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="session", params=CASES)
def any_pack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Pack]:
    """The name of a case and its pack."""
    folder: Path = tmp_path_factory.mktemp("case")
    return request.param, write_pack(CASES[request.param], folder)
