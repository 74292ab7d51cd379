"""An address for the letters that remind."""

import django.core.validators
from django.db import migrations

import vault.fields


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_letterhead")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="email",
            field=vault.fields.SealedTextField(
                blank=True,
                default="",
                help_text="填了的，期限提醒也发到这里。",
                max_length=254,
                validators=[django.core.validators.EmailValidator()],
                verbose_name="电子邮箱",
            ),
        ),
    ]
