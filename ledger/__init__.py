"""Debt Ledger: an event-sourced ledger of technical debt for machine-learning systems.

Read the package in the direction in which data flows: `commands` (what somebody asks for) go through
`decide` (every rule) and become `events` (what happened); `postings` gives events their meaning in
money; `store` keeps them; `queries` answers questions; `cli` is the edge where clock, actor and
identifiers enter. `measures` holds the statistics, which need the extra `ml`: what is exported here is
imported when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledger.measures.bias.prediction_bias import prediction_bias as prediction_bias
    from ledger.measures.comprehensibility.comprehensibility import comprehensibility as comprehensibility
    from ledger.measures.drift.drift import drift as drift
    from ledger.measures.explainability.explainability import explainability as explainability
    from ledger.services.open_ledger import open_ledger as open_ledger

__version__ = "0.1.0"

#: What `from ledger import …` gives -> the module that has it. Importing the ledger imports none of them.
_EXPORTED = {
    "comprehensibility": "ledger.measures.comprehensibility.comprehensibility",
    "drift": "ledger.measures.drift.drift",
    "explainability": "ledger.measures.explainability.explainability",
    "prediction_bias": "ledger.measures.bias.prediction_bias",
    "open_ledger": "ledger.services.open_ledger",
}


def __getattr__(name: str) -> Any:
    """An exported function, imported when it is first asked for."""
    if name not in _EXPORTED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_EXPORTED[name]), name)
