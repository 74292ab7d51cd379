"""Cases in the back room: to look at, not to change. Changes go through their verbs."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.rooms import ReadOnlyAdmin
from penalties.models import Case


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "enterprise", "unit", "state", "filed_on", "page"]
    list_filter = ["state", "origin"]
    search_fields = ["document_number", "enterprise__name"]
    list_select_related = ["enterprise", "unit"]
    exclude = ["form_token", "decision_derivation", "version"]

    @admin.display(description=_("页面"))
    def page(self, obj: Case) -> str:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("打开"))
