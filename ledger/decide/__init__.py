"""Decisions: every rule of the ledger, pure. A command and a state become events, or a refusal.

No clock, no database, no random number: what day it is, and what the books hold, are in the state.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.commands import (
    AddEvidence,
    AddNote,
    AddSystem,
    Adopt,
    AnswerDatasheet,
    AnswerScore,
    ChangeSystem,
    Close,
    Command,
    Commission,
    DeclareDependency,
    DocumentExplanation,
    DocumentMonitor,
    DocumentRobustness,
    IssuePack,
    Observe,
    OpenBook,
    Plan,
    RecordMeasurement,
    Renew,
    Repay,
    RetireSystem,
    Reverse,
    Revise,
    SetBudget,
    SetForecast,
    SetPolicy,
    SetRate,
    SignCheckpoint,
    WriteOff,
)
from ledger.decide.books import decide_close, decide_open_book, decide_set_rate
from ledger.decide.budgets import decide_set_budget, decide_set_forecast
from ledger.decide.checkpoints import decide_sign_checkpoint
from ledger.decide.common import Decided, limited
from ledger.decide.documents import (
    decide_add_evidence,
    decide_answer_datasheet,
    decide_answer_score,
    decide_declare_dependency,
    decide_document_explanation,
    decide_document_monitor,
    decide_document_robustness,
    decide_record_measurement,
)
from ledger.decide.estimates import decide_revise, decide_write_off
from ledger.decide.openings import decide_commission, decide_observe
from ledger.decide.packs import decide_issue_pack
from ledger.decide.policies import decide_set_policy
from ledger.decide.repayments import decide_plan, decide_repay
from ledger.decide.reversals import decide_note, decide_reverse
from ledger.decide.systems import decide_add_system, decide_change_system, decide_retire_system
from ledger.decide.terms import decide_adopt, decide_renew
from ledger.state import State

_RULES = {
    OpenBook: decide_open_book,
    AddSystem: decide_add_system,
    ChangeSystem: decide_change_system,
    RetireSystem: decide_retire_system,
    SetRate: decide_set_rate,
    SetBudget: decide_set_budget,
    SetForecast: decide_set_forecast,
    Close: decide_close,
    IssuePack: decide_issue_pack,
    SetPolicy: decide_set_policy,
    SignCheckpoint: decide_sign_checkpoint,
    Commission: decide_commission,
    Observe: decide_observe,
    Adopt: decide_adopt,
    Renew: decide_renew,
    Repay: decide_repay,
    Revise: decide_revise,
    WriteOff: decide_write_off,
    Plan: decide_plan,
    Reverse: decide_reverse,
    AddNote: decide_note,
    AddEvidence: decide_add_evidence,
    AnswerDatasheet: decide_answer_datasheet,
    AnswerScore: decide_answer_score,
    DeclareDependency: decide_declare_dependency,
    DocumentExplanation: decide_document_explanation,
    DocumentMonitor: decide_document_monitor,
    DocumentRobustness: decide_document_robustness,
    RecordMeasurement: decide_record_measurement,
}


def decide(command: Command, state: State) -> tuple[Decided, ...]:
    """The events that follow from a command. Raises Refused, with nothing decided."""
    limited(command.evidence or "", "--evidence")
    rule: Callable[[Command, State], tuple[Decided, ...]] = _RULES[type(command)]  # type: ignore[assignment]
    return rule(command, state)


__all__ = ["Decided", "decide"]
