"""A deadline is never edited: the database lets nothing but its state change, and only forward."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION deadlines_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    open_fields CONSTANT text[] :=
        ARRAY['state', 'version', 'suspended_on', 'ended_on', 'ended_reason'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'deadline % cannot be deleted; cancel it', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - open_fields IS DISTINCT FROM to_jsonb(OLD) - open_fields THEN
        RAISE EXCEPTION 'deadline % cannot be edited; replace it', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('met', 'replaced', 'cancelled') THEN
        RAISE EXCEPTION 'deadline % has ended and stays as it is', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON deadlines_deadline
FOR EACH ROW EXECUTE FUNCTION deadlines_never_edited();
"""

BACKWARD = """
DROP TRIGGER never_edited ON deadlines_deadline;
DROP FUNCTION deadlines_never_edited();
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
