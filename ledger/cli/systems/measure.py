"""`debt measure`: measurements of systems, recorded as events, and the way from a broken threshold to the books."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar, Unpack

import click

from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_table, say
from ledger.cli.kit.recording import Recording, receipt_record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.cli.systems.breaches import Consequence, Judged, consequence, monitor_named, pointing_at
from ledger.decide.measure import measurement_of
from ledger.events import MonitorDocumented
from ledger.queries.reader import reader_of
from ledger.queries.register.documents import documents
from ledger.store.transaction import AlreadyRecorded, Receipt
from ledger.vocabulary.errors import NotFound, Refused, Unreadable
from ledger.vocabulary.measurements import Measurement

#: Kind -> the module of `ledger.cli` and the attribute in it. One line per kind that is measured from files.
MEASURES = {
    "prediction-bias": "systems.measure_bias:prediction_bias",
    "drift": "systems.measure_drift:drift",
    "explainability": "systems.measure_explainability:explainability",
    "comprehensibility": "systems.measure_comprehensibility:comprehensibility",
}
#: How a kind is told the file that `debt measure --monitor NAME FILE` names; None for an argument.
_FILE_OPTION = {
    "prediction-bias": None,
    "drift": "--live",
    "explainability": "--data",
    "comprehensibility": "--repo",
}

#: What a broken threshold exits with, if it is asked for (design §6).
BREACH = 4
_INSTALL = "pip install 'debt-ledger[ml]'"

F = TypeVar("F", bound=Callable[..., Any])


class Measuring(Recording):
    """The options that every measure has, passed on together."""

    monitor: str | None
    to_books: bool
    dry_run: bool
    fail_on: str | None


class _MeasureGroup(click.Group):
    """The measures by name, loaded when used; with --monitor, what follows are files and no name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MEASURES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MEASURES:
            return None
        module, _, attribute = MEASURES[cmd_name].partition(":")
        try:
            command: click.Command = getattr(importlib.import_module(f"ledger.cli.{module}"), attribute)
        except ModuleNotFoundError as error:
            without_the_extra(error)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if ctx.params.get("monitor"):
            return "--monitor", by_monitor, args
        return super().resolve_command(ctx, args)


@click.group(cls=_MeasureGroup)
@click.option("--monitor", type=TEXT, metavar="NAME", help="Measure what this monitor documents: FILE follows.")
@click.pass_context
def measure(ctx: click.Context, monitor: str | None) -> None:
    """Measure a system: its output, its input, its internals. Or run what a monitor documents, from cron or CI:

    debt measure --monitor NAME FILE --fail-on breach
    """


def without_the_extra(error: ModuleNotFoundError) -> NoReturn:
    """Say what installs the libraries that measure; another module that is missing is a defect, and raised."""
    if (error.name or "").partition(".")[0] in (
        "pandas",
        "pyarrow",
        "radon",
        "scipy",
        "sklearn",
        "skops",
        "statsmodels",
    ):
        raise Unreadable(f"Measuring needs {error.name}, which is not installed: {_INSTALL}") from error
    raise error


_MONITOR = click.option("--monitor", type=TEXT, help="The documented monitor under which it is recorded.")
_RECORD = click.option(
    "--record", "to_books", is_flag=True, help="Where the threshold is broken, record it as neglect, or add to it."
)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Only measure; record nothing.")
_FAIL_ON = click.option(
    "--fail-on", type=click.Choice(["breach"]), help=f"Exit with {BREACH} where the threshold is broken."
)


def measure_options(function: F) -> F:
    """Add what every measure has: --monitor, --record, --dry-run, --fail-on, and the options of recording."""
    function = recording_options()(function)
    for option in (_FAIL_ON, _DRY_RUN, _RECORD, _MONITOR):
        function = option(function)
    return function


# --- a measurement, and what follows -----------------------------------------------------------------


def conclude(session: Session, measurement: Measurement, system: str, **options: Unpack[Measuring]) -> None:
    """Record a measurement, print it, and propose or record what follows for the books.

    Exits with BREACH where the threshold is broken and `--fail-on breach` was typed.
    """
    with reader_of(session.ledger) as reader:
        name = options["monitor"]
        monitor = monitor_named(reader, session.today, system, name) if name else None
        judged = Judged(measurement, system, monitor, options["on"], options["late"])
        follows = consequence(reader, judged, session.today)
    receipts = () if options["dry_run"] else _record(session, judged, follows, options)
    _print(judged, follows, receipts, options)
    if measurement.verdict == "broken" and options["fail_on"] == "breach":
        raise SystemExit(BREACH)


def _record(session: Session, judged: Judged, follows: Consequence | None, options: Measuring) -> tuple[Receipt, ...]:
    """The measurement and, where it is asked for, what follows: in one transaction."""
    command = measurement_of(judged.measurement, judged.system, monitor=options["monitor"], **when(options))
    request = follows.request if follows is not None and options["to_books"] else None
    with session.ledger.appending() as unit:
        try:
            receipts = unit.record(session.request(command, key=options["key"], again=options["again"]))
        except AlreadyRecorded as known:
            # The same file measured again on one day, by cron say, says nothing new and is no mistake.
            return known.receipts
        if request is not None and not receipts[0].repeated:
            shown = pointing_at(request, receipts[0].recorded.position)
            receipts += unit.record(session.request(shown, again=True))
    return receipts


def _print(judged: Judged, follows: Consequence | None, receipts: Sequence[Receipt], options: Measuring) -> None:
    measurement, form = judged.measurement, options["form"]
    columns = tuple(dict.fromkeys(name for finding in measurement.findings for name in finding))
    if form == "json":
        print_json(_as_record(judged, follows, receipts))
        return
    if form == "csv":
        print_csv(measurement.findings, columns)
        return
    for sentence in measurement.sentences:
        click.echo(sentence)
    if measurement.findings:
        print_table(measurement.findings, columns, title=f"{measurement.what} of {judged.system}")
    held = f", threshold {measurement.threshold}" if measurement.threshold else ""
    verdict = measurement.verdict.upper()
    click.echo(f"{measurement.kind.headline} {measurement.value}{held}: {verdict} ({measurement.rows} rows)")
    for receipt in receipts:
        item = f" on {receipt.item}" if receipt.item else ""
        before = ", recorded before" if receipt.repeated else ""
        click.echo(f"position {receipt.recorded.position}: {receipt.recorded.stored_as}{item}{before}")
    if follows is not None:
        say(follows.sentence)
        if follows.command and not (options["to_books"] and follows.request):
            say(f"  {follows.command}")


def _as_record(judged: Judged, follows: Consequence | None, receipts: Sequence[Receipt]) -> Record:
    measurement = judged.measurement
    return {
        "system": judged.system,
        "what": measurement.what,
        "monitor": judged.monitor.monitor if judged.monitor else None,
        "expectation": measurement.kind.expectation,
        "headline": measurement.kind.headline,
        "value": measurement.value,
        "threshold": measurement.threshold,
        "verdict": measurement.verdict,
        "rows": measurement.rows,
        "figures": measurement.figures,
        "findings": list(measurement.findings),
        "files": measurement.files,
        "settings": {name: list(values) for name, values in measurement.settings.items()},
        "consequence": follows.sentence if follows else None,
        "command": follows.command if follows else None,
        "recorded": [receipt_record(receipt) for receipt in receipts],
    }


# --- what a monitor documents, measured again ---------------------------------------------------------


@click.command("--monitor")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--system", type=SYSTEM, help="Where several systems have a monitor of that name.")
@_RECORD
@_DRY_RUN
@_FAIL_ON
@format_option
@click.pass_context
def by_monitor(
    ctx: click.Context, file: Path, system: str | None, to_books: bool, dry_run: bool, fail_on: str | None, form: str
) -> None:
    """Measure FILE as the monitor documents it."""
    session: Session = ctx.obj
    name: str = ctx.parent.params["monitor"] if ctx.parent else ""
    documented = _documented(session, name, system)
    if documented.what not in MEASURES:
        raise Refused(
            f"'{name}' watches {documented.what}, which is documented and not measured from a file.",
            f"`debt {documented.what} {documented.system} …` records it.",
        )
    words = [documented.system, *_file_words(documented.what, file), *_setting_words(documented)]
    words += ["--threshold", documented.threshold, "--monitor", name, "--format", form]
    flags = {"--record": to_books, "--dry-run": dry_run}
    words += [flag for flag, typed in flags.items() if typed]
    words += ["--fail-on", fail_on] if fail_on else []
    command = measure.get_command(ctx, documented.what)
    if command is None:
        raise NotFound(f"Nothing measures {documented.what}.")
    with command.make_context(documented.what, words, parent=ctx) as again:
        command.invoke(again)


def _documented(session: Session, name: str, system: str | None) -> MonitorDocumented:
    with reader_of(session.ledger) as reader:
        found = [
            each.monitors[name][1]
            for key, each in documents(reader, session.today).items()
            if name in each.monitors and system in (None, key)
        ]
    if not found:
        raise NotFound(f"No monitor is called '{name}'. `debt monitor SYSTEM` shows a system's monitors.")
    if len(found) > 1:
        keys = ", ".join(each.system for each in found)
        raise Unreadable(f"Several systems have a monitor '{name}': say which with --system: {keys}.")
    return found[0]


def _file_words(what: str, file: Path) -> list[str]:
    option = _FILE_OPTION[what]
    return [str(file)] if option is None else [option, str(file)]


def _setting_words(documented: MonitorDocumented) -> list[str]:
    told = _FILE_OPTION[documented.what]
    return [
        word
        for name, values in sorted(documented.settings.items())
        if f"--{name}" not in (told, "--threshold")
        for value in values
        for word in (f"--{name}", value)
    ]
