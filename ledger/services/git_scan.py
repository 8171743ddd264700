"""`debt git scan`: what commits say about debt, recorded once wherever they were rebased or picked to, as one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from ledger.decide.claims import HASHED_HERE
from ledger.decide.import_batch import ImportBatch, RunOpening
from ledger.decide.receipt import Receipt
from ledger.events import ItemEvent
from ledger.events.codec import decode, sha256_hex
from ledger.importers.commit_trailers import (
    CLOSES,
    INTEREST,
    NAMED_BY,
    REPAYS,
    Identity,
    Trailer,
    identity_in,
    trailers_of,
)
from ledger.importers.git_log import Repository
from ledger.importers.rows import BadRow, Progress, row_reason, settle
from ledger.services.import_rows import RowsReport, by_stored_name, only_system
from ledger.services.requester import Requester
from ledger.store.asked_in_runs import AskedInRun, asked_in_runs
from ledger.store.ledger import Ledger
from ledger.store.runs import GIT_TRAILERS, batch_key, new_run, runs_so_far
from ledger.store.transaction import Unit
from ledger.tables.facts import event
from ledger.tables.reversals import reversal
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.text import MAX_NAME, clean_text
from ledger.vocabulary.time_zones import time_zone

_NAMING = select(event.c.body).where(
    event.c.book == bindparam("book"),
    event.c.body.like(bindparam("text")),
    event.c.position.not_in(select(reversal.c.reversed_position).where(reversal.c.book == bindparam("book"))),
)


@dataclass(frozen=True, slots=True)
class GitScan:
    """What is scanned. branch: the one that counts, None for the default one. revisions: a range of it, None for all."""

    folder: Path
    branch: str | None = None
    revisions: str | None = None


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What became of a scan, by trailer, and of which branch it is."""

    branch: str
    rows: RowsReport


def scan(
    ledger: Ledger,
    wanted: GitScan,
    requester: Requester,
    *,
    dry_run: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> ScanReport:
    """Record the trailers of a repository's commits that no scan before recorded, in one transaction.

    Raises Refused where there is no repository or branch, Unreadable for a range that git does not know, ImportRefused if it is
    strict and a trailer cannot be recorded.
    """
    repository = Repository(wanted.folder)
    branch = wanted.branch or repository.default_branch()
    for revision in filter(None, (branch, wanted.revisions)):
        repository.known(revision)
    found, bad = _read(repository, branch, wanted, ledger)
    source = f"{repository.name} {branch}"

    def work(unit: Unit) -> RowsReport:
        taking = _Scanning(unit, requester, list(bad), ledger)
        for number, trailer in enumerate(found, start=1):
            taking.take(number, trailer)
            if progress:
                progress(number, len(found))
        read = len(found) + len(bad)
        taking.pass_answered()
        settle(taking.bad, read, strict=strict)
        receipts = taking.receipts
        if receipts:
            counts = {"read": read, "unchanged": taking.unchanged, "refused": len(taking.bad)}
            receipts += _closed_by_run(unit, taking, source, found, counts | by_stored_name(receipts))
        run = taking.run if receipts and not dry_run else None
        known = (taking.unchanged, tuple(taking.bad), tuple(receipts))
        return RowsReport(run, read, *known, dry_run=dry_run, taken_back=tuple(taking.taken_back))

    return ScanReport(branch, ledger.try_out(work) if dry_run else ledger.append(work))


def _read(repository: Repository, branch: str, wanted: GitScan, ledger: Ledger) -> tuple[list[Trailer], list[BadRow]]:
    """What commits of the branch say, and what of it cannot be read or is not on the branch."""
    currency = ledger.settings().currency
    found: list[Trailer] = []
    bad: list[BadRow] = []
    for commit in repository.commits(wanted.revisions or branch):
        trailers, unread = trailers_of(commit, currency)
        if wanted.revisions and (trailers or unread) and not repository.holds(branch, commit.sha):
            bad.append(BadRow(f"commit {commit.sha[:NAMED_BY]}", f"It is not on {branch}.", commit.sha))
            continue
        found += trailers
        bad += [BadRow(place, why, commit.sha) for place, why in unread]
    return found, bad


def _closed_by_run(
    unit: Unit, taking: _Scanning, source: str, found: list[Trailer], counts: dict[str, int]
) -> tuple[Receipt, ...]:
    """Say last what the run is."""
    said = RunOpening(
        kind=GIT_TRAILERS,
        source=clean_text(source)[:MAX_NAME],
        scopes=(),
        input_sha256=sha256_hex("\n".join(f"{each.commit.sha} {each.place}" for each in found).encode()),
        mapping_sha256=None,
        exported_on=None,
        counts=counts,
        assumptions={},
    )
    batch = ImportBatch(run=taking.run, system=only_system(taking.receipts), number=1, last=True, opening=said)
    return unit.record(taking.requester.request(batch, key=batch_key(taking.run, 1)), HASHED_HERE)


class _Scanning:
    """Trailers taken one after the other, each on what those before it left, each asked for by its author."""

    def __init__(self, unit: Unit, requester: Requester, bad: list[BadRow], ledger: Ledger) -> None:
        self.unit, self.requester, self.bad = unit, requester, bad
        self.run = new_run(unit.connection, unit.book, GIT_TRAILERS)
        self.receipts: list[Receipt] = []
        self.unchanged = 0
        #: Places of known trailers whose entries were reversed since.
        self.taken_back: list[str] = []
        self._zone = time_zone(ledger.settings().time_zone)
        runs = [each for each in runs_so_far(unit.connection, unit.book) if each.event.kind == GIT_TRAILERS]
        self._known = dict(_identified(asked_in_runs(unit, runs)))

    def take(self, number: int, trailer: Trailer) -> None:
        """Record a trailer, pass over one that is known, or keep why it is refused. number: of this run, from 1."""
        try:
            known = self._known.get(trailer.identity)
            if known is None:
                self._record(number, trailer)
            else:
                self._pass(trailer, known)
        except (Refused, Unreadable) as error:
            self.bad.append(BadRow(trailer.place, row_reason(error), trailer.commit.sha))

    def pass_answered(self) -> None:
        """What somebody recorded by hand, with the commit as evidence, is answered: a commit cannot be corrected."""
        waiting = [row for row in self.bad if not _answered(self.unit, row.key)]
        self.unchanged += len(self.bad) - len(waiting)
        self.bad[:] = waiting

    def _pass(self, trailer: Trailer, known: _Known) -> None:
        said = None if trailer.amount is None else msgspec.to_builtins(trailer.amount)
        if known.amount != said:
            raise Refused(
                f"The same trailer was recorded with another amount, from commit {known.sha[:NAMED_BY]}.",
                f"`debt show {trailer.identity.item}` has it; what is right is recorded by hand.",
            )
        self.unchanged += 1
        if known.reversed:
            self.taken_back.append(trailer.place)

    def _record(self, number: int, trailer: Trailer) -> None:
        command = trailer.command(self._zone)
        author = Requester(trailer.commit.mapped, self.requester.today)
        # The same words of two commits are two pieces of work: their evidence differs.
        self.receipts += self.unit.record(author.request(command, key=batch_key(self.run, number + 1)))
        said = None if trailer.amount is None else msgspec.to_builtins(trailer.amount)
        self._known[trailer.identity] = _Known(said, trailer.commit.sha, reversed=False)


def _answered(unit: Unit, sha: str) -> bool:
    """Whether an entry that stands, and that no scan recorded, names a commit in its evidence by twelve letters or more."""
    unit.flush()
    named = {"book": unit.book, "text": f"%{sha[:NAMED_BY]}%"}
    for (body,) in unit.connection.execute(_NAMING, named):
        happened = decode(body).event
        evidence = happened.evidence or ""
        if isinstance(happened, ItemEvent) and sha[:NAMED_BY] in evidence and identity_in(evidence, "", "") is None:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Known:
    """A trailer that is recorded: its amount as it is stored, the commit that it was read from, and whether it still stands."""

    amount: Any
    sha: str
    reversed: bool


def _identified(asked: Iterator[AskedInRun]) -> Iterator[tuple[Identity, _Known]]:
    for each in asked:
        said = msgspec.json.decode(each.request_json)["request"]
        word = INTEREST if said["command"] == "interest" else REPAYS if said.get("amount") else CLOSES
        evidence = said.get("evidence", "")
        identity = identity_in(evidence, word, each.item)
        if identity is not None:
            yield identity, _Known(said.get("amount"), evidence.split()[1], reversed=each.reversed_at is not None)
