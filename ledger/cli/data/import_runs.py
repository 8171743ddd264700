"""Runs of imports: which there were, undoing one, putting right what earlier importers recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from ledger.cli.kit.output import Record, format_option, print_json, print_lines, print_records, say
from ledger.cli.kit.pager import paged
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.queries.register.runs import SourceView
from ledger.queries.register.runs import sources as runs_of
from ledger.services.import_repair import repair_imports
from ledger.services.import_undo import undo_run
from ledger.vocabulary.counted import counted

_COLUMNS = ("run", "kind", "source", "system", "recorded_at", "events", "finished", "undone")
_SHOWN = 20


@click.command()
@format_option
@click.pass_obj
@paged
def sources(session: Session, form: str) -> None:
    """Show what was imported: every run, what it recorded, whether it is finished or undone."""
    with session.reader() as reader:
        records = [_record(run, form) for run in runs_of(reader)]
    print_records(form, records, _COLUMNS, title="Runs of imports", right=("events",), empty="Nothing was imported.")


def _record(run: SourceView, form: str) -> Record:
    """A run as design §8 shapes it; a person is told that some of it still stands."""
    record = asdict(run)
    partly = record.pop("partly_undone")
    return record | ({"undone": "partly"} if partly and form == "table" else {})


def undo(session: Session, run: str, *, yes: bool, form: str) -> None:
    """Reverse what a run recorded, or show what that would be."""
    with progress("undoing") as tell:
        report = undo_run(session.ledger, run, session.requester, dry_run=not yes, progress=tell)
    if form == "json":
        left = [{"place": row.place, "key": row.key, "reason": row.why} for row in report.left]
        print_json({"run": report.run, "reversed": report.taken_back, "left": left, "dry_run": report.dry_run})
    else:
        verb = "would be reversed" if report.dry_run else "reversed"
        records = f" (readings of decision records: {report.retracted})" if report.retracted else ""
        entries = counted(report.taken_back, "entry", "entries")
        print_lines(f"{run}: {entries} {verb}{records}, {counted(len(report.left), 'stays', 'stay')}")
    say(*_few([f"{row.place} stays: {row.why}" for row in report.left]))
    _say_shown(report.dry_run)


def mend(session: Session, *, yes: bool, form: str) -> None:
    """Put right what earlier importers assumed, or show what is wrong."""
    report = repair_imports(session.ledger, session.requester, dry_run=not yes)
    currency = session.book.currency
    if form == "json":
        left = [{"place": row.place, "key": row.key, "reason": row.why} for row in report.left]
        print_json(
            {
                "runs": list(report.runs),
                "recorded": report.recorded,
                "mended": list(report.mended),
                "spent": currency.plain(report.spent_minor),
                "refused": left,
                "dry_run": report.dry_run,
            }
        )
    else:
        verb = "would be put right" if report.dry_run else "put right"
        print_lines(
            f"{counted(len(report.mended), 'item')} {verb}; {currency.text(report.spent_minor)} of spending that nobody spent",
            *(f"  {sentence}" for sentence in _few(report.mended)),
        )
    say(*_few([f"{row.place} stays as it is: {row.why}" for row in report.left]))
    _say_shown(report.dry_run)


def _few(sentences: Sequence[str]) -> list[str]:
    """As many as a person reads, and how many more there are."""
    more = len(sentences) - _SHOWN
    return [*sentences[:_SHOWN], *([f"… and {more} more: --format json has them all."] if more > 0 else [])]


def _say_shown(dry_run: bool) -> None:
    if dry_run:
        say("Nothing was recorded: --yes does it.")
