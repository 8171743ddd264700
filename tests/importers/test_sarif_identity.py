"""What identifies a SARIF result from run to run, and how its file is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.importers.findings import sarif
from ledger.importers.findings.gathering import gathered
from ledger.importers.kinds import KINDS
from ledger.importers.mapping import read_mapping
from ledger.vocabulary.errors import Unreadable
from tests.helpers.sarif_logs import result, run_of, write_log
from tests.importers.test_sarif import at, bad, only, read

# --- identity -------------------------------------------------------------------------------------------

FORMS = pytest.mark.parametrize(
    ("form", "same", "other"),
    [
        ({"correlationGuid": "A1"}, {"correlationGuid": "a1", "locations": at("z.py")}, {"correlationGuid": "b2"}),
        ({"fingerprints": {"x/v1": "1", "x/v2": "2"}}, {"fingerprints": {"x/v1": "1", "x/v3": "3"}, "locations": at("z.py")},
         {"fingerprints": {"x/v1": "7", "x/v2": "2"}}),
        ({"partialFingerprints": {"a": "1", "b/v2": "2"}}, {"partialFingerprints": {"b/v2": "2", "b/v10": "9", "a": "1"}},
         {"partialFingerprints": {"a": "1"}}),
        ({"partialFingerprints": {"primaryLocationLineHash": "q:1", "primaryLocationStartColumnFingerprint": "4"}},
         {"partialFingerprints": {"primaryLocationLineHash": "q:1", "primaryLocationStartColumnFingerprint": "8"}},
         {"partialFingerprints": {"primaryLocationLineHash": "q:2"}}),
        ({"partialFingerprints": {"a": "1"}}, {"partialFingerprints": {"a": "1"}, "message": {"text": "Reworded."}},
         {"partialFingerprints": {"a": "1"}, "locations": at("z.py")}),
        ({}, {"message": {"text": "Reworded."}, "guid": "new each time"}, {"ruleId": "R2"}),
        ({"locations": None}, {"locations": None, "level": "error"}, {"locations": None, "message": {"text": "Other."}}),
        ({"locations": at("a.py")}, {"locations": at("./a.py")}, {"locations": at("b.py")}),
    ],
    ids=["correlationGuid", "fingerprints", "versions", "columns", "a file", "snippet", "message", "message in a file"],
)  # fmt: skip


@FORMS
def test_what_identifies_a_result(
    tmp_path: Path, form: dict[str, Any], same: dict[str, Any], other: dict[str, Any]
) -> None:
    first, again, another = (only(tmp_path, result(1, **each)).key for each in (form, same, other))
    assert first == again
    assert first != another


def test_a_result_that_moved_is_the_same(tmp_path: Path) -> None:
    """What stands above it in the file is nothing of its own."""
    moved = result(1)
    moved["locations"][0]["physicalLocation"]["region"]["startLine"] = 40
    moved["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] = "    line 1\n"
    assert only(tmp_path, result(1)).key == only(tmp_path, moved).key


def test_a_sentence_in_the_place_of_a_fingerprint_is_none(tmp_path: Path) -> None:
    words = {"fingerprints": {"matchBasedId/v1": "requires login"}}
    assert only(tmp_path, result(1, **words)).key == only(tmp_path, result(1)).key


def test_like_results_are_numbered_and_what_is_told_twice_counts_once(tmp_path: Path) -> None:
    """In one run or in several, in one file or parted."""
    like = [result(1, locations=[{"physicalLocation": {"artifactLocation": {"uri": "a.py"},
            "region": {"startLine": line, "snippet": {"text": "x = 1"}}}}]) for line in (3, 9)]  # fmt: skip
    for line, each in zip((3, 9), like, strict=True):
        each["message"] = {"text": f"Line {line}"}
    found = read(tmp_path, run_of(*like), run_of(like[1]))
    keys = [each.key for each in found.findings]
    assert (found.read, found.duplicates, len(keys)) == (3, 1, 2)
    assert keys[1] == f"{keys[0]}#2"
    parted = [write_log(tmp_path / f"{number}.sarif", run_of(each)) for number, each in enumerate(like)]
    assert [each.key for each in gathered(sarif.read(parted, ZoneInfo("UTC"))).findings] == keys


def test_two_tools_and_two_categories_are_apart(tmp_path: Path) -> None:
    """Of automationDetails.id the last part is the run's own."""
    runs = [run_of(result(1), name=name, automationDetails={"id": known}) for name, known in
            (("A", "x64/1"), ("A", "x64/2"), ("A", "x86/1"), ("B", "x64/1"), ("A", "1"))]  # fmt: skip
    found = read(tmp_path, *runs)
    assert (len(found.findings), found.duplicates) == (4, 1)
    assert found.scopes == ("A", "A/x64", "A/x86", "B/x64")


def test_a_mapping_may_name_what_identifies(tmp_path: Path) -> None:
    told = tmp_path / "m.toml"
    told.write_text('[columns]\nkey = "properties.id"\n')
    mapping = read_mapping(told, KINDS["sarif"].fields)
    (found,) = read(tmp_path, run_of(result(1, properties={"id": 77})), mapping=mapping).findings
    assert found.key == "77"
    with pytest.raises(Unreadable, match=r"a column 'properties.id', which no row has"):
        read(tmp_path, run_of(result(1)), mapping=mapping)


# --- files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "run", "file"),
    [
        (at("src/my%20file%23.py"), {}, "src/my file#.py"),
        (at(".\\src\\a.py"), {}, "src/a.py"),
        (at("file:///home/ci/7/src/a.py"), {}, "/home/ci/7/src/a.py"),
        (at("file:///home/ci/7/src/a.py"), {"originalUriBaseIds": {"SRC": {"uri": "file:///home/ci/7/"}}}, "src/a.py"),
        (at("file:///home/ci/7/src/a.py"), {"originalUriBaseIds": {"ALL": {"uri": "file:///home/"},
         "SRC": {"uri": "file:///home/ci/7"}}}, "src/a.py"),
        (at("file:///C:/dev/a.py"), {"originalUriBaseIds": {"SRC": {"uri": "file:///C:/dev/"}}}, "a.py"),
        (at("a.py", uriBaseId="SRC"), {"originalUriBaseIds": {"SRC": {"uri": "file:///home/ci/7/"}}}, "a.py"),
        (at("a.py", uriBaseId="SRC"), {"originalUriBaseIds": {"SRC": {"uri": "src/", "uriBaseId": "TOP"},
         "TOP": {"uri": "file:///home/ci/7/"}}}, "src/a.py"),
        (at("a.py", uriBaseId="%SRCROOT%"), {}, "a.py"),
        (at("", index=0), {"artifacts": [{"location": {"uri": "b.py"}}]}, "b.py"),
        (at("../../etc/passwd"), {}, "../../etc/passwd"),
        (at("https://example.org/a%20b"), {}, "https://example.org/a b"),
        (at("file:///home/ci/7/a.py"), {"invocations": [{"executionSuccessful": True,
         "endTimeUtc": "2026-11-10T12:00:00Z", "workingDirectory": {"uri": "file:///home/ci/7"}}]}, "a.py"),
        ([], {}, ""),
    ],
)  # fmt: skip
def test_a_file_is_named_as_far_as_it_is_the_same_everywhere(
    tmp_path: Path, location: Any, run: dict[str, Any], file: str
) -> None:
    assert only(tmp_path, result(1, locations=location), **run).details.get("file", "") == file


def test_a_root_is_taken_off(tmp_path: Path) -> None:
    made = run_of(result(1, locations=at("file:///home/ci/7/src/a.py")))
    for root in ("/home/ci/7", "/home/ci/7/", "file:///home/ci/7"):
        assert [each.located for each in read(tmp_path, made, root=root).findings] == ["src/a.py:7"]
    (identity, absolute) = read(tmp_path, made).cautions
    assert "rule, file and their message tell them apart" in identity
    assert "`--root /home/ci/7/src` takes that off" in absolute


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (("C:/a/src/x.py", "C:/a/test/y.py"), "`--root C:/a` takes"),
        (("C:/a/src/x.py", "C:/b/src/x.py"), "a.sarif with `--root C:/a/src`, .*b.sarif with `--root C:/b/src`"),
        (("C:/a/src/x.py", "/home/b/x.py"), "a.sarif with `--root C:/a/src`, .*b.sarif with `--root /home/b`"),
        (("C:/a/src/x.py", "D:/b/src/x.py"), "one by one"),
        (("C:/x.py", "C:/y.py"), "a.sarif with `--root FOLDER`"),
        (("C:/x.py",), "`--root FOLDER` takes"),
        (("/home/my code/x.py",), "`--root '/home/my code'` takes"),
    ],
)
def test_of_several_logs_the_root_is_one_folder_or_each_has_its_own(
    tmp_path: Path, files: Sequence[str], said: str
) -> None:
    """Never a mere disk: a file below it is as little the same elsewhere."""
    (tmp_path / "logs").mkdir()
    for name, file in zip("ab", files, strict=False):
        uri = f"file://{'' if file.startswith('/') else '/'}{file}".replace(" ", "%20")
        write_log(
            tmp_path / "logs" / f"{name}.sarif", run_of(result(1, locations=at(uri)), automationDetails={"id": name})
        )
    found = gathered(sarif.read([tmp_path / "logs"], ZoneInfo("Europe/Paris")))
    absolute = [each for each in found.cautions if "one machine" in each]
    assert len(absolute) == 1
    assert re.search(said, absolute[0]), absolute[0]


def test_a_base_that_is_defined_by_itself_is_a_bad_row(tmp_path: Path) -> None:
    bases = {"A": {"uri": "a/", "uriBaseId": "B"}, "B": {"uri": "b/", "uriBaseId": "A"}}
    assert "defined by itself" in bad(tmp_path, result(1, locations=at("x", uriBaseId="A")), originalUriBaseIds=bases)
