"""The product against the reference model: random histories, through the real command line."""

import json
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from .agreement import EXAMPLES, Answer, DisagreementError, agree, in_new_process, in_process
from .corners import CORNERS
from .histories import TODAY, History, histories, seeded_history
from .mirror import Mirror
from .shorthand import FRAUD, RANK

PROCESS_DAYS = (date(2025, 1, 1), date(2025, 12, 31))
"""Real processes have the real clock, so their histories lie well in the past."""


# One database serves all examples: every history opens a book of its own in it. On both databases by `make check`.
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    phases=set(Phase) - {Phase.explain},  # the message says more, and sooner
    suppress_health_check=list(HealthCheck),
)
@given(history=histories())
def test_the_ledger_agrees_with_the_model(sqlite_url: str, history: History) -> None:
    """Every command is accepted or refused alike, and every figure afterwards is the same."""
    agree(history, sqlite_url, in_process(), replayed=True)


@pytest.mark.reliability
@settings(
    max_examples=4 * EXAMPLES,
    deadline=None,
    print_blob=True,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=list(HealthCheck),
)
@given(history=histories())
def test_the_ledger_agrees_with_the_model_on_more_histories(database_url: str, history: History) -> None:
    """The same, for longer."""
    agree(history, database_url, in_process(), replayed=True)


@pytest.mark.parametrize(
    # One in forty in every run, the others by `make check`.
    "name",
    [pytest.param(name, marks=[pytest.mark.reliability] if number % 40 else []) for number, name in enumerate(CORNERS)],
)
def test_the_ledger_agrees_on_a_corner_case(name: str, sqlite_url: str) -> None:
    """The same for the cases that random histories meet seldom."""
    agree(History(1, (FRAUD, RANK, *CORNERS[name])), sqlite_url, in_process(), replayed=True)


@pytest.mark.reliability
@pytest.mark.parametrize("seed", range(10))
def test_ten_histories_as_real_processes(seed: int, sqlite_url: str) -> None:
    """The same through `python -m ledger`, one process per command."""
    history = seeded_history(seed, steps=5, days=PROCESS_DAYS, today=TODAY)
    agree(history, sqlite_url, in_new_process, briefly=True)


@settings(max_examples=5, deadline=None)
@given(histories())
def test_the_harness_is_content_with_the_model_itself(history: History) -> None:
    """No difference is seen where there is none."""
    agree(history, "nowhere", Mirror(history))


@pytest.mark.parametrize("question", ["delta", "list", "ageing", "rollforward"])
def test_the_harness_notices_a_wrong_cent(question: str) -> None:
    """One figure off by a cent is shown, with the commands that lead there."""
    history = seeded_history(3, steps=12, days=PROCESS_DAYS, today=TODAY)
    mirror = Mirror(history)

    def off_by_a_cent(argv: Sequence[str]) -> Answer:
        answer = mirror(argv)
        if argv[6] != question:
            return answer
        head, cents, tail = answer.output.partition('.00"')
        return Answer(0, f'{head}.01"{tail}' if cents else answer.output, "")

    with pytest.raises(DisagreementError, match=r"debt --database nowhere .* " + question):
        agree(history, "nowhere", off_by_a_cent)


def test_the_harness_notices_a_refusal_too_few() -> None:
    """A command that only the model refuses is a difference."""
    history = seeded_history(3, steps=12, days=PROCESS_DAYS, today=TODAY)
    mirror = Mirror(history)

    def accepts_everything(argv: Sequence[str]) -> Answer:
        answer = mirror(argv)
        return Answer(0, json.dumps({"position": 1}), "") if answer.exit_code == 1 else answer

    with pytest.raises(DisagreementError, match="exit_code"):
        agree(history, "nowhere", accepts_everything)
