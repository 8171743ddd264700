"""Trailers: what a commit says about debt in its last paragraph.

Debt-Repays: FRAUD-12 3d
Debt-Closes: FRAUD-12
Debt-Interest: FRAUD-12 2h
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ledger.decide.interest import ObserveInterest
from ledger.decide.repay import Repay
from ledger.importers.git_log import Commit
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.keys import item_id
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Quantity
from ledger.vocabulary.spelling import nearest
from ledger.vocabulary.text import clean_text

REPAYS, CLOSES, INTEREST = "Debt-Repays", "Debt-Closes", "Debt-Interest"
WORDS = (REPAYS, CLOSES, INTEREST)
#: What a trailer looks like when somebody shows one.
EXAMPLES = {REPAYS: f"{REPAYS}: FRAUD-12 3d", CLOSES: f"{CLOSES}: FRAUD-12", INTEREST: f"{INTEREST}: FRAUD-12 2h"}

_BY_WORD = {word.lower(): word for word in WORDS}
_OURS = re.compile(rf"^[ \t]*({'|'.join(WORDS)})[ \t]*:", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(r"(?P<word>Debt-[A-Za-z-]+)[ \t]*:[ \t]*(?P<value>.*)", re.IGNORECASE)
#: How an entry's evidence names its commit; the identity of a trailer is read from it again.
_EVIDENCE = re.compile(r"commit (?P<sha>[0-9a-f]{40,64}) by (?P<email>.*) at (?P<at>\S+)", re.DOTALL)
#: Letters by which a commit is named.
NAMED_BY = 12


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a trailer the same one, wherever its commit went: who wrote it, when, and what it is about."""

    email: str
    authored_at: str
    word: str
    item: str


@dataclass(frozen=True, slots=True)
class Trailer:
    """A trailer of ours that can be read. amount: None of what closes."""

    commit: Commit
    identity: Identity
    amount: Quantity | None

    @property
    def place(self) -> str:
        """Where it stands, for a person."""
        return f"commit {self.commit.sha[:NAMED_BY]}, {self.identity.word} {self.identity.item}"

    def command(self, zone: ZoneInfo) -> Repay | ObserveInterest:
        """What it asks for, on its author's day, posted late where that is closed. What closes is unmeasured work."""
        on = _day(self.commit.authored_at, zone)
        evidence = f"commit {self.commit.sha} by {self.commit.email} at {self.commit.authored_at}"
        item = self.identity.item
        if self.identity.word == INTEREST:
            assert self.amount is not None  # noqa: S101 - no other is read
            because = _subject(self.commit)
            return ObserveInterest(item=item, amount=self.amount, because=because, on=on, late=True, evidence=evidence)
        closes = self.identity.word == CLOSES
        return Repay(item=item, amount=self.amount, unmeasured=closes, on=on, late=True, evidence=evidence)


def identity_in(evidence: str, word: str, item: str) -> Identity | None:
    """The identity of the trailer that an entry with this evidence came from; None of other evidence."""
    found = _EVIDENCE.fullmatch(evidence)
    return Identity(found["email"], found["at"], word, item) if found else None


def trailers_of(commit: Commit, currency: Currency) -> tuple[list[Trailer], list[tuple[str, str]]]:
    """What a commit's trailers say, and what of it cannot be taken: place and why.

    Where it says something of ours outside its trailers, or twice, it is a squash of several, or somebody's slip: nothing of it
    is guessed.
    """
    at = f"commit {commit.sha[:NAMED_BY]}"
    lines = [line for line in map(_LINE.fullmatch, commit.trailers.splitlines()) if line]
    ours = [line for line in lines if line["word"].lower() in _BY_WORD]
    if len(_OURS.findall(commit.body)) > len(ours):
        return [], [(at, _elsewhere())]
    read: list[Trailer] = []
    bad: list[tuple[str, str]] = []
    for line in ours:
        try:
            read.append(_trailer(commit, _BY_WORD[line["word"].lower()], line["value"], currency))
        except Unreadable as error:
            bad.append((f"{at}, {_BY_WORD[line['word'].lower()]}", str(error)))
    twice = {identity for identity, times in Counter(trailer.identity for trailer in read).items() if times > 1}
    bad += [(f"{at}, {each.word} {each.item}", _said_twice(each)) for each in sorted(twice, key=lambda each: each.item)]
    return [trailer for trailer in read if trailer.identity not in twice], bad


def _elsewhere() -> str:
    return (
        "It says something of ours that is not among the trailers of its last paragraph; of a squash of several nobody knows "
        "what was recorded already. Record what is missing by hand, with the commit as --evidence."
    )


def _said_twice(identity: Identity) -> str:
    return (
        f"It says {identity.word} of {identity.item} more than once: a squash of several, or a slip. Record by hand what is "
        "missing, with the commit as --evidence."
    )


def near_misses(message: str) -> list[tuple[str, str]]:
    """Words of a message that look like ours and are none, each with the one that was probably meant."""
    said = [line["word"] for line in map(_LINE.fullmatch, message.splitlines()) if line]
    pairs = [(word, nearest(word, WORDS)) for word in said if word.lower() not in _BY_WORD]
    return [(word, meant) for word, meant in pairs if meant]


def _trailer(commit: Commit, word: str, value: str, currency: Currency) -> Trailer:
    item, amount = read_value(word, value, currency)
    return Trailer(commit, Identity(commit.email, commit.authored_at, word, item), amount)


def read_value(word: str, value: str, currency: Currency) -> tuple[str, Quantity | None]:
    """The item and the amount of a trailer. Raises Unreadable."""
    words = clean_text(value).split()
    wanted = 1 if word == CLOSES else 2
    if len(words) != wanted:
        raise Unreadable(f"'{clean_text(value)}' is not what {word} takes: it is written like '{EXAMPLES[word]}'.")
    item = item_id(words[0])
    return item, None if word == CLOSES else Quantity.parse(words[1], currency)


def _day(authored_at: str, zone: ZoneInfo) -> date:
    """The author's day, in the book's zone. Raises Unreadable for a time that git itself could not read."""
    try:
        return datetime.fromisoformat(authored_at).astimezone(zone).date()
    except (ValueError, OverflowError):
        raise Unreadable(f"Its author's date, '{clean_text(authored_at)}', is none.") from None


def _subject(commit: Commit) -> str:
    return clean_text(commit.body.strip().splitlines()[0])[:200] if commit.body.strip() else "said by a commit"
