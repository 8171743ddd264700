"""`debt measure drift`: live input against the reference that the model was made from."""

from __future__ import annotations

from typing import Literal, Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.cli.systems.measure import Measuring, measure_options, measure_told, without_monitor
from ledger.cli.systems.table_options import told_of_tables


@click.command("drift", cls=AskingCommand)
@click.argument("system", type=SYSTEM)
@click.option(
    "--reference",
    cls=Needed,
    when=without_monitor,
    type=TEXT,
    help="CSV or Parquet: the input that the model was made from.",
)
@click.option("--live", cls=Needed, type=TEXT, help="CSV or Parquet: the input that it gets now.")
@click.option("--feature", "features", type=TEXT, multiple=True, metavar="COL", help="A column to judge; repeatable.")
@click.option("--id", "ids", type=TEXT, multiple=True, metavar="COL", help="A column that names rows; not judged.")
@click.option("--time", type=TEXT, metavar="COL", help="The column that says when a row was; not judged.")
@click.option("--by", type=click.Choice(["month", "quarter"]), help="Judge live by period too; with --time.")
@click.option("--exclude", type=TEXT, multiple=True, metavar="COL", help="A column that is no feature; repeatable.")
@click.option("--target", type=TEXT, metavar="COL", help="The column that is predicted; not judged.")
@click.option(
    "--prediction", "predictions", type=TEXT, multiple=True, metavar="COL", help="A column of predictions; not judged."
)
@click.option("--threshold", type=TEXT, help="The effect that matters, 0 to 1; 0.1 by default.")
@click.option("--alpha", type=TEXT, help="Of false alarms, over all features; 0.05 by default.")
@measure_options
@told_of_tables
@click.pass_obj
def drift(
    session: Session,
    system: str,
    reference: str | None,
    live: str,
    features: tuple[str, ...],
    ids: tuple[str, ...],
    time: str | None,
    by: Literal["month", "quarter"] | None,
    exclude: tuple[str, ...],
    target: str | None,
    predictions: tuple[str, ...],
    threshold: str | None,
    alpha: str | None,
    tables: dict[str, object],
    **options: Unpack[Measuring],
) -> None:
    """Measure how far SYSTEM's live input moved: per feature a test, an effect size, what is missing, new or outside.

    A feature drifted where the whole interval of its effect is above the threshold, or live has it no more. Every column of
    the reference is judged but dates, what looks like an identifier or an instant, and the columns with a role.
    """
    told: dict[str, object] = {
        "reference": reference,
        "feature": features,
        "id": ids,
        "time": time,
        "by": by,
        "exclude": exclude,
    }
    told |= {"target": target, "prediction": predictions, "alpha": alpha, **tables}
    measure_told(session, "drift", live, system, told, threshold, **options)
