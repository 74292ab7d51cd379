"""Papers, issued through the verb: a notice has its number, its words and its owed print.

`order_facts()` is a whole order with one finding; `order_facts(findings=4)` has a table.
`issue()` makes a notice of a demonstration unit, `issue(unit=...)` of a given one.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import Unit, User
from notices import kinds, papers
from notices.correction_order import CorrectionOrder, Finding, Term
from notices.extension_decision import DecidedItem, ExtensionDecision
from notices.models import Notice
from tests.factories.accounts import UnitFactory, UserFactory

CSL = "《中华人民共和国网络安全法》"
APL = "《中华人民共和国行政处罚法》"
FOUND = (
    (
        "存储个人信息未加密",
        "货运管理系统数据库以明文存储旅客、货主的姓名、身份证件号码、联系电话、住址",
        "对存储的个人信息采取加密措施，并完成历史数据的加密改造",
        (f"{CSL}第二十一条第四项",),
    ),
    (
        "未经用户同意收集用户信息",
        "微信小程序在用户未作任何同意表示的情况下收集手机号码和位置信息",
        "停止未经同意的收集，公开收集使用规则并取得用户同意",
        (f"{CSL}第四十一条第一款",),
    ),
    (
        "未限制个人信息访问权限",
        "操作人员共用管理员账号admin，任何岗位均可查询、导出全部个人信息",
        "按岗位最小必要原则设定访问权限，一人一账号",
        (f"{CSL}第二十一条第四项",),
    ),
    (
        "未定期开展漏洞扫描监测",
        "系统自2023年3月上线以来未开展网络安全漏洞和隐患扫描监测，无相关记录",
        "立即开展一次全面的漏洞扫描和隐患排查",
        (f"{CSL}第二十一条第二项", f"{CSL}第二十五条"),
    ),
)
ADDRESSEE = "南宁某客货服务有限责任公司"
ISSUED = datetime.fromisoformat("2025-01-08T09:00:00+08:00")


def order_facts(findings: int = 1, **changes: Any) -> CorrectionOrder:
    lines = tuple(Finding(*FOUND[i % len(FOUND)]) for i in range(findings))
    facts: dict[str, Any] = {
        "inspected_on": date(2025, 1, 6),
        "officers": (("韦志强", "450137"), ("王㛃", "450268")),
        "findings": lines,
        "basis": (f"{CSL}第五十九条第一款", f"{APL}第二十八条第一款"),
        "term": Term.by_date(date(2025, 2, 12)),
        "object_name": "货运管理系统",
    }
    return CorrectionOrder(**{**facts, **changes})


def nanning(**changes: Any) -> Unit:
    facts: dict[str, Any] = {
        "name": "南宁市公安局",
        "abbreviation": "南公（网安）",
        "is_demonstration": True,
    }
    return Unit.objects.filter(name="南宁市公安局").first() or UnitFactory(**{**facts, **changes})


def issue(
    *,
    unit: Unit | None = None,
    by: User | None = None,
    at: datetime = ISSUED,
    facts: CorrectionOrder | None = None,
    addressee: str = ADDRESSEE,
    demonstration: bool = False,
) -> Notice:
    """A notice about its own issuer (any record with a UUID will do as a subject)."""
    unit = unit or nanning()
    by = by or UserFactory(unit=unit, supervisor=True)
    return papers.issue_notice(
        kinds.CORRECTION_ORDER,
        unit=unit,
        addressee=addressee,
        context=(facts or order_facts()).context(),
        snapshot={"term": "2025-02-12"},
        subject=by,
        by=by,
        at=at,
        demonstration=demonstration,
    )


def decision_facts(many: int = 1, **changes: Any) -> ExtensionDecision:
    """A grant of more time for the first items of that order; `granted=False` refuses."""
    facts: dict[str, Any] = {
        "granted": True,
        "order_number": "南公（网安）责通字〔2025〕12号",
        "ordered_on": date(2025, 1, 8),
        "items": tuple(DecidedItem(i + 1, FOUND[i % len(FOUND)][0]) for i in range(many)),
        "whole": False,
        "old_due_on": date(2025, 2, 12),
        "new_due_on": date(2025, 3, 12),
        "derivation": "2月12日（周三）原期限届满，次日起算20个工作日，至2025年3月12日（周三）",
        "asked_on": date(2025, 2, 10),
        "requested_until": date(2025, 3, 12),
        "reason": "历史数据加密改造须停机两次，供应商的加密组件于2月下旬到货",
        "basis": (f"{APL}第二十八条第一款",),
        "officers": (("韦志强", "450137"), ("王㛃", "450268")),
        "contact": ("韦志强", "0771-0000000"),
    }
    if not changes.get("granted", True):
        facts |= {"new_due_on": None, "derivation": "", "grounds": "未提交需要延期的证明材料"}
    return ExtensionDecision(**{**facts, **changes})


def issue_decision(facts: ExtensionDecision | None = None, *, unit: Unit | None = None) -> Notice:
    """The paper on it, about its own issuer like `issue`."""
    unit = unit or nanning()
    by = UserFactory(unit=unit, supervisor=True)
    return papers.issue_notice(
        kinds.EXTENSION_DECISION,
        unit=unit,
        addressee=ADDRESSEE,
        context=(facts or decision_facts()).context(),
        snapshot={"until": "2025-03-12"},
        subject=by,
        by=by,
        at=datetime.fromisoformat("2025-02-11T09:00:00+08:00"),
        demonstration=False,
    )


def later(**delta: int) -> datetime:
    """A moment after the usual day of issue."""
    return timezone.localtime(ISSUED) + timezone.timedelta(**delta)
