"""Decisions: every rule of the ledger, pure. A command and a state become events, or a refusal.

No clock, no database, no random number: what day it is, and what the books hold, are in the state.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.decide.adopt import Adopt, decide_adopt
from ledger.decide.budget_set import SetBudget, decide_set_budget
from ledger.decide.checkpoint import SignCheckpoint, decide_sign_checkpoint
from ledger.decide.claims import refuse_unseen
from ledger.decide.close import Close, decide_close
from ledger.decide.command import Command
from ledger.decide.commission import Commission, decide_commission
from ledger.decide.datasheet import AnswerDatasheet, decide_answer_datasheet
from ledger.decide.decided import Decided
from ledger.decide.decision_log import (
    LogDecision,
    RetractDecision,
    decide_log_decision,
    decide_retract_decision,
)
from ledger.decide.evidence import AddEvidence, decide_add_evidence
from ledger.decide.explain import DocumentExplanation, decide_document_explanation
from ledger.decide.forecast_set import SetForecast, decide_set_forecast
from ledger.decide.import_batch import ImportBatch, decide_import_batch
from ledger.decide.init import OpenBook, decide_open_book
from ledger.decide.login import held_to_login
from ledger.decide.measure import RecordMeasurement, decide_record_measurement
from ledger.decide.monitor import DocumentMonitor, decide_document_monitor
from ledger.decide.note import AddNote, decide_note
from ledger.decide.observe import Observe, decide_observe
from ledger.decide.placing import refuse_beyond_calendar
from ledger.decide.plan import Plan, decide_plan
from ledger.decide.policy_set import SetPolicy, decide_set_policy
from ledger.decide.rate_set import SetRate, decide_set_rate
from ledger.decide.reference_replace import ReplaceReference, decide_replace_reference
from ledger.decide.renew import Renew, decide_renew
from ledger.decide.repay import Repay, decide_repay
from ledger.decide.report import IssuePack, decide_issue_pack
from ledger.decide.reverse import Reverse, decide_reverse
from ledger.decide.revise import Revise, decide_revise
from ledger.decide.robustness import DocumentRobustness, decide_document_robustness
from ledger.decide.score import AnswerScore, decide_answer_score
from ledger.decide.state import State
from ledger.decide.system_add import AddSystem, decide_add_system
from ledger.decide.system_change import ChangeSystem, decide_change_system
from ledger.decide.system_depends import DeclareDependency, decide_declare_dependency
from ledger.decide.system_retire import RetireSystem, decide_retire_system
from ledger.decide.time_zone_set import SetTimeZone, decide_set_time_zone
from ledger.decide.words import limited, refuse_blank
from ledger.decide.write_off import WriteOff, decide_write_off

#: Every command, and the rule that decides it.
RULES = {
    OpenBook: decide_open_book,
    AddSystem: decide_add_system,
    ChangeSystem: decide_change_system,
    RetireSystem: decide_retire_system,
    SetTimeZone: decide_set_time_zone,
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
    ReplaceReference: decide_replace_reference,
    DocumentRobustness: decide_document_robustness,
    RecordMeasurement: decide_record_measurement,
    ImportBatch: decide_import_batch,
    LogDecision: decide_log_decision,
    RetractDecision: decide_retract_decision,
}


def decide(command: Command, state: State) -> tuple[Decided, ...]:
    """The events that follow from a command. Raises Refused, with nothing decided."""
    limited(command.evidence or "", "--evidence")
    refuse_beyond_calendar(command.on or state.today)
    held_to_login(state)
    refuse_unseen(command, state)
    rule: Callable[[Command, State], tuple[Decided, ...]] = RULES[type(command)]  # type: ignore[assignment]
    decided = rule(command, state)
    # After the rule, which says more of what it needs: a gate that is left open shows another command.
    refuse_blank(command)
    return decided


__all__ = ["RULES", "Decided", "decide"]
