"""Papers of an order to correct: the order, more time for one item, and what was seen after it.

The findings are those of the first case that the police of Nanning published on 2025-01-15; days,
people, demands and numbers are made up. It is the order that the course of `demo.samples.penalties`
starts from.
"""

from datetime import date

from demo.samples.sample import Sample, moment
from notices.correction_order import CorrectionOrder, Finding, Term
from notices.extension_decision import DecidedItem, ExtensionDecision
from notices.kinds import orders as papers

_CSL = "《中华人民共和国网络安全法》"
_APL = "《中华人民共和国行政处罚法》"
_CARRIER = "南宁某客货服务有限责任公司"
_OFFICERS = (("韦志强", "450137"), ("王㛃", "450268"))
_UNENCRYPTED = Finding(
    "存储个人信息未加密",
    "货运管理系统数据库以明文存储旅客、货主的姓名、身份证件号码、联系电话、住址",
    "对存储的个人信息采取加密措施，并完成历史数据的加密改造",
    (f"{_CSL}第二十一条第四项",),
)
_UNLIMITED = Finding(
    "未限制个人信息访问权限",
    "操作人员共用管理员账号admin，任何岗位均可查询、导出全部个人信息",
    "按岗位最小必要原则设定访问权限，一人一账号",
    (f"{_CSL}第二十一条第四项",),
)
_UNSCANNED = Finding(
    "未定期开展漏洞扫描监测",
    "系统自2023年3月上线以来未开展网络安全漏洞和隐患扫描监测，无相关记录",
    "立即开展一次全面的漏洞扫描和隐患排查",
    (f"{_CSL}第二十一条第二项", f"{_CSL}第二十五条"),
)

_ORDER = CorrectionOrder(
    inspected_on=date(2025, 1, 6),
    officers=_OFFICERS,
    findings=(_UNENCRYPTED, _UNLIMITED, _UNSCANNED),
    basis=(f"{_CSL}第五十九条第一款", f"{_APL}第二十八条第一款"),
    term=Term.by_date(date(2025, 2, 12)),
    object_name="货运管理系统",
    interim_measures=("停止共用管理员账号，对个人信息的查询、导出逐次登记",),
    contact=("韦志强", "0771-0000000"),
).context()

_DECISION = ExtensionDecision(
    granted=True,
    order_number="南公（网安）责通字〔2025〕7号",
    ordered_on=date(2025, 1, 8),
    items=(DecidedItem(1, _UNENCRYPTED.what),),
    whole=False,
    old_due_on=date(2025, 2, 12),
    new_due_on=date(2025, 3, 12),
    derivation="2月12日（周三）原期限届满，次日起算20个工作日，至2025年3月12日（周三）",
    asked_on=date(2025, 2, 10),
    requested_until=date(2025, 3, 12),
    reason="历史数据加密改造须停机两次，供应商的加密组件于2月下旬到货",
    basis=(f"{_APL}第二十八条第一款",),
    officers=_OFFICERS,
    contact=("韦志强", "0771-0000000"),
).context()

_OPINION = {
    "order_number": "南公（网安）责通字〔2025〕7号",
    "ordered_on": "2025年1月8日",
    "held_on": "2025年2月13日",
    "officers": "韦志强（警号450137）、王㛃（警号450268）",
    "basis": "《公安机关互联网安全监督检查规定》第十九条",
    "results": [
        {
            "no": "1",
            "what": _UNENCRYPTED.what,
            "demand": _UNENCRYPTED.measure,
            "outcome": "未改正",
            "note": "数据库仍为明文存储",
        },
        {
            "no": "2",
            "what": _UNLIMITED.what,
            "demand": _UNLIMITED.measure,
            "outcome": "未改正",
            "note": "仍共用管理员账号",
        },
        {
            "no": "3",
            "what": _UNSCANNED.what,
            "demand": _UNSCANNED.measure,
            "outcome": "已改正",
            "note": "认定于2025年2月10日完成",
        },
    ],
    "opinion": (
        "经复查，第3项已经改正。第1、2项在改正期限届满后仍未改正完毕，我局将依法处理。"
        "你单位应当继续整改，整改期间采取措施确保网络安全"
    ),
}

SAMPLES = (
    Sample(
        papers.CORRECTION_ORDER,
        _CARRIER,
        _ORDER,
        moment("2025-01-08T09:00"),
        derived=_ORDER,
    ),
    Sample(
        papers.EXTENSION_DECISION,
        _CARRIER,
        _DECISION,
        moment("2025-02-11T09:00"),
        derived=_DECISION,
    ),
    Sample(
        papers.REINSPECTION_OPINION,
        _CARRIER,
        _OPINION,
        moment("2025-02-13T16:00"),
        derived={"has_notes": True},
    ),
)
