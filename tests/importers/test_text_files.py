"""Every importer of text reads it alike: in each encoding that is recognised, in the one that is told, and no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.importers.answers.datasheets import read_edited, read_sheet
from ledger.importers.decisions.adoptions import read_decisions
from ledger.importers.files import natural, pages
from ledger.importers.findings import sonarqube
from ledger.importers.findings.gathering import gathered
from ledger.vocabulary.datasheet_form import write_form
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.outside_files import bytes_of
from ledger.vocabulary.text_encodings import Decoding
from tests.importers.test_sonarqube import issue

UTC = ZoneInfo("UTC")

#: By reader: the text that it reads, with an ä in it, and how.
READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "sonarqube": (
        json.dumps([issue(message="Lärm")], ensure_ascii=False),
        lambda path: gathered(sonarqube.read([path], UTC)).findings,
    ),
    "decisions": (
        "item,decided_by,because,benefit,repay_by\nSHOP-1,Käthe,soon,time,2027Q1\n",
        lambda path: read_decisions(path).decisions,
    ),
    "a form": (write_form("SHOP", {"2.1": "Käufe"}), lambda path: read_sheet(path).answers),
    "an edited form": (write_form("SHOP", {"2.1": "Käufe"}), lambda path: read_edited(path).answers),
    "a card": ("### Dataset Summary\n\nKäufe.\n", lambda path: read_sheet(path).answers),
    "Croissant": (
        json.dumps(
            {"@type": "Dataset", "@context": "http://mlcommons.org/croissant", "description": "Käufe"},
            ensure_ascii=False,
        ),
        lambda path: read_sheet(path).answers,
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("name", READERS)
def test_an_encoding_that_is_recognised_changes_nothing(name: str, encoding: str, tmp_path: Path) -> None:
    text, read = READERS[name]
    path = tmp_path / "file"
    path.write_bytes(text.encode())
    without = read(path)
    path.write_bytes(text.encode(encoding))
    assert read(path) == without
    assert "ä" in str(without)


@pytest.mark.parametrize("name", READERS)
def test_a_file_of_two_encodings_is_refused_with_the_line(name: str, tmp_path: Path) -> None:
    text, read = READERS[name]
    path = tmp_path / "file"
    path.write_bytes(text.encode() + "\nKäse\n".encode("cp1252"))
    with pytest.raises(Unreadable) as error:
        read(path)
    line = text.count("\n") + 2
    assert str(error.value).startswith(f"{path} is in two encodings: line {line} is no UTF-8, other lines are. Nothing")


@pytest.mark.parametrize("parted", [",", ";", "\t"])
@pytest.mark.parametrize("before", ["", "sep={0}\n", '"sep={0}"\r\n', "\n \n"])
@pytest.mark.parametrize("after", ["", "\n\n", "{0}{0}\n"])
def test_a_table_is_read_whatever_parts_its_fields(parted: str, before: str, after: str, tmp_path: Path) -> None:
    """With the separator said on a line of its own or not, empty lines around it, and the line of each row kept."""
    plain, path = READERS["decisions"][0], tmp_path / "file"
    path.write_text(plain)
    (expected,) = read_decisions(path).decisions
    path.write_text((before + plain.replace(",", "{0}") + after).format(parted), newline="")
    told: list[str] = []
    (found,) = read_decisions(path, decoding=Decoding(tell=told.append)).decisions
    assert (found.key, found.command) == (expected.key, expected.command)
    assert found.place == f"{path}, line {2 + before.count(chr(10))}"
    assert [line for line in told if "parted by" in line] == [
        f"{path} is read as parted by {name}." for name in [{";": "semicolons", "\t": "tabs"}.get(parted)] if name
    ]


@pytest.mark.parametrize("name", READERS)
def test_a_file_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as error:
        READERS[name][1](tmp_path / "absent")
    assert str(error.value) == f"{tmp_path / 'absent'} cannot be read: No such file or directory."


def test_a_file_may_have_so_many_bytes_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(2**20))
    assert len(bytes_of(path, most=2**20, what="list")) == 2**20
    path.write_bytes(bytes(2**20 + 1))
    assert len(bytes_of(path, most=2**20 + 1)) == 2**20 + 1
    with pytest.raises(Unreadable, match=r"file has more than 1 MiB: that is no list\.$"):
        bytes_of(path, most=2**20, what="list")


def test_pages_are_read_as_people_count_and_each_once(tmp_path: Path) -> None:
    for name in ("page10.txt", "page2.txt", "page1.json"):
        (tmp_path / name).write_text("")
    found = pages([tmp_path, tmp_path / "page2.txt"], ".txt")
    assert [path.name for path in found] == ["page2.txt", "page10.txt"]
    assert sorted(["line 10", "line 9", "line"], key=natural) == ["line", "line 9", "line 10"]
