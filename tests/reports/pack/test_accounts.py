"""The finance department's own chart of accounts: which code a leg gets, and what a mapping must not leave out."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from reports.pack.accounts import ROOTS, UnmappedAccountError, check_accounts, gl_code
from reports.pack.postings_csv import postings_csv
from tests.helpers.quarter_books import CASES

ACCOUNTS = {
    "assets": "1700",
    "equity": "2990",
    "expenses:estimate-variance": "6990",
    "liabilities:debt": "2100",
    "liabilities:debt:input": "2110",
    "liabilities:debt @ CC-100": "2190",
    "liabilities:neglect:time @ CC-100": "2291",
    "liabilities:neglect": "2200",
}


@pytest.mark.parametrize(
    ("account", "cost_centre", "code"),
    [
        ("liabilities:debt:system", None, "2100"),
        ("liabilities:debt:system", "CC-200", "2100"),
        ("liabilities:debt:system", "CC-100", "2190"),
        # The longer account goes before the cost centre's.
        ("liabilities:debt:input", "CC-100", "2110"),
        ("liabilities:neglect:time", "CC-100", "2291"),
        ("liabilities:neglect:time", "CC-200", "2200"),
        ("assets:capacity", "CC-100", "1700"),
        ("equity:write-offs", None, "2990"),
        ("expenses:other", None, None),
    ],
)
def test_the_longest_account_that_fits_gives_the_code(account: str, cost_centre: str | None, code: str | None) -> None:
    assert gl_code(ACCOUNTS, account, cost_centre) == code


def test_every_account_that_the_ledger_posts_to_can_be_named() -> None:
    """Each by itself; a mapping of all of them is accepted."""
    check_accounts(dict.fromkeys(ROOTS, "1"), ())


@pytest.mark.parametrize(
    "key", ["liability:debt", "liabilities:debt:inputs", "equity:", "", "liabilities @CC", "Equity"]
)
def test_a_key_that_names_no_account_is_refused_by_name(key: str) -> None:
    with pytest.raises(UnmappedAccountError, match="no such account"):
        check_accounts({**ACCOUNTS, key: "1"}, ())


def test_an_account_without_a_code_is_named() -> None:
    legs = [replace(leg, account="equity:shortcuts") for leg in CASES["typical"].journal[:1]]
    with pytest.raises(UnmappedAccountError, match="no code for equity:shortcuts"):
        check_accounts({"liabilities": "2000"}, legs)


def test_the_codes_stand_in_the_postings_and_a_hostile_one_is_no_formula() -> None:
    view = CASES["typical"]
    text = postings_csv(view, {"liabilities": "=2000", "equity": "2990"}).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {(row["account"].partition(":")[0], row["gl_account"]) for row in rows} == {
        ("liabilities", "'=2000"),
        ("equity", "2990"),
    }


@pytest.mark.parametrize(("case", "status"), [("typical", "final"), ("provisional", "provisional")])
def test_each_posting_says_whether_its_quarter_had_ended(case: str, status: str) -> None:
    text = postings_csv(CASES[case], {}).decode("utf-8-sig")
    assert {row["status"] for row in csv.DictReader(io.StringIO(text))} == {status}
