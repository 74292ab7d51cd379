"""The register in the admin, for the system administrator.

What is edited here is marked as kept by hand, so that `load_law` does not take it back. Nothing is
deleted here: a citation must always find its article. The calendars: `legal.calendar_admin`.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.rooms import RoomAdmin, RoomInline
from legal import calendar_admin
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

# The calendars register themselves there.
__all__ = ["calendar_admin"]


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

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Article:  # each of hundreds of choices names its law
            kwargs["queryset"] = Article.objects.select_related("version__law")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()
