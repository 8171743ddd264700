"""Lines that many tests type. Items are FRAUD-1, FRAUD-2 …; positions 1 and 2 are the book and its system."""

from __future__ import annotations

GATE = "--decided-by Ada --because 'launch in May' --benefit 'two months' --repay-by 2026Q4"

#: Debt of 1,000.00 at 100.00 a year since 2026-02-01.
COMMISSION = f"commission FRAUD Glue --category glue-code --principal 1000 --interest 100/year {GATE} --on 2026-02-01"
#: Neglect of the same size, on the same day.
OBSERVE = (
    "observe FRAUD Found --category glue-code --cause expedience --principal 1000 --interest 100/year --on 2026-02-01"
)
#: Neglect that nobody has estimated.
UNESTIMATED = "observe FRAUD Found --category glue-code --cause expedience --on 2026-02-01"
#: Neglect about missing tests.
UNTESTED = "observe FRAUD Untested --category missing-tests --cause missing-tests --principal 1000 --on 2026-02-01"
ADOPT = f"adopt FRAUD-1 {GATE} --on 2026-03-01"
RENEW = "renew FRAUD-1 --repay-by 2027Q1 --decided-by Ada --because 'still worth it'"
REPAY_ALL = "repay FRAUD-1 --all --on 2026-03-01"
REVISE = "revise FRAUD-1 --principal 1500 --because 'looked again' --on 2026-03-01"
WRITE_OFF = "write-off FRAUD-1 --because 'nobody needs it' --on 2026-03-01"
CLOSE_Q1 = "close 2026Q1"
RATE = "rate set 800 --from 2026-01-01"
