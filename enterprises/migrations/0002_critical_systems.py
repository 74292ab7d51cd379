from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="system",
            name="critical",
            field=models.BooleanField(default=False, verbose_name="关键信息基础设施"),
        ),
        # The few systems that are inspected every year, found among many.
        migrations.AddIndex(
            model_name="system",
            index=models.Index(
                condition=models.Q(("critical", True), ("mlps_level__gte", 3), _connector="OR"),
                fields=["enterprise"],
                name="system_inspected_yearly",
            ),
        ),
    ]
