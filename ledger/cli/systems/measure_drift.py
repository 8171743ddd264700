"""`debt measure drift`: live input against the reference that the model was made from."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, TEXT
from ledger.cli.systems.measure import Measuring, measure_file, measure_options
from ledger.vocabulary.measure_settings import DriftSettings


@click.command("drift", cls=AskingCommand)
@click.argument("system", type=SYSTEM)
@click.option("--reference", cls=Needed, type=TEXT, help="CSV or Parquet: the input that the model was made from.")
@click.option("--live", cls=Needed, type=TEXT, help="CSV or Parquet: the input that it gets now.")
@click.option("--feature", "features", type=TEXT, multiple=True, help="A column to compare; all that both have.")
@click.option("--threshold", type=TEXT, default="0.1", show_default=True, help="The effect that matters, 0 to 1.")
@click.option("--alpha", type=TEXT, default="0.05", show_default=True, help="Of false alarms, over all features.")
@measure_options
@click.pass_obj
def drift(
    session: Session,
    system: str,
    reference: str,
    live: str,
    features: tuple[str, ...],
    threshold: str,
    alpha: str,
    **options: Unpack[Measuring],
) -> None:
    """Measure how far SYSTEM's live input moved: per feature a test, an effect size, what is missing, new or outside.

    A feature drifted where the difference is both significant and above the threshold.
    """
    settings = DriftSettings(reference=reference, feature=features, threshold=threshold, alpha=alpha)
    measure_file(session, settings, live, system, **options)
