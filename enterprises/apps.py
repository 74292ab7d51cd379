from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = _("企业与系统")

    def ready(self) -> None:
        import_module("enterprises.register")  # registers words and what may be revealed
