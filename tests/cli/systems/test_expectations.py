"""`debt expectations`: series of measurements beside the delta of their days; what nobody measured; the ML Test Score."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ledger.store.engine import open_engine
from tests.helpers.documents_typed import DOCUMENTS, measured, record
from tests.helpers.lines import ADOPT, COMMISSION, OBSERVE
from tests.helpers.teller import ADD_FRAUD, INIT, Clock, Teller, copied, new_id

HEADINGS = "expectation,on,position,what,monitor,value,threshold,verdict,debt,neglect,delta,ratio,series"


@pytest.fixture(scope="module", autouse=True)
def _pages_alone() -> Iterator[None]:
    """The other charts take most of a pack's time, and are tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.pack.pack.CHARTS", ())
        patch.setattr("reports.pack.pack.SLIDES", ())
        yield


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A debt, a neglect that was adopted later, repayments, and the documents of FRAUD."""
    path = tmp_path_factory.mktemp("told") / "ledger.db"
    teller = Teller(path)
    teller.do(
        INIT,
        ADD_FRAUD,
        "system add FEED 'Feature store' --team red --on 2025-12-01",
        "system add RANK 'Ranking' --team red --reads-from FRAUD --on 2025-12-01",
        COMMISSION,
        f"{OBSERVE}",
        ADOPT.replace("FRAUD-1", "FRAUD-2"),
        "repay FRAUD-1 1000 --on 2026-04-02",
        "observe RANK 'Of another system' --category code-quality --cause coding-error --principal 7 --on 2026-02-01",
    )
    record(f"sqlite:///{path}", DOCUMENTS, teller.clock, new_id)
    return path


@pytest.fixture
def books(told: Path, tmp_path: Path) -> Teller:
    return Teller(copied(told, tmp_path / "ledger.db"), Clock())


@pytest.mark.reliability
def test_each_measurement_stands_beside_the_delta_of_its_day(books: Teller) -> None:
    """Which is what `delta` says of that day."""
    found = books.ask("expectations FRAUD")
    rows = [row for each in found["expectations"] for row in each["measurements"]]
    assert [(row["on"], row["value"]) for row in rows] == [
        ("2026-02-01", "0.012"), ("2026-03-31", "0.03"), ("2026-04-02", "0.071"), ("2026-06-30", "0.049"),
    ]  # fmt: skip
    for row in [*rows, found | {"on": found["as_of"]}]:
        of_day = {each["system"]: each for each in books.ask(f"delta --as-of {row['on']} --by system")["groups"]}[
            "FRAUD"
        ]
        assert {name: row[name] for name in ("debt", "neglect", "delta")} == {
            name: of_day[name] for name in ("debt", "neglect", "delta")
        }
    assert len({row["delta"] for row in rows}) > 1


def test_an_expectation_stands_as_the_worst_of_its_series_and_one_that_nobody_measured_says_so(
    books: Teller,
) -> None:
    found = books.ask("expectations FRAUD")
    assert {each["expectation"]: each["stands"] for each in found["expectations"]} == {
        "reliable": "broken",
        "refinable": "kept",
        "comprehensible": "not measured",
    }
    assert found["ml_test_score"] == {
        "score": "1",
        "sections": {"data": "1.5", "model": "1", "infrastructure": "1", "monitoring": "1"},
        "answered": 5,
        "of": 28,
    }


@pytest.mark.parametrize(
    ("verdicts", "stands"),
    [
        (["kept"], "kept"),
        (["broken", "kept"], "kept"),
        (["kept", "undecided"], "undecided"),
        (["undecided", "broken"], "broken"),
    ],
)
def test_within_a_series_the_last_verdict_stands(verdicts: list[str], stands: str, books: Teller) -> None:
    commands = [
        measured(date(2026, 5, 1 + number), "explainability", "0.01", verdict=verdict)  # type: ignore[arg-type]
        for number, verdict in enumerate(verdicts)
    ]
    record(f"sqlite:///{books.path}", commands, books.clock, new_id)
    assert books.ask("expectations FRAUD")["expectations"][2]["stands"] == stands


def test_what_was_only_looked_at_says_nothing_beside_what_was_held_against_a_threshold(books: Teller) -> None:
    looked_at = measured(date(2026, 7, 1), "robustness", "0.5", threshold=None, verdict="undecided")
    alone = measured(date(2026, 7, 1), "explainability", "0.5", threshold=None, verdict="undecided")
    kept = [measured(date(2026, 7, 2), "prediction-bias", "0.01", monitor=name) for name in ("weekly", None)]
    record(f"sqlite:///{books.path}", [looked_at, alone, *kept], books.clock, new_id)
    reliable, _, comprehensible = books.ask("expectations FRAUD")["expectations"]
    assert (reliable["stands"], comprehensible["stands"]) == ("kept", "undecided")


def test_a_day_and_a_position_bound_what_is_said(books: Teller) -> None:
    before = books.ask("expectations FRAUD --as-of 2026-04-01")
    assert [len(each["measurements"]) for each in before["expectations"]] == [2, 0, 0]
    # Of two series one is kept, and of the other there was too little.
    assert before["expectations"][0]["stands"] == "undecided"
    events = books.ask("log")
    first = next(event for event in events if event["stored_as"] == "expectation-measured/2")
    books.do("repay FRAUD-2 500 --on 2026-03-05")
    known = books.ask(f"expectations FRAUD --known-at {first['recorded_at']}")
    (of_now,) = books.ask(f"delta --known-at {first['recorded_at']} --by system --as-of 2026-07-15")["groups"][:1]
    assert (of_now["system"], known["delta"]) == ("FRAUD", of_now["delta"])
    assert known["delta"] != books.ask("expectations FRAUD")["delta"]
    assert [len(each["measurements"]) for each in known["expectations"]] == [1, 0, 0]
    assert known["ml_test_score"]["score"] is None


def test_a_table_marks_what_broke_and_says_what_is_missing(books: Teller) -> None:
    shown = books.do("expectations FRAUD --as-of 2026-06-30").out
    assert "Reliable (similar input gives similar output): broken" in shown
    assert shown.count("× BROKEN") == 1
    (line,) = [line for line in shown.splitlines() if "BROKEN" in line]
    assert "2026-04-02" in line
    assert "weekly" in line
    assert "Comprehensible (its internals can be understood): not measured" in shown
    assert "ML Test Score: 1 of 7, that of the weakest section (data 1.5, model 1, infrastructure 1" in shown
    nothing = books.do("expectations FEED").out
    assert nothing.count("not measured") == 3
    assert "none of its 28 tests is answered" in nothing


def test_csv_has_a_line_per_measurement_and_the_score_at_the_end(books: Teller) -> None:
    reply = books.do("expectations FRAUD --as-of 2026-06-30 --format csv")
    assert reply.out.splitlines()[0] == HEADINGS
    lines = [(row["expectation"], row["on"], row["value"], row["verdict"]) for row in reply.csv]
    assert lines == [
        ("reliable", "2026-02-01", "0.012", "kept"),
        ("reliable", "2026-03-31", "0.03", "undecided"),
        ("reliable", "2026-04-02", "0.071", "broken"),
        ("refinable", "2026-06-30", "0.049", "kept"),
        ("comprehensible", "", "", "not measured"),
        ("ml-test-score", "2026-06-30", "1", ""),
    ]
    assert books.do("expectations FEED --format csv").csv[-1]["verdict"] == "not measured"


def test_a_system_that_is_not_there_is_refused_and_a_missing_one_named(books: Teller) -> None:
    assert books.type("expectations NOPE").exit_code == 1
    assert "There is no system NOPE" in books.type("expectations NOPE").err
    assert books.type("expectations").exit_code == 2
    assert "SYSTEM" in books.type("expectations").err


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.dates(date(2026, 1, 1), date(2026, 7, 15)), min_size=1, max_size=4))
def test_on_any_day_it_owes_what_the_delta_says(days: list[date], told: Path) -> None:
    from ledger.queries.figures.delta import delta
    from ledger.queries.reader import reader_of
    from ledger.queries.register.expectations import owed_on
    from ledger.store.ledger import Ledger

    engine = open_engine(f"sqlite:///{told}")
    with reader_of(Ledger(engine, "main", Clock(), new_id)) as reader:
        owed = owed_on(reader, "FRAUD", days)
        for day in days:
            groups = dict(delta(reader, day, ("system",)).groups)
            figures = groups.get(("FRAUD",))
            wanted = (figures.debt, figures.neglect) if figures else (0, 0)
            assert (owed[day].debt, owed[day].neglect) == wanted
    engine.dispose()


# --- in the pack --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packed(told: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Teller, Path]:
    """The pack of the quarter in which it was measured, issued."""
    folder = tmp_path_factory.mktemp("packed")
    teller = Teller(copied(told, folder / "ledger.db"), Clock())
    # Known, but of the quarter after.
    record(f"sqlite:///{teller.path}", [measured(date(2026, 7, 2), "explainability", "0.01")], teller.clock, new_id)
    teller.do(f"report 2026Q2 --into '{folder}/packs'")
    return teller, folder / "packs" / "2026Q2"


def test_the_pack_says_what_is_documented_of_each_system(packed: tuple[Teller, Path]) -> None:
    sheet = openpyxl.load_workbook(packed[1] / "debt-2026Q2.xlsx", data_only=True)["Readiness"]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]}
    assert rows["FRAUD"] == (
        "FRAUD", "Fraud scoring", None, 1, "all", "manual", "2 of 50", "local", 1, "3 of 100", 1,
        "broken 2026-04-02 (0.05)", "kept 2026-06-30 (0.05)", "missing", 1, 1,
    )  # fmt: skip
    assert rows["RANK"][3:] == ("missing", "missing", None, *["missing"] * 3, None, *["missing"] * 5, 10)
    assert sheet["A1"].value == "21 gaps are left in what is documented of 3 systems; 1 expectation is broken"


def test_the_pack_has_a_page_for_the_measured_system_alone(packed: tuple[Teller, Path]) -> None:
    assert sorted(path.name for path in (packed[1] / "charts").glob("10-*")) == [
        "10-expectations-FRAUD.png",
        "10-expectations-FRAUD.svg",
    ]
    last = PdfReader(packed[1] / "debt-2026Q2-charts.pdf").pages[-1].extract_text()
    assert "FRAUD is not reliable" in last
    assert "threshold 0.05" in last


@pytest.mark.reliability
def test_a_pack_with_documents_is_reproduced_and_verified(packed: tuple[Teller, Path]) -> None:
    teller, folder = packed
    # What is documented later, even for a day of the quarter, is none of the pack's business.
    record(f"sqlite:///{teller.path}", [measured(date(2026, 6, 1), "drift", "0.9")], teller.clock, new_id)
    answer = teller.ask(f"reproduce '{folder}'")
    assert answer["ok"], [each for each in answer["files"] if each["rebuilt"] != "same bytes"]
    assert "charts/10-expectations-FRAUD.png" in {each["file"] for each in answer["files"]}
    assert teller.ask(f"verify-workbook '{folder}/debt-2026Q2.xlsx'")["ok"]


@pytest.mark.reliability
def test_a_pack_of_a_release_without_the_sheet_is_told_apart(packed: tuple[Teller, Path], tmp_path: Path) -> None:
    """Its files in the folder are what its manifest says; those built again are not."""
    teller, folder = packed
    older = tmp_path / "older"
    (older / "charts").mkdir(parents=True)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    manifest["files"] = [each for each in manifest["files"] if "10-expectations" not in each["name"]]
    for each in manifest["files"]:
        if each["name"].endswith(".xlsx"):
            each["sha256"] = each["content_sha256"] = "0" * 64
        (older / each["name"]).write_bytes((folder / each["name"]).read_bytes())
    (older / "MANIFEST.json").write_text(json.dumps(manifest))
    reply = teller.type(f"reproduce '{older}' --format json")
    assert reply.exit_code == 3
    rebuilt = {each["file"]: each["rebuilt"] for each in reply.json["files"]}
    assert rebuilt["debt-2026Q2.xlsx"] == "DIFFERS"
    assert rebuilt["charts/10-expectations-FRAUD.png"] == "NOT LISTED"
    assert rebuilt["postings-2026Q2.csv"] == "same bytes"
