"""Inspections in each situation, made through the verbs that officers use.

`InspectionFactory()` is a draft with two officers whose certificates are valid; `visit(by)` is the
same through the verb. `finding(inspection)` logs one with a duty and a penalty article;
`recorded(by)` is a signed inspection with findings, ready for an order. `mini_law()` is the
smallest register of law that they need; tests that load the real one may pass their own articles.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from inspections import fieldwork
from inspections.models import Finding, Inspection, InspectionOfficer
from legal.models import Article, Role, ViolationBasis, ViolationType
from tests.factories.accounts import UserFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.legal import (
    ArticleFactory,
    LawFactory,
    LawVersionFactory,
    ViolationTypeFactory,
)
from tests.factories.vault import png
from vault.uploads import Checked

BEGAN = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
ENDED = BEGAN + timedelta(hours=2)
SIGNED = ENDED + timedelta(minutes=20)


@dataclass(frozen=True)
class MiniLaw:
    """A law in two versions: article 21 sanctioned by 59, then renumbered to 23 and 61."""

    old_duty: Article
    old_penalty: Article
    new_duty: Article
    new_penalty: Article
    other_duty: Article
    kind: ViolationType


def mini_law() -> MiniLaw:
    """The law above; made once a test, the same rows when asked again."""
    kind = ViolationType.objects.filter(pk="MINI").first()
    if kind is not None:
        articles = {a.ref: a for a in Article.objects.filter(version__law="MINI")}
        return MiniLaw(
            articles["MINI@2016:21"],
            articles["MINI@2016:59"],
            articles["MINI@2025:23"],
            articles["MINI@2025:61"],
            articles["MINI@2016:41"],
            kind,
        )
    law = LawFactory(code="MINI", name_zh="中华人民共和国小法", name_en="Mini Law of the PRC")
    old = LawVersionFactory(
        law=law,
        version="2016",
        ref="MINI@2016",
        effective_from=date(2017, 6, 1),
        effective_to=date(2025, 12, 31),
        status="superseded",
    )
    new = LawVersionFactory(
        law=law, version="2025", ref="MINI@2025", effective_from=date(2026, 1, 1)
    )
    made = MiniLaw(
        ArticleFactory(version=old, number=21, gist_zh="加密", gist_en="encrypt"),
        ArticleFactory(version=old, number=59, penalty=True),
        ArticleFactory(version=new, number=23, gist_zh="加密", gist_en="encrypt"),
        ArticleFactory(version=new, number=61, penalty=True),
        ArticleFactory(version=old, number=41, gist_zh="同意", gist_en="consent"),
        ViolationTypeFactory(code="MINI", zh="存储信息未加密", en="Not encrypted"),
    )
    made.old_duty.sanctioned_by.add(made.old_penalty)
    made.new_duty.sanctioned_by.add(made.new_penalty)
    made.old_duty.maps_to.add(made.new_duty)
    made.old_penalty.maps_to.add(made.new_penalty)
    for role, article in [
        (Role.DUTY, made.old_duty),
        (Role.PENALTY, made.old_penalty),
        (Role.DUTY, made.new_duty),
        (Role.PENALTY, made.new_penalty),
    ]:
        ViolationBasis.objects.create(violation_type=made.kind, article=article, role=role)
    return made


class InspectionFactory(DjangoModelFactory):
    """A draft as a bare row; `officers=2` gives it officers of its unit."""

    class Meta:
        model = Inspection
        skip_postgeneration_save = True

    created_by = factory.SubFactory(UserFactory, inspector=True)
    unit = factory.SelfAttribute("created_by.unit")
    enterprise = factory.SubFactory(EnterpriseFactory, unit=factory.SelfAttribute("..unit"))
    number = factory.Sequence(lambda n: f"检2025-{n + 1000}")
    place = "南宁市青秀区民族大道1号"
    started_at = BEGAN
    ended_at = ENDED
    met_name = "李某某"
    met_title = "前厅经理"
    signature = Inspection.Signature.SIGNED
    created_at = BEGAN

    @factory.post_generation
    def officers(self: Inspection, create: bool, extracted: int | None, **kwargs: Any) -> None:
        for position in range(1, (2 if extracted is None else extracted) + 1):
            officer = UserFactory(unit=self.unit)
            InspectionOfficer.objects.create(
                inspection=self,
                officer=officer,
                position=position,
                name=officer.name,
                police_number=officer.police_number,
                certificate_number=officer.certificate_number,
                certificate_expires_on=officer.certificate_expires_on,
            )


def visit(by: Any, **heads: Any) -> Inspection:
    """A draft opened through the verb: two officers, times, person met and signature filled."""
    given: dict[str, Any] = {
        "enterprise": heads.pop("enterprise", None) or EnterpriseFactory(unit=by.unit),
        "started_at": BEGAN,
        "ended_at": ENDED,
        "officers": [by, UserFactory(unit=by.unit, inspector=True)],
        "place": "南宁市青秀区民族大道1号",
        "notice_number": "南公（网安）检通字〔2025〕3号",
        "met_name": "李某某",
        "met_title": "前厅经理",
        "objections": "无",
        "signature": "signed",
        "summary": "检查了业务系统的账号、权限和存储。",
    }
    given |= heads
    at = given.pop("at", max(SIGNED, given["ended_at"] or given["started_at"]))
    return fieldwork.open_inspection(by=by, at=at, **given)


def finding(inspection: Inspection, by: Any = None, **facts: Any) -> Finding:
    """A finding with a duty and a penalty article of `mini_law` in force that day."""
    law = mini_law()
    new = inspection.day >= date(2026, 1, 1)
    given: dict[str, Any] = {
        "violation_type": law.kind,
        "seen": "客户姓名、电话以明文存储在业务系统数据库。",
        "required_correction": "对存储的个人信息加密。",
        "duty": [law.new_duty if new else law.old_duty],
        "penalty": [law.new_penalty if new else law.old_penalty],
    }
    given |= facts
    at = given.pop("at", max(SIGNED, inspection.ended_at or inspection.started_at))
    return fieldwork.log_finding(inspection, by=by or inspection.created_by, at=at, **given)


def recorded(by: Any, findings: int = 2, **heads: Any) -> Inspection:
    """A signed inspection with findings: what an order rests on."""
    at = heads.pop("signed_at", None)
    inspection = visit(by, **heads)
    for _ in range(findings):
        finding(inspection, by)
    fieldwork.record_inspection(inspection, by=by, at=at or max(SIGNED, inspection.ended_at))
    return inspection


def photo(name: str = "现场照片.png", colour: str = "red") -> Checked:
    """A genuine picture that has passed its checks."""
    return Checked(name=name, content_type="image/png", data=png(colour=colour))
