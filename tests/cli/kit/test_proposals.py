"""Every command that any message proposes can be typed: read from the source, and from what sessions print."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import click
import pytest

from ledger.cli.kit.asking import NeededArgument
from tests.helpers.command_tree import leaves
from tests.helpers.proposals import Proposal, in_source, open_words, printed, read
from tests.helpers.teller import Clock, Reply, Teller, copied
from tests.model.argv import to_argv
from tests.model.commands import Report
from tests.model.histories import FIRST_DAY, LAST_DAY, TODAY, seeded_history


@pytest.mark.parametrize("proposal", list(in_source()), ids=lambda proposal: f"{proposal.place} {proposal.text}")
def test_what_the_source_proposes_is_read(proposal: Proposal) -> None:
    """Whatever stands between backticks behind `debt`: command, options, arguments and their kinds."""
    try:
        read(proposal.text)
    except click.UsageError as error:
        pytest.fail(f"{proposal.place}: `debt {proposal.text}`: {error.format_message()}")


@pytest.mark.parametrize(
    "proposed",
    [
        "unmake",
        "observe FRAUD T --category no-such-category",
        "observe FRAUD T --kause expedience",
        "repay FRAUD-1 5 6",
        "plan FRAUD-1 2026Q7",
        "rate set 5 --from tomorrow",
        "import sonarcube x",
        "reverse … --because … again",
    ],
)
def test_what_cannot_be_typed_is_found(proposed: str) -> None:
    """So that what is proposed is held against the program, and not only against itself."""
    with pytest.raises(click.UsageError):
        read(proposed)


#: What a lead asks between entries.
QUESTIONS = ("status", "due", "list", "review", "budget list", "decisions", "show FRAUD-1", "show XY-1", "system show RANK",
             "expectations FRAUD", "close 2026Q2", "verify", "commission FRAUD T --category glue-code --principal 5",
             "list --team rde", "report 2027Q1", "measure --monitor m x", "config", "sources", "reverse 1 --because x")  # fmt: skip


LEAVES = {path for path, _ in leaves()}
#: Commands that cannot be meant to be typed as they are called: they need a word.
WITH_WORDS = {path for path, command in leaves() if any(isinstance(each, NeededArgument) for each in command.params)}


@pytest.mark.reliability
@pytest.mark.parametrize("seed", range(6))
def test_what_a_session_is_proposed_can_be_typed(tmp_path: Path, seed: int) -> None:
    """Whatever a random session and its questions print; what is whole is carried out, on a copy, and is no wrong usage."""
    history = seeded_history(seed, steps=30, days=(FIRST_DAY, LAST_DAY), today=TODAY)
    teller = Teller(tmp_path / "ledger.db", Clock(datetime.combine(TODAY, time(12), UTC)))
    teller.do(f"init --book main --currency EUR --fiscal-year-start {history.fiscal_year_start} --on 2024-01-01")
    tried: set[str] = set()
    for command in history.commands:
        if not isinstance(command, Report):
            _try_proposed(teller, teller.type_words(to_argv(command)), tried, tmp_path)
    for line in QUESTIONS:
        _try_proposed(teller, teller.type(line), tried, tmp_path)
    assert len(tried) > 10


def _try_proposed(teller: Teller, reply: Reply, tried: set[str], folder: Path) -> None:
    for proposed in printed(reply.out + reply.err):
        words = read(proposed)
        if proposed in tried:
            continue
        tried.add(proposed)
        named = tuple(words) in WITH_WORDS or not any(tuple(words[: len(path)]) == path for path in LEAVES)
        if not open_words(proposed) and not named:
            copy = Teller(copied(teller.path, folder / "copy.db"), teller.clock)
            answer = copy.type_words([*words])
            assert answer.exit_code in (0, 1), f"{reply.line}: proposed `debt {proposed}`: {answer.err}"
            assert reply.exit_code == 0 or answer.exit_code == 0, f"{reply.line}: {proposed}: {answer.err}"
