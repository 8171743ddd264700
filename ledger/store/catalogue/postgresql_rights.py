"""The questions to PostgreSQL's catalogue of who may do what, by whatever way they came to it.

A role holds what it was granted, what it inherits, what everybody holds (PUBLIC), and what it can become by SET ROLE. Each
name is qualified, as in ledger.store.catalogue.postgresql_queries; any login may ask.
"""

from __future__ import annotations

#: The tables of the ledger in its schema, partitions among them, and those that say who may do what.
_OURS = """
WITH ours AS (
    SELECT c.oid, c.relname, c.relowner FROM pg_catalog.pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = %(schema)s AND c.relname = ANY (%(tables)s)
)
"""

#: Each way to change a row, or what becomes of one.
_HELD = """
SELECT r.rolname, r.oid, o.relname, w.way
FROM pg_catalog.pg_roles r CROSS JOIN ours o
CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS w (way)
WHERE NOT r.rolsuper AND r.oid <> o.relowner
  AND (pg_catalog.has_table_privilege(r.oid, o.oid, w.way)
       OR (w.way IN ('INSERT', 'UPDATE') AND pg_catalog.has_any_column_privilege(r.oid, o.oid, w.way)))
  AND NOT pg_catalog.has_table_privilege('public', o.oid, w.way)
"""

#: Who owns the tables: a row for each owner.
OWNERS = f"{_OURS} SELECT DISTINCT pg_catalog.pg_get_userbyid(relowner)::text FROM ours ORDER BY 1"

#: Login or group, ways, tables: of all but owner, superusers, and the roles that PostgreSQL brings.
WRITERS = f"""{_OURS}, held AS ({_HELD})
SELECT rolname::text, pg_catalog.string_agg(DISTINCT way, ', ' ORDER BY way),
       pg_catalog.array_agg(DISTINCT relname::text ORDER BY relname::text)
FROM held WHERE rolname !~ '^pg_' GROUP BY rolname ORDER BY rolname
"""

#: The same of everybody, as the role 'PUBLIC'.
EVERYBODY = f"""{_OURS}
SELECT 'PUBLIC', pg_catalog.string_agg(DISTINCT w.way, ', ' ORDER BY w.way),
       pg_catalog.array_agg(DISTINCT o.relname::text ORDER BY o.relname::text)
FROM ours o CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('TRIGGER')) AS w (way)
WHERE pg_catalog.has_table_privilege('public', o.oid, w.way)
   OR (w.way IN ('INSERT', 'UPDATE') AND pg_catalog.has_any_column_privilege('public', o.oid, w.way))
HAVING pg_catalog.count(*) > 0
"""

#: Who can become, by SET ROLE, a superuser or the owner; and which.
MEMBERS = f"""{_OURS}
SELECT r.rolname::text, pg_catalog.string_agg(DISTINCT m.rolname::text, ', ' ORDER BY m.rolname::text)
FROM pg_catalog.pg_roles r
JOIN pg_catalog.pg_roles m ON m.oid <> r.oid AND pg_catalog.pg_has_role(r.oid, m.oid, 'MEMBER')
WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND r.oid NOT IN (SELECT relowner FROM ours)
  AND (m.rolsuper OR m.oid IN (SELECT relowner FROM ours))
GROUP BY r.rolname ORDER BY r.rolname
"""

#: Who reads every book, whatever was granted: row-level security does not hold it.
UNHELD = f"""{_OURS}
SELECT r.rolname::text FROM pg_catalog.pg_roles r
WHERE r.rolbypassrls AND NOT r.rolsuper AND r.oid NOT IN (SELECT relowner FROM ours)
  AND EXISTS (SELECT FROM ours o WHERE pg_catalog.has_any_column_privilege(r.oid, o.oid, 'SELECT'))
ORDER BY r.rolname
"""

#: Who asks, and whether that is the owner, may become it, or is a superuser.
ASKING = f"""{_OURS}
SELECT session_user::text, pg_catalog.bool_or(pg_catalog.pg_has_role(session_user, relowner, 'MEMBER')) FROM ours
"""

SUPERUSERS = "SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolsuper ORDER BY rolname"

#: Each grant of a book, and whether the login is there. A login that is not the owner's sees its own alone.
GRANTS = """
SELECT g.book, g.login, g.records, g.actor, EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = g.login)
FROM book_grant g ORDER BY g.book, g.login
"""
