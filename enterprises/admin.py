"""Enterprises in the back room: to look at, not to change. Changes go through the register."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, System


class ReadOnly(admin.ModelAdmin):
    """No adding, changing or deleting: records change through their verbs alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Enterprise)
class EnterpriseAdmin(ReadOnly):
    list_display = ["name", "uscc", "region", "unit", "page"]
    search_fields = ["name", "uscc"]
    list_select_related = ["region", "unit"]
    # Sealed fields and their indexes have no place here.
    fields = [
        "name",
        "short_name",
        "uscc",
        "region",
        "unit",
        "industry_code",
        "industry_name",
        "is_demonstration",
        "created_at",
        "created_by",
        "page",
    ]

    @admin.display(description=_("页面"))
    def page(self, obj: Enterprise) -> str:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("打开档案"))


@admin.register(System)
class SystemAdmin(ReadOnly):
    list_display = ["name", "enterprise", "mlps_level", "critical", "in_use"]
    search_fields = ["name"]
    list_select_related = ["enterprise"]
    fields = [
        "enterprise",
        "name",
        "url",
        "icp_number",
        "mlps_level",
        "mlps_number",
        "critical",
        "in_use",
    ]
