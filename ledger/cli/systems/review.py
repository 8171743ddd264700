"""The review: what is undocumented of each system, and the two commands that end it."""

from __future__ import annotations

from datetime import date

import click

from ledger.cli.finance.agenda import print_agenda
from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import Record, form_option, print_csv, print_json, print_lines, say
from ledger.cli.kit.pager import paged
from ledger.cli.kit.projection import say_beside, titled
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import QUARTER, SYSTEM
from ledger.queries.register.items import RegisterItem
from ledger.queries.register.review import Gap, Reviewed
from ledger.queries.register.review import review as review_as_of
from ledger.services.review import review_quarter
from ledger.vocabulary.errors import NotFound
from ledger.vocabulary.quarters import Quarter

_COLUMNS = ("system", "gap", "what", "dimension", "category", "cause", "items", "observe", "document")


@click.command()
@click.option("--system", type=SYSTEM, help="Of one system; all that are not retired by default.")
@click.option(
    "--quarter", type=QUARTER, help="The agenda of a quarter: what changed and why, and what is to be decided."
)
@as_of_option
@known_at_option
@form_option("table", "json", "csv", "markdown", help_="How records are printed; markdown with --quarter.")
@click.pass_obj
@paged
def review(
    session: Session, system: str | None, quarter: str | None, as_of: date | None, known_at: str | None, form: str
) -> None:
    """List what is undocumented: each gap as the neglect it is, with the command that records or documents it.

    Nothing is recorded. A gap that the register knows of already points to its open items instead. With --quarter: all that
    the review of that quarter has to talk about, what is undocumented last.
    """
    if quarter is not None:
        if system is not None:
            raise click.UsageError("Give --system or --quarter, not both: the agenda is of the whole book.")
        print_agenda(review_quarter(session.opened, Quarter.parse(quarter), as_of=as_of, known_at=known_at), form)
        return
    if form == "markdown":
        raise click.UsageError("--format markdown is of an agenda: say which with --quarter.")
    day = as_of or session.today
    with session.reader(known_at) as reader:
        found = review_as_of(reader, day)
    if system is not None:
        found = [each for each in found if each.system == system]
        if not found:
            raise NotFound(
                f"There is no system {system}.", "`debt system list` shows them.", unknown=("systems", system)
            )
    records = [gap_record(gap) for reviewed in found for gap in reviewed.gaps]
    if form == "json":
        print_json(records)
    elif form == "csv":
        print_csv(({**each, "items": " ".join(item["item"] for item in each["items"])} for each in records), _COLUMNS)
    else:
        if day > session.today:
            print_lines(titled(f"Undocumented on {day}", day, session.today), "")
        _print(found, day, one=system is not None)
    say_beside(form, day, session.today)


def gap_record(gap: Gap) -> Record:
    """A gap for programs. observe is null where the register says so already."""
    return {
        "system": gap.system,
        "gap": gap.gap,
        "what": gap.what,
        "dimension": gap.dimension,
        "category": gap.category,
        "cause": gap.cause,
        "items": [
            {
                "item": item.item,
                "nature": item.nature,
                "status": item.status,
                "decided_by": item.decided_by,
                "repay_by": item.repay_by,
            }
            for item in gap.items
        ],
        "observe": None if gap.items else gap.observe,
        "document": gap.document,
    }


def _print(found: list[Reviewed], day: date, *, one: bool) -> None:
    shown = [reviewed for reviewed in found if one or not reviewed.retired_on]
    for reviewed in shown:
        print_lines(f"{reviewed.system}  {reviewed.name}")
        if reviewed.retired_on:
            print_lines(f"  retired on {reviewed.retired_on}: nothing is asked of it")
        elif not reviewed.gaps:
            print_lines("  nothing is undocumented")
        for gap in reviewed.gaps:
            _print_gap(gap)
        print_lines("")
    gaps = [gap for reviewed in shown for gap in reviewed.gaps]
    known = sum(bool(gap.items) for gap in gaps)
    if not found:
        say("No system is registered. `debt system add KEY NAME --team T` registers one.")
    else:
        gaps_told = f"{len(gaps)} gap{'' if len(gaps) == 1 else 's'}"
        say(f"{gaps_told} on {day}, {known} of them in the register. Nothing was recorded.")


def _print_gap(gap: Gap) -> None:
    print_lines(f"  {gap.what}  [{gap.category}; {gap.cause}]")
    if gap.items:
        print_lines(f"    in the register: {'; '.join(_in_register(item) for item in gap.items)}")
    else:
        print_lines(f"    record it:       {gap.observe}")
    print_lines(f"    or document it:  {gap.document}")


def _in_register(item: RegisterItem) -> str:
    if item.nature == "debt":
        return f"{item.item} (debt, decided by {item.decided_by or ''}, repay by {item.repay_by}, {item.status})"
    return f"{item.item} (neglect, {item.cause}, {item.status})"
