from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RectificationConfig(AppConfig):
    """Orders to correct, and whether they were met in time."""

    name = "rectification"
    verbose_name = _("责令改正")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the rooms below what orders are called, and what they know."""
        import_module("rectification.telling")
        import_module("rectification.sources")
        import_module("rectification.paper_doors")
        import_module("rectification.filing")
