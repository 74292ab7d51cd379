from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LegalConfig(AppConfig):
    name = "legal"
    verbose_name = _("法律依据")

    def ready(self) -> None:
        import_module("legal.today")  # tells the layout what kind of day it is
