"""The command line: `debt`. Each command's module is imported when the command is used, and not before."""

from __future__ import annotations

import importlib
import signal
import sys
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from ledger import __version__
from ledger.cli.commands import COMMANDS, OTHER_WORDS, SECTIONS
from ledger.cli.kit.configuration import read_config
from ledger.cli.kit.edge import Edge
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.session import Session
from ledger.cli.kit.terminal import standard_streams
from ledger.cli.kit.types import TEXT
from ledger.cli.kit.untold import told, told_of_usage, untold
from ledger.vocabulary.errors import LedgerError


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
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, does) for name, (_, does) in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        commands = [(name, does) for name, (_, does) in COMMANDS.items() if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=does) for name, does in commands), *options]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        return super().resolve_command(ctx, [OTHER_WORDS.get(args[0], args[0]), *args[1:]])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        with standard_streams():
            try:
                return super().main(*args, **kwargs)
            except OSError as error:
                sys.exit(told(untold(error)))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LedgerError as error:
            ctx.exit(told(error))
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
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--config",
    envvar="DEBT_CONFIG",
    type=click.Path(path_type=Path),
    help="A configuration file; config.toml here or above by default.",
)
@click.option(
    "--database",
    envvar="DEBT_DATABASE",
    type=TEXT,
    metavar="URL",
    help="Where the ledger is; sqlite:///ledger.db by default.",
)
@click.option(
    "--book", envvar="DEBT_BOOK", type=TEXT, metavar="NAME", help="The book; may be left out where there is only one."
)
@click.option(
    "--actor",
    envvar="DEBT_ACTOR",
    type=TEXT,
    metavar="WHO",
    help="Who is asking; git's user.email or the login by default.",
)
@click.version_option(__version__, "-V", "--version", prog_name="debt")
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
