"""What the model says of a pack, on figures worked out by hand; most are those of docs/method.md."""

from .books import Books
from .commands import Command, Report, SetPlan, SystemAdd
from .histories import TODAY
from .packs import NO_CENTRE, pack_figures, total
from .quantities import quarter_shifted
from .shorthand import FRAUD, START, commission, move, observe, repay, reverse

Q1, Q2, Q3 = (Report(quarter=f"2026Q{number}") for number in (1, 2, 3))
EXAMPLE_A = (
    commission("12000", "800/month", "2026-01-15"),
    repay("5000", "2026-03-01", "6200"),
    repay(None, "2026-06-10"),
)


def book(*commands: Command) -> Books:
    """A book with FRAUD of team red at position 2 and these commands, all accepted."""
    books = Books()
    for command in (FRAUD, *commands):
        outcome = books.apply(command, TODAY)
        assert outcome.accepted, (outcome.reason, command)
    return books


def budget(amount: str, what: str = "budget", team: str = "red", quarter: str = "2026Q3") -> SetPlan:
    return SetPlan(what=what, quarter=quarter, amount=amount, team=team)


def test_interest_avoided_goes_on_in_every_quarter_after_a_repayment() -> None:
    """4,000 a year for 30 days; then (4,000 x 121 + 5,600 x 20) / 365 = 1,632.88, less 328.77."""
    books = book(*EXAMPLE_A)
    assert [pack_figures(books, Q2).avoided(quarter) for quarter in ("2026Q1", "2026Q2")] == [
        {("debt", "FRAUD"): 328_77, ("neglect", "FRAUD"): 0},
        {("debt", "FRAUD"): 1304_11, ("neglect", "FRAUD"): 0},
    ]


def test_a_reversed_repayment_spares_nothing_and_has_no_variance() -> None:
    books = book(*EXAMPLE_A, reverse(5), reverse(4))
    assert total(pack_figures(books, Q2).avoided("2026Q2")) == 0
    assert total(pack_figures(books, Q2).variance("2026Q1")) == 0


def test_the_variance_is_what_was_spent_beyond_what_was_removed() -> None:
    """Assumed spending has none."""
    figures = pack_figures(book(*EXAMPLE_A), Q2)
    assert figures.variance("2026Q1") == {("debt", "FRAUD", "red"): 1200_00}
    assert figures.variance("2026Q2") == {("debt", "FRAUD", "red"): 0}
    assert figures.repayments() == (1, 1, 0)


def test_unmeasured_work_has_no_spending_and_no_variance() -> None:
    figures = pack_figures(book(*EXAMPLE_A[:-1], repay(None, "06-10", unmeasured=True)), Q2)
    assert (figures.variance("2026Q2"), figures.repayments()) == ({}, (1, 0, 1))
    assert figures.spent("2026Q2") == {}


def test_the_latest_budget_stands_and_spending_is_the_team_s_of_that_day() -> None:
    """Example K."""
    books = book(
        commission("24000", "600/quarter", "2026-06-01"),
        budget("20000"),
        budget("18000", "forecast"),
        repay("5000", "2026-07-20", "6200"),
        repay("9000", "2026-09-07"),
        reverse(6),
        budget("16000"),
        move("blue", "2026-09-20"),
    )
    figures = pack_figures(books, Q3)
    assert figures.plans("budget") == {("2026Q3", "red"): 16000_00}
    assert figures.plans("forecast") == {("2026Q3", "red"): 18000_00}
    assert figures.spent("2026Q3") == {"red": 9000_00}
    assert (figures.teams, figures.centre("2026Q3", "red")) == (["blue", "red"], NO_CENTRE)


def test_a_team_with_two_cost_centres_counts_under_several() -> None:
    books = book(SystemAdd(key="RANK", name="Ranking", team="red", cost_centre="100", on=START), commission())
    assert pack_figures(books, Q3).centre("2026Q3", "red") == "several cost centres"


def test_a_budget_of_an_unknown_team_or_with_a_sign_is_refused() -> None:
    books = book()
    assert books.apply(budget("1", team="nobody"), TODAY).reason == "unknown-team"
    assert books.apply(budget("-1"), TODAY).reason == "amount-out-of-range"


def test_what_an_issue_did_not_know_is_what_was_recorded_since() -> None:
    """Example L; the issue itself takes position 5."""
    books = book(
        commission("12000", "800/month", "2026-01-15"),
        repay("5000", "2026-04-01"),
        Q2,
        repay("500", "2026-06-20"),
        observe("2000", "365/year", "2026-03-20"),
    )
    found = pack_figures(books, Q2).restated("2026Q2")
    assert found is not None
    assert (found.issue.position, found.issue.known) == (5, 4)
    debt, neglect = found.issued["debt"], found.now["neglect"]
    assert (debt.closing, debt.interest) == (7000_00, 1407_13)
    assert (found.now["debt"].closing, found.now["debt"].interest) == (6500_00, 1396_17)
    assert (neglect.opening, neglect.interest) == (2000_00, 91_00)
    assert [(found.column(entry), entry.leg.principal) for entry in found.later] == [
        ("repaid", -500_00),
        ("opening", 2000_00),
    ]


def test_a_pack_is_issued_once_and_compared_with_what_came_before() -> None:
    books = book(commission(), Q1, Q2, repay("10", "2026-06-20"), Q2)
    assert books.apply(Q2, TODAY).positions == ()
    assert books.apply(Report(quarter="2026Q2", as_of=START.replace(year=2026, month=5)), TODAY).positions == ()
    assert [(issue.position, issue.known, issue.compared) for issue in books.register.issues()] == [
        (4, 3, ()),
        (5, 3, (4,)),
        (7, 6, (5, 4)),
    ]


def test_quarters_follow_each_other() -> None:
    assert [quarter_shifted("2026Q1", by) for by in (-5, -1, 0, 3, 4)] == [
        "2024Q4",
        "2025Q4",
        "2026Q1",
        "2026Q4",
        "2027Q1",
    ]
