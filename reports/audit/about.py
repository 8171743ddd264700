"""About: what was tested, with which parameters, and how to make the same report again."""

from __future__ import annotations

import shlex

from ledger.journal_tests.examination import Examination
from ledger.vocabulary.money import Currency
from reports.content import naive_utc
from reports.sheet import Block, Column, Kind, Row, Scalar, Sheet

_COLUMNS = (Column("name", "Name", Kind.LABEL, 40), Column("value", "Value", Kind.TEXT, 110, left=True))
#: A row: its name, what it says, and as what kind of cell.
_Fact = tuple[str, Scalar, Kind]


def build(found: Examination) -> Sheet:
    """Provenance, parameters, what each test lists, legend."""
    return Sheet(
        title="About",
        headline=f"Tested are the entries of {found.subject.title} among the first {found.subject.position:,} events",
        subtitle="Where it comes from, parameters, tests",
        blocks=(
            Block("about.origin", _COLUMNS, _rows(_origin(found)), title="Where it comes from"),
            Block("about.parameters", _COLUMNS, _rows(_parameters(found)), title="Parameters", header=False),
            Block("about.tests", _COLUMNS, _rows(_tests(found)), title="A test lists an entry that", header=False),
            Block("about.legend", _COLUMNS, _rows(_legend(found)), title="Legend", header=False),
        ),
    )


def command_of(found: Examination) -> str:
    """The command that gives this report again, on a ledger that has grown since, too."""
    subject, parameters = found.subject, found.parameters
    currency = Currency(subject.currency, subject.exponent)
    words = ["debt", "--book", subject.book, "audit-report", *([subject.quarter] if subject.quarter else [])]
    words += ["--known-at", subject.known_at, "--round", currency.plain(parameters.round_minor)]
    words += ["--closing-days", str(parameters.closing_days), "--hours", str(parameters.hours)]
    words += ["--rare", str(parameters.rare)]
    if parameters.threshold_minor is not None:
        words += ["--threshold", currency.plain(parameters.threshold_minor), "--margin", str(parameters.margin_percent)]
    words += ["--sample", str(parameters.sample), "--sample-by", parameters.method, "--seed", parameters.seed]
    return shlex.join(words)


def _origin(found: Examination) -> list[_Fact]:
    subject = found.subject
    return [
        ("Book", subject.book, Kind.TEXT),
        ("Period", subject.title, Kind.TEXT),
        ("Known at (UTC)", naive_utc(subject.known_at), Kind.STAMP),
        ("Last event known, position", subject.position, Kind.COUNT),
        ("Head hash", subject.head_hash, Kind.TEXT),
        ("Currency and decimal places", f"{subject.currency}, {subject.exponent}", Kind.TEXT),
        ("Time zone of the book", subject.time_zone, Kind.TEXT),
        ("First position tested", found.population.first_position, Kind.COUNT),
        ("Last position tested", found.population.last_position, Kind.COUNT),
        ("Made by", command_of(found), Kind.TEXT),
    ]


def _parameters(found: Examination) -> list[_Fact]:
    parameters = found.parameters
    threshold: _Fact = ("Threshold", "none given", Kind.TEXT)
    if parameters.threshold_minor is not None:
        threshold = ("Threshold", parameters.threshold_minor, Kind.EXACT)
    return [
        ("Round: a multiple of", parameters.round_minor, Kind.EXACT),
        ("Days before a close, its own among them", parameters.closing_days, Kind.COUNT),
        ("Working hours, Monday to Friday", str(parameters.hours), Kind.TEXT),
        ("An actor is rare with fewer entries than", parameters.rare, Kind.COUNT),
        threshold,
        ("Just under it: at most so many per cent", parameters.margin_percent, Kind.COUNT),
        ("Sample", f"{parameters.sample}, by {parameters.method}", Kind.TEXT),
        ("Seed of the sample", parameters.seed, Kind.TEXT),
    ]  # fmt: skip


def _tests(found: Examination) -> list[_Fact]:
    facts: list[_Fact] = []
    for tested in found.tested:
        untested = f" – not tested: {tested.untested}" if tested.untested else ""
        facts.append((tested.test.title, tested.test.description + untested, Kind.LABEL))
    return facts


def _legend(found: Examination) -> list[_Fact]:
    return [
        ("Amount", "What the entry moved or set; empty if it has none. Spent: where a repayment stated it.", Kind.LABEL),
        ("Imported", "Recorded by an importer from another tool's findings; such entries come last in a list.", Kind.LABEL),
        ("Earlier", "Not effective in the quarter, but recorded in it for a day before it.", Kind.LABEL),
        ("Black and green figures", "Formulas over this sheet, and over another one. Grey: values of the ledger.", Kind.LABEL),
        ("Blue on pale yellow", "The auditor's own words, on the sheet Sample: the only cells that can be changed.", Kind.LABEL),
    ]  # fmt: skip


def _rows(facts: list[_Fact]) -> tuple[Row, ...]:
    return tuple(Row(name, {"name": name, "value": value}, {"value": kind}) for name, value, kind in facts)
