"""The register in the admin, for the system administrator.

What is edited here is marked as kept by hand, so that `load_law` does not take it back. Nothing is
deleted here: a citation must always find its article. An edit of a calendar makes its next edition
and changes no deadline that was counted before.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import hooks
from accounts.rooms import RoomAdmin, RoomInline
from legal import calendars
from legal.models import (
    Article,
    CalendarDay,
    CalendarYear,
    Law,
    LawVersion,
    PaperForm,
    PenaltyTier,
    Threshold,
    TimeLimit,
    ViolationBasis,
    ViolationType,
)

# A notice with its days is a few kilobytes.
CALENDAR_FILE_AT_MOST = 200_000


class _Undeleted(RoomAdmin):
    """Edited by the system administrator, read by the auditor, deleted by nobody."""

    verb = "admin.system"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _Register(_Undeleted):
    """An entry of the register; saving it marks it as kept by hand."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.has_changed() and "by_hand" not in form.changed_data:
            obj.by_hand = True
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.has_changed() and not form.instance.by_hand:
            form.instance.by_hand = True
            form.instance.save(update_fields=["by_hand"])


class _UndeletedInline(RoomInline):
    verb = "admin.system"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(_UndeletedInline):
    model = LawVersion
    show_change_link = True
    fields = ("version", "ref", "doc_no", "effective_from", "effective_to", "status")


@admin.register(Law)
class LawAdmin(_Register):
    list_display = ("code", "name_zh", "level", "confidence", "by_hand")
    list_filter = ("level", "by_hand")
    search_fields = ("code", "name_zh", "name_en")
    inlines = (VersionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(LawVersion)
class LawVersionAdmin(_Register):
    list_display = ("ref", "law", "effective_from", "effective_to", "status", "confidence")
    list_filter = ("status", "confidence", "by_hand")
    list_select_related = ("law",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("law", "version", "ref") if obj else ()


class TierInline(_UndeletedInline):
    model = PenaltyTier
    template = "admin/edit_inline/stacked.html"


@admin.register(Article)
class ArticleAdmin(_Register):
    list_display = ("ref", "kind", "gist_zh", "confidence", "by_hand")
    list_filter = ("kind", "whole", "confidence", "by_hand", "version")
    search_fields = ("ref", "gist_zh", "gist_en")
    autocomplete_fields = ("sanctioned_by", "maps_to")
    list_select_related = ("version__law",)
    inlines = (TierInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # The place is the row's identity: papers that were issued point at it.
        return ("version", "ref", "number", "suffix", "para", "item", "whole") if obj else ()


class BasisInline(RoomInline):
    """Bases may be taken out again: nothing that was cited rests on them."""

    verb = "admin.system"
    model = ViolationBasis
    autocomplete_fields = ("article",)


@admin.register(ViolationType)
class ViolationTypeAdmin(_Register):
    list_display = ("code", "zh", "family", "is_active", "confidence", "by_hand")
    list_filter = ("family", "is_active", "by_hand")
    search_fields = ("code", "zh", "en")
    inlines = (BasisInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(TimeLimit, Threshold, PaperForm)
class NumbersAdmin(_Register):
    list_display = ("code", "name_zh", "confidence", "by_hand")
    list_filter = ("confidence", "by_hand")
    search_fields = ("code", "name_zh")
    filter_horizontal = ("bases",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


class DayFormSet(forms.BaseInlineFormSet):
    """All days of the year together: they must be a notice that could have been published."""

    def clean(self) -> None:
        super().clean()
        off: dict[date, str] = {}
        work: dict[date, str] = {}
        for each in self.forms:
            data = getattr(each, "cleaned_data", None)
            if not data or data.get("DELETE") or not data.get("date"):
                continue
            days = off if data.get("kind") == CalendarDay.Kind.OFF else work
            days[data["date"]] = data.get("name", "")
        published = calendars.Published(self.instance.year or 0, "", off, work)
        try:
            calendars.check(published)
        except calendars.BadCalendar as bad:
            raise forms.ValidationError(str(bad)) from bad


class DayInline(RoomInline):
    verb = "admin.system"
    model = CalendarDay
    formset = DayFormSet
    fields = ("date", "kind", "name")


class CalendarFile(forms.Form):
    """A notice in the published shape, as a file or pasted."""

    file = forms.FileField(label=gettext_lazy("JSON 文件"), required=False)
    text = forms.CharField(
        label=gettext_lazy("或者粘贴内容"),
        required=False,
        widget=forms.Textarea,
        max_length=200_000,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        if upload is not None and upload.size > CALENDAR_FILE_AT_MOST:
            raise forms.ValidationError(_("文件过大，日历文件只有几千字节。"))
        try:
            text = upload.read().decode("utf-8") if upload is not None else data.get("text", "")
            data["published"] = calendars.read(text)
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("文件不是 UTF-8 编码。")) from error
        except calendars.BadCalendar as bad:
            raise forms.ValidationError(str(bad)) from bad
        return data


@admin.register(CalendarYear)
class CalendarYearAdmin(_Undeleted):
    list_display = ("year", "status", "edition", "source")
    fields = ("year", "status", "source", "edition", "checksum")
    inlines = (DayInline,)
    change_list_template = "legal/admin_calendar_list.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("year", "edition", "checksum") if obj else ("edition", "checksum")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for day in formset.save(commit=False):
            day.notice_year = day.notice_year or form.instance.year
            day.save()
        for day in formset.deleted_objects:
            day.delete()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if calendars.seal(form.instance.year):
            self.message_user(
                request,
                _("日历已成为新的版次。已经确定的期限不变。"),
                messages.SUCCESS,
            )

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "import/",
                self.admin_site.admin_view(self.import_file),
                name="legal_calendaryear_import",
            ),
            *super().get_urls(),
        ]

    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Take in a notice in holiday-cn's shape."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CalendarFile(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            published = form.cleaned_data["published"]
            try:
                changed = calendars.store(published)
            except calendars.BadCalendar as bad:
                form.add_error(None, str(bad))
            else:
                hooks.tell(
                    "admin.changed",
                    CalendarYear.objects.get(year=published.year),
                    by=request.user,
                    at=timezone.now(),
                    data={"years": changed, "source": published.source},
                )
                text = _("%(year)s年日历已导入。") if changed else _("%(year)s年日历没有变化。")
                self.message_user(request, text % {"year": published.year}, messages.SUCCESS)
                return redirect(reverse("admin:legal_calendaryear_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": _("导入工作日历"),
            "opts": self.model._meta,
        }
        return render(request, "legal/admin_calendar_import.html", context)
