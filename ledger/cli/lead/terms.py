"""Decisions about items that exist: adopting neglect as debt, renewing a debt."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.decoding import encoding_option
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY, DEBT, NEGLECT, QUARTER_TO_COME, TEXT
from ledger.decide.adopt import Adopt
from ledger.decide.renew import Renew


class AdoptCommand(AskingCommand):
    """With --file, the decisions are in the file and nothing else is needed."""

    def invoke(self, ctx: click.Context) -> object:
        if ctx.params.get("file") is not None:
            return click.Command.invoke(self, ctx)
        return super().invoke(ctx)


@click.command(cls=AdoptCommand)
@click.argument("item", cls=NeededArgument, type=NEGLECT)
@click.option("--decided-by", cls=Needed, gate=True, type=TEXT, help="Who decided.")
@click.option("--because", cls=Needed, gate=True, type=TEXT, help="Why.")
@click.option("--benefit", cls=Needed, gate=True, type=TEXT, help="What carrying it buys.")
@click.option(
    "--repay-by", cls=Needed, gate=True, type=QUARTER_TO_COME, help="The quarter in which it is to be repaid."
)
@click.option("--until", type=DAY, help="Last day of a temporary debt; missing tests need it.")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Decisions, one per line of a CSV."
)
@click.option("--strict", is_flag=True, help="With --file: record nothing if one line is bad.")
@encoding_option
@recording_options()
@click.pass_obj
def adopt(
    session: Session,
    item: str | None,
    decided_by: str | None,
    because: str | None,
    benefit: str | None,
    repay_by: str | None,
    until: date | None,
    file: Path | None,
    strict: bool,
    encoding: str | None,
    **recording: Unpack[Recording],
) -> None:
    """Adopt neglect as debt: a conscious decision about ITEM, or about each item of a file."""
    if file is not None:
        from ledger.cli.data.imports import adopt_file

        if item or decided_by or because or benefit or repay_by or until:
            raise click.UsageError("With --file, the items and their decisions are in the file; leave the others out.")
        adopt_file(session, file, encoding, late=recording["late"], strict=strict, form=recording["form"])
        return
    if encoding is not None:
        raise click.UsageError("--encoding goes with --file: it is of the file.")
    command = Adopt(
        **when(recording),
        item=str(item),
        decided_by=decided_by,
        because=because,
        benefit=benefit,
        repay_by=repay_by,
        until=until,
    )
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=DEBT)
@click.option("--until", type=DAY, help="New last day of a temporary debt.")
@click.option(
    "--repay-by", cls=Needed, gate=True, type=QUARTER_TO_COME, help="The quarter in which it is now to be repaid."
)
@click.option("--decided-by", cls=Needed, gate=True, type=TEXT, help="Who decided.")
@click.option("--because", cls=Needed, gate=True, type=TEXT, help="Why.")
@recording_options()
@click.pass_obj
def renew(
    session: Session,
    item: str,
    until: date | None,
    repay_by: str | None,
    decided_by: str | None,
    because: str | None,
    **recording: Unpack[Recording],
) -> None:
    """Give the debt ITEM a new term, by a new decision."""
    command = Renew(
        **when(recording),
        item=item,
        decided_by=decided_by,
        because=because,
        repay_by=repay_by,
        until=until,
    )
    record(session, command, **recording)
