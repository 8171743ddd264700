"""Other tools' data: importing it, and decisions that come as a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.output import format_option, print_json, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, CATEGORY, CAUSE, SYSTEM
from ledger.importers import BadRow, by_reason
from ledger.importers.decisions.adoptions import adopt_from_file
from ledger.importers.findings.sonarqube import DEFAULT_CATEGORY, import_sonarqube
from ledger.vocabulary.errors import LedgerError

_SHOWN = 20


class RowsRefused(LedgerError):
    """Some rows of a file were bad; the others are recorded."""

    exit_code = 1


@click.group("import")
def import_() -> None:
    """Import other tools' findings: as neglect, until somebody adopts them."""


@import_.command(cls=AskingCommand)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--system", cls=Needed, type=SYSTEM, help="The system the issues belong to.")
@click.option("--interest", type=AMOUNT, help="What carrying an issue costs: 10% (of its principal, a year).")
@click.option("--category", type=CATEGORY, default=DEFAULT_CATEGORY, show_default=True, help="See `debt categories`.")
@click.option("--cause", type=CAUSE, help="Of every issue; by default its rule and type suggest one.")
@click.option("--strict", is_flag=True, help="Record nothing if one row is bad.")
@format_option
@click.pass_obj
def sonarqube(
    session: Session,
    paths: tuple[Path, ...],
    system: str,
    interest: str | None,
    category: str,
    cause: str | None,
    strict: bool,
    form: str,
) -> None:
    """Import SonarQube issues from PATHS: exported files, or folders of pages. A second import records nothing."""
    with progress("importing") as tell:
        report = import_sonarqube(
            session.ledger,
            paths,
            system=system,
            actor=session.actor,
            asked_on=session.today,
            interest=session.interest(interest),
            category=category,
            cause=cause,
            strict=strict,
            progress=tell,
        )
    money = session.book.currency
    facts = asdict(report)
    facts |= {
        "observed_amount": money.plain(facts.pop("observed_minor")),
        "repaid_amount": money.plain(facts.pop("repaid_minor")),
    }
    if form == "json":
        print_json(facts)
    else:
        click.echo(
            f"{report.read} issues read: {report.observed} observed ({money.text(report.observed_minor)}, "
            f"{report.unestimated} unestimated), {report.repaid} repaid ({money.text(report.repaid_minor)}), "
            f"{report.already_there} already there, {report.duplicates} twice in the files, {len(report.bad)} bad"
        )
        if report.late:
            click.echo(f"{report.late} postings are late: their day is closed.")
        if report.missing:
            say(f"SonarQube has {report.missing} issues more than the files hold: export the other pages too.")
        for change in report.changed[:_SHOWN]:
            say(f"{change.item} ({change.place}): {change.what}")
    _tell_bad(report.bad)


def adopt_file(session: Session, path: Path, *, late: bool, strict: bool, form: str) -> None:
    """Record the adoptions in a file, and say what became of them."""
    with progress("adopting") as tell:
        report = adopt_from_file(
            session.ledger, path, actor=session.actor, asked_on=session.today, late=late, strict=strict, progress=tell
        )
    if form == "json":
        print_json(asdict(report))
    else:
        click.echo(
            f"{report.read} decisions read: {report.adopted} adopted, {report.already_there} already there, {len(report.bad)} bad"
        )
    _tell_bad(report.bad)


def _tell_bad(bad: list[BadRow]) -> None:
    """Name the rows that were not recorded, by reason. Raises RowsRefused if there are any."""
    if not bad:
        return
    for why, places in list(by_reason(bad).items())[:_SHOWN]:
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        say(f"{', '.join(places[:3])}{more}: {why}")
    raise RowsRefused(
        f"{len(bad)} rows were not recorded, see above; the rest is. Corrected, import the same file again."
    )
