"""The worked example: the story told, its pack written, and a word on where to look."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

import click

from ledger.cli.desk import Desk
from ledger.cli.packs import issue
from ledger.demo.story import build_story
from ledger.quarters import Quarter

_BOOK = "demo"


def demonstrate(folder: Path, database: Path, desk: Desk) -> None:
    """Tell the story in a new database and write the pack of its last full quarter."""
    url = f"sqlite:///{database}"
    story = build_story(url, book=_BOOK)
    told = Desk(desk.edge, desk.config, database=url, book=_BOOK, actor=None)
    quarter = Quarter.parse(story.last_quarter)
    # The day is named, so that no clock decides whether the quarter has ended.
    pack = issue(told, quarter, told.book.calendar.last_day(quarter), None, folder / "packs").pack
    # Straight after `make demo` the command is in .venv/bin and not yet on the path.
    program = "debt" if which("debt") else sys.argv[0]
    debt = f"{program} --database {url}"
    click.echo(f"""The story of four systems over eight quarters: {story.position} events, head {story.head[:12]}.

  finance opens   {pack.workbook}
  charts          {pack.folder / "charts"}
  a lead types    {debt} list
                  {debt} show FRAUD-1
  an auditor runs {debt} verify
                  {debt} rollforward {story.last_quarter} --by system""")
