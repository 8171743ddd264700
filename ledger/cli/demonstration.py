"""The worked example: the story told, its pack written, and a word on where to look."""

from __future__ import annotations

from pathlib import Path

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
    pack = issue(told, Quarter.parse(story.last_quarter), None, None, folder / "packs")
    option = f"--database {url}"
    click.echo(f"""The story of four systems over eight quarters: {story.position} events, head {story.head[:12]}.

  finance opens   {pack.workbook}
  charts          {pack.folder / "charts"}
  a lead types    debt {option} list
                  debt {option} show FRAUD-1
  an auditor runs debt {option} verify
                  debt {option} rollforward {story.last_quarter} --by system""")
