"""The register in the admin, for the system administrator.

What is edited here is marked as kept by hand, so that `load_law` does not take it back. What was
cited is neither deleted nor moved: a citation must always find its article. The database refuses
it too; here the reason is said. Statute texts: `legal.statute_admin`; calendars:
`legal.calendar_admin`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from accounts.rooms import RoomAdmin, RoomInline
from legal import calendar_admin, cited, statute_admin
from legal.models import (
    Article,
    Law,
    LawVersion,
    PaperForm,
    PenaltyTier,
    Threshold,
    TimeLimit,
    ViolationBasis,
    ViolationType,
)

# The calendars and the statute texts register themselves there.
__all__ = ["calendar_admin", "statute_admin"]


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


class _Kept(_Register):
    """Deleted only while nothing rests on it; asked to, the page says what does."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_edit(request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.may_edit(request):
            return super().delete_view(request, object_id, extra_context)
        reasons = cited.why_not_deleted(row)
        if not reasons:
            return super().delete_view(request, object_id, extra_context)
        for reason in reasons:
            self.message_user(request, reason, messages.ERROR)
        return redirect(
            reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        )


class _UndeletedInline(RoomInline):
    verb = "admin.system"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionForm(forms.ModelForm):
    """A text of a law: not moved once it was cited, and never beside another of the same law."""

    class Meta:
        model = LawVersion
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        moved = {"version", "ref", "effective_from"} & set(self.changed_data)
        if self.instance.pk and moved:
            for reason in cited.why_kept(self.instance):
                for name in sorted(moved & set(self.fields)):
                    self.add_error(name, reason)
        self._refuse_overlap(data)
        return data

    def _refuse_overlap(self, data: dict[str, Any]) -> None:
        first = data.get("effective_from") or self.instance.effective_from
        last = data.get("effective_to")
        law = data.get("law") or self.instance.law_id
        if not first or not law:
            return
        beside = LawVersion.objects.filter(law=law).exclude(pk=self.instance.pk)
        beside = beside.filter(Q(effective_to__isnull=True) | Q(effective_to__gte=first))
        if last:
            beside = beside.filter(effective_from__lte=last)
        for other in beside.select_related("law")[:1]:
            words = {"other": str(other), "first": other.effective_from.isoformat()}
            self.add_error("effective_from", _("与%(other)s（%(first)s 起）在同一天有效。") % words)


class VersionInline(_UndeletedInline):
    model = LawVersion
    form = VersionForm
    show_change_link = True
    fields = ("version", "ref", "doc_no", "effective_from", "effective_to", "status")


@admin.register(Law)
class LawAdmin(_Kept):
    list_display = ("code", "name_zh", "level", "confidence", "by_hand")
    list_filter = ("level", "by_hand")
    search_fields = ("code", "name_zh", "name_en")
    inlines = (VersionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(LawVersion)
class LawVersionAdmin(_Kept):
    form = VersionForm
    change_list_template = "legal/admin_version_list.html"
    list_display = ("ref", "law", "effective_from", "effective_to", "status", "confidence")
    list_filter = ("status", "confidence", "by_hand")
    list_select_related = ("law",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("law", "version", "ref") if obj else ()

    def get_urls(self) -> list[URLPattern]:
        return [*statute_admin.urls(self), *super().get_urls()]


class TierInline(_UndeletedInline):
    model = PenaltyTier
    template = "admin/edit_inline/stacked.html"


@admin.register(Article)
class ArticleAdmin(_Kept):
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

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Article:  # each of hundreds of choices names its law
            kwargs["queryset"] = Article.objects.select_related("version__law")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()
