"""Wrong usage: what is missing is named all at once, what cannot be read is said, and exit code 2 in both."""

from __future__ import annotations

import pytest

from tests.helpers.lines import COMMISSION, GATE, RATE
from tests.helpers.refusals import Row, one_line, wrong_usage
from tests.helpers.teller import Teller, copied

OBSERVED = "observe FRAUD Found --category glue-code --cause expedience"

MISSING = [
    wrong_usage(f"missing, {line}", line, f"Missing: {words}.")
    for line, words in (
        ("init", "--book, --currency"),
        ("init --currency EUR", "--book"),
        ("system add", "KEY, NAME, --team"),
        ("system add NEW --cost-centre C", "NAME, --team"),
        ("system change", "KEY, --team or --cost-centre or --name"),
        ("system change FRAUD", "--team or --cost-centre or --name"),
        ("rate withdraw", "POSITION, --because"),
        ("system retire", "KEY, --because"),
        ("system show", "KEY"),
        ("rate set", "AMOUNT, --from"),
        ("commission", "SYSTEM, TITLE, --category, --principal, --decided-by, --because, --benefit, --repay-by"),
        ("commission FRAUD --repay-by 2026Q4", "TITLE, --category, --principal, --decided-by, --because, --benefit"),
        (
            "commission FRAUD '' --category glue-code",
            "TITLE, --principal, --decided-by, --because, --benefit, --repay-by",
        ),
        (f"commission T --category missing-tests {GATE}", "TITLE, --principal, --until"),
        ("observe", "SYSTEM, TITLE, --category, --cause"),
        ("adopt", "ITEM, --decided-by, --because, --benefit, --repay-by"),
        ("renew", "ITEM, --repay-by, --decided-by, --because"),
        ("repay", "ITEM, AMOUNT or --all"),
        ("repay FRAUD-1 --spent 5", "AMOUNT or --all"),
        ("revise", "ITEM, --principal or --interest, --because"),
        ("write-off", "ITEM, --because"),
        ("plan", "ITEM, QUARTER"),
        ("reverse", "POSITION, --because"),
        ("note", "ITEM, TEXT"),
        ("interest FRAUD-1", "AMOUNT, --because"),
        ("edit FRAUD-1", "--title"),
        ("assign FRAUD-1", "WHO"),
        ("link FRAUD-1", "URL"),
        ("note FRAUD-1 ' '", "TEXT"),
        ("close", "QUARTER"),
        ("show", "ITEM"),
        ("rollforward", "QUARTER, or --from and --to"),
        ("rollforward --from 2026-01-01", "QUARTER, or --from and --to"),
    )
]

UNREADABLE = [
    wrong_usage(f"unreadable, {line}", line, words, setup=(COMMISSION,))
    for line, words in (
        (f"{OBSERVED} --principal 12.345", "'12.345' has 3 decimals: EUR has 2."),
        (f"{OBSERVED} --principal abc", "'abc' is neither an amount nor an effort: write 1200.00, 15d or 6h."),
        (f"{OBSERVED} --principal 1e5", "'1e5' is not an amount"),
        (
            f"{OBSERVED} --principal 12,345.00",
            "'12,345.00' is not an amount: write it like 1200.00, without separators.",
        ),
        (f"{OBSERVED} --principal 1.200,00", "'1.200,00' is not an amount"),
        (f"{OBSERVED} --principal ''", "'' is neither an amount nor an effort"),
        (f"{OBSERVED} --principal NaN", "'NaN' is neither an amount nor an effort"),
        (f"{OBSERVED} --principal ٣", "'٣' is"),
        (f"{OBSERVED} --principal 0.001d", "'0.001d' is not a whole number of minutes."),
        (f"{OBSERVED} --principal 5 --interest 6", "'6' is not an interest: write 800/month"),
        (f"{OBSERVED} --principal 5 --interest 6/week", "'6/week' is not an interest"),
        (f"{OBSERVED} --principal 5 --interest 6.001/month", "'6.001' has 3 decimals: EUR has 2."),
        (f"{OBSERVED} --principal 5 --interest x/month", "'x' is neither an amount nor an effort"),
        ("repay FRAUD-1 much", "'much' is neither an amount nor an effort"),
        ("repay FRAUD-1 5 --spent much", "'much' is neither an amount nor an effort"),
        ("repay FRAUD-1 5 --all", "Give AMOUNT or --all, not both."),
        ("rate set 15d --from 2026-01-01", "'15d' is not an amount"),
        ("plan FRAUD-1 2026Q7", "'2026Q7' is not a quarter: write it like 2026Q3."),
        ("plan FRAUD-1 Q3", "'Q3' is not a quarter"),
        ("close 2026Q0", "'2026Q0' is not a quarter"),
        ("rollforward 26Q1", "'26Q1' is not a quarter"),
        ("rollforward 2026Q1 --from 2026-02-01", "Give QUARTER, or --from and --to, not both."),
        ("rollforward --from 2026-02-01 --to 2026-01-31", "--to 2026-01-31 is before --from 2026-02-01."),
        (COMMISSION.replace("2026Q4", "soon"), "'--repay-by': 'soon' is not a quarter"),
        (f"{OBSERVED} --on 2026-02-30", "'--on': '2026-02-30' is not a date: write it like 2026-03-01."),
        (f"{OBSERVED} --on yesterday", "'yesterday' is not a date"),
        (f"{OBSERVED} --on 1.3.2026", "'1.3.2026' is not a date"),
        ("note FRAUD seen", "'FRAUD' is not an item: write it like FRAUD-12."),
        ("note FRAUD-0 seen", "'FRAUD-0' is not an item"),
        ("note 12 seen", "'12' is not an item"),
        ("system add 9LIVES Cat --team red", "'9LIVES' is not a system key: write it like FRAUD or HOME-PRICE."),
        ("system add FRAUD-2 Cat --team red", "'FRAUD-2' is not a system key"),
        ("delta --as-of now", "'now' is not a date"),
        ("delta --known-at yesterday", "'yesterday' is not a time: write it like 2026-07-03 or 2026-07-03T09:00:00Z."),
        (
            "delta --by owner",
            "Cannot group by 'owner': --by takes nature, dimension, category, system, team, cost-centre.",
        ),
        ("delta --by ''", "The text is blank: say it, or leave it out."),
        ("delta --format xml", "'xml' is not one of 'table', 'json', 'csv'."),
        ("list --status opn", "'opn' is not one of 'open', 'lapsed', 'overdue'"),
        ("verify --expect 3", "'3' is not POSITION:HASH"),
        ("init --book b --currency EURO", "'EURO' is not a currency: write its ISO 4217 code, like EUR."),
        (
            "init --book b --currency EUR --time-zone Berlin",
            "'Berlin' is not a time zone: write it like Europe/Berlin.",
        ),
        ("init --book b --currency EUR --fiscal-year-start 13", "13 is not in the range 1<=x<=12."),
        ("--actor '\udcff' note FRAUD-1 seen", "half a character"),
        ("note FRAUD-1 '\ud800'", "half a character"),
    )
]

MISSPELT = [
    wrong_usage(
        "a misspelt command", "comission FRAUD T", "There is no command 'comission'. Did you mean 'commission'?"
    ),
    wrong_usage("an unknown command", "xyzzy", "There is no command 'xyzzy'. `debt --help` lists them."),
    wrong_usage(
        "a misspelt command of a group", "system ad X", "There is no command 'ad' of debt system. Did you mean 'add'?"
    ),
    wrong_usage("a misspelt option", "delta --asof 2026-01-01", "No such option '--asof'. Did you mean '--as-of'?"),
    wrong_usage("an unknown option", "--nope delta", "No such option '--nope'."),
]


@pytest.mark.parametrize("row", [*MISSING, *UNREADABLE, *MISSPELT])
def test_wrong_usage_is_said(teller: Teller, row: Row) -> None:
    """All that is missing at once, what cannot be read and how to write it, what was probably meant."""
    row.check(teller)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("show FRAUD-9", "There is no item FRAUD-9 on 2026-07-15."),
        ("log FRAUD-9", "There is no item FRAUD-9. `debt list --status all`"),
        ("log NONE", "There is no system NONE. `debt system list`"),
        ("system show NONE", "There is no system NONE. `debt system list`"),
        ("list --system NONE", "There is no system NONE. `debt system list`"),
        ("list --team none", "No system names a team 'none'. `debt system list`"),
        ("list --category glue", "There is no category 'glue'."),
        ("list --category staleness-", "Did you mean staleness?"),
    ],
)
def test_a_question_about_an_unknown_name_is_refused(teller: Teller, line: str, words: str) -> None:
    """A filter that can match nothing is a mistake, and no empty answer."""
    reply = teller.type(line)
    assert (reply.exit_code, reply.out) == (1, "")
    assert words in one_line(reply.err)


@pytest.mark.parametrize("amount", ["-5", "-5.50", "-5d", "-6h", "-30min"])
def test_a_negative_amount_is_an_amount_and_no_option(teller: Teller, amount: str) -> None:
    """It is read as what was meant and refused by the rule."""
    teller.do(RATE, COMMISSION)
    reply = teller.type(f"repay FRAUD-1 {amount}")
    assert reply.exit_code == 1
    assert "The amount is negative" in reply.err


@pytest.mark.parametrize(
    ("currency", "good", "shown", "bad", "why"),
    [
        ("JPY", "1200", "1200", "1200.5", "JPY has 0."),
        ("KWD", "1200.125", "1200.125", "1200.1255", "KWD has 3."),
        ("EUR", "1200.5", "1200.50", "1200.505", "EUR has 2."),
    ],
)
def test_a_currency_has_its_own_decimals(
    teller: Teller, currency: str, good: str, shown: str, bad: str, why: str
) -> None:
    """Yen have none, dinars three; one more is not read, and less is filled up."""
    teller.before = ("--book", "other")
    teller.do(f"init --book other --currency {currency}", "system add FRAUD Fraud --team red")
    reply = teller.type(f"{OBSERVED} --principal {bad}")
    assert (reply.exit_code, why in reply.err) == (2, True)
    teller.do(f"{OBSERVED} --principal {good} --interest {good}/year")
    assert (teller.ask("delta")["neglect"], teller.ask("delta")["interest_per_year"]) == (shown, shown)


@pytest.mark.parametrize(
    ("typed", "principal"),
    [("15d", "12000.00"), ("6h", "600.00"), ("0.5d", "400.00"), ("45min", "75.00"), ("1min", "1.67"), ("3min", "5.00")],
)
def test_an_effort_is_priced_by_the_rate_in_force(teller: Teller, typed: str, principal: str) -> None:
    """A day is eight hours, at 800.00; half a cent goes to the even one."""
    teller.do(RATE, f"{OBSERVED} --principal {typed} --on 2026-02-01")
    assert teller.ask("list")[0]["principal"] == principal


def test_the_teams_rate_goes_before_the_books_and_a_later_one_changes_nothing(teller: Teller) -> None:
    """The rate of the effective date is the one that counts, for good."""
    teller.do(RATE, "rate set 1000 --from 2026-03-01 --team red")
    for day in ("2026-02-28", "2026-03-01"):
        teller.do(f"{OBSERVED} --principal 1d --on {day}")
    teller.do("rate set 10 --from 2026-01-01 --yes")
    assert [item["principal"] for item in teller.ask("list")] == ["800.00", "1000.00"]


def test_names_are_read_in_any_case(teller: Teller) -> None:
    """What a lead types in a hurry is understood."""
    teller.do("observe fraud Found --category GLUE-CODE --cause Expedience --principal 5", "note fraud-1 seen")
    teller.do(f"adopt fraud-1 {GATE.replace('2026Q4', '2026q4')}")
    assert teller.ask("show fraud-1")["repay_by"] == "2026Q4"


def test_a_copy_of_the_ledger_is_a_ledger(teller: Teller, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The file is all there is: another copy says the same."""
    teller.do(COMMISSION)
    other = Teller(copied(teller.path, tmp_path_factory.mktemp("copy") / "ledger.db"))
    assert other.ask("delta") == teller.ask("delta")
