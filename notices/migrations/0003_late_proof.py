"""A receipt may be added to a service that was recorded without one; once, and nothing else."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION notices_service_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    issued date;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an attempt of service is never deleted'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT issued_on INTO issued FROM notices_notice WHERE id = NEW.notice_id;
        IF NEW.attempted_on < issued THEN
            RAISE EXCEPTION 'service on % is earlier than the issue on %', NEW.attempted_on, issued
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - 'effective' - 'voided_on' - 'voided_by_id' - 'proof_id')
       IS DISTINCT FROM (to_jsonb(OLD) - 'effective' - 'voided_on' - 'voided_by_id' - 'proof_id')
       OR (OLD.proof_id IS NOT NULL AND NEW.proof_id IS DISTINCT FROM OLD.proof_id)
       OR OLD.voided_on IS NOT NULL
       OR (NEW.effective AND NOT OLD.effective)
    THEN
        RAISE EXCEPTION 'an attempt of service is kept as it was; a return may void it, once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
"""

FORMER = FUNCTION.replace(" - 'proof_id'", "").replace(
    "       OR (OLD.proof_id IS NOT NULL AND NEW.proof_id IS DISTINCT FROM OLD.proof_id)\n", ""
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_frozen")]

    operations = [migrations.RunSQL(FUNCTION, FORMER)]
