"""The back room of deadlines: the house's own rules are entered here, everything else is read.

A date changes by a verb of the record that it stands on. A policy in effect stays as it is; the
next one is a new row with a later day, prefilled with the one in effect today.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.rooms import ReadOnlyAdmin, RoomAdmin, RoomInline
from deadlines import policies, registry
from deadlines.forms_policy import RUNG_FACTS, TAKEN_OVER, PolicyForm, RungForm
from deadlines.models import Audience, Deadline, Letter, Policy, Rung


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    verb = "admin.system"
    list_display = ("kind", "due_on", "state", "unit", "page")
    list_filter = ("state", "kind")
    list_select_related = ("unit",)

    @admin.display(description=_("页面"))
    def page(self, obj: Deadline) -> SafeString:
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), obj)


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    verb = "admin.system"
    list_display = ("sent_at", "address", "subject", "unit", "message_id")
    list_select_related = ("unit",)
    search_fields = ("message_id",)
    raw_id_fields = ("reminder",)


# --- The house's own rules ------------------------------------------------------------------------


def _in_effect_for(request: HttpRequest) -> Policy:
    """What holds today in the administrator's own unit."""
    unit = request.user.unit
    return policies.of(unit, timezone.localdate()) if unit else policies.built_in()


def _is_fixed(policy: Policy | None) -> bool:
    return policy is not None and policy.effective_from <= timezone.localdate()


class RungInline(RoomInline):
    """The ladder. Fixed with its policy."""

    model = Rung
    form = RungForm
    verb = "admin.system"
    fields = RUNG_FACTS

    def get_extra(self, request: Any, obj: Any = None, **kwargs: Any) -> int:
        return len(policies.ladder(_in_effect_for(request))) if obj is None else 0

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not _is_fixed(obj)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_fixed(obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_fixed(obj)


@admin.register(Policy)
class PolicyAdmin(RoomAdmin):
    verb = "admin.system"
    form = PolicyForm
    inlines = [RungInline]
    list_display = ("whose", "effective_from", "standing", "reinspect", "extensions", "ladder")
    list_select_related = ("unit",)
    readonly_fields = ("standing",)
    fields = ("standing", *PolicyForm.Meta.fields)

    # --- Who ---------------------------------------------------------------------------------

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_fixed(obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not _is_fixed(obj)

    # --- What --------------------------------------------------------------------------------

    def get_queryset(self, request: Any) -> QuerySet[Policy]:
        """Each with `followed`: whether a later one of the same unit is in effect."""
        later = Policy.objects.annotate(whose=Coalesce("unit", Value(0))).filter(
            whose=Coalesce(OuterRef("unit"), Value(0)),
            effective_from__gt=OuterRef("effective_from"),
            effective_from__lte=timezone.localdate(),
        )
        rows: QuerySet[Policy] = super().get_queryset(request)
        return rows.annotate(followed=Exists(later)).prefetch_related("rungs")

    @admin.display(description=_("单位"), ordering="unit__path")
    def whose(self, obj: Policy) -> str:
        return str(obj.unit or _now("所有单位"))

    @admin.display(description=_("效力"))
    def standing(self, obj: Policy) -> str:
        if obj.pk is None:
            return _now("以今天施行的规定为底稿。保存后自施行日期起用，已经签发的不受影响。")
        if not _is_fixed(obj):
            return _now("尚未施行，可以修改或者删除。")
        if getattr(obj, "followed", False):
            return _now("已由后来的规定取代。")
        return _now("现行。不能修改：要改的，新增一条，施行日期最早为明天。")

    @admin.display(description=_("复查期限（工作日）"))
    def reinspect(self, obj: Policy) -> int:
        return obj.reinspect_within

    @admin.display(description=_("最多延期次数"))
    def extensions(self, obj: Policy) -> int:
        return obj.max_extensions

    @admin.display(description=_("提醒"))
    def ladder(self, obj: Policy) -> str:
        number = len(obj.rungs.all())
        return ngettext("%(n)d 档", "%(n)d 档", number) % {"n": number}

    # --- Entering ----------------------------------------------------------------------------

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        """The rules of today, for the administrator's own unit, from tomorrow on."""
        today = _in_effect_for(request)
        tomorrow = timezone.localdate() + timedelta(days=1)
        unit = request.user.unit
        return {
            "unit": unit.pk if unit is not None and unit.parent_id is not None else None,
            "effective_from": tomorrow,
            **{name: getattr(today, name) for name in TAKEN_OVER},
        }

    def get_formset_kwargs(self, request: Any, obj: Any, inline: Any, prefix: str) -> Any:
        """The ladder of today as the first draft. Only shown: what is posted is all new."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method == "GET" and obj._state.adding:
            kwargs["initial"] = [
                {name: getattr(rung, name) for name in RUNG_FACTS}
                for rung in policies.ladder(_in_effect_for(request))
            ]
        return kwargs

    def save_model(self, request: Any, obj: Policy, form: Any, change: bool) -> None:
        obj.entered_on = timezone.localdate()
        super().save_model(request, obj, form, change)

    # --- The record --------------------------------------------------------------------------

    def construct_change_message(
        self, request: Any, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """The ladder before and after, beside the other values."""
        message = super().construct_change_message(request, form, formsets, add)
        before = request.ladder_before if hasattr(request, "ladder_before") else ""
        after = _told(list(Rung.objects.filter(policy=form.instance)))
        if before != after:
            request.changes = {**request.changes, "rungs": [before, after]}
        return message

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        request.ladder_before = _told(list(Rung.objects.filter(policy=form.instance)))
        super().save_formset(request, form, formset, change)


def _told(rungs: list[Rung]) -> str:
    """The ladder in one line: 改正期限 -3 自然日（承办人、企业）；…"""
    words = dict(Audience.choices)
    told = []
    for rung in rungs:
        every = f"/{rung.repeat_every}" if rung.repeat_every else ""
        people = _now("、").join(str(words[each]) for each in rung.audience)
        kind = registry.kind_word(rung.kind) if rung.kind else "*"
        told.append(f"{kind} {rung.offset:+d}{every} {rung.get_measure_display()} {people}")
    return "; ".join(told)
