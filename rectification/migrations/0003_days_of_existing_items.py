"""Orders that are there already: their items fall due with the order, and their requests asked
more time for all items."""

from django.db import migrations

FILL = """
UPDATE rectification_extension SET asked_at = requested_at;
UPDATE rectification_extension SET granted_until = until WHERE state = 'granted';
UPDATE rectification_extension e SET state = 'lapsed'
  FROM rectification_order o
  WHERE o.id = e.order_id AND o.served_on IS NULL AND e.state = 'granted';
INSERT INTO rectification_asked (extension_id, item_id, granted)
  SELECT e.id, i.id, e.granted_until IS NOT NULL
  FROM rectification_extension e JOIN rectification_item i ON i.order_id = e.order_id;
UPDATE rectification_item i SET due_on = o.due_on, extension_id = (
    SELECT e.id FROM rectification_extension e
    WHERE e.order_id = o.id AND e.state = 'granted'
    ORDER BY e.decided_at DESC LIMIT 1)
  FROM rectification_order o WHERE o.id = i.order_id AND o.due_on IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("rectification", "0002_a_day_for_each_item")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
