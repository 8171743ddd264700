"""docs/model.md tells the truth: its table is the catalogue, and every command that it or the catalogue names exists."""

from __future__ import annotations

import re
from dataclasses import astuple
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.vocabulary.categories import CATEGORIES, Category
from ledger.vocabulary.kinds import DIMENSIONS
from ledger.vocabulary.measurements import KINDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "model.md").read_text(encoding="utf-8")
TEXTS = [PAGE, (DOCS / "method-systems.md").read_text(encoding="utf-8")]


def shown_commands() -> list[str]:
    """Every `debt …` between backticks, there and in the catalogue."""
    everything = "\n".join([*TEXTS, *(text for category in CATEGORIES.values() for text in astuple(category))])
    return sorted(set(re.findall(r"`(debt [a-z][^`]+)`", everything)))


def test_the_table_is_the_catalogue() -> None:
    """Row by row; `debt categories --format markdown` prints it anew."""
    printed = CliRunner().invoke(cli, ["categories", "--format", "markdown"])
    assert printed.exit_code == 0
    assert "\n## The categories\n" in PAGE
    assert f"\n\n{printed.stdout}\n" in PAGE.partition("## The categories")[2]


@pytest.mark.parametrize("line", shown_commands())
def test_a_shown_command_exists_with_its_options(line: str) -> None:
    """A command that was renamed, or an option that went, is noticed."""
    words = line.split()[1:]
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, line
        command = found
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=list(CATEGORIES))
def test_a_category_says_everything_in_short_sentences(category: Category) -> None:
    """No field is empty, and each fits a cell."""
    for text in (category.definition, category.sign, category.measure, category.repayment):
        assert text.endswith(".")
        assert 20 <= len(text) <= 130
        assert "|" not in text
    assert re.search(r" (?:et al\.) \d{4}, ", category.source)


def test_no_two_categories_say_the_same() -> None:
    """A sign that two have tells neither."""
    for field in ("definition", "sign", "repayment"):
        assert len({getattr(category, field) for category in CATEGORIES.values()}) == len(CATEGORIES)


def test_the_category_of_every_measurement_names_a_way_to_measure_it() -> None:
    """What a measure breaks into is measured by a command."""
    for kind in KINDS.values():
        assert "`debt " in CATEGORIES[kind.category].measure


def test_the_page_has_all_dimensions_and_expectations() -> None:
    """The words that a reader in finance meets in the reports."""
    for word in (*DIMENSIONS, *{kind.expectation for kind in KINDS.values()}):
        assert f"\n| {word} | " in PAGE


# --- debt categories ------------------------------------------------------------------------------------


def ask(*words: str) -> str:
    """What `debt categories …` prints."""
    result = CliRunner().invoke(cli, ["categories", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_prints_definition_and_source_of_all() -> None:
    """As it always did."""
    printed = ask()
    for category in CATEGORIES.values():
        (line,) = (line for line in printed.splitlines() if f" {category.slug} " in line)
        assert category.definition in line
        assert category.source in line
        assert category.sign not in line


def test_one_category_prints_all_of_it() -> None:
    """In whatever case it is typed."""
    printed, category = ask("Staleness"), CATEGORIES["staleness"]
    for text in (category.definition, category.sign, category.measure, category.repayment, category.source):
        assert text in printed
    assert "entanglement" not in printed


def test_json_has_every_field() -> None:
    """A list of all, an object for one; the first four fields are those it always had."""
    import json

    everything = json.loads(ask("--format", "json"))
    assert [record["category"] for record in everything] == list(CATEGORIES)
    one = json.loads(ask("staleness", "--format", "json"))
    assert one in everything
    assert list(one) == ["dimension", "category", "definition", "source", "sign", "measure", "repayment"]
    assert one["repayment"] == CATEGORIES["staleness"].repayment


def test_a_category_that_does_not_exist_is_told_with_the_nearest() -> None:
    """A question about a name that nothing has: exit 1."""
    result = CliRunner().invoke(cli, ["categories", "staelness"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "There is no category 'staelness'. Did you mean staleness?" in result.stderr
