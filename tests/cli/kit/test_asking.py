"""On a terminal, what is missing is asked for: real processes on a terminal of their own."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

from tests.helpers.lines import COMMISSION, GATE
from tests.helpers.teller import Teller

#: Longer than any answer takes, on a busy machine too.
PATIENCE_SECONDS = 60.0

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
        environment = os.environ | {"TERM": "dumb"}
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
        lead.answer("AMOUNT: ", "250")
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
