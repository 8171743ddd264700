"""Monitors: what is watched about a system, and what happens when it breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

import click

from ledger.cli.finance.figures import as_of_option
from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.output import Record, print_records
from ledger.cli.kit.projection import say_beside, titled
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, DECIMAL, ITEM, SYSTEM, TEXT
from ledger.cli.systems.documents import documents_of, recording, refuse_as_of
from ledger.cli.systems.table_options import table_options
from ledger.decide.monitor import DocumentMonitor
from ledger.queries.register.documents import SystemDocuments
from ledger.services.reference import pinned, replacement
from ledger.vocabulary.measure_settings import SETTINGS, setting_names
from ledger.vocabulary.measurements import KINDS
from ledger.vocabulary.verdict_words import VERDICT_WORDS, limits_in_words

_COLUMNS = (
    *("monitor", "what", "threshold", "alerts", "remediation", "plan", "carried_by", "principal", "since"),
    *("measured_on", "value", "verdict"),
)
_COLUMNS_OF_ALL = (
    *(*_COLUMNS, "documented_by", "evidence", "settings", "roles"),
    *("interest_per_year", "agreed_by", "reference_sha256", "ratio"),
)


#: What is typed of a monitor besides its settings.
_DEFINITION = (
    *(
        "what",
        "threshold",
        "ratio",
        "alerts",
        "remediation",
        "plan",
        "carried_by",
        "principal",
        "interest",
        "agreed_by",
    ),
    "new_reference",
)


def _replacing(params: Mapping[str, Any]) -> bool:
    return params.get("new_reference") is not None


def _documenting(params: Mapping[str, Any]) -> bool:
    """Whether a definition is typed, and not only another reference."""
    return recording(params) and not _replacing(params)


@click.command(cls=AskingCommand)
@click.argument("system", metavar="SYSTEM", cls=NeededArgument, type=SYSTEM)
@click.argument("name", cls=NeededArgument, when=recording, type=TEXT)
@click.option("--what", cls=Needed, when=_documenting, type=click.Choice(list(KINDS)), help="What is watched.")
@click.option("--threshold", cls=Needed, when=_documenting, type=DECIMAL, help="What breaks it, like 0.02.")
@click.option("--ratio", type=DECIMAL, help="What breaks prediction-bias too: 1.25 times as often as observed.")
@click.option(
    "--alerts",
    cls=Needed,
    when=_documenting,
    type=click.Choice(["yes", "no"]),
    help="Whether somebody is told when it breaks, as it is now.",
)
@click.option(
    "--remediation",
    cls=Needed,
    when=_documenting,
    type=click.Choice(["automatic", "manual"]),
    help="Whether it is then mended by itself or by somebody.",
)
@click.option("--plan", cls=Needed, when=_documenting, type=TEXT, help="What is done when it breaks.")
@click.option("--carried-by", type=ITEM, help="The debt that knowingly carries the risk, until its term ends.")
@click.option(
    "--principal", type=AMOUNT, help="What mending one breach costs, in one slice, feature or case: 5000, 6d."
)
@click.option("--interest", type=AMOUNT, help="What one costs while it is open: 800/month, 6%.")
@click.option("--agreed-by", type=TEXT, help="Who agreed on what a breach costs.")
@click.option("--predicted", metavar="COL", type=TEXT, help="The column of predictions.")
@click.option("--observed", metavar="COL", type=TEXT, help="The column of what was observed.")
@click.option("--slice", metavar="COL", type=TEXT, multiple=True, help="A column to slice by; may be repeated.")
@click.option("--reference", metavar="FILE", type=TEXT, help="The file to compare with; its sha256 is kept.")
@click.option("--new-reference", metavar="FILE", type=TEXT, help="Compare with this file from now on; with --because.")
@click.option("--because", cls=Needed, when=_replacing, type=TEXT, help="Why the reference is replaced.")
@click.option("--feature", metavar="COL", type=TEXT, multiple=True, help="A column to watch; may be repeated.")
@click.option("--id", metavar="COL", type=TEXT, multiple=True, help="A column that names rows; may be repeated.")
@click.option("--prediction", metavar="COL", type=TEXT, multiple=True, help="A column of predictions; may be repeated.")
@click.option("--time", metavar="COL", type=TEXT, help="The column of dates.")
@click.option("--by", type=click.Choice(["month", "quarter"]), help="The periods that --time is cut into.")
@click.option("--kind", type=click.Choice(["labels", "probabilities", "numbers"]), help="Told instead of guessed.")
@click.option("--alpha", type=DECIMAL, help="The rate of false alarms over everything that is judged, 0.05.")
@click.option("--model", metavar="FILE", type=TEXT, help="The model's file.")
@click.option("--target", metavar="COL", type=TEXT, help="The column that the model predicts.")
@click.option("--row", type=click.IntRange(min=1), help="The row that is explained.")
@click.option(
    "--trust-type", metavar="TYPE", type=TEXT, multiple=True, help="A type in the model's file that is harmless."
)
@click.option("--repo", metavar="PATH", type=TEXT, multiple=True, help="A folder of code; may be repeated.")
@click.option(
    "--exclude", type=TEXT, multiple=True, help="A column that is no feature, or code to leave out, as in a .gitignore."
)
@table_options
@as_of_option
@recording_options()
@click.pass_obj
def monitor(
    session: Session, /, system: str, name: str | None, because: str | None, as_of: date | None, **rest: Any
) -> None:
    """Record how something about SYSTEM is watched, as monitor NAME. Without NAME: list its monitors.

    What counts is what is in place today: whether anybody is told when it breaks, who or what mends it, and the plan.
    A 'no' is an answer too. The options from --predicted on are kept for `debt measure --monitor NAME FILE`. A later
    definition of the same name replaces the earlier one; its reference is replaced with --new-reference and a reason.
    With --principal a breach that is recorded opens estimated.
    """
    definition, settings, options = _parted(rest)
    if name is None:
        _list_monitors(session, system, as_of, options["form"])
        return
    refuse_as_of(as_of)
    new_reference = definition.pop("new_reference")
    if new_reference is not None:
        _refuse_besides(definition | settings)
        record(session, replacement(system, name, new_reference, because, **when(options)), **options)
        return
    if because is not None:
        raise click.UsageError("--because says why a reference is replaced: it goes with --new-reference FILE.")
    record(session, pinned(_command(session, system, name, definition, settings, options)), **options)


def _command(
    session: Session,
    system: str,
    name: str,
    definition: dict[str, Any],
    settings: dict[str, tuple[str, ...]],
    options: Recording,
) -> DocumentMonitor:
    """The definition as it was typed, amounts read in the book's currency."""
    read = {
        "alerts": definition["alerts"] == "yes",
        "principal": session.quantity(definition["principal"]),
        "interest": session.interest(definition["interest"]),
    }
    return DocumentMonitor(**when(options), system=system, monitor=name, settings=settings, **(definition | read))


def _refuse_besides(said: Mapping[str, object]) -> None:
    """A reference is replaced, or a monitor defined: both at once would hide the one in the other. Raises UsageError."""
    typed = [f"--{name.replace('_', '-')}" for name, value in said.items() if value is not None]
    if typed:
        raise click.UsageError(f"--new-reference replaces the reference alone: leave out {', '.join(typed)}.")


def _parted(rest: dict[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[str, ...]], Recording]:
    """What defines a monitor; the settings that were typed, by option; the options of recording."""
    known = {name for what in SETTINGS for name in setting_names(what)}
    typed = {name: rest.pop(name.replace("-", "_")) for name in sorted(known)}
    settings = {
        name: value if isinstance(value, tuple) else (str(value),)
        for name, value in typed.items()
        if value not in (None, ())
    }
    definition = {name: rest.pop(name) for name in _DEFINITION}
    return definition, settings, cast("Recording", rest)


def _list_monitors(session: Session, system: str, as_of: date | None, form: str) -> None:
    day = as_of or session.today
    say_beside(form, day, session.today)
    found = documents_of(session, system, as_of)
    shown = session.book.currency.grouped if form == "table" else session.book.currency.plain
    records = [_record(found, name, form, shown) for name in sorted(found.monitors)]
    columns = _COLUMNS if form == "table" else _COLUMNS_OF_ALL
    empty = f"Nothing about {system} is watched. `debt monitor {system} NAME --what … --threshold …` documents what is."
    title, right = titled(f"Monitors of {system}", day, session.today), ("threshold", "principal", "value")
    print_records(form, records, columns, title=title, right=right, empty=empty)


def _record(found: SystemDocuments, name: str, form: str, shown: Callable[[int], str]) -> Record:
    said, documented = found.monitors[name]
    last = next(((when_, each) for when_, each in reversed(found.measurements) if each.monitor == name), None)
    alerts: bool | str = documented.alerts if form == "json" else ("yes" if documented.alerts else "no")
    return {
        "system": documented.system,
        "monitor": name,
        "what": documented.what,
        # Machines have the ratio in a field of its own.
        "threshold": limits_in_words(documented.threshold, documented.ratio if form == "table" else None),
        "alerts": alerts,
        "remediation": documented.remediation,
        "plan": documented.plan,
        "carried_by": documented.carried_by,
        "principal": shown(documented.principal_minor) if documented.principal_minor is not None else None,
        "interest_per_year": shown(documented.carry_minor_per_year),
        "agreed_by": documented.agreed_by,
        "reference_sha256": documented.reference_sha256,
        "since": said.on,
        "documented_by": said.actor,
        "evidence": documented.evidence,
        "settings": {option: list(values) for option, values in documented.settings.items()},
        "roles": {role: list(columns) for role, columns in documented.roles.items()},
        "measured_on": last[0].on if last else None,
        "value": last[1].value if last else None,
        "verdict": (VERDICT_WORDS[last[1].verdict] if form == "table" else last[1].verdict) if last else None,
        "ratio": documented.ratio,
    }
