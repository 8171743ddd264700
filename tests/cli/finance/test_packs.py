"""A pack that was given out: recorded once, reproduced to the byte, compared with what was given out before."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.finance.test_report import COMMISSION, told
from tests.helpers.teller import Teller, copied

pytestmark = pytest.mark.usefixtures("first_chart_alone")

ACCOUNTS = """
[accounts]
"assets" = "1700"
"equity" = "2990"
"expenses" = "6990"
"liabilities:debt" = "2100"
"liabilities:neglect" = "2200"
"liabilities @ CC-1" = "9999"
"""


@pytest.fixture(autouse=True)
def in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packs go to `packs` there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def issued_once(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the told ledger and its pack of 2026Q2, issued at position 15."""
    folder = tmp_path_factory.mktemp("issued")
    told(Teller(copied(opened, folder / "ledger.db"))).do(f"report 2026Q2 --into '{folder}/packs'")
    return folder


@pytest.fixture
def issued(issued_once: Path, tmp_path: Path) -> Teller:
    """A teller at a copy of both."""
    shutil.copytree(issued_once / "packs", tmp_path / "packs")
    return Teller(copied(issued_once / "ledger.db", tmp_path / "ledger.db"))


def issues_of(teller: Teller) -> list[dict[str, Any]]:
    return [event for event in teller.ask("log") if event["stored_as"] == "pack-issued/1"]


def manifest(quarter: str = "2026Q2") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"packs/{quarter}/MANIFEST.json").read_text())
    return found


def test_a_pack_of_a_quarter_that_has_ended_is_recorded_as_issued_with_its_hashes(teller: Teller) -> None:
    reply = told(teller).type("report 2026Q2")
    assert "Issued at position 15" in reply.out
    (issued,) = issues_of(teller)
    said, written = issued["data"], manifest()
    assert (said["quarter"], said["as_of"], said["compared_with"]) == ("2026Q2", "2026-06-30", [])
    assert (
        (said["known_position"], said["head_hash"])
        == (written["position"], written["head_hash"])
        == (14, teller.ask("log")[13]["hash"])
    )
    assert said["files"] == written["files"]
    assert issued["position"] == 15


@pytest.mark.reliability
def test_issuing_the_same_pack_again_records_nothing_whoever_asks(issued: Teller) -> None:
    before = Path("packs/2026Q2/debt-2026Q2.xlsx").read_bytes()
    issued.actor = "grace"
    reply = issued.type("report 2026Q2")
    assert reply.exit_code == 0
    assert "issued before, at position 15" in reply.out
    assert len(issues_of(issued)) == 1
    assert Path("packs/2026Q2/debt-2026Q2.xlsx").read_bytes() == before


@pytest.mark.reliability
def test_a_pack_that_cannot_be_written_is_not_issued(teller: Teller) -> None:
    """Something stands in the way of its last file: the earlier pack stays as it was, and the answer says so."""
    told(teller).do("report 2026Q1", "report 2026Q2")
    before = Path("packs/2026Q2/MANIFEST.json").read_bytes()
    teller.do("repay FRAUD-1 10 --on 2026-06-20")
    workbook = Path("packs/2026Q2/debt-2026Q2.xlsx")
    workbook.unlink()
    workbook.mkdir()
    reply = teller.type("report 2026Q2")
    assert reply.exit_code == 3
    assert "cannot be written to packs/2026Q2: Is a directory. No file of an earlier pack" in reply.err
    assert len(issues_of(teller)) == 2
    assert Path("packs/2026Q2/MANIFEST.json").read_bytes() == before


def test_a_provisional_pack_is_not_issued(teller: Teller) -> None:
    reply = told(teller).type("report 2026Q3 --as-of 2026-07-15")
    assert reply.exit_code == 0
    assert "not recorded as issued" in reply.out
    assert issues_of(teller) == []
    assert manifest("2026Q3")["provisional"] is True


@pytest.mark.parametrize(
    ("day", "line", "words"),
    [
        ("2026-06-30", "report 2026Q2", ("has not ended", "--as-of 2026-06-29")),
        ("2026-06-30", "report 2026Q2 --as-of 2026-06-30", ("has not ended", "--as-of 2026-06-29")),
        ("2026-06-20", "report 2026Q2 --as-of 2026-06-25", ("in the future", "--as-of 2026-06-20")),
        ("2026-06-20", "report 2026Q2 --as-of 2026-06-30", ("has not ended", "--as-of 2026-06-20")),
    ],
)
def test_a_quarter_that_is_running_is_never_issued_as_final(
    teller: Teller, day: str, line: str, words: tuple[str, ...]
) -> None:
    """Not on its last day either."""
    told(teller)
    teller.clock.now = teller.clock.now.fromisoformat(f"{day}T12:00:00+00:00")
    reply = teller.type(line)
    assert reply.exit_code == 1
    assert all(word in reply.err for word in words), reply.err
    assert not Path("packs").exists()


@pytest.mark.reliability
def test_a_later_issue_names_the_earlier_ones_and_both_are_reproduced(teller: Teller) -> None:
    """Whatever was issued or recorded since, and from another folder."""
    told(teller).do("report 2026Q1", "report 2026Q2", "repay FRAUD-1 10 --on 2026-06-20")
    shutil.copytree("packs", "sent")
    teller.do(
        "report 2026Q2", "observe FRAUD X --category code-quality --cause coding-error --principal 5 --on 2026-03-01"
    )
    teller.do("report 2026Q2")
    compared = [(event["position"], event["data"]["compared_with"]) for event in issues_of(teller)]
    assert compared == [(15, []), (16, [15]), (18, [16, 15]), (20, [18, 15])]
    assert [issue["position"] for issue in manifest()["compared_with"]] == [18, 15]
    for pack in ("sent/2026Q2", "packs/2026Q2/MANIFEST.json"):
        answer = teller.ask(f"reproduce {pack}")
        assert answer["ok"] is True
        assert {(file["in_folder"], file["rebuilt"]) for file in answer["files"]} == {("same bytes", "same bytes")}
    assert teller.ask("reproduce sent/2026Q2")["issued_at"] == 16


@pytest.mark.reliability
def test_the_command_on_the_about_sheet_makes_an_issued_pack_again(teller: Teller) -> None:
    told(teller).do("report 2026Q1", "repay FRAUD-1 10 --on 2026-06-20", "report 2026Q2")
    first = manifest()
    teller.do("repay FRAUD-1 10 --on 2026-06-21", "report 2026Q2")
    teller.do(first["command"].removeprefix("debt --book main "))
    assert manifest() == first


def altered(name: str) -> None:
    path = Path("packs/2026Q2") / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.reliability
@pytest.mark.parametrize("name", ["postings-2026Q2.csv", "debt-2026Q2.xlsx", "charts/1-roll-forward.svg"])
def test_a_file_that_was_altered_is_named(issued: Teller, name: str) -> None:
    altered(name)
    reply = issued.type("reproduce packs/2026Q2")
    assert reply.exit_code == 3
    assert name in reply.err
    assert "DIFFERS" in reply.out


@pytest.mark.reliability
def test_a_file_that_is_missing_is_named(issued: Teller) -> None:
    Path("packs/2026Q2/postings-2026Q2.csv").unlink()
    reply = issued.type("reproduce packs/2026Q2")
    assert (reply.exit_code, "postings-2026Q2.csv" in reply.err) == (3, True)


def test_a_manifest_that_was_altered_is_not_the_one_issued(issued: Teller) -> None:
    """A file and its line in the manifest, both rewritten, still differ from what the ledger gives."""
    path, said = Path("packs/2026Q2/MANIFEST.json"), manifest()
    csv_file = Path("packs/2026Q2/postings-2026Q2.csv")
    csv_file.write_bytes(csv_file.read_bytes() + b"1\r\n")
    from reports.pack.files import sha256

    for record in said["files"]:
        if record["name"] == csv_file.name:
            record["sha256"] = record["content_sha256"] = sha256(csv_file.read_bytes())
    path.write_text(json.dumps(said, indent=2) + "\n")
    answer = issued.type("reproduce packs/2026Q2 --format json")
    assert answer.exit_code == 3
    assert answer.json["issued_at"] is None
    assert [file["file"] for file in answer.json["files"] if file["rebuilt"] != "same bytes"] == [
        csv_file.name,
        path.name,
    ]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"head_hash": "0" * 64}, 3, "of another ledger"),
        ({"position": 4000}, 3, "no position 4000"),
        ({"book": "other"}, 3, "no book 'other'"),
        ({"format": "debt-ledger-pack/9"}, 2, "debt-ledger-pack/9"),
        ({"quarter": "2026Q9"}, 2, "2026Q9"),
        ({"compared_with": [{"position": 3, "quarter": "2026Q1", "known_position": 2}]}, 3, "at position 3"),
        ({"files": [{"name": "../../etc/passwd", "sha256": "", "content_sha256": ""}]}, 3, "../../etc/passwd"),
    ],
)
def test_a_manifest_of_something_else_is_a_clear_answer(
    issued: Teller, change: dict[str, Any], code: int, words: str
) -> None:
    Path("packs/2026Q2/MANIFEST.json").write_text(json.dumps({**manifest(), **change}))
    reply = issued.type("reproduce packs/2026Q2")
    assert (reply.exit_code, words in reply.err) == (code, True), reply.err


@pytest.mark.reliability
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff\xfe", b'{"format": 1}', b"[" * 100_000])
def test_what_is_no_manifest_is_wrong_usage(teller: Teller, content: bytes | None) -> None:
    told(teller)
    Path("packs").mkdir()
    if content is not None:
        Path("packs/MANIFEST.json").write_bytes(content)
    reply = teller.type("reproduce packs")
    assert reply.exit_code == 2
    assert "MANIFEST.json" in reply.err


# --- the postings for the general ledger ---------------------------------------------------------------


def legs() -> list[dict[str, str]]:
    text = Path("packs/2026Q2/postings-2026Q2.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_postings_balance_and_tie_to_the_roll_forward_by_owner(issued: Teller) -> None:
    """Every position by itself; the change of team of 2026-06-15 moves what stood then."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    moved: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for leg in legs():
        amount = Decimal(leg["debit"] or "0") - Decimal(leg["credit"] or "0")
        sums[leg["position"]] += amount
        if leg["nature"]:
            moved[leg["nature"], leg["team"], leg["movement"].replace("-", "_")] -= amount
    assert set(sums.values()) == {Decimal(0)}
    rows = issued.ask("rollforward 2026Q2 --by team")["rows"]
    columns = ("commissioned", "observed", "adopted", "revised", "repaid", "written_off", "corrected", "transferred")
    expected = {
        (row["nature"], row["team"], column): Decimal(row[column])
        for row in rows
        for column in columns
        if row["nature"] != "total" and Decimal(row[column])
    }
    assert {place: amount for place, amount in moved.items() if amount} == expected
    assert expected["debt", "blue", "transferred"] > 0


@pytest.mark.reliability
def test_the_configured_codes_stand_beside_the_accounts_and_in_the_manifest(teller: Teller) -> None:
    Path("config.toml").write_text(ACCOUNTS)
    told(teller).do("report 2026Q2")
    codes = {(leg["account"].rpartition(":")[0], leg["cost_centre"], leg["gl_account"]) for leg in legs()}
    assert ("liabilities:debt", "CC-1", "2100") in codes
    assert ("equity", "CC-1", "2990") in codes
    assert manifest()["accounts"]["liabilities:debt"] == "2100"
    # The mapping of the manifest counts, not that of the day.
    Path("config.toml").unlink()
    assert teller.ask("reproduce packs/2026Q2")["ok"] is True


@pytest.mark.reliability
def test_another_mapping_makes_another_pack_compared_with_the_same_issues(teller: Teller) -> None:
    """The figures are the same, the file for the general ledger is not."""
    told(teller).do("report 2026Q2")
    Path("config.toml").write_text(ACCOUNTS)
    teller.do("report 2026Q2")
    assert [event["data"]["compared_with"] for event in issues_of(teller)] == [[], []]
    first, second = (event["data"]["files"] for event in issues_of(teller))
    assert [one["name"] for one, other in zip(first, second, strict=True) if one != other] == ["postings-2026Q2.csv"]


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[accounts]\n"liabilities" = "2"', "no code for"),
        ('[accounts]\n"liabilites" = "2"', "'liabilites', and the ledger has no such account"),
        ('[accounts]\n"liabilities" = 2100', "Expected `str`, got `int`"),
    ],
)
def test_a_mapping_that_does_not_fit_is_wrong_usage_and_writes_nothing(teller: Teller, text: str, words: str) -> None:
    told(teller)
    Path("config.toml").write_text(text)
    reply = teller.type("report 2026Q2")
    assert (reply.exit_code, words in reply.err) == (2, True), reply.err
    assert not Path("packs").exists()
    Path("config.toml").unlink()
    assert issues_of(teller) == []


def test_the_postings_of_a_quarter_before_a_change_of_cost_centre_keep_the_old_one(teller: Teller) -> None:
    teller.do(COMMISSION, "system change FRAUD --cost-centre CC-2 --on 2026-04-10", "repay FRAUD-1 100 --on 2026-04-11")
    teller.do("report 2026Q2")
    assert [(leg["movement"], leg["cost_centre"], leg["debit"], leg["credit"]) for leg in legs()] == [
        ("transferred", "CC-1", "12000.00", ""),
        ("transferred", "CC-2", "", "12000.00"),
        ("repaid", "CC-2", "100.00", ""),
        ("repaid", "CC-2", "", "100.00"),
    ]
