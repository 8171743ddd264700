"""docs/method.md tells the truth: its examples run as written, and every figure in them is the program's."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from ledger.queries.register.items import STATUSES
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.ages import BUCKETS
from tests.helpers.worked_examples import AMOUNT, Answers, Example, Session, answers, definitions, differences, examples

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
EXAMPLES = {example.name: example for example in examples(PAGE)}

#: Fields of the JSON that name or describe, and are no figures.
LABELS = {
    "item", "system", "title", "dimension", "category", "team", "cost_centre", "currency", "groups", "rows",
    "movement", "effective_on", "ok", "problems",
}  # fmt: skip


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory):
    """What the program answers to an example; it is run once."""

    @cache
    def ask(name: str) -> Answers:
        return answers(EXAMPLES[name], tmp_path_factory.mktemp("example"))

    return ask


def test_there_are_thirteen_examples_named_a_to_m():
    """Each with a block that sets up a ledger of its own, and a table that a command shows."""
    assert [name[0] for name in EXAMPLES] == list("ABCDEFGHIJKLM")
    for name, example in EXAMPLES.items():
        assert example.commands[0] == f"export DEBT_DATABASE=sqlite:///example-{name[0].lower()}.db"
        assert example.commands[1].startswith("debt init ")
        assert any(table.command for table in example.tables)


@pytest.mark.reliability
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_figure_of_an_example_is_the_programs(name, answered):
    """Cells equal the JSON, calculations hold, and no sentence names an amount that no table has."""
    assert differences(EXAMPLES[name], answered(name)) == []


@pytest.mark.reliability
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_amount_that_is_changed_by_a_cent_is_noticed(name, answered):
    """Every amount of an example outside its commands, one at a time: in cells, calculations and sentences."""
    found = answered(name)
    unnoticed = [amount for amount, changed in changed_by_a_cent(name) if not differences(changed, found)]
    assert unnoticed == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_fact_that_is_changed_is_noticed(name, answered):
    """Ages, dates, statuses, natures and empty cells that a command shows: each replaced by something else."""
    found = answered(name)
    section = section_of(name)
    for line in section.splitlines():
        for word, other in ((" open ", " repaid "), (" repaid ", " written-off "), (" – ", " 0.00 ")):
            if line.startswith("|") and word in line:
                changed = PAGE.replace(section, section.replace(line, line.replace(word, other), 1))
                assert differences(example_of(changed, name), found), line


def test_the_definitions_hold_no_amounts():
    """Amounts stand in the examples, where they are checked."""
    assert AMOUNT.findall(definitions(PAGE)) == []


def test_every_reported_figure_is_defined(tmp_path):
    """Each field of what the program reports stands in a definition, by the name it has in the JSON."""
    session = Session(tmp_path)
    for line in EXAMPLES[next(name for name in EXAMPLES if name.startswith("J"))].commands:
        session.run(line)
    reported = set(MOVEMENTS) | {name for _, name in BUCKETS}
    for command in ("delta --by team", "rollforward 2026Q2", "list", "ageing", "verify"):
        answer = session.ask(f"debt {command}")
        for records in ([answer] if isinstance(answer, dict) else answer, *_lists(answer)):
            reported |= {key for record in records for key in record}
    reported |= set(session.ask("debt show PRICES-1")["postings"][0])
    defined = set(re.findall(r"`([\w+-]+)`", definitions(PAGE)))
    assert reported - LABELS - defined == set()


def test_every_status_is_defined():
    """In the order in which the first match counts."""
    table = re.search(r"\| status \| when \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE)
    assert table
    listed = [name for line in table[1].splitlines() for name in line.split("|")[1].strip().split(", ")]
    assert sorted(listed) == sorted(STATUSES)


def _lists(answer: object) -> list[list[dict[str, object]]]:
    values = answer.values() if isinstance(answer, dict) else ()
    return [value for value in values if isinstance(value, list)]


def changed_by_a_cent(name: str):
    """Each amount of an example, and the example with that one amount changed."""
    section = section_of(name)
    blocks = [range(*found.span()) for found in re.finditer(r"^```sh\n.*?^```$", section, re.MULTILINE | re.DOTALL)]
    for found in AMOUNT.finditer(section):
        if any(found.start() in block for block in blocks):
            continue
        other = Fraction(found[0].replace("−", "-").replace(",", "")) + Fraction(1, 100)
        text = f"{float(other):,.2f}".replace("-", "−")
        changed = section[: found.start()] + text + section[found.end() :]
        yield found[0], example_of(PAGE.replace(section, changed), name)


def section_of(name: str) -> str:
    """The text of an example, to the next one."""
    return f"### Example {name}" + PAGE.split(f"### Example {name}")[1].split("\n### Example ")[0]


def example_of(page: str, name: str) -> Example:
    """An example of a changed page."""
    return next(example for example in examples(page) if example.name == name)
