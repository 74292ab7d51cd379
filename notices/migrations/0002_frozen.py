"""What was issued stays as it was issued: the database says so, not only the code."""

from django.db import migrations

NOTICE = """
CREATE FUNCTION notices_notice_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a notice is never deleted: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.id, NEW.unit_id, NEW.kind, NEW.year, NEW.serial, NEW.number, NEW.addressee, NEW.words,
        NEW.words_sha256, NEW.template, NEW.template_version, NEW.seal_id, NEW.verify_code,
        NEW.is_demonstration, NEW.subject_type_id, NEW.subject_id, NEW.issued_at, NEW.issued_on,
        NEW.issued_by_id, NEW.snapshot)
       IS DISTINCT FROM
       (OLD.id, OLD.unit_id, OLD.kind, OLD.year, OLD.serial, OLD.number, OLD.addressee, OLD.words,
        OLD.words_sha256, OLD.template, OLD.template_version, OLD.seal_id, OLD.verify_code,
        OLD.is_demonstration, OLD.subject_type_id, OLD.subject_id, OLD.issued_at, OLD.issued_on,
        OLD.issued_by_id, OLD.snapshot)
    THEN
        RAISE EXCEPTION 'an issued notice never changes: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.printed_at IS NOT NULL AND
       (NEW.pdf_id, NEW.pdf_sha256, NEW.pages, NEW.size, NEW.printed_at, NEW.fingerprint)
       IS DISTINCT FROM
       (OLD.pdf_id, OLD.pdf_sha256, OLD.pages, OLD.size, OLD.printed_at, OLD.fingerprint)
    THEN
        RAISE EXCEPTION 'a notice is printed once: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'valid' AND
       (NEW.state, NEW.ended_on, NEW.ended_reason, NEW.superseded_by_id)
       IS DISTINCT FROM
       (OLD.state, OLD.ended_on, OLD.ended_reason, OLD.superseded_by_id)
    THEN
        RAISE EXCEPTION 'a notice ends once: %', OLD.number
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER notice_frozen BEFORE UPDATE OR DELETE ON notices_notice
    FOR EACH ROW EXECUTE FUNCTION notices_notice_frozen();
"""

NOTICE_BACK = """
DROP TRIGGER notice_frozen ON notices_notice;
DROP FUNCTION notices_notice_frozen();
"""

SERVICE = """
CREATE FUNCTION notices_service_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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
    IF (to_jsonb(NEW) - 'effective' - 'voided_on' - 'voided_by_id')
       IS DISTINCT FROM (to_jsonb(OLD) - 'effective' - 'voided_on' - 'voided_by_id')
       OR OLD.voided_on IS NOT NULL
       OR (NEW.effective AND NOT OLD.effective)
    THEN
        RAISE EXCEPTION 'an attempt of service is kept as it was; a return may void it, once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER service_kept BEFORE INSERT OR UPDATE OR DELETE ON notices_service
    FOR EACH ROW EXECUTE FUNCTION notices_service_kept();
"""

SERVICE_BACK = """
DROP TRIGGER service_kept ON notices_service;
DROP FUNCTION notices_service_kept();
"""

SERIES = """
CREATE FUNCTION notices_series_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.last <> OLD.last + 1
       OR (NEW.unit_id, NEW.kind, NEW.year) IS DISTINCT FROM (OLD.unit_id, OLD.kind, OLD.year)
    THEN
        RAISE EXCEPTION 'a series of numbers only counts on, by one'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER series_forward BEFORE UPDATE OR DELETE ON notices_series
    FOR EACH ROW EXECUTE FUNCTION notices_series_forward();
"""

SERIES_BACK = """
DROP TRIGGER series_forward ON notices_series;
DROP FUNCTION notices_series_forward();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RunSQL(NOTICE, NOTICE_BACK),
        migrations.RunSQL(SERVICE, SERVICE_BACK),
        migrations.RunSQL(SERIES, SERIES_BACK),
    ]
