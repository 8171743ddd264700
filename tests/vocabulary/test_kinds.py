"""The words that several rooms share: one definition each, and what is derived from it."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import pytest

from ledger.views.rollforward import MOVEMENTS as COLUMNS
from ledger.views.rollforward import RollforwardView
from ledger.vocabulary.ages import BUCKETS, bucket_of
from ledger.vocabulary.kinds import MOVEMENTS, column_of, movement_in


@pytest.mark.parametrize("movement", MOVEMENTS)
def test_every_movement_has_a_column_that_leads_back_to_it(movement: str) -> None:
    assert column_of(movement) in COLUMNS
    assert column_of(movement).isidentifier()
    assert movement_in(column_of(movement)) == movement


def test_the_columns_of_a_view_are_those_of_the_movements() -> None:
    assert [field.name for field in fields(RollforwardView)] == ["nature", "system", "opening", *COLUMNS, "closing"]


def test_a_bucket_is_named_by_its_first_and_last_day() -> None:
    for (first, name), (following, _) in pairwise(BUCKETS):
        assert name == f"{first}-{following - 1}"
        assert bucket_of(first) == bucket_of(following - 1) == name
    youngest, name = BUCKETS[-1]
    assert name == f"{youngest}+"
    assert bucket_of(youngest) == bucket_of(100 * youngest) == name


def test_what_is_not_there_yet_has_no_age() -> None:
    with pytest.raises(ValueError, match="-1 days"):
        bucket_of(-1)
