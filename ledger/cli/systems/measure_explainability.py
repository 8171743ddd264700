"""`debt measure explainability`: what a model's output depends on, over all rows and for one."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.cli.systems.measure import TRUST, Measuring, measure_options, measure_told, without_monitor
from ledger.cli.systems.table_options import told_of_tables


@click.command("explainability", cls=AskingCommand)
@click.argument("system", type=SYSTEM)
@click.option(
    "--model",
    cls=Needed,
    when=without_monitor,
    type=TEXT,
    help="A scikit-learn model as a skops file; a pickle needs --trust.",
)
@click.option("--data", cls=Needed, type=TEXT, help="CSV or Parquet with the model's features.")
@click.option("--target", type=TEXT, help="The column of what was observed; without it the model's own output.")
@click.option("--row", type=click.IntRange(min=1), help="The row that is explained; the first by default.")
@click.option("--threshold", type=TEXT, help="The share left unexplained that is bearable, 0 to 1; none: not judged.")
@TRUST
@click.option("--trust-type", "trusted", type=TEXT, multiple=True, help="A type in the skops file that is harmless.")
@measure_options
@told_of_tables
@click.pass_obj
def explainability(
    session: Session,
    system: str,
    model: str | None,
    data: str,
    target: str | None,
    row: int | None,
    threshold: str | None,
    trust: bool,
    trusted: tuple[str, ...],
    tables: dict[str, object],
    **options: Unpack[Measuring],
) -> None:
    """Measure how much of what SYSTEM's MODEL says a small surrogate leaves unexplained; what it depends on; and one row."""
    told = {"model": model, "target": target, "row": row, "trust-type": trusted, **tables}
    measure_told(session, "explainability", data, system, told, threshold, trust=trust, **options)
