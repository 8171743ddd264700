"""The ML Test Score of a system: 28 tests, what is answered of each, and the points that come of it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Unpack

import click

from ledger.cli.finance.figures import as_of_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.output import Record, print_csv, print_json, print_lines, print_table
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM, Read
from ledger.cli.systems.documents import documents_of, recording, refuse_as_of
from ledger.decide.score import AnswerScore
from ledger.queries.register.documents import SystemDocuments
from ledger.vocabulary.kinds import ScoreAnswer
from ledger.vocabulary.ml_test_score import SECTIONS, TESTS, points, score

_COLUMNS = ("test", "asks", "answer", "points", "evidence", "answered_on", "answered_by")
_TEST = Read("test", lambda text: text.strip().lower())


@click.command("score", cls=AskingCommand)
@click.argument("system", metavar="SYSTEM", cls=NeededArgument, type=SYSTEM)
@click.argument("test", cls=NeededArgument, when=recording, type=_TEST)
@click.argument("answer", cls=NeededArgument, when=recording, type=click.Choice(["no", "manual", "automated"]))
@as_of_option
@recording_options()
@click.pass_obj
def score_(
    session: Session,
    system: str,
    test: str | None,
    answer: ScoreAnswer,
    as_of: date | None,
    **options: Unpack[Recording],
) -> None:
    """Record whether a TEST of the ML Test Score is run on SYSTEM. Without TEST: all 28, and the score.

    \b
    no         it is not run: 0 points; so is a test without an answer
    manual     somebody runs it and writes the outcome down: 0.5 points
    automated  it runs by itself, again and again: 1 point

    The points of a section are added up, 0 to 7; the score is that of the weakest section. What is run takes --evidence.
    """
    if test is None:
        _show(documents_of(session, system, as_of), as_of or session.today, session.today, options["form"])
        return
    refuse_as_of(as_of)
    record(session, AnswerScore(**when(options), system=system, test=test, answer=answer), **options)


def _show(found: SystemDocuments, as_of: date, today: date, form: str) -> None:
    tests = [_record(found, test) for test in TESTS]
    by_section = points(found.score_answers)
    total = score(found.score_answers)
    if form == "json":
        answer: Record = {
            "system": found.system,
            "as_of": as_of,
            "score": points_text(total),
            "points": {section: points_text(by_section[section]) for section in SECTIONS},
            "answered": len(found.answers),
            "tests": tests,
        }
        print_json(told(answer, as_of, today))
    elif form == "csv":
        print_csv(tests, ("section", *_COLUMNS))
    else:
        if as_of > today:
            print_lines(titled(f"ML Test Score of {found.system} on {as_of}", as_of, today), "")
        for section in SECTIONS:
            of_section = [each for each in tests if each["section"] == section]
            title = f"{section}: {points_text(by_section[section])} of 7"
            print_table(of_section, _COLUMNS, title=title, right=("points",))
        weakest = ", ".join(section for section in SECTIONS if by_section[section] == total)
        print_lines(f"ML Test Score of {found.system} on {as_of}: {points_text(total)} of 7, that of {weakest}.")
        if len(found.answers) < len(TESTS):
            print_lines(f"{len(TESTS) - len(found.answers)} of {len(TESTS)} tests have no answer, and count as 'no'.")
    say_beside(form, as_of, today)


def _record(found: SystemDocuments, test: str) -> Record:
    said, answered = found.answers.get(test, (None, None))
    answer = answered.answer if answered else None
    return {
        "section": TESTS[test].section,
        "test": test,
        "asks": TESTS[test].asks,
        "answer": answer,
        "points": points_text(sum(points({test: answer}).values(), Fraction(0))) if answer else "0",
        "evidence": answered.evidence if answered else None,
        "answered_on": said.on if said else None,
        "answered_by": said.actor if said else None,
    }


def points_text(number: Fraction) -> str:
    """Points as one writes them: '3', '3.5'; they come in halves."""
    return str(number) if number.denominator == 1 else f"{number.numerator // number.denominator}.5"
