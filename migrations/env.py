"""What Alembic runs for every command: it takes the connection that `ledger.store.upgrade` opened.

The transaction, and on SQLite its lock, belong to the caller, so that a migration happens whole or not at all.
"""

from __future__ import annotations

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Migrations are run by `debt db upgrade`, not by alembic itself.")

context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
