"""Doors of the respondents, and their tab."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from penalties import acts, cases, standing, tabs
from penalties.acts import Act
from penalties.casefile import File
from penalties.forms import parties as forms
from penalties.forms.acts import NeededReason
from penalties.models import CaseState, Respondent
from penalties.views.door import door
from rectification.reasons import day_words
from vault import masks


def _runs(file: File, row: Any) -> bool:
    return file.case.state in (CaseState.OPENED, CaseState.FILED)


def _is_open(file: File, row: Any) -> bool:
    return file.case.state not in (CaseState.CLOSED, CaseState.DECLINED)


add_person = door(
    Act("add_person", "cases.file", _("增加个人"), "parties", cases.can_add_party, when=_runs),
    forms.PersonForm,
    do=lambda case, row, form, who: cases.add_person(case, **form.given(), **who),
    say=lambda case, result: _now("已增加当事人。"),
    basis=("CSL@2025:61(1)",),
)

add_unit = door(
    Act("add_unit", "cases.file", _("增加单位"), "parties", cases.can_add_party, when=_runs),
    forms.UnitForm,
    do=lambda case, row, form, who: cases.add_unit(case, **form.given(), **who),
    say=lambda case, result: _now("已增加当事人。"),
)

amend_party = door(
    Act(
        "amend_party",
        "cases.file",
        _("修改"),
        "parties",
        cases.can_amend_party,
        on="respondent",
        when=_runs,
    ),
    forms.AmendForm,
    model=Respondent,
    do=lambda case, row, form, who: cases.amend_party(row, **form.given(), **who),
    say=lambda case, result: _now("当事人的情况已保存。"),
)

record_status = door(
    Act(
        "record_status",
        "cases.file",
        _("登记变动"),
        "parties",
        cases.can_record_status,
        on="respondent",
        when=_is_open,
    ),
    forms.StatusForm,
    model=Respondent,
    do=lambda case, row, form, who: cases.record_status(row, **form.given(), **who),
    say=lambda case, result: (
        standing.consequence(File(case), result)
        if result.status != Respondent.Status.STANDING
        else _now("已登记。")
    ),
    basis=("MPSP@2020:259",),
)

remove_party = door(
    Act(
        "remove_party",
        "cases.file",
        _("移除"),
        "parties",
        cases.can_remove_party,
        on="respondent",
        when=_runs,
        danger=True,
    ),
    NeededReason,
    model=Respondent,
    do=lambda case, row, form, who: cases.remove_party(row, **form.given(), **who),
    say=lambda case, result: _now("当事人已移除。"),
)


@tabs.tab("parties", _("当事人"), order=20, template="penalties/tab_parties.html")
def parties(file: File, request: HttpRequest, today: date) -> dict[str, Any]:
    """Each respondent with its particulars, what identifies a person masked."""
    return {
        "parties": [
            {
                "row": row,
                "pairs": _person(row) if row.is_person else _unit(row),
                "sealed": _sealed(row),
                "told": _status(file, row),
                "acts": acts.offered(file, request.user, today, tab="parties", row=row),
            }
            for row in file.respondents
        ]
    }


def _unit(row: Respondent) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"label": _now("统一社会信用代码"), "value": row.credit_code, "number": True},
        {"label": _now("法定代表人"), "value": row.representative},
        {"label": _now("地址"), "value": row.address, "full": True},
    ]
    return found + _facts(row)


def _person(row: Respondent) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"label": _now("责任身份"), "value": row.get_role_display()},
        {"label": _now("性别"), "value": row.sex},
        {"label": _now("工作单位和职务"), "value": row.workplace},
        {"label": _now("证件种类"), "value": row.identity_kind},
        {"label": _now("现住址"), "value": masks.address(row.address)},
    ]
    return found + _facts(row)


def _facts(row: Respondent) -> list[dict[str, Any]]:
    if not row.facts:
        return []
    return [{"label": _now("违法事实"), "value": row.facts, "full": True}]


def _sealed(row: Respondent) -> list[dict[str, str]]:
    """audit/reveal_form.html for each sealed fact."""
    if not row.is_person:
        return []
    return [
        {"field": "identity", "word": _now("证件号码"), "masked": masks.identity(row.identity)},
        {"field": "born_on", "word": _now("出生日期"), "masked": forms.hidden(row.born_on)},
        {"field": "residence", "word": _now("户籍所在地"), "masked": masks.address(row.residence)},
        {"field": "phone", "word": _now("电话"), "masked": masks.phone(row.phone)},
    ]


def _status(file: File, row: Respondent) -> dict[str, str]:
    """What became of the party, and what follows."""
    if row.status == Respondent.Status.STANDING:
        return {}
    assert row.status_on is not None
    return {
        "word": str(row.get_status_display()),
        "day": day_words(row.status_on),
        "note": row.status_note,
        "then": standing.consequence(file, row),
    }
