"""A deadline whose other side has answered is held: nobody is reminded until the house has acted."""

from django.db import migrations, models

BEFORE = "ARRAY['state', 'version', 'suspended_on', 'ended_on', 'ended_reason']"
AFTER = "ARRAY['state', 'version', 'held', 'suspended_on', 'ended_on', 'ended_reason']"

# The function of 0002 with one more field that may change.
FUNCTION = """
CREATE OR REPLACE FUNCTION deadlines_never_edited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    open_fields CONSTANT text[] := %s;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'deadline %% cannot be deleted; cancel it', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - open_fields IS DISTINCT FROM to_jsonb(OLD) - open_fields THEN
        RAISE EXCEPTION 'deadline %% cannot be edited; replace it', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state IN ('met', 'replaced', 'cancelled') THEN
        RAISE EXCEPTION 'deadline %% has ended and stays as it is', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0008_open_by_kind")]

    operations = [
        migrations.AddField(
            "deadline",
            "held",
            models.BooleanField("等待办理", default=False, db_default=False),
        ),
        migrations.RunSQL(FUNCTION % AFTER, FUNCTION % BEFORE),
    ]
