"""Every figure and every row that somebody is shown, by the queries that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import msgspec

from ledger.queries.audit.entries import entries
from ledger.queries.audit.log import log
from ledger.queries.audit.policies import policies
from ledger.queries.figures.ageing import ageing
from ledger.queries.figures.avoided import interest_avoided
from ledger.queries.figures.budgets import budget_lines
from ledger.queries.figures.delta import delta
from ledger.queries.figures.grouping import GROUPINGS
from ledger.queries.figures.issues import issues
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.figures.rollforward import rollforward
from ledger.queries.figures.trial_balance import trial_balance
from ledger.queries.reader import Reader
from ledger.queries.register.documents import documents
from ledger.queries.register.graph import graph_as_of
from ledger.queries.register.items import register
from ledger.queries.register.review import review
from ledger.queries.register.story import story
from ledger.queries.register.systems import systems
from ledger.services.open_ledger import OpenedLedger
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.quarters import Quarter

#: Days on which every history has something to show: in its midst, and after all of it.
MIDST, AFTER = date(2026, 3, 31), date(2027, 12, 31)
_FIRST_DAY = date(2026, 1, 1)

Answers = dict[str, str]


def _log(reader: Reader) -> list[Any]:
    # The login is the database's own word, outside the hash: docs/reliability.md says that nothing can vouch for it.
    return [replace(each, session_user=None) for each in log(reader)]


def _entries(reader: Reader) -> list[Any]:
    return [msgspec.structs.replace(each, session_user=None) for each in entries(reader)]


#: What is asked of the whole book, as known now; some of it also as it was known in its midst.
QUESTIONS: dict[str, Callable[[Reader], Any]] = {
    "delta": lambda reader: delta(reader, MIDST),
    "delta by all": lambda reader: delta(reader, AFTER, GROUPINGS),
    "rollforward by all": lambda reader: rollforward(reader, _FIRST_DAY, AFTER, GROUPINGS).rows,
    **{f"delta by {name}": lambda reader, name=name: delta(reader, AFTER, (name,)) for name in GROUPINGS},
    "list": lambda reader: register(reader, AFTER),
    "ageing": lambda reader: ageing(register(reader, MIDST)),
    "trial balance": lambda reader: trial_balance(reader, AFTER),
    "interest avoided": lambda reader: interest_avoided(reader, [MIDST, AFTER]),
    "budgets": lambda reader: budget_lines(reader, AFTER),
    "systems": lambda reader: systems(reader, AFTER),
    "graph": lambda reader: graph_as_of(reader, AFTER),
    "documents": lambda reader: documents(reader, AFTER),
    "review": lambda reader: review(reader, AFTER),
    "policies": policies,
    "packs": issues,
    "pack": lambda reader: quarter_view(reader, Quarter.parse("2026Q2"), date(2026, 6, 30), "debt report"),
    "log": _log,
    "entries": _entries,
    "stories": lambda reader: [story(reader, each.item, AFTER) for each in register(reader, AFTER)],
}

for _name in ("delta by all", "list", "log"):
    QUESTIONS[f"{_name}, as known before"] = lambda now, ask=QUESTIONS[_name]: ask(_before(now))

_LONG = ("stories", "pack")


def answers(books: OpenedLedger, dice: Random) -> Iterator[tuple[str, str]]:
    """What each question is answered, in any order, the longest last; a refusal begins with 'refused: '.

    Whatever else is raised is a crash, and the caller's.
    """
    waiting = sorted(dice.sample([*QUESTIONS], len(QUESTIONS)), key=lambda name: name in _LONG)
    while waiting:
        try:
            with books.reader() as reader:
                while waiting:
                    said = repr(QUESTIONS[waiting[0]](reader))
                    yield waiting.pop(0), said
        except LedgerError as error:  # the others are asked in a transaction that nothing has broken
            yield (waiting.pop(0) if waiting else "closing"), f"refused: {error}"


def _before(now: Reader) -> Reader:
    return replace(now, position=now.position * 2 // 3)
