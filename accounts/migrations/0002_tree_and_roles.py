"""What Django's constraints cannot say: the tree keeps its paths, a holding has its role's kind."""

from django.db import migrations

TREE = """
CREATE FUNCTION accounts_unit_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE above text := '/';
BEGIN
    -- Below the first level this is accounts_unit_branch() moving the units below a moved one.
    IF pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        -- Two moves at once could close a cycle that neither of them sees.
        PERFORM pg_advisory_xact_lock(hashtextextended('accounts.unit.path', 0));
        SELECT path INTO above FROM accounts_unit WHERE id = NEW.parent_id;
        IF above IS NULL THEN
            RAISE EXCEPTION 'unit %: its parent % does not exist', NEW.id, NEW.parent_id
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        IF position('/' || NEW.id || '/' IN above) > 0 THEN
            RAISE EXCEPTION 'unit % cannot lie below itself', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_not_below_itself';
        END IF;
    END IF;
    NEW.path := above || NEW.id || '/';
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_unit_branch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_unit
       SET path = NEW.path || substr(path, length(OLD.path) + 1)
     WHERE path LIKE OLD.path || '%' AND id <> NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER unit_path BEFORE INSERT OR UPDATE ON accounts_unit
    FOR EACH ROW EXECUTE FUNCTION accounts_unit_path();
CREATE TRIGGER unit_branch AFTER UPDATE ON accounts_unit
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION accounts_unit_branch();
"""

TREE_BACK = """
DROP TRIGGER unit_branch ON accounts_unit;
DROP TRIGGER unit_path ON accounts_unit;
DROP FUNCTION accounts_unit_branch();
DROP FUNCTION accounts_unit_path();
"""

KIND = """
ALTER TABLE accounts_roleholding ADD CONSTRAINT holding_kind_is_the_roles
    FOREIGN KEY (role_id, kind) REFERENCES accounts_role (code, kind)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""

KIND_BACK = "ALTER TABLE accounts_roleholding DROP CONSTRAINT holding_kind_is_the_roles;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(TREE, TREE_BACK),
        migrations.RunSQL(KIND, KIND_BACK),
    ]
