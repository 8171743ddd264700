"""Logins: who says to have recorded, beside whom the database let in."""

from __future__ import annotations

from collections import Counter

from ledger.journal_tests.examination import Examination
from ledger.journal_tests.logins import OWN_PERCENT
from reports.audit.columns import counted
from reports.sheet import Block, CellContent, Column, Kind, Row, Sheet

_COLUMNS = (
    Column("actor", "Actor", Kind.TEXT, 30),
    Column("user", "Database user", Kind.TEXT, 24),
    Column("entries", "Entries tested", Kind.COUNT, 12),
    Column("in_book", "In the whole book", Kind.COUNT, 12),
    Column("logins", "Users of this actor", Kind.COUNT, 12),
    Column("actors", "Actors of this user", Kind.COUNT, 12),
    Column("unusual", "Unusual, because", Kind.TEXT, 60),
)

_NOTE = (
    "One service account that writes for many actors is no finding. Unusual: more than half of the actor's entries"
    f" came under another login, or at least {OWN_PERCENT} in a hundred of the login's are another actor's."
)


def build(found: Examination) -> Sheet:
    """A row per pair; how many partners each side has among those tested is a value.

    A formula would take `=1` or `a*` for a criterion, and Ada for ada.
    """
    sessions = found.sessions
    logins = Counter(session.actor for session in sessions)
    actors = Counter(session.session_user for session in sessions)
    rows = []
    for number, session in enumerate(sessions):
        cells: dict[str, CellContent] = {
            "actor": session.actor,
            "user": session.session_user or "unknown",
            "entries": session.entries,
            "in_book": session.in_book,
            "logins": logins[session.actor],
            "actors": actors[session.session_user],
            "unusual": session.unusual or "",
        }
        rows.append(Row(str(number), cells))
    unusual = sum(1 for session in sessions if session.unusual)
    return Sheet(
        title="Logins",
        headline=f"Unusual: {counted(unusual, 'pair', 'pairs')} of actor and database user",
        subtitle=f"The actor is a claim, the database's session_user is not · {found.subject.title}",
        blocks=(Block("logins", _COLUMNS, tuple(rows), table="tblLogins"),),
        notes=(_NOTE,),
    )
