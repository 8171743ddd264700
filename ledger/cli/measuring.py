"""`debt measure`: measurements of systems, recorded as events, and the way from a broken threshold to the books."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar, Unpack

import click
from sqlalchemy import select

from ledger.cli.desk import Desk
from ledger.cli.output import Record, format_option, print_csv, print_json, print_table, say
from ledger.cli.recording import Recording, receipt_record, recording_options, when
from ledger.cli.types import SYSTEM, TEXT
from ledger.commands import AddEvidence, Command, Observe, RecordMeasurement
from ledger.errors import NotFound, Refused, Unreadable
from ledger.events import MonitorDocumented
from ledger.measurements import Measurement
from ledger.projections.items import item as item_table
from ledger.queries.documents import documents
from ledger.queries.reader import Reader, reader_of
from ledger.queries.register import CLOSED, RegisterItem, register
from ledger.store.appending import Receipt

#: Kind -> the module of `ledger.cli` and the attribute in it. One line per kind that is measured from files.
MEASURES = {
    "prediction-bias": "measure_bias:prediction_bias",
    "drift": "measure_drift:drift",
    "explainability": "measure_explainability:explainability",
    "comprehensibility": "measure_comprehensibility:comprehensibility",
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
#: Of the items that measurements open: where they come from.
SOURCE = "monitor"
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


@dataclass(frozen=True, slots=True)
class _Consequence:
    """What a verdict means for the books. sentence: for a person. command: typed by whoever agrees, None if there is
    nothing to type. request: what --record records instead, None if nothing is recorded."""

    sentence: str
    command: str | None = None
    request: Command | None = None


def conclude(desk: Desk, measurement: Measurement, system: str, **options: Unpack[Measuring]) -> None:
    """Record a measurement, print it, and propose or record what follows for the books."""
    with reader_of(desk.ledger) as reader:
        monitor = _monitor(reader, desk, system, options["monitor"]) if options["monitor"] else None
        consequence = _consequence(reader, desk, measurement, system, monitor, options)
    receipts = () if options["dry_run"] else _record(desk, measurement, system, consequence, options)
    _print(measurement, system, consequence, receipts, options)
    if measurement.verdict == "broken" and options["fail_on"] == "breach":
        raise SystemExit(BREACH)


def _monitor(reader: Reader, desk: Desk, system: str, name: str) -> MonitorDocumented:
    found = documents(reader, desk.today)
    if system not in found:
        raise NotFound(f"There is no system {system}. `debt system list` shows them.")
    if name not in found[system].monitors:
        raise NotFound(f"{system} has no monitor '{name}'. `debt monitor {system}` shows them.")
    return found[system].monitors[name][1]


def _consequence(
    reader: Reader,
    desk: Desk,
    measurement: Measurement,
    system: str,
    monitor: MonitorDocumented | None,
    options: Measuring,
) -> _Consequence | None:
    """What follows from a verdict: nothing, an observation, more evidence, a repayment, or a debt that carries it."""
    today = options["on"] or desk.today
    items = {item.item: item for item in register(reader, today) if item.status not in CLOSED}
    opened = _opened_by(reader, system, measurement, options["monitor"], items)
    if measurement.verdict == "broken":
        if monitor is not None and monitor.carried_by in items:
            carried = items[monitor.carried_by]
            return _Consequence(
                f"{carried.item} ({carried.title}) carries this risk knowingly, decided by {carried.decided_by}: "
                "nothing is proposed."
            )
        return _more_evidence(measurement, opened, options) if opened else _observation(measurement, system, options)
    if measurement.verdict == "kept" and opened:
        return _Consequence(
            f"{opened.item} was opened by a breach of this, and it is kept again: if that is mended for good, repay it.",
            f"debt repay {opened.item} --all",
        )
    return None


def external_key(system: str, what: str, monitor: str | None) -> str:
    """What tells the item of one monitor, or of one kind of measurement without one, from every other."""
    return f"{system}/{what}/{monitor or ''}"


def _opened_by(
    reader: Reader, system: str, measurement: Measurement, monitor: str | None, items: dict[str, RegisterItem]
) -> RegisterItem | None:
    query = select(item_table.c.item).where(
        item_table.c.book == reader.name,
        item_table.c.source == SOURCE,
        item_table.c.external_key == external_key(system, measurement.what, monitor),
        item_table.c.position <= reader.position,
    )
    found = [items[key] for key in reader.connection.execute(query).scalars() if key in items]
    return found[-1] if found else None


def _what_was_found(measurement: Measurement) -> str:
    kind = measurement.kind
    relation = "over" if kind.broken_above else "under"
    first = f" {measurement.sentences[0]}" if measurement.sentences else ""
    return f"{kind.headline} {measurement.value}, {relation} the threshold {measurement.threshold}.{first}"


def _observation(measurement: Measurement, system: str, options: Measuring) -> _Consequence:
    kind, evidence = measurement.kind, _what_was_found(measurement)
    title = f"{kind.title}" + (f" ({options['monitor']})" if options["monitor"] else "")
    words = [
        "debt",
        "observe",
        system,
        title,
        "--category",
        kind.category,
        "--cause",
        kind.cause,
        "--evidence",
        evidence,
    ]
    command = Observe(
        on=options["on"],
        late=options["late"],
        evidence=evidence,
        system=system,
        title=title,
        category=kind.category,
        dimension=kind.dimension,
        cause=kind.cause,
        source=SOURCE,
        external_key=external_key(system, measurement.what, options["monitor"]),
    )
    return _Consequence(
        "The threshold is broken: this is neglect until somebody decides otherwise.", shlex.join(words), command
    )


def _more_evidence(measurement: Measurement, opened: RegisterItem, options: Measuring) -> _Consequence:
    evidence = _what_was_found(measurement)
    command = AddEvidence(on=options["on"], late=options["late"], item=opened.item, text=evidence)
    return _Consequence(
        f"The threshold is broken again: {opened.item} stands for it already, and no second item is opened.",
        shlex.join(["debt", "note", opened.item, evidence]),
        command,
    )


def _record(
    desk: Desk, measurement: Measurement, system: str, consequence: _Consequence | None, options: Measuring
) -> tuple[Receipt, ...]:
    """The measurement and, where it is asked for, what follows: in one transaction."""
    command = RecordMeasurement(
        **when(options),
        system=system,
        what=measurement.what,
        monitor=options["monitor"],
        expectation=measurement.kind.expectation,
        headline=measurement.kind.headline,
        value=measurement.value,
        threshold=measurement.threshold,
        verdict=measurement.verdict,
        rows=measurement.rows,
        figures=measurement.figures,
        findings=measurement.findings,
        files=measurement.files,
        settings=measurement.settings,
    )
    follows = consequence.request if consequence is not None and options["to_books"] else None
    with desk.ledger.appending() as unit:
        receipts = unit.record(desk.request(command, key=options["key"], again=options["again"]))
        if follows is not None and not receipts[0].repeated:
            receipts += unit.record(desk.request(_pointing_at(follows, receipts[0]), again=True))
    return receipts


def _pointing_at(command: Command, measured: Receipt) -> Command:
    """The same command, naming the measurement that shows it."""
    import msgspec

    position = measured.recorded.position
    if isinstance(command, AddEvidence):
        return msgspec.structs.replace(command, measured_at=position)
    return msgspec.structs.replace(command, evidence=f"Measured at position {position}: {command.evidence}")


def _print(
    measurement: Measurement,
    system: str,
    consequence: _Consequence | None,
    receipts: Sequence[Receipt],
    options: Measuring,
) -> None:
    if options["form"] == "json":
        print_json(_as_record(measurement, system, consequence, receipts, options))
    elif options["form"] == "csv":
        print_csv(measurement.findings, _columns(measurement))
    else:
        for sentence in measurement.sentences:
            click.echo(sentence)
        if measurement.findings:
            print_table(list(measurement.findings), _columns(measurement), title=f"{measurement.what} of {system}")
        held = f", threshold {measurement.threshold}" if measurement.threshold else ""
        click.echo(
            f"{measurement.kind.headline} {measurement.value}{held}: {measurement.verdict.upper()} ({measurement.rows} rows)"
        )
        for receipt in receipts:
            click.echo(
                f"recorded at position {receipt.recorded.position}: {receipt.recorded.stored_as} {receipt.item or ''}".rstrip()
            )
    if consequence is not None and options["form"] == "table":
        say(consequence.sentence)
        if consequence.command and not (options["to_books"] and consequence.request):
            say(f"  {consequence.command}")


def _as_record(
    measurement: Measurement,
    system: str,
    consequence: _Consequence | None,
    receipts: Sequence[Receipt],
    options: Measuring,
) -> Record:
    return {
        "system": system,
        "what": measurement.what,
        "monitor": options["monitor"],
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
        "consequence": consequence.sentence if consequence else None,
        "command": consequence.command if consequence else None,
        "recorded": [receipt_record(receipt) for receipt in receipts],
    }


def _columns(measurement: Measurement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for finding in measurement.findings for name in finding))


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
    desk: Desk = ctx.obj
    name: str = ctx.parent.params["monitor"] if ctx.parent else ""
    documented = _documented(desk, name, system)
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


def _documented(desk: Desk, name: str, system: str | None) -> MonitorDocumented:
    with reader_of(desk.ledger) as reader:
        found = [
            each.monitors[name][1]
            for key, each in documents(reader, desk.today).items()
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
