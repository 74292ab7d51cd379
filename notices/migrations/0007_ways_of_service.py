"""What each way of service must say: refusal, film, proxy, electronic address, publication."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notices", "0006_signing")]

    operations = [
        migrations.RemoveConstraint(model_name="service", name="service_left_has_witness"),
        migrations.AddField(
            model_name="service",
            name="address",
            field=models.CharField(blank=True, max_length=200, verbose_name="电子送达地址"),
        ),
        migrations.AddField(
            model_name="service",
            name="attempted_time",
            field=models.TimeField(blank=True, null=True, verbose_name="送达时刻"),
        ),
        migrations.AddField(
            model_name="service",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[("untraceable", "受送达人下落不明"), ("failed", "其他方式无法送达")],
                max_length=12,
                verbose_name="公告的原因",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="entrusted_to",
            field=models.CharField(blank=True, max_length=100, verbose_name="受委托机关"),
        ),
        migrations.AddField(
            model_name="service",
            name="filmed",
            field=models.BooleanField(default=False, verbose_name="已录音录像或者拍照"),
        ),
        migrations.AddField(
            model_name="service",
            name="form_token",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="service",
            name="grounds",
            field=models.CharField(blank=True, max_length=500, verbose_name="公告前的经过"),
        ),
        migrations.AddField(
            model_name="service",
            name="published_in",
            field=models.CharField(blank=True, max_length=200, verbose_name="公告载体"),
        ),
        migrations.AddField(
            model_name="service",
            name="refusal",
            field=models.CharField(blank=True, max_length=200, verbose_name="拒收事由"),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=~Q(outcome="left")
                | (Q(method="left") & (~Q(witness="") | Q(filmed=True))),
                name="service_left_has_witness_or_film",
                violation_error_message="留置送达须有见证人，或者录音录像、拍照。",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=(Q(entrusted_to="") | Q(method="proxy"))
                & (Q(address="") | Q(method="electronic"))
                & (Q(cause="", grounds="", published_in="") | Q(method="publication")),
                name="service_facts_of_its_method",
                violation_error_message="填写的内容不属于这种送达方式。",
            ),
        ),
    ]
