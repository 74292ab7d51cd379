from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """Pages that look across the rooms. No models of record."""

    name = "dashboard"
    verbose_name = _("待办与看板")
