"""Every deadline has an owner; a policy in effect stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OWNERS = """
ALTER TABLE deadlines_deadline DISABLE TRIGGER never_edited;
UPDATE deadlines_deadline SET owner_id = started_by_id WHERE owner_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE deadlines_deadline ENABLE TRIGGER never_edited;
"""

FORWARD = """
CREATE FUNCTION deadlines_policy_in_effect_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begins date;
BEGIN
    IF TG_TABLE_NAME = 'deadlines_policy' THEN
        begins := OLD.effective_from;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT effective_from INTO begins FROM deadlines_policy WHERE id = NEW.policy_id;
    ELSE
        SELECT effective_from INTO begins FROM deadlines_policy WHERE id = OLD.policy_id;
    END IF;
    -- Without a row the policy itself is going, which was asked above.
    IF begins <= (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'a policy in effect stays as it is; enter a new one with a later day'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER in_effect_stays BEFORE UPDATE OR DELETE ON deadlines_policy
FOR EACH ROW EXECUTE FUNCTION deadlines_policy_in_effect_stays();

CREATE TRIGGER in_effect_stays BEFORE INSERT OR UPDATE OR DELETE ON deadlines_rung
FOR EACH ROW EXECUTE FUNCTION deadlines_policy_in_effect_stays();
"""

BACKWARD = """
DROP TRIGGER in_effect_stays ON deadlines_rung;
DROP TRIGGER in_effect_stays ON deadlines_policy;
DROP FUNCTION deadlines_policy_in_effect_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0003_house_rules_and_reminders")]

    operations = [
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        migrations.AlterField(
            "deadline",
            "owner",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="承办人",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
