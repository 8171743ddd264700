"""Golden screens: what stands in `screens/` is what is shown, and nothing is wider than its terminal that could be narrower."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.kit.screens import SHOWN, STORY, WIDTHS, book, kept, screen
from tests.cli.kit.test_forms import form_of
from tests.cli.kit.test_terminal import path_of
from tests.helpers.command_tree import leaves

#: Commands that print records and have no screen, and why.
NO_SCREEN = {
    "they read files or packs, which their own tests make": {
        ("budget", "import"), ("report",), ("verify-workbook",), ("reproduce",), ("import", "adr"), ("import", "csv"),
        ("import", "sarif"), ("import", "sonarqube"), ("git", "scan"), ("sources",), ("decisions",),
    },
    "they name files of this machine": {("config",), ("db", "backup"), ("db", "check"), ("db", "rebuild"), ("db", "restore")},
    "they answer in sentences": {("verify",)},
    "its sample is drawn by an identifier of the run": {("audit-report",)},
    "it draws": {("system", "graph")},
}  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book(tmp_path_factory.mktemp("screens"))


def test_every_command_that_answers_in_records_has_a_screen_or_a_reason() -> None:
    asking = {
        path
        for path, command in leaves()
        if form_of(command) is not None and "key" not in {parameter.name for parameter in command.params}
    }
    shown = {path_of(line) for line in SHOWN}
    without = set().union(*NO_SCREEN.values())
    assert shown & without == set()
    assert asking <= shown | without
    assert without <= asking


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("line", SHOWN)
def test_a_screen_is_as_it_is_kept(path: Path, columns: int, line: str) -> None:
    assert screen(path, line, columns) == kept(columns)[line]


def test_nothing_else_is_kept_and_the_story_is_told() -> None:
    assert all(tuple(kept(columns)) == SHOWN for columns in WIDTHS)
    assert len(STORY) > len(WIDTHS)
