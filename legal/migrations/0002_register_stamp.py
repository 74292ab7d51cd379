"""The stamp of the register changes with whatever is written to it, through whichever door."""

from django.db import migrations

TABLES = [
    "legal_law",
    "legal_lawversion",
    "legal_article",
    "legal_article_sanctioned_by",
    "legal_article_maps_to",
    "legal_penaltytier",
    "legal_violationtype",
    "legal_violationbasis",
]

FIRST_STAMP = "INSERT INTO legal_registerstamp (id, stamp) VALUES (1, gen_random_uuid())"
NO_STAMP = "DELETE FROM legal_registerstamp"

# Random, not counted up: a number that a rollback gave back would be used twice.
FUNCTION = """
CREATE FUNCTION legal_stamp_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO legal_registerstamp (id, stamp) VALUES (1, gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET stamp = EXCLUDED.stamp;
    RETURN NULL;
END $$
"""
NO_FUNCTION = "DROP FUNCTION legal_stamp_register()"

TRIGGER = """
CREATE TRIGGER stamp_register AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION legal_stamp_register()
"""
NO_TRIGGER = "DROP TRIGGER stamp_register ON {table}"


class Migration(migrations.Migration):
    dependencies = [("legal", "0001_initial")]

    operations = [
        migrations.RunSQL(FIRST_STAMP, NO_STAMP),
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), NO_TRIGGER.format(table=table))
            for table in TABLES
        ],
    ]
