"""The working calendars in the admin: edited day by day, or taken in from a published file.

An edit makes the next edition of the year and changes no deadline that was counted before.
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
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import hooks
from accounts.rooms import RoomAdmin, RoomInline
from legal import calendars
from legal.models import CalendarDay, CalendarYear
from legal.published import OFFICIAL, YEARS


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
    """A notice in one of the published shapes, as a file or pasted."""

    file = forms.FileField(
        label=gettext_lazy("日历文件"),
        required=False,
        help_text=gettext_lazy(
            "holiday-cn 的 JSON、.ics，或者列名为“日期,名称,类型”的 CSV（UTF-8 或 GBK）。"
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("或者粘贴内容"),
        required=False,
        widget=forms.Textarea,
        max_length=200_000,
    )
    year = forms.IntegerField(
        label=gettext_lazy("年份"),
        required=False,
        min_value=YEARS.start,
        max_value=YEARS.stop - 1,
        help_text=gettext_lazy("文件里有多个年份时填写。"),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("状态"),
        required=False,
        choices=[
            ("", gettext_lazy("写明来源的为正式，否则为暂定")),
            *CalendarYear.Status.choices,
        ],
    )
    source = forms.CharField(
        label=gettext_lazy("来源"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("国务院办公厅通知的文号或网址；文件里已有的不用填。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        try:
            data["published"] = calendars.read(
                upload.read() if upload is not None else data.get("text", ""),
                upload.name if upload is not None else "",
                year=data.get("year"),
                status=data.get("status", ""),
                source=data.get("source", ""),
            )
        except calendars.BadCalendar as bad:
            raise forms.ValidationError(str(bad)) from bad
        return data


@admin.register(CalendarYear)
class CalendarYearAdmin(RoomAdmin):
    """Edited by the system administrator, read by the auditor, deleted by nobody."""

    verb = "admin.system"
    list_display = ("year", "status", "edition", "source")
    list_filter = ("status",)
    fields = ("year", "status", "source", "edition", "checksum")
    inlines = (DayInline,)
    change_list_template = "legal/admin_calendar_list.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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
        year = form.instance.year
        if calendars.seal(year):
            self.message_user(
                request,
                _("日历已成为新的版次。已经确定的期限不变。"),
                messages.SUCCESS,
            )
            self._tell_effects(request, [year])

    def _tell_effects(self, request: HttpRequest, years: list[int]) -> None:
        """How many dates that stand would come out differently today; they stay as they are."""
        for effect in calendars.effects(years):
            if not effect.number:
                continue
            sentence = ngettext(
                "有 %(count)d 个未结束的期限按现在的日历会得出另一天，它们没有改动。",
                "有 %(count)d 个未结束的期限按现在的日历会得出另一天，它们没有改动。",
                effect.number,
            ) % {"count": effect.number}
            self.message_user(
                request,
                format_html('{} <a href="{}">{}</a>', sentence, effect.url, _("看是哪些")),
                messages.WARNING,
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
        """Take in a notice from a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CalendarFile(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            published = form.cleaned_data["published"]
            was_provisional = calendars.is_provisional(published.year)
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
                    data={
                        "years": changed,
                        "source": published.source,
                        "status": published.status,
                    },
                )
                text = _("%(year)s年日历没有变化。")
                if changed and was_provisional and published.status == OFFICIAL:
                    text = _("%(year)s年正式日历已导入，取代了暂定日历。")
                elif changed and published.status == OFFICIAL:
                    text = _("%(year)s年日历已导入。")
                elif changed:
                    text = _("%(year)s年暂定日历已导入；按它算出的期限会标明“暂定”。")
                self.message_user(request, text % {"year": published.year}, messages.SUCCESS)
                self._tell_effects(request, changed)
                return redirect(reverse("admin:legal_calendaryear_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": _("导入工作日历"),
            "opts": self.model._meta,
        }
        return render(request, "legal/admin_calendar_import.html", context)
