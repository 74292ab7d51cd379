from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from vault.checks import keys_are_usable


class VaultConfig(AppConfig):
    name = "vault"
    verbose_name = _("保密存储")

    def ready(self) -> None:
        checks.register(keys_are_usable, checks.Tags.security)
