"""What an auditor takes away: the events, the figures and a script that checks them, in one zip."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shlex import quote

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import print_lines
from ledger.cli.kit.progress import progress
from ledger.cli.kit.projection import say_projected
from ledger.cli.kit.session import Session
from ledger.services.bundle import bundle as write_bundle


@click.command()
@click.argument("path", metavar="OUT.zip", type=click.Path(dir_okay=False, path_type=Path))
@as_of_option
@known_at_option
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def bundle(session: Session, path: Path, as_of: date | None, known_at: str | None, force: bool) -> None:
    """Write all that an auditor needs to OUT.zip, a file that is not there yet.

    Every event and request as they are stored, the signed checkpoints, the trial balance and the register on a day, and
    verify.py: one file of Python without dependencies that checks all of it without this program.
    """
    with progress("bundling") as tell:
        held = write_bundle(session.opened, path, as_of=as_of, known_at=known_at, force=force, progress=tell)
    counted = {"event": held.position, "request": held.requests, "checkpoint": held.checkpoints, "item": held.items}
    events, requests, checkpoints, items = (f"{n} {what}{'' if n == 1 else 's'}" for what, n in counted.items())
    say_projected(held.as_of, session.today)
    name = quote(str(path))
    print_lines(
        f"{path}: the book '{held.book}' as known at position {held.position}: {events}, {requests}, {checkpoints}; "
        f"the trial balance and {items} on {held.as_of}.",
        "Whoever has Python 3.9 or newer checks it, without this program:",
        f"  unzip {name} verify.py && python verify.py {name}",
        "It proves more with what was kept outside the database: a checkpoint, or this hash, so keep it apart from the file:",
        f"  python verify.py {name} --expect {held.position}:{held.head}",
    )
