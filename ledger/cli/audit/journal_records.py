"""The journal-entry tests as records: JSON with everything, CSV of what is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from ledger.cli.kit.output import Record, print_csv
from ledger.journal_tests.entries import Counterpart, JournalEntry
from ledger.journal_tests.examination import Activity, Drawn, Examination, Tested
from ledger.journal_tests.figures import FEWEST_AMOUNTS
from ledger.journal_tests.listing import Finding
from ledger.vocabulary.money import Currency

_ENTRY_COLUMNS = (
    "position",
    "stored_as",
    "stream",
    "actor",
    "session_user",
    "effective_on",
    "occurred_on",
    "recorded_at",
    "recorded_local",
    "amount",
    "spent",
    "imported",
    "earlier",
)
_CSV_COLUMNS = ("test", *_ENTRY_COLUMNS, "days", "listed_amount", "note")


def report_record(found: Examination, currency: Currency) -> Record:
    """Everything, as JSON says it: amounts in major units as text, decimals as text."""
    subject, parameters, population = found.subject, found.parameters, found.population
    return {
        "book": subject.book,
        "quarter": subject.quarter,
        "first_day": subject.first_day,
        "last_day": subject.last_day,
        "position": subject.position,
        "known_at": subject.known_at,
        "head": subject.head_hash,
        "currency": subject.currency,
        "time_zone": subject.time_zone,
        "parameters": {
            "round": currency.plain(parameters.round_minor),
            "closing_days": parameters.closing_days,
            "hours": str(parameters.hours),
            "rare": parameters.rare,
            "threshold": _plain(currency, parameters.threshold_minor),
            "margin_percent": parameters.margin_percent,
            "sample": parameters.sample,
            "sample_by": parameters.method,
            "seed": parameters.seed,
        },
        "population": {
            "entries": population.entries,
            "effective": population.effective,
            "earlier": population.earlier,
            "imported": population.imported,
            "amounts": population.amounts,
            "amount": currency.plain(population.amount_minor),
            "first_position": population.first_position,
            "last_position": population.last_position,
        },
        "summary": [_summary_record(tested) for tested in found.tested],
        "tests": {tested.test.name: _tested_record(tested, currency) for tested in found.tested},
        "actors": [activity_record(activity, currency.plain(activity.amount_minor)) for activity in found.actors],
        "gaps": None if found.gaps is None else asdict(found.gaps) | {"bands": band_records(found)},
        "benford": _benford_record(found),
        "sample": [_drawn_record(drawn, currency) for drawn in found.sample],
        "sessions": [asdict(session) for session in found.sessions],
        "standstills": [asdict(standstill) for standstill in found.standstills],
    }


def finding_records(found: Examination, currency: Currency) -> Iterator[Record]:
    """A row per test and entry that it lists, then the sample."""
    for tested in found.tested:
        for finding in tested.findings:
            record = _finding_record(finding, tested, currency)
            yield record | {"test": tested.test.name}
    for drawn in found.sample:
        yield entry_record(drawn.entry, currency) | {"test": "sample", "note": f"draw {drawn.draw}"}


def print_findings_csv(records: Iterator[Record]) -> None:
    """What is listed, as CSV."""
    print_csv(records, _CSV_COLUMNS)


def entry_record(entry: JournalEntry, currency: Currency) -> Record:
    """An entry as JSON and CSV name its fields."""
    return {
        "position": entry.position,
        "stored_as": entry.stored_as,
        "stream": entry.stream,
        "item": entry.item,
        "system": entry.system,
        "actor": entry.actor,
        "session_user": entry.session_user,
        "effective_on": entry.effective_on,
        "occurred_on": entry.occurred_on,
        "recorded_at": entry.recorded_at,
        "recorded_local": entry.recorded_local.isoformat(sep=" ", timespec="seconds"),
        "amount": _plain(currency, entry.amount_minor),
        "spent": _plain(currency, entry.spent_minor),
        "imported": entry.imported,
        "earlier": entry.earlier,
    }


def _summary_record(tested: Tested) -> Record:
    made = tested.untested is None
    return {
        "test": tested.test.name,
        "count": tested.count if made else None,
        "imported": tested.imported if made else None,
        "earlier": tested.earlier if made else None,
    }


def _tested_record(tested: Tested, currency: Currency) -> Record:
    return {
        "description": tested.test.description,
        **{name: value for name, value in _summary_record(tested).items() if name != "test"},
        "untested": tested.untested,
        "entries": [_finding_record(finding, tested, currency) for finding in tested.findings],
    }


def _finding_record(finding: Finding, tested: Tested, currency: Currency) -> Record:
    record = entry_record(finding.entry, currency) | {"note": finding.note}
    if tested.test.measured == "days":
        record["days"] = finding.measure
    if tested.test.measured == "amount":
        record["listed_amount"] = currency.plain(finding.measure)
    if tested.test.name == "corrected":
        record["reversed_by"] = _counterpart(finding.entry.reversed_by)
    if tested.test.name == "reversals":
        record["reverses"] = _counterpart(finding.entry.reverses)
    return record


def _counterpart(other: Counterpart | None) -> Record | None:
    if other is None:
        return None
    return {name: getattr(other, name) for name in ("position", "stored_as", "actor", "recorded_at")}


def activity_record(activity: Activity, amount: str) -> Record:
    """What an actor did of one kind. amount: as it is to be shown."""
    return {
        "actor": activity.actor,
        "stored_as": activity.stored_as,
        "entries": activity.entries,
        "imported": activity.imported,
        "listed": activity.listed,
        "amount": amount,
    }


def band_records(found: Examination) -> list[Record]:
    """The gaps, counted in bands of days."""
    return [{"days": name, "entries": entries} for name, entries in found.gaps.bands] if found.gaps else []


def _benford_record(found: Examination) -> Record:
    benford = found.benford
    tested = benford.deviation is not None
    return {
        "amounts": benford.amounts,
        "untested": None if tested else too_few(benford.amounts),
        "digits": [
            {name: str(value) if name not in ("digit", "observed") else value for name, value in asdict(row).items()}
            for row in benford.digits
        ],
        "mean_absolute_deviation": str(benford.deviation) if tested else None,
        "conformity": benford.conformity,
    }


def too_few(amounts: int) -> str:
    """Why first digits were not tested."""
    return f"{amounts} amounts are too few: below {FEWEST_AMOUNTS} first digits say nothing"


def _drawn_record(drawn: Drawn, currency: Currency) -> Record:
    return {"draw": drawn.draw, "hits": drawn.hits} | entry_record(drawn.entry, currency)


def _plain(currency: Currency, minor: int | None) -> str | None:
    return None if minor is None else currency.plain(minor)
