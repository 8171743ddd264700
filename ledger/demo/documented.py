"""What the story documents and measures of its systems. FEATURES is left as most systems are: nobody did either."""

from __future__ import annotations

from ledger.decide.datasheet import AnswerDatasheet
from ledger.decide.explain import DocumentExplanation
from ledger.decide.score import AnswerScore
from ledger.demo.sentences import Sentence, SuiteAsked, measured, monitor, tried
from ledger.vocabulary.kinds import ScoreAnswer

_APPROVALS, _MERCHANTS, _VEHICLES, _RATES = "FRAUD/approvals", "FRAUD/merchants", "SIGHT/vehicles", "HOME/rates"


def _scored(day: str, system: str, evidence: str, answers: dict[str, ScoreAnswer]) -> tuple[Sentence, ...]:
    return tuple(
        (day, AnswerScore(system=system, test=test, answer=answer, evidence=evidence))
        for test, answer in answers.items()
    )


DOCUMENTED: tuple[Sentence, ...] = (
    # FRAUD: what is blocked never gets a label, and it shows until one payment in a thousand passes.
    ("2025-01-13", monitor(
        _APPROVALS, "prediction-bias", "0.030", "Learn the thresholds again, within a week of the alert")),
    ("2025-01-14", measured(_APPROVALS, "prediction-bias", "0.011", "0.030", 412_000)),
    ("2025-04-14", measured(_APPROVALS, "prediction-bias", "0.019", "0.030", 398_500)),
    ("2025-07-14", measured(_APPROVALS, "prediction-bias", "0.034", "0.030", 431_200)),
    ("2025-10-13", measured(_APPROVALS, "prediction-bias", "0.041", "0.030", 440_900)),
    ("2026-01-15", measured(_APPROVALS, "prediction-bias", "0.037", "0.030", 702_300)),
    ("2026-04-13", measured(_APPROVALS, "prediction-bias", "0.033", "0.030", 455_100)),
    ("2026-07-13", measured(_APPROVALS, "prediction-bias", "0.018", "0.030", 468_800)),
    ("2026-09-28", measured(_APPROVALS, "prediction-bias", "0.014", "0.030", 471_600)),
    ("2025-03-10", monitor(
        _MERCHANTS, "drift", "0.20", "The pipeline takes the model of the month before", remediation="automatic")),
    ("2025-03-10", measured(_MERCHANTS, "drift", "0.06", "0.20", 398_500)),
    ("2025-12-15", measured(_MERCHANTS, "drift", "0.24", "0.20", 702_300)),
    ("2026-01-19", measured(_MERCHANTS, "drift", "0.11", "0.20", 455_100)),
    ("2026-09-28", measured(_MERCHANTS, "drift", "0.09", "0.20", 471_600)),
    ("2025-06-03", measured("FRAUD", "comprehensibility", "0.21", "0.25", 184)),
    ("2026-03-23", measured("FRAUD", "comprehensibility", "0.31", "0.25", 226)),
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
    ("2025-07-16", tried("SIGHT/bus on its side", "rotated 90°", 3, 100, "frames of the pilot, first hundred")),
    ("2025-07-16", monitor(
        _VEHICLES, "robustness", "0.90", "Whatever looks tilted goes to a person until it is met", alerts=False)),
    ("2025-07-17", measured(_VEHICLES, "robustness", "0.03", "0.90", 100)),
    ("2025-12-10", measured(_VEHICLES, "robustness", "0.41", "0.90", 400)),
    ("2026-04-22", measured(_VEHICLES, "robustness", "0.88", "0.90", 400)),
    ("2026-09-16", tried("SIGHT/bus on its side", "rotated 90°", 94, 100, "second shoot, first hundred")),
    ("2026-09-16", tried("SIGHT/snow", "rendered snowfall", 12, 100, "rendered frames, winter set")),
    ("2026-09-17", measured(_VEHICLES, "robustness", "0.93", "0.90", 400)),
    ("2026-09-18", SuiteAsked(monitor(
        "SIGHT/digits", "robustness", "0.90", "Signs that lie go to a person until the spring release",
        carried_by="SIGHT-3"))),
    ("2025-11-11", DocumentExplanation(
        system="SIGHT", scope="local", method="occlusion maps", artifact="review queue, second pane",
        audience="reviewers", quality="shows what was looked at, not why")),
    # HOME: one look at the rates after the model stopped believing in them, and one after the training.
    ("2025-05-14", monitor(
        _RATES, "drift", "0.20", "Train again on the sales since the rates moved", alerts=False)),
    ("2025-05-14", measured(_RATES, "drift", "0.61", "0.20", 12_400)),
    ("2026-02-11", measured(_RATES, "drift", "0.08", "0.20", 13_900)),
    ("2026-02-12", AnswerDatasheet(system="HOME", dataset="sales", answers={
        "2.1": "One sale of one home", "3.5": "Sales of 2025 alone: older ones speak of other rates"})),
    *_scored("2026-02-13", "HOME", "notes of the valuation team", {"model-2": "manual", "monitoring-5": "manual"}),
)  # fmt: skip
