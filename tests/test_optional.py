"""Optional programs: a test that names none has none, one that names some has the whole path."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.optional import PROGRAMS, mentions, needs


def test_a_test_that_names_no_program_finds_none() -> None:
    """On a machine that has them all."""
    assert [program for program in PROGRAMS if shutil.which(program)] == []


@needs("git")
def test_a_test_finds_what_it_names() -> None:
    assert shutil.which("git")


def test_only_listed_programs_can_be_named() -> None:
    with pytest.raises(AssertionError, match="not all are listed"):
        needs("gti")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@needs_hledger\n", True),
        ("libreoffice(workbook, tmp_path)", True),
        ('subprocess.run(["dot", "-Tsvg"])', True),
        ("def test_real_cards(shared_data: Path)", True),
        ("what a reader needs is dotted", False),
    ],
)
def test_a_module_that_mentions_one_is_known(text: str, found: bool, tmp_path: Path) -> None:
    module = tmp_path / "test_it.py"
    module.write_text(text, encoding="utf-8")
    assert mentions(module) is found
