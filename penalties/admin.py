"""Cases in the back room: to look at, not to change; and the tables that administrators keep: those
of discretion (裁量基准, 行政处罚法 34), and who is qualified for legal review (58(2))."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rooms import ReadOnlyAdmin, RoomAdmin, RoomInline
from legal import citations
from penalties import offered, ranges
from penalties.forms.fields import Lines
from penalties.models import Case, DiscretionGrade, DiscretionTable, Reviewer


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


# --- Discretion ----------------------------------------------------------------------------------


class Conditions(Lines):
    """One condition a line."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial or [])) != "\n".join(str(data or "").split("\r\n"))


class GradeForm(forms.ModelForm):
    """A rung lies within what its clause allows; only a reduced one may begin below it."""

    conditions = Conditions(label=_("适用条件"), required=False, rows=2, longest=200)

    class Meta:
        model = DiscretionGrade
        fields = ("tier", "whom", "rung", "conditions", "low", "high")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        tier, whom = data.get("tier"), data.get("whom")
        low, high = data.get("low"), data.get("high")
        if tier is None or not whom or low is None or high is None:
            return data
        who = ranges.OFFENDER if whom == DiscretionGrade.Whom.UNIT else ranges.IN_CHARGE
        books = citations.register()
        fine = ranges.fine(tier, who, ranges.rungs(books, tier))
        if fine is None:
            self.add_error("tier", _now("这一档没有对这类当事人的罚款。"))
            return data
        sums = [(span.low, span.high) for span in fine.spans if span.by == ranges.AMOUNT]
        if not sums:
            return data
        least, most = sums[0]
        words = {"low": f"{least:,f}", "high": f"{most:,f}"}
        said = _now("超出法定幅度（%(low)s 元至 %(high)s 元）。") % words
        if high > most:
            self.add_error("high", said)
        if data.get("rung") != DiscretionGrade.Rung.REDUCED and low < least:
            self.add_error("low", said)
        return data


class GradeFormSet(forms.BaseInlineFormSet):
    """The rungs that threaten a fine are read once for all rows."""

    @cached_property
    def tiers(self) -> list[tuple[Any, str]]:
        books = citations.register()
        found: list[tuple[Any, str]] = [("", "---------")]
        for clause in books.by_id.values():
            for tier in books.tiers(clause):
                if tier.unit_fine or tier.person_fine:
                    found.append((tier.pk, offered.Offer(offered.OTHER, clause, tier).label))
        return found

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "tier" in form.fields:
            form.fields["tier"].choices = self.tiers


class GradeInline(RoomInline):
    verb = "admin.system"
    model = DiscretionGrade
    form = GradeForm
    formset = GradeFormSet
    fields = ("tier", "whom", "rung", "conditions", "low", "high")

    def get_queryset(self, request: Any) -> QuerySet[DiscretionGrade]:
        rows: QuerySet[DiscretionGrade] = super().get_queryset(request)
        return rows.select_related("tier__article__version__law")


class InForce(admin.SimpleListFilter):
    title = _("效力")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("现行")), ("coming", _("尚未生效")), ("past", _("已失效"))]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        past = Q(effective_to__lt=today)
        wanted = {
            "now": Q(effective_from__lte=today) & ~past,
            "coming": Q(effective_from__gt=today),
            "past": past,
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


@admin.register(DiscretionTable)
class DiscretionTableAdmin(RoomAdmin):
    """A table that has been in force is ended by a day, not deleted: proposals name it."""

    verb = "admin.system"
    list_display = ("title", "unit", "effective_from", "effective_to", "rungs", "is_example")
    list_filter = (InForce, "is_example")
    list_select_related = ("unit",)
    search_fields = ("title", "document_number")
    fields = (
        "unit", "title", "document_number", "effective_from", "effective_to", "is_example", "note",
    )  # fmt: skip
    inlines = (GradeInline,)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        begun = obj is not None and obj.effective_from <= timezone.localdate()
        return super().has_delete_permission(request, obj) and not begun

    def get_queryset(self, request: Any) -> QuerySet[DiscretionTable]:
        rows: QuerySet[DiscretionTable] = super().get_queryset(request)
        return rows.annotate(rung_count=Count("grades"))

    @admin.display(description=_("裁量等级"))
    def rungs(self, obj: Any) -> int:
        return int(obj.rung_count)


# --- Legal review --------------------------------------------------------------------------------


@admin.register(Reviewer)
class ReviewerAdmin(RoomAdmin):
    """Who may do legal review. Whoever is named in a review stays; the role ends it."""

    verb = "admin.system"
    list_display = ("user", "unit", "qualification_number", "reviewing_since")
    list_select_related = ("user__unit",)
    search_fields = ("user__name", "user__username")
    fields = ("user", "qualification_number", "reviewing_since")

    def get_queryset(self, request: Any) -> QuerySet[Reviewer]:
        rows: QuerySet[Reviewer] = super().get_queryset(request)
        return rows.filter(user__in=User.objects.visible_to(request.user))

    @admin.display(description=_("单位"), ordering="user__unit__path")
    def unit(self, obj: Reviewer) -> str:
        return str(obj.user.unit or "")
