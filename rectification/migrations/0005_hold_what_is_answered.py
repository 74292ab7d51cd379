"""Hold the deadlines of orders that are answered already; the verbs do so from now on."""

from django.db import migrations

ANSWERED = """
UPDATE deadlines_deadline AS deadline SET held = true
FROM rectification_order AS answered
WHERE deadline.subject_type = 'rectification.order' AND deadline.subject_id = answered.id
  AND deadline.kind = 'RECTIFY' AND deadline.state = 'running' AND answered.state = 'served'
  AND (answered.reported_on IS NOT NULL OR answered.extension_pending
       OR answered.reinspected_on IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0009_held"),
        ("rectification", "0004_what_the_database_says"),
    ]

    operations = [migrations.RunSQL(ANSWERED, migrations.RunSQL.noop)]
