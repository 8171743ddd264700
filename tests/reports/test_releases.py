"""Releases: which comes after which, how they are told, and which words took the place of which."""

from __future__ import annotations

import pytest

from ledger.vocabulary.release import __version__
from reports.releases import (
    REDEFINED,
    RENAMED,
    SINCE,
    counted_otherwise,
    is_later,
    is_this,
    may_lack,
    named,
    todays_words,
)


@pytest.mark.parametrize(
    ("release", "than", "later"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.2.0.dev0", "0.1.9", True),
        ("0.2.0.dev1", "0.2.0.dev0", True),
        ("0.2.0", "0.2.0.dev9", True),
        ("0.10.0", "0.9.0", True),
        ("0.2", "0.2.0", False),
        ("0.2.0", "0.2", False),
        ("1.0rc1", "0.9", True),
        ("", "0.1.0", False),
        ("unknown", "0.1.0", False),
        ("9" * 5000, "0.1.0", False),
        ("٣.0", "0.1.0", False),
    ],
)
def test_a_release_comes_after_another_by_its_numbers(release: str, than: str, later: bool) -> None:
    assert is_later(release, than) is later


def test_only_this_release_is_this_one() -> None:
    assert is_this(__version__)
    assert not is_this(f"{__version__}.1")
    assert not is_this("")


def test_a_release_is_told_and_a_hostile_one_is_not_printed() -> None:
    assert named("0.1.0") == "debt-ledger 0.1.0"
    assert named("9.9.0") == f"debt-ledger 9.9.0, which is later than this {__version__}"
    for unreadable in ("", "0.1\x1b[2J", "1" * 41):
        assert named(unreadable) == "a release of debt-ledger that it does not tell"


def test_words_of_an_earlier_release_are_put_as_today_and_todays_stay() -> None:
    for old, new in RENAMED.items():
        assert todays_words(f"Spent in Postings = spent in {old}") == f"Spent in Postings = spent in {new}"
        assert todays_words(new) == new
        assert todays_words(f"{old}s and pre{old}") == f"{old}s and pre{old}"


def test_something_may_be_missing_only_where_the_release_is_older_than_it() -> None:
    for name, since in SINCE.items():
        assert may_lack("0.1.0", name)
        assert not may_lack(since, name)
    assert not may_lack("0.1.0", "Summary")


def test_a_figure_is_counted_otherwise_only_where_the_release_is_older_than_its_definition() -> None:
    for column, since in REDEFINED.items():
        assert counted_otherwise("0.1.0", column)
        assert not counted_otherwise(since, column)
        assert not counted_otherwise(__version__, column)
    assert not counted_otherwise("0.1.0", "Ageing All ages")
