"""Named corner cases: what random histories meet seldom, and what a hurried reader gets wrong.

Each is played after `system add FRAUD` (position 2, team red) and `system add RANK` (3), so that the first
event of a case is at position 4. Whether it is accepted, the model says; the product must agree.
"""

from collections.abc import Mapping
from dataclasses import replace

from .commands import Close, Command, RateSet, RateWithdraw, SetPlan, SystemAdd, SystemChange
from .shorthand import (
    FRAUD,
    RATE,
    START,
    adopt,
    commission,
    day,
    describe,
    interest,
    move,
    note,
    observe,
    plan,
    rename,
    renew,
    repay,
    retire,
    reverse,
    revise,
    unestimated,
    write_off,
)

Q1, Q2 = Close(quarter="2026Q1"), Close(quarter="2026Q2")
NEW = SystemAdd(key="ZED", name="Zed", team="red")

Cases = Mapping[str, tuple[Command, ...]]

SYSTEMS: Cases = {
    "a change of team ahead of time": (commission(), move("blue", "12-01")),
    "a change of team in a closed quarter": (commission(), Q1, move("blue", "01-15")),
    "a change of team in a closed quarter, late": (commission(), Q1, move("blue", "01-15", late=True)),
    "the same team again": (commission(), move("red", "02-01")),
    "two changes on one day": (commission(), move("blue", "02-01"), move("green", "02-01")),
    "there and back": (commission(), move("blue", "02-01"), move("red", "04-02")),
    "changes out of order": (commission(), move("blue", "05-01"), move("green", "02-02")),
    "a change on the day of the opening": (commission(), move("blue", "01-10")),
    "a system added ahead of time": (replace(NEW, on=day("12-01")),),
    "a system added in a closed quarter": (Q1, replace(NEW, on=day("01-05"))),
    "a system added in a closed quarter, late": (Q1, replace(NEW, on=day("01-05"), late=True)),
    "a system added twice": (FRAUD,),
    "reading from an unknown system": (replace(NEW, reads_from=("NOPE",)),),
    "reading from two systems": (replace(NEW, reads_from=("FRAUD", "RANK")), commission()),
    "retired with open items": (commission(), retire("03-05")),
    "retired with write-off": (commission(), unestimated("01-11"), retire("03-05", write_off=True)),
    "retired with nothing to write off": (retire("03-05", write_off=True),),
    "retired before a barrier": (commission(), revise("05-01", "500"), retire("03-05", write_off=True)),
    "retired ahead of time": (retire("12-05"),),
    "retired ahead of time with write-off": (commission(), retire("12-05", write_off=True)),
    "retired in a closed quarter": (commission(), Q1, retire("03-05")),
    "retired in a closed quarter, late": (commission(), Q1, retire("03-05", write_off=True, late=True)),
    "an opening before the retirement": (retire("03-05"), commission(on="02-01")),
    "a retirement's write-off reversed": (commission(), retire("03-05", write_off=True), reverse(5)),
    "a retirement reversed": (retire("03-05"), reverse(4)),
}

RATES: Cases = {
    "two rates from one day on": (RATE, RateSet(amount="900", start=START), commission("2d")),
    "effort without a rate": (commission("2d"),),
    "effort before the first rate": (RateSet(amount="800", start=day("06-01")), commission("2d")),
    "a rate ahead of time": (RateSet(amount="800", start=day("12-01")),),
    "a rate in a closed quarter": (Q1, RateSet(amount="800", start=day("02-01"))),
    "a tenth of the last rate": (RATE, RateSet(amount="80", start=day("02-01"))),
    "a tenth, and meant": (RATE, RateSet(amount="80", start=day("02-01"), yes=True), commission("2d", on="02-02")),
    "three times the last rate": (RATE, RateSet(amount="2400", start=day("02-01"))),
    "more than three times a later rate": (RATE, RateSet(amount="2400.01", start=day("2024-12-01"))),
    "more than three times the book's": (RATE, RateSet(amount="2400.01", start=day("02-01"), team="red")),
    "a team's first rate below a third of the book's": (
        RATE,
        RateSet(amount="266.66", start=day("02-01"), team="red"),
    ),
    "a rate withdrawn": (
        RATE,
        RateSet(amount="900", start=START),
        RateWithdraw(position=5, because="x"),
        commission("2d"),
    ),
    "a rate withdrawn that priced": (RATE, commission("2d"), RateWithdraw(position=4, because="x"), commission("2d")),
    "an item keeps a withdrawn rate": (
        *(RATE, commission("2d"), RateWithdraw(position=4, because="x")),
        repay("1d", "02-01"),
    ),
    "a rate withdrawn twice": (RATE, RateWithdraw(position=4, because="x"), RateWithdraw(position=4, because="x")),
    "a rate withdrawn that is none": (RATE, RateWithdraw(position=2, because="x")),
    "a withdrawn rate in a closed quarter": (
        *(RATE, Q1, RateWithdraw(position=4, because="x")),
        commission("2d", on="03-31", late=True),
    ),
    "a leap from a withdrawn rate": (
        *(RATE, RateSet(amount="80", start=day("02-01"), yes=True), RateWithdraw(position=5, because="x")),
        RateSet(amount="900", start=day("02-01")),
    ),
    "a rate of an unknown team": (RateSet(amount="800", start=START, team="pink"),),
    "effort throughout": (RATE, commission("15d", "2d/month"), repay("3d", "02-01", spent="4d")),
    "an item keeps the rate it was opened by": (
        RATE,
        commission("15d"),
        RateSet(amount="400", start=day("02-01"), team="red"),
        repay("1d", "02-01", spent="1d"),
    ),
    "an item opened in money takes the rate of the day": (
        RATE,
        commission("1000"),
        RateSet(amount="400", start=day("02-01")),
        repay("1d", "02-01"),
    ),
    "an older rate of the team comes before the book's": (
        RateSet(amount="400", start=day("01-01"), team="red"),
        RateSet(amount="900", start=day("01-05")),
        commission("1d"),
    ),
    "the rate of a former team": (
        RateSet(amount="400", start=day("01-01"), team="red"),
        move("green", "02-01"),
        commission("1d"),
        commission("1d", on="03-01"),
    ),
}

GATE: Cases = {
    "a cause as reason": (commission(because="Not KNOWING, better"),),
    "a reason that contains a cause": (commission(because="expedience mostly"),),
    "a cause as reason to adopt": (observe(), adopt(because="coding-error")),
    "a cause as reason to renew": (commission(), renew("02-01", because="coding error")),
    "decided afterwards": (commission(decided_on=day("01-11")),),
    "decided after a late entry's day": (Q1, commission(decided_on=day("03-11"), late=True)),
    "decided before a late entry's day": (Q1, commission(decided_on=day("01-10"), late=True)),
    "missing tests without an end": (commission(category="missing-tests"),),
    "missing tests adopted without an end": (observe(category="missing-tests"), adopt()),
    "missing tests renewed without an end": (
        commission(category="missing-tests", until=day("03-01")),
        renew("02-15"),
    ),
    "an end dropped by renewing": (commission(until=day("03-01")), renew("02-15")),
    "until the same day": (commission(until=day("01-10")),),
    "until before the opening": (commission(until=day("01-01")),),
    "repay-by in the past": (commission(repay_by="2025Q1"),),
    "adopted to be repaid in the past": (observe(), adopt(repay_by="2025Q1")),
    "planned in the past": (commission(), plan("02-01", "2025Q1")),
    "planned on the last day of the quarter": (commission(), plan("03-31", "2026Q1")),
    "planned the day after it": (commission(), plan("04-01", "2026Q1")),
    "renewed to be repaid in the past": (commission(), renew("04-01", repay_by="2026Q1")),
    "late, and in the past only by the day in the books": (Q1, commission(on="03-10", repay_by="2026Q1", late=True)),
    "late, and in the past by both": (Q1, commission(on="03-10", repay_by="2025Q4", late=True)),
    "renamed": (rename("Fraud"), rename("Fraud"), rename("Fraud scoring", "02-01")),
    "renamed out of order": (rename("B", "03-01"), rename("A", "02-01"), rename("A", "02-15"), rename("A", "03-01")),
    "renamed and moved": (SystemChange(key="FRAUD", name="F", team="green", on=day("02-01")),),
    "moved to what looks like a known team": (move("ret", "02-01"), move("ble", "02-01"), move("Red", "02-01")),
    "moved to what is three letters away": (move("bluebell", "02-01"),),
    "moved to a new team that is meant": (SystemChange(key="FRAUD", team="ret", new_team=True, on=day("02-01")),),
    "a new team of two letters": (SystemChange(key="FRAUD", team="ml", on=day("02-01")), move("ai", "03-01")),
    "renewed for a shorter term": (commission(), renew("02-01", repay_by="2026Q3")),
    "renewed twice on a day": (commission(), renew("02-01"), renew("02-01", repay_by="2027Q2")),
    "renewed out of order": (commission(), renew("03-01"), renew("02-01", repay_by="2027Q2")),
    "lapsed and overdue": (commission(until=day("02-01"), repay_by="2026Q1"),),
    "an unknown category": (commission(category="nope"),),
}

AMOUNTS: Cases = {
    "no interest, said so": (commission(interest="0/year"),),
    "no per cent": (commission(interest="0%"),),
    "nothing spent": (commission(), repay("100", "02-01", spent="0")),
    "unmeasured": (commission(), repay("100", "02-01", unmeasured=True), repay(None, "03-01", unmeasured=True)),
    "unmeasured and measured": (commission(), repay("100", "02-01", spent="120", unmeasured=True)),
    "unmeasured, then reversed": (commission(), repay(None, "02-01", unmeasured=True), reverse(4)),
    "nothing repaid": (commission(), repay("0", "02-01")),
    "the last cent": (commission("0.01", "0/year"), repay("0.01", "02-01")),
    "a cent too much": (commission(), repay("1000.01", "02-01")),
    "too much in view of later": (commission(), repay("600", "03-01"), repay("500", "02-01")),
    "all in view of later": (commission(), repay("600", "03-01"), repay(None, "02-01")),
    "all where later leaves nothing": (commission(), repay(None, "03-01"), repay(None, "02-01")),
    "three cents in three parts": (commission("0.03", "0.01/year"), repay("0.01", "02-01"), repay("0.01", "03-01")),
    "fifteen digits": (commission("9999999999999.99"),),
    "sixteen digits": (commission("10000000000000.00"),),
    "the most interest": (commission("9999999999", "10000000000/year"),),
    "more than the most interest": (commission("9999999999", "10000000000.01/year"),),
    "interest without a principal": (observe(None, "100/year"),),
}

ESTIMATES: Cases = {
    "down to a cent": (commission(), revise("03-01", "0.01")),
    "to nothing": (commission(), revise("03-01", "0")),
    "nothing changes": (commission(), revise("03-01", "1000")),
    "the same interest": (commission(), revise("03-01", None, "100.01/year")),
    "the same of both": (commission(), revise("03-01", "1000", "100.01/year")),
    "interest to nothing": (commission(), revise("03-01", None, "0/year")),
    "per cent of what is outstanding": (commission(), repay("500", "02-01"), revise("03-01", None, "6%")),
    "per cent of the new principal": (commission(), revise("03-01", "2000", "6%")),
    "down, before a larger repayment": (commission(), repay("400", "05-01"), revise("03-01", "300")),
    "down to a later repayment": (commission(), repay("400", "05-01"), revise("03-01", "400")),
    "down to a later repayment, interest too": (
        commission(),
        repay("400", "05-01"),
        revise("03-01", "400", "40/year"),
    ),
    "up, before a later repayment": (commission(), repay("400", "05-01"), revise("03-01", "3000")),
    "reopened without interest": (commission(), repay(None, "02-01"), revise("03-01", "100")),
    "reopened by interest only": (commission(), repay(None, "02-01"), revise("03-01", None, "100/year")),
    "reopened": (commission(), repay(None, "02-01"), revise("03-01", "100", "0/year")),
    "reopened on the day of the write-off": (commission(), write_off("02-01"), revise("02-01", "100", "1/year")),
    "reopened, and the age goes on": (commission(), repay(None, "02-01"), revise("09-01", "100", "0/year")),
}

UNESTIMATED: Cases = {
    "all repaid": (unestimated(), repay(None, "02-01")),
    "all repaid, unmeasured": (unestimated(), repay(None, "02-01", unmeasured=True)),
    "all repaid at a cost": (unestimated(), repay(None, "02-01", spent="250")),
    "an amount repaid": (unestimated(), repay("10", "02-01")),
    "effort repaid": (RATE, unestimated(), repay("1d", "02-01")),
    "written off": (unestimated(), write_off("02-01")),
    "adopted": (unestimated(), adopt()),
    "planned": (unestimated(), plan("02-01")),
    "interest alone": (unestimated(), revise("02-01", None, "10/year")),
    "estimated in effort and repaid in effort": (RATE, unestimated(), revise("02-01", "3d"), repay("1d", "03-01")),
    "estimated before it was repaid": (unestimated(), repay(None, "03-01"), revise("02-01", "500", "10/year")),
    "the estimate reversed": (unestimated(), revise("02-01", "500"), reverse(5)),
    "the estimate reversed, then all repaid": (
        unestimated(),
        revise("02-01", "500"),
        reverse(5),
        repay(None, "02-01"),
    ),
    "the estimate reversed after a repayment": (
        unestimated(),
        revise("02-01", "500"),
        repay("500", "03-01"),
        reverse(5),
    ),
    "closed and reopened": (
        unestimated(),
        repay(None, "02-01", spent="5"),
        revise("03-01", "500", "10/year"),
        repay(None, "04-01"),
    ),
    "closed and reopened without interest": (unestimated(), repay(None, "02-01"), revise("03-01", "500")),
    "the repayment of all reversed": (unestimated(), repay(None, "02-01", spent="9"), reverse(5)),
}

BARRIERS: Cases = {
    "a repayment later than a barrier that was recorded after it, reversed": (
        commission(),
        repay("100", "05-01"),
        revise("03-01", "2000"),
        reverse(5),
    ),
    "a note before a barrier": (commission(), revise("05-01", "500"), note("02-01")),
    "a late note before a barrier": (commission(), revise("05-01", "500"), note("02-01", late=True)),
    "a plan before a barrier": (commission(), revise("05-01", "500"), plan("02-01")),
    "a plan before a barrier reversed": (commission(), plan("02-01"), revise("05-01", "500"), reverse(5)),
    "a renewal before a barrier reversed": (commission(), renew("02-01"), revise("05-01", "500"), reverse(5)),
    "written off before a later repayment": (commission(), repay("100", "05-01"), write_off("03-01")),
    "adopted before a later repayment": (observe(), repay("100", "05-01"), adopt("03-01")),
    "debt adopted": (commission(), adopt()),
    "adopted twice": (observe(), adopt(), adopt("03-01")),
}

REVERSALS: Cases = {
    "the opening of the book": (reverse(1),),
    "a system": (reverse(2),),
    "an unknown position": (reverse(99),),
    "position zero": (reverse(0),),
    "a rate": (RATE, reverse(4)),
    "a closing": (Q1, reverse(4)),
    "a note": (commission(), note("02-01"), reverse(5)),
    "an opening with a note": (commission(), note("02-01"), reverse(4)),
    "an opening with a plan": (commission(), plan("02-01"), reverse(4)),
    "an opening with a reversed plan": (commission(), plan("02-01"), reverse(5), reverse(4)),
    "a note on a reversed item": (commission(), reverse(4), note("02-01")),
    "a plan on a reversed item": (commission(), reverse(4), plan("02-01")),
    "twice": (commission(), repay("10", "02-01"), reverse(5), reverse(5)),
    "a reversal": (commission(), repay("10", "02-01"), reverse(5), reverse(6)),
    "a write-off": (commission(), write_off("02-01"), reverse(5), repay("10", "02-01")),
    "an adoption": (observe(), adopt(), reverse(5)),
    "an adoption with a plan": (observe(), adopt(), plan("02-10"), reverse(5)),
    "an adoption with a reversed plan": (observe(), adopt(), plan("02-10"), reverse(6), reverse(5)),
    "an adoption with a repayment": (observe(), adopt(), repay("10", "02-10"), reverse(5)),
}

PERIODS: Cases = {
    "a note in a closed quarter": (commission(), Q1, note("02-01")),
    "a note before the opening": (commission(), note("01-09")),
    "a renewal of a closed item": (commission(), repay(None, "02-01"), renew("03-01")),
    "a plan for a closed item": (commission(), repay(None, "02-01"), plan("03-01")),
    "an adoption of a closed item": (observe(), repay(None, "02-01"), adopt("03-01")),
    "a note on a closed item": (commission(), repay(None, "02-01"), note("03-01")),
    "late on an open day": (commission(), repay("10", "02-01", late=True)),
    "late in the future": (commission(), repay("10", "12-01", late=True)),
    "late before a late opening": (Q1, observe(on="03-20", late=True), repay("10", "03-19", late=True)),
    "late after a late opening": (Q1, observe(on="03-20", late=True), repay("10", "03-25", late=True)),
    "a late adoption takes interest below nothing": (observe(), Q1, adopt("02-01", late=True)),
    "all, late": (commission(), Q1, repay(None, "02-01", late=True)),
    "a repayment reversed after the close": (commission(), repay("500", "02-01", spent="700"), Q1, reverse(5)),
    "an opening reversed after the close": (commission(), Q1, reverse(4)),
    "an adoption reversed after the close": (observe(), adopt(), Q1, reverse(5)),
    "adopted again after that": (observe(), adopt(), Q1, reverse(5), adopt("04-01"), repay("100", "04-02")),
    "a late adoption reversed a quarter later": (observe(on="02-01"), Q1, adopt("03-01", late=True), Q2, reverse(6)),
    "closing with an earlier quarter open": (commission(), commission(on="05-01"), Q2),
    "closing over an empty quarter, then that": (commission(on="05-01"), Q2, Q1),
    "closing over a quarter of reversed events": (commission(), reverse(4), Q2),
    "closing what has not ended": (Close(quarter="2026Q4"),),
    "closing twice": (Q1, Q1),
}

PLANS: Cases = {
    f"{what}s of two teams and quarters, the first set again": tuple(
        SetPlan(what=what, quarter=quarter, amount=amount, team=team)
        for quarter, team, amount in [
            ("2026Q4", "red", "100"),
            ("2026Q4", "blue", "200"),
            ("2027Q1", "red", "300"),
            ("2026Q4", "red", "400"),
        ]
    )
    for what in ("budget", "forecast")
}

LATER = "https://tracker.example/1"
DESCRIPTIONS: Cases = {
    "the same title": (commission(), describe("edit", "Once", on="02-01"), describe("edit", "Once", on="03-01")),
    "a title of earlier, entered later": (
        commission(),
        describe("edit", "May", on="05-01"),
        describe("edit", "March", on="03-01"),
    ),
    "a title reversed": (commission(), describe("edit", "Wrong", on="02-01"), reverse(5)),
    "a title before a barrier, reversed": (
        commission(),
        describe("edit", "Wrong", on="02-01"),
        revise("03-01", "2000"),
        reverse(5),
    ),
    "a title before a barrier": (commission(), revise("05-01", "500"), describe("edit", "Early", on="02-01")),
    "a title of a closed quarter": (commission(), Q1, describe("edit", "Late", on="02-01")),
    "a title of a closed quarter, late": (commission(), Q1, describe("edit", "Late", on="02-01", late=True)),
    "a title reversed after the close": (commission(), describe("edit", "Wrong", on="02-01"), Q1, reverse(5)),
    "an opening with a title": (commission(), describe("edit", "Never", on="02-01"), reverse(4)),
    "an adoption with tags": (observe(), adopt(), describe("tag", "+later", on="02-10"), reverse(5)),
    "a closed item": (
        commission(),
        repay(None, "02-01"),
        describe("edit", "Done", on="03-01"),
        describe("tag", "+done", on="03-01"),
        describe("assign", "grace", on="03-01"),
        describe("link", LATER, on="03-01"),
    ),
    "a reversed item": (
        commission(),
        reverse(4),
        describe("edit", "Never", on="02-01"),
        describe("tag", "+never", on="02-01"),
        reverse(6),
        reverse(7),
    ),
    "tags on and off": (
        commission(),
        describe("tag", "+later", "+soon", on="02-01"),
        describe("tag", "-later", "-never", on="03-01"),
        describe("tag", "+later", on="02-15"),
        describe("tag", "-never", on="04-01"),
        describe("tag", "+soon", on="04-01"),
    ),
    "from one to nobody": (
        commission(),
        describe("assign", "nobody", on="02-01"),
        describe("assign", "ada", on="02-01"),
        describe("assign", "ada", on="03-01"),
        describe("assign", "nobody", on="03-01"),
    ),
    "the same link": (commission(), describe("link", LATER, on="02-01"), describe("link", LATER, on="03-01")),
    "in the future": (commission(), describe("edit", "Soon", on="12-01")),
    "before the opening": (commission(), describe("edit", "Before", on="01-09")),
}

SEEN: Cases = {
    "an incident": (commission(), interest("250.50", "02-01"), interest("250.50", "03-01")),
    "in effort": (RATE, commission(), interest("6h", "02-01")),
    "in effort without a rate": (commission(), interest("6h", "02-01")),
    "nothing": (commission(), interest("0", "02-01")),
    "on a closed item": (commission(), repay(None, "02-01"), interest("10", "03-01")),
    "before it was closed": (commission(), repay(None, "03-01"), interest("10", "02-01")),
    "late, before it was closed": (commission(), Q1, repay(None, "04-02"), interest("10", "03-01", late=True)),
    "late, while it was closed": (
        commission(),
        repay(None, "02-01"),
        Q1,
        revise("04-01", "100", "1/year"),
        interest("10", "03-01", late=True),
    ),
    "in a closed quarter": (commission(), Q1, interest("10", "02-01")),
    "reversed": (commission(), interest("10", "02-01"), reverse(5)),
    "behind a barrier, reversed": (commission(), interest("10", "02-01"), revise("03-01", "2000"), reverse(5)),
    "an opening of which it was seen": (commission(), interest("10", "02-01"), reverse(4), reverse(5), reverse(4)),
    "an unestimated item": (unestimated(), interest("10", "02-01")),
}

CORNERS: Cases = {
    f"{theme}: {name}": commands
    for theme, cases in {
        "systems": SYSTEMS,
        "rates": RATES,
        "gate": GATE,
        "amounts": AMOUNTS,
        "estimates": ESTIMATES,
        "unestimated": UNESTIMATED,
        "barriers": BARRIERS,
        "reversals": REVERSALS,
        "periods": PERIODS,
        "plans": PLANS,
        "descriptions": DESCRIPTIONS,
        "interest": SEEN,
    }.items()
    for name, commands in cases.items()
}
