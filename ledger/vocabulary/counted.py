"""Numbers of things in words: one issue, two issues."""

from __future__ import annotations


def counted(number: int, one: str, several: str | None = None) -> str:
    """A number and what it counts. one: of a single thing; several: of none or more than one, with an s at its end by default.

    Both may go on as a sentence does: `counted(n, "row was", "rows were")`.
    """
    return f"{number} {one if number == 1 else several or f'{one}s'}"
