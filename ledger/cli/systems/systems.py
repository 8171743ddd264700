"""Systems and their owners."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import Record, format_option, print_json, print_lines, print_records, print_table
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEAM, TEXT
from ledger.cli.systems.graph import depends, graph, owed_record
from ledger.cli.systems.seen import seen
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.decide.system_retire import RetireSystem
from ledger.queries.register.graph import Owed, graph_as_of, owed_by_system
from ledger.queries.register.systems import SystemRecord, systems
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.money import Currency

_COLUMNS = ("system", "name", "team", "cost_centre", "reads_from", "retired_on")


@click.group(cls=CommandGroup)
def system() -> None:
    """Machine-learning systems, their owners, and who reads whose output."""


@system.command(cls=AskingCommand)
@click.argument("system_key", metavar="KEY", cls=NeededArgument, type=SYSTEM)
@click.argument("name", cls=NeededArgument, type=TEXT)
@click.option("--team", cls=Needed, type=TEAM, help="The team that owns it.")
@click.option("--cost-centre", type=TEXT, help="Where finance books it.")
@click.option("--reads-from", type=SYSTEM, multiple=True, help="A system whose output it reads; may be repeated.")
@recording_options()
@click.pass_obj
def add(
    session: Session,
    system_key: str,
    name: str,
    team: str,
    cost_centre: str | None,
    reads_from: tuple[str, ...],
    **recording: Unpack[Recording],
) -> None:
    """Register the system KEY, called NAME."""
    command = AddSystem(
        **when(recording),
        system=system_key,
        name=name,
        team=team,
        cost_centre=cost_centre,
        reads_from=reads_from,
    )
    record(session, command, **recording)


@system.command(cls=AskingCommand)
@click.argument("system_key", metavar="KEY", cls=NeededArgument, type=SYSTEM)
@click.option("--team", cls=Needed, unless="--cost-centre", type=TEAM, help="The new owner.")
@click.option("--cost-centre", type=TEXT, help="The new cost centre.")
@recording_options()
@click.pass_obj
def change(
    session: Session, system_key: str, team: str | None, cost_centre: str | None, **recording: Unpack[Recording]
) -> None:
    """Give the system KEY a new team or cost centre from a day on."""
    command = ChangeSystem(
        **when(recording),
        system=system_key,
        team=team,
        cost_centre=cost_centre,
    )
    record(session, command, **recording)


@system.command(cls=AskingCommand)
@click.argument("system_key", metavar="KEY", cls=NeededArgument, type=SYSTEM)
@click.option("--because", cls=Needed, type=TEXT, help="Why.")
@click.option("--write-off", is_flag=True, help="Write off what is open on it.")
@recording_options()
@click.pass_obj
def retire(session: Session, system_key: str, because: str, write_off: bool, **recording: Unpack[Recording]) -> None:
    """Retire the system KEY: it takes no new items from then on."""
    command = RetireSystem(
        **when(recording),
        system=system_key,
        because=because,
        write_off=write_off,
    )
    record(session, command, **recording)


@system.command("list")
@format_option
@click.pass_obj
def list_systems(session: Session, form: str) -> None:
    """List the systems and their owners today."""
    with session.reader() as reader:
        records = [_record(found) for found in systems(reader, session.today)]
    print_records(
        form, records, _COLUMNS, title="Systems", empty="No system is registered. `debt system add KEY NAME --team T`."
    )


@system.command(cls=AskingCommand)
@click.argument("system_key", metavar="KEY", cls=NeededArgument, type=SYSTEM)
@format_option
@click.pass_obj
def show(session: Session, system_key: str, form: str) -> None:
    """Show the system KEY: its owners over time, who reads whose output, what it owes and what it inherits."""
    with session.reader() as reader:
        found = next((system for system in systems(reader, session.today) if system.key == system_key), None)
        if found is None:
            raise NotFound(f"There is no system {system_key}. `debt system list` shows them.")
        owed = owed_by_system(reader, session.today, graph_as_of(reader, session.today))[found.key]
    if form == "json":
        facts = {"owners": found.owners, "read_by": found.read_by, **owed_record(owed, session.book.currency)}
        print_json(_record(found) | facts)
        return
    print_records(form, [_record(found)], _COLUMNS, title=f"{found.key}: {found.name}")
    if form == "table":
        print_table(found.owners, ("since", "team", "cost_centre"), title="Owners")
        print_lines(f"read by: {', '.join(found.read_by) or 'nobody declared'}")
        _print_owed(owed, session.book.currency)


def _print_owed(owed: Owed, currency: Currency) -> None:
    """Its own delta, and apart from it what it inherits: the one is never part of the other."""
    for label, figures in (("own", owed.own), ("inherited", owed.inherited)):
        print_lines(
            f"{label}: {currency.text(figures.delta)} (debt {currency.grouped(figures.debt)}, neglect "
            f"{currency.grouped(figures.neglect)}), interest {currency.text(figures.interest_per_year)} a year"
        )
    print_lines(f"inherited from: {', '.join(owed.upstream) or 'nobody: it reads no other system'}")


for _command in (depends, seen, graph):
    system.add_command(_command)


def _record(found: SystemRecord) -> Record:
    return {
        "system": found.key,
        "name": found.name,
        "team": found.team,
        "cost_centre": found.cost_centre,
        "reads_from": ", ".join(found.reads_from),
        "retired_on": found.retired_on,
    }
