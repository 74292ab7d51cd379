"""How a unit writes its numbers and words its standing paragraphs; papers are only shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import Unit
from accounts.rooms import ReadOnlyAdmin, RoomAdmin
from notices import blocks, certificates_admin
from notices.block_form import TextBlockForm, is_for_all
from notices.models import Notice, NumberPattern, Series, TextBlock

# The signing certificates register themselves there.
__all__ = ["certificates_admin"]


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


# --- Standing paragraphs ---------------------------------------------------------------------


def _is_fixed(row: TextBlock | None) -> bool:
    return row is not None and row.pk is not None and row.effective_from <= timezone.localdate()


def _later() -> QuerySet[TextBlock]:
    """Rows in effect that took the place of the outer row: same paragraph, same unit."""
    return TextBlock.objects.annotate(whose=Coalesce("unit", Value(0))).filter(
        whose=Coalesce(OuterRef("unit"), Value(0)),
        code=OuterRef("code"),
        effective_from__gt=OuterRef("effective_from"),
        effective_from__lte=timezone.localdate(),
    )


class StandingFilter(admin.SimpleListFilter):
    title = _("效力")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("现行")), ("coming", _("尚未生效")), ("past", _("已被取代"))]

    def queryset(self, request: Any, queryset: QuerySet[TextBlock]) -> QuerySet[TextBlock]:
        begun = Q(effective_from__lte=timezone.localdate())
        wanted = {
            "now": begun & Q(followed=False),
            "coming": ~begun,
            "past": begun & Q(followed=True),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(TextBlock)
class TextBlockAdmin(RoomAdmin):
    """A wording in effect stays as it is; another one is a new row with a later day."""

    verb = "admin.system"
    form = TextBlockForm
    list_display = ("paragraph", "whose", "effective_from", "standing", "begins")
    list_display_links = ("paragraph",)
    list_filter = (StandingFilter,)
    list_select_related = ("unit",)
    list_per_page = 50
    readonly_fields = ("paragraph", "standing", "printed")
    change_form_template = "admin/notices/textblock/change_form.html"

    class Media:
        js = ("js/wording.js",)

    # --- Who ---------------------------------------------------------------------------------

    def _may_change(self, request: Any, obj: TextBlock | None) -> bool:
        own = obj is None or obj.unit_id is not None or is_for_all(request.user)
        return own and not _is_fixed(obj)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_change(request, obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_change(request, obj)

    # --- What --------------------------------------------------------------------------------

    def get_queryset(self, request: Any) -> QuerySet[TextBlock]:
        """Each with `followed`: whether a later one of the same unit is in effect."""
        rows: QuerySet[TextBlock] = super().get_queryset(request)
        return rows.annotate(followed=Exists(_later()))

    def get_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        if obj is not None and not self.has_change_permission(request, obj):
            return (
                "standing", "paragraph", "unit", "effective_from", "text", "printed", "note",
            )  # fmt: skip
        return ("standing", *TextBlockForm.Meta.fields)

    @admin.display(description=_("段落"), ordering="code")
    def paragraph(self, obj: TextBlock) -> str:
        block = blocks.BLOCKS.get(obj.code)
        return str(block.word) if block else obj.code

    @admin.display(description=_("单位"), ordering="unit__path")
    def whose(self, obj: TextBlock) -> str:
        return str(obj.unit or _now("所有单位"))

    @admin.display(description=_("文字"))
    def begins(self, obj: TextBlock) -> str:
        return Truncator(obj.text).chars(40)

    @admin.display(description=_("效力"))
    def standing(self, obj: TextBlock) -> str:
        if obj.pk is None:
            return _now("以今天的文字为底稿。保存后自生效日期起使用，已经签发的不受影响。")
        if not _is_fixed(obj):
            return _now("尚未生效，可以修改或者删除。")
        if getattr(obj, "followed", False):
            return _now("已由后来的文字取代，留作依据。")
        return _now("现行。不能修改：文书已经或者可能照它印制。要改的，新增一条，最早明天生效。")

    @admin.display(description=_("印成"))
    def printed(self, obj: TextBlock) -> SafeString:
        """For its own unit; a wording for all, as the topmost unit prints it."""
        unit = obj.unit or Unit.objects.filter(parent=None).order_by("path").first()
        if unit is None:
            return format_html("")
        given = blocks.values(unit, blocks.names_in(obj.text))
        return format_html('<p class="zg-printed">{}</p>', blocks.fill(obj.text, given))

    # --- Entering ----------------------------------------------------------------------------

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        """The wording of today, for the administrator's own unit, from tomorrow on."""
        code = request.GET.get("code", "")
        code = code if code in blocks.BLOCKS else next(iter(blocks.BLOCKS))
        unit = request.user.unit
        return {
            "code": code,
            "unit": None if unit is None or is_for_all(request.user) else unit.pk,
            "effective_from": timezone.localdate() + timedelta(days=1),
            "text": _wording_now(unit, code) if unit else blocks.BLOCKS[code].default,
        }

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        shown = kwargs.get("obj")
        if shown is None or self.has_change_permission(request, shown):
            form = context["adminform"].form
            context["trial"] = self._trial(
                request,
                str(form["code"].value() or ""),
                str(form["text"].value() or ""),
                str(form["unit"].value() or ""),
            )
        else:
            context["trial"] = None
        return super().render_change_form(request, context, *args, **kwargs)

    # --- The live preview --------------------------------------------------------------------

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.preview)
        return [path("preview/", page, name="notices_textblock_preview"), *super().get_urls()]

    @method_decorator(require_POST)
    def preview(self, request: HttpRequest) -> HttpResponse:
        """The paragraph as it would be printed: a fragment for the script, else a page."""
        if not self.may_edit(request):
            raise PermissionDenied
        given = request.POST
        trial = self._trial(
            request,
            given.get("code", ""),
            given.get("text", ""),
            given.get("unit") or given.get("trial_unit", ""),
        )
        part = "_preview" if request.headers.get("X-Part") else "preview"
        context = {**self.admin_site.each_context(request), "title": _now("试看"), "trial": trial}
        return TemplateResponse(request, f"admin/notices/textblock/{part}.html", context)

    def _trial(self, request: Any, code: str, wording: str, asked: str) -> dict[str, Any]:
        units = list(Unit.objects.visible_to(request.user).order_by("path"))
        unit = next((each for each in units if str(each.pk) == asked), request.user.unit)
        wording = wording.strip()
        short = len(wording) <= blocks.LONGEST
        names = blocks.names_in(wording) if short else ()
        given = blocks.values(unit, names) if unit else {}
        needed = blocks.BLOCKS[code].needed if code in blocks.BLOCKS else ()
        return {
            "units": units,
            "unit": unit,
            "pieces": blocks.pieces(wording, given) if short else [],
            "faults": blocks.validate(code, wording),
            "placeholders": [
                {
                    "name": f"{{{name}}}",
                    "word": place.word,
                    "value": given.get(name, ""),
                    "used": name in names,
                    "needed": name in needed,
                    "by_law": place.source == blocks.OF_THE_LAW,
                }
                for name, place in blocks.PLACEHOLDERS.items()
            ],
            "now": _wording_now(unit, code) if unit and code in blocks.BLOCKS else "",
        }


def _wording_now(unit: Unit, code: str) -> str:
    row = blocks.choose(unit, [code], timezone.localdate())[code]
    return row.text if row else blocks.BLOCKS[code].default
