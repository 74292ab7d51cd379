"""Inspections in the back room: to look at, not to change. Changes go through fieldwork."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from enterprises.admin import ReadOnly
from inspections.models import Inspection


@admin.register(Inspection)
class InspectionAdmin(ReadOnly):
    list_display = ["number", "enterprise", "unit", "kind", "started_at", "state", "page"]
    list_filter = ["state", "kind", "mode"]
    search_fields = ["number", "enterprise__name"]
    list_select_related = ["enterprise", "unit"]
    # Sealed fields have no place here.
    fields = [
        "number",
        "enterprise",
        "unit",
        "kind",
        "mode",
        "started_at",
        "ended_at",
        "state",
        "created_at",
        "created_by",
        "recorded_at",
        "recorded_by",
        "page",
    ]

    @admin.display(description=_("页面"))
    def page(self, obj: Inspection) -> str:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("打开检查"))
