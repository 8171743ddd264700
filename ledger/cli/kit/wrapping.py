"""Lines that any terminal shows whole."""

from __future__ import annotations

import shlex
from textwrap import wrap

#: Columns of a screen, in characters.
WIDTH = 80


def wrapped_command(command: str, indent: str = "  ") -> list[str]:
    """A command in lines that a shell takes as one, of the screen's width where its words let it.

    Within quotation marks a line's end would be part of the word: a quoted word stays whole, however long it is.
    """
    lines, room = [indent.removesuffix(" ")], WIDTH - len(" \\")
    for word in map(shlex.quote, shlex.split(command)):
        if len(lines[-1]) + len(f" {word}") > room and lines[-1].strip():
            lines.append(f"{indent} ")
        lines[-1] += f" {word}"
    return [*(f"{line} \\" for line in lines[:-1]), lines[-1]]


def wrapped_text(text: str, indent: str = "") -> list[str]:
    """A text in lines of the screen's width; none of nothing."""
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
