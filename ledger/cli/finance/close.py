"""Closing a quarter for good, and the policies of a book."""

from __future__ import annotations

from dataclasses import asdict
from typing import Unpack

import click

from ledger.cli.finance.figures import print_rollforward, rollforward_records
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import Record, format_option, print_json, print_lines, print_records, print_table
from ledger.cli.kit.progress import progress
from ledger.cli.kit.recording import Recording, earlier_shown, print_recorded, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import QUARTER, TEXT
from ledger.decide.close import Close
from ledger.decide.policy_set import SetPolicy
from ledger.queries.audit.policies import policies
from ledger.queries.audit.sealing import Sealing
from ledger.services.close import QuarterClosing
from ledger.vocabulary.money import Currency

_FINDINGS = ("check", "ok", "finding")
_POLICIES = ("policy", "value", "position", "recorded_at", "actor", "definition")


@click.command(cls=AskingCommand)
@click.argument("quarter", cls=NeededArgument, type=QUARTER)
@click.option("--dry-run", is_flag=True, help="Check, and show what would be sealed; record nothing.")
@recording_options(tried_out=False)
@click.pass_obj
def close(session: Session, quarter: str, dry_run: bool, **recording: Unpack[Recording]) -> None:
    """Close QUARTER, once it has ended: for good. The books are verified and replayed first."""
    command = Close(**when(recording), quarter=quarter)
    form, currency = recording["form"], session.book.currency
    closing = QuarterClosing(session.ledger, session.request(command, key=recording["key"], again=recording["again"]))
    try:
        with earlier_shown(currency), progress("checking") as closing.progress:
            if dry_run:
                closing.rehearse()
            else:
                receipts = closing.record()
    finally:
        # Not before the transaction has ended: a slow reader of these lines keeps nobody from recording.
        if closing.sealing is not None:
            _show(closing.sealing, form, currency, dry_run=dry_run)
    if not dry_run:
        print_recorded(receipts, form, currency)
    elif closing.sealing is not None and form == "table":
        print_lines(
            f"{quarter} can be closed: it would seal {closing.sealing.position} events, head {closing.sealing.head}.",
            f"Nothing was recorded; `debt close {quarter}` closes it.",
        )


def _show(sealing: Sealing, form: str, currency: Currency, *, dry_run: bool) -> None:
    """Print what was examined: for a person, and for a program where nothing else is printed."""
    findings: list[Record] = [
        {"check": finding.name, "ok": finding.ok, "finding": finding.sentence} for finding in sealing.findings
    ]
    quarter = str(sealing.quarter)
    if form == "table":
        print_table(findings, _FINDINGS, title=f"Before {quarter} is closed")
        print_rollforward(sealing.totals, quarter, currency, sealing.totals.last_day)  # it has ended
    elif dry_run and form == "json":
        facts: Record = {
            "quarter": quarter,
            "first_day": sealing.totals.first_day,
            "last_day": sealing.totals.last_day,
            "position": sealing.position,
            "head": sealing.head,
            "currency": currency.code,
            "ok": not sealing.objections,
            "checks": findings,
            "rows": rollforward_records(sealing.totals, currency.plain),
        }
        print_json(facts)
    elif dry_run:
        print_records(form, findings, _FINDINGS)


@click.group(cls=CommandGroup)
def policy() -> None:
    """How the book is kept: set by events, and so for everybody."""


@policy.command("set", cls=AskingCommand)
@click.argument("name", cls=NeededArgument, type=TEXT)
@click.argument("value", cls=NeededArgument, type=click.Choice(["on", "off"]))
@recording_options(dated=False)
@click.pass_obj
def set_policy(session: Session, name: str, value: str, **recording: Unpack[Recording]) -> None:
    """Switch the policy NAME on or off, from here on."""
    # `decide` refuses a policy that is set already; on, off and on again in one day are three requests.
    recording["again"] = True
    record(session, SetPolicy(evidence=recording["evidence"], policy=name, value=value), **recording)


@policy.command("list")
@format_option
@click.pass_obj
def list_policies(session: Session, form: str) -> None:
    """Every policy, and whether it is on."""
    with session.reader() as reader:
        records: list[Record] = [asdict(policy) for policy in policies(reader)]
    print_records(form, records, _POLICIES, title=f"Policies of the book '{session.book.name}'")
