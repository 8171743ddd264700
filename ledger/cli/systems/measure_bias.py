"""`debt measure prediction-bias`: whether a system predicts its labels as often as they are observed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.cli.systems.measure import Measuring, measure_options, measure_told, without_monitor
from ledger.cli.systems.table_options import told_of_tables

_FILE = click.Path(path_type=Path)


@click.command("prediction-bias", cls=AskingCommand)
@click.argument("system", type=SYSTEM, cls=NeededArgument)
@click.argument("file", type=_FILE, cls=NeededArgument)
@click.option(
    "--predicted", cls=Needed, when=without_monitor, type=TEXT, metavar="COL", help="The column of what was predicted."
)
@click.option(
    "--observed", cls=Needed, when=without_monitor, type=TEXT, metavar="COL", help="The column of what came true."
)
@click.option("--slice", "slices", type=TEXT, multiple=True, metavar="COL", help="Judge its values apart; repeatable.")
@click.option("--reference", type=_FILE, help="Other rows, in which --observed stands; FILE has --predicted.")
@click.option("--time", type=TEXT, metavar="COL", help="A column of dates, for a series; with --by.")
@click.option("--by", type=click.Choice(["month", "quarter"]), help="The series' periods; quarters are the book's.")
@click.option("--kind", type=click.Choice(["labels", "probabilities", "numbers"]), help="Told instead of guessed.")
@click.option("--threshold", type=TEXT, help="A gap up to it is allowed: 0.02; of numbers 0.1 standard deviations.")
@click.option("--ratio", type=TEXT, help="Times as often, or as seldom, as it is observed, that are allowed too: 1.25.")
@click.option("--alpha", type=TEXT, help="The rate of false verdicts over all slices together; 0.05 by default.")
@measure_options
@told_of_tables
@click.pass_obj
def prediction_bias(
    session: Session,
    system: str,
    file: Path,
    predicted: str | None,
    observed: str | None,
    slices: tuple[str, ...],
    reference: Path | None,
    time: str | None,
    by: Literal["month", "quarter"] | None,
    kind: Literal["labels", "probabilities", "numbers"] | None,
    threshold: str | None,
    ratio: str | None,
    alpha: str | None,
    tables: dict[str, object],
    **options: Unpack[Measuring],
) -> None:
    """Hold what SYSTEM predicted in FILE (CSV or Parquet) against what was observed.

    Broken is a gap whose whole interval is past the threshold, or the ratio; kept is one whose whole interval is within both.
    Else nobody can tell, and it says how many rows would. A slice under 50 rows is not judged.
    """
    told: dict[str, object] = {
        "predicted": predicted,
        "observed": observed,
        "slice": slices,
        "reference": reference,
        "time": time,
        "by": by,
    }
    told |= {"kind": kind, "alpha": alpha, **tables}
    measure_told(session, "prediction-bias", file, system, told, threshold, ratio=ratio, **options)
