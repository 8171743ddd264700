"""The vocabulary: categories, their dimensions, definitions and sources."""

from __future__ import annotations

import click

from ledger.catalogue import CATEGORIES
from ledger.cli.output import format_option, print_records

_COLUMNS = ("dimension", "category", "definition", "source")


@click.command()
@format_option
def categories(form: str) -> None:
    """List the categories: what each means, and where it is described."""
    records = [
        {"dimension": found.dimension, "category": found.slug, "definition": found.definition, "source": found.source}
        for found in CATEGORIES.values()
    ]
    print_records(form, records, _COLUMNS, title="Categories")
