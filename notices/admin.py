"""How a unit writes its numbers is edited here; papers and their service are only shown."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.rooms import ReadOnlyAdmin, RoomAdmin
from notices.models import Notice, NumberPattern, Series


@admin.register(NumberPattern)
class NumberPatternAdmin(RoomAdmin):
    verb = "admin.system"
    list_display = ("unit", "kind", "pattern")
    list_filter = ("kind",)


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin):
    verb = "admin.system"
    list_display = ("unit", "kind", "year", "last")
    list_filter = ("kind", "year")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("number", "kind", "unit", "issued_on", "state", "page")
    list_filter = ("kind", "state")
    search_fields = ("number",)
    exclude = ("words", "snapshot", "verify_code")

    @admin.display(description=_("页面"))
    def page(self, notice: Notice) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("notices:detail", args=[notice.pk]), notice.number
        )
