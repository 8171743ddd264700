"""The questions to PostgreSQL's catalogue. Each of OBJECTS gives a label and a definition, each of SHADOWS a sentence.

What is asked must say the same on every version from 12 on: of a partition's keys, indexes and triggers the name is
that of the table's, because their own is made up; a constraint that is a column's NOT NULL is the column's.
"""

from __future__ import annotations

SCHEMA = """
SELECT n.oid, pg_catalog.quote_ident(n.nspname)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = pg_catalog.to_regclass('alembic_version')
"""

PATH = "SELECT pg_catalog.current_schemas(true)"

#: The ledger's tables, and those through which they are read as well: their partitions and heirs.
_OURS = """
WITH RECURSIVE ours AS (
    SELECT c.oid FROM pg_catalog.pg_class c
    WHERE c.relnamespace = %(schema)s AND c.relname = ANY (%(tables)s)
    UNION
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN ours ON ours.oid = i.inhparent
)
"""

# A table is marked to have triggers, indexes and so on; without the mark PostgreSQL does not look for them.
_UNAWARE = """
NOT c.relhastriggers AND EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid)
OR NOT c.relhasindex AND EXISTS (SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = c.oid)
OR NOT c.relhasrules AND EXISTS (SELECT FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid)
OR NOT c.relhassubclass AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)
OR c.relchecks <> (SELECT pg_catalog.count(*) FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c')
"""

_TABLES = f"""{_OURS}
SELECT 'table ' || c.oid::pg_catalog.regclass,
       pg_catalog.concat_ws(' ', c.relkind, c.relpersistence, a.amname,
           CASE WHEN {_UNAWARE} THEN 'unaware of what it has' END,
           CASE WHEN c.relrowsecurity THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END,
           pg_catalog.pg_get_partkeydef(c.oid), pg_catalog.pg_get_expr(c.relpartbound, c.oid, true),
           (SELECT 'in '
                   || pg_catalog.string_agg(i.inhparent::pg_catalog.regclass::pg_catalog.text, ', ' ORDER BY i.inhseqno)
            FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid))
FROM pg_catalog.pg_class c JOIN ours USING (oid) LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam AND c.relkind <> 'p'
"""

_COLUMNS = f"""{_OURS}
SELECT 'column ' || a.attname || ' of ' || c.oid::pg_catalog.regclass,
       pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
           CASE WHEN a.attnotnull THEN 'NOT NULL' END, 'COLLATE ' || l.collname,
           'IDENTITY ' || NULLIF(a.attidentity::pg_catalog.text, ''),
           'GENERATED ' || NULLIF(a.attgenerated::pg_catalog.text, ''),
           'DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid, true))
FROM pg_catalog.pg_attribute a
JOIN ours ON ours.oid = a.attrelid
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped
"""

_CONSTRAINTS = f"""{_OURS}
SELECT 'constraint ' || COALESCE(above.conname, k.conname) || ' on ' || k.conrelid::pg_catalog.regclass,
       pg_catalog.pg_get_constraintdef(k.oid, true)
FROM pg_catalog.pg_constraint k
JOIN ours ON ours.oid = k.conrelid
LEFT JOIN pg_catalog.pg_constraint above ON above.oid = k.conparentid
WHERE k.contype NOT IN ('n', 't')
"""

# One that only makes reading faster is nobody's fault: not unique, of plain columns, by PostgreSQL's own rules of order.
_PLAIN_INDEX = """
NOT x.indisunique AND x.indexprs IS NULL AND x.indpred IS NULL AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_opclass o
    WHERE o.oid = ANY (x.indclass) AND o.opcnamespace <> 'pg_catalog'::pg_catalog.regnamespace)
"""

_INDEXES = f"""{_OURS}, of_ours AS (
    SELECT x.*, COALESCE(above.relname, r.relname) AS known_as, {_PLAIN_INDEX} AS plain
    FROM pg_catalog.pg_index x
    JOIN ours ON ours.oid = x.indrelid
    JOIN pg_catalog.pg_class r ON r.oid = x.indexrelid
    LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = x.indexrelid
    LEFT JOIN pg_catalog.pg_class above ON above.oid = i.inhparent
)
SELECT 'index ' || known_as || ' on ' || indrelid::pg_catalog.regclass,
       pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(indexrelid, 0, true), '^CREATE (UNIQUE )?INDEX [^ ]+ ON', '\\1ON')
       || CASE WHEN indisvalid AND indisready AND indislive THEN '' ELSE ' (not in use)' END
FROM of_ours WHERE known_as = ANY (%(indexes)s) OR NOT plain
"""

_TRIGGERS = f"""{_OURS}
SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::pg_catalog.regclass,
       pg_catalog.pg_get_triggerdef(t.oid, true) || CASE t.tgenabled
           WHEN 'A' THEN ' (always)' WHEN 'O' THEN ' (not in a replica)' WHEN 'R' THEN ' (in a replica)' ELSE ' (off)' END
FROM pg_catalog.pg_trigger t JOIN ours ON ours.oid = t.tgrelid
WHERE t.tgconstraint = 0
"""

_RULES = f"""{_OURS}
SELECT 'rule ' || w.rulename || ' on ' || w.ev_class::pg_catalog.regclass,
       pg_catalog.pg_get_ruledef(w.oid, true) || w.ev_enabled::pg_catalog.text
FROM pg_catalog.pg_rewrite w JOIN ours ON ours.oid = w.ev_class
"""

_POLICIES = f"""{_OURS}
SELECT 'policy ' || p.polname || ' on ' || p.polrelid::pg_catalog.regclass,
       pg_catalog.concat_ws(' ', p.polcmd, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
           CASE WHEN p.polroles <> '{{0}}' THEN 'to some' END,
           'USING ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid, true),
           'CHECK ' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, true))
FROM pg_catalog.pg_policy p JOIN ours ON ours.oid = p.polrelid
"""

# Every function of one of the ledger's names, with whatever arguments.
_FUNCTIONS = """
SELECT 'function ' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
       pg_catalog.concat_ws(' ', pg_catalog.pg_get_function_result(p.oid), l.lanname, p.prokind, p.provolatile,
           p.proparallel, CASE WHEN p.proisstrict THEN 'strict' END, CASE WHEN p.prosecdef THEN 'as its owner' END,
           CASE WHEN p.proleakproof THEN 'leakproof' END, pg_catalog.array_to_string(p.proconfig, '; '), p.prosrc)
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = %(schema)s
  AND (p.proname = ANY (%(functions)s) OR p.proname LIKE 'debt\\_ledger\\_%%')
"""

# A second owner could take guards away from what is not the first one's.
_OWNERS = f"""{_OURS}, owners AS (
    SELECT c.relowner AS owner FROM pg_catalog.pg_class c JOIN ours USING (oid)
    UNION
    SELECT p.proowner FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = %(schema)s AND p.proname = ANY (%(functions)s)
)
SELECT 'ownership of tables and functions', CASE WHEN pg_catalog.count(*) = 1 THEN 'one' ELSE 'several' END FROM owners
"""

OBJECTS = (
    _TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES, _TRIGGERS, _RULES, _POLICIES, _FUNCTIONS, _OWNERS,
)  # fmt: skip

_SHADOWED_TABLES = """
SELECT 'The search path reaches ' || pg_catalog.to_regclass(t.name)::pg_catalog.text
       || ' where the ledger means its ' || t.name || '.'
FROM pg_catalog.unnest(%(tables)s::pg_catalog.text[]) AS t (name)
JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(t.name)
WHERE c.relnamespace <> %(schema)s
"""

# Types of temporary tables come before PostgreSQL's own.
_SHADOWED_TYPES = """
SELECT 'The search path reaches the temporary type ' || t.typname || ' before PostgreSQL''s own.'
FROM pg_catalog.pg_type t
WHERE t.typnamespace = pg_catalog.pg_my_temp_schema() AND EXISTS (
    SELECT FROM pg_catalog.pg_type o
    WHERE o.typname = t.typname AND o.typnamespace = 'pg_catalog'::pg_catalog.regnamespace)
"""

# The first object that was not there when the database was made.
_FIRST_MADE = 16384

_ON_PATH = """(SELECT n.oid FROM pg_catalog.pg_namespace n
    WHERE n.nspname = ANY (pg_catalog.current_schemas(false)) AND n.nspname NOT IN ('pg_catalog', 'information_schema'))"""

_SHADOWED_FUNCTIONS = f"""
SELECT 'The function ' || p.oid::pg_catalog.regprocedure || ' could be reached in place of another of its name.'
FROM pg_catalog.pg_proc p
WHERE p.pronamespace IN {_ON_PATH} AND (
    (p.proname = ANY (%(functions)s) AND p.pronamespace <> %(schema)s)
    OR (EXISTS (SELECT FROM pg_catalog.pg_proc o
                WHERE o.proname = p.proname AND o.pronamespace = 'pg_catalog'::pg_catalog.regnamespace)
        AND NOT EXISTS (SELECT FROM pg_catalog.unnest(p.proargtypes) AS a (type) WHERE a.type >= {_FIRST_MADE})))
"""

_SHADOWED_OPERATORS = f"""
SELECT 'The operator ' || o.oid::pg_catalog.regoperator || ' could be reached in place of PostgreSQL''s own.'
FROM pg_catalog.pg_operator o
WHERE o.oprnamespace IN {_ON_PATH} AND o.oprleft < {_FIRST_MADE} AND o.oprright < {_FIRST_MADE}
  AND o.oprname IN ('=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', '||', '->', '->>', '#>', '#>>', '~', '~~')
"""

_SHADOWED_CASTS = f"""
SELECT 'The cast from ' || c.castsource::pg_catalog.regtype || ' to ' || c.casttarget::pg_catalog.regtype
       || ' is not PostgreSQL''s own.'
FROM pg_catalog.pg_cast c
WHERE c.oid >= {_FIRST_MADE} AND c.castsource < {_FIRST_MADE} AND c.casttarget < {_FIRST_MADE}
"""

SHADOWS = (_SHADOWED_TABLES, _SHADOWED_TYPES, _SHADOWED_FUNCTIONS, _SHADOWED_OPERATORS, _SHADOWED_CASTS)

_KINDS = """CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
    WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END"""

STRANGERS = f"""{_OURS}
SELECT {_KINDS} || ' ' || c.relname FROM pg_catalog.pg_class c
WHERE c.relnamespace = %(schema)s AND c.relkind NOT IN ('i', 'I') AND c.oid NOT IN (SELECT oid FROM ours)
UNION ALL
SELECT 'index ' || x.indexrelid::pg_catalog.regclass FROM pg_catalog.pg_index x JOIN ours ON ours.oid = x.indrelid
WHERE {_PLAIN_INDEX} AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = x.indexrelid)
  AND x.indexrelid::pg_catalog.regclass::pg_catalog.text <> ALL (%(indexes)s)
ORDER BY 1
"""
