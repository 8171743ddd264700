"""What follows from a finding: the table of states by what is in the books already. Pure; it knows no tool.

| state in the tool | not in the books | open in the books | closed in the books |
|---|---|---|---|
| open | observed | revised, if the tool's effort changed | reopened, if an import closed it |
| accepted | observed | the same; waits for a decision | the same |
| fixed | observed and repaid, unmeasured | repaid, unmeasured | – |
| gone | observed and written off | written off | – |
| rejected | counted | written off | – |

What a person re-estimated, closed or reversed stays as it is, and a remark says that it differs: at every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ledger.decide.import_batch import Step
from ledger.decide.item import CLOSINGS, Entry, Item
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.revise import Revise
from ledger.decide.write_off import WriteOff
from ledger.events import EstimateRevised, ItemWrittenOff, RepaymentRecorded
from ledger.importers.findings.finding import STANDING, ToolFinding
from ledger.importers.findings.kind import FindingsKind
from ledger.importers.findings.known import KnownFindings
from ledger.vocabulary.efforts import effort_text
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Interest, Quantity


@dataclass(frozen=True, slots=True)
class ImportTerms:
    """What an import takes for granted.

    interest: of what is estimated for the first time, or anew by the tool. assume_spent: what was fixed cost what it removed, else
    it is unmeasured. exported_on: the export's day; of what happened on a day that the tool does not say. today: in the book's
    zone. currency: the book's. cause: of every finding, None where the reader's tables suggest it.
    """

    kind: FindingsKind
    system: str
    category: str
    interest: Interest | None
    assume_spent: bool
    exported_on: date
    today: date
    currency: Currency
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """What follows from a finding. remark: in what the tool and the books differ, for a person to decide."""

    steps: tuple[Step, ...] = ()
    remark: str = ""


def first_seen(finding: ToolFinding, item: str, terms: ImportTerms) -> tuple[Step, ...]:
    """A finding that is not in the books. item: the key that it will have."""
    if finding.state == "rejected":
        return ()
    observe = Observe(
        on=finding.found_on,
        late=True,
        evidence=_evidence(finding, terms),
        system=terms.system,
        title=finding.title,
        category=terms.category,
        principal=Quantity(minutes=finding.minutes) if finding.minutes else None,
        interest=terms.interest if finding.minutes else None,
        source=terms.kind.source,
        external_key=finding.key,
        content_hash=finding.content_hash,
        details=finding.details | ({"scope": finding.scope} if finding.scope else {}),
        cause=finding.cause,
    )
    return (observe,) if finding.state in STANDING else (observe, _concluded(finding, item, finding.found_on, terms))


def seen_again(finding: ToolFinding, item: Item, known: KnownFindings, terms: ImportTerms) -> Following:
    """A finding that is in the books as an item."""
    if item.reversed:
        return Following()
    closed = item.closed_on(terms.today)
    if finding.state in STANDING:
        return _open_again(finding, item, known, terms) if closed else _effort(finding, item, known, terms)
    if closed:
        return Following()
    if _put_back(finding, item, known, terms):
        return Following(
            remark=f"{_over(finding)} in {terms.kind.tool}, open here: what an import recorded of that was reversed"
        )
    return Following((_concluded(finding, item.id, item.opened_on, terms),))


def vanished(item: Item, terms: ImportTerms) -> WriteOff:
    """An item whose finding is not in an export that is the whole truth."""
    day = max(terms.exported_on, item.opened_on)
    tool = terms.kind.tool
    return WriteOff(
        item=item.id,
        on=day,
        late=True,
        evidence=f"{terms.kind.source} export of {terms.exported_on}",
        because=f"gone: not in {tool}'s export of {terms.exported_on}, which was said to be complete",
    )


def settled_on(finding: ToolFinding, terms: ImportTerms) -> date:
    """The day on which a finding came into its state."""
    return max(finding.state_on or finding.updated_on or terms.exported_on, finding.found_on)


def _concluded(finding: ToolFinding, item: str, opened_on: date, terms: ImportTerms) -> Step:
    """Work that nobody measured, or a write-off with the reason."""
    on, evidence = max(settled_on(finding, terms), opened_on), _evidence(finding, terms)
    if finding.state == "fixed":
        return Repay(item=item, on=on, late=True, evidence=evidence, unmeasured=not terms.assume_spent)
    because = f"{_over(finding)} in {terms.kind.tool}{f' ({finding.said})' if finding.said else ''}"
    return WriteOff(item=item, on=on, late=True, evidence=evidence, because=because)


def _over(finding: ToolFinding) -> str:
    return {"rejected": "a false positive", "gone": "gone without work"}.get(finding.state, finding.state)


def _put_back(finding: ToolFinding, item: Item, known: KnownFindings, terms: ImportTerms) -> bool:
    """Whether a person reversed what an import recorded of this very change."""
    on = max(settled_on(finding, terms), item.opened_on)
    return any(
        isinstance(entry.event, CLOSINGS)
        and not entry.standing
        and not known.was_undone(entry)
        and known.is_ours(entry)
        and entry.occurred_on == on
        for entry in item.entries
    )


def _open_again(finding: ToolFinding, item: Item, known: KnownFindings, terms: ImportTerms) -> Following:
    """Reopened, if what closed the item came from an import as well."""
    ends = [entry for entry in item.entries if entry.standing and isinstance(entry.event, CLOSINGS)]
    # What closed it is what was recorded last: a part that was repaid before may be of a later day.
    closing = max(ends, key=lambda entry: entry.position, default=None)
    said = f"open in {terms.kind.tool}, closed here"
    if closing is None or not known.is_ours(closing):
        return Following(remark=f"{said} by a person")
    event = closing.event
    assert isinstance(event, RepaymentRecorded | ItemWrittenOff)  # noqa: S101 - what closings are
    touched = _latest(
        item,
        lambda entry: (
            isinstance(entry.event, EstimateRevised | RepaymentRecorded) and entry.position < closing.position
        ),
    )
    if touched is not None and _is_of_people(touched, known):
        # What a person estimated, or repaid a part of, is what stood there, whatever the tool says of the effort.
        principal = Quantity(minor=event.removed_minor)
    elif finding.minutes is None:
        return Following(remark=f"{said}; without an effort there is no principal to reopen it with")
    else:
        principal = Quantity(minutes=finding.minutes)
    revise = Revise(
        item=item.id,
        # Not before the last part was repaid: until then it would take that from what is open again.
        on=min(max(_changed_on(finding, terms), closing.occurred_on, *_days_after(closing, ends)), terms.today),
        late=True,
        evidence=_evidence(finding, terms),
        principal=principal,
        interest=_interest_again(item, event.carry_removed_minor_per_year, terms),
        because=f"open again in {terms.kind.tool}{f' ({finding.said})' if finding.said else ''}",
    )
    return Following((revise,))


def _days_after(closing: Entry, ends: Iterable[Entry]) -> Iterator[date]:
    """The days of what was repaid later than an item was closed, by their dates."""
    return (entry.effective_on for entry in ends if entry.order > closing.order)


def _interest_again(item: Item, stood_minor_per_year: int, terms: ImportTerms) -> Interest:
    """What stood when it was closed, none if none did. Only what nobody ever estimated is as new as on its first day."""
    if item.estimated_on(terms.today) or terms.interest is None:
        return Interest(minor=stood_minor_per_year)
    return terms.interest


def _as_people_left_it(entry: Entry) -> bool:
    """Whether an import reopened an item with a person's amount: what it takes from a tool is an effort."""
    return isinstance(entry.event, EstimateRevised) and entry.event.effort_minutes is None


def _is_of_people(entry: Entry, known: KnownFindings) -> bool:
    """Whether what is owed since an entry is a person's word, recorded by him or put back by an import."""
    return not known.is_ours(entry) or _as_people_left_it(entry)


def _effort(finding: ToolFinding, item: Item, known: KnownFindings, terms: ImportTerms) -> Following:
    """A revision, if the tool's effort is another than an import recorded last and no person had a hand in it."""
    before, after = _imported_minutes(item, known), finding.minutes
    if before == after:
        return Following()
    tool = terms.kind.tool
    differs = f"effort is {_words(after)} in {tool}, it was {_words(before)}"
    touched = _latest(item, lambda entry: isinstance(entry.event, EstimateRevised | RepaymentRecorded))
    if touched is not None and _is_of_people(touched, known):
        if isinstance(touched.event, EstimateRevised) and touched.event.effort_minutes == after:
            return Following()
        return Following(remark=_follow(item, differs, after))
    if after is None:
        return Following(remark=differs)
    bears = any(balance.carry for balance in item.at_end.values()) or not item.estimated_on(terms.today)
    revise = Revise(
        item=item.id,
        on=min(max(_changed_on(finding, terms), item.opened_on), terms.today),
        late=True,
        evidence=_evidence(finding, terms),
        principal=Quantity(minutes=after),
        # What bears none was recorded so, or somebody took it away: no flag of a run knows better.
        interest=terms.interest if bears else None,
        because=differs,
    )
    return Following((revise,), "" if bears else _no_interest(item, differs, terms))


def _follow(item: Item, differs: str, after: int | None) -> str:
    """What a person may do whose estimate the tool does not share."""
    told = f"{differs}; a person estimated or repaid it since"
    if after is None:
        return told
    return f"{told}: `debt revise {item.id} --principal {effort_text(after)} --because WHY` follows the tool"


def _no_interest(item: Item, differs: str, terms: ImportTerms) -> str:
    """That the interest an import was asked for is not taken by an item that bears none; empty if it was asked for none."""
    if terms.interest is None or not terms.interest.size:
        return ""
    asked = terms.interest.typed(terms.currency)
    return f"{differs}; it bears no interest, and keeps none: `debt revise {item.id} --interest {asked} --because WHY`"


def _imported_minutes(item: Item, known: KnownFindings) -> int | None:
    """The effort that an import estimated last, None where the tool named none."""
    revised = _latest(
        item,
        lambda entry: (
            isinstance(entry.event, EstimateRevised)
            and entry.event.outstanding_minor is not None
            and not _as_people_left_it(entry)
            and known.is_ours(entry)
        ),
    )
    return revised.event.effort_minutes if revised is not None else item.opening.effort_minutes  # type: ignore[attr-defined]


def _latest(item: Item, wanted: Callable[[Entry], bool]) -> Entry | None:
    """The latest standing entry of a kind."""
    found = (entry for entry in item.entries if entry.standing and wanted(entry))
    return max(found, key=lambda entry: entry.order, default=None)


def _changed_on(finding: ToolFinding, terms: ImportTerms) -> date:
    return max(finding.updated_on or terms.exported_on, finding.found_on)


def _words(minutes: int | None) -> str:
    return "not stated, or 0min," if minutes is None else effort_text(minutes)


def _evidence(finding: ToolFinding, terms: ImportTerms) -> str:
    return f"{terms.kind.source} {finding.located}"
