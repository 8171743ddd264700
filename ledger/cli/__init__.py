"""The command line: `debt`. Each command's module is imported when the command is used, and not before."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import click

from ledger import __version__
from ledger.cli.desk import Desk
from ledger.cli.edge import Edge
from ledger.cli.output import say_error
from ledger.cli.types import TEXT
from ledger.config import read_config
from ledger.errors import LedgerError, StoreError

#: Command -> the module of `ledger.cli` and the attribute in it. One line per command.
COMMANDS = {
    "init": "books:init",
    "system": "systems:system",
    "rate": "books:rate",
    "commission": "openings:commission",
    "observe": "openings:observe",
    "adopt": "terms:adopt",
    "renew": "terms:renew",
    "repay": "items:repay",
    "revise": "items:revise",
    "write-off": "items:write_off",
    "plan": "items:plan",
    "reverse": "items:reverse",
    "note": "items:note",
    "delta": "figures:delta",
    "rollforward": "figures:rollforward",
    "ageing": "register:ageing",
    "list": "register:list_items",
    "show": "register:show",
    "log": "register:log",
    "budget": "budgets:budget",
    "forecast": "budgets:forecast",
    "close": "closing:close",
    "policy": "closing:policy",
    "report": "packs:report",
    "verify": "audit:verify",
    "replay": "replaying:replay",
    "checkpoint": "checkpoints:checkpoint",
    "prove": "checkpoints:prove",
    "bundle": "bundles:bundle",
    "audit-report": "audit_report:audit_report",
    "reproduce": "reproduction:reproduce",
    "verify-workbook": "reproduction:verify_workbook",
    "monitor": "monitors:monitor",
    "datasheet": "datasheets:datasheet",
    "explain": "documents:explain",
    "robustness": "documents:robustness",
    "score": "scores:score_",
    "measure": "measuring:measure",
    "expectations": "expectations:expectations",
    "review": "review:review",
    "import": "imports:import_",
    "export": "exports:export",
    "categories": "vocabulary:categories",
    "db": "database:db",
    "demo": "housekeeping:demo",
}


class DebtGroup(click.Group):
    """The commands by name, loaded when used, behind the one error boundary of the whole tool."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"ledger.cli.{module}"), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else " `debt --help` lists them."
            raise click.UsageError(f"There is no command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LedgerError as error:
            say_error(error)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            raise
        except OSError as error:
            say_error(StoreError(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ") + "."))
            ctx.exit(StoreError.exit_code)


@click.group(
    cls=DebtGroup,
    context_settings={"auto_envvar_prefix": "DEBT", "help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--config", type=click.Path(path_type=Path), help="A configuration file; config.toml here by default.")
@click.option("--database", metavar="URL", help="Where the ledger is; sqlite:///ledger.db by default.")
@click.option("--book", type=TEXT, metavar="NAME", help="The book; may be left out where there is only one.")
@click.option("--actor", type=TEXT, metavar="WHO", help="Who is asking; the user of this machine by default.")
@click.version_option(__version__, prog_name="debt")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, database: str | None, book: str | None, actor: str | None) -> None:
    """Record, repay and report the technical debt of machine-learning systems."""
    edge = ctx.obj if isinstance(ctx.obj, Edge) else Edge()
    ctx.obj = Desk(edge, read_config(config), database=database, book=book, actor=actor)


def main() -> None:
    """The entry point of `debt`."""
    cli(prog_name="debt")
