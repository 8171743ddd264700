"""Packs of 0.1, each with the ledger that it came from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.views.quarter import QuarterView
from reports.pack.pack import BuiltPack, build_pack
from tests.corpus.frozen import Given, thawed_pack, thawed_sqlite, view_of
from tests.corpus.questions import typed

#: The schema whose pack is frozen whole.
WHOLE = "0002"


@pytest.fixture(scope="session")
def thawed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Given]:
    """The pack and the ledger of a schema, upgraded; for tests that change neither."""
    made: dict[str, Given] = {}

    def thaw(schema: str) -> Given:
        if schema not in made:
            folder = tmp_path_factory.mktemp(schema)
            made[schema] = Given(thawed_sqlite(schema, folder), thawed_pack(schema, folder))
            typed(made[schema].database, None, "db upgrade")
        return made[schema]

    return thaw


@pytest.fixture
def given(thawed: Callable[[str], Given], tmp_path: Path) -> Given:
    """The whole pack, to be altered, at the ledger that it came from."""
    whole = thawed(WHOLE)
    return Given(whole.database, Path(shutil.copytree(whole.pack, tmp_path / "pack")))


@pytest.fixture(scope="session")
def again(thawed: Callable[[str], Given]) -> tuple[BuiltPack, QuarterView]:
    """The whole pack built again, which takes longest, and the quarter from which it was."""
    view = view_of(thawed(WHOLE))
    return build_pack(view, {}), view
