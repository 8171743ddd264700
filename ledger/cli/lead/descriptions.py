"""How an item is called, found and handed round: its title, links, tags, and who looks after it."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import ITEM, TEXT
from ledger.decide.assign import AssignItem
from ledger.decide.edit import EditItem
from ledger.decide.link import LinkItem
from ledger.decide.tag import TagItem
from ledger.vocabulary.tags import NOBODY, tag_of


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=ITEM)
@click.option("--title", cls=Needed, type=TEXT, help="What it is called from that day on.")
@recording_options()
@click.pass_obj
def edit(session: Session, item: str, title: str, **recording: Unpack[Recording]) -> None:
    """Call ITEM otherwise; figures and lists of earlier days keep the old title."""
    record(session, EditItem(**when(recording), item=item, title=title), **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=ITEM)
@click.argument("url", cls=NeededArgument, type=TEXT)
@recording_options()
@click.pass_obj
def link(session: Session, item: str, url: str, **recording: Unpack[Recording]) -> None:
    """Link ITEM to URL, where more about it is found."""
    record(session, LinkItem(**when(recording), item=item, url=url), **recording)


@click.command(cls=AskingCommand, context_settings={"ignore_unknown_options": True})
@click.argument("item", cls=NeededArgument, type=ITEM)
@click.argument("tags", nargs=-1, type=TEXT, metavar="+TAG|-TAG...")
@recording_options()
@click.pass_obj
def tag(session: Session, item: str, tags: tuple[str, ...], **recording: Unpack[Recording]) -> None:
    """Put tags on ITEM and take others off: +later -fraud. A bare word is put on."""
    if unknown := [word for word in tags if word.startswith("--")]:
        raise click.NoSuchOption(unknown[0].partition("=")[0])
    command = TagItem(
        **when(recording),
        item=item,
        add=tuple(tag_of(word.removeprefix("+")) for word in tags if not word.startswith("-")),
        remove=tuple(tag_of(word.removeprefix("-")) for word in tags if word.startswith("-")),
    )
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=ITEM)
@click.argument("who", cls=NeededArgument, type=TEXT)
@recording_options()
@click.pass_obj
def assign(session: Session, item: str, who: str, **recording: Unpack[Recording]) -> None:
    """Say that WHO looks after ITEM, as the actor is named; 'nobody' takes it from everybody."""
    command = AssignItem(**when(recording), item=item, assignee=None if who.lower() == NOBODY else who)
    record(session, command, **recording)
