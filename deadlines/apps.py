from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = _("期限")

    def ready(self) -> None:
        import_module("deadlines.clock")  # registers the words of its verbs
        import_module("deadlines.feeds")
        import_module("deadlines.health")
        import_module("deadlines.mail")  # registers the kinds of letters with the ledger
        import_module("deadlines.recheck")  # says what a change of a calendar would mean
