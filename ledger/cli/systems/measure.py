"""`debt measure`: measurements of systems, recorded as events, and the way from a broken threshold to the books."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, Unpack

import click

from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import Record, print_csv, print_json, print_lines, print_table, say
from ledger.cli.kit.recording import Recording, receipt_record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.services.conclude import Concluded, conclude, look
from ledger.services.judged import Judged
from ledger.services.measure import documented_settings, only_monitor, told_settings
from ledger.services.measure import measure as measured
from ledger.vocabulary.measure_settings import MeasureSettings
from ledger.vocabulary.verdict_words import VERDICT_WORDS, limits_in_words

#: Kind -> the module of `ledger.cli` and the attribute in it. One line per kind that is measured from files.
MEASURES = {
    "prediction-bias": "systems.measure_bias:prediction_bias",
    "drift": "systems.measure_drift:drift",
    "explainability": "systems.measure_explainability:explainability",
    "comprehensibility": "systems.measure_comprehensibility:comprehensibility",
}

#: What a broken threshold exits with, if it is asked for (design §6).
BREACH = 4

F = TypeVar("F", bound=Callable[..., Any])


class MeasuringDocumented(Recording):
    """The options of measuring what a monitor documents, passed on together."""

    to_books: bool
    dry_run: bool
    fail_on: str | None


class Measuring(MeasuringDocumented):
    """The options that every measure has, passed on together."""

    monitor: str | None


class _MeasureGroup(CommandGroup):
    """The measures by name, loaded when used; with --monitor, what follows are files and no name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MEASURES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MEASURES:
            return None
        module, _, attribute = MEASURES[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"ledger.cli.{module}"), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if ctx.params.get("monitor"):
            return "--monitor", by_monitor, args
        return super().resolve_command(ctx, args)


@click.group(cls=_MeasureGroup, invoke_without_command=True, no_args_is_help=True)
@click.option("--monitor", type=TEXT, metavar="NAME", help="Measure what this monitor documents: FILE follows.")
@click.pass_context
def measure(ctx: click.Context, monitor: str | None) -> None:
    """Measure a system: its output, its input, its internals. Or run what a monitor documents, from cron or CI:

    debt measure --monitor NAME FILE --fail-on breach
    """
    if ctx.invoked_subcommand is None:
        raise click.UsageError(f"FILE is missing: `debt measure --monitor {monitor} FILE` measures it.", ctx)


_MONITOR = click.option("--monitor", type=TEXT, help="Measure as this monitor documents, and record it under it.")
_RECORD = click.option(
    "--record", "to_books", is_flag=True, help="Where the threshold is broken, record it as neglect, or add to it."
)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Only measure; record nothing.")
_FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(["breach"]),
    help=f"Exit with {BREACH} where the threshold is broken, and no debt carries that.",
)


def measure_options(function: F) -> F:
    """Add what every measure has: --monitor, --record, --dry-run, --fail-on, and the options of recording."""
    function = recording_options(tried_out=False)(function)
    for option in (_FAIL_ON, _DRY_RUN, _RECORD, _MONITOR):
        function = option(function)
    return function


TRUST = click.option("--trust", is_flag=True, help="Load what is not known to be harmless: the file can run any code.")


def without_monitor(params: Mapping[str, Any]) -> bool:
    """Whether somebody has to say how it is measured: a monitor knows."""
    return params.get("monitor") is None


@click.command("--monitor")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--system", type=SYSTEM, help="Where several systems have a monitor of that name.")
@TRUST
@_RECORD
@_DRY_RUN
@_FAIL_ON
@recording_options(tried_out=False)
@click.pass_context
def by_monitor(
    ctx: click.Context, file: Path, system: str | None, trust: bool, **options: Unpack[MeasuringDocumented]
) -> None:
    """Measure FILE as the monitor documents it."""
    session: Session = ctx.obj
    name: str = ctx.parent.params["monitor"] if ctx.parent else ""
    documented = only_monitor(session.ledger, name, session.today, system)
    settings = documented_settings(documented)
    _measure(session, settings, file, documented.system, trust=trust, **options, monitor=name)


def measure_told(
    session: Session,
    what: str,
    file: Path | str,
    system: str,
    told: Mapping[str, object],
    threshold: str | None,
    *,
    ratio: str | None = None,
    trust: bool = False,
    **options: Unpack[Measuring],
) -> None:
    """Measure a file as it was typed. told: what may be typed of a kind's settings, by option; None is left out.

    Exits with BREACH where the threshold is broken, no debt carries that, and `--fail-on breach` was typed.
    """
    said = {option: _texts(value) for option, value in told.items() if value not in (None, ())}
    settings = told_settings(
        session.ledger, system, what, said, threshold, monitor=options["monitor"], today=session.today, ratio=ratio
    )
    _measure(session, settings, file, system, trust=trust, **options)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _measure(
    session: Session,
    settings: MeasureSettings,
    file: Path | str,
    system: str,
    *,
    trust: bool,
    **options: Unpack[Measuring],
) -> None:
    """Measure a file, record the measurement, print it, and propose or record what follows for the books."""
    found = measured(settings, file, first_month=session.book.calendar.first_month, trust=trust, warn=say)
    judged = Judged(**when(options), measurement=found, system=system, monitor=options["monitor"])
    if options["dry_run"]:
        concluded = look(session.ledger, judged, session.requester)
    else:
        concluded = conclude(
            session.ledger,
            judged,
            session.requester,
            record=options["to_books"],
            key=options["key"],
            again=options["again"],
        )
    say(*found.settings.get("recognised", ()))
    print_concluded(concluded, options)


# --- what is printed ------------------------------------------------------------------------------------


def print_concluded(concluded: Concluded, options: Measuring) -> None:
    """Print a measurement and what follows from it. Exits with BREACH as `measure_file` says."""
    form, measurement = options["form"], concluded.judged.measurement
    columns = tuple(dict.fromkeys(name for finding in measurement.findings for name in finding))
    if form == "json":
        print_json(concluded_record(concluded))
    elif form == "csv":
        print_csv(measurement.findings, columns)
    else:
        _print(concluded, columns, to_books=options["to_books"])
    if concluded.is_breach and options["fail_on"] == "breach":
        raise SystemExit(BREACH)


def _print(concluded: Concluded, columns: tuple[str, ...], *, to_books: bool) -> None:
    measurement = concluded.judged.measurement
    for sentence in measurement.sentences:
        print_lines(sentence)
    if measurement.findings:
        findings = [finding | _in_words(finding) for finding in measurement.findings]
        print_table(findings, columns, title=f"{measurement.what} of {concluded.judged.system}")
    limits = limits_in_words(measurement.threshold, measurement.ratio)
    held = f", threshold {limits}" if limits else ""
    verdict = f"{VERDICT_WORDS[measurement.verdict].upper()}{', CARRIED' if concluded.carried else ''}"
    needed = measurement.figures.get("rows-to-tell")
    would_tell = f"; about {int(needed):,} would tell" if needed else ""
    print_lines(
        f"{measurement.kind.headline} {measurement.value}{held}: {verdict} "
        f"({measurement.rows} row{'' if measurement.rows == 1 else 's'}{would_tell})"
    )
    for receipt in concluded.receipts:
        item = f" on {receipt.item}" if receipt.item else ""
        before = ", recorded before" if receipt.repeated else ""
        print_lines(f"position {receipt.recorded.position}: {receipt.recorded.stored_as}{item}{before}")
    say_what_follows(concluded, to_books=to_books)


def say_what_follows(concluded: Concluded, *, to_books: bool) -> None:
    """Say what a verdict means for the register. to_books: it was recorded, and need not be typed."""
    for follows in concluded.consequences:
        say(follows.sentence)
        if follows.proposal and not (to_books and follows.command):
            say(f"  {follows.proposal}")
    for item in concluded.unestimated:
        say(f"Nobody put a figure on {item} yet: `debt revise {item} --principal AMOUNT --because WHY` does.")


def _in_words(finding: Record) -> Record:
    """The verdict of a record, where it has one, as it is said."""
    verdict = finding.get("verdict")
    return {"verdict": VERDICT_WORDS[verdict]} if verdict in VERDICT_WORDS else {}


def concluded_record(concluded: Concluded) -> Record:
    """A measurement, its verdict and what follows from it, in the form for machines."""
    measurement, follows = concluded.judged.measurement, concluded.consequence
    return {
        "system": concluded.judged.system,
        "what": measurement.what,
        "monitor": concluded.judged.monitor,
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
        "series": {each.series: each.verdict for each in measurement.series},
        "carried_by": concluded.carried.item.id if concluded.carried else None,
        "carried_until": concluded.carried.until if concluded.carried else None,
        "consequence": follows.sentence if follows else None,
        "command": follows.proposal if follows else None,
        "consequences": [
            {"series": list(each.series), "consequence": each.sentence, "command": each.proposal}
            for each in concluded.consequences
        ],
        "recorded": [receipt_record(receipt) for receipt in concluded.receipts],
    }
