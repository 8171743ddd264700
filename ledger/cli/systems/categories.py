"""The vocabulary: categories, how to tell, measure and repay each, and their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import click

from ledger.cli.kit.output import Record, form_option, print_csv, print_json, print_lines, print_table
from ledger.cli.kit.types import CATEGORY
from ledger.decide.opening import known_category
from ledger.vocabulary.categories import CATEGORIES, Category
from ledger.vocabulary.errors import NotFound, Refused

_COLUMNS = ("dimension", "category", "definition", "source")
_TOLD = {
    "definition": "what it is",
    "sign": "a sign that you have it",
    "measure": "how to measure it",
    "repayment": "a typical repayment",
    "source": "source",
}


@click.command()
@click.argument("slug", metavar="[CATEGORY]", required=False, type=CATEGORY)
@form_option(
    "table", "json", "csv", "markdown", help_="How records are printed; markdown is the table of docs/model.md."
)
def categories(slug: str | None, form: str) -> None:
    """List the categories; of one, all that is known: its sign, how to measure and repay it, its source."""
    found = list(CATEGORIES.values()) if slug is None else [_category(slug)]
    records = [category_record(category) for category in found]
    if form == "json":
        print_json(records if slug is None else records[0])
    elif form == "csv":
        print_csv(records, _COLUMNS if slug is None else tuple(records[0]))
    elif form == "markdown":
        print_lines(*markdown(found))
    elif slug is None:
        print_table(records, _COLUMNS, title="Categories")
    else:
        print_lines(f"{slug} ({found[0].dimension})")
        for field, label in _TOLD.items():
            print_lines(f"  {label}: {records[0][field]}")


def category_record(category: Category) -> Record:
    """A category for programs; the fields that were always there come first."""
    fields = asdict(category)
    return {"dimension": fields.pop("dimension"), "category": fields.pop("slug"), **fields}


def markdown(found: list[Category]) -> Iterator[str]:
    """The lines of the table in docs/model.md."""
    yield "| category | what it is | a sign that you have it | how to measure it | a typical repayment | source |"
    yield "|---|---|---|---|---|---|"
    for each in found:
        name = f"{each.dimension}: `{each.slug}`"
        source = each.source.partition(",")[0]
        yield f"| {' | '.join((name, each.definition, each.sign, each.measure, each.repayment, source))} |"


def _category(slug: str) -> Category:
    try:
        return known_category(slug)
    except Refused as refusal:
        raise NotFound(f"{refusal.why} {refusal.instead}") from refusal
