"""The worked example: the story told, the packs that finance asks for in it written, and a word on where to look."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shutil import which

import click

from ledger.cli.finance.report import issue
from ledger.cli.kit.edge import Edge
from ledger.cli.kit.session import Session
from ledger.demo.story import NARRATOR, build_story
from ledger.vocabulary.quarters import Quarter

_BOOK = "demo"


def demonstrate(folder: Path, database: Path, session: Session) -> None:
    """Tell the story in a new database, with the packs that finance was given in it; the last one is the one to open."""
    url = f"sqlite:///{database}"
    packs = []

    def give_out(quarter: str, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        told = Session(Edge(clock, new_id), session.config, database=url, book=_BOOK, actor=NARRATOR)
        packs.append(issue(told, Quarter.parse(quarter), None, None, folder / "packs"))

    story = build_story(url, _BOOK, give_out)
    pack = packs[-1].pack
    # Straight after `make demo` the command is in .venv/bin and not yet on the path.
    program = "debt" if which("debt") else sys.argv[0]
    debt = f"{program} --database {url}"
    click.echo(f"""The story of four systems over eight quarters: {packs[-1].position} events; three packs were issued in it.

  finance opens   {pack.workbook}
  charts          {pack.folder / "charts"}
  a lead types    {debt} list
                  {debt} show FRAUD-1
  an auditor runs {debt} verify
                  {debt} rollforward {story.last_quarter} --by system
                  {debt} reproduce {pack.folder}""")
