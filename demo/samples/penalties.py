"""Papers of the penalty procedure: one course of events, and three short ones.

The findings are those of the cases that the police of Nanning published on 2025-01-15. Whatever
came after the order to correct is made up, like the codes, addresses, people and numbers: the
term passed without effect, a hearing was held, nobody paid, the court was asked. The days fit the
law: five working days to ask for a hearing, seven before it, fifteen days to pay, the surcharge at
its highest on the 34th day, six months to sue, ten working days after the demand.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from demo.samples.sample import Sample, moment
from notices.kinds import penalties as papers

_CSL = "《中华人民共和国网络安全法》"
_MPS33 = "《计算机信息网络国际联网安全保护管理办法》"
_CARRIER = "南宁某客货服务有限责任公司"
_HOTEL = "宾阳某酒店有限公司"
_CHAIN = "南宁某连锁酒店管理有限公司"
_OFFICE = "南宁市某商务服务有限公司"
_OFFICERS = [{"name": "韦志强", "number": "450137"}, {"name": "王㛃", "number": "450268"}]
_DUTY = f"{_CSL}第二十一条第二项、第四项"
_BASIS = f"{_CSL}第五十九条第一款"
_FACTS = (
    "2025年1月6日，南宁市公安局民警对南宁某客货服务有限责任公司运营的货运管理系统进行网络安全监督"
    "检查，发现该系统以明文存储旅客、货主的姓名、身份证件号码、联系电话等个人信息12640条，未限制"
    "个人信息的访问权限，未采取防范网络侵入的技术措施。2025年1月8日，南宁市公安局责令其在2025年"
    "2月12日前改正。2025年2月13日复查，上述问题仍未改正，该公司未说明理由"
)
_CARRIER_IS: dict[str, Any] = {
    "address": "南宁市青秀区演示路18号",
    "representative": "覃𬭎",
    "credit_code": "91450103MA5KX0W31C",
}
_DECISION = "南公（网安）行罚决字〔2025〕7号"
_PAY_TO = (
    "桂盛银行南宁演示支行，户名：南宁市财政局，账号：4501000000000001；或者凭缴款识别码电子缴款"
)


_FILING = Sample(
    papers.CASE_FILING,
    _CARRIER,
    {
        "source": papers.FOUND_AT_WORK,
        "found_at": date(2025, 2, 13),
        "cause": "涉嫌不履行网络安全保护义务",
        "summary": _FACTS + "，涉嫌违反" + _DUTY + "之规定",
        "handler_opinion": "该案属于本单位管辖的行政案件，符合立案标准，建议立案调查",
    },
    moment("2025-02-14T09:00"),
)

_TOLD = Sample(
    papers.PENALTY_NOTICE,
    _CARRIER,
    {
        "notifying_unit": "南宁市公安局网络安全保卫支队",
        "officers": _OFFICERS,
        "informed": "覃𬭎（法定代表人、总经理），居民身份证450100198003020012",
        "representative": "覃𬭎",
        "penalties": ["警告", papers.FINE],
        "fine": Decimal(50_000),
        "facts": _FACTS,
        "reasons": "经责令限期改正，该公司拒不改正，存储的个人信息数量较大，应当给予罚款处罚",
        "breaches": _DUTY,
        "basis": _BASIS,
        "defence": "提出。公司已向供应商采购加密组件，因春节假期延误，请求从轻处罚",
        "review": "经复核，采购合同签订于2025年2月20日，在改正期限届满之后，陈述的理由不能成立",
        "hearing_ground": "较大数额罚款（对单位处以一万元以上罚款）",
        "hearing_office": "南宁市公安局法制支队",
        "hearing_answer": "要求听证",
    },
    moment("2025-03-10T15:00"),
)

_HEARING = Sample(
    papers.HEARING_NOTICE,
    _CARRIER,
    {
        "requested_on": date(2025, 3, 17),
        "cause": "涉嫌不履行网络安全保护义务",
        "held_at": moment("2025-03-27T09:30"),
        "place": "南宁市公安局三楼听证室（南宁市青秀区演示路1号）",
        "openness": "公开举行",
        "presider": "陆文静（南宁市公安局法制支队）",
        "members": ["陈䶮（南宁市公安局法制支队）"],
        "recorder": "黄喆",
        "contact": "黄喆，0771-0000000",
    },
    moment("2025-03-17T16:00"),
)

_DECIDED = Sample(
    papers.PENALTY_DECISION,
    _CARRIER,
    {
        **_CARRIER_IS,
        "persons": [
            {
                "name": "陈䶮",
                "role": "直接负责的主管人员",
                "sex": "男",
                "born_on": date(1984, 6, 9),
                "identity": "居民身份证450100198406090033",
                "residence": "广西壮族自治区南宁市兴宁区",
                "address": "南宁市青秀区演示路22号",
                "fine": Decimal(10_000),
            }
        ],
        "facts": _FACTS,
        "evidence": [
            "监督检查记录",
            "责令限期改正通知书及送达回执",
            "复查意见书",
            "系统截图8张",
            "数据库导出记录",
            "询问笔录",
        ],
        "defence": (
            "南宁某客货服务有限责任公司提出陈述申辩并要求听证。2025年3月27日本局公开举行听证。经复核，"
            "其采购加密组件的合同签订于改正期限届满之后，延误的理由不能成立，本局不予采纳"
        ),
        "circumstances": "该公司拒不改正，涉及个人信息数量较大；系初次违法，没有造成个人信息泄露",
        "breaches": _DUTY,
        "basis": _BASIS,
        "penalties": ["警告", papers.FINE],
        "fine": Decimal(50_000),
        "correction": "自收到本决定书之日起立即改正上述违法行为",
        "performance": "警告自本决定书送达之日起执行",
        "pay_to": _PAY_TO,
    },
    moment("2025-04-10T10:00"),
)

_DEMANDED = Sample(
    papers.DEMAND,
    _CARRIER,
    {
        "decision_title": "行政处罚决定书",
        "decision_number": _DECISION,
        "decided_on": date(2025, 4, 10),
        "served_on": date(2025, 4, 11),
        "principal": Decimal(50_000),
        "surcharge": Decimal(50_000),
        "surcharge_until": date(2025, 5, 31),
        "total": Decimal(100_000),
        "pay_to": _PAY_TO,
    },
    moment("2025-10-20T10:00"),
)

_APPLIED = Sample(
    papers.ENFORCEMENT_APPLICATION,
    "南宁市青秀区人民法院",
    {
        "leader": "覃海波（副局长）",
        "respondent": _CARRIER,
        **_CARRIER_IS,
        "decision_title": "行政处罚决定书",
        "decision_number": _DECISION,
        "decided_on": date(2025, 4, 10),
        "served_on": date(2025, 4, 11),
        "facts": "被申请人不履行网络安全保护义务，经责令限期改正拒不改正，违反" + _DUTY + "之规定",
        "basis": _BASIS,
        "result": "给予被申请人警告，罚款人民币伍万元整（50000元）",
        "review_state": "被申请人在法定期限内没有申请行政复议，也没有提起行政诉讼",
        "party_views": "被申请人在听证中请求从轻处罚，决定送达后没有提出新的意见",
        "demand_number": "南公（网安）催字〔2025〕2号",
        "demanded_on": date(2025, 10, 21),
        "demand_result": "催告书送达满十个工作日，被申请人没有陈述、申辩，也没有履行",
        "principal": Decimal(50_000),
        "surcharge": Decimal(50_000),
        "total": Decimal(100_000),
        "attachments": [
            "行政处罚决定书及送达回执各1份",
            "作出决定的事实、证据和依据材料1册",
            "当事人意见及听证笔录1份",
            "催告书及送达回执各1份",
            "执行标的计算表1份",
        ],
    },
    moment("2025-11-10T10:00"),
)

_ON_THE_SPOT = Sample(
    papers.SPOT_DECISION,
    _HOTEL,
    {
        "address": "宾阳县宾州镇演示路5号",
        "representative": "甘𫖮",
        "credit_code": "91450126MA5PQ2R08A",
        "facts": (
            "2025年3月5日，宾阳某酒店有限公司经责令限期改正，仍未建立计算机信息网络安全保护管理制度"
        ),
        "evidence": ["监督检查记录", "现场照片2张", "前台经理的陈述"],
        "basis": f"{_MPS33}第十条第一款第一项、第二十一条第一项",
        "penalties": ["警告", papers.FINE],
        "fine": Decimal(1_000),
        "collection": papers.AT_THE_BANK,
        "pay_to": "桂盛银行宾阳演示支行",
        "decided_at": moment("2025-03-05T15:40"),
        "place": "宾阳某酒店有限公司前台办公室",
        "defence": "没有提出",
        "officers": _OFFICERS,
    },
    moment("2025-03-05T15:40"),
)

_LET_OFF = Sample(
    papers.NO_PENALTY_DECISION,
    _CHAIN,
    {
        "address": "南宁市西乡塘区演示路66号",
        "representative": "欧阳珺",
        "credit_code": "91450100MA5NY7P24Y",
        "facts": (
            "2025年1月7日，南宁市公安局民警检查发现，南宁某连锁酒店管理有限公司未制定网络安全应急"
            "预案。该公司于2025年1月9日制定预案并完成演练，改正期限尚未届满，没有造成危害后果"
        ),
        "evidence": ["监督检查记录", "网络安全应急预案", "演练记录", "复查意见书"],
        "reasons": "该公司初次违法，违法行为轻微，在责令的期限内及时改正，没有造成危害后果",
        "ground": "违法行为轻微并及时改正，没有造成危害后果",
        "basis": "《中华人民共和国行政处罚法》第三十三条第一款",
        "education": "已对该公司的网络安全负责人进行网络安全保护义务的教育，其表示知悉并承诺落实",
        "correction": "已于2025年1月9日改正完毕，并经2025年1月15日复查",
        "property": "先行登记保存的移动硬盘发还该公司",
        "inventory": [
            {
                "name": "移动硬盘",
                "model": "演示牌1TB，序列号DEMO-0001",
                "quantity": "1个",
                "note": "发还",
            }
        ],
    },
    moment("2025-01-20T10:00"),
)

_CLOSED = Sample(
    papers.CLOSING_APPROVAL,
    _OFFICE,
    {
        "case_name": "南宁市某商务服务有限公司不履行网络安全保护义务案",
        "case_number": "南公（网安）行立字〔2025〕4号",
        "source": papers.FOUND_AT_WORK,
        "party": "统一社会信用代码91450103MA7DEM001T，法定代表人莫喆，地址南宁市江南区演示路9号",
        "filed_on": date(2025, 1, 10),
        "term_use": "立案后第48日作出决定，没有超过九十日",
        "facts": (
            "该公司的某系统未屏蔽高危端口，未采取防范网络侵入、网络攻击的技术措施，经责令限期改正，"
            "逾期改正了部分问题"
        ),
        "result": "给予警告，罚款人民币贰万元整（20000元）",
        "decision_number": "南公（网安）行罚决字〔2025〕3号",
        "served_on": date(2025, 2, 28),
        "performance": "罚款已于2025年3月6日缴清；2025年3月10日复查，全部问题已经改正",
        "review_state": "期限内没有申请行政复议，也没有提起行政诉讼",
        "ground": papers.CLOSED_PERFORMED,
        "handler_opinion": "处罚决定已经执行完毕，建议结案",
    },
    moment("2025-09-01T10:00"),
)

SAMPLES = (
    _FILING,
    _TOLD,
    _HEARING,
    _ON_THE_SPOT,
    _LET_OFF,
    _DECIDED,
    _DEMANDED,
    _CLOSED,
    _APPLIED,
)
