"""Doors of the register: list, file, entering, correcting, systems, export."""

from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts import access
from accounts.access import Request
from audit import trail
from audit.trail import Refused
from enterprises import industries, paging, register, registry
from enterprises.forms import EnterpriseConditions, EnterpriseForm, SystemForm
from enterprises.models import Enterprise, EnterpriseQuerySet, MlpsLevel, System
from enterprises.register import Changed
from enterprises.wording import blame
from vault import masks, sheets

EXPORT_AT_MOST = 50_000
AnyForm = TypeVar("AnyForm", bound=Form)
TIMELINE_AT_MOST = 200
FIGURES = 5


def _rows(conditions: EnterpriseConditions, request: Request) -> EnterpriseQuerySet:
    """What the list and its export show, before the order."""
    visible = Enterprise.objects.visible_to(request.user).select_related("region", "unit")
    return conditions.narrow(visible)


def _conditions(request: Request) -> EnterpriseConditions:
    return EnterpriseConditions(request.GET, user=request.user, today=timezone.localdate())


@require_safe
@access.verb("enterprises.view")
def list_(request: Request) -> HttpResponse:
    """Enterprises of the user's units, under conditions."""
    conditions = _conditions(request)
    page = paging.page(_rows(conditions, request), order=conditions.order(), params=request.GET)
    systems = {
        row["enterprise"]: row
        for row in System.objects.filter(enterprise__in=[e.pk for e in page], in_use=True)
        .values("enterprise")
        .annotate(count=Count("pk"), level=Max("mlps_level"))
        .order_by()
    }
    for enterprise in page:
        found = systems.get(enterprise.pk, {"count": 0, "level": 0})
        enterprise.system_count = found["count"]
        enterprise.mlps_word = MlpsLevel(found["level"]).label if found["level"] else ""
    return render(
        request,
        "enterprises/list.html",
        {
            "page": page,
            "conditions": conditions,
            "chips": conditions.chips(request.GET),
            "query": request.GET.urlencode(),
            "may_edit": request.user.may("enterprises.edit"),
        },
    )


@require_safe
@access.verb("enterprises.view")
def export(request: Request) -> HttpResponse:
    """The list under the same conditions as a CSV file; no personal data in it."""
    conditions = _conditions(request)
    rows = _rows(conditions, request).order_by(*conditions.order())[:EXPORT_AT_MOST]
    header = [
        _("名称"),
        _("统一社会信用代码"),
        _("属地代码"),
        _("属地"),
        _("行业代码"),
        _("行业"),
        _("管理单位"),
        _("登记时间"),
    ]
    return sheets.download(
        f"{_('企业')}-{timezone.localdate():%Y%m%d}.csv",
        header,
        (
            [
                row.name,
                row.uscc,
                row.region_id,
                row.region.name,
                row.industry_code,
                row.industry_name,
                row.unit.name,
                f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M}",
            ]
            for row in rows.iterator(chunk_size=2000)
        ),
    )


@require_safe
@access.verb("enterprises.view")
def detail(request: Request, pk: UUID) -> HttpResponse:
    """The enterprise file: facts, figures, systems, everything that ever happened."""
    enterprise = _visible(request, pk)
    systems = list(enterprise.systems.all())
    return render(
        request,
        "enterprises/detail.html",
        {
            "enterprise": enterprise,
            "systems": systems,
            "masked": {
                "identity": masks.identity(enterprise.legal_representative_identity),
                "security_lead": masks.phone(enterprise.security_lead_phone),
                "contact": masks.phone(enterprise.contact_phone),
                "contact_email": masks.email(enterprise.contact_email),
            },
            "figures": _figures(enterprise, systems, request),
            "years": _by_year(_timeline(enterprise, request)),
            "may_edit": request.user.may("enterprises.edit"),
            "may_inspect": request.user.may("inspections.record"),
        },
    )


def _figures(
    enterprise: Enterprise, systems: list[System], request: Request
) -> list[registry.Figure]:
    """The figures that the apps above tell; what is known here fills the row of five."""
    used = [system for system in systems if system.in_use]
    level = max((system.mlps_level for system in used), default=0)
    records = sum(system.pii_volume or 0 for system in used)
    own = [
        registry.Figure(
            name=_("系统"),
            value=str(len(used)),
            text=_("最高等保%(level)s") % {"level": MlpsLevel(level).label}
            if level
            else _("等保未定级"),
            url="#systems" if used else "",
        ),
        registry.Figure(
            name=_("个人信息"),
            value=f"{records:,}",
            unit=pgettext("个人信息", "条"),
            text=_("在用系统合计"),
        ),
        registry.Figure(
            name=pgettext("表头", "登记"),
            value=_("%(year)s年") % {"year": timezone.localtime(enterprise.created_at).year},
            text=enterprise.unit.short_name,
        ),
    ]
    told = registry.figures(enterprise, request.user)[:FIGURES]
    return told + own[: FIGURES - len(told)]


def _timeline(enterprise: Enterprise, request: Request) -> list[registry.Entry]:
    """What the apps above tell, and what was done to the file itself; newest first."""
    own = [
        registry.Entry(
            at=event.happened_at,
            title=trail.word(event.verb),
            text=" · ".join(
                part
                for part in (event.actor_name, str(event.data.get("name", "")), event.reason)
                if part
            ),
        )
        for event in trail.timeline(enterprise)[:TIMELINE_AT_MOST]
    ]
    told = registry.timeline(enterprise, request.user)
    return sorted(own + told, key=lambda entry: entry.at, reverse=True)


def _by_year(entries: list[registry.Entry]) -> list[dict[str, Any]]:
    years: list[dict[str, Any]] = []
    for entry in entries:
        year = timezone.localtime(entry.at).year
        if not years or years[-1]["year"] != year:
            years.append({"year": year, "entries": []})
        years[-1]["entries"].append(entry)
    return years


@access.verb("enterprises.edit")
def new(request: Request) -> HttpResponse:
    """Enter an enterprise; one with the same code is refused, one with a like name is shown."""
    form = EnterpriseForm(request.POST or None, user=request.user)
    similar: list[Enterprise] = []
    reasons: list[trail.Reason] = []
    if request.method == "POST" and form.is_valid():
        similar = register.similar(form.cleaned_data["name"], request.user)
        token = form.cleaned_data["form_token"]
        again = Enterprise.objects.visible_to(request.user).filter(form_token=token).first()
        if again is not None:
            return redirect(again)
        if similar and not form.cleaned_data["not_the_same"]:
            form.add_error(
                "not_the_same",
                _("已登记有名称相近的企业，核对下面的名单后勾选，或者打开已有的档案"),
            )
        else:
            try:
                enterprise = register.register(
                    by=request.user,
                    at=timezone.now(),
                    unit=form.cleaned_data["unit"],
                    form_token=token,
                    **form.facts(),
                )
            except Refused as refused:
                reasons = refused.reasons
                blame(form, refused)
            else:
                messages.success(request, _("已登记：%(name)s") % {"name": enterprise.name})
                return redirect(enterprise)
    return _form_page(
        request, form, similar=similar, links=[reason for reason in reasons if reason.url]
    )


@access.verb("enterprises.edit")
def edit(request: Request, pk: UUID) -> HttpResponse:
    """Correct an enterprise; who saves second keeps the words and is shown what changed."""
    enterprise = _visible(request, pk)
    form = EnterpriseForm(
        request.POST or None,
        user=request.user,
        enterprise=enterprise,
        initial={"version": enterprise.version},
    )
    context: dict[str, Any] = {"enterprise": enterprise}
    if request.method == "POST" and form.is_valid():
        try:
            register.amend(
                enterprise,
                by=request.user,
                at=timezone.now(),
                version=form.cleaned_data["version"] or 0,
                **form.facts(),
            )
        except Changed as changed:
            context["conflict"] = changed
            context["differences"] = differences(form, changed.current, EnterpriseForm.SEALED)
            form = renewed(form, changed.current.version)
        except Refused as refused:
            context["links"] = [reason for reason in refused.reasons if reason.url]
            blame(form, refused)
        else:
            messages.success(request, _("已保存"))
            return redirect(enterprise)
    return _form_page(request, form, **context)


def _form_page(request: Request, form: EnterpriseForm, **context: Any) -> HttpResponse:
    status = 409 if context.get("conflict") else 200
    found = {
        "enterprise": None,
        "similar": [],
        "links": [],
        "conflict": None,
        "differences": [],
        "form": form,
        "industries": industries.CLASSES | industries.SECTIONS,
        **context,
    }
    return render(request, "enterprises/form.html", found, status=status)


@access.verb("enterprises.edit")
def system_new(request: Request, pk: UUID) -> HttpResponse:
    """Enter an information system of the enterprise."""
    enterprise = _visible(request, pk)
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            system = register.add_system(
                enterprise,
                by=request.user,
                at=timezone.now(),
                form_token=form.cleaned_data["form_token"],
                **form.facts(),
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已登记系统：%(name)s") % {"name": system.name})
            return redirect(f"{enterprise.get_absolute_url()}#systems")
    return render(
        request,
        "enterprises/system_form.html",
        {
            "enterprise": enterprise,
            "system": None,
            "form": form,
            "conflict": None,
            "differences": [],
        },
    )


@access.verb("enterprises.edit")
def system_edit(request: Request, pk: UUID) -> HttpResponse:
    """Correct an information system."""
    system = get_object_or_404(
        System.objects.visible_to(request.user).select_related("enterprise"), pk=pk
    )
    form = SystemForm(request.POST or None, system=system)
    context: dict[str, Any] = {"conflict": None, "differences": []}
    if request.method == "POST" and form.is_valid():
        try:
            register.amend_system(
                system,
                by=request.user,
                at=timezone.now(),
                version=form.cleaned_data["version"] or 0,
                **form.facts(),
            )
        except Changed as changed:
            context = {"conflict": changed, "differences": differences(form, changed.current)}
            form = renewed(form, changed.current.version)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("已保存"))
            return redirect(f"{system.enterprise.get_absolute_url()}#systems")
    return render(
        request,
        "enterprises/system_form.html",
        {"enterprise": system.enterprise, "system": system, "form": form, **context},
        status=409 if context["conflict"] else 200,
    )


# --- Help ----------------------------------------------------------------------------------------


def _visible(request: Request, pk: UUID) -> Enterprise:
    return get_object_or_404(
        Enterprise.objects.visible_to(request.user).select_related("region", "unit", "created_by"),
        pk=pk,
    )


def differences(form: Form, current: Any, sealed: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Where the words typed and the row as it is now differ: {"label", "typed", "now"}.

    Fields in `sealed` are personal and left out.
    """
    found = []
    for name, field in form.fields.items():
        if field.widget.is_hidden or name in sealed or not hasattr(current, name):
            continue
        typed, now = form.cleaned_data.get(name), getattr(current, name)
        if hasattr(now, "all"):
            continue
        if (typed or "") != (now or ""):
            found.append({"label": field.label, "typed": typed, "now": now})
    return found


def renewed(form: AnyForm, version: int) -> AnyForm:
    """The same words typed, against the version that the row has now."""
    assert isinstance(form.data, QueryDict)
    data = form.data.copy()
    data["version"] = str(version)
    form.data = data
    return form


def picker(request: Request, *, url_name: str, limit: int = 20) -> dict[str, Any]:
    """Context for choosing an enterprise by search (enterprises/_picker.html); links go to
    `url_name` with ?enterprise=<id>."""
    q = request.GET.get("q", "").replace("\x00", "").strip()
    visible = Enterprise.objects.visible_to(request.user).select_related("region")
    found = list(visible.search(q).order_by("name", "id")[: limit + 1]) if q else []
    return {
        "q": q,
        "found": found[:limit],
        "more": len(found) > limit,
        "pick_url": reverse(url_name),
        "recent": [] if q else list(visible.order_by("-created_at")[:8]),
    }
