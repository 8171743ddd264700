"""The audit report: journal-entry tests over a quarter or the whole book, printed, or as a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.cli.audit.journal_records import finding_records, print_findings_csv, report_record
from ledger.cli.audit.journal_tables import print_report
from ledger.cli.finance.figures import known_at_option
from ledger.cli.kit.output import format_option, print_json, say
from ledger.cli.kit.progress import progress, steps
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, QUARTER, TEXT, Read
from ledger.journal_tests.parameters import Hours, Method, Parameters
from ledger.services.audit_report import AuditWanted, refuse_workbook, write_workbook
from ledger.services.audit_report import audit_report as tested
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.money import Currency

_HOURS = Read("hours", Hours.parse)


@click.command("audit-report")
@click.argument("quarter", type=QUARTER, required=False)
@known_at_option
@click.option("--round", "round_", type=AMOUNT, default="1000", show_default=True, help="Multiples of it are round.")
@click.option(
    "--closing-days",
    type=click.IntRange(1, 366),
    default=5,
    show_default=True,
    help="The last days before a close, its own among them.",
)
@click.option(
    "--hours",
    type=_HOURS,
    default="08-18",
    show_default=True,
    help="Working hours, Monday to Friday, in the book's zone.",
)
@click.option(
    "--rare", type=click.IntRange(1), default=3, show_default=True, help="Actors with fewer entries are rare."
)
@click.option("--threshold", type=AMOUNT, help="Above which somebody has to approve; amounts just under it are listed.")
@click.option(
    "--margin",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    help="How far below it is just under, per cent.",
)
@click.option(
    "--sample",
    type=click.IntRange(0, 100_000),
    default=25,
    show_default=True,
    help="How many entries to draw for vouching.",
)
@click.option(
    "--sample-by",
    type=click.Choice(["entries", "money"]),
    default="entries",
    show_default=True,
    help="Every entry, or every minor unit, with the same chance.",
)
@click.option("--seed", type=TEXT, help="Of the sample; the hash of the last event by default.")
@click.option(
    "--show", type=click.IntRange(0), default=10, show_default=True, help="Entries listed per test in a table; 0: all."
)
@click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write a workbook too, with all that is listed."
)
@click.option("--force", is_flag=True, help="Replace a workbook that is there.")
@format_option
@click.pass_obj
def audit_report(
    session: Session,
    quarter: str | None,
    known_at: str | None,
    round_: str,
    closing_days: int,
    hours: Hours,
    rare: int,
    threshold: str | None,
    margin: int,
    sample: int,
    sample_by: Method,
    seed: str | None,
    show: int,
    xlsx: Path | None,
    force: bool,
    form: str,
) -> None:
    """Make the journal-entry tests of QUARTER, or of the whole book: the entries that deserve a question.

    Of a quarter, the entries that are effective in it, and those recorded in it for an earlier day. docs/method.md
    defines every test. CSV lists the entries that a test names and the sample, one row each; JSON has everything.
    """
    currency = session.book.currency
    if xlsx is not None:
        refuse_workbook(session.opened, xlsx, force=force)
    parameters = Parameters(
        round_minor=_positive(currency, round_, "--round"),
        closing_days=closing_days,
        hours=hours,
        rare=rare,
        threshold_minor=None if threshold is None else _positive(currency, threshold, "--threshold"),
        margin_percent=margin,
        sample=sample,
        method=sample_by,
        seed=seed or "",
    )
    wanted = AuditWanted(parameters, quarter, known_at, seeded=seed is not None)
    # A table shows the first of each list; everything else needs them all.
    most = show or None if form == "table" and xlsx is None else None
    with progress("testing") as tell:
        found = tested(session.opened, wanted, most=most, progress=tell)
    if xlsx is not None:
        with steps("Workbook") as told:
            write_workbook(session.opened, found, xlsx, told)
    if form == "json":
        print_json(report_record(found, currency))
    elif form == "csv":
        print_findings_csv(finding_records(found, currency))
    else:
        print_report(found, currency, show)
    if xlsx is not None:
        say(f"{xlsx}: the journal-entry tests of {found.subject.title}, as known at position {found.subject.position}.")


def _positive(currency: Currency, text: str, option: str) -> int:
    """An amount as typed, minor units. Raises Unreadable, and Refused unless it is above 0."""
    minor = currency.parse(text)
    if minor <= 0:
        raise Refused(f"{option} {text} is not above 0.", f"Give an amount like {currency.example}.")
    return minor
