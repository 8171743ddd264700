"""Closed periods: the database itself refuses an event that is effective in one.

Frozen once released: it spells everything out and never imports the ledger's tables.
What the triggers should say today stands in ledger.store.guards; a test holds the two together.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CLOSING = sa.text("stored_as = 'period-closed/1'")

SQLITE_TRIGGER = """
CREATE TRIGGER event_closed BEFORE INSERT ON event
BEGIN
    SELECT RAISE(ABORT, 'debt-ledger: the period is closed: nothing may be effective in it')
    WHERE NEW.effective_on <= (
        SELECT max(json_extract(body, '$.data.last_day')) FROM event
        WHERE book = NEW.book AND stored_as = 'period-closed/1');
END
"""

#: As in 0001, and nothing effective in a closed period.
APPEND_FUNCTION = """
BEGIN
    NEW."session_user" := session_user;
    IF NEW.position IS DISTINCT FROM (
        SELECT coalesce(max(e.position), 0) + 1 FROM event e WHERE e.book = NEW.book
    ) THEN
        RAISE EXCEPTION 'debt-ledger: positions are dense: the next one is the last one plus 1'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.effective_on <= (
        SELECT max((e.body::jsonb #>> '{data,last_day}')::date) FROM event e
        WHERE e.book = NEW.book AND e.stored_as = 'period-closed/1'
    ) THEN
        RAISE EXCEPTION 'debt-ledger: the period is closed: nothing may be effective in it'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
"""


def upgrade() -> None:
    """Bring the database from 0001 to 0002."""
    # The few events that close a period, found without walking the stream of the book.
    op.create_index("event_closing_ix", "event", ["book"], sqlite_where=CLOSING, postgresql_where=CLOSING)
    bind = op.get_bind()
    if op.get_context().dialect.name == "postgresql":
        schema = bind.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        bind.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION debt_ledger_append() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = pg_catalog, {schema}, pg_temp AS $${APPEND_FUNCTION.replace('%', '%%')}$$"
        )
    else:
        bind.exec_driver_sql(SQLITE_TRIGGER)
        # Rows in all, and of one book: the planner is told that they are few (see 0001).
        bind.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES ('event', 'event_closing_ix', '40 40')")


def downgrade() -> None:
    """A ledger never goes back: restore a backup instead."""
    raise NotImplementedError("a ledger is never downgraded; restore a backup")
