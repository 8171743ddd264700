"""The command line: `debt`. Each command's module is imported when the command is used, and not before."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, add_completion_class

from ledger import __version__
from ledger.cli.kit.configuration import read_config
from ledger.cli.kit.edge import Edge
from ledger.cli.kit.meant import CommandGroup, with_meant
from ledger.cli.kit.session import Session
from ledger.cli.kit.terminal import standard_streams
from ledger.cli.kit.types import TEXT
from ledger.cli.kit.untold import told, told_of_usage, untold
from ledger.vocabulary.errors import LedgerError

#: Command -> the module of `ledger.cli` and the attribute in it; and what it says of itself, so that whoever only wants a
#: list of them imports none. One line per command.
COMMANDS = {
    "init": ("admin.books:init", "Make or upgrade the database, and open a book in it."),
    "system": ("systems.systems:system", "Machine-learning systems, their owners, and who reads whose output."),
    "rate": ("finance.rates:rate", "The price of a person-day, for efforts typed as 15d or 6h."),
    "time-zone": ("admin.time_zones:time_zone", "The zone in which the days of the book begin and end."),
    "commission": (
        "lead.openings:commission",
        "Take on debt on SYSTEM, knowingly: a shortcut called TITLE, with a plan to repay it.",
    ),
    "observe": (
        "lead.openings:observe",
        "Record neglect on SYSTEM, found afterwards: something left undone, called TITLE.",
    ),
    "adopt": (
        "lead.terms:adopt",
        "Adopt neglect as debt: a conscious decision about ITEM, or about each item of a file.",
    ),
    "renew": ("lead.terms:renew", "Give the debt ITEM a new term, by a new decision."),
    "repay": ("lead.items:repay", "Record work that lowered ITEM's principal by AMOUNT (5000, 5d), or by all of it."),
    "revise": ("lead.items:revise", "Estimate ITEM anew: its principal, its interest, or both."),
    "write-off": ("lead.items:write_off", "Write off the whole rest of ITEM, unpaid."),
    "plan": ("lead.items:plan", "Plan to repay the debt ITEM in QUARTER."),
    "reverse": ("lead.items:reverse", "Reverse the event at POSITION, which was entered in error."),
    "note": ("lead.items:note", "Add a note to ITEM; closed and reversed ones take it too."),
    "status": ("lead.status:status", "Show where the book stands, on one screen: what is owed, late, due and waiting."),
    "due": (
        "lead.status:due",
        "List the debts whose term ends in QUARTER; without it, to the end of the next quarter, and what is late.",
    ),
    "delta": ("finance.figures:delta", "The technical delta: what the systems owe on a day, debt and neglect apart."),
    "rollforward": (
        "finance.figures:rollforward",
        "The roll-forward of QUARTER, or of --from to --to: opening + movements = closing.",
    ),
    "ageing": (
        "lead.register:ageing",
        "What is outstanding, by system and age in days; lapsed and overdue are 'of which'.",
    ),
    "list": ("lead.register:list_items", "List the register: what is open, or what the filters ask for."),
    "show": (
        "lead.register:show",
        "Tell ITEM's whole story: decisions, postings with running balance, interest, events.",
    ),
    "log": (
        "lead.register:log",
        "List events as they were recorded: all, or those of an ITEM, of a system, or of the 'book'.",
    ),
    "decisions": (
        "lead.decisions:decisions",
        "The decision log as of a day: each record, its items, what they owe, and their interest since the decision.",
    ),
    "adr": (
        "lead.adr:adr",
        "Write ITEM's commission or adoption as a decision record, MADR 4, from its events; or all of them into files.",
    ),
    "budget": ("finance.budgets:budget", "What may be spent on repayments, per quarter and team."),
    "forecast": ("finance.budgets:forecast", "What is expected to be spent on repayments, per quarter and team."),
    "close": ("finance.close:close", "Close QUARTER, once it has ended: for good."),
    "policy": ("finance.close:policy", "How the book is kept: set by events, and so for everybody."),
    "report": (
        "finance.report:report",
        "Write the pack of QUARTER, a workbook and charts that finance can open, and record that it was issued.",
    ),
    "verify": (
        "audit.verify:verify",
        "Verify that nothing was touched: chain, columns, requests, read models, head, triggers.",
    ),
    "replay": (
        "audit.replay:replay",
        "Fold the books from the events alone, print them, and say whether the stored read models agree.",
    ),
    "checkpoint": (
        "audit.checkpoint:checkpoint",
        "Print a checkpoint of the book: how many events it has, and the root over their hashes.",
    ),
    "prove": ("audit.checkpoint:prove", "Print the proof that the event at POSITION is under a checkpoint."),
    "bundle": ("audit.bundle:bundle", "Write all that an auditor needs to OUT.zip, a file that is not there yet."),
    "accepted": (
        "audit.accepted:accepted",
        "All accepted debt: who decided, why, for what benefit, until when, renewed how often, and what it is now.",
    ),
    "audit-report": (
        "audit.audit_report:audit_report",
        "Make the journal-entry tests of QUARTER, or of the whole book: the entries that deserve a question.",
    ),
    "reproduce": (
        "audit.reproduce:reproduce",
        "Build the PACK in a folder again, from the ledger alone, and compare every file with its manifest.",
    ),
    "verify-workbook": (
        "audit.reproduce:verify_workbook",
        "Hold every cell of a workbook that came back against the ledger; its own sheet About says at which position.",
    ),
    "monitor": ("systems.monitors:monitor", "Record how something about SYSTEM is watched, as monitor NAME."),
    "datasheet": (
        "systems.datasheets:datasheet",
        "Show how far the data sheet of SYSTEM's data is answered, by whom and when; --format json has every answer.",
    ),
    "explain": ("systems.documents:explain", "Record an explanation of SYSTEM; --on is since when it exists."),
    "robustness": (
        "systems.documents:robustness",
        "Record that a confounding or adversarial CASE was tried on SYSTEM.",
    ),
    "score": ("systems.scores:score_", "Record whether a TEST of the ML Test Score is run on SYSTEM."),
    "measure": ("systems.measure:measure", "Measure a system: its output, its input, its internals."),
    "expectations": (
        "systems.expectations:expectations",
        "What was measured of SYSTEM over time, expectation by expectation, beside its delta; and its ML Test Score.",
    ),
    "review": (
        "systems.review:review",
        "List what is undocumented: each gap as the neglect it is, with the command that records or documents it.",
    ),
    "import": ("data.imports:import_", "Import other tools' findings: as neglect, until somebody adopts them."),
    "sources": (
        "data.import_runs:sources",
        "Show what was imported: every run, what it recorded, whether it is finished or undone.",
    ),
    "export": (
        "data.exports:export",
        "Write the book as KIND to PATH, a file that is not there yet, or '-' for standard output.",
    ),
    "categories": (
        "systems.categories:categories",
        "List the categories; of one, all that is known: its sign, how to measure and repay it, its source.",
    ),
    "config": (
        "admin.config:config",
        "Show every setting, and where it comes from: an option, a variable, a file, or the default.",
    ),
    "db": ("admin.database:db", "The database: its schema, guards, read models and roles; backup and restore."),
    "demo": ("admin.demo:demo", "Build a worked example in an empty folder, and say where to look."),
}


class DebtGroup(CommandGroup):
    """The commands by name, loaded when used, behind the one error boundary of the whole tool."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        place, _ = COMMANDS[cmd_name]
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"ledger.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed = [click.Command(name, help=does) for name, (_, does) in COMMANDS.items()]
        click.Group(commands=listed).format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        commands = [(name, does) for name, (_, does) in COMMANDS.items() if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=does) for name, does in commands), *options]

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.ClickException as error:
            sys.exit(told_of_usage(error))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        if "_DEBT_COMPLETE" in os.environ:
            # As it is told to Bash here; only a shell that completes asks for it.
            from ledger.cli.kit.bash_words import BashWords

            add_completion_class(BashWords)
        with standard_streams():
            try:
                return super().main(*args, **kwargs)
            except OSError as error:
                sys.exit(told(untold(error)))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LedgerError as error:
            ctx.exit(told(with_meant(error, ctx.obj)))
        except click.ClickException as error:
            ctx.exit(told_of_usage(error))
        except OSError as error:
            recorded = ctx.obj.recorded if isinstance(ctx.obj, Session) else None
            if recorded is None and isinstance(error, BrokenPipeError):
                raise  # whoever read has read enough
            ctx.exit(told(untold(error, recorded)))


@click.group(
    cls=DebtGroup,
    invoke_without_command=True,
    context_settings={"auto_envvar_prefix": "DEBT", "help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--config", type=click.Path(path_type=Path), help="A configuration file; config.toml here or above by default."
)
@click.option("--database", type=TEXT, metavar="URL", help="Where the ledger is; sqlite:///ledger.db by default.")
@click.option("--book", type=TEXT, metavar="NAME", help="The book; may be left out where there is only one.")
@click.option("--actor", type=TEXT, metavar="WHO", help="Who is asking; git's user.email or the login by default.")
@click.version_option(__version__, prog_name="debt")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, database: str | None, book: str | None, actor: str | None) -> None:
    """Record, repay and report the technical debt of machine-learning systems. Alone: `debt status`."""
    edge = ctx.obj if isinstance(ctx.obj, Edge) else Edge()
    ctx.obj = Session(edge, read_config(config), database=database, book=book, actor=actor)
    if ctx.invoked_subcommand is None:
        from ledger.cli.lead.status import status

        ctx.invoke(status)


def main() -> None:
    """The entry point of `debt`. Somebody who ends it leaves nothing half made: files are taken away as after an error."""
    for ending in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        # What whoever started it chose to ignore stays ignored.
        if signal.getsignal(ending) is signal.SIG_DFL:
            signal.signal(ending, lambda number, _: sys.exit(128 + number))
    cli(prog_name="debt")
