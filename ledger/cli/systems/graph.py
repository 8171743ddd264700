"""Who reads whose output: declaring it, and the graph as text, DOT, JSON or SVG."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Unpack

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.output import Record, form_option, print_lines, say
from ledger.cli.kit.projection import titled, told
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.decide.system_depends import DeclareDependency
from ledger.graph import dot, text
from ledger.graph.model import Graph
from ledger.queries.figures.delta import DeltaFigures
from ledger.queries.reader import Reader
from ledger.queries.register.graph import Owed, graph_as_of, owed_by_system
from ledger.services.files import refuse_target, whole_or_not_at_all
from ledger.services.system_graph import drawing
from ledger.vocabulary.money import Currency
from ledger.vocabulary.outside_files import resolved

_FIGURES = ("debt", "neglect", "delta", "interest_per_year")


@click.command(cls=AskingCommand)
@click.argument("reader", metavar="READER", cls=NeededArgument, type=SYSTEM)
@click.argument("source", metavar="SOURCE", cls=NeededArgument, type=SYSTEM)
@click.option("--what", type=TEXT, help="What it reads, and how often: 'scores, daily'.")
@recording_options()
@click.pass_obj
def depends(session: Session, reader: str, source: str, what: str | None, **recording: Unpack[Recording]) -> None:
    """Declare that the system READER reads the output of the system SOURCE."""
    record(session, DeclareDependency(**when(recording), system=reader, reads_from=source, what=what), **recording)
    with session.reader() as reading:
        graph = graph_as_of(reading, session.today)
    if graph.closes_a_loop(reader, source):
        loop = graph.loops[graph.in_loops[reader]]
        say(
            f"What {source} puts out comes back to it: {' → '.join(loop.path)}. Unless somebody decided that: "
            f"`debt observe {source} TITLE --category {loop.category} --cause untracked`."
        )
    for found in graph.declared_since:
        if (found.reader, found.source) == (reader, source):
            say(f"{found.item} says that nobody had declared it: `debt repay {found.item} --all` closes it.")


@click.command()
@form_option("text", "dot", "json", "svg", help_="How it is told: as a tree, for Graphviz, for programs, as a drawing.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write it to, not there yet.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@as_of_option
@known_at_option
@click.pass_obj
def graph(session: Session, form: str, out: Path | None, force: bool, as_of: date | None, known_at: str | None) -> None:
    """Show who reads whose output, the feedback loops in it, and what each system owes and inherits."""
    target = resolved(out) if out else None
    if target:
        refuse_target(target, session.ledger, force=force)
    day = as_of or session.today
    with session.reader(known_at) as reader:
        found = graph_as_of(reader, day)
        owed = owed_by_system(reader, day, found)
        output = _output(form, reader, day, session.today, found, owed)
    if target is None:
        click.echo(output, nl=False)
        return
    with whole_or_not_at_all(target, session.ledger) as file:
        file.write(output.encode())
    print_lines(f"{out}: {_count(found)}.")


def graph_record(reader: Reader, day: date, found: Graph, owed: dict[str, Owed]) -> Record:
    """The graph for programs: systems with what they owe and inherit, readings, loops, readers never declared."""
    return {
        "as_of": day,
        "known_at": reader.known_at,
        "position": reader.position,
        "currency": reader.currency.code,
        "systems": [
            {
                "system": node.key,
                "name": node.name,
                "retired_on": node.retired_on,
                "reads_from": [reading.source for reading in found.sources[node.key]],
                "read_by": [reading.reader for reading in found.readers[node.key]],
                **owed_record(owed[node.key], reader.currency),
            }
            for node in found.systems
        ],
        "readings": [
            {"reader": reading.reader, "source": reading.source, "what": reading.words or None}
            for reading in found.readings
        ],
        "loops": [
            {"category": loop.category, "systems": loop.systems, "path": loop.path, "declared": not loop.seen_only}
            for loop in found.loops
        ],
        "undeclared_readers": [
            {
                "reader": seen.reader,
                "source": seen.source,
                "item": seen.item,
                "declared_since": seen in found.declared_since,
            }
            for seen in found.sightings
        ],
    }


def owed_record(owed: Owed, currency: Currency) -> Record:
    """What a system owes itself, apart from what it inherits, and from whom."""
    return {
        "own": _amounts(owed.own, currency),
        "inherited": {**_amounts(owed.inherited, currency), "from": owed.upstream},
    }


def _amounts(figures: DeltaFigures, currency: Currency) -> Record:
    return {name: currency.plain(getattr(figures, name)) for name in _FIGURES}


def _output(form: str, reader: Reader, day: date, today: date, found: Graph, owed: dict[str, Owed]) -> str:
    """The whole output in one form."""
    currency = reader.currency
    if form == "json":
        import json

        record_of = told(graph_record(reader, day, found, owed), day, today)
        return json.dumps(record_of, indent=2, ensure_ascii=False, default=str) + "\n"
    figures = {
        key: (f"own {currency.grouped(each.own.delta)}", f"inherited {currency.grouped(each.inherited.delta)}")
        for key, each in owed.items()
    }
    words = {key: ", ".join(pair) for key, pair in figures.items()}
    title = (
        f"Who reads whose output on {day}, technical delta in {currency.code}, as known at position {reader.position}"
    )
    title = titled(title, day, today)
    if form == "svg":
        return drawing(found, figures, title)
    if form == "dot":
        return "\n".join(dot.lines(found, words, title)) + "\n"
    if not found.systems:
        return "No system is registered. `debt system add KEY NAME --team T` registers one.\n"
    return "\n".join((title, "", *text.lines(found, words))) + "\n"


def _count(found: Graph) -> str:
    """How much there is, in words."""
    parts = ((len(found.systems), "system"), (len(found.readings), "reading"), (len(found.loops), "feedback loop"))
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in parts)
