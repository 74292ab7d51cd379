"""How a unit writes its numbers is edited here; papers and their service are only shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from notices.models import Notice, NumberPattern, Series


class _System(admin.ModelAdmin):
    """For the system administrator."""

    def _may(self, request: HttpRequest) -> bool:
        return request.user.may("admin.system")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


class _ReadOnly(_System):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(NumberPattern)
class NumberPatternAdmin(_System):
    list_display = ("unit", "kind", "pattern")
    list_filter = ("kind",)
    autocomplete_fields = ()


@admin.register(Series)
class SeriesAdmin(_ReadOnly):
    list_display = ("unit", "kind", "year", "last")
    list_filter = ("kind", "year")


@admin.register(Notice)
class NoticeAdmin(_ReadOnly):
    list_display = ("number", "kind", "unit", "issued_on", "state", "page")
    list_filter = ("kind", "state")
    search_fields = ("number",)
    exclude = ("words", "snapshot", "verify_code")
    show_full_result_count = False

    @admin.display(description=_("页面"))
    def page(self, notice: Notice) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("notices:detail", args=[notice.pk]), notice.number
        )
