"""The figures of the journal-entry tests: gaps, first digits, samples, logins, each against a reckoning by hand."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.journal_tests.figures import CONFORMITY, benford, expected_share, first_digit, gaps, nearest_rank
from ledger.journal_tests.logins import Logins
from ledger.journal_tests.sampling import EntrySample, MoneySample
from tests.helpers.journal_entry import OTHER, entry

# --- figures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "percent", "value"),
    [
        ([7], 50, 7),
        ([1, 2], 50, 1),
        ([1, 2, 3], 50, 2),
        (list(range(1, 11)), 90, 9),
        (list(range(1, 12)), 90, 10),
        ([-5, 0], 1, -5),
        ([3, 3, 9], 100, 9),
    ],
)
def test_the_nearest_rank_is_a_value_that_occurs(values: list[int], percent: int, value: int) -> None:
    """The smallest that so many per cent do not exceed."""
    assert nearest_rank(Counter(values), percent) == value


def test_gaps_of_no_entry_are_none() -> None:
    """There is nothing to say."""
    assert gaps({}) is None


@pytest.mark.parametrize(
    ("days", "band"),
    [(-9, "ahead"), (-1, "ahead"), (0, "same day"), (1, "1 day"), (2, "2 to 7 days"), (7, "2 to 7 days"),
     (8, "8 to 30 days"), (30, "8 to 30 days"), (90, "31 to 90 days"), (91, "91 days and more")],
)  # fmt: skip
def test_every_gap_falls_into_one_band(days: int, band: str) -> None:
    """Their ends are inclusive."""
    found = gaps({days: 3})
    assert found is not None
    assert {name: count for name, count in found.bands if count} == {band: 3}


@pytest.mark.parametrize(("digit", "share"), [(1, "0.30103"), (2, "0.17609"), (5, "0.07918"), (9, "0.04576")])
def test_the_expected_shares_are_the_published_ones(digit: int, share: str) -> None:
    """Five decimals, as every table of Benford's law has them."""
    assert expected_share(digit).quantize(Decimal("0.00001")) == Decimal(share)


METHOD = (Path(__file__).resolve().parents[2] / "docs" / "method.md").read_text(encoding="utf-8")
#: The rows of its worked example: digit, observed, expected, three shares.
PAGE = re.findall(r"^\| (\d) \| (\d+) \| ([\d.]+) \| (0\.\d{5}) \| (0\.\d{5}) \| (0\.\d{5}) \|$", METHOD, re.MULTILINE)
WORKED = {int(row[0]): int(row[1]) for row in PAGE}


def test_the_worked_example_of_the_method_is_what_is_computed() -> None:
    """Every figure of the table in docs/method.md, and the deviation under it; with floats, and with ours."""
    apart = [abs(count / 300 - math.log10(1 + 1 / digit)) for digit, count in WORKED.items()]
    found = benford(WORKED)
    assert [
        (
            str(row.digit),
            str(row.observed),
            str(row.expected),
            str(row.observed_share),
            str(row.expected_share),
            f"{off:.5f}",
        )
        for row, off in zip(found.digits, apart, strict=True)
    ] == PAGE
    total, deviation = f"{sum(apart):.5f}", f"{sum(apart) / 9:.5f}"
    assert str(found.deviation) == deviation
    assert f"adds up to {total}; a ninth of it is {deviation}, {found.conformity}." in METHOD


def test_the_method_defines_every_band() -> None:
    """By the names that the report uses."""
    for most, name in CONFORMITY:
        assert f"{name} to {most}" in METHOD.replace("\n", " ")


def test_too_few_amounts_are_not_tested() -> None:
    """One below three hundred."""
    assert benford(WORKED | {1: 95}).deviation is None
    assert benford(WORKED | {1: 95}).amounts == 299


def test_the_bands_are_nigrinis() -> None:
    """First digits, mean absolute deviation: 2012, table 7.1."""
    assert [(str(most), name) for most, name in CONFORMITY] == [
        ("0.006", "close"), ("0.012", "acceptable"), ("0.015", "marginally acceptable")]  # fmt: skip
    assert benford({1: 300}).conformity == "nonconformity"


@given(st.integers(1, 10**15))
def test_the_first_digit_is_the_same_in_every_unit(amount: int) -> None:
    """Cents or euros."""
    assert first_digit(amount) == int(f"{amount:e}"[0]) or amount >= 10**6  # `e` keeps six digits and rounds the rest
    assert first_digit(amount) == first_digit(amount * 100)


# --- samples -------------------------------------------------------------------------------------------


def drawn(seed: str, size: int, positions: range) -> list[int]:
    sample = EntrySample(seed, size)
    for position in positions:
        sample.offer(entry(position))
    return [found.position for found in sample.drawn()]


def test_the_sample_is_what_sha256sum_says() -> None:
    """By the text SEED:POSITION alone; a smaller sample is the beginning of a larger one."""
    by_hand = sorted(range(1, 101), key=lambda position: hashlib.sha256(f"year-end:{position}".encode()).hexdigest())
    assert drawn("year-end", 10, range(1, 101)) == by_hand[:10]
    assert drawn("year-end", 4, range(1, 101)) == by_hand[:4]
    assert drawn("year-end", 200, range(1, 101)) == by_hand
    assert drawn("year-end", 0, range(1, 101)) == []
    assert drawn("another", 10, range(1, 101)) != by_hand[:10]


@given(st.lists(st.integers(1, 50), max_size=12), st.integers(1, 8), st.text(max_size=5))
def test_a_sample_by_money_draws_minor_units_at_equal_steps(amounts: list[int], size: int, seed: str) -> None:
    """Against a row of coins, each with its entry's number on it."""
    sample = MoneySample(seed, size)
    for position, amount in enumerate(amounts, start=1):
        sample.offer(entry(position, amount_minor=amount))
    coins = [position for position, amount in enumerate(amounts, start=1) for _ in range(amount)]
    start = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % len(coins) if coins else 0
    picked = [coins[math.floor(Fraction(start + step * len(coins), size))] for step in range(size)] if coins else []
    assert sample.hits() == Counter(picked)
    interval = Fraction(len(coins), size)
    assert all(position in picked for position, amount in enumerate(amounts, start=1) if amount >= interval)


def test_reversals_and_entries_without_an_amount_are_no_money() -> None:
    """There is nothing of them to draw."""
    sample = MoneySample("seed", 5)
    for each in (entry(1), entry(2, amount_minor=0), entry(3, amount_minor=500, reverses=OTHER)):
        sample.offer(each)
    assert sample.hits() == {}


# --- actors and database users -------------------------------------------------------------------------


def test_one_service_account_for_everybody_is_no_finding() -> None:
    """Nobody owns it, and nobody writes elsewhere."""
    logins = Logins({("ada", "service"): 40, ("bea", "service"): 30, ("cleo", "service"): 30})
    assert [logins.unusual(actor, "service") for actor in ("ada", "bea", "cleo")] == [None] * 3


def test_an_actor_at_another_login_than_usual_is_unusual() -> None:
    """And whoever writes at somebody else's; a new actor at a login of its own is not."""
    logins = Logins(
        {("ada", "ada_l"): 95, ("ada", "bea_l"): 2, ("bea", "bea_l"): 30, ("cleo", "ada_l"): 5, ("dan", "dan_l"): 1}
    )
    assert logins.unusual("ada", "ada_l") is None
    assert logins.unusual("ada", "bea_l") == "ada writes as ada_l as a rule"
    assert logins.unusual("cleo", "ada_l") == "ada_l is the login of ada as a rule"
    assert logins.unusual("bea", "bea_l") is None
    assert logins.unusual("dan", "dan_l") is None


def test_half_is_no_rule_and_nine_in_ten_are() -> None:
    """The two limits, exactly."""
    logins = Logins({("ada", "one"): 10, ("ada", "two"): 10, ("bea", "three"): 90, ("cleo", "three"): 10})
    assert (logins.unusual("ada", "one"), logins.unusual("ada", "two")) == (None, None)
    assert logins.unusual("cleo", "three") == "three is the login of bea as a rule"
    less = Logins({("bea", "three"): 89, ("cleo", "three"): 11})
    assert less.unusual("cleo", "three") is None


def test_sessions_are_those_of_the_population_with_the_books_counts() -> None:
    """In order of actor and login; a database that did not say stands for itself."""
    logins = Logins({("ada", None): 1, ("ada", "ada_l"): 9, ("bea", "bea_l"): 3})
    found = logins.sessions({("ada", "ada_l"): 2, ("ada", None): 1})
    assert [(each.session_user, each.entries, each.in_book, each.unusual) for each in found] == [
        (None, 1, 1, "ada writes as ada_l as a rule"), ("ada_l", 2, 9, None)]  # fmt: skip
    assert logins.logins_of["ada"] == [None, "ada_l"]
    assert logins.actors_of["bea_l"] == ["bea"]
