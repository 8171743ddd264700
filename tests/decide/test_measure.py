"""What a measurement has to be, whoever hands it in."""

from __future__ import annotations

import pytest

from ledger.vocabulary.errors import Refused
from tests.decide.in_memory import InMemory
from tests.helpers.lawful_book import ACTOR, BASE, TODAY, measurement


@pytest.mark.parametrize("said", [{"value": "much"}, {"threshold": "much"}], ids=lambda said: next(iter(said)))
def test_what_was_measured_is_a_number(said: dict[str, str]) -> None:
    """From Python somebody may hand in any text."""
    book = InMemory()
    for command in BASE:
        book.do(command, TODAY, ACTOR)
    with pytest.raises(Refused, match="much"):
        book.do(measurement(**said), TODAY, ACTOR)
