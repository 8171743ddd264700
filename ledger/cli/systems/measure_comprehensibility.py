"""`debt measure comprehensibility`: how hard a system's code is to read."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.cli.systems.measure import Measuring, measure_options, measure_told


@click.command("comprehensibility", cls=AskingCommand)
@click.argument("system", type=SYSTEM)
@click.option("--repo", cls=Needed, type=TEXT, help="A folder of Python code; it is read, never run.")
@click.option("--threshold", type=TEXT, help="The share of complex blocks that is bearable, 0 to 1; none: not judged.")
@click.option(
    "--exclude", type=TEXT, multiple=True, metavar="PATTERN", help="What to leave out, as in a .gitignore; repeatable."
)
@measure_options
@click.pass_obj
def comprehensibility(
    session: Session,
    system: str,
    repo: str,
    threshold: str | None,
    exclude: tuple[str, ...],
    **options: Unpack[Measuring],
) -> None:
    """Measure how hard SYSTEM's Python code is to read: its size, its complexity, what its comments admit.

    Left out, counted and said: what a .gitignore ignores, vendored and generated code, environments, --exclude.
    """
    measure_told(session, "comprehensibility", repo, system, {"exclude": exclude}, threshold, **options)
