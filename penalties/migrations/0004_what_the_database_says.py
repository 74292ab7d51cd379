"""What a case must be, now that the existing ones have their facts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("penalties", "0003_existing_cases")]

    operations = [
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_on__isnull", True),
                        ("decision_entered_by__isnull", True),
                        ("fine__isnull", True),
                        ("measures", []),
                        ("outcome", ""),
                    ),
                    models.Q(
                        ("decided_on__gte", models.F("filed_on")),
                        ("decided_on__isnull", False),
                        ("decision_entered_by__isnull", False),
                        models.Q(
                            models.Q(
                                ("outcome", "penalty"), models.Q(("measures", []), _negated=True)
                            ),
                            models.Q(
                                ("fine__isnull", True), ("measures", []), ("outcome", "no_penalty")
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="case_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_on__isnull", True), ("state__in", ["opened", "declined"])),
                    models.Q(
                        ("decided_on__isnull", True),
                        ("decision_due_on__isnull", False),
                        ("state", "filed"),
                    ),
                    models.Q(("decided_on__isnull", False), ("state", "decided")),
                    models.Q(
                        ("closed_on__isnull", False),
                        ("state", "closed"),
                        models.Q(("closing_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="case_state_has_its_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="case_approved_pair",
            ),
        ),
    ]
