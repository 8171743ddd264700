"""Debt Ledger: an event-sourced ledger of technical debt for machine-learning systems.

Read the package in the direction in which data flows: `decide` (a file per verb: what somebody asks for, and every
rule) makes `events` (what happened); `accounts` gives events their meaning in money; `store` keeps them, with the
read models of `tables`; `queries` answers questions; `services` does what takes more than one step; `cli` is the edge
where clock, actor and identifiers enter. `measures` holds the statistics, which need the extra `ml`. What is exported
here is imported when it is used. docs/ARCHITECTURE.md has the picture.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ledger.vocabulary.release import __version__ as __version__

if TYPE_CHECKING:
    from ledger.measures.bias.prediction_bias import prediction_bias as prediction_bias
    from ledger.measures.comprehensibility.comprehensibility import comprehensibility as comprehensibility
    from ledger.measures.drift.drift import drift as drift
    from ledger.measures.explainability.explainability import explainability as explainability
    from ledger.services.open_ledger import open_ledger as open_ledger
    from ledger.vocabulary.errors import LedgerError as LedgerError
    from ledger.vocabulary.errors import NotFound as NotFound
    from ledger.vocabulary.errors import Refused as Refused
    from ledger.vocabulary.errors import StoreError as StoreError
    from ledger.vocabulary.errors import Unreadable as Unreadable

#: What `from ledger import …` gives -> the module that has it. Importing the ledger imports none of them.
_EXPORTED = {
    "comprehensibility": "ledger.measures.comprehensibility.comprehensibility",
    "drift": "ledger.measures.drift.drift",
    "explainability": "ledger.measures.explainability.explainability",
    "prediction_bias": "ledger.measures.bias.prediction_bias",
    "open_ledger": "ledger.services.open_ledger",
    "LedgerError": "ledger.vocabulary.errors",
    "NotFound": "ledger.vocabulary.errors",
    "Refused": "ledger.vocabulary.errors",
    "StoreError": "ledger.vocabulary.errors",
    "Unreadable": "ledger.vocabulary.errors",
}


def __getattr__(name: str) -> Any:
    """An exported name, imported when it is first asked for."""
    if name not in _EXPORTED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_EXPORTED[name]), name)
