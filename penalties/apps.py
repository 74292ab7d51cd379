from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PenaltiesConfig(AppConfig):
    """Penalty cases that run beside an order to correct, or follow an unmet one."""

    name = "penalties"
    verbose_name = _("行政处罚")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the rooms below what cases are called, and what they know."""
        import_module("penalties.clocks")
        import_module("penalties.sources")
        import_module("penalties.review")
        import_module("penalties.filing")
        import_module("penalties.paper_doors")
