from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BulletinsConfig(AppConfig):
    """Public bulletins of cases, and whether each decision was made public."""

    name = "bulletins"
    verbose_name = _("案例通报")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the rooms below what publications are called, and listen for decisions."""
        import_module("bulletins.sources")
        import_module("bulletins.reviewed")
        import_module("bulletins.tasks")
