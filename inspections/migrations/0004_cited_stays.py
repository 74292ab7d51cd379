"""An article that a finding cites stays what it was when it was cited.

Its place (reference, article, 之, paragraph, item, version) and its text's first day in force can
be neither changed nor deleted, whoever asks: a paper that was issued must always find them. Gists,
links and the last day in force may still be kept up. The tables are those of the register, but
only this room knows what was cited.
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION inspections_keep_cited_article() RETURNS trigger AS $$
BEGIN
    IF (TG_OP = 'DELETE'
        OR ROW(NEW.version_id, NEW.ref, NEW.number, NEW.suffix, NEW.para, NEW.item)
           IS DISTINCT FROM
           ROW(OLD.version_id, OLD.ref, OLD.number, OLD.suffix, OLD.para, OLD.item))
       AND EXISTS (SELECT FROM inspections_citation WHERE article_id = OLD.id) THEN
        RAISE EXCEPTION 'article % was cited: its place in the law stays', OLD.ref
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION inspections_keep_cited_version() RETURNS trigger AS $$
BEGIN
    IF (TG_OP = 'DELETE'
        OR ROW(NEW.law_id, NEW.version, NEW.ref, NEW.effective_from)
           IS DISTINCT FROM
           ROW(OLD.law_id, OLD.version, OLD.ref, OLD.effective_from))
       AND EXISTS (SELECT FROM inspections_citation c
                   JOIN legal_article a ON a.id = c.article_id
                   WHERE a.version_id = OLD.id) THEN
        RAISE EXCEPTION 'version % was cited: its name and its first day in force stay', OLD.ref
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$ LANGUAGE plpgsql;

CREATE TRIGGER cited_article_stays BEFORE UPDATE OR DELETE ON legal_article
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_cited_article();
CREATE TRIGGER cited_version_stays BEFORE UPDATE OR DELETE ON legal_lawversion
    FOR EACH ROW EXECUTE FUNCTION inspections_keep_cited_version();
"""

LET_GO = """
DROP TRIGGER cited_article_stays ON legal_article;
DROP TRIGGER cited_version_stays ON legal_lawversion;
DROP FUNCTION inspections_keep_cited_article();
DROP FUNCTION inspections_keep_cited_version();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0003_remote_tests"),
        ("legal", "0003_provisions"),
    ]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
