from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("文书")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The kind of work, the words of the record, and the start-up checks.
        for module in (
            "notices.tasks",
            "notices.checks",
            "notices.service",
            "notices.receipts",
            "notices.scans",
            "notices.certificates",
            "notices.waivers",
        ):
            import_module(module)
