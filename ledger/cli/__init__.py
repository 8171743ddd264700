"""The command line: `debt`. Each command's module is imported when the command is used, and not before."""

from __future__ import annotations

import importlib
import signal
import sys
from pathlib import Path
from typing import Any

import click

from ledger import __version__
from ledger.cli.kit.configuration import read_config
from ledger.cli.kit.edge import Edge
from ledger.cli.kit.session import Session
from ledger.cli.kit.terminal import standard_streams
from ledger.cli.kit.types import TEXT
from ledger.cli.kit.untold import told, told_of_usage, untold
from ledger.vocabulary.errors import LedgerError

#: Command -> the module of `ledger.cli` and the attribute in it. One line per command.
COMMANDS = {
    "init": "admin.books:init",
    "system": "systems.systems:system",
    "rate": "admin.books:rate",
    "time-zone": "admin.time_zones:time_zone",
    "commission": "lead.openings:commission",
    "observe": "lead.openings:observe",
    "adopt": "lead.terms:adopt",
    "renew": "lead.terms:renew",
    "repay": "lead.items:repay",
    "revise": "lead.items:revise",
    "write-off": "lead.items:write_off",
    "plan": "lead.items:plan",
    "reverse": "lead.items:reverse",
    "note": "lead.items:note",
    "status": "lead.status:status",
    "due": "lead.status:due",
    "delta": "finance.figures:delta",
    "rollforward": "finance.figures:rollforward",
    "ageing": "lead.register:ageing",
    "list": "lead.register:list_items",
    "show": "lead.register:show",
    "log": "lead.register:log",
    "decisions": "lead.decisions:decisions",
    "adr": "lead.adr:adr",
    "budget": "finance.budgets:budget",
    "forecast": "finance.budgets:forecast",
    "close": "finance.close:close",
    "policy": "finance.close:policy",
    "report": "finance.report:report",
    "verify": "audit.verify:verify",
    "replay": "audit.replay:replay",
    "checkpoint": "audit.checkpoint:checkpoint",
    "prove": "audit.checkpoint:prove",
    "bundle": "audit.bundle:bundle",
    "accepted": "audit.accepted:accepted",
    "audit-report": "audit.audit_report:audit_report",
    "reproduce": "audit.reproduce:reproduce",
    "verify-workbook": "audit.reproduce:verify_workbook",
    "monitor": "systems.monitors:monitor",
    "datasheet": "systems.datasheets:datasheet",
    "explain": "systems.documents:explain",
    "robustness": "systems.documents:robustness",
    "score": "systems.scores:score_",
    "measure": "systems.measure:measure",
    "expectations": "systems.expectations:expectations",
    "review": "systems.review:review",
    "import": "data.imports:import_",
    "sources": "data.import_runs:sources",
    "export": "data.exports:export",
    "categories": "systems.categories:categories",
    "config": "admin.config:config",
    "db": "admin.database:db",
    "demo": "admin.demo:demo",
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
