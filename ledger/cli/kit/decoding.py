"""`--encoding`: how the text of a file is decoded, where it is not recognised as it should be."""

from __future__ import annotations

import click

from ledger.cli.kit.output import say
from ledger.cli.kit.types import TEXT
from ledger.vocabulary.text_encodings import Decoding

encoding_option = click.option(
    "--encoding",
    type=TEXT,
    metavar="NAME",
    help="Of a text file, like cp1252; without it UTF-8, UTF-16 and Windows-1252 are recognised, and said.",
)


def decoding(encoding: str | None) -> Decoding:
    """As it was typed; what is recognised is said to the person."""
    return Decoding(encoding, tell=say)
