"""Attacks, each drawn from a seed of its own; and what became of the books."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from ledger.store.engine import open_engine, writing
from ledger.store.rebuild import rebuild
from ledger.vocabulary.errors import LedgerError
from tests.reliability.attack import facts, postgresql_schema, rows, sqlite_schema
from tests.reliability.attack.appends import append_what_was_altered
from tests.reliability.attack.books import Books, Copy
from tests.reliability.attack.facts import make_the_chain_anew
from tests.reliability.attack.figures import Answers, answers
from tests.reliability.attack.ground import Foiled, Ground, Stroke
from tests.reliability.attack.guards import LiftedGuards
from tests.reliability.attack.verdict import EXPECT, Kept, Verdict, examined, head_of, opened

#: What became of a book, from the best to what may never be.
OUTCOMES = (
    "refused by the database", "nothing differs", "nothing differs, found", "differs, found", "differs, found by --expect alone",
    "differs and unnoticed", "a crash",
)  # fmt: skip


@dataclass
class Attack:
    """What is done to one copy. anew: whether the chain was computed anew, or events were cut off at the end."""

    dice: Random
    copy: Copy
    book: str
    told: list[str] = field(default_factory=list)
    anew: bool = False

    def carry_out(self) -> None:
        """By the owner in most cases, with guards lifted and mostly put back; else by a writer's own rights."""
        if self.copy.writer != self.copy.owner and self.dice.random() < 0.2:
            return self._as_a_writer()
        strokes = self.dice.choice((1, 1, 1, 2, 2, 3))
        at_schema = sum(self.dice.random() < 0.3 for _ in range(strokes))
        if strokes > at_schema:
            self._at_rows(strokes - at_schema)
        at_objects = sqlite_schema.STROKES if self.copy.owner.startswith("sqlite") else postgresql_schema.STROKES
        self._in_one_transaction(self.copy.owner, at_objects, at_schema)
        return None

    def _at_rows(self, strokes: int) -> None:
        engine = open_engine(self.copy.owner)
        form, back = self.dice.random() < 0.5, self.dice.random() < 0.85
        try:
            with writing(engine) as connection:
                guards = LiftedGuards(connection, form)
                guards.lift()
                ground = Ground(connection, self.dice, self.book)
                for _ in range(strokes):
                    kinds = facts.STROKES if self.dice.random() < 0.4 else rows.STROKES
                    self._strike(ground, kinds)
                if any(word in each for each in self.told for word in ("event", "body", "request")):
                    self._cover_up(ground)
                if back:
                    guards.put_back()
            if self.anew and self.dice.random() < 0.6:
                rebuild(engine, self.book)
                self.told.append("read models rebuilt")
            self.told.append(f"guards {'put back' if back else 'left off'}{', form too' if form else ''}")
        except LedgerError as error:
            self.told.append(f"not done: {error}")
        finally:
            engine.dispose()

    def _cover_up(self, ground: Ground) -> None:
        if self.dice.random() < 0.6:
            try:
                make_the_chain_anew(ground)
            except Foiled:
                return
            self.anew = True
            self.told.append("chain anew")

    def _in_one_transaction(self, url: str, kinds: tuple[Stroke, ...], strokes: int) -> None:
        if not strokes:
            return
        engine = open_engine(url)
        try:
            with writing(engine) as connection:
                ground = Ground(connection, self.dice, self.book)
                for _ in range(strokes):
                    self._strike(ground, kinds)
        except LedgerError as error:
            self.told.append(f"not done: {error}")
        finally:
            engine.dispose()

    def _as_a_writer(self) -> None:
        if self.dice.random() < 0.6:
            self.told.append(f"a writer: {append_what_was_altered(self.copy.writer, self.book, self.dice)}")
            return
        self.told.append("a writer")
        kinds = (*rows.STROKES, *facts.STROKES, *postgresql_schema.STROKES)
        self._in_one_transaction(self.copy.writer, kinds, self.dice.randint(1, 3))

    def _strike(self, ground: Ground, kinds: tuple[Stroke, ...]) -> None:
        stroke = self.dice.choice(kinds)
        try:
            self.told.append(stroke(ground))
            self.anew |= stroke is facts.cut_the_tail
        except Foiled as foiled:
            self.told.append(f"({stroke.__name__} foiled: {foiled})")


@dataclass
class Campaign:
    """Attacks on the books of one kind of database."""

    books: Books
    database: str
    outcomes: Counter[str] = field(default_factory=Counter)
    finders: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _untouched: dict[str, tuple[Answers, Kept]] = field(default_factory=dict)

    def untouched(self, name: str) -> tuple[Answers, Kept]:
        """What a book answers that nobody touched, and what would be noted of it. Asked by whoever may read it."""
        if name not in self._untouched:
            book = self.books.book(name)
            with self.books.copy(name) as copy, opened(copy.auditor, book) as books:
                self._untouched[name] = dict(answers(books, Random(0))), head_of(books)
        return self._untouched[name]

    def wage(self, first: int, count: int) -> None:
        """So many attacks, each from a seed of its own, so that one of them can be repeated alone."""
        for seed in range(first, first + count):
            self.outcomes[self.attacked(seed)] += 1

    def attacked(self, seed: int) -> str:
        """What becomes of one book."""
        dice = Random(seed)
        name = dice.choice(self.books.names)
        right, kept = self.untouched(name)
        with self.books.copy(name) as copy:
            attack = Attack(dice, copy, self.books.book(name))
            try:
                attack.carry_out()
                seen = examined(copy.auditor, attack.book, right, dice, kept if attack.anew else None)
            except Exception:
                self._fail(seed, name, attack, f"a crash: {traceback.format_exc()}")
                return "a crash"
        if seen.found_by:
            self.finders[seen.found_by[0]] += 1
        outcome = _outcome(seen, attack)
        if outcome == "differs and unnoticed":
            self._fail(seed, name, attack, f"{outcome}: {seen.differs}")
        return outcome

    def _fail(self, seed: int, name: str, attack: Attack, what: str) -> None:
        again = f"SEED={seed} COUNT=1 pytest -m soak tests/reliability/test_attacker.py -k {self.database}"
        self.failures.append(f"{again}: {name}; {'; '.join(attack.told)}; {what}")

    def histogram(self) -> str:
        """How many attacks, by what became of the books, and how many each check found."""
        lines = [f"{'attacks':34}{self.outcomes.total():7}"]
        lines += [f"{outcome:34}{self.outcomes[outcome]:7}" for outcome in OUTCOMES]
        return "\n".join(
            (*lines, *(f"  found by {name:23}{number:7}" for name, number in sorted(self.finders.items())))
        )


def _outcome(seen: Verdict, attack: Attack) -> str:
    if seen.differs:
        by = seen.found_by and seen.found_by[0]
        return (
            "differs, found by --expect alone" if by == EXPECT else "differs, found" if by else "differs and unnoticed"
        )
    if seen.found_by:
        return "nothing differs, found"
    done = any(not told.startswith(("(", "not done", "a writer")) for told in attack.told)
    return "nothing differs" if done else "refused by the database"
