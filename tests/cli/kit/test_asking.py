"""On a terminal, what is missing is asked for: real processes on a terminal of their own."""

from __future__ import annotations

import os
import pty
import select
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from ledger.vocabulary.categories import CATEGORIES
from tests.helpers.lines import COMMISSION, GATE
from tests.helpers.teller import Teller

#: Longer than any answer takes, on a busy machine too.
PATIENCE_SECONDS = 60.0

ROOT = Path(__file__).resolve().parents[3]
LAST_YEAR = "2025-02-01"


@dataclass
class Terminal:
    """A process that believes it talks to a person. seen: all that it has shown so far."""

    words: Sequence[str]
    seen: str = ""
    _master: int = field(init=False)
    _process: subprocess.Popen[bytes] = field(init=False)

    def __enter__(self) -> Terminal:
        self._master, slave = pty.openpty()
        argv = [sys.executable, "-m", "ledger", *self.words]
        environment = os.environ | {"TERM": "dumb", "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def expect(self, question: str) -> None:
        """Wait until it has shown this since the last answer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while question not in self.seen:
            assert time.monotonic() < deadline, f"no {question!r} in {self.seen!r}"
            if select.select([self._master], [], [], 0.1)[0]:
                try:
                    shown = os.read(self._master, 4096)
                except OSError:  # how Linux tells that the other end is closed
                    shown = b""
                assert shown, f"it ended without {question!r}: {self.seen!r}"
                self.seen += shown.decode()

    def answer(self, question: str, answer: str) -> None:
        """Wait for a question and answer it."""
        self.expect(question)
        self.seen = ""
        os.write(self._master, f"{answer}\n".encode())

    def exit_code(self) -> int:
        """Wait for its end."""
        return self._process.wait(PATIENCE_SECONDS)


def _words(teller: Teller, *words: str) -> list[str]:
    return ["--database", f"sqlite:///{teller.path}", "--actor", "ada", *words]


def test_a_commission_is_asked_for_word_by_word(teller: Teller) -> None:
    """Whatever is missing, the gate's fields among it; what cannot be read is asked for again."""
    with Terminal(
        _words(teller, "commission", "FRAUD", "Glue", "--on", LAST_YEAR, "--category", "missing-tests")
    ) as lead:
        lead.answer("principal: ", "1000")
        lead.answer("decided-by: ", "Ada")
        lead.answer("because: ", "launch in May")
        lead.answer("benefit: ", "two months")
        lead.answer("repay-by: ", "2026Q7")
        lead.answer("'2026Q7' is not a quarter: write it like 2026Q3.", "2026Q4")
        lead.answer("until: ", "2026-12-31")
        lead.answer("Record it? [Y/n]: ", "")
        lead.expect("debt commissioned: EUR 1,000.00")
        assert lead.exit_code() == 0
    told = teller.ask("show FRAUD-1")
    assert (told["repay_by"], told["until"], told["decisions"][0]["because"]) == (
        "2026Q4",
        "2026-12-31",
        "launch in May",
    )


def test_a_repayment_is_asked_for_its_amount(teller: Teller) -> None:
    """One of two ways is asked for; the other was not meant."""
    teller.do(COMMISSION.replace("2026-02-01", LAST_YEAR))
    with Terminal(_words(teller, "repay", "FRAUD-1", "--on", LAST_YEAR)) as lead:
        lead.answer("AMOUNT: ", "much")
        lead.answer("'much' is neither an amount nor an effort", "250")
        lead.answer("debt repay FRAUD-1 250 --on 2025-02-01", "y")
        lead.expect("removed EUR 250.00")
        assert lead.exit_code() == 0
    assert teller.ask("list")[0]["outstanding"] == "750.00"


def test_nothing_is_asked_where_nobody_can_answer(teller: Teller) -> None:
    """A script gets the list of what is missing, at once."""
    argv = [sys.executable, "-m", "ledger", *_words(teller, "commission", "FRAUD", "Glue", *GATE.split()[:2])]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 2
    assert "Missing: --category, --principal, --because, --benefit, --repay-by." in done.stderr
    assert teller.position == 2


def test_a_category_is_chosen_by_its_number_and_asks_for_what_it_needs(teller: Teller) -> None:
    """Under its dimension, with its one line; missing tests need an end, which nobody knew when the command was typed."""
    number = list(CATEGORIES).index("missing-tests") + 1
    with Terminal(_words(teller, "commission", "--on", LAST_YEAR, *shlex.split(GATE))) as lead:
        lead.answer("SYSTEM: ", "FRAUDD")
        lead.answer("'FRAUDD' is none of these: type one, or its number.", "1")
        lead.answer("TITLE: ", "Untested")
        lead.expect(CATEGORIES["missing-tests"].definition.split()[0])
        lead.answer("category: ", str(number))
        lead.answer("principal: ", "1000.005")
        lead.answer("'1000.005' has 3 decimals", "1000")
        lead.answer("until: ", "2026-12-31")
        lead.answer("Record it? [Y/n]: ", "y")
        lead.expect("category: missing-tests")
        assert lead.exit_code() == 0


def test_what_was_typed_is_shown_to_whoever_says_no(teller: Teller) -> None:
    """Nothing is recorded, and the command can be typed as it stands."""
    with Terminal(_words(teller, "observe", "FRAUD", "It's found", "--on", LAST_YEAR)) as lead:
        lead.answer("category: ", "glue-code")
        lead.answer("cause: ", "7")
        lead.answer("Record it? [Y/n]: ", "n")
        lead.expect("Nothing was recorded. So far that was:")
        lead.expect("--cause expedience")
        assert lead.exit_code() == 1
    assert teller.position == 2


def test_a_slip_is_asked_about(teller: Teller) -> None:
    """A team that looks misspelt, and a rate that leaps; the answer is recorded with the command."""
    teller.do("rate set 900 --from 2025-01-01")
    with Terminal(_words(teller, "rate", "set", "90", "--from", LAST_YEAR)) as lead:
        lead.answer("is that meant? [y/N]: ", "n")
        lead.expect("If it is meant, add --yes")
        assert lead.exit_code() == 1
    assert teller.position == 3
    with Terminal(_words(teller, "system", "change", "FRAUD", "--team", "rde", "--on", LAST_YEAR)) as lead:
        lead.answer("Did you mean red? [Y/n]: ", "")
        lead.expect("team: red")
        assert lead.exit_code() == 0
    with Terminal(_words(teller, "system", "change", "FRAUD", "--team", "rde", "--on", LAST_YEAR)) as lead:
        lead.answer("Did you mean red? [Y/n]: ", "n")
        lead.expect("team: rde")
        assert lead.exit_code() == 0
    teller.do("verify --decide")
