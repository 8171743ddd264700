"""Runs of tools that write SARIF: what is complete and what is not, which rules were run, what is older, undoing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.importers.kinds import KINDS
from ledger.services.import_ import ImportReport
from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.quantities import Interest
from tests.helpers.sarif_logs import by_severity, log, result, run_of, write_log
from tests.importers.test_sarif import run_sarif
from tests.importers.test_sonarqube import OBSERVED, REPAID, REVISED, RUN, TODAY, head, write

WRITTEN_OFF = "item-written-off/1"
LATER = "2026-11-17T12:00:00Z"


@pytest.fixture
def imported(ledger: Ledger, tmp_path: Path) -> Ledger:
    """Two open results, one of R1 and one of R2, of 2026-11-10."""
    run_sarif(ledger, write_log(tmp_path / "first.sarif", run_of(result(1), result(2, ruleId="R2"))))
    return ledger


def later(ledger: Ledger, tmp_path: Path, *results: Any, complete: bool = False, **run: Any) -> ImportReport:
    path = write_log(tmp_path / "later.sarif", run_of(*results, **{"ended": LATER} | run))
    return run_sarif(ledger, path, complete=complete)


# --- what is not in a log -------------------------------------------------------------------------------


def test_what_is_missing_stays_and_is_told(imported: Ledger, tmp_path: Path) -> None:
    report = later(imported, tmp_path, result(1))
    assert report.recorded == RUN
    assert report.reconciliation.only_in_ledger == ("BOURSI-2",)


def test_a_complete_log_says_what_is_gone(imported: Ledger, tmp_path: Path) -> None:
    report = later(imported, tmp_path, result(1), complete=True)
    assert report.recorded == RUN | {WRITTEN_OFF: 1}
    assert (report.plan.vanished, report.reconciliation.agrees) == (["BOURSI-2"], True)


@pytest.mark.parametrize(
    ("kind", "gone"), [("review", []), ("open", []), ("notApplicable", []), ("pass", ["BOURSI-1"])]
)
def test_what_nobody_decided_is_not_gone(imported: Ledger, tmp_path: Path, kind: str, gone: list[str]) -> None:
    """A pass says that there is nothing; the others say that nobody knows. All are counted."""
    report = later(imported, tmp_path, result(1, kind=kind), result(2, ruleId="R2"), complete=True)
    assert (report.plan.vanished, report.read, report.unchanged) == (gone, 2, 2)
    assert report.reconciliation.only_in_ledger == (() if gone else ("BOURSI-1",))


def test_a_complete_log_without_results_says_that_all_is_gone(imported: Ledger, tmp_path: Path) -> None:
    assert later(imported, tmp_path, complete=True).recorded == RUN | {WRITTEN_OFF: 2}


def test_a_clean_log_is_a_run_and_makes_others_older(imported: Ledger, tmp_path: Path) -> None:
    assert later(imported, tmp_path).recorded == RUN
    with pytest.raises(Refused, match="what an older one says is over"):
        run_sarif(imported, tmp_path / "first.sarif")


@pytest.mark.parametrize(
    "rules",
    [("R1",), ("R1", {"id": "R2", "defaultConfiguration": {"enabled": False}})],
    ids=["not described", "switched off"],
)
def test_a_rule_that_is_gone_empties_nothing(imported: Ledger, tmp_path: Path, rules: Any) -> None:
    """Neither what is absent, nor what is missing from a log that is said to be complete."""
    absent = later(imported, tmp_path, result(2, ruleId="R2", baselineState="absent"), rules=rules)
    assert absent.recorded == RUN
    assert dict(absent.plan.passed_over) == {
        "absent, and their rule was not run, as far as the log tells: what stands for them stays as it is": 1
    }
    assert absent.reconciliation.only_in_ledger == ("BOURSI-1", "BOURSI-2")
    missing = later(imported, tmp_path, rules=rules, complete=True)
    assert (missing.recorded, missing.plan.vanished) == (RUN | {WRITTEN_OFF: 1}, ["BOURSI-1"])
    (remark,) = missing.plan.remarks
    assert (remark.item, remark.what) == (
        "BOURSI-2",
        "not in the export, and neither was its rule R2 run: it stays open; `--ran RULES` says otherwise",
    )


def test_rules_that_were_run_can_be_told(imported: Ledger, tmp_path: Path) -> None:
    """Many tools describe only the rules that were broken."""
    path = write_log(tmp_path / "later.sarif", run_of(rules=(), ended=LATER))
    assert run_sarif(imported, path, complete=True, ran=("S",)).plan.vanished == []
    assert run_sarif(imported, path, complete=True, ran=("S", "R2")).plan.vanished == ["BOURSI-2"]
    assert run_sarif(imported, path, complete=True, ran=("",)).plan.vanished == ["BOURSI-1"]


def test_a_rule_that_an_override_switches_off_was_not_run(imported: Ledger, tmp_path: Path) -> None:
    off = [{"descriptor": {"id": "R2"}, "configuration": {"enabled": False}}]
    told = [{"endTimeUtc": LATER, "ruleConfigurationOverrides": off}]
    report = later(imported, tmp_path, result(2, ruleId="R2", baselineState="absent"), invocations=told)
    assert (report.recorded, report.plan.passed_over.total()) == (RUN, 1)


def test_what_was_not_evaluated_was_not_run(imported: Ledger, tmp_path: Path) -> None:
    results = [result(2, ruleId="R2", baselineState="absent"), result(9, ruleId="R2", kind="notApplicable")]
    assert REPAID not in later(imported, tmp_path, *results, rules=()).recorded
    results[1] = result(9, ruleId="R2", kind="pass")
    assert later(imported, tmp_path, *results, rules=()).recorded == RUN | {REPAID: 1}


FAILURES = pytest.mark.parametrize(
    ("run", "why"),
    [
        ({"invocations": [{"executionSuccessful": False, "endTimeUtc": LATER}]}, "its execution did not succeed"),
        ({"invocations": [{"endTimeUtc": LATER, "toolExecutionNotifications": [{"level": "error"}]}]},
         "an error is among its toolExecutionNotifications"),
        ({"invocations": [{"endTimeUtc": LATER, "toolConfigurationNotifications": [{"level": "error"}]}]},
         "an error is among its toolConfigurationNotifications"),
    ],
)  # fmt: skip


@FAILURES
def test_a_run_that_failed_is_not_complete_and_repays_nothing(
    imported: Ledger, tmp_path: Path, run: dict[str, Any], why: str
) -> None:
    before = head(imported)
    with pytest.raises(Refused, match=f"not the whole truth: of Scan in .*later.sarif .*, {why}"):
        later(imported, tmp_path, result(1), complete=True, **run)
    assert head(imported) == before
    report = later(imported, tmp_path, result(1, baselineState="absent"), result(3), **run)
    assert report.recorded == RUN | {OBSERVED: 1}
    assert "not everything was looked for" in next(iter(report.plan.passed_over))


def test_a_run_without_a_list_of_results_looked_for_none(imported: Ledger, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="it has no list of results"):
        later(imported, tmp_path, complete=True, results=None)


def test_another_tools_log_says_nothing_of_these(imported: Ledger, tmp_path: Path) -> None:
    report = later(imported, tmp_path, result(1), complete=True, name="Lint", ended="2026-10-01T12:00:00Z")
    assert (report.recorded, report.plan.vanished) == (RUN | {OBSERVED: 1}, [])


# --- what is told before anything is recorded -----------------------------------------------------------


def test_results_without_efforts_are_told_before_they_are_recorded(ledger: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1), result(2)))
    told: list[tuple[Any, str]] = []
    report = run_sarif(ledger, path, caution=lambda sentence: told.append((head(ledger), sentence)))
    assert report.plan.sums.unestimated == 2
    assert len({position for position, _ in told}) == 1
    assert told[0][0] != head(ledger)
    assert "2 results have no fingerprint: rule, file and the code that they quote" in told[0][1]
    assert "No result has an effort: 2 items open unestimated" in told[1][1]


def test_a_mapping_makes_efforts_of_severities(ledger: Ledger, tmp_path: Path) -> None:
    """A changed severity is a revision, like any changed effort."""
    priced = {"mapping": by_severity(tmp_path)}
    told: list[str] = []
    first = write_log(tmp_path / "a.sarif", run_of(result(1, level="note"), result(2, level="error")))
    report = run_sarif(ledger, first, caution=told.append, **priced)
    assert report.plan.sums.observed_minor == 5000 + 80000
    assert [sentence for sentence in told if "effort" in sentence] == []
    second = write_log(tmp_path / "b.sarif", run_of(result(1, level="warning"), result(2, level="error"), ended=LATER))
    assert run_sarif(ledger, second, **priced).recorded == RUN | {REVISED: 1}


def test_a_severity_that_the_mapping_does_not_name_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1, level="fatal"), result(2)))
    (bad,) = run_sarif(ledger, path, mapping=by_severity(tmp_path)).refused
    assert bad.place.endswith("results[0]")
    assert bad.why.startswith("The effort 'fatal' cannot be read: write it like 5min, 2h30min or 1d2h.")
    assert "[values.effort]" in bad.why
    assert bad.key


def test_an_accepted_result_keeps_why(ledger: Ledger, tmp_path: Path) -> None:
    held = [{"kind": "external", "status": "accepted", "justification": "test data"}]
    (item,) = run_sarif(ledger, write_log(tmp_path / "a.sarif", run_of(result(1, suppressions=held)))).waiting
    assert item.opening.details["justification"] == "test data"


def test_undone_it_is_recorded_anew(imported: Ledger, tmp_path: Path) -> None:
    undone = undo_run(imported, "sarif-1", Requester("lead", TODAY))
    assert (undone.reversed, undone.left) == (2, ())
    again = run_sarif(imported, tmp_path / "first.sarif")
    assert (again.run, again.recorded) == ("sarif-2", RUN | {OBSERVED: 2})


# --- files that are none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "is no SARIF log"),
        ({}, "is no SARIF log"),
        ({"version": "2.1.0"}, "is no SARIF log"),
        ({"version": 2, "runs": []}, "is no SARIF log"),
        ({"version": "1.0.0", "runs": []}, "is SARIF 1.0.0: only 2.1.0 is read"),
        ({"version": "2.2", "runs": []}, "is SARIF 2.2: only 2.1.0 is read"),
        ({"version": "2.1.0", "runs": {}}, "The field runs is no list of objects"),
        ({"version": "2.1.0", "runs": [3]}, "The field runs is no list of objects"),
        (log(run_of(), inlineExternalProperties=[{"results": []}]), "put them into the runs"),
        (log(run_of(tool=[])), r"\$.runs\[0\]: The field tool is no object"),
        (log(run_of(tool={"driver": {}})), r"\$.runs\[0\]: The run does not name its tool"),
        (log(run_of(), run_of(results={})), r"\$.runs\[1\]: The field results is no list"),
        (log(run_of(results="none")), "The field results is no list"),
        (log(run_of(invocations=[{"endTimeUtc": "soon"}])), "The endTimeUtc 'soon' is not a date"),
        (log(run_of(invocations=[{"endTimeUtc": "0001-01-01T00:00:00+14:00"}])), "is not a date"),
        (log(run_of(originalUriBaseIds={"A": 1})), "The field A is no object"),
        *((log(run_of(externalPropertyFileReferences={name: [{"location": {"uri": "x"}}]})), f"Its {name} stand in other files")
          for name in ("results", "artifacts", "invocations")),
        *((log(run_of(externalPropertyFileReferences={name: {"location": {"uri": "x"}}})), f"Its {name} stand in other files")
          for name in ("driver",)),
    ],
)  # fmt: skip
def test_what_is_no_log_is_refused_by_file_and_place(ledger: Ledger, tmp_path: Path, document: Any, why: str) -> None:
    before = head(ledger)
    with pytest.raises(Unreadable, match=why) as caught:
        run_sarif(ledger, write(tmp_path / "a.sarif", document))
    assert str(caught.value).startswith(str(tmp_path / "a.sarif"))
    assert "Nothing was recorded" in str(caught.value)
    assert head(ledger) == before


def test_other_parts_in_other_files_do_not_matter(ledger: Ledger, tmp_path: Path) -> None:
    made = run_of(result(1), externalPropertyFileReferences={"graphs": [{"location": {"uri": "x"}}]})
    assert run_sarif(ledger, write_log(tmp_path / "a.sarif", made)).recorded == RUN | {OBSERVED: 1}


def test_a_folder_is_its_logs(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    write_log(folder / "a.sarif", run_of(result(1)))
    write_log(folder / "b.sarif.json", run_of(result(2)))
    write(folder / "package.json", {"name": "no log"})
    assert run_sarif(ledger, folder).recorded == RUN | {OBSERVED: 2}


def test_rules_are_typed_as_how_their_names_begin() -> None:
    (option,) = (each for each in KINDS["sarif"].options if each.name == "ran")
    assert [option.read(text) for text in ("S, E5", "S*", "*")] == [("S", "E5"), ("S",), ("",)]
    with pytest.raises(Unreadable, match="names no rules"):
        option.read(" , ")


# --- what would pass in silence -------------------------------------------------------------------------


def told_of(ledger: Ledger, path: Path, **said: Any) -> list[str]:
    told: list[str] = []
    run_sarif(ledger, path, caution=told.append, **said)
    return told


def test_interest_for_what_is_known_is_told_with_the_number(imported: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "b.sarif", run_of(result(1), result(2, ruleId="R2"), result(3), ended=LATER))
    told = told_of(imported, path, interest=Interest(percent_millionths=10_000_000), category="glue-code", dry_run=True)
    keep = "is of what is new: 2 results that are known keep theirs (sarif-1 said"
    assert f"--interest 10% {keep} none)" in told[-2]
    assert f"--category glue-code {keep} code-quality)" in told[-1]
    (of_cause,) = (each for each in told_of(imported, path, cause="expedience", dry_run=True) if "what is new:" in each)
    assert f"--cause expedience {keep} as its rule suggests)" in of_cause
    assert not [each for each in told_of(imported, path) if "is of what is new" in each]


def test_rules_that_nothing_has_are_told_and_refused_if_it_is_strict(imported: Ledger, tmp_path: Path) -> None:
    """A rule of which nothing is left in the log is known from what was imported."""
    path = write_log(tmp_path / "b.sarif", run_of(result(1, ruleId="S1"), rules=(), ended=LATER))
    before = head(imported)
    for ran, doubted in ((("R2",), False), (("S",), False), (("",), False), (("X", "S"), True)):
        told = told_of(imported, path, ran=ran, dry_run=True)
        assert bool([each for each in told if "--ran X is the name of no rule" in each]) is doubted, ran
        if doubted:
            with pytest.raises(Refused, match="--ran X is the name of no rule"):
                run_sarif(imported, path, ran=ran, strict=True)
        else:
            run_sarif(imported, path, ran=ran, strict=True, dry_run=True)
    assert head(imported) == before


def test_a_tool_with_a_new_name_is_told_and_a_mapping_keeps_the_old_one(imported: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "b.sarif", run_of(result(1), result(2, ruleId="R2"), name="Scan 2", ended=LATER))
    (told,) = (each for each in told_of(imported, path, dry_run=True) if "No run of" in each)
    assert told.startswith("No run of Scan 2 was imported into BOURSI before; there are runs of Scan. ")
    mapping = tmp_path / "map.toml"
    mapping.write_text(f"[values.scope]\n{told.partition('below [values.scope]: ')[2]}\n")
    assert mapping.read_text() == '[values.scope]\n"Scan 2" = "Scan"\n'
    report = run_sarif(imported, path, mapping=mapping)
    assert (report.recorded, report.unchanged, report.reconciliation.agrees) == (RUN, 2, True)
    assert not [each for each in told_of(imported, path, mapping=mapping) if "No run of" in each]


def test_the_first_run_of_a_system_has_no_other_scope(ledger: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1)))
    assert not [each for each in told_of(ledger, path) if "No run of" in each]
    mapping = tmp_path / "map.toml"
    mapping.write_text('[columns]\nscope = "tool"\n')
    with pytest.raises(Unreadable, match="a run has it"):
        run_sarif(ledger, path, mapping=mapping)
