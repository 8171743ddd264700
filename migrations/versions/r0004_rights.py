"""Rights on PostgreSQL: logins are granted books; writers append through functions, and readers see their books alone.

SQLite has no logins: there the database gains indexes, and nothing else.

Frozen once released: it spells everything out and never imports the ledger's tables.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

POLICY = sa.text("stored_as = 'policy-set/1'")
OF = sa.text("stored_as IN('item-retitled/1','item-linked/1','item-tagged/1','item-assigned/1','interest-observed/1')")
TEXT = postgresql.TEXT(collation="C")

#: Every table that has a book. Partitions are guarded as well: who is granted one by hand still sees nothing.
READ_MODELS = ("posting", "item", "term", "reversal", "system", "owner", "dependency", "retirement", "budget")
TABLES = (
    "event", "request", "head", *READ_MODELS, "book_grant",
    *(f"{table}_p{number:02}" for table in ("event", "posting") for number in range(16)),
)  # fmt: skip

#: Whoever may do what the owner of the tables may, and logins that were granted the book. The login counts, which no
#: SET ROLE changes.
OWNS = "pg_has_role(session_user, current_user, 'MEMBER')"

#: Returns the book's head, locked until the transaction ends. It is called by those that writers call.
LOCK_HEAD = f"""
DECLARE
    found head;
BEGIN
    IF NOT {OWNS} AND NOT EXISTS (
        SELECT FROM book_grant g WHERE g.book = of_book AND g.login = session_user AND g.records
    ) THEN
        RAISE EXCEPTION 'debt-ledger: the login % may not record in the book %', session_user, of_book
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO found FROM head h WHERE h.book = of_book FOR UPDATE;
    RETURN found;
END
"""

#: Takes the book's head, and with it what a request is going to be decided on: one round trip.
#: What reads a table that grows is planned anew (EXECUTE): a session that began with an empty book would walk it for good.
TAKE_HEAD = """
DECLARE
    found head := debt_ledger_lock_head(of_book);
BEGIN
    at_position := found.position;
    at_hash := found.hash;
    at_time := found.recorded_at;
    EXECUTE 'SELECT ARRAY(SELECT e.body FROM event e WHERE e.book = $1 AND e.stream = ANY ($2)), (
                 SELECT jsonb_agg(r) FROM request r
                 WHERE r.book = $1 AND (r.key = ANY ($3) OR r.fingerprint = ANY ($4)))'
    INTO bodies, requests USING of_book, streams, keys, fingerprints;
END
"""

#: Whether a value has the shape that its event's kind asks for: what fits can be read by the release that gave the shape.
FITS = """
BEGIN
    IF jsonb_typeof(value) = 'array' THEN
        RETURN shape ? 'array' AND (
            SELECT coalesce(bool_and(debt_ledger_fits(v.value, shape -> 'array')), true)
            FROM jsonb_array_elements(value) v);
    ELSIF jsonb_typeof(value) = 'object' AND shape ? 'map' THEN
        RETURN (SELECT coalesce(bool_and(debt_ledger_fits(v.value, shape -> 'map')), true) FROM jsonb_each(value) v);
    ELSIF jsonb_typeof(value) = 'object' THEN
        RETURN coalesce((
            SELECT count(*) = (SELECT count(*) FROM jsonb_object_keys(shape -> 'fields')) AND bool_and(coalesce(
                CASE jsonb_typeof(v.value)
                WHEN 'string' THEN CASE f.rule -> 'string'
                    WHEN 'true' THEN true
                    WHEN '"date"' THEN v.value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                                       AND (v.value #>> '{}')::date IS NOT NULL
                    ELSE f.rule -> 'string' @> v.value END
                WHEN 'number' THEN f.rule ? 'integer' AND strpos(v.value::text, '.') = 0 AND length(v.value::text) < 20
                WHEN 'array' THEN debt_ledger_fits(v.value, f.rule)
                WHEN 'object' THEN debt_ledger_fits(v.value, f.rule)
                ELSE f.rule ? jsonb_typeof(v.value) END, false))
            FROM jsonb_each(value) v, LATERAL (SELECT shape -> 'fields' -> v.key AS rule) f), false);
    END IF;
    -- An element of a list or map: no event has other lists than of texts and numbers.
    RETURN shape ? CASE jsonb_typeof(value) WHEN 'number' THEN 'integer' ELSE jsonb_typeof(value) END
        AND strpos(value::text, '.') * (jsonb_typeof(value) = 'number')::int = 0;
END
"""

#: The first thing that is wrong with events that are to follow the head, null if nothing is.
#: The envelope of each is spelled anew from its columns and its request: the body has to be that, around its data.
EVENT_FAULT = """
DECLARE
    fault text;
BEGIN
    SELECT checked.wrong || ' at position ' || coalesce(checked.at::text, 'null') INTO fault FROM (
        SELECT d.n, d.position AS at, CASE
            WHEN d.book IS DISTINCT FROM last.book THEN 'another book'
            WHEN d.position IS DISTINCT FROM last.position + d.n THEN 'a position that is not the next'
            WHEN d.kind IS NULL THEN 'a stored name that is not known'
            WHEN d.stream_version IS DISTINCT FROM d.before + coalesce((
                SELECT max(o.stream_version) FROM event o WHERE o.book = last.book AND o.stream = d.stream), 0)
                THEN 'a version that is not the next of its stream'
            WHEN (d.stream_version = 1) IS DISTINCT FROM d.begins THEN 'an opening within a stream, or none before it'
            WHEN d.recorded_at !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$'
                OR d.recorded_at < d.earlier OR (d.recorded_at::timestamptz IS NULL) THEN 'a time before the last one'
            WHEN d.hash IS DISTINCT FROM encode(sha256(
                '\\x646562742d6c65646765722f310a'::bytea || decode(d.previous, 'hex') || sha256(convert_to(d.body, 'UTF8'))
                ), 'hex') THEN 'a hash that does not follow from the event and the one before it'
            WHEN d.data IS NULL THEN 'columns, or a request, that are not the body''s'
            WHEN d.stream IS DISTINCT FROM coalesce(d.data ->> d.about, 'book') OR d.stream !~ d.streams
                THEN 'a stream that is not the event''s'
            WHEN NOT debt_ledger_fits(d.data, d.shape) THEN 'a body that nobody could read'
            END AS wrong
        FROM (
            SELECT s.*, CASE WHEN starts_with(s.body, s.opening) AND right(s.body, length(s.ending)) = s.ending
                THEN substr(s.body, length(s.opening) + 1, length(s.body) - length(s.opening) - length(s.ending))::jsonb
                END AS data
            FROM (
                SELECT e.*, k.stored_as AS kind, k.begins, k.about, k.streams, k.shape,
                    row_number() OVER (PARTITION BY e.stream ORDER BY e.n) AS before,
                    lag(e.hash, 1, last.hash) OVER (ORDER BY e.n) AS previous,
                    lag(e.recorded_at, 1, last.recorded_at) OVER (ORDER BY e.n) AS earlier,
                    '{"actor":' || to_json(e.actor) || ',"book":' || to_json(e.book) || ',"data":' AS opening,
                    ',"effective_on":"' || to_char(e.effective_on, 'YYYY-MM-DD') || '","event_id":' || to_json(e.event_id)
                    || ',"key":' || to_json(r.key) || ',"position":' || e.position
                    || ',"recorded_at":' || to_json(e.recorded_at)
                    || ',"request_sha256":"' || r.request_sha256
                    || '","stored_as":' || to_json(e.stored_as) || ',"stream":' || to_json(e.stream)
                    || ',"stream_version":' || e.stream_version || '}' AS ending
                FROM unnest(events) WITH ORDINALITY AS e(book, position, event_id, stream, stream_version, stored_as,
                         effective_on, recorded_at, actor, body, hash, "session_user", n)
                -- Hashed once: a request of many events is long, and would be carried along with each.
                LEFT JOIN (SELECT a.at, q.key, q.request_sha256 FROM (
                               SELECT u.*, encode(sha256(convert_to(u.request_json, 'UTF8')), 'hex') AS request_sha256
                               FROM unnest(requests) u OFFSET 0) q,
                           LATERAL generate_series(q.first_position, q.last_position) AS a(at)) r ON r.at = e.position
                LEFT JOIN event_kind k ON k.stored_as = e.stored_as
            ) s
        ) d
    ) checked WHERE checked.wrong IS NOT NULL ORDER BY checked.n LIMIT 1;
    RETURN fault;
END
"""

#: The first thing that is wrong with requests: they have to cover the positions after the head one after the other.
REQUEST_FAULT = """
DECLARE
    fault text;
BEGIN
    SELECT 'a request that is not of just these events, ' || coalesce(s.key, 'null') INTO fault FROM (
        SELECT r.*, lag(r.last_position, 1, last.position) OVER (ORDER BY r.n) AS before
        FROM unnest(requests) WITH ORDINALITY AS r(book, key, request_json, first_position, last_position, fingerprint, n)
    ) s
    WHERE s.book IS DISTINCT FROM last.book OR s.first_position IS DISTINCT FROM s.before + 1
       OR s.last_position IS NULL OR s.last_position NOT BETWEEN s.first_position AND last.position + events
       OR s.key IS NULL OR s.key = '' OR (s.request_json::jsonb ->> 'actor') IS NULL
       OR s.fingerprint !~ '^[0-9a-f]{64}$'
    LIMIT 1;
    IF fault IS NULL AND requests[cardinality(requests)].last_position IS DISTINCT FROM last.position + events THEN
        fault := 'events without a request';
    END IF;
    RETURN fault;
END
"""

#: The first thing that is wrong with rows of a read model: each belongs to one of the events, which is of a kind that the
#: table shows, and repeats what the event says. Legs sum to zero.
ROW_FAULT = """
DECLARE
    fault text;
BEGIN
    SELECT 'a row of ' || read_model || ' that is not its event''s, at position ' || coalesce(r.value ->> 'position', 'null')
    INTO fault
    FROM jsonb_array_elements(new_rows) r
    LEFT JOIN unnest(events) e ON e.position::text = r.value ->> 'position'
    LEFT JOIN event_kind k ON k.stored_as = e.stored_as
    WHERE (read_model = ANY (k.shows)) IS NOT TRUE
       OR r.value ->> 'book' IS DISTINCT FROM e.book
       OR coalesce(r.value ->> 'effective_on', to_char(e.effective_on, 'YYYY-MM-DD'))
          IS DISTINCT FROM to_char(e.effective_on, 'YYYY-MM-DD')
       OR coalesce(r.value ->> 'item', r.value ->> 'system', e.stream) IS DISTINCT FROM e.stream
       OR (read_model = 'item' AND r.value ->> 'number' IS DISTINCT FROM substring(e.stream FROM '[0-9]+$'))
       OR (read_model <> 'posting' AND EXISTS (
            SELECT FROM jsonb_each(e.body::jsonb -> 'data') d
            WHERE r.value ? d.key AND r.value -> d.key IS DISTINCT FROM d.value))
    LIMIT 1;
    IF fault IS NULL AND read_model = 'posting' THEN
        SELECT 'postings that do not sum to zero, at position ' || (r.value ->> 'position') INTO fault
        FROM jsonb_array_elements(new_rows) r
        GROUP BY r.value ->> 'position' HAVING sum((r.value ->> 'amount_minor')::numeric) IS DISTINCT FROM 0 LIMIT 1;
    END IF;
    RETURN fault;
END
"""

#: Of logins that do not own the ledger: the clock is near the server's, and the actor who the book's policy asks for.
LOGIN_FAULT = """
DECLARE
    fault text;
BEGIN
    SELECT 'a time over ten minutes from the server''s at position ' || e.position INTO fault
    FROM unnest(events) e
    WHERE e.recorded_at <> last.recorded_at
      AND e.recorded_at::timestamptz NOT BETWEEN clock_timestamp() - interval '10 minutes'
                                             AND clock_timestamp() + interval '10 minutes' LIMIT 1;
    IF fault IS NULL THEN
        SELECT 'another actor than the login ' || session_user || ', at position ' || e.position INTO fault
        FROM unnest(events) e
        WHERE e.actor <> session_user AND e.actor IS DISTINCT FROM (
                SELECT g.actor FROM book_grant g WHERE g.book = last.book AND g.login = session_user)
          AND (SELECT p.body::jsonb #>> '{data,value}' FROM event p
               WHERE p.book = last.book AND p.stored_as = 'policy-set/1' AND p.position < e.position
                 AND p.body::jsonb #>> '{data,policy}' = 'actor-from-login'
               ORDER BY p.position DESC LIMIT 1) = 'on'
        LIMIT 1;
    END IF;
    RETURN fault;
END
"""

#: Adds rows to a read model: a statement for each, for the plan of one that is made up anew is not kept.
ADD_ROWS = (
    "BEGIN CASE read_model "
    + "".join(
        f"WHEN '{table}' THEN INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, its_rows); "
        for table in READ_MODELS
    )
    # A read model of a later migration.
    + "ELSE EXECUTE format('INSERT INTO %I SELECT * FROM jsonb_populate_recordset(NULL::%1$I, $1)', read_model) "
    + "USING its_rows; END CASE; END"
)

#: What a read model holds at positions: how many rows, and of postings their sums.
KEPT_ROWS = """
DECLARE
    figures numeric[];
BEGIN
    EXECUTE format('SELECT ARRAY[count(*) %s] FROM %I t WHERE t.book = $1 AND t.position BETWEEN $2 AND $3', CASE read_model
        WHEN 'posting' THEN ', sum(t.amount_minor), sum(t.carry_minor_per_year), sum(t.spent_minor)' END, read_model)
    INTO figures USING of_book, first, final;
    RETURN figures;
END
"""

#: Writes events with their requests and read-model rows behind the head, and moves it: all, or nothing. Returns what
#: stands there then, read anew, for a rule or trigger may have swallowed or altered what was written.
RECORD = f"""
DECLARE
    last head := debt_ledger_lock_head(of_book);
    events event[] := ARRAY(SELECT e FROM json_populate_recordset(NULL::event, new_events) e);
    requests request[] := ARRAY(SELECT r FROM json_populate_recordset(NULL::request, new_requests) r);
    first bigint := last.position + 1;
    final bigint := last.position + cardinality(events);
    read_model text;
    its_rows jsonb;
    fault text;
BEGIN
    fault := CASE WHEN last.book IS NULL OR cardinality(events) = 0 THEN 'no event, or no such book' END;
    fault := coalesce(fault, debt_ledger_request_fault(last, cardinality(events), requests));
    fault := coalesce(fault, debt_ledger_event_fault(last, events, requests));
    IF fault IS NULL THEN
        INSERT INTO event SELECT e.* FROM unnest(events) e;
        IF NOT {OWNS} THEN
            fault := debt_ledger_login_fault(last, events);
        END IF;
    END IF;
    FOR read_model, its_rows IN SELECT key, value FROM jsonb_each(new_rows) LOOP
        EXIT WHEN fault IS NOT NULL;
        fault := debt_ledger_row_fault(read_model, events, its_rows);
        IF fault IS NULL THEN
            PERFORM debt_ledger_add_rows(read_model, its_rows);
        END IF;
    END LOOP;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'debt-ledger: %', fault USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO request SELECT r.* FROM unnest(requests) r;
    UPDATE head h SET position = e.position, hash = e.hash, recorded_at = e.recorded_at
    FROM (SELECT (events[cardinality(events)]).*) e WHERE h.book = of_book;
    EXECUTE 'SELECT h.position, h.hash, e.body, e.hash, jsonb_build_object(
            ''event'', ARRAY[(SELECT count(*) FROM event w WHERE w.book = $1 AND w.position BETWEEN $4 AND $2)],
            ''request'', ARRAY[(SELECT count(*) FROM request w WHERE w.book = $1 AND w.key = ANY ($3))])
        FROM head h LEFT JOIN event e ON e.book = $1 AND e.position = $2 WHERE h.book = $1'
    INTO head_position, head_hash, last_body, last_hash, kept_rows
    USING of_book, final, ARRAY(SELECT r.key FROM unnest(requests) r), first;
    FOR read_model IN SELECT jsonb_object_keys(new_rows) LOOP
        kept_rows := kept_rows || jsonb_build_object(read_model, debt_ledger_kept_rows(read_model, of_book, first, final));
    END LOOP;
END
"""

#: Name and arguments of each function: what it returns, how it runs, its body. Those that writers call run as their owner.
FUNCTIONS = {
    "debt_ledger_lock_head(of_book text)": ("head", "plpgsql", LOCK_HEAD),
    "debt_ledger_take_head(of_book text, streams text[], keys text[], fingerprints text[], OUT at_position bigint, "
    "OUT at_hash text, OUT at_time text, OUT bodies text[], OUT requests jsonb)": (
        "record", "plpgsql SECURITY DEFINER", TAKE_HEAD),
    "debt_ledger_fits(value jsonb, shape jsonb)": ("boolean", "plpgsql STABLE", FITS),
    "debt_ledger_event_fault(last head, events event[], requests request[])": ("text", "plpgsql STABLE", EVENT_FAULT),
    "debt_ledger_request_fault(last head, events int, requests request[])": ("text", "plpgsql STABLE", REQUEST_FAULT),
    "debt_ledger_row_fault(read_model text, events event[], new_rows jsonb)": ("text", "plpgsql STABLE", ROW_FAULT),
    "debt_ledger_add_rows(read_model text, its_rows jsonb)": ("void", "plpgsql", ADD_ROWS),
    "debt_ledger_login_fault(last head, events event[])": ("text", "plpgsql", LOGIN_FAULT),
    "debt_ledger_kept_rows(read_model text, of_book text, first bigint, final bigint)": (
        "numeric[]", "plpgsql", KEPT_ROWS),
    "debt_ledger_record(of_book text, new_events json, new_requests json, new_rows jsonb, OUT head_position bigint, "
    "OUT head_hash text, OUT last_body text, OUT last_hash text, OUT kept_rows jsonb)": (
        "record", "plpgsql SECURITY DEFINER", RECORD),
}  # fmt: skip

#: Whoever was given more than to read by an earlier release: writers have the functions now.
REVOKE = """
DO $do$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT DISTINCT c.oid::regclass AS place, a.grantee FROM pg_class c, LATERAL aclexplode(c.relacl) a
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (ARRAY[{tables}])
          AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %s FROM %s', given.place,
            CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE given.grantee::regrole::text END);
    END LOOP;
END $do$
"""


def upgrade() -> None:
    """Bring the database from 0003 to 0004."""
    # The few events that set a policy, and those that describe items: found without walking all others.
    op.create_index("event_policy_ix", "event", ["book", "position"], sqlite_where=POLICY, postgresql_where=POLICY)
    op.create_index("event_remark_ix", "event", ["book", "position"], sqlite_where=OF, postgresql_where=OF)
    if op.get_context().dialect.name != "postgresql":
        for index, rows in (("event_policy_ix", "40 40 1"), ("event_remark_ix", "1000 1000 1")):
            op.get_bind().exec_driver_sql("INSERT INTO sqlite_stat1 VALUES ('event', ?, ?)", (index, rows))
        return
    _create_tables()
    _create_functions()
    _hold_readers_to_their_books()


def downgrade() -> None:
    """A ledger never goes back: restore a backup instead."""
    raise NotImplementedError("a ledger is never downgraded; restore a backup")


def _create_tables() -> None:
    op.create_table(
        "book_grant",
        sa.Column("book", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        # False: reads alone. actor: whom the login may record as, besides itself.
        sa.Column("records", sa.Boolean(), nullable=False),
        sa.Column("actor", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("book", "login", name="book_grant_pk"),
    )
    # What a release knows to be an event; each upgrade adds its own. about: the member of the data that names the stream.
    op.create_table(
        "event_kind",
        sa.Column("stored_as", TEXT, nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.Column("about", TEXT, nullable=True),
        sa.Column("streams", TEXT, nullable=False),
        sa.Column("shows", postgresql.ARRAY(TEXT), nullable=False),
        sa.Column("shape", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("stored_as", name="event_kind_pk"),
    )


def _create_functions() -> None:
    bind = op.get_bind()
    schema = bind.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    fixed = f"SET search_path = pg_catalog, {schema}, pg_temp SET jit = off"
    # A function is created before the types of its arguments are used by another; bodies are read when they are run.
    for signature, (returns, runs, body) in FUNCTIONS.items():
        # The others are called by those alone, on the search path that those fix; to set it again would cost time.
        path = fixed if "SECURITY DEFINER" in runs else ""
        statement = f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE {runs} {path} AS $body${body}$body$"
        bind.exec_driver_sql(statement.replace("%", "%%"))
        bind.exec_driver_sql(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")


def _hold_readers_to_their_books() -> None:
    listed = ", ".join(f"'{table}'" for table in TABLES)
    op.get_bind().exec_driver_sql(REVOKE.format(tables=listed).replace("%", "%%"))
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        if table == "book_grant":
            op.execute("CREATE POLICY own_grants ON book_grant FOR SELECT USING (login = session_user)")
        elif "_p" not in table:
            op.execute(
                f"CREATE POLICY granted_books ON {table} FOR SELECT "
                "USING (book IN (SELECT g.book FROM book_grant g WHERE g.login = session_user))"
            )
