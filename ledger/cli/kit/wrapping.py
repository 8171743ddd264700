"""Lines that any terminal shows whole."""

from __future__ import annotations

from textwrap import wrap

#: Columns of a screen, in characters.
WIDTH = 80


def wrapped_command(command: str, indent: str = "  ") -> list[str]:
    """A command in lines that a terminal shows whole and a shell takes as one."""
    *first, last = wrap(
        command, WIDTH - len(" \\"), initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )
    return [*(f"{line} \\" for line in first), last]


def wrapped_text(text: str, indent: str = "") -> list[str]:
    """A text in lines of the screen's width; none of nothing."""
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
