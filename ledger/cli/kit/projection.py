"""Days to come: figures of a day after today are projected, and every title and answer says so (design §8)."""

from __future__ import annotations

from datetime import date

from ledger.cli.kit.output import Record, say


def titled(title: str, day: date, today: date) -> str:
    """The title of a table of figures of a day."""
    return f"{title}, projected" if day > today else title


def told(answer: Record, day: date, today: date) -> Record:
    """The JSON answer: what has come to pass needs no word."""
    return answer | {"projected": True} if day > today else answer


def say_beside(form: str, day: date, today: date) -> None:
    """What a CSV, which has no title, cannot say itself; on standard error."""
    if form == "csv":
        say_projected(day, today)


def say_projected(day: date, today: date) -> None:
    """The same of what is written for other programs, or into files, and stays as it is; on standard error."""
    if day > today:
        say(f"{day} is yet to come: what is told of it is projected.")
