"""Expectations: what was measured of a system over time, beside its delta, and its ML Test Score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_lines, print_table
from ledger.cli.kit.pager import paged
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import SYSTEM
from ledger.queries.register.expectations import Measured, OwedByNature, SystemExpectations
from ledger.queries.register.expectations import expectations as expectations_of
from ledger.views.readiness import EXPECTATIONS
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.ml_test_score import TESTS, points, score
from ledger.vocabulary.verdict_words import VERDICT_WORDS, limits_in_words

_OWED = ("debt", "neglect", "delta")
_MEASURED = ("on", "position", "what", "monitor", "value", "threshold", "verdict")
#: Series that a line names; where there are more, they are counted.
_NAMED = 3
#: What a CSV says in place of a verdict where nobody measured; and in place of an expectation in its last line.
_NOT_MEASURED, _SCORE = "not measured", "ml-test-score"


@click.command(cls=AskingCommand)
@click.argument("system", cls=NeededArgument, type=SYSTEM)
@as_of_option
@known_at_option
@format_option
@click.pass_obj
@paged
def expectations(session: Session, system: str, as_of: date | None, known_at: str | None, form: str) -> None:
    """What was measured of SYSTEM over time, expectation by expectation, beside its delta; and its ML Test Score."""
    day = as_of or session.today
    with session.reader(known_at) as reader:
        found = expectations_of(reader, system, day)
        place = {"known_at": reader.known_at, "position": reader.position}
    if found is None:
        raise NotFound(f"There is no system {system}.", "`debt system list` shows them.", unknown=("systems", system))
    currency = session.book.currency
    if form == "json":
        facts = {"system": system, "name": found.documents.name, "as_of": day, **place, "currency": currency.code}
        answer = facts | _owed(found.now, currency.plain) | _as_json(found, currency.plain)
        print_json(told(answer, day, session.today))
    elif form == "csv":
        print_csv(_csv_rows(found, day, currency.plain), ("expectation", *_MEASURED, *_OWED, "ratio", "series"))
    else:
        print_lines(titled(f"{system}: {found.documents.name}", day, session.today))
        _print_series(found, currency.grouped)
        now = _owed(found.now, currency.grouped)
        print_lines(
            f"Technical delta on {day}, {currency.code}: {now['delta']}, debt {now['debt']}, neglect {now['neglect']}"
        )
        print_lines(_score_in_words(found))
    say_beside(form, day, session.today)


def _of(found: SystemExpectations, expectation: str) -> list[Measured]:
    return [each for each in found.measured if each.event.expectation == expectation]


def _stands(found: SystemExpectations, expectation: str) -> Record:
    """The verdict at which an expectation stands, 'not measured' where there is none; and the debt that carries it."""
    view = found.standing.get(expectation)
    if view is None:
        return {"stands": _NOT_MEASURED, "carried_by": None, "carried_until": None}
    return {"stands": view.verdict, "carried_by": view.carried_by, "carried_until": view.carried_until}


def _owed(owed: OwedByNature, shown: Callable[[int], str]) -> Record:
    return {name: shown(getattr(owed, name)) for name in _OWED}


def _record(measured: Measured, shown: Callable[[int], str]) -> Record:
    event = measured.event
    facts = {
        "on": measured.said.on,
        "position": measured.said.position,
        "what": event.what,
        "monitor": event.monitor,
        "value": event.value,
        "threshold": event.threshold,
        "verdict": event.verdict,
    }
    return facts | _owed(measured.owed, shown)


def _series(measured: Measured) -> str | None:
    """The series that have the verdict of the whole, by name; None where the measurement is one."""
    names = [name for name, verdict in measured.series.items() if verdict == measured.event.verdict]
    if len(names) <= _NAMED:
        return ", ".join(names) or None
    if len(names) == len(measured.series):
        return f"each of {len(names):,}"
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more"


# --- JSON, CSV ----------------------------------------------------------------------------------------


def _as_json(found: SystemExpectations, shown: Callable[[int], str]) -> Record:
    answers = found.documents.score_answers
    return {
        "expectations": [
            {
                "expectation": name,
                "expected": words,
                **_stands(found, name),
                "measurements": [
                    _record(each, shown)
                    | {"headline": each.event.headline, "rows": each.event.rows, "ratio": each.event.ratio}
                    | {"series": each.series}
                    for each in _of(found, name)
                ],
            }
            for name, words in EXPECTATIONS.items()
        ],
        "ml_test_score": {
            "score": _plain(score(answers)) if answers else None,
            "sections": {section: _plain(figure) for section, figure in points(answers).items()},
            "answered": len(answers),
            "of": len(TESTS),
        },
    }


def _csv_rows(found: SystemExpectations, day: date, shown: Callable[[int], str]) -> Iterator[Record]:
    """A line per measurement, one for an expectation without any; the last has the score, and the delta of the day."""
    for name in EXPECTATIONS:
        for each in _of(found, name):
            series = {"ratio": each.event.ratio, "series": _series(each)}
            yield {"expectation": name} | _record(each, shown) | series
        if not _of(found, name):
            yield {"expectation": name, "verdict": _NOT_MEASURED}
    answers = found.documents.score_answers
    figure = {"value": _plain(score(answers))} if answers else {"verdict": _NOT_MEASURED}
    yield {"expectation": _SCORE, "on": day} | figure | _owed(found.now, shown)


def _plain(figure: Fraction) -> str:
    """Points in halves, as a decimal text."""
    return f"{float(figure):g}"


# --- a table ------------------------------------------------------------------------------------------


def _print_series(found: SystemExpectations, shown: Callable[[int], str]) -> None:
    for name, words in EXPECTATIONS.items():
        measured = _of(found, name)
        stands, view = _stands(found, name), found.standing.get(name)
        carried = f", carried by {stands['carried_by']} until {stands['carried_until']}" if stands["carried_by"] else ""
        title = f"{name.capitalize()} ({words}): {VERDICT_WORDS[view.verdict] if view else _NOT_MEASURED}{carried}"
        if not measured:
            print_lines(f"{title}. `debt measure` measures it.", "")
            continue
        rows = [_record(each, shown) for each in measured]
        for each, row in zip(measured, rows, strict=True):
            row["monitor"] = row["monitor"] or "by hand"
            row["threshold"] = limits_in_words(each.event.threshold, each.event.ratio)
            row["series"] = _series(each)
            # A mark besides the word, because a long series is looked through, not read.
            row["verdict"] = "× BROKEN" if row["verdict"] == "broken" else VERDICT_WORDS[each.event.verdict]
        print_table(rows, (*_MEASURED, "series", *_OWED), title=title, right=("position", "value", "threshold", *_OWED))


def _score_in_words(found: SystemExpectations) -> str:
    answers = found.documents.score_answers
    if not answers:
        return f"ML Test Score: none of its {len(TESTS)} tests is answered. `debt score {found.documents.system}` shows them."
    sections = ", ".join(f"{section} {_plain(figure)}" for section, figure in points(answers).items())
    answered = f"{len(answers)} of {len(TESTS)} tests answered"
    return f"ML Test Score: {_plain(score(answers))} of 7, that of the weakest section ({sections}); {answered}"
