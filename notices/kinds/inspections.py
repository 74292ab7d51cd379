"""Papers of the visit: the notice shown on arrival, the record of it, and the letter of advice.

The order of the elements is that of the forms; the articles are those of Order 176 of the Ministry
of Public Security, in force from 2026-10-01. Visits before that day went by Order 151, whose
articles correspond (`legal.citations.Register.counterparts`).
"""

from django.utils.translation import gettext_lazy as _

from notices.elements import Element, Facts, Sort
from notices.kinds.kind import Kind

INSPECTION_NOTICE = "inspection_notice"
INSPECTION_RECORD = "inspection_record"
ADVISORY = "advisory"

LONGEST_STORY = 20_000  # characters: what was seen, and how the visit went
_RECORD = "MPS176@2026:15(1)"


def _has_supporters(facts: Facts) -> bool:
    return bool(facts.get("support_people"))


def _has_support_organ(facts: Facts) -> bool:
    return bool(facts.get("support_organ"))


def _met(facts: Facts) -> bool:
    """A test over the network meets nobody."""
    return not facts.get("remote")


def _has_findings(facts: Facts) -> bool:
    return bool(facts.get("findings"))


def _speaks(facts: Facts) -> bool:
    """What somebody says who was there and did not refuse to sign."""
    return not facts.get("remote") and not facts.get("refused")


def _refused(facts: Facts) -> bool:
    return bool(facts.get("refused"))


_OFFICERS = (("name", _("姓名")), ("number", _("警号")))

KINDS = (
    Kind(
        code=INSPECTION_NOTICE,
        title="监督检查通知书",
        word=_("监督检查通知书"),
        template="notices/papers/inspection_notice.html",
        pattern="{abbreviation}检通字〔{year}〕{serial}号",
        elements=(
            Element("basis", _("检查依据"), basis="MPS176@2026:11"),
            Element("when", _("检查时间")),
            Element("scope", _("检查范围"), basis="MPS176@2026:11"),
            Element("matters", _("检查事项"), Sort.TEXTS, "MPS176@2026:7"),
            Element(
                "officers",
                _("检查人员"),
                Sort.ROWS,
                "MPS176@2026:11",
                least=2,
                columns=_OFFICERS,
                whole=("name", "number"),
            ),
            Element("support_organ", _("技术支持机构"), needed=_has_supporters),
            Element("support_people", _("技术支持人员"), Sort.TEXTS, needed=False),
            Element("contact_phone", _("检查单位联系电话")),
        ),
        blocks=("inspection_rights",),
        copies_words="一份交被检查对象，一份附卷。",
        signers=("被检查对象",),
        house_code=True,
        basis=("MPS176@2026:11",),
    ),
    Kind(
        code=INSPECTION_RECORD,
        title="监督检查记录",
        word=_("监督检查记录"),
        template="notices/papers/inspection_record.html",
        pattern="{abbreviation}检录字〔{year}〕{serial}号",
        elements=(
            Element("started", _("检查开始时间"), Sort.MOMENT, _RECORD),
            Element("ended", _("检查结束时间"), Sort.MOMENT, _RECORD),
            Element("place", _("检查地点"), needed=_met, basis="MPSP@2020:86"),
            Element("party_name", _("被检查对象名称"), basis=_RECORD),
            Element("party_code", _("统一社会信用代码"), basis=_RECORD),
            Element("party_address", _("被检查对象地址"), basis=_RECORD),
            Element("met_name", _("负责人或者网络安全管理人员"), needed=_met, basis=_RECORD),
            Element("met_title", _("其职务"), needed=_met, basis=_RECORD),
            Element(
                "officers",
                _("检查人员"),
                Sort.ROWS,
                _RECORD,
                least=2,
                columns=(*_OFFICERS, ("unit", _("单位"))),
                whole=("name", "unit"),
            ),
            Element("support_organ", _("技术支持机构"), needed=_has_supporters),
            Element(
                "support_people",
                _("技术支持人员"),
                Sort.TEXTS,
                "MPS176@2026:15(3)",
                needed=_has_support_organ,
            ),
            Element("shown", _("出示证件和告知情况"), basis="MPS176@2026:11"),
            Element("mode", _("检查方式"), basis=_RECORD),
            Element("matters", _("检查内容"), Sort.TEXTS, "MPS176@2026:7"),
            Element("process", _("检查经过"), basis="MPSP@2020:86", longest=LONGEST_STORY),
            Element(
                "findings",
                _("发现的问题"),
                Sort.ROWS,
                _RECORD,
                needed=False,
                longest=LONGEST_STORY,
                columns=(("what", _("检查所见")), ("articles", _("对应条款"))),
                whole=("what", "articles"),
            ),
            Element("measures", _("现场处置"), needed=_has_findings, basis="MPS176@2026:16(1)"),
            Element(
                "evidence",
                _("证据"),
                Sort.ROWS,
                needed=False,
                columns=(("title", _("名称")), ("sort", _("种类"))),
                whole=("title", "sort"),
            ),
            Element("recording", _("录音录像"), needed=False),
            Element("objections", _("说明或者异议"), needed=_speaks, basis=_RECORD, longest=5000),
            Element("reading", _("核对意见"), needed=_speaks, basis="MPSP@2020:86"),
            Element("refusal", _("拒绝签名的情况"), needed=_refused, basis=_RECORD),
            Element("witness", _("见证人"), needed=False),
            Element("recorder", _("记录人"), basis="MPSP@2020:86"),
        ),
        copies_words="一份交被检查对象，一份附卷。",
        signers=("被检查对象负责人或者网络安全管理人员", "检查民警", "记录人", "技术支持人员"),
        sealed=False,
        prints_number=False,
        house_code=True,
        basis=(_RECORD, "MPS176@2026:15(3)", "MPSP@2020:86", "APL@2021:55"),
    ),
    Kind(
        code=ADVISORY,
        title="公安提示函",
        word=_("公安提示函"),
        template="notices/papers/advisory.html",
        pattern="{abbreviation}提示字〔{year}〕{serial}号",
        elements=(
            Element("party_name", _("被检查对象名称"), basis="MPS176@2026:17"),
            Element("found_on", _("检查日期"), Sort.DATE),
            Element(
                "risks",
                _("风险隐患"),
                Sort.ROWS,
                "MPS176@2026:17",
                longest=LONGEST_STORY,
                columns=(("what", _("风险隐患")), ("measure", _("建议措施"))),
                whole=("what", "measure"),
            ),
            Element("request", _("其他建议"), needed=False),
            Element("contact_phone", _("联系电话")),
        ),
        copies_words="一份交受函单位，一份附卷。",
        signers=("受函单位",),
        house_code=True,
        basis=("MPS176@2026:17",),
    ),
)
