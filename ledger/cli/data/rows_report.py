"""What became of rows that are commands: of a spreadsheet, or of commits' trailers."""

from __future__ import annotations

from typing import Any

from ledger.cli.data.import_report import refusals, tell_refused
from ledger.cli.kit.output import print_csv, print_json, print_lines, say
from ledger.cli.kit.recording import print_receipts
from ledger.services.import_ import by_reason
from ledger.services.import_rows import RowsReport
from ledger.vocabulary.counted import counted
from ledger.vocabulary.money import Currency


def tell_rows(
    report: RowsReport,
    form: str,
    currency: Currency,
    *,
    kind: str,
    what: str,
    source: str,
    remark: str,
    all_in: str,
    then: str,
) -> None:
    """Print what is recorded, and say what is not. Raises RowsRefused if rows were refused.

    kind: of the run. what: a row is called. source: what is printed before the sum. remark: about rows that an earlier run
    recorded. all_in, then: as `tell_refused` has them.
    """
    if form == "json":
        print_json(_record(report, kind))
    elif form == "csv":
        print_csv(refusals(report.refused), ("place", "key", "reason"))
    else:
        # The last receipt is the run's own.
        print_receipts(report.receipts[:-1], form, currency)
        print_lines(f"{source}{_sum(report, what)}")
        if report.run:
            print_lines(f"  undo: debt import --undo {report.run} --yes")
    if report.unchanged and remark:
        say(f"Recorded by an earlier run: {counted(report.unchanged, what)}. {remark}")
    if report.taken_back:
        say(f"Of them reversed since, and not in the books: {', '.join(report.taken_back)}.")
    if report.dry_run and not (report.receipts and form == "table"):
        say("Nothing was recorded: this is what would be.")
    recorded = "would be" if report.dry_run else "is"
    tell_refused(by_reason(report.refused), recorded, all_in=all_in, what=what, then=then)


def _sum(report: RowsReport, what: str) -> str:
    would = "would record" if report.dry_run else "recorded"
    recorded = ", ".join(f"{number} {name}" for name, number in report.recorded.items()) or "nothing"
    named = f" as {report.run}" if report.run else ""
    left = f"{report.unchanged} unchanged, {len(report.refused)} refused"
    return f"{counted(report.read, what)} read: {would} {recorded}{named}; {left}"


def _record(report: RowsReport, kind: str) -> dict[str, Any]:
    """As design §8 shapes it; there is nothing elsewhere to be reconciled with."""
    return {
        "run": report.run,
        "kind": kind,
        "read": report.read,
        "recorded": report.recorded,
        "unchanged": report.unchanged,
        "refused": refusals(report.refused),
        "reconciliation": None,
        "dry_run": report.dry_run,
    }
