"""Orders in the back room: to look at, not to change. Changes go through their verbs."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.rooms import ReadOnlyAdmin
from rectification.models import Order


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "enterprise", "unit", "state", "due_on", "verdict", "page"]
    list_filter = ["state", "verdict"]
    search_fields = ["notice__number", "enterprise__name"]
    list_select_related = ["enterprise", "unit", "notice"]
    exclude = ["form_token", "verdict_basis", "version"]

    @admin.display(description=_("页面"))
    def page(self, obj: Order) -> str:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("打开"))
