"""How far two words are from each other, in letters, and which known word a misspelt one may have meant."""

from __future__ import annotations

from collections.abc import Iterable

#: A word that is no further from a known one is probably that one, misspelt.
SLIP_LETTERS = 2


def letters_apart(one: str, other: str) -> int:
    """How many letters must be put in, taken out or changed to make one word of the other."""
    before = list(range(len(other) + 1))
    for taken, letter in enumerate(one, 1):
        here = [taken]
        for given, wanted in enumerate(other, 1):
            here.append(min(before[given] + 1, here[-1] + 1, before[given - 1] + (letter != wanted)))
        before = here
    return before[-1]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, whatever its capitals; the first one of those that are as near. None if none is.

    Of a short word half the letters have to be right, or all of them in another order.
    """
    said = word.casefold()
    near = [(letters_apart(said, each.casefold()), each) for each in known]
    slips = [
        (apart, each)
        for apart, each in near
        if apart <= SLIP_LETTERS and (apart < max(len(said), len(each)) / 2 or sorted(said) == sorted(each.casefold()))
    ]
    if slips:
        return min(slips)[1]
    begun = [each for _, each in near if len(said) > SLIP_LETTERS and each.casefold().startswith(said)]
    return begun[0] if len(begun) == 1 else None
