"""What the models cannot say: pairs that belong together, and that a signature is final.

* An inspection's system belongs to its enterprise; evidence of a finding belongs to the finding's
  inspection.
* Once an inspection is no draft any more, its words, findings, citations, officers and evidence
  can neither be changed nor deleted, whoever asks. What may still move: the state, a finding's
  disposition, and a sealed value that is sealed anew under another key.
"""

from django.db import migrations

PAIRS = """
ALTER TABLE inspections_inspection
    ADD CONSTRAINT inspection_system_of_enterprise
    FOREIGN KEY (system_id, enterprise_id) REFERENCES enterprises_system (id, enterprise_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE inspections_evidence
    ADD CONSTRAINT evidence_finding_of_inspection
    FOREIGN KEY (finding_id, inspection_id) REFERENCES inspections_finding (id, inspection_id)
    DEFERRABLE INITIALLY DEFERRED;
"""

NO_PAIRS = """
ALTER TABLE inspections_inspection DROP CONSTRAINT inspection_system_of_enterprise;
ALTER TABLE inspections_evidence DROP CONSTRAINT evidence_finding_of_inspection;
"""

FINAL = """
CREATE FUNCTION inspections_refuse(what text) RETURNS void AS $$
BEGIN
    RAISE EXCEPTION 'inspection is signed or discarded: % cannot be changed', what
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;

CREATE FUNCTION inspections_keep_inspection() RETURNS trigger AS $$
DECLARE
    free text[] := ARRAY['state', 'version', 'met_phone'];
BEGIN
    IF OLD.state <> 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            PERFORM inspections_refuse('the inspection');
        ELSIF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
            PERFORM inspections_refuse('the inspection');
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION inspections_keep_finding() RETURNS trigger AS $$
DECLARE
    free text[] := ARRAY['disposition', 'disposition_note'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM inspections_inspection
               WHERE id = OLD.inspection_id AND state <> 'draft') THEN
        PERFORM inspections_refuse('a finding');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION inspections_keep_part() RETURNS trigger AS $$
BEGIN
    IF EXISTS (SELECT FROM inspections_inspection
               WHERE id = OLD.inspection_id AND state <> 'draft') THEN
        PERFORM inspections_refuse(TG_TABLE_NAME);
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION inspections_keep_citation() RETURNS trigger AS $$
BEGIN
    IF EXISTS (SELECT FROM inspections_inspection i
               JOIN inspections_finding f ON f.inspection_id = i.id
               WHERE f.id = OLD.finding_id AND i.state <> 'draft') THEN
        PERFORM inspections_refuse('a citation');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$ LANGUAGE plpgsql;

CREATE TRIGGER inspection_final BEFORE UPDATE OR DELETE ON inspections_inspection
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_inspection();
CREATE TRIGGER finding_final BEFORE UPDATE OR DELETE ON inspections_finding
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_finding();
CREATE TRIGGER citation_final BEFORE UPDATE OR DELETE ON inspections_citation
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_citation();
CREATE TRIGGER officer_final BEFORE UPDATE OR DELETE ON inspections_inspectionofficer
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_part();
CREATE TRIGGER evidence_final BEFORE UPDATE OR DELETE ON inspections_evidence
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_part();
"""

NOT_FINAL = """
DROP TRIGGER inspection_final ON inspections_inspection;
DROP TRIGGER finding_final ON inspections_finding;
DROP TRIGGER citation_final ON inspections_citation;
DROP TRIGGER officer_final ON inspections_inspectionofficer;
DROP TRIGGER evidence_final ON inspections_evidence;
DROP FUNCTION inspections_keep_inspection();
DROP FUNCTION inspections_keep_finding();
DROP FUNCTION inspections_keep_citation();
DROP FUNCTION inspections_keep_part();
DROP FUNCTION inspections_refuse(text);
"""


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]

    operations = [
        migrations.RunSQL(PAIRS, NO_PAIRS),
        migrations.RunSQL(FINAL, NOT_FINAL),
    ]
