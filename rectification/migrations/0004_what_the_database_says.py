"""What the database says itself of due days, requests and grounds."""

import django.db.models.functions.comparison
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rectification", "0003_days_of_existing_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="extension",
            name="asked_at",
            field=models.DateTimeField(verbose_name="提出时间"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("correction__isnull", False),
                        ("extension__isnull", True),
                        ("reinspection__isnull", True),
                        ("suspension__isnull", True),
                    ),
                    models.Q(
                        ("correction__isnull", True),
                        ("extension__isnull", True),
                        ("reinspection__isnull", False),
                        ("suspension__isnull", True),
                    ),
                    models.Q(
                        ("correction__isnull", True),
                        ("extension__isnull", False),
                        ("reinspection__isnull", True),
                        ("suspension__isnull", True),
                    ),
                    models.Q(
                        ("correction__isnull", True),
                        ("extension__isnull", True),
                        ("reinspection__isnull", True),
                        ("suspension__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="attachment_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extension__isnull", True), ("due_on__isnull", False), _connector="OR"
                ),
                name="item_extended_falls_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("served_on__isnull", False),
                    models.Q(
                        ("extension_pending", False),
                        ("late_request", False),
                        ("reinspected_on__isnull", True),
                        ("reported_on__isnull", True),
                        ("suspended", False),
                    ),
                    _connector="OR",
                ),
                name="order_clock_runs_after_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extension_pending", True), ("late_request", True), _negated=True
                ),
                name="order_one_request_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        ["force_majeure", "reconsideration", "litigation", "authority", "other"],
                    )
                ),
                name="suspension_ground_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("state__in", ["requested", "lapsed"]),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["granted", "refused", "lapsed"]),
                    ),
                    _connector="OR",
                ),
                name="extension_decided_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_at__lte", models.F("requested_at"))),
                name="extension_asked_before_entered",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("late", False),
                        django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.comparison.Cast(
                                models.Func(
                                    models.Value("Asia/Shanghai"),
                                    models.F("asked_at"),
                                    function="timezone",
                                    output_field=models.DateTimeField(),
                                ),
                                models.DateField(),
                            ),
                            models.F("old_due_on"),
                        ),
                    ),
                    models.Q(
                        ("late", True),
                        django.db.models.lookups.GreaterThan(
                            django.db.models.functions.comparison.Cast(
                                models.Func(
                                    models.Value("Asia/Shanghai"),
                                    models.F("asked_at"),
                                    function="timezone",
                                    output_field=models.DateTimeField(),
                                ),
                                models.DateField(),
                            ),
                            models.F("old_due_on"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="extension_late_after_the_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("granted_until__isnull", True),
                        ("state__in", ["requested", "refused", "lapsed"]),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("granted_until__gt", models.F("old_due_on")),
                        ("granted_until__isnull", False),
                        ("granted_until__lte", models.F("until")),
                        ("state__in", ["granted", "lapsed"]),
                    ),
                    _connector="OR",
                ),
                name="extension_grants_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("notice__isnull", True), ("decided_at__isnull", False), _connector="OR"
                ),
                name="extension_paper_follows_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="asked",
            constraint=models.UniqueConstraint(fields=("extension", "item"), name="asked_once"),
        ),
    ]
