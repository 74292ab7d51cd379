"""Deadlines in the admin: read only. A date changes by a verb of the record that it stands on."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from deadlines.models import Deadline


@admin.register(Deadline)
class DeadlineAdmin(admin.ModelAdmin):
    list_display = ("kind", "due_on", "state", "unit", "page")
    list_filter = ("state", "kind")
    list_select_related = ("unit",)
    date_hierarchy = "due_on"
    actions = None

    @admin.display(description=_("页面"))
    def page(self, obj: Deadline) -> SafeString:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.may("admin.system")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.may("admin.system")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
