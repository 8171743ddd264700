"""Other tools' data: importing it, and decisions that come as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.decoding import decoding
from ledger.cli.kit.output import format_option, print_json, print_lines, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, CATEGORY, SYSTEM, Read
from ledger.services.adopt_file import adopt_from_file
from ledger.services.import_ import KINDS, FindingsKind, ImportReport, by_reason, import_findings
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.money import Currency

F = TypeVar("F", bound=Callable[..., Any])

_SHOWN = 20


class RowsRefused(LedgerError):
    """Some rows of a file were bad; the others are recorded."""

    exit_code = 1


def import_group(kinds: Iterable[FindingsKind]) -> click.Group:
    """`debt import`, with a command for each kind."""
    group = click.Group("import", help="Import other tools' findings: as neglect, until somebody adopts them.")
    for kind in kinds:
        group.add_command(_import_command(kind))
    return group


def _import_command(kind: FindingsKind) -> click.Command:
    """The command that imports a kind, with the options that it has of its own."""
    findings = f"{kind.finding}s"

    @click.command(
        kind.source,
        cls=AskingCommand,
        help=f"Import {kind.tool} {findings} from PATHS: {kind.files}. A second import records nothing.",
    )
    @click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
    @click.option("--system", cls=Needed, type=SYSTEM, help=f"The system the {findings} belong to.")
    @click.option("--interest", type=AMOUNT, help=f"What carrying {_one(kind)} costs: 10% (of its principal, a year).")
    @click.option("--category", type=CATEGORY, default=kind.category, show_default=True, help="See `debt categories`.")
    @_own_options(kind)
    @click.option("--strict", is_flag=True, help="Record nothing if one row is bad.")
    @format_option
    @click.pass_obj
    def import_kind(
        session: Session,
        /,
        paths: tuple[Path, ...],
        system: str,
        interest: str | None,
        category: str,
        strict: bool,
        form: str,
        **own: Any,
    ) -> None:
        with progress("importing") as tell:
            report = import_findings(
                session.ledger,
                kind,
                paths,
                system=system,
                actor=session.actor,
                asked_on=session.today,
                interest=session.interest(interest),
                category=category,
                strict=strict,
                progress=tell,
                **own,
            )
        _tell(kind, report, session.book.currency, form)

    return import_kind


def _own_options(kind: FindingsKind) -> Callable[[F], F]:
    """Add the options that a kind declares, in their order."""

    def add(function: F) -> F:
        for option in reversed(kind.options):
            word = Read(option.name, option.read, option.names)
            function = click.option(f"--{option.name}", type=word, help=option.help)(function)
        return function

    return add


def _one(kind: FindingsKind) -> str:
    return f"{'an' if kind.finding[0] in 'aeiou' else 'a'} {kind.finding}"


def _tell(kind: FindingsKind, report: ImportReport, currency: Currency, form: str) -> None:
    """Say what became of an import. Raises RowsRefused if rows were bad."""
    if form == "json":
        facts = asdict(report)
        facts |= {
            "observed_amount": currency.plain(facts.pop("observed_minor")),
            "repaid_amount": currency.plain(facts.pop("repaid_minor")),
        }
        print_json(facts)
    else:
        print_lines(
            f"{report.read} {kind.finding}s read: {report.observed} observed ({currency.text(report.observed_minor)}, "
            f"{report.unestimated} unestimated), {report.repaid} repaid ({currency.text(report.repaid_minor)}), "
            f"{report.already_there} already there, {report.duplicates} twice in the files, {len(report.bad)} bad"
        )
        if report.late:
            print_lines(f"{report.late} postings are late: their day is closed.")
        if report.missing:
            say(
                f"{kind.tool} has {report.missing} {kind.finding}s more than the files hold: export the other pages too."
            )
        for change in report.changed[:_SHOWN]:
            say(f"{change.item} ({change.place}): {change.what}")
    _tell_bad(by_reason(report.bad))


import_ = import_group(KINDS.values())


def adopt_file(session: Session, path: Path, encoding: str | None, *, late: bool, strict: bool, form: str) -> None:
    """Record the adoptions in a file, and say what became of them."""
    with progress("adopting") as tell:
        report = adopt_from_file(
            session.ledger,
            path,
            actor=session.actor,
            asked_on=session.today,
            late=late,
            strict=strict,
            progress=tell,
            decoding=decoding(encoding),
        )
    if form == "json":
        print_json(asdict(report))
    else:
        print_lines(
            f"{report.read} decisions read: {report.adopted} adopted, {report.already_there} already there, {len(report.bad)} bad"
        )
    _tell_bad(by_reason(report.bad))


def _tell_bad(places_by_reason: Mapping[str, Sequence[str]]) -> None:
    """Name the rows that were not recorded, by reason. Raises RowsRefused if there are any."""
    if not places_by_reason:
        return
    for why, places in list(places_by_reason.items())[:_SHOWN]:
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        say(f"{', '.join(places[:3])}{more}: {why}")
    number = sum(len(places) for places in places_by_reason.values())
    raise RowsRefused(
        f"{number} rows were not recorded, see above; the rest is. Corrected, import the same file again."
    )
