from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = _("检查")

    def ready(self) -> None:
        import_module("inspections.fieldwork")  # registers words and what may be revealed
        import_module("inspections.papers")  # registers words
        import_module("inspections.paper_doors")  # registers with the room of papers
        import_module("inspections.enterprise_file")  # registers with the enterprise file
        import_module("inspections.cited")  # registers with the register of law
        import_module("inspections.duties")  # registers what the unit itself owes
