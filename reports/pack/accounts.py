"""Accounts: from the ledger's accounts to the codes of the finance department's own chart of accounts.

The codes are told by `[accounts]` in the configuration. They name a place for a figure and never change one.
A key is an account of ours or the beginning of several (`liabilities:debt` stands for all four dimensions), with
`@ COST-CENTRE` behind it where a cost centre has a code of its own:

    "liabilities:debt" = "2100"
    "liabilities:debt:input" = "2110"
    "liabilities:debt @ CC-100" = "2190"

The longest account that fits goes first; of the same one, that of the leg's own cost centre.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ledger.events import legs
from ledger.views.quarter import JournalView
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.kinds import DIMENSIONS, NATURES

#: All that the ledger posts to, for checking what a configuration names.
ROOTS = (
    legs.CAPACITY,
    legs.OMISSIONS,
    legs.REVALUATION,
    legs.SHORTCUTS,
    legs.WRITE_OFFS,
    legs.UNMEASURED,
    legs.ESTIMATE_VARIANCE,
    *(f"liabilities:{nature}:{dimension}" for nature in NATURES for dimension in DIMENSIONS),
)
_OF_COST_CENTRE = "@"


class UnmappedAccountError(Unreadable):
    """Accounts without a code, or a key that names no account; the message names them."""


def gl_code(accounts: Mapping[str, str], account: str, cost_centre: str | None) -> str | None:
    """The code of an account of ours, None where the mapping has none."""
    name = account
    while name:
        for key in (f"{name} {_OF_COST_CENTRE} {cost_centre}", name):
            if key in accounts:
                return accounts[key]
        name = name.rpartition(":")[0]
    return None


def check_accounts(accounts: Mapping[str, str], journal: Iterable[JournalView]) -> None:
    """Raise UnmappedAccountError for a key that fits no account, and for a leg whose account has no code.

    A mapping that is empty is none: every code stays empty.
    """
    if not accounts:
        return
    unknown = [key for key in accounts if not _names_an_account(key.partition(f" {_OF_COST_CENTRE} ")[0])]
    if unknown:
        raise UnmappedAccountError(
            f"[accounts] names '{unknown[0]}', and the ledger has no such account. It has: {', '.join(ROOTS)}."
        )
    missing = sorted({leg.account for leg in journal if gl_code(accounts, leg.account, leg.cost_centre) is None})
    if missing:
        raise UnmappedAccountError(f"[accounts] has no code for {', '.join(missing)}, which the quarter posts to.")


def _names_an_account(name: str) -> bool:
    return any(root == name or root.startswith(f"{name}:") for root in ROOTS)
