"""What is documented of a system: the explanations that exist, the confounding cases that were tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Unpack

import click

from ledger.cli.finance.figures import as_of_option
from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.output import Record, print_records, say
from ledger.cli.kit.projection import say_beside, titled
from ledger.cli.kit.recording import Recording, print_receipts, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DECIMAL, SYSTEM, TEXT
from ledger.cli.kit.verbs import CommandWithVerbs
from ledger.cli.systems.measure import Measuring, measure_options, print_concluded
from ledger.cli.systems.robustness_run import run
from ledger.decide.explain import DocumentExplanation
from ledger.decide.robustness import DocumentRobustness
from ledger.events import RobustnessDocumented
from ledger.queries.register.documents import SystemDocuments, documents
from ledger.services.robustness import TriedCase, look_at_case, try_case
from ledger.vocabulary.decimals import pass_rate
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.kinds import Scope

#: What a question takes; everything else that is typed is about something to be recorded.
_ASKING = frozenset({"system", "as_of", "form"})
_EXPLANATION = ("scope", "method", "artifact", "audience", "quality", "since", "documented_by", "evidence")
_CASE = ("case", "on", "perturbation", "passed", "of", "pass_rate", "data", "documented_by", "evidence")


def recording(params: Mapping[str, Any]) -> bool:
    """Whether something is to be recorded: anything was typed beside what a question takes."""
    return any(
        value is not None and value is not False and value != ()
        for name, value in params.items()
        if name not in _ASKING
    )


def refuse_as_of(as_of: date | None) -> None:
    """A recording is for a day of its own. Raises UsageError."""
    if as_of is not None:
        raise click.UsageError("--as-of asks what is documented; what is recorded takes --on.")


def documents_of(session: Session, system: str, as_of: date | None) -> SystemDocuments:
    """What is documented of a system as of a day, today by default. Raises NotFound."""
    with session.reader() as reader:
        found = documents(reader, as_of or session.today)
    if system not in found:
        raise NotFound(f"There is no system {system}.", "`debt system list` shows them.", unknown=("systems", system))
    return found[system]


# --- explanations -----------------------------------------------------------------------------------


@click.command(cls=AskingCommand)
@click.argument("system", metavar="SYSTEM", cls=NeededArgument, type=SYSTEM)
@click.option(
    "--scope",
    cls=Needed,
    when=recording,
    type=click.Choice(["local", "global"]),
    help="Of single outputs, or of the whole system.",
)
@click.option("--method", cls=Needed, when=recording, type=TEXT, help="How it was made: SHAP values, a surrogate tree.")
@click.option("--artifact", cls=Needed, when=recording, type=TEXT, help="Where it is: a link, a file.")
@click.option("--audience", cls=Needed, when=recording, type=TEXT, help="For whom it is.")
@click.option("--quality", cls=Needed, when=recording, type=TEXT, help="How good it is, and how that is known.")
@as_of_option
@recording_options()
@click.pass_obj
def explain(
    session: Session,
    system: str,
    scope: Scope | None,
    method: str,
    artifact: str,
    audience: str,
    quality: str,
    as_of: date | None,
    **options: Unpack[Recording],
) -> None:
    """Record an explanation of SYSTEM; --on is since when it exists. Without options: list those there are.

    An explanation counts for those it is made for: it says of what (--scope), where it is, for whom, and how good.
    """
    if scope is None:
        _list_explanations(session, system, as_of, options["form"])
        return
    refuse_as_of(as_of)
    command = DocumentExplanation(
        **when(options),
        system=system,
        scope=scope,
        method=method,
        artifact=artifact,
        audience=audience,
        quality=quality,
    )
    record(session, command, **options)


def _list_explanations(session: Session, system: str, as_of: date | None, form: str) -> None:
    day = as_of or session.today
    say_beside(form, day, session.today)
    records: list[Record] = [
        {name: getattr(explanation, name) for name in _EXPLANATION[:5]}
        | {"since": said.on, "documented_by": said.actor, "evidence": explanation.evidence}
        for said, explanation in documents_of(session, system, as_of).explanations
    ]
    empty = f"No explanation of {system} is documented. `debt explain {system} --scope … --method …` records one."
    title = titled(f"Explanations of {system}", day, session.today)
    print_records(form, records, _EXPLANATION, title=title, empty=empty)


# --- confounding cases -------------------------------------------------------------------------------


@click.command(cls=CommandWithVerbs, verbs={"run": run})
@click.argument("system", metavar="SYSTEM", cls=NeededArgument, type=SYSTEM)
@click.argument("case", cls=NeededArgument, when=recording, type=TEXT)
@click.option("--perturbation", cls=Needed, when=recording, type=TEXT, help="What was done to the inputs: rotated 90°.")
@click.option("--passed", cls=Needed, when=recording, type=int, help="How many inputs came out right.")
@click.option("--of", cls=Needed, when=recording, type=int, help="How many inputs were tried.")
@click.option("--data", cls=Needed, when=recording, type=TEXT, help="Which inputs: a file, a link, a revision.")
@click.option("--threshold", type=DECIMAL, help="The pass rate, 0 to 1, under which it is broken; that of --monitor.")
@as_of_option
@measure_options
@click.pass_obj
def robustness(
    session: Session,
    system: str,
    case: str | None,
    perturbation: str,
    passed: int,
    of: int,
    data: str,
    threshold: str | None,
    as_of: date | None,
    **options: Unpack[Measuring],
) -> None:
    """Record that a confounding or adversarial CASE was tried on SYSTEM. Without CASE: the pass rate of each over time.

    With --threshold or --monitor it is a measurement too: held against that, and recorded as one. `debt robustness run`
    tries the cases itself, from a suite of code.
    """
    if case is None:
        _list_cases(session, system, as_of, options["form"])
        return
    refuse_as_of(as_of)
    nothing_to_break = threshold is None and options["monitor"] is None
    if nothing_to_break and (options["to_books"] or options["fail_on"] or options["dry_run"]):
        raise click.UsageError("--record, --fail-on and --dry-run need something to break: --threshold, or --monitor.")
    command = DocumentRobustness(
        **when(options), system=system, case=case, perturbation=perturbation, passed=passed, of=of, data=data
    )
    if nothing_to_break:
        record(session, command, **_recording(options))
        return
    found = _tried(session, command, threshold, options)
    if found.receipts:
        _print_document(session, found, options["form"])
    if found.concluded is not None:
        print_concluded(found.concluded, options)


def _tried(session: Session, command: DocumentRobustness, threshold: str | None, options: Measuring) -> TriedCase:
    """The case, held against a threshold: in the books, or in a dry run nowhere."""
    requester = session.requester
    if options["dry_run"]:
        return look_at_case(session.ledger, command, requester, threshold=threshold, monitor=options["monitor"])
    return try_case(
        session.ledger,
        command,
        requester,
        threshold=threshold,
        monitor=options["monitor"],
        record=options["to_books"],
        key=options["key"],
        again=options["again"],
    )


def _print_document(session: Session, found: TriedCase, form: str) -> None:
    """The case comes before its measurement, which alone is printed in a form for machines."""
    if form == "table":
        if found.receipts[0].repeated:
            say("The case was recorded before; here is its first receipt.")
        print_receipts(found.receipts, form, session.book.currency)
    else:
        say(f"The case is recorded at position {found.receipts[0].recorded.position}.")


def _recording(options: Measuring) -> Recording:
    return Recording(
        on=options["on"],
        late=options["late"],
        key=options["key"],
        again=options["again"],
        evidence=options["evidence"],
        form=options["form"],
    )


def _list_cases(session: Session, system: str, as_of: date | None, form: str) -> None:
    day = as_of or session.today
    say_beside(form, day, session.today)
    tried = documents_of(session, system, as_of).cases
    # By case, and over time within a case: the sort is stable.
    tried.sort(key=lambda each: each[1].case)
    records: list[Record] = [
        {name: getattr(case, name) for name in ("case", "perturbation", "passed", "of", "data", "evidence")}
        | {"on": said.on, "pass_rate": _shown_rate(case, form), "documented_by": said.actor}
        for said, case in tried
    ]
    empty = f"No case was tried on {system}. `debt robustness {system} CASE --perturbation … --passed … --of …` records one."
    right = ("passed", "of", "pass_rate")
    title = titled(f"Cases tried on {system}", day, session.today)
    print_records(form, records, _CASE, title=title, right=right, empty=empty)


def _shown_rate(case: RobustnessDocumented, form: str) -> str:
    rate = pass_rate(case.passed, case.of)
    return f"{Decimal(rate) * 100:.1f} %" if form == "table" else rate
