"""Texts that a command brings: required, short enough, and what a misspelt one may have meant."""

from __future__ import annotations

from msgspec import Struct

from ledger.decide.convention import by_convention
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.text import MAX_NAME, MAX_TEXT, is_blank


def required(text: str | None, option: str, limit: int = MAX_TEXT) -> str:
    """The text, which may not be empty or too long."""
    if not text or not text.strip():
        by_convention(Refused(f"{option} is empty.", "Say it in a few words."))
    return limited(text or "", option, limit)


def limited(text: str, option: str, limit: int = MAX_TEXT) -> str:
    """The text, which may not be too long. limit: characters."""
    if len(text) > limit:
        by_convention(
            Refused(
                f"{option} has {len(text)} characters: at most {limit} are kept.",
                "Shorten it."
                if option == "--evidence" or limit == MAX_NAME
                else "Shorten it; --evidence can say where the rest is.",
            )
        )
    return text


def refuse_blank(texts: Struct) -> None:
    """Raise Refused if a text of a command is blank: what is not said is left out (design §8)."""
    for option in texts.__struct_fields__:
        said = getattr(texts, option)
        listed = said.values() if isinstance(said, dict) else said if isinstance(said, list | tuple) else (said,)
        if any(isinstance(text, str) and is_blank(text) for text in listed):
            by_convention(Refused(f"--{option.replace('_', '-')} is blank.", "Say it, or leave it out."))


def name(text: str | None, option: str) -> str:
    """A short name: a team, a cost centre, a person."""
    return required(text, option, MAX_NAME)


def closest(word: str, known: list[str]) -> str:
    """A hint for a misspelt word, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), known, n=1)
    return f"Did you mean {near[0]}? " if near else ""
