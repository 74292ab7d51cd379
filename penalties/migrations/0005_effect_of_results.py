"""From which day the result of a remedy holds, and who asked for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("penalties", "0004_what_the_database_says"),
    ]

    operations = [
        migrations.AddField(
            model_name="remedy",
            name="applicant",
            field=models.CharField(blank=True, max_length=200, verbose_name="申请人或者原告"),
        ),
        migrations.AddField(
            model_name="remedy",
            name="effective_on",
            field=models.DateField(blank=True, null=True, verbose_name="生效日期"),
        ),
        migrations.AddConstraint(
            model_name="remedy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective_on__isnull", True),
                    models.Q(
                        models.Q(("result", ""), _negated=True),
                        ("effective_on__gte", models.F("result_on")),
                    ),
                    _connector="OR",
                ),
                name="remedy_effective_after_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="remedy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("new_fine__isnull", True), ("new_fine__gte", 0), _connector="OR"
                ),
                name="remedy_new_fine_not_negative",
            ),
        ),
    ]
