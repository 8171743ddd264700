"""What a run assumed, as it is kept and as it is told: as people type it, also of runs of earlier releases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.importers.findings.assumptions import as_typed
from ledger.vocabulary.efforts import effort_text
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Interest

CURRENCIES = [Currency("EUR", 2), Currency("JPY", 0), Currency("KWD", 3)]
AMOUNTS = st.integers(1, 10**9)
INTERESTS = st.one_of(
    st.builds(lambda amount: Interest(percent_millionths=amount), AMOUNTS),
    st.builds(lambda amount, times: Interest(minor=amount, times_per_year=times), AMOUNTS, st.sampled_from([12, 4, 1])),
    st.builds(
        lambda amount, times: Interest(minutes=amount, times_per_year=times), AMOUNTS, st.sampled_from([12, 4, 1])
    ),
)


def as_kept_before(interest: Interest) -> str:
    """How releases up to 0.2.0 kept it."""
    if interest.percent_millionths is not None:
        return f"{(Decimal(interest.percent_millionths) / 10**6).normalize():f}% a year"
    size = f"{interest.minor} minor units" if interest.minor is not None else effort_text(interest.minutes or 0)
    return f"{size} × {interest.times_per_year} a year"


@given(INTERESTS, st.sampled_from(CURRENCIES))
def test_an_interest_is_told_as_it_is_typed(interest: Interest, currency: Currency) -> None:
    typed = interest.typed(currency)
    assert Interest.parse(typed, currency) == interest
    assert as_typed({"interest": as_kept_before(interest)}, currency) == {"interest": typed}
    assert as_typed({"interest": typed}, currency) == {"interest": typed}


@pytest.mark.parametrize("said", [{"interest": "none"}, {"spent": "unmeasured"}, {}])
def test_what_is_no_interest_stays(said: dict[str, str]) -> None:
    assert as_typed(said, CURRENCIES[0]) == said
