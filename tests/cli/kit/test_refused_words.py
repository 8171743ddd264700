"""Names that nothing has, amounts that a rule forbids, texts that are too long; closing, and systems."""

from __future__ import annotations

import pytest

from tests.helpers.lines import ADOPT, CLOSE_Q1, COMMISSION, GATE, OBSERVE, RATE
from tests.helpers.refusals import Row, refused, wrong_usage
from tests.helpers.teller import NOON, Teller

OBSERVED = "observe FRAUD Found --category glue-code --cause expedience"
SIZED = f"{OBSERVED} --principal 1000"
LONG_TEXT, LONG_TITLE, LONG_NAME = "x" * 100_001, "x" * 501, "x" * 101

NAMES = [
    refused(
        "an unknown system",
        SIZED.replace("FRAUD", "FROUD"),
        "There is no system FROUD",
        instead="`debt system list` shows them; `debt system add FROUD NAME --team T`",
    ),
    refused(
        "an unknown category",
        SIZED.replace("glue-code", "glue-cod"),
        "There is no category 'glue-cod'",
        "Did you mean glue-code?",
        instead="`debt categories`",
    ),
    refused(
        "an unknown cause",
        SIZED.replace("expedience", "laziness"),
        "There is no cause 'laziness'",
        instead="undeliberate-design, coding-error",
    ),
    refused(
        "another dimension",
        f"{SIZED} --dimension input",
        "glue-code belongs to the dimension system, not input",
        instead="Leave --dimension out",
    ),
    refused(
        "an unknown dimension",
        f"{SIZED} --dimension inputs",
        "not inputs",
        "Dimensions: input, system, output, time.",
        instead="Leave --dimension out",
    ),
    refused(
        "a rate of an unknown team",
        "rate set 800 --from 2026-01-01 --team Rd",
        "No system names a team 'Rd'",
        "Did you mean red?",
        instead="`debt system list`",
    ),
    *(
        refused(
            f"an unknown item, {line.split()[0]}", line, "There is no item FRAUD-9", instead="`debt list --status all`"
        )
        for line in (
            "repay FRAUD-9 1",
            "adopt FRAUD-9 --because x",
            "renew FRAUD-9",
            "revise FRAUD-9 --principal 1 --because x",
            "write-off FRAUD-9 --because x",
            "plan FRAUD-9 2026Q4",
            "note FRAUD-9 seen",
        )
    ),
    refused("an item of an unknown system", "note NONE-1 seen", "There is no item NONE-1", instead="`debt list"),
    wrong_usage("an unknown system and no category", "observe NONE Found --cause untracked", "Missing: --category."),
    wrong_usage("an unknown item and no amount", "repay FRAUD-9", "Missing: AMOUNT or --all."),
]

_TOO_LONG = "has more than 15 digits (EUR 10,000,000,000,000.00)"
_AT_MOST = "At most EUR 9,999,999,999,999.99"
AMOUNTS = [
    *(
        refused(f"an amount, {amount}", f"repay FRAUD-1 {amount}", why, instead=instead, setup=(RATE, COMMISSION))
        for amount, why, instead in (
            ("0", "The amount is EUR 0.00", "more than nothing"),
            ("0.00", "The amount is EUR 0.00", "more than nothing"),
            ("0d", "The amount is EUR 0.00", "more than nothing"),
            ("-5", "The amount is negative", "`debt reverse` undoes an entry"),
            ("-5.50", "The amount is negative", "`debt reverse` undoes an entry"),
            ("-5d", "The amount is negative", "`debt reverse` undoes an entry"),
            ("10000000000000", f"The amount {_TOO_LONG}", _AT_MOST),
            ("9" * 40, "The amount has more than 15 digits", _AT_MOST),
            ("9" * 40 + "d", "The amount has more than 15 digits", _AT_MOST),
        )
    ),
    *(
        refused(f"a principal, {amount}", f"{OBSERVED} --principal {amount}", why, instead=instead)
        for amount, why, instead in (
            ("0", "--principal is EUR 0.00", "more than nothing"),
            ("-5", "--principal is negative", "Amounts are positive"),
            ("10000000000000", f"--principal {_TOO_LONG}", _AT_MOST),
        )
    ),
    *(
        refused(f"an interest, {interest}", f"{SIZED} --interest {interest}", why, instead=instead)
        for interest, why, instead in (
            ("-1/month", "--interest is negative", "0 is the least"),
            ("-6%", "--interest is negative", "0 is the least"),
            ("10000000000.01/year", "EUR 10,000,000,000.01 a year: at most EUR 10,000,000,000.00", "Check the period"),
            ("833333333.34/month", "EUR 10,000,000,000.08 a year", "Check the period"),
            ("2500000000.01/quarter", "EUR 10,000,000,000.04 a year", "Check the period"),
        )
    ),
    refused(
        "an interest in per cent that is too large",
        f"{OBSERVED} --principal 9999999999999 --interest 1%",
        "EUR 99,999,999,999.99 a year: at most EUR 10,000,000,000.00",
        instead="Check the period",
    ),
    refused(
        "a revised principal that is too large",
        "revise FRAUD-1 --principal 10000000000000 --because x",
        _TOO_LONG,
        instead=_AT_MOST,
        setup=(COMMISSION,),
    ),
    refused(
        "negative cost", "repay FRAUD-1 5 --spent -5", "--spent is negative", instead="positive", setup=(COMMISSION,)
    ),
    refused("a rate of nothing", "rate set 0 --from 2026-01-01", "The rate is EUR 0.00", instead="more than nothing"),
    refused("a negative rate", "rate set -800 --from 2026-01-01", "The rate is negative", instead="positive"),
    refused(
        "a rate that is too large", f"rate set {10**13} --from 2026-01-01", "more than 15 digits", instead=_AT_MOST
    ),
    *(
        refused(
            f"an effort without a rate, {option}",
            line,
            f"{option} is an effort, and no day rate is in force",
            instead="`debt rate set AMOUNT --from DATE`",
            setup=(COMMISSION, "rate set 800 --from 2026-08-01"),
        )
        for option, line in (
            ("--principal", f"{OBSERVED} --principal 15d"),
            ("--interest", f"{SIZED} --interest 2d/month"),
            ("The amount", "repay FRAUD-1 6h"),
            ("--spent", "repay FRAUD-1 5 --spent 6h"),
        )
    ),
]

TEXTS = [
    *(
        refused(
            f"{option} too long",
            line,
            f"{option} has {length} characters: at most {length - 1}",
            instead="Shorten it",
            setup=(COMMISSION,),
        )
        for option, length, line in (
            ("The title", 501, f"observe FRAUD {LONG_TITLE} --category glue-code --cause expedience"),
            ("--because", 100_001, f"revise FRAUD-1 --principal 5 --because {LONG_TEXT}"),
            ("--because", 100_001, f"write-off FRAUD-1 --because {LONG_TEXT}"),
            ("--because", 100_001, f"reverse 3 --because {LONG_TEXT}"),
            ("--because", 100_001, f"system retire FRAUD --because {LONG_TEXT}"),
            ("--benefit", 100_001, COMMISSION.replace("'two months'", LONG_TEXT)),
            ("--adr", 100_001, f"{COMMISSION} --decided-on 2026-01-01 --adr {LONG_TEXT}"),
            ("--decided-by", 101, COMMISSION.replace("Ada", LONG_NAME)),
            ("The note", 100_001, f"note FRAUD-1 {LONG_TEXT}"),
            ("--evidence", 100_001, f"note FRAUD-1 seen --evidence {LONG_TEXT}"),
            ("--evidence", 100_001, f"{SIZED} --evidence {LONG_TEXT}"),
            ("--key", 101, f"note FRAUD-1 seen --key {LONG_NAME}"),
            ("--team", 101, f"system change FRAUD --team {LONG_NAME}"),
            ("--cost-centre", 101, f"system change FRAUD --cost-centre {LONG_NAME}"),
            ("The name", 501, f"system add NEW {LONG_TITLE} --team red"),
            ("--book", 101, f"init --book {LONG_NAME} --currency EUR"),
        )
    ),
]

PERIODS = [
    refused(
        "closing a quarter that has not ended",
        "close 2026Q3",
        "2026Q3 has not ended: its last day is 2026-09-30, today is 2026-07-15",
        instead="`debt rollforward 2026Q3`",
    ),
    refused(
        "closing out of order",
        "close 2026Q2",
        "2026Q2 cannot be closed before 2026Q1, which has entries on items",
        instead="Close it first: `debt close 2026Q1`.",
        setup=(COMMISSION,),
    ),
    *(
        refused(
            f"closing {quarter} again",
            f"close {quarter}",
            f"{quarter} is closed already: the books are closed to 2026-03-31, for good",
            instead=f"`debt rollforward {quarter}`",
            setup=(COMMISSION, f"{CLOSE_Q1} --on 2026-04-02"),
        )
        for quarter in ("2026Q1", "2025Q4")
    ),
    *(
        refused(
            f"closing on {day}",
            f"close 2026Q1 --on {day}",
            f"2026Q1 ends on 2026-03-31: it can be closed on a later day, up to today, not on {day}",
            instead="`debt close 2026Q1`",
        )
        for day in ("2026-03-31", "2026-07-16")
    ),
    *(
        refused(
            f"{line.split(' --')[0]} in a closed period",
            f"{line} 2026-03-31",
            "Nothing can be recorded on 2026-03-31: the books are closed to 2026-03-31",
            instead="The first day allowed is 2026-04-01; `--late` posts it there",
            setup=(COMMISSION, CLOSE_Q1),
        )
        for line in (
            "system add NEW New --team red --on",
            "system change FRAUD --team blue --on",
            "system retire FRAUD --because x --on",
            "rate set 800 --from",
        )
    ),
]

SYSTEMS = [
    refused(
        "a key given twice",
        "system add FRAUD Again --team red",
        "FRAUD is registered already",
        instead="`debt system change FRAUD`",
    ),
    refused(
        "an unknown producer",
        "system add NEW New --team red --reads-from NONE",
        "There is no system NONE",
        instead="`debt system add NONE",
    ),
    refused(
        "a change of an unknown system",
        "system change NONE --team red",
        "There is no system NONE",
        instead="`debt system list`",
    ),
    refused(
        "a retirement of an unknown system",
        "system retire NONE --because x",
        "There is no system NONE",
        instead="`debt system list`",
    ),
    refused(
        "a second retirement",
        "system retire FRAUD --because again",
        "FRAUD was retired on 2026-07-01 already",
        instead="`debt list --system FRAUD`",
        setup=("system retire FRAUD --because x --on 2026-07-01",),
    ),
    refused(
        "a new item on a retired system",
        f"{SIZED} --on 2026-07-01",
        "FRAUD was retired on 2026-07-01: it takes no new items from then on",
        instead="`debt list --system FRAUD`",
        setup=("system retire FRAUD --because x --on 2026-07-01",),
    ),
    refused(
        "a retirement that writes off before an adoption",
        "system retire FRAUD --because x --write-off --on 2026-02-15",
        "FRAUD-1 was adopted on 2026-03-01",
        instead="The first day allowed is 2026-03-01",
        setup=(OBSERVE, ADOPT),
    ),
    refused(
        "a book opened twice",
        "init --book main --currency EUR",
        "The book 'main' is open already, in EUR",
        instead="`debt delta`",
    ),
]


@pytest.mark.parametrize("row", [*NAMES, *AMOUNTS, *TEXTS, *PERIODS, *SYSTEMS])
def test_the_books_refuse_what_is_said(teller: Teller, row: Row) -> None:
    """Names that nothing has, figures that a rule forbids, texts too long, days and systems that are closed."""
    row.check(teller)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(f"{OBSERVED} --principal 9999999999999.99", id="fifteen-digits"),
        pytest.param(f"{SIZED} --interest 10000000000/year", id="the-most-interest"),
        pytest.param(f"{SIZED} --interest 0", id="no-interest"),
        pytest.param(f"observe FRAUD {'x' * 500} --category glue-code --cause expedience", id="the-longest-title"),
        pytest.param(SIZED, id="the-day-before-retirement"),
        pytest.param(f"commission FRAUD Glue --category glue-code --principal 15d {GATE}", id="an-effort"),
    ],
)
def test_the_books_accept_the_limit_itself(teller: Teller, line: str) -> None:
    """What is just allowed is recorded."""
    teller.do(
        RATE,
        "system retire FRAUD --because x --on 2026-07-01"
        if "2026-06-30" in line
        else CLOSE_Q1.replace("2026Q1", "2025Q4"),
    )
    teller.do(line)


PACKS = [
    refused(
        "a pack of a quarter that has not ended",
        "report 2026Q3",
        "2026Q3 has not ended (its last day is 2026-09-30)",
        instead="`debt report 2026Q3 --as-of 2026-07-15` makes a provisional pack.",
        setup=(COMMISSION,),
    ),
    refused(
        "a pack as of another quarter's day",
        "report 2026Q1 --as-of 2026-05-01",
        "--as-of 2026-05-01 is not in 2026Q1 (2026-01-01 to 2026-03-31)",
        instead="`debt report 2026Q2 --as-of 2026-05-01`",
        setup=(COMMISSION,),
    ),
    refused(
        "a pack of a quarter before the first entry",
        "report 2025Q4",
        "2025Q4 ends before the first entry, which is of 2026-02-01",
        instead="`debt report 2026Q1` is the first pack.",
        setup=(COMMISSION,),
    ),
    refused(
        "a pack of a book without items",
        "report 2026Q1",
        "The book holds no entry on any item",
        instead="`debt observe`",
    ),
    refused(
        "a pack of what nobody knew",
        "report 2026Q1 --known-at 2020-01-01",
        "Nothing was known then: there is no pack of 2026Q1",
        instead="`debt log`",
    ),
]


@pytest.mark.parametrize("row", PACKS)
def test_what_cannot_be_reported_is_refused(teller: Teller, row: Row) -> None:
    """No folder is made for a pack that says nothing, or not yet."""
    row.check(teller)
    assert not (teller.path.parent / "packs").exists()


def test_a_quarter_closes_once_its_last_day_is_over(teller: Teller) -> None:
    """Not on the evening of that day, but from the next one on."""
    teller.clock.now = NOON.replace(month=6, day=30, hour=23)
    reply = teller.type("close 2026Q2")
    assert (reply.exit_code, "its last day is 2026-06-30, today is 2026-06-30" in reply.err) == (1, True)
    teller.clock.now = NOON.replace(month=7, day=1, hour=1)
    teller.do("close 2026Q2")
