"""Untold: what cannot be printed, because the disk behind a redirection is full or nobody reads the pipe any more.

A receipt that cannot be shown is no failure to record: whoever reads 'No space left' would record it again.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click

from ledger.cli.kit.output import say, say_error
from ledger.vocabulary.errors import LedgerError, StoreError


def untold(error: OSError, recorded: int | None = None) -> StoreError:
    """The message of what failed outside the ledger. recorded: the last position that the command recorded, if it did."""
    _give_up_output()
    where = f": {error.filename}" if error.filename else ""
    why = f"{error.strerror or error}{where}"
    if recorded is None:
        return StoreError(f"{why}.")
    return StoreError(
        f"It is recorded, up to position {recorded}, and stays so. What was to be told of it could not be written ({why}). Do "
        "not record it again: `debt log` shows it."
    )


def _give_up_output() -> None:
    """Leave what cannot be written unwritten: Python would try once more when it ends, and end with a code of its own."""
    for stream in filter(None, (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def told(error: LedgerError) -> int:
    """Say what went wrong, if it can be said; the exit code, which says it in any case."""
    with suppress(OSError):
        say_error(error)
    return error.exit_code


def _knows_better(message: str) -> bool:
    """Whether a message names a command itself."""
    return "`" in message or "Did you mean" in message


def told_of_usage(error: click.ClickException) -> int:
    """The same of what was typed wrongly: it looks like a refusal, and ends with what to type instead."""
    with suppress(OSError):
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            error.show()
            return error.exit_code
        context = error.ctx if isinstance(error, click.UsageError) else None
        message = error.format_message()
        instead = (
            f" `{context.command_path} --help` tells how it is typed." if context and not _knows_better(message) else ""
        )
        say(f"debt: {message}{instead}")
    return error.exit_code
