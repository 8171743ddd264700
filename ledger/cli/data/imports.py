"""Other tools' data: importing it, and decisions that come as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click

from ledger.cli.data.import_adr import import_adr
from ledger.cli.data.import_csv import import_csv
from ledger.cli.data.import_report import tell_import, tell_refused
from ledger.cli.data.import_runs import mend, undo
from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.decoding import decoding, encoding_option
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import format_option, print_json, print_lines, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, CATEGORY, DAY, SYSTEM, TEXT, Read
from ledger.services.adopt_file import adopt_from_file
from ledger.services.import_ import KINDS, FindingsKind, ImportReport, by_reason, import_findings
from ledger.services.import_files import leaving_rejects, refuse_file, write_decisions, write_rejects
from ledger.vocabulary.counted import counted

F = TypeVar("F", bound=Callable[..., Any])


def import_group(kinds: Iterable[FindingsKind]) -> click.Group:
    """`debt import`, with a command for each kind; without one, what concerns runs and books that were filled before."""

    @click.group(
        "import",
        cls=CommandGroup,
        invoke_without_command=True,
        help="Import other tools' findings: as neglect, until somebody adopts them.",
    )
    @click.option("--undo", "undone", metavar="RUN", type=TEXT, help="Reverse what a run recorded; see `debt sources`.")
    @click.option("--repair", is_flag=True, help="Put right what earlier importers took for paid work.")
    @click.option("--yes", is_flag=True, help="Do it; without it, it is only shown.")
    @format_option
    @click.pass_context
    def group(context: click.Context, undone: str | None, repair: bool, yes: bool, form: str) -> None:
        asked = [name for name, given in (("--undo", undone), ("--repair", repair)) if given]
        if context.invoked_subcommand is not None:
            if asked or yes:
                raise click.UsageError(
                    f"{' and '.join(asked) or '--yes'} is about runs: name no kind beside it.", context
                )
            return
        if not asked:
            click.echo(context.get_help())
            context.exit(2)
        if len(asked) > 1:
            raise click.UsageError("Give --undo or --repair, not both.", context)
        session = context.ensure_object(Session)
        if undone:
            undo(session, undone, yes=yes, form=form)
        else:
            mend(session, yes=yes, form=form)

    for kind in kinds:
        group.add_command(_import_command(kind))
    return group


def _import_command(kind: FindingsKind) -> click.Command:
    """The command that imports a kind, with the options that it has of its own."""
    findings = f"{kind.finding}s"

    @click.command(
        kind.source,
        cls=AskingCommand,
        help=f"Import {kind.tool} {findings} from PATHS: {kind.files}. A second import records what changed.",
    )
    @click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
    @click.option("--system", cls=Needed, type=SYSTEM, help=f"The system the {findings} belong to.")
    @click.option("--interest", type=AMOUNT, help=f"What carrying {_one(kind)} costs: 10% (of its principal, a year).")
    @click.option("--category", type=CATEGORY, default=kind.category, show_default=True, help="See `debt categories`.")
    @_own_options(kind)
    @run_options(kind)
    @format_option
    @click.pass_obj
    def import_kind(
        session: Session,
        /,
        paths: tuple[Path, ...],
        interest: str | None,
        yes: bool,
        rejects: Path | None,
        decisions: Path | None,
        encoding: str | None,
        form: str,
        **own: Any,
    ) -> None:
        own["dry_run"] |= own["complete"] and not yes
        for target in (rejects, decisions):
            refuse_file(target, session.ledger)
        with progress("importing") as tell, leaving_rejects(rejects, session.ledger):
            report = import_findings(
                session.ledger,
                kind,
                paths,
                actor=session.actor,
                asked_on=session.today,
                interest=session.interest(interest),
                decoding=decoding(encoding),
                progress=tell,
                caution=say,
                **own,
            )
        _leave_files(session, report, rejects, decisions)
        tell_import(kind, report, session.book.currency, form)

    return import_kind


def _leave_files(session: Session, report: ImportReport, rejects: Path | None, decisions: Path | None) -> None:
    if rejects is not None:
        write_rejects(rejects, report.refused, session.ledger)
    if decisions is not None:
        write_decisions(decisions, report.waiting, session.ledger)


def run_options(kind: FindingsKind) -> Callable[[F], F]:
    """The options that every kind has."""
    options = (
        click.option("--on", type=DAY, metavar="DATE", help=f"The export's day, where {kind.tool} does not say it."),
        click.option("--since", type=DAY, metavar="DATE", help="Leave out what was over before."),
        click.option(
            "--assume-spent", is_flag=True, help="What was fixed cost what it removed; else it is unmeasured."
        ),
        click.option(
            "--complete", is_flag=True, help="What is not in the files is gone: written off. Shown without --yes."
        ),
        click.option("--yes", is_flag=True, help="Record what --complete finds."),
        click.option("--dry-run", is_flag=True, help="Show what would be recorded."),
        click.option("--strict", is_flag=True, help="Record nothing if one row is bad."),
        click.option(
            "--map", "mapping", type=click.Path(exists=True, path_type=Path), help="A mapping: TOML, docs/importing.md."
        ),
        click.option("--rejects", type=click.Path(path_type=Path), help="Write what is refused to this CSV file."),
        click.option(
            "--decisions",
            type=click.Path(path_type=Path),
            help="Write what was accepted there to this CSV file, ready for `debt adopt --file`.",
        ),
        encoding_option,
    )

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


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


import_ = import_group(KINDS.values())
import_.add_command(import_adr)
import_.add_command(import_csv)


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
            f"{counted(report.read, 'decision')} read: {report.adopted} adopted, {report.already_there} already there, "
            f"{len(report.bad)} bad"
        )
    tell_refused(by_reason(report.bad))
