"""A book that keeps every rule, what every verb could go on with, and what each rule refuses there."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection

from ledger.decide.adopt import Adopt
from ledger.decide.assign import AssignItem
from ledger.decide.budget_set import SetBudget
from ledger.decide.checkpoint import SignCheckpoint
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.datasheet import AnswerDatasheet
from ledger.decide.decision_log import LogDecision, RetractDecision
from ledger.decide.edit import EditItem
from ledger.decide.evidence import AddEvidence
from ledger.decide.explain import DocumentExplanation
from ledger.decide.forecast_set import SetForecast
from ledger.decide.import_batch import ImportBatch, RunOpening, Step, TakeBack
from ledger.decide.init import OpenBook
from ledger.decide.interest import ObserveInterest
from ledger.decide.link import LinkItem
from ledger.decide.measure import RecordMeasurement
from ledger.decide.monitor import DocumentMonitor
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.plan import Plan
from ledger.decide.policy_set import SetPolicy
from ledger.decide.rate_set import SetRate
from ledger.decide.rate_withdraw import WithdrawRate
from ledger.decide.reference_replace import ReplaceReference
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.decide.report import IssuePack
from ledger.decide.reverse import Reverse
from ledger.decide.revise import Revise
from ledger.decide.robustness import DocumentRobustness
from ledger.decide.score import AnswerScore
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.decide.system_depends import DeclareDependency
from ledger.decide.system_retire import RetireSystem
from ledger.decide.tag import TagItem
from ledger.decide.time_zone_set import SetTimeZone
from ledger.decide.write_off import WriteOff
from ledger.events import DecisionLink, PackFile
from ledger.proof.checkpoint import Checkpoint, Note
from ledger.queries.audit.proofs import hash_at
from ledger.vocabulary.measurements import SeriesVerdict
from ledger.vocabulary.quantities import Interest, Quantity

BOOK, TODAY, ACTOR = "main", date(2026, 10, 20), "ada"
#: The policy second-actor-close is on, so that somebody else closes what ADA recorded last.
ANOTHER = "bob"
_DECISION = {"decided_by": "anna", "because": "the fair", "repay_by": "2027Q4"}
_GATE = _DECISION | {"benefit": "three weeks"}


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def money(minor: int) -> Quantity:
    return Quantity(minor=minor)


def commission(on: str, minor: int = 100_00, **said: Any) -> Commission:
    words: dict[str, Any] = {"system": "FRAUD", "title": "Glue", "category": "glue-code", "on": day(on), **_GATE}
    return Commission(**words | {"principal": money(minor)} | said)


def observe(on: str, **said: Any) -> Observe:
    words = {"system": "FRAUD", "title": "Bare", "category": "untracked-input", "cause": "untracked", "on": day(on)}
    return Observe(**words | said)


def monitor(name: str, **said: Any) -> DocumentMonitor:
    words = {"what": "drift", "threshold": "0.1", "alerts": True, "remediation": "manual", "plan": "look"}
    return DocumentMonitor(**{"system": "FRAUD", "monitor": name} | words | said)


_REFERENCE = {"reference": ("/before.csv",)}
_AGREED: dict[str, Any] = {"principal": Quantity(minutes=480), "interest": Interest(minor=5), "agreed_by": "anna"}


def reference(**said: Any) -> ReplaceReference:
    words = {"monitor": "pinned", "reference": "/after.csv", "sha256": "b" * 64, "because": "a new model"}
    return ReplaceReference(**{"system": "FRAUD"} | words | said)


def measurement(**said: Any) -> RecordMeasurement:
    words: dict[str, Any] = {
        "what": "drift",
        "expectation": "reliable",
        "headline": "PSI",
        "value": "0.2",
        "verdict": "broken",
    }
    return RecordMeasurement(**{"system": "FRAUD", "rows": 10, "figures": {"n": "10"}} | words | said)


def batch(*steps: Step, **said: Any) -> ImportBatch:
    return ImportBatch(**{"run": "scan-1", "system": "FRAUD", "number": 1, "last": True, "steps": steps} | said)


_RUN = RunOpening(
    kind="scan",
    source="project",
    scopes=("project",),
    input_sha256="c" * 64,
    mapping_sha256=None,
    exported_on=day("07-01"),
    counts={"read": 2},
    assumptions={"interest": "none"},
)


def decision(**said: Any) -> LogDecision:
    words: dict[str, Any] = {"log": "FRAUD", "id": "0001-x", "title": "X", "path": "0001-x.md", "sha256": "1" * 64}
    return LogDecision(**words | {"status": "accepted", "on": day("04-20")} | said)


def pack(manifest: str, **said: Any) -> IssuePack:
    words: dict[str, Any] = {"quarter": "2026Q1", "as_of": day("03-31"), "known_position": 1, "head_hash": "0" * 64}
    files = (PackFile("a.csv", "1" * 64, "2" * 64),)
    return IssuePack(**words | {"compared_with": (), "manifest_sha256": manifest * 64, "files": files} | said)


def as_issued(command: Command, connection: Connection) -> Command:
    """A pack with the hash that the book has where it says one, as the service that issues it reads it."""
    if not isinstance(command, IssuePack):
        return command
    found = hash_at(connection, BOOK, command.known_position)
    return msgspec.structs.replace(command, head_hash=found or command.head_hash)


def checkpoint(size: int = 1, **said: Any) -> SignCheckpoint:
    covered = Checkpoint(f"debt-ledger/{BOOK}/x", size, bytes(32))
    words = {"origin": covered.origin, "size": size, "root": covered.root.hex(), "note": Note(covered).text}
    return SignCheckpoint(**words | {"public_key": "ssh-ed25519 AAAA"} | said)


#: In which every rule below finds what it refuses; the positions of their events are told on the right.
BASE: tuple[Command, ...] = (
    OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC", on=day("01-01")),  # 1
    AddSystem(system="PRICE", name="Prices", team="red", on=day("01-02")),  # 2
    AddSystem(
        system="FRAUD", name="Fraud", team="red", cost_centre="47", reads_from=("PRICE",), on=day("01-02")
    ),  # 3, 4
    AddSystem(system="RANK", name="Rank", team="blue", on=day("01-02")),  # 5
    SetRate(rate_minor=80_000, team="red", on=day("01-02")),  # 6
    commission("01-15", 12_000_00, interest=Interest(minor=800_00, times_per_year=12)),  # 7: FRAUD-1
    observe("02-10", principal=money(3_000_00), interest=Interest(percent_millionths=6_000_000)),  # 8: FRAUD-2
    observe("03-31"),  # 9: FRAUD-3, unestimated, on the last day that is closed
    Close(quarter="2026Q1", on=day("04-02")),  # 10
    Adopt(item="FRAUD-2", on=day("04-05"), **_GATE),  # 11
    Repay(item="FRAUD-1", amount=money(5_000_00), spent=money(6_200_00), on=day("05-01")),  # 12
    AddNote(item="FRAUD-1", text="seen", on=day("05-02")),  # 13
    Repay(item="FRAUD-1", amount=money(1_000_00), on=day("06-15")),  # 14
    commission("04-10"),  # 15: FRAUD-4
    Repay(item="FRAUD-4", on=day("06-20")),  # 16
    observe("04-11", principal=money(1)),  # 17: FRAUD-5
    Reverse(position=17, because="twice"),  # 18
    monitor("weekly"),  # 19
    RetireSystem(system="PRICE", because="replaced", on=day("05-01")),  # 20
    SetPolicy(policy="second-actor-close", value="on"),  # 21
    SetBudget(quarter="2026Q4", team="red", amount_minor=4_000_00),  # 22
    pack("a"),  # 23
    observe(
        "04-12", principal=Quantity(minutes=960), interest=Interest(minutes=60), source="scan", external_key="k"
    ),  # 24: FRAUD-6
    monitor("pinned", settings=_REFERENCE, reference_sha256="a" * 64),  # 25
    decision(),  # 26
    decision(status="proposed"),  # 27
    SetRate(rate_minor=70_000, team="blue", on=day("04-20")),  # 28
    WithdrawRate(position=28, because="a slip"),  # 29
)

#: Of every verb, what the rules let the book go on with; `init` apart, which comes first.
NEXT: tuple[Command, ...] = (
    AddSystem(system="NEW", name="New", team="green", reads_from=("RANK",), evidence="e"),
    ChangeSystem(system="FRAUD", team="blue", cost_centre="48"),
    ChangeSystem(system="FRAUD", name="Fraud, scored", evidence="e"),
    ChangeSystem(system="FRAUD", name="Fraud, scored", team="rad", new_team=True),
    RetireSystem(system="FRAUD", because="replaced", write_off=True),
    SetRate(rate_minor=90_000, team="blue"),
    SetRate(rate_minor=8_000, team="red", yes=True),
    WithdrawRate(position=6, because="a slip", evidence="e"),
    SetBudget(
        quarter="2026Q4", team="red", amount_minor=5_000_00, file_sha256="f" * 64, cell="B2", expected_minor=4_000_00
    ),
    SetForecast(quarter="2027Q1", team="red", amount_minor=5_000_00),
    Close(quarter="2026Q2"),
    pack("b", compared_with=(23,)),
    SetPolicy(policy="second-actor-close", value="off"),
    commission("07-01", interest=Interest(minor=100), until=day("12-31"), adr="adr/1", evidence="e"),
    commission("03-01", late=True, principal=Quantity(minutes=480)),
    observe("07-01", principal=money(7_00), details={"rule": "x"}),
    Adopt(item="FRAUD-6", on=day("07-01"), until=day("12-31"), **_GATE),
    Renew(item="FRAUD-1", on=day("07-01"), **_DECISION),
    Repay(item="FRAUD-1", amount=Quantity(minutes=480), spent=Quantity(minutes=960), on=day("07-01")),
    Repay(item="FRAUD-1", on=day("07-01")),
    Revise(
        item="FRAUD-6", principal=Quantity(minutes=480), interest=Interest(minor=5), because="counted", on=day("07-01")
    ),
    WriteOff(item="FRAUD-2", because="gone", on=day("07-01")),
    Plan(item="FRAUD-1", quarter="2027Q1", on=day("07-01")),
    Reverse(position=14, because="twice"),
    AddNote(item="FRAUD-4", text="closed", on=day("07-01")),
    ObserveInterest(item="FRAUD-1", amount=Quantity(minutes=360), because="incident", on=day("07-01")),
    EditItem(item="FRAUD-4", title="Thicker glue", on=day("07-01"), evidence="e"),
    LinkItem(item="FRAUD-5", url="https://tracker.example/1", on=day("07-01")),
    TagItem(item="FRAUD-1", add=("later", "soon"), remove=("never",), on=day("07-01")),
    AssignItem(item="FRAUD-1", assignee="anna", on=day("07-01")),
    AddEvidence(item="FRAUD-1", text="here", measured_at=3, series="a", on=day("07-01")),
    AnswerDatasheet(system="FRAUD", dataset="d", answers={"1.1": "yes"}),
    AnswerScore(system="FRAUD", test="data-1", answer="manual", evidence="e"),
    DeclareDependency(system="RANK", reads_from="FRAUD", what="scores"),
    DocumentExplanation(system="FRAUD", scope="global", method="SHAP", artifact="a", audience="b", quality="c"),
    monitor("daily", carried_by="FRAUD-1", settings=_REFERENCE, reference_sha256="a" * 64, **_AGREED),
    reference(),
    batch(
        observe("07-01", principal=money(7_00), source="scan", external_key="l"),
        Repay(item="FRAUD-7", amount=money(2_00), on=day("07-02"), unmeasured=True),
        Revise(item="FRAUD-7", principal=money(9_00), because="counted", on=day("07-03")),
        TakeBack(item="FRAUD-6", position=24, because="undo"),
        WriteOff(item="FRAUD-2", because="gone", on=day("07-01")),
        opening=_RUN,
    ),
    DocumentRobustness(system="FRAUD", case="noise", perturbation="p", passed=3, of=5, data="d"),
    SetTimeZone(time_zone="Europe/Berlin"),
    RetractDecision(log="FRAUD", id="0001-x", position=27, because="undo"),
    decision(
        status="superseded",
        status_said="superseded by 2",
        dated_on=day("04-20"),
        deciders=("anna",),
        supersedes=("0000-y",),
        superseded_by=("0002-z",),
        links=(DecisionLink("amends", "0003-w"),),
        items=("FRAUD-1",),
        on=day("07-01"),
        evidence="e",
    ),
    measurement(
        monitor="weekly",
        threshold="0.1",
        findings=({"class": "a"},),
        files={"data": "f"},
        settings={"by": ("x",)},
        series=(SeriesVerdict("a", "broken"),),
    ),
)

_TOO_MUCH = money(10**15)

#: What breaks a law there; each `raise` of a rule is reached by one of them.
UNLAWFUL: tuple[Command, ...] = (
    OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC"),
    AddSystem(system="FRAUD", name="Again", team="red"),
    ChangeSystem(system="NOPE", team="red"),
    RetireSystem(system="PRICE", because="again"),
    SetRate(rate_minor=1, team="nobody"),
    *(WithdrawRate(position=position, because="x") for position in (7, 28)),
    RetractDecision(log="FRAUD", id="0001-x", position=25, because="undo"),
    RetractDecision(log="FRAUD", id="0001-x", position=26, because="undo"),
    SetBudget(quarter="2026Q1", team="red", amount_minor=1),
    SetBudget(quarter="2026Q4", team="red", amount_minor=1, cell="B2", expected_minor=1),
    SetBudget(quarter="2026Q4", team="red", amount_minor=-1),
    *(Close(quarter=quarter) for quarter in ("2026Q4", "2026Q1", "2026Q3", "2026Q2")),
    Close(quarter="2026Q2", on=day("06-30")),
    pack("c", as_of=day("03-30")),
    pack("a"),
    checkpoint(0),
    checkpoint(origin="elsewhere"),
    checkpoint(note="?"),
    checkpoint(root="1" * 64),
    checkpoint(),
    commission("07-01", decided_on=day("07-02")),
    commission("07-01", principal=None),
    commission("07-01", category="missing-tests"),
    commission("07-01", benefit=None),
    commission("07-01", because="Coding error!"),
    commission("07-01", category="unheard-of"),
    commission("07-01", dimension="time"),
    commission("07-01", system="PRICE"),
    commission("07-01", principal=money(-1)),
    commission("07-01", principal=_TOO_MUCH),
    commission("07-01", principal=money(0)),
    commission("07-01", system="RANK", principal=Quantity(minutes=480)),
    commission("07-01", interest=Interest(minor=-1)),
    commission("07-01", interest=Interest(minor=10**13)),
    commission("12-01"),
    observe("07-01", cause=None),
    observe("07-01", cause="unheard-of"),
    observe("07-01", interest=Interest(minor=1)),
    Adopt(item="FRAUD-6", on=day("07-01"), **_DECISION),
    Adopt(item="FRAUD-1", on=day("07-01"), **_GATE),
    Adopt(item="FRAUD-3", on=day("07-01"), **_GATE),
    Renew(item="FRAUD-1", on=day("07-01")),
    Renew(item="FRAUD-6", on=day("07-01"), **_DECISION),
    Repay(item="FRAUD-99", on=day("07-01")),
    Repay(item="FRAUD-5", on=day("07-01")),
    Repay(item="FRAUD-4", on=day("07-01")),
    Repay(item="FRAUD-4", on=day("05-01")),
    Repay(item="FRAUD-4", on=day("05-01"), amount=money(1)),
    Repay(item="FRAUD-3", on=day("07-01"), amount=money(1)),
    Repay(item="FRAUD-1", on=day("07-01"), amount=money(6_000_01)),
    Repay(item="FRAUD-1", on=day("03-31")),
    Repay(item="FRAUD-2", on=day("04-04")),
    Repay(item="FRAUD-4", on=day("04-09")),
    Revise(item="FRAUD-1", on=day("05-20"), principal=money(1), because="x"),
    Revise(item="FRAUD-1", on=day("07-01"), because="x"),
    Revise(item="FRAUD-1", on=day("07-01"), principal=money(0), because="x"),
    Revise(item="FRAUD-1", on=day("07-01"), principal=money(6_000_00), because="x"),
    Revise(item="FRAUD-4", on=day("07-01"), principal=money(1), because="x"),
    Revise(item="FRAUD-3", on=day("07-01"), interest=Interest(minor=1), because="x"),
    Plan(item="FRAUD-6", quarter="2027Q1", on=day("07-01")),
    *(Reverse(position=position, because="x") for position in (999, 6, 18, 17, 13, 7, 8)),
    AddEvidence(item="FRAUD-4", text="x", on=day("07-01")),
    monitor("m", carried_by="FRAUD-6"),
    DocumentRobustness(system="FRAUD", case="c", perturbation="p", passed=7, of=5, data="d"),
    measurement(monitor="unheard-of"),
    reference(monitor="unheard-of"),
    reference(monitor="weekly"),
    reference(reference="/before.csv", sha256="a" * 64),
    batch(),
    batch(TakeBack(item="FRAUD-6", position=1, because="x")),
)

#: What breaks a convention there, and no law; each `by_convention` of a rule is reached by one of them.
UNCONVENTIONAL: tuple[Command, ...] = (
    EditItem(item="FRAUD-1", title="Glue", on=day("07-01")),
    LinkItem(item="FRAUD-1", url="tracker.example", on=day("07-01")),
    TagItem(item="FRAUD-1", on=day("07-01")),
    TagItem(item="FRAUD-1", add=("two words",), on=day("07-01")),
    TagItem(item="FRAUD-1", add=("a",), remove=("a",), on=day("07-01")),
    AddNote(item="FRAUD-1", text=" ", on=day("07-01")),
    AddNote(item="FRAUD-1", text="long" * 100_000, on=day("07-01")),
    ChangeSystem(system="FRAUD"),
    ChangeSystem(system="FRAUD", name="Fraud"),
    ChangeSystem(system="FRAUD", team="rad"),
    SetRate(rate_minor=26_666, team="red"),
    Plan(item="FRAUD-1", quarter="2026Q2", on=day("07-01")),
    SetPolicy(policy="unheard-of", value="on"),
    SetPolicy(policy="second-actor-close", value="on"),
    AnswerDatasheet(system="FRAUD", dataset="d", answers={}),
    AnswerDatasheet(system="FRAUD", dataset="d", answers={"99.9": "yes"}),
    AnswerScore(system="FRAUD", test="unheard-of", answer="no"),
    AnswerScore(system="FRAUD", test="data-1", answer="manual"),
    DeclareDependency(system="FRAUD", reads_from="PRICE"),
    monitor("m", what="unheard-of"),
    monitor("m", settings={"strange": ("x",)}),
    monitor("m", threshold="much"),
    measurement(value="much"),
    measurement(threshold="-1"),
    monitor("m", settings=_REFERENCE),
    monitor("pinned", settings=_REFERENCE, reference_sha256="b" * 64),
    monitor("m", agreed_by="anna"),
    monitor("m", principal=money(1)),
    measurement(monitor="weekly", threshold="0.1", what="robustness"),
    measurement(monitor="weekly", threshold="0.2"),
    measurement(monitor="pinned", threshold="0.1", files={"reference": "b" * 64}),
    observe("07-01", details={"größe": "1"}),
    Repay(item="FRAUD-1", spent=money(1), unmeasured=True, on=day("07-01")),
    AddNote(item="FRAUD-1", text="x", evidence=" ", on=day("07-01")),
    SetRate(rate_minor=1, on=date(2200, 1, 1)),
    SetTimeZone(time_zone="UTC"),
    SetTimeZone(time_zone="localtime"),
    decision(status="perhaps"),
    decision(items=("FRAUD-99",), on=day("07-01")),
    decision(status="proposed", on=day("05-01")),
)
