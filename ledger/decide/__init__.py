"""Decisions: every rule of the ledger, pure. A command and a state become events, or a refusal.

No clock, no database, no random number: what day it is, and what the books hold, are in the state.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from ledger.decide.claims import refuse_unseen
from ledger.decide.command import Command
from ledger.decide.decided import Decided
from ledger.decide.login import held_to_login
from ledger.decide.placing import refuse_beyond_calendar
from ledger.decide.state import State
from ledger.decide.words import limited, refuse_blank

Rule = Callable[[Any, State], tuple[Decided, ...]]

#: Every command, by the module of its verb and its class there, and the rule beside it that decides it. A verb is imported
#: when somebody asks for it: a repayment does not wait for the others.
RULES = {
    "init:OpenBook": "decide_open_book",
    "system_add:AddSystem": "decide_add_system",
    "system_change:ChangeSystem": "decide_change_system",
    "system_retire:RetireSystem": "decide_retire_system",
    "time_zone_set:SetTimeZone": "decide_set_time_zone",
    "rate_set:SetRate": "decide_set_rate",
    "rate_withdraw:WithdrawRate": "decide_withdraw_rate",
    "budget_set:SetBudget": "decide_set_budget",
    "forecast_set:SetForecast": "decide_set_forecast",
    "close:Close": "decide_close",
    "report:IssuePack": "decide_issue_pack",
    "policy_set:SetPolicy": "decide_set_policy",
    "checkpoint:SignCheckpoint": "decide_sign_checkpoint",
    "commission:Commission": "decide_commission",
    "observe:Observe": "decide_observe",
    "adopt:Adopt": "decide_adopt",
    "renew:Renew": "decide_renew",
    "repay:Repay": "decide_repay",
    "revise:Revise": "decide_revise",
    "write_off:WriteOff": "decide_write_off",
    "plan:Plan": "decide_plan",
    "reverse:Reverse": "decide_reverse",
    "note:AddNote": "decide_note",
    "edit:EditItem": "decide_edit",
    "link:LinkItem": "decide_link",
    "tag:TagItem": "decide_tag",
    "assign:AssignItem": "decide_assign",
    "interest:ObserveInterest": "decide_observe_interest",
    "evidence:AddEvidence": "decide_add_evidence",
    "datasheet:AnswerDatasheet": "decide_answer_datasheet",
    "score:AnswerScore": "decide_answer_score",
    "system_depends:DeclareDependency": "decide_declare_dependency",
    "explain:DocumentExplanation": "decide_document_explanation",
    "monitor:DocumentMonitor": "decide_document_monitor",
    "reference_replace:ReplaceReference": "decide_replace_reference",
    "robustness:DocumentRobustness": "decide_document_robustness",
    "measure:RecordMeasurement": "decide_record_measurement",
    "import_batch:ImportBatch": "decide_import_batch",
    "decision_log:LogDecision": "decide_log_decision",
    "decision_log:RetractDecision": "decide_retract_decision",
}


def every_command() -> tuple[type[Command], ...]:
    """The class of every command, in the order of the rules: this imports them all."""
    places = [place.split(":") for place in RULES]
    return tuple(getattr(import_module(f"{__name__}.{module}"), name) for module, name in places)


@cache
def rule_of(command: type[Command]) -> Rule:
    """The rule that decides a command. Raises KeyError for a class that is none of the ledger's commands."""
    module = command.__module__
    name = RULES[f"{module.removeprefix(f'{__name__}.')}:{command.__name__}"]
    rule: Rule = getattr(import_module(module), name)
    return rule


def decide(command: Command, state: State) -> tuple[Decided, ...]:
    """The events that follow from a command. Raises Refused, with nothing decided."""
    limited(command.evidence or "", "--evidence")
    refuse_beyond_calendar(command.on or state.today)
    held_to_login(state)
    refuse_unseen(command, state)
    decided = rule_of(type(command))(command, state)
    # After the rule, which says more of what it needs: a gate that is left open shows another command.
    refuse_blank(command)
    return decided


__all__ = ["RULES", "Decided", "decide", "every_command", "rule_of"]
