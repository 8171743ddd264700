"""`debt import adr`: a folder of architecture decision records into the decision log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from ledger.cli.data.import_report import refusals, tell_refused
from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.decoding import decoding, encoding_option
from ledger.cli.kit.output import format_option, print_json, print_lines, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY, SYSTEM, TEXT
from ledger.services.decision_log import DecisionLogReport, import_decisions
from ledger.services.import_ import by_reason
from ledger.services.import_files import leaving_rejects, refuse_file, write_rejects
from ledger.vocabulary.counted import counted

#: How many of a kind are told; --format json tells all.
_SHOWN = 10


@click.command("adr", cls=AskingCommand)
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--system", cls=Needed, type=SYSTEM, help="The system whose debt the records' `debt:` blocks are.")
@click.option(
    "--log", "log_name", type=TEXT, metavar="NAME", help="The log they belong to; the system's key by default."
)
@click.option("--on", type=DAY, metavar="DATE", help="The day of this reading; today by default.")
@click.option("--since", type=DAY, metavar="DATE", help="Leave out what is dated before and not in the log.")
@click.option("--complete", is_flag=True, help="The folder is all there is, even if most of the log is not in it.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded.")
@click.option("--strict", is_flag=True, help="Record nothing if one record is bad.")
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, path_type=Path),
    help="What their words for a status mean, and who the deciders are: TOML, docs/decision-log.md.",
)
@click.option("--rejects", type=click.Path(path_type=Path), help="Write what is refused to this CSV file.")
@encoding_option
@format_option
@click.pass_obj
def import_adr(
    session: Session,
    folder: Path,
    system: str,
    log_name: str | None,
    on: date | None,
    since: date | None,
    complete: bool,
    dry_run: bool,
    strict: bool,
    mapping: Path | None,
    rejects: Path | None,
    encoding: str | None,
    form: str,
) -> None:
    """Read the decision records in FOLDER and below into the log. A second import records what changed."""
    refuse_file(rejects, session.ledger)
    with progress("reading decisions") as tell, leaving_rejects(rejects, session.ledger):
        report = import_decisions(
            session.ledger,
            folder,
            session.requester,
            system=system,
            log=log_name,
            on=on,
            since=since,
            complete=complete,
            dry_run=dry_run,
            strict=strict,
            mapping=mapping,
            decoding=decoding(encoding),
            progress=tell,
        )
    if rejects is not None:
        write_rejects(rejects, report.refused, session.ledger)
    _tell(report, form)


def _tell(report: DecisionLogReport, form: str) -> None:
    if form == "json":
        print_json(_record(report))
    else:
        would = "would record" if report.dry_run else "recorded"
        recorded = ", ".join(f"{number} {name}" for name, number in report.recorded.items()) or "nothing"
        print_lines(
            f"{counted(report.read, 'decision record')} read into the log {report.log}: {would} {recorded}"
            f"{f' as {report.run}' if report.run else ''}; {report.unchanged} unchanged, {len(report.refused)} refused",
            *([f"  debt taken on: {', '.join(report.items)}"] if report.items else []),
        )
        _say_some([f"{each.place}: {each.what}" for each in report.no_records], "files are no records")
        _say_some([f"{each.place}: {each.what}" for each in report.remarks], "remarks")
    _say_counts(report)
    if report.vanished:
        say(f"Of the log, not in the folder, and kept as they were ({len(report.vanished)}): {_few(report.vanished)}")
    if report.drafts and form != "json":
        say("Accepted, and no item of the register stands for it. If it took on debt, complete and type:")
        say(*(f"  {draft}" for draft in report.drafts))
    if report.dry_run:
        say("Nothing was recorded: this is what would be.")
    if report.blocks_refused:
        blocks = counted(report.blocks_refused, "is a block", "are blocks")
        say(f"Of what follows, {blocks} `debt` alone: the record is read as any other.")
    tell_refused(
        by_reason(report.refused), "would be" if report.dry_run else "is", all_in="--rejects FILE writes them all."
    )


def _say_counts(report: DecisionLogReport) -> None:
    """What concerns many records, as a number."""
    if report.left_out:
        say(f"Dated before the day of --since, and left out: {report.left_out}.")
    if report.late:
        say(
            f"Dated in closed quarters: {report.late}. They stand in the log from {report.late_from}, the first open day, and keep "
            "their own."
        )
    if report.dropped:
        say(
            f"Items of which no record has the block any more ({len(report.dropped)}), owed as before: {_few(report.dropped)}",
            "  `debt repay ITEM --all` or `debt write-off ITEM --because WHY` once one is not owed.",
        )
    if report.apart:
        say(
            f"Items whose block says other things now than when it opened them ({len(report.apart)}): {_few(report.apart)}"
        )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


def _say_some(sentences: list[str], what: str) -> None:
    say(*sentences[:_SHOWN])
    if len(sentences) > _SHOWN:
        say(f"… and {len(sentences) - _SHOWN} more {what}: --dry-run --format json tells all.")


def _record(report: DecisionLogReport) -> dict[str, object]:
    return {
        "run": report.run,
        "kind": "adr",
        "log": report.log,
        "read": report.read,
        "recorded": report.recorded,
        "unchanged": report.unchanged,
        "left_out": report.left_out,
        "late": report.late,
        "refused": refusals(report.refused),
        "items": list(report.items),
        "apart": list(report.apart),
        "no_records": [{"place": each.place, "what": each.what} for each in report.no_records],
        "remarks": [{"place": each.place, "what": each.what} for each in report.remarks],
        "vanished": list(report.vanished),
        "drafts": list(report.drafts),
        "dropped": list(report.dropped),
        "dry_run": report.dry_run,
    }
