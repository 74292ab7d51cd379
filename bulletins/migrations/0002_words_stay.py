"""The words of a bulletin change in a draft alone; its files stay what they are."""

from django.db import migrations

WORDS = """
CREATE FUNCTION bulletins_bulletin_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a bulletin is never deleted'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'draft' AND
       (NEW.title, NEW.intro, NEW.reminder, NEW.unit_id, NEW.drafted_by_id, NEW.edited_by_id)
       IS DISTINCT FROM
       (OLD.title, OLD.intro, OLD.reminder, OLD.unit_id, OLD.drafted_by_id, OLD.edited_by_id)
    THEN
        RAISE EXCEPTION 'the words of a bulletin change in a draft alone'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.approved_at IS NOT NULL AND
       (NEW.words, NEW.approved_at, NEW.approved_by_id, NEW.is_demonstration)
       IS DISTINCT FROM
       (OLD.words, OLD.approved_at, OLD.approved_by_id, OLD.is_demonstration)
    THEN
        RAISE EXCEPTION 'an approved bulletin stands'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bulletin_words_stay BEFORE UPDATE OR DELETE ON bulletins_bulletin
    FOR EACH ROW EXECUTE FUNCTION bulletins_bulletin_words_stay();

CREATE FUNCTION bulletins_entry_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_in text;
BEGIN
    SELECT state INTO now_in FROM bulletins_bulletin
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.bulletin_id ELSE NEW.bulletin_id END;
    IF now_in <> 'draft' THEN
        RAISE EXCEPTION 'the cases of a bulletin change in a draft alone'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER entry_words_stay BEFORE INSERT OR UPDATE OR DELETE ON bulletins_entry
    FOR EACH ROW EXECUTE FUNCTION bulletins_entry_words_stay();

CREATE FUNCTION bulletins_export_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a file of a bulletin is made once and kept'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER export_kept BEFORE UPDATE OR DELETE ON bulletins_export
    FOR EACH ROW EXECUTE FUNCTION bulletins_export_kept();
"""

BACK = """
DROP TRIGGER export_kept ON bulletins_export;
DROP FUNCTION bulletins_export_kept();
DROP TRIGGER entry_words_stay ON bulletins_entry;
DROP FUNCTION bulletins_entry_words_stay();
DROP TRIGGER bulletin_words_stay ON bulletins_bulletin;
DROP FUNCTION bulletins_bulletin_words_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_initial")]
    operations = [migrations.RunSQL(WORDS, BACK)]
