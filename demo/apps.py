from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demonstration: six published cases, and invented ones dated from today."""

    name = "demo"
    verbose_name = _("演示")
