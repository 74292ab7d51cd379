"""An address at which an enterprise is reminded."""

import django.core.validators
from django.db import migrations

import vault.fields


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_critical_systems")]

    operations = [
        migrations.AddField(
            model_name="enterprise",
            name="contact_email",
            field=vault.fields.SealedTextField(
                blank=True,
                default="",
                max_length=254,
                validators=[django.core.validators.EmailValidator()],
                verbose_name="联系人电子邮箱",
            ),
        ),
    ]
