"""`debt robustness run`: a suite of perturbations on a model, case by case."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.output import Record, print_csv, print_json, print_lines, print_table, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.recording import receipt_record, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DECIMAL, SYSTEM
from ledger.cli.systems.measure import (
    BREACH,
    TRUST,
    Measuring,
    concluded_record,
    measure_options,
    say_what_follows,
)
from ledger.services.conclude import Concluded
from ledger.services.robustness_suite import SuiteRun, SuiteWanted, look_at_suite, run_suite
from ledger.vocabulary.verdict_words import VERDICT_WORDS

_COLUMNS = ("case", "perturbation", "passed", "of", "pass_rate", "threshold", "verdict")
#: What a person sees besides: where the rate lies, and how many inputs would tell.
_SHOWN = ("case", "perturbation", "passed", "of", "pass_rate", "interval", "threshold", "verdict", "inputs_to_tell")
_FILE = click.Path(path_type=Path)


@click.command("run", cls=AskingCommand)
@click.argument("system", metavar="SYSTEM", cls=NeededArgument, type=SYSTEM)
@click.argument("suite", metavar="SUITE.py", cls=NeededArgument, type=_FILE)
@click.option("--model", cls=Needed, type=_FILE, help="The model's file, which the suite loads; its sha256 is kept.")
@click.option("--data", cls=Needed, type=_FILE, help="The file of inputs, which the suite loads; its sha256 is kept.")
@click.option(
    "--threshold", type=DECIMAL, help="The pass rate, 0 to 1, under which a case is broken; that of --monitor."
)
@TRUST
@measure_options
@click.pass_obj
def run(
    session: Session,
    system: str,
    suite: Path,
    model: Path,
    data: Path,
    threshold: str | None,
    trust: bool,
    **options: Unpack[Measuring],
) -> None:
    """Try SYSTEM's model on every case of SUITE.py, and record the pass rate of each: all of them, or none.

    SUITE.py is code and needs --trust; docs/robustness.md says what it has. With --threshold or --monitor each case is judged.
    """
    nothing_to_break = threshold is None and options["monitor"] is None
    if nothing_to_break and (options["to_books"] or options["fail_on"]):
        raise click.UsageError("--record and --fail-on need something to break: --threshold, or --monitor.")
    wanted = SuiteWanted(
        **when(options),
        system=system,
        suite=suite,
        model=model,
        data=data,
        threshold=threshold,
        monitor=options["monitor"],
    )
    _print(_run(session, wanted, trust, options), wanted, options)


def _run(session: Session, wanted: SuiteWanted, trust: bool, options: Measuring) -> SuiteRun:
    """The cases: in the books, or in a dry run nowhere."""
    with progress("trying") as tell:
        if options["dry_run"]:
            return look_at_suite(session.ledger, wanted, session.requester, trust=trust, progress=tell)
        return run_suite(
            session.ledger,
            wanted,
            session.requester,
            trust=trust,
            record=options["to_books"],
            key=options["key"],
            again=options["again"],
            progress=tell,
        )


def _print(found: SuiteRun, wanted: SuiteWanted, options: Measuring) -> None:
    """Print the cases and what follows from them. Exits with BREACH where one is broken and `--fail-on breach` was typed."""
    concluded = [case.concluded for case in found.cases if case.concluded is not None]
    if options["form"] == "json":
        print_json(_as_record(found, concluded, wanted))
    elif options["form"] == "csv":
        print_csv(map(_case_record, concluded), _COLUMNS)
    else:
        title = f"Robustness of {wanted.system}"
        right = ("passed", "of", "pass_rate", "inputs_to_tell")
        print_table(map(_shown_case, concluded), _SHOWN, title=title, right=right)
        for each in concluded:
            if each.verdict == "undecided" and each.judged.measurement.threshold is not None:
                print_lines(*each.judged.measurement.sentences)
        _say_receipts(found)
        for each in concluded:
            say_what_follows(each, to_books=options["to_books"])
    if found.is_breach and options["fail_on"] == "breach":
        raise SystemExit(BREACH)


def _say_receipts(found: SuiteRun) -> None:
    for role, sha256 in found.files.items():
        print_lines(f"{role} sha256 {sha256}")
    positions = [receipt.recorded.position for receipt in found.receipts]
    if not positions:
        say("Nothing was recorded.")
    elif all(receipt.repeated for receipt in found.receipts):
        say(f"All of it was recorded before, from position {min(positions)} on.")
    else:
        print_lines(
            f"positions {min(positions)} to {max(positions)}: {len(found.cases)} cases, each with its measurement"
        )


def _case_record(concluded: Concluded) -> Record:
    measurement = concluded.judged.measurement
    return {
        "case": measurement.settings["case"][0],
        "perturbation": measurement.settings["perturbation"][0],
        "passed": measurement.figures["passed"],
        "of": measurement.figures["of"],
        "pass_rate": measurement.value,
        "threshold": measurement.threshold,
        "verdict": f"{measurement.verdict}, carried" if concluded.carried else measurement.verdict,
    }


def _shown_case(concluded: Concluded) -> Record:
    figures, record = concluded.judged.measurement.figures, _case_record(concluded)
    return record | {
        "verdict": f"{VERDICT_WORDS[concluded.verdict]}{', carried' if concluded.carried else ''}",
        "interval": f"{figures['low']} to {figures['high']}",
        "inputs_to_tell": figures.get("rows-to-tell"),
    }


def _as_record(found: SuiteRun, concluded: list[Concluded], wanted: SuiteWanted) -> Record:
    return {
        "system": wanted.system,
        "suite": str(wanted.suite),
        "monitor": wanted.monitor,
        "files": found.files,
        "cases": [concluded_record(each) for each in concluded],
        "recorded": [receipt_record(receipt) for receipt in found.receipts],
    }
