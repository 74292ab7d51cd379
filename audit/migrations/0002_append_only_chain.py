"""The record is append-only and chained by the database itself."""

from django.db import migrations

# The lock makes transactions queue at their commit, so the chain has the order of commits. In
# READ COMMITTED each statement of the function sees what was committed before it; under a
# stricter level two writers would collide on the primary key of audit_link, which is safe too.
CHAIN = """
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_link%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit.chain', 0));
    SELECT * INTO last FROM audit_link ORDER BY seq DESC LIMIT 1;
    IF NOT FOUND THEN
        last.seq := 0;
        last.hash := repeat('0', 64);
    END IF;
    INSERT INTO audit_link (seq, event_id, prev, hash)
    VALUES (
        last.seq + 1,
        NEW.id,
        last.hash,
        encode(sha256(convert_to(last.hash || NEW.payload, 'UTF8')), 'hex')
    );
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER event_chain AFTER INSERT ON audit_event
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""

CHAIN_BACK = """
DROP TRIGGER event_chain ON audit_event;
DROP FUNCTION audit_chain();
"""

# zhenggai.allow_truncate is set by nothing but the tests' connection, which empties its tables.
APPEND_ONLY = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('zhenggai.allow_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the record is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION audit_refuse_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the chain is written by the database alone'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER link_append_only BEFORE UPDATE OR DELETE ON audit_link
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER link_no_truncate BEFORE TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER link_by_the_chain_only BEFORE INSERT ON audit_link
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_link();
"""

APPEND_ONLY_BACK = """
DROP TRIGGER link_by_the_chain_only ON audit_link;
DROP TRIGGER link_no_truncate ON audit_link;
DROP TRIGGER link_append_only ON audit_link;
DROP TRIGGER event_no_truncate ON audit_event;
DROP TRIGGER event_append_only ON audit_event;
DROP FUNCTION audit_refuse_link();
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(CHAIN, CHAIN_BACK),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_BACK),
    ]
