"""The commands a history is made of: what a person would type, one frozen record per verb.

Amounts, interest and effort stay the text that would be typed (`'12000'`, `'800/month'`, `'2d'`), so
that the model and the product each do their own parsing. `on=None` means the day was not typed: today.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class SystemAdd:
    """`system add`: one system-registered event, then one dependency-declared per `reads_from`."""

    key: str
    name: str
    team: str
    cost_centre: str | None = None
    reads_from: tuple[str, ...] = ()
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class SystemChange:
    """`system change`: a new team, a new cost centre, a new name, or several of them, from a day on."""

    key: str
    team: str | None = None
    cost_centre: str | None = None
    name: str | None = None
    new_team: bool = False
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class SystemRetire:
    """`system retire`: with `write_off`, one item-written-off per open item comes first."""

    key: str
    because: str
    write_off: bool = False
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class RateSet:
    """`rate set`: the price of a person-day from a day on, of the book or of one team."""

    amount: str
    start: date
    team: str | None = None
    yes: bool = False


@dataclass(frozen=True, kw_only=True)
class RateWithdraw:
    """`rate withdraw`: the rate set at a position was a mistake."""

    position: int
    because: str


@dataclass(frozen=True, kw_only=True)
class Commission:
    """`commission`: take on debt. The four gate fields may be missing, to be refused."""

    system: str
    title: str
    category: str
    principal: str
    interest: str | None = None
    decided_by: str | None = None
    because: str | None = None
    benefit: str | None = None
    repay_by: str | None = None
    decided_on: date | None = None
    until: date | None = None
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Observe:
    """`observe`: record neglect; without `principal` it is not yet estimated."""

    system: str
    title: str
    category: str
    cause: str | None = None
    principal: str | None = None
    interest: str | None = None
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Adopt:
    """`adopt`: a decision turns neglect into debt."""

    item: str
    decided_by: str | None = None
    because: str | None = None
    benefit: str | None = None
    repay_by: str | None = None
    until: date | None = None
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Renew:
    """`renew`: a new term for debt, no postings."""

    item: str
    decided_by: str
    because: str
    repay_by: str
    until: date | None = None
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Repay:
    """`repay ITEM AMOUNT`, or `repay ITEM --all` where `amount` is None."""

    item: str
    amount: str | None = None
    spent: str | None = None
    unmeasured: bool = False
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Revise:
    """`revise`: set what is outstanding, the interest per year, or both."""

    item: str
    because: str
    principal: str | None = None
    interest: str | None = None
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class WriteOff:
    """`write-off`: the whole rest of an item goes away unpaid."""

    item: str
    because: str
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`plan`: the quarter in which a debt is to be repaid."""

    item: str
    quarter: str
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Reverse:
    """`reverse`: undo the event at a position. Takes neither a day nor `--late`."""

    position: int
    because: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """`note`: a remark, no postings."""

    item: str
    text: str
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class ObserveInterest:
    """`interest`: what carrying an item really cost on a day, in no balance."""

    item: str
    amount: str
    because: str
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Describe:
    """`edit --title`, `link`, `tag` or `assign`, by `verb`: words that change nothing that is owed.

    `words`: the title, the URL, the tags with their signs, or who.
    """

    verb: str
    item: str
    words: tuple[str, ...]
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Close:
    """`close`: close a quarter for good."""

    quarter: str


@dataclass(frozen=True, kw_only=True)
class SetPlan:
    """`budget set` or `forecast set`, by `what`: what a team may spend on repayments, or is expected to spend."""

    what: str
    quarter: str
    amount: str
    team: str
    on: date | None = None
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Report:
    """`report`: the pack of a quarter, as of a day (None: its last), as known at a position (None: the last).

    On the command line a position is typed as the time at which it was recorded.
    """

    quarter: str
    as_of: date | None = None
    known: int | None = None


ItemCommand = Adopt | Renew | Repay | Revise | WriteOff | Plan | Note | Describe | ObserveInterest
Dated = SystemAdd | SystemChange | SystemRetire | Commission | Observe | ItemCommand
Command = Dated | RateSet | RateWithdraw | Reverse | Close | SetPlan | Report
