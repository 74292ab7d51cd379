"""Bulletins in the back room: to look at, not to change. Changes go through their verbs."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.rooms import ReadOnlyAdmin
from bulletins.models import Bulletin, Publication


@admin.register(Bulletin)
class BulletinAdmin(ReadOnlyAdmin):
    list_display = ["title", "unit", "state", "drafted_at", "page"]
    list_filter = ["state"]
    search_fields = ["title"]
    list_select_related = ["unit"]
    exclude = ["form_token", "version", "words"]

    @admin.display(description=_("页面"))
    def page(self, obj: Bulletin) -> str:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("打开"))


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "unit", "state", "decided_on", "published_on", "page"]
    list_filter = ["state"]
    search_fields = ["case__document_number", "case__enterprise__name"]
    list_select_related = ["unit", "case__enterprise"]
    exclude = ["version"]

    @admin.display(description=_("页面"))
    def page(self, obj: Publication) -> str:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("打开"))
