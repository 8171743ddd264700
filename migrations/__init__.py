"""Alembic migrations: the only way in which a ledger's database is made or changed.

They ship in the wheel and are found by their place beside `ledger`; there is no alembic.ini. `ledger.store.upgrade`
runs them. A revision is frozen once released: it spells its tables out and never imports the ledger's.
"""
