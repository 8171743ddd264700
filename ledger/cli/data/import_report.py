"""What became of an import, for a person and for a program (design §8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ledger.cli.kit.output import print_csv, print_json, print_lines, say
from ledger.services.import_ import BadRow, FindingsKind, ImportPlan, ImportReport, OpenSum, Reconciliation, by_reason
from ledger.vocabulary.counted import counted
from ledger.vocabulary.efforts import effort_in_parts
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.money import Currency

_SHOWN = 20


class RowsRefused(LedgerError):
    """Some rows of a file were bad; the others are recorded."""

    exit_code = 1


def tell_import(kind: FindingsKind, report: ImportReport, currency: Currency, form: str) -> None:
    """Say what became of an import. Raises RowsRefused if rows were refused."""
    if form == "json":
        print_json(_record(report))
    elif form == "csv":
        print_csv(refusals(report.refused), ("place", "key", "reason"))
    else:
        print_lines(*_lines(kind, report, currency))
    say(*_remarks(kind, report))
    recorded = "would be" if report.dry_run else "is"
    tell_refused(by_reason(report.refused), recorded, all_in="--rejects FILE writes them all.")


def _record(report: ImportReport) -> dict[str, Any]:
    found = report.reconciliation
    return {
        "run": report.run,
        "kind": report.kind,
        "read": report.read,
        "recorded": report.recorded,
        "unchanged": report.unchanged,
        "refused": refusals(report.refused),
        "reconciliation": {
            "source_open": _open(found.source_open),
            "ledger_open": _open(found.ledger_open),
            "only_in_source": list(found.only_in_source),
            "only_in_ledger": list(found.only_in_ledger),
        },
        "dry_run": report.dry_run,
    }


def _open(found: OpenSum) -> dict[str, int]:
    return {"items": found.items, "minutes": found.minutes}


def refusals(refused: Sequence[BadRow]) -> list[dict[str, str]]:
    """What was refused, as design §8 shapes it."""
    return [{"place": row.place, "key": row.key, "reason": row.why} for row in refused]


def _lines(kind: FindingsKind, report: ImportReport, currency: Currency) -> list[str]:
    """The run, what it recorded, and the reconciliation."""
    plan, found = report.plan, report.reconciliation
    would = "would record" if report.dry_run else "recorded"
    under = f" as {report.run}" if report.run else ""
    recorded = ", ".join(f"{number} {name}" for name, number in report.recorded.items()) or "nothing"
    lines = [
        (
            f"{counted(report.read, kind.finding)} read, of {report.exported_on}: {would} {recorded}{under}; "
            f"{report.unchanged} unchanged, {len(report.refused)} refused"
        ),
        (
            f"  observed {currency.text(plan.sums.observed_minor)} ({plan.sums.unestimated} unestimated), "
            f"revised by {currency.text(plan.sums.revised_minor)}, repaid {currency.text(plan.sums.repaid_minor)}, "
            f"written off {currency.text(plan.sums.written_off_minor)}, {report.duplicates} twice in the files"
        ),
        f"  open in {kind.tool}: {_sum(found.source_open)}; here: {_sum(found.ledger_open)}",
    ]
    return lines + [f"  {line}" for line in _differences(kind, found)]


def _differences(kind: FindingsKind, found: Reconciliation) -> list[str]:
    sides = ((f"in {kind.tool}", found.only_in_source), ("here", found.only_in_ledger))
    lines = [f"open only {where}: {_few(names)}" for where, names in sides if names]
    if other := [
        f"{each.item} ({effort_in_parts(each.source)} there, {effort_in_parts(each.ledger)} here)"
        for each in found.other_minutes
    ]:
        lines.append(f"open in both, with other efforts: {_few(other)}")
    return lines


def _sum(found: OpenSum) -> str:
    return f"{found.items}, {effort_in_parts(found.minutes)}"


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _remarks(kind: FindingsKind, report: ImportReport) -> list[str]:
    """What a person has to know, whatever form the report has."""
    plan, said = report.plan, list[str]()
    if report.missing:
        said.append(
            f"{kind.tool} has {counted(report.missing, kind.finding)} more than the files hold: export the other pages too."
        )
    for why, number in plan.passed_over.items():
        said.append(f"{number} passed over: {why}.")
    if plan.rejected:
        said.append(
            f"{counted(plan.rejected, 'is a false positive', 'are false positives')} in {kind.tool} and "
            f"{'was' if plan.rejected == 1 else 'were'} never in the books: nothing is owed."
        )
    if plan.left_out:
        said.append(
            f"{counted(plan.left_out, 'was over before the day of --since and is', 'were over before the day of --since and are')}"
            " left out."
        )
    if plan.sums.late:
        said.append(
            f"{counted(plan.sums.late, 'posting is late: its', 'postings are late: their')} day is in a closed quarter or "
            "before an adoption or revision of the item; it stays the day on which it happened."
        )
    if plan.vanished:
        said.append(
            f"{counted(len(plan.vanished), 'is', 'are')} not in the export: written off as gone: {_few(plan.vanished)}"
        )
    said += _otherwise(kind, plan)
    for remark in plan.remarks[:_SHOWN]:
        said.append(f"{remark.item} ({remark.place}): {remark.what}")
    if len(plan.remarks) > _SHOWN:
        said.append(f"… and {len(plan.remarks) - _SHOWN} more that differ.")
    for run in report.unfinished:
        said.append(f"The run {run} was cut short and is not finished: `debt import --undo {run} --yes` ends it.")
    said += _waiting(kind, report)
    if report.dry_run:
        said.append("Nothing was recorded: this is what would be.")
    return said


def _otherwise(kind: FindingsKind, plan: ImportPlan) -> Iterator[str]:
    """What an item keeps and the tool says otherwise now."""
    for items, what in ((plan.retitled, "title"), (plan.redated, "day on which it was found")):
        if items:
            others = counted(len(items), f"has another {what}", f"have another {what}")
            yield f"{others} in {kind.tool} than here, where it stays: {_few(items)}"


def _waiting(kind: FindingsKind, report: ImportReport) -> list[str]:
    """What was accepted elsewhere is no decision here: the rows that would make it one."""
    if not report.waiting:
        return []
    rows = [f"  {item.id},,,," for item in report.waiting[:_SHOWN]]
    more = len(report.waiting) - len(rows)
    unestimated = sum(not item.estimated_on(date.max) for item in report.waiting)
    without = f"{counted(unestimated, 'of these has', 'of these have')} no estimate, which comes first"
    return [
        (
            f"{counted(len(report.waiting), 'is', 'are')} accepted in {kind.tool}, which decides nothing here: neglect, until "
            "somebody adopts them. `debt adopt --file decisions.csv` takes these rows; what they lack only a person can say:"
        ),
        "  item,decided_by,because,benefit,repay_by",
        *rows,
        *([f"  … and {more} more: --decisions FILE writes them all"] if more else []),
        *([f"{without}: `debt revise ITEM --principal A --because WHY`."] if unestimated else []),
    ]


def tell_refused(
    places_by_reason: Mapping[str, Sequence[str]],
    recorded: str = "is",
    all_in: str = "",
    *,
    what: str = "row",
    then: str = "Corrected, import the same file again.",
) -> None:
    """Name the rows that were not recorded, by reason. all_in: what shows those that do not fit. what: a row is called.

    then: what can be done about them.

    Raises RowsRefused if there are any.
    """
    if not places_by_reason:
        return
    for why, places in list(places_by_reason.items())[:_SHOWN]:
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        say(f"{', '.join(places[:3])}{more}: {why}")
    number = sum(len(places) for places in places_by_reason.values())
    hidden = [len(places) for places in list(places_by_reason.values())[_SHOWN:]]
    if hidden:
        reasons = counted(len(hidden), "other reason")
        say(f"… and {counted(sum(hidden), what)} more, for {reasons}{f': {all_in}' if all_in else '.'}")
    raise RowsRefused(
        f"{counted(number, f'{what} was', f'{what}s were')} not recorded, see above; the rest {recorded}. {then}"
    )
