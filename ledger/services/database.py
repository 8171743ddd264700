"""The database itself: its schema, its guards, its read models, its roles; backup and restore."""

from __future__ import annotations

from pathlib import Path

from ledger.services.open_ledger import Address, OpenedLedger
from ledger.services.progress import Tell
from ledger.store.backup import VerifiedBook as VerifiedBook
from ledger.store.backup import back_up, is_sqlite_file, place_for, restore_backup
from ledger.store.check import CheckFinding, check
from ledger.store.comparison import StoredDifference
from ledger.store.engine import reading
from ledger.store.rebuild import rebuild
from ledger.store.restore import restore
from ledger.store.roles import BookGrants as BookGrants
from ledger.store.roles import apply_grants, grant_script
from ledger.store.upgrade import upgrade
from ledger.vocabulary.errors import Refused


def upgrade_database(address: Address) -> tuple[str | None, str]:
    """Bring a database to the schema of this version: its version before, None if it had none, and after."""
    return upgrade(address.engine())


def check_database(address: Address) -> list[CheckFinding]:
    """Whether the schema, the triggers and the file are what they should be, one finding each."""
    with reading(address.engine()) as connection:
        return check(connection)


def rebuild_read_models(books: OpenedLedger, progress: Tell | None = None) -> list[StoredDifference]:
    """Recompute a book's read models from its events, replace what differs, and tell what did."""
    return rebuild(books.ledger.engine, books.settings.name, progress=progress)


def back_up_database(address: Address, file: Path, progress: Tell | None = None) -> list[VerifiedBook]:
    """Copy an SQLite ledger into a new file, verify the copy, and tell what is in it. Raises Refused on PostgreSQL."""
    return back_up(address.engine(), file, progress)


def restore_database(
    address: Address, file: Path, *, wanted: str | None = None, progress: Tell | None = None
) -> list[VerifiedBook]:
    """Bring back a backup, or an export as jsonl, into an empty place; everything is verified before it is kept.

    wanted: the only name that an exported book may have; None for any. Raises Refused where the place is not empty.
    """
    engine = address.engine(create=True)
    if is_sqlite_file(file):
        return restore_backup(file, engine, progress)
    from ledger.importers.jsonl import rows

    with place_for(engine, file) as place:
        end = restore(place, rows(file), wanted=wanted, progress=progress)
    return [VerifiedBook(end.book, end.events, end.head)]


def grant_rights(address: Address, grants: BookGrants, *, apply: bool) -> str:
    """The SQL that gives logins their rights in a book on PostgreSQL, and no more. apply: run it, too.

    Raises Refused on SQLite and for logins that cannot be, StoreError for a book that is not there and where rights are
    wanting.
    """
    engine = address.engine(create=True)
    if engine.dialect.name != "postgresql":
        raise Refused(
            "SQLite has no roles: who can write the file can replace it as a whole.",
            "Guard the file by its folder's permissions, keep `debt checkpoint` elsewhere, or use PostgreSQL.",
        )
    script = grant_script(engine, grants)
    if apply:
        apply_grants(engine, grants)
    return script
