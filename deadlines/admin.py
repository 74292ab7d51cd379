"""Deadlines in the admin: read only. A date changes by a verb of the record that it stands on."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.rooms import ReadOnlyAdmin
from deadlines.models import Deadline


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    verb = "admin.system"
    list_display = ("kind", "due_on", "state", "unit", "page")
    list_filter = ("state", "kind")
    list_select_related = ("unit",)

    @admin.display(description=_("页面"))
    def page(self, obj: Deadline) -> SafeString:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), obj)
