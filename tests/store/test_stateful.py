"""Any sequence of commands, closes, retries, rebuilds and restores keeps every law of design §3.

A state machine draws what is typed next; the storyteller of tests/model makes most of it acceptable, and its model says
what should be refused. Everything goes through the command line. A failing run prints its steps and, as `debt …`, all
that was typed. LAWS_EXAMPLES in the environment sets how many runs the long test makes.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from ledger.store.engine import open_engine, reading
from ledger.tables.facts import head
from ledger.tables.postings import posting
from tests.model.agreement import Answer, in_process
from tests.model.argv import to_argv
from tests.model.commands import Adopt, Close, Command, Repay, Revise, WriteOff
from tests.model.histories import FIRST_DAY, FISCAL_YEAR_STARTS, LAST_DAY, TODAY, Step, raw_steps
from tests.model.quantities import quarter_days, to_major
from tests.model.storyteller import Storyteller, quarters_between

MOVEMENTS = (
    "commissioned", "observed", "adopted", "revised", "repaid", "written_off", "corrected", "transferred",
)  # fmt: skip
BY = ("nature", "system", "team", "dimension")
EXAMPLES = int(os.environ.get("LAWS_EXAMPLES", "2000"))
_BOOKS = count(1)

days = st.dates(FIRST_DAY - timedelta(days=20), LAST_DAY + timedelta(days=400))


class Laws(RuleBasedStateMachine):
    """One book, from its opening to the last look at it. `places` are where it can be: the first is where it begins."""

    home: str = ""
    empty: Path = Path()
    other: str | None = None
    moves = 0

    def __init__(self) -> None:
        super().__init__()
        self.run = in_process()
        self.book = f"book-{next(_BOOKS)}"
        self.typed: list[str] = []
        self.recorded: list[tuple[list[str], Any]] = []
        self.then: list[tuple[list[str], Any]] = []
        self.closed: list[tuple[list[str], Any]] = []

    @initialize(start=st.sampled_from(FISCAL_YEAR_STARTS), with_rate=st.booleans(), elsewhere=st.booleans())
    def open(self, start: int, with_rate: bool, elsewhere: bool) -> None:
        """A book with two systems."""
        self.database = self.other if elsewhere and self.other else self.home
        self.told = 0
        self.teller = Storyteller(fiscal_year_start=start, first_day=FIRST_DAY, last_day=LAST_DAY, today=TODAY)
        opening = ["init", "--currency", "EUR", "--fiscal-year-start", str(start), "--time-zone", "UTC"]
        assert self.say(opening).exit_code == 0
        self.teller.prologue(with_rate)
        self.type_what_was_told()

    # --- what happens

    @rule(steps=st.lists(raw_steps(), min_size=1, max_size=6))
    def tell(self, steps: list[Step]) -> None:
        """Some commands, acceptable or not."""
        for step in steps:
            self.teller.tell(step)
        self.type_what_was_told()

    @precondition(lambda self: self.teller.books.register.items())
    @rule(which=st.integers(0, 99), later=st.integers(1, 60), verb=st.integers(0, 3))
    def look_back(self, which: int, later: int, verb: int) -> None:
        """Half is repaid, and then something is entered of a day before that: what is left then is what counts."""
        register = self.teller.books.register
        item = register.items()[which % len(register.items())]
        day = min(register.item_facts(item)[-1].on, TODAY - timedelta(days=later))
        half = to_major(register.outstanding(item) // 2, 2)
        self.teller.say(Repay(item=item, amount=half, on=day + timedelta(days=later)))
        earlier: tuple[Command, ...] = (
            WriteOff(item=item, because="gone", on=day),
            Revise(item=item, because="counted again", principal=half, on=day),
            Repay(item=item, amount=half, on=day),
            Adopt(item=item, decided_by="Ada", because="focus", benefit="time", repay_by="2027Q4", on=day),
        )
        self.teller.say(earlier[verb])
        self.type_what_was_told()

    def type_what_was_told(self) -> None:
        """Type what the storyteller said since; the model knows whether it is refused."""
        register = self.teller.books.register
        for command in self.teller.commands[self.told :]:
            self.told += 1
            words = [*to_argv(command), "--key", f"k{self.told}", "--format", "json"]
            before = self.head()
            answer = self.say(words)
            if answer.exit_code == 1:
                assert self.head() == before, f"refused, and something was recorded: {shlex.join(words)}"
                continue
            assert answer.exit_code == 0, self.story(answer)
            self.recorded.append((words, answer.json()))
            if isinstance(command, Close):
                first, last = quarter_days(command.quarter, self.teller.books.settings.fiscal_year_start)
                self.note(self.closed, ["rollforward", "--from", f"{first}", "--to", f"{last}", "--by", "team,system"])
        assert self.head()[0] == register.head, self.story("the model and the ledger have not recorded as much")

    @precondition(lambda self: self.recorded)
    @rule(which=st.integers(0, 99))
    def retry(self, which: int) -> None:
        """The same request with the same key: the first receipt again, whatever has happened since."""
        words, receipt = self.recorded[-1 - which % len(self.recorded)]
        before = self.head()
        answer = self.say(words)
        assert (answer.exit_code, answer.json()) == (0, receipt), self.story(answer)
        assert self.head() == before

    @precondition(lambda self: self.recorded)
    @rule(which=st.integers(0, 99))
    def use_a_key_for_something_else(self, which: int) -> None:
        """Refused, for then a retry could not be told from an entry."""
        words, _ = self.recorded[which % len(self.recorded)]
        key = words[words.index("--key") + 1]
        before = self.head()
        answer = self.say(["note", "FRAUD-1", "something else", "--key", key])
        assert answer.exit_code == 1, self.story(answer)
        assert self.head() == before

    @rule()
    def rebuild(self) -> None:
        """There is nothing to put right."""
        assert self.ask(["db", "rebuild"]) == []

    @precondition(lambda self: self.recorded)
    @rule(as_of=days, which=st.integers(0, 99))
    def look(self, as_of: date, which: int) -> None:
        """What is known at a moment is noted, to be asked again at the end."""
        _, receipt = self.recorded[-1 - which % len(self.recorded)]
        known = (receipt if isinstance(receipt, dict) else receipt[-1])["recorded_at"]
        for words in (
            ["delta", "--as-of", f"{as_of}", "--by", ",".join(BY)],
            ["list", "--status", "all", "--as-of", f"{as_of}"],
            ["rollforward", "--from", f"{FIRST_DAY}", "--to", f"{max(as_of, FIRST_DAY)}", "--by", "system"],
        ):
            self.note(self.then, [*words, "--known-at", known])

    @rule(cuts=st.lists(days, min_size=2, max_size=4, unique=True).map(sorted), by=st.sampled_from((*BY[1:], None)))
    def cut(self, cuts: list[date], by: str | None) -> None:
        """Opening + movements = closing, of the parts and the whole, and the parts add up to the whole."""
        starts = [cuts[0], *(day + timedelta(days=1) for day in cuts[1:-1])]
        parts = [self.rollforward(first, last, by) for first, last in zip(starts, cuts[1:], strict=True)]
        self.adds_up(parts, self.rollforward(cuts[0], cuts[-1], by))

    @precondition(lambda self: self.moves < 2)
    @rule()
    def restore(self) -> None:
        """The book is exported, brought back elsewhere byte for byte, and goes on there."""
        self.moves += 1
        export = self.empty.parent / f"{self.book}-{self.moves}.jsonl"
        before = self.head()
        assert self.say(["export", "jsonl", str(export)]).exit_code == 0
        self.database = self.elsewhere()
        answer = self.say(["db", "restore", str(export)])
        assert answer.exit_code == 0, self.story(answer)
        assert self.head() == before
        export.unlink()

    def elsewhere(self) -> str:
        """A database that does not have the book: the other one, or a new file."""
        if self.other and self.moves == 1 and self.database != self.other:
            return self.other
        place = shutil.copy(self.empty, self.empty.with_name(f"{self.book}-{self.moves}.db"))
        return f"sqlite:///{place}"

    # --- what must hold

    def teardown(self) -> None:
        """Every law, on the book as it is now."""
        if not self.typed:
            return
        found = self.ask(["verify", "--decide"])
        assert found["ok"], self.story(found["problems"])
        for words, answer in self.then:
            assert self.ask(words) == answer, self.story(f"known then, and otherwise now: {shlex.join(words)}")
        for words, answer in self.closed:
            # As known now, for good; only the position that it is known at has moved on.
            assert self.ask(words)["rows"] == answer["rows"], self.story(
                f"a closed period changed: {shlex.join(words)}"
            )
        self.balances_hold()
        self.quarters_add_up()

    def balances_hold(self) -> None:
        """Debits equal credits; from every event on, nothing is below zero, and interest needs a principal."""
        query = (
            select(posting)
            .where(posting.c.book == self.book)
            .order_by(posting.c.effective_on, posting.c.position, posting.c.leg)
        )
        engine = open_engine(self.database)
        with reading(engine) as connection:
            legs = list(connection.execute(query))
        engine.dispose()
        sums: dict[int, int] = defaultdict(int)
        owed: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for at, leg in enumerate(legs):
            sums[leg.position] += leg.amount_minor
            if leg.nature is not None:
                balance = owed[leg.item, leg.nature]
                balance[0] -= leg.amount_minor
                balance[1] += leg.carry_minor_per_year
            if at + 1 == len(legs) or legs[at + 1].effective_on != leg.effective_on:
                for key, (outstanding, carry) in owed.items():
                    assert outstanding >= 0, self.story(f"{key} on {leg.effective_on}: {outstanding} outstanding")
                    assert carry >= 0, self.story(f"{key} on {leg.effective_on}: {carry} a year")
                    assert outstanding or not carry, self.story(
                        f"{key} on {leg.effective_on}: {carry} a year on nothing"
                    )
        assert not any(sums.values()), self.story(f"events that do not balance: {sums}")

    def quarters_add_up(self) -> None:
        """The quarters of the fiscal years, added up, are all of the time."""
        start = self.teller.books.settings.fiscal_year_start
        spans = [quarter_days(quarter, start) for quarter in quarters_between(FIRST_DAY, LAST_DAY, start)]
        for by in (None, "team"):
            parts = [self.rollforward(first, last, by) for first, last in spans]
            self.adds_up(parts, self.rollforward(spans[0][0], spans[-1][1], by))

    def rollforward(self, first: date, last: date, by: str | None) -> dict[tuple[str, ...], dict[str, Decimal]]:
        """Rows by nature and group; each ties, and the natures sum to the total."""
        words = ["rollforward", "--from", f"{first}", "--to", f"{last}", *(["--by", by] if by else [])]
        rows = self.ask(words)["rows"]
        names = {"nature", (by or "").replace("-", "_")}
        found = {
            tuple(str(row[name]) for name in ("nature", by) if name in row): {
                name: Decimal(value) for name, value in row.items() if name not in names
            }
            for row in rows
        }
        for key, row in found.items():
            assert row["opening"] + sum(row[name] for name in MOVEMENTS) == row["closing"], self.story(
                (words, key, row)
            )
        return found

    def adds_up(self, parts: list[dict[Any, dict[str, Decimal]]], whole: dict[Any, dict[str, Decimal]]) -> None:
        """Consecutive roll-forwards are one: each opens with the last one's closing, and what flows is summed."""
        zero: dict[str, Decimal] = defaultdict(Decimal)
        for key in {key for part in (*parts, whole) for key in part}:
            rows = [part.get(key, zero) for part in parts]
            total = whole.get(key, zero)
            assert [row["opening"] for row in rows[1:]] == [row["closing"] for row in rows[:-1]], self.story(
                (key, rows)
            )
            assert (rows[0]["opening"], rows[-1]["closing"]) == (total["opening"], total["closing"]), self.story(
                (key, rows)
            )
            for name in (*MOVEMENTS, "interest", "spent"):
                assert sum(row[name] for row in rows) == total[name], self.story((key, name, rows, total))

    # --- how it is said

    def say(self, words: list[str]) -> Answer:
        """Type it, and keep what was typed."""
        argv = ["--database", self.database, "--book", self.book, "--actor", "ada", *words]
        self.typed.append(shlex.join(["debt", *argv]))
        answer = self.run(argv)
        assert answer.exit_code in (0, 1), self.story(answer)
        return answer

    def ask(self, words: list[str]) -> Any:
        """The JSON answer to a question."""
        answer = self.run(
            ["--database", self.database, "--book", self.book, "--actor", "ada", *words, "--format", "json"]
        )
        assert answer.exit_code == 0, self.story((words, answer))
        return answer.json()

    def note(self, notes: list[tuple[list[str], Any]], words: list[str]) -> None:
        """Ask, and keep the answer."""
        notes.append((words, self.ask(words)))

    def head(self) -> tuple[int, str]:
        """Position and hash of the last event."""
        engine = open_engine(self.database)
        with reading(engine) as connection:
            found = connection.execute(select(head.c.position, head.c.hash).where(head.c.book == self.book)).one()
        engine.dispose()
        return found.position, found.hash

    def story(self, what: Any) -> str:
        """What is wrong, and all that was typed."""
        shown = what if isinstance(what, str) else json.dumps(what, default=repr, ensure_ascii=False)
        return "\n".join([shown, *self.typed])


def hold(home: str, empty: Path, other: str | None, *, examples: int, steps: int) -> None:
    """Run the machine: home and other are databases with a schema and perhaps other books, empty a file with a schema."""
    machine = type("LawsHere", (Laws,), {"home": home, "empty": empty, "other": other})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            phases=set(Phase) - {Phase.explain},
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def empty(sqlite_url: str, tmp_path: Path) -> Path:
    """An SQLite file with a schema and no book, to be copied."""
    return Path(shutil.copy(tmp_path / "ledger.db", tmp_path / "empty.db"))


@pytest.mark.reliability
def test_a_few_sequences_keep_every_law(sqlite_url: str, empty: Path) -> None:
    hold(sqlite_url, empty, None, examples=6, steps=12)


@pytest.mark.reliability
def test_many_sequences_keep_every_law(sqlite_url: str, empty: Path, postgres_url: str) -> None:
    hold(sqlite_url, empty, postgres_url, examples=25, steps=30)


@pytest.mark.soak
def test_very_many_sequences_keep_every_law(sqlite_url: str, empty: Path, postgres_url: str) -> None:
    hold(sqlite_url, empty, postgres_url, examples=EXAMPLES, steps=60)
