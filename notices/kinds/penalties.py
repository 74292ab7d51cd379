"""Papers of the penalty procedure, from the filing of a case to the application to the court.

The order of the elements is that of the forms of 2024 as far as it is known; the name of the organ,
the title, the number, seal and date belong to the frame and are no elements. The procedure itself
(who may issue what, and when) belongs to `penalties`; here stands what each paper must say.

Where the law of 2021 and the ministry's procedure of 2020 differ, the law is followed: five working
days for asking for a hearing (APL 64, 85; MPSP 133 prints three), two officers also on the spot
(APL 42(1); MPSP 39 lets one decide), reconsideration first on the spot (ARL 23(1)).
"""

from collections.abc import Callable
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notices.elements import Element, Facts, Sort
from notices.kinds.kind import Kind
from notices.writing import yuan

CASE_FILING = "case_filing"
PENALTY_NOTICE = "penalty_notice"
HEARING_NOTICE = "hearing_notice"
SPOT_DECISION = "spot_decision"
NO_PENALTY_DECISION = "no_penalty_decision"
PENALTY_DECISION = "penalty_decision"
DEMAND = "demand"
CLOSING_APPROVAL = "closing_approval"
ENFORCEMENT_APPLICATION = "enforcement_application"

LONGEST_STORY = 8000  # characters: facts of a case
LONGEST_CITATION = 20_000

# Kinds of penalty whose sum is an element of its own; APL 9, and the words of the papers.
FINE, GAINS, GOODS = "罚款", "没收违法所得", "没收非法财物"

# What gives a right to a hearing by its kind (APL 63(1)), and from what fine on (MPSP 123; the
# register holds both, and a test compares them).
HEARD = ("停产停业", "停业整顿", "暂停相关业务", "吊销", "降低资质", "关闭", "限制从业")
LARGER_FINE_UNIT, LARGER_FINE_PERSON = Decimal(10_000), Decimal(2_000)

# How the fine of a decision on the spot is paid (APL 68, 69; MPSP 214).
AT_ONCE, AT_THE_BANK = "当场收缴", "限期缴纳"

# The sources of a case that the form names; with the first two nobody reports it.
FOUND_AT_WORK, ASSIGNED = "监督检查中发现", "上级交办"
REPORTED, BROUGHT, SURRENDERED, TRANSFERRED = "报案、举报", "群众扭送", "投案", "其他部门移送"

# Why nobody is punished: it did not happen (APL 57(1)[3]). Any other ground admits that it did.
NOT_ESTABLISHED = "违法事实不能成立"

# MPSP 258, items one to five.
CLOSED_UNPUNISHED, CLOSED_SETTLED = "作出不予行政处罚决定", "达成调解、和解协议并已履行"
CLOSED_PERFORMED, CLOSED_CRIME = "作出行政处罚等处理决定且已执行", "转为刑事案件办理"
CLOSED_IMPOSSIBLE = "作出处理决定后无法执行或者无需执行"
CLOSED_TERMINATED = "终止案件调查"  # MPSP 259


def _is_person(facts: Facts) -> bool:
    """Whether the party is a person: it has particulars that no unit has."""
    return any(facts.get(code) for code in ("sex", "born_on", "identity", "residence"))


def _is_unit(facts: Facts) -> bool:
    return not _is_person(facts)


def _punished_with(kind: str) -> Callable[[Facts], bool]:
    return lambda facts: kind in (facts.get("penalties") or ())


_fined = _punished_with(FINE)


def _more_than_fined(facts: Facts) -> bool:
    return any(kind != FINE for kind in facts.get("penalties") or ())


def _confiscated(facts: Facts) -> bool:
    return _punished_with(GAINS)(facts) or _punished_with(GOODS)(facts)


def _heard(facts: Facts) -> bool:
    """Whether the penalty gives a right to a hearing; asked of typed and of written facts."""
    if facts.get("hearing_ground"):
        return True
    if any(word in kind for kind in facts.get("penalties") or () for word in HEARD):
        return True
    larger = LARGER_FINE_PERSON if _is_person(facts) else LARGER_FINE_UNIT
    return (yuan(facts.get("fine")) or 0) >= larger


def _fined_at_once(facts: Facts) -> bool:
    return _fined(facts) and facts.get("collection") == AT_ONCE


def _fined_for_later(facts: Facts) -> bool:
    return _fined(facts) and facts.get("collection") != AT_ONCE


def _came_from_outside(facts: Facts) -> bool:
    return facts.get("source") in (REPORTED, BROUGHT, SURRENDERED, TRANSFERRED)


def _established(facts: Facts) -> bool:
    return facts.get("ground") != NOT_ESTABLISHED


def _owes_money(facts: Facts) -> bool:
    return bool(facts.get("principal"))


def _owes_no_money(facts: Facts) -> bool:
    return not facts.get("principal")


def _surcharged(facts: Facts) -> bool:
    return bool(facts.get("surcharge"))


def _lists_goods(facts: Facts) -> bool:
    return bool(facts.get("inventory"))


def _decided(facts: Facts) -> bool:
    return facts.get("ground") not in (CLOSED_SETTLED, CLOSED_CRIME, CLOSED_TERMINATED)


def _served(facts: Facts) -> bool:
    """What could not be carried out was not always served: the party may be gone before it."""
    return facts.get("ground") in (CLOSED_UNPUNISHED, CLOSED_PERFORMED)


def _performed(facts: Facts) -> bool:
    return facts.get("ground") in (CLOSED_PERFORMED, CLOSED_IMPOSSIBLE)


def _party(basis: str) -> tuple[Element, ...]:
    """Who it is, beyond the name: what a unit has, or the particulars of a person."""
    return (
        Element("address", _("地址"), basis=basis, longest=200),
        Element("representative", _("法定代表人"), basis=basis, needed=_is_unit, longest=100),
        Element("credit_code", _("统一社会信用代码"), basis=basis, needed=_is_unit, longest=18),
        Element("sex", _("性别"), basis=basis, needed=_is_person, longest=10),
        Element("born_on", _("出生日期"), Sort.DATE, basis, needed=_is_person),
        Element("identity", _("身份证件种类和号码"), basis=basis, needed=_is_person, longest=100),
        Element("residence", _("户籍所在地"), basis=basis, needed=_is_person, longest=200),
        Element("workplace", _("工作单位"), needed=False, longest=200),
    )


def _officers(word: str | Promise) -> Element:
    return Element(
        "officers",
        word,
        Sort.ROWS,
        "APL@2021:42(1)",
        least=2,
        most=10,
        columns=(("name", _("姓名")), ("number", _("警号"))),
        whole=("name", "number"),
    )


def _penalties(word: str | Promise, basis: str) -> tuple[Element, ...]:
    """The kinds, each a text; the sums of a fine and of gains beside them."""
    return (
        Element("penalties", word, Sort.TEXTS, basis, most=10, longest=200),
        Element("fine", _("罚款数额"), Sort.MONEY, basis, needed=_fined),
        Element("gains", _("违法所得数额"), Sort.MONEY, basis, needed=_punished_with(GAINS)),
    )


_EVIDENCE = ("evidence", _("证据"), Sort.TEXTS)
_GOODS = (
    ("name", _("名称")),
    ("model", _("规格型号")),
    ("quantity", _("数量")),
    ("note", _("备注")),
)

_FILING = Kind(
    code=CASE_FILING,
    title="行政案件立案登记表",
    word=_("行政案件立案登记表"),
    template="notices/papers/case_filing.html",
    pattern="{abbreviation}行立字〔{year}〕{serial}号",
    elements=(
        Element("source", _("案件来源"), basis="MPSP@2020:61", longest=100),
        Element(
            "informant",
            _("报案人或者移送单位"),
            basis="MPSP@2020:61",
            needed=_came_from_outside,
            longest=500,
        ),
        Element("found_at", _("发现时间"), Sort.DATE, "MPSP@2020:61"),
        Element("cause", _("案由"), basis="APL@2021:54(2)", longest=200),
        Element("summary", _("简要案情"), basis="APL@2021:54(2)"),
        Element("handler_opinion", _("承办人意见"), basis="APL@2021:54(2)", longest=500),
        Element("department_opinion", _("办案部门意见"), needed=False, longest=500),
        Element("leader_opinion", _("审批意见"), needed=False, longest=500),
    ),
    copies=1,
    copies_words="附卷。",
    signers=("承办人", "办案部门负责人", "公安机关负责人"),
    sealed=False,
    internal=True,
    house_code=True,
    basis=("APL@2021:54(2)", "MPSP@2020:61"),
)

_NOTICE = Kind(
    code=PENALTY_NOTICE,
    title="行政处罚告知笔录",
    word=_("行政处罚告知笔录"),
    template="notices/papers/penalty_notice.html",
    pattern="{abbreviation}罚告字〔{year}〕{serial}号",
    elements=(
        Element("notifying_unit", _("执行告知单位"), basis="APL@2021:44", longest=100),
        _officers(_("告知人")),
        Element("informed", _("被告知人"), basis="MPSP@2020:167", longest=200),
        Element("representative", _("法定代表人"), needed=_is_unit, longest=100),
        Element("identity", _("身份证件种类和号码"), needed=False, longest=100),
        *_penalties(_("拟处罚的内容"), "APL@2021:44"),
        Element("facts", _("拟处罚的事实"), basis="APL@2021:44", longest=LONGEST_STORY),
        Element("reasons", _("拟处罚的理由"), basis="APL@2021:44"),
        Element("breaches", _("违反的条款"), basis="APL@2021:44", longest=LONGEST_CITATION),
        Element("basis", _("拟处罚的依据"), basis="APL@2021:44", longest=LONGEST_CITATION),
        Element("defence", _("对陈述申辩权的回答"), basis="APL@2021:45", longest=LONGEST_STORY),
        Element("review", _("复核说明"), basis="APL@2021:45", needed=False, longest=LONGEST_STORY),
        Element("hearing_ground", _("可以要求听证的情形"), basis="APL@2021:63(1)", needed=_heard),
        Element("hearing_office", _("受理听证的部门"), basis="APL@2021:64", needed=_heard),
        Element("hearing_answer", _("对听证权的回答"), basis="APL@2021:64", needed=_heard),
    ),
    blocks=("defence_right", "hearing_right"),
    copies=1,
    copies_words="附卷。",
    signers=("被告知人", "告知人"),
    sealed=False,
    prints_number=False,
    internal=True,
    house_code=True,
    basis=(
        "APL@2021:44",
        "APL@2021:45",
        "APL@2021:62",
        "APL@2021:63(1)",
        "APL@2021:64",
        "MPSP@2020:167",
    ),
)

_HEARING = Kind(
    code=HEARING_NOTICE,
    title="举行听证通知书",
    word=_("举行听证通知书"),
    template="notices/papers/hearing_notice.html",
    pattern="{abbreviation}听通字〔{year}〕{serial}号",
    elements=(
        Element("requested_on", _("申请听证的日期"), Sort.DATE, "APL@2021:64"),
        Element("cause", _("案由"), basis="MPSP@2020:136", longest=200),
        Element("held_at", _("听证时间"), Sort.MOMENT, "APL@2021:64"),
        Element("place", _("听证地点"), basis="APL@2021:64", longest=200),
        Element("openness", _("是否公开举行"), basis="APL@2021:64", longest=200),
        Element("presider", _("听证主持人"), basis="APL@2021:64", longest=100),
        Element("members", _("听证员"), Sort.TEXTS, needed=False, most=4, longest=100),
        Element("recorder", _("记录员"), basis="APL@2021:64", longest=100),
        Element("contact", _("联系人和电话"), needed=False, longest=100),
    ),
    blocks=("hearing_rights",),
    copies_words="一份交听证申请人，一份附卷。",
    signers=("听证申请人",),
    house_code=True,
    basis=("APL@2021:64", "MPSP@2020:136"),
)

_SPOT = Kind(
    code=SPOT_DECISION,
    title="当场处罚决定书",
    word=_("当场处罚决定书"),
    template="notices/papers/spot_decision.html",
    pattern="{abbreviation}当罚字〔{year}〕{serial}号",
    elements=(
        *_party("MPSP@2020:38"),
        Element("facts", _("违法事实"), basis="APL@2021:52"),
        Element(*_EVIDENCE, "MPSP@2020:38", most=20, longest=100),
        Element("basis", _("法律依据"), basis="APL@2021:52", longest=LONGEST_CITATION),
        *_penalties(_("处罚种类"), "APL@2021:52"),
        Element("collection", _("罚款的缴纳方式"), basis="MPSP@2020:214", needed=_fined),
        Element(
            "collection_reason", _("当场收缴的理由"), basis="APL@2021:68", needed=_fined_at_once
        ),
        Element("pay_to", _("缴款的银行或者方式"), basis="APL@2021:67(3)", needed=_fined_for_later),
        Element("decided_at", _("处罚时间"), Sort.MOMENT, "APL@2021:52"),
        Element("place", _("处罚地点"), basis="APL@2021:52", longest=200),
        Element("defence", _("陈述申辩情况"), basis="MPSP@2020:38"),
        _officers(_("办案民警")),
    ),
    blocks=("payment", "surcharge", "remedies_spot", "told_orally"),
    copies_words="一份交被处罚人，一份报所属公安机关备案。",
    signers=("办案民警", "被处罚人"),
    remedies=True,
    house_code=True,
    basis=("APL@2021:52", "MPSP@2020:38", "ARL@2023:23(1)"),
)

_NO_PENALTY = Kind(
    code=NO_PENALTY_DECISION,
    title="不予行政处罚决定书",
    word=_("不予行政处罚决定书"),
    template="notices/papers/no_penalty_decision.html",
    pattern="{abbreviation}不罚决字〔{year}〕{serial}号",
    elements=(
        *_party("MPSP@2020:172"),
        Element("facts", _("查明的事实"), basis="MPSP@2020:172", longest=LONGEST_STORY),
        Element(*_EVIDENCE, "MPSP@2020:172", most=50, longest=200),
        Element("reasons", _("不予处罚的理由"), basis="APL@2021:33(1)"),
        Element("ground", _("不予处罚的情形"), basis="APL@2021:33(1)", longest=200),
        Element("basis", _("不予处罚的依据"), basis="MPSP@2020:172", longest=LONGEST_CITATION),
        Element("education", _("教育情况"), basis="APL@2021:33(3)", needed=_established),
        Element("correction", _("责令改正情况"), basis="APL@2021:28(1)", needed=False),
        Element("property", _("涉案财物处理"), basis="MPSP@2020:172", needed=_lists_goods),
        Element(
            "inventory",
            _("涉案财物清单"),
            Sort.ROWS,
            needed=False,
            columns=_GOODS,
            whole=("name", "quantity"),
        ),
    ),
    blocks=("remedies_decision",),
    copies=3,
    copies_words="一份交当事人，一份交办案部门，一份附卷。",
    signers=("当事人",),
    remedies=True,
    house_code=True,
    basis=("APL@2021:33(1)", "APL@2021:57(2)", "MPSP@2020:172"),
)

_PENALTY = Kind(
    code=PENALTY_DECISION,
    title="行政处罚决定书",
    word=_("行政处罚决定书"),
    template="notices/papers/penalty_decision.html",
    pattern="{abbreviation}行罚决字〔{year}〕{serial}号",
    elements=(
        *_party("MPSP@2020:175"),
        Element(
            "persons",
            _("一并处罚的责任人员"),
            Sort.ROWS,
            "MPSP@2020:175",
            needed=False,
            most=20,
            longest=200,
            columns=(
                ("name", _("姓名")),
                ("role", _("责任身份")),
                ("sex", _("性别")),
                ("born_on", _("出生日期")),
                ("identity", _("身份证件种类和号码")),
                ("residence", _("户籍所在地")),
                ("address", _("现住址")),
                ("fine", _("罚款数额")),
            ),
            whole=("name", "role", "sex", "born_on", "identity", "residence", "address", "fine"),
        ),
        Element("past", _("违法经历"), basis="MPSP@2020:175", needed=False),
        Element("facts", _("违法事实"), basis="APL@2021:59", longest=LONGEST_STORY),
        Element(*_EVIDENCE, "APL@2021:59", most=50, longest=200),
        Element("defence", _("陈述申辩和听证情况"), basis="APL@2021:45", needed=False),
        Element("circumstances", _("从重从轻减轻情节"), basis="MPSP@2020:175", needed=_fined),
        Element("breaches", _("违反的条款"), basis="APL@2021:59", longest=LONGEST_CITATION),
        Element("basis", _("处罚的依据"), basis="APL@2021:59", longest=LONGEST_CITATION),
        *_penalties(_("处罚种类"), "APL@2021:59"),
        Element("correction", _("责令改正"), basis="APL@2021:28(1)", needed=False),
        Element("performance", _("执行方式和期限"), basis="APL@2021:59", needed=_more_than_fined),
        Element("pay_to", _("缴款的银行或者方式"), basis="APL@2021:67(3)", needed=_fined),
        Element("property", _("涉案财物处理"), basis="MPSP@2020:175", needed=_confiscated),
        Element(
            "inventory",
            _("没收物品清单"),
            Sort.ROWS,
            "MPSP@2020:175",
            needed=_punished_with(GOODS),
            columns=_GOODS,
            whole=("name", "quantity"),
        ),
    ),
    blocks=("payment", "surcharge", "remedies_decision"),
    copies=3,
    copies_words="被处罚人和执行单位各一份，一份附卷。",
    signers=("被处罚人",),
    remedies=True,
    basis=("APL@2021:59", "MPSP@2020:175"),
)

_DEMAND = Kind(
    code=DEMAND,
    title="催告书",
    word=_("催告书"),
    template="notices/papers/demand.html",
    pattern="{abbreviation}催字〔{year}〕{serial}号",
    elements=(
        Element("decided_on", _("原决定日期"), Sort.DATE, "MPSP@2020:200"),
        Element("decision_title", _("原决定名称"), basis="MPSP@2020:200", longest=100),
        Element("decision_number", _("原决定文号"), basis="MPSP@2020:200", longest=100),
        Element("served_on", _("原决定送达日期"), Sort.DATE, "MPSP@2020:200"),
        Element(
            "performance", _("应当履行的义务和方式"), basis="AEL@2011:35", needed=_owes_no_money
        ),
        Element("principal", _("应缴罚款"), Sort.MONEY, "AEL@2011:35", needed=False),
        Element("paid", _("已缴罚款"), Sort.MONEY, needed=False),
        Element("surcharge", _("加处罚款"), Sort.MONEY, "AEL@2011:45", needed=False),
        Element(
            "surcharge_until", _("加处罚款计算至"), Sort.DATE, "AEL@2011:45", needed=_surcharged
        ),
        Element("total", _("合计应缴"), Sort.MONEY, "AEL@2011:35", needed=_owes_money),
        Element("pay_to", _("缴款的银行或者方式"), basis="AEL@2011:35", needed=_owes_money),
    ),
    blocks=("demand_within", "demand_consequence", "demand_rights"),
    copies_words="一份交被催告人，一份附卷。",
    signers=("被催告人",),
    house_code=True,
    basis=("AEL@2011:35", "AEL@2011:54", "MPSP@2020:200"),
)

_CLOSING = Kind(
    code=CLOSING_APPROVAL,
    title="结案审批表",
    word=_("结案审批表"),
    template="notices/papers/closing_approval.html",
    pattern="{abbreviation}结案字〔{year}〕{serial}号",
    elements=(
        Element("case_name", _("案件名称"), basis="MPSP@2020:260", longest=200),
        Element("case_number", _("案件编号"), basis="MPSP@2020:260", longest=100),
        Element("source", _("案件来源"), basis="MPSP@2020:260", longest=100),
        Element("party", _("当事人基本情况"), basis="MPSP@2020:260", longest=500),
        Element("filed_on", _("立案日期"), Sort.DATE, "MPSP@2020:260"),
        Element("term_use", _("办案期限使用情况"), basis="MPSP@2020:260", longest=500),
        Element("facts", _("案情"), basis="MPSP@2020:260"),
        Element("result", _("处理结果"), basis="MPSP@2020:260"),
        Element("decision_number", _("决定书文号"), needed=_decided, longest=100),
        Element("served_on", _("决定书送达日期"), Sort.DATE, needed=_served),
        Element("performance", _("执行情况"), basis="MPSP@2020:258", needed=_performed),
        Element("review_state", _("行政复议和行政诉讼情况"), basis="MPSP@2020:258", longest=500),
        Element("ground", _("结案理由"), basis="MPSP@2020:258", longest=100),
        Element("handler_opinion", _("承办人意见"), basis="MPSP@2020:258", longest=500),
        Element("department_opinion", _("办案部门意见"), needed=False, longest=500),
        Element("legal_opinion", _("法制审核意见"), needed=False, longest=500),
        Element("leader_opinion", _("负责人审批意见"), needed=False, longest=500),
    ),
    copies=1,
    copies_words="附卷。",
    signers=("承办人", "办案部门负责人", "法制审核人员", "公安机关负责人"),
    sealed=False,
    prints_number=False,
    internal=True,
    house_code=True,
    basis=("MPSP@2020:258", "MPSP@2020:260"),
)

_ENFORCEMENT = Kind(
    code=ENFORCEMENT_APPLICATION,
    title="强制执行申请书",
    word=_("强制执行申请书"),
    template="notices/papers/enforcement_application.html",
    pattern="{abbreviation}强执申字〔{year}〕{serial}号",
    elements=(
        Element("leader", _("申请人的负责人"), basis="MPSP@2020:208", longest=100),
        Element("respondent", _("被申请人"), basis="AEL@2011:55", longest=200),
        *_party("AEL@2011:55"),
        Element("decided_on", _("决定日期"), Sort.DATE, "AEL@2011:55"),
        Element("decision_title", _("决定书名称"), basis="AEL@2011:55", longest=100),
        Element("decision_number", _("决定书文号"), basis="AEL@2011:55", longest=100),
        Element("served_on", _("决定书送达日期"), Sort.DATE, "AEL@2011:53"),
        Element("facts", _("决定的事实和理由"), basis="AEL@2011:55", longest=LONGEST_STORY),
        Element("basis", _("决定的依据"), basis="AEL@2011:55", longest=LONGEST_CITATION),
        Element("result", _("决定的内容"), basis="AEL@2011:55"),
        Element("party_views", _("当事人的意见"), basis="AEL@2011:55"),
        Element("review_state", _("行政复议和行政诉讼情况"), basis="AEL@2011:53"),
        Element("demanded_on", _("催告书送达日期"), Sort.DATE, "AEL@2011:54"),
        Element("demand_number", _("催告书文号"), basis="AEL@2011:54", longest=100),
        Element("demand_result", _("催告后的履行情况"), basis="AEL@2011:54"),
        Element("subject", _("执行标的"), basis="AEL@2011:55", needed=_owes_no_money),
        Element("principal", _("未缴罚款"), Sort.MONEY, "AEL@2011:55", needed=False),
        Element("surcharge", _("加处罚款"), Sort.MONEY, "AEL@2011:45", needed=False),
        Element("total", _("合计标的"), Sort.MONEY, "AEL@2011:55", needed=_owes_money),
        Element("attachments", _("材料清单"), Sort.TEXTS, "AEL@2011:55", least=3, longest=200),
    ),
    copies_words="一份报送人民法院，一份附卷。",
    signers=("申请人的负责人",),
    house_code=True,
    basis=("AEL@2011:53", "AEL@2011:55", "MPSP@2020:208"),
)

KINDS = (
    _FILING,
    _NOTICE,
    _HEARING,
    _SPOT,
    _NO_PENALTY,
    _PENALTY,
    _DEMAND,
    _CLOSING,
    _ENFORCEMENT,
)
