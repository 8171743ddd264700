"""How far two words are from each other, in letters."""

from __future__ import annotations


def letters_apart(one: str, other: str) -> int:
    """How many letters must be put in, taken out or changed to make one word of the other."""
    before = list(range(len(other) + 1))
    for taken, letter in enumerate(one, 1):
        here = [taken]
        for given, wanted in enumerate(other, 1):
            here.append(min(before[given] + 1, here[-1] + 1, before[given - 1] + (letter != wanted)))
        before = here
    return before[-1]
