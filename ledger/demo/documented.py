"""What the story documents and measures of its systems. FEATURES is left as most systems are: nobody did either."""

from __future__ import annotations

from ledger.decide.datasheet import AnswerDatasheet
from ledger.decide.explain import DocumentExplanation
from ledger.decide.score import AnswerScore
from ledger.demo.sentences import Sentence, SuiteAsked, counted, judged, measured, monitor, tried
from ledger.vocabulary.kinds import ScoreAnswer

_APPROVALS = monitor(
    "FRAUD/approvals", "prediction-bias", "0.030", "Learn the thresholds again, within a week of the alert"
)
_MERCHANTS = monitor(
    "FRAUD/merchants", "drift", "0.20", "The pipeline takes the model of the month before", remediation="automatic"
)
_VEHICLES = monitor(
    "SIGHT/vehicles", "robustness", "0.90", "Whatever looks tilted goes to a person until it is met", alerts=False
)
_RATES = monitor("HOME/rates", "drift", "0.20", "Train again on the sales since the rates moved", alerts=False)


def _scored(day: str, system: str, evidence: str, answers: dict[str, ScoreAnswer]) -> tuple[Sentence, ...]:
    return tuple(
        (day, AnswerScore(system=system, test=test, answer=answer, evidence=evidence))
        for test, answer in answers.items()
    )


def _tried(day: str, case: str, perturbation: str, passed: int, of: int, data: str) -> tuple[Sentence, ...]:
    """A case of SIGHT: how many came out right, and what the ledger says of so many."""
    trial = tried(f"{_VEHICLES.system}/{case}", perturbation, passed, of, data)
    return (day, trial), (day, judged(trial, _VEHICLES))


DOCUMENTED: tuple[Sentence, ...] = (
    # FRAUD: what is blocked never gets a label, and it shows until one payment in a thousand passes.
    ("2025-01-13", _APPROVALS),
    ("2025-01-14", measured(_APPROVALS, "0.011", 412_000)),
    ("2025-04-14", measured(_APPROVALS, "0.019", 398_500)),
    ("2025-07-14", measured(_APPROVALS, "0.034", 431_200)),
    ("2025-10-13", measured(_APPROVALS, "0.041", 440_900)),
    ("2026-01-15", measured(_APPROVALS, "0.037", 702_300)),
    ("2026-04-13", measured(_APPROVALS, "0.035", 455_100)),
    ("2026-07-13", measured(_APPROVALS, "0.018", 468_800)),
    ("2026-09-28", measured(_APPROVALS, "0.014", 471_600)),
    ("2025-03-10", _MERCHANTS),
    ("2025-03-10", measured(_MERCHANTS, "0.06", 398_500)),
    ("2025-12-15", measured(_MERCHANTS, "0.24", 702_300)),
    ("2026-01-19", measured(_MERCHANTS, "0.11", 455_100)),
    ("2026-09-28", measured(_MERCHANTS, "0.09", 471_600)),
    ("2025-06-03", counted("FRAUD", "comprehensibility", "0.21", "0.25", 18_400)),
    ("2026-03-23", counted("FRAUD", "comprehensibility", "0.31", "0.25", 22_600)),
    ("2025-06-25", AnswerDatasheet(system="FRAUD", dataset="card payments", answers={
        "1.1": "To tell fraud from payments, a label per payment",
        "1.2": "The fraud team, for itself",
        "2.1": "One card payment",
        "2.5": "Whether the holder disputed it; a blocked payment has none",
        "2.9": "Disputes arrive up to six weeks late",
        "3.5": "Since 2023, and it speaks of that time",
        "5.1": "Training and testing of FRAUD, nothing else",
        "7.1": "The fraud team"})),
    ("2025-06-26", DocumentExplanation(
        system="FRAUD", scope="global", method="permutation importance", artifact="reports of the fraud audit, 2025",
        audience="auditors", quality="ten features carry four fifths of it; three of them are merchant_risk")),
    *_scored("2026-02-03", "FRAUD", "walked through with the pipeline's job log", {
        "data-1": "automated", "data-5": "manual", "data-7": "manual", "model-1": "automated", "model-6": "manual",
        "infrastructure-6": "automated", "infrastructure-7": "manual", "monitoring-2": "manual",
        "monitoring-7": "automated"}),
    # SIGHT: the bus, and what was rendered since.
    ("2025-07-16", _VEHICLES),
    *_tried("2025-07-16", "bus on its side", "rotated 90°", 3, 100, "frames of the pilot, first hundred"),
    *_tried("2025-12-10", "vehicles on their side", "rotated 90°", 164, 400, "first shoot, all frames"),
    # Nobody can tell, and the ledger says how many inputs would: so many are rendered, and they do.
    *_tried("2026-04-22", "vehicles on their side", "rotated 90°", 352, 400, "rendered vehicles, first set"),
    *_tried("2026-05-12", "vehicles on their side", "rotated 90°", 1_848, 2_100, "rendered vehicles, all sets"),
    *_tried("2026-09-16", "bus on its side", "rotated 90°", 94, 100, "second shoot, first hundred"),
    *_tried("2026-09-17", "bus on its side", "rotated 90°", 404, 430, "second shoot, all frames of the bus"),
    *_tried("2026-09-17", "vehicles on their side", "rotated 90°", 1_953, 2_100, "rendered vehicles, all sets"),
    ("2026-09-16", tried("SIGHT/snow", "rendered snowfall", 12, 100, "rendered frames, winter set")),
    ("2026-09-18", SuiteAsked(monitor(
        "SIGHT/digits", "robustness", "0.90", "Signs that lie go to a person until the spring release",
        carried_by="SIGHT-3"))),
    ("2025-11-11", DocumentExplanation(
        system="SIGHT", scope="local", method="occlusion maps", artifact="review queue, second pane",
        audience="reviewers", quality="shows what was looked at, not why")),
    # HOME: one look at the rates after the model stopped believing in them, and one after the training.
    ("2025-05-14", _RATES),
    ("2025-05-14", measured(_RATES, "0.61", 12_400)),
    ("2026-02-11", measured(_RATES, "0.08", 13_900)),
    ("2026-02-12", AnswerDatasheet(system="HOME", dataset="sales", answers={
        "2.1": "One sale of one home", "3.5": "Sales of 2025 alone: older ones speak of other rates"})),
    *_scored("2026-02-13", "HOME", "notes of the valuation team", {"model-2": "manual", "monitoring-5": "manual"}),
)  # fmt: skip
