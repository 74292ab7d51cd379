"""Papers of an order to correct."""

from django.utils.translation import gettext_lazy as _

from notices.elements import Element, Sort
from notices.kinds.kind import Kind

CORRECTION_ORDER = "correction_order"
EXTENSION_DECISION = "extension_decision"
REINSPECTION_OPINION = "reinspection_opinion"

KINDS = (
    Kind(
        code=CORRECTION_ORDER,
        title="责令限期改正通知书",
        word=_("责令限期改正通知书"),
        template="rectification/notices/correction_order.html",
        pattern="{abbreviation}责通字〔{year}〕{serial}号",
        elements=(
            Element("officers", _("办案民警"), basis="APL@2021:42(1)"),
            Element("inspected_on", _("检查日期")),
            Element("findings", _("违法行为"), Sort.ROWS, "MPSP@2020:155", whole=("what",)),
            Element("breaches", _("违反的条款"), basis="MPSP@2020:155", longest=20_000),
            Element("basis", _("责令依据"), basis="APL@2021:28(1)", longest=20_000),
            Element("term", _("改正期限"), basis="APL@2021:28(1)"),
        ),
        blocks=("remedies",),
        copies_words="一份交违法行为人，一份附卷。",
        signers=("违法行为人",),
        has_stub=True,
        remedies=True,
        basis=("APL@2021:28(1)", "MPSP@2020:155"),
    ),
    Kind(
        code=EXTENSION_DECISION,
        title="延期决定书",
        word=_("延期决定书"),
        template="rectification/notices/extension_decision.html",
        pattern="{abbreviation}延决字〔{year}〕{serial}号",
        elements=(
            Element("order_number", _("原通知书文号")),
            Element("items", _("改正事项"), Sort.ROWS, whole=("what",)),
            Element("reason", _("申请延期的理由")),
            Element("basis", _("依据"), basis="APL@2021:28(1)", longest=20_000),
        ),
        house_code=True,
        basis=("APL@2021:28(1)",),
    ),
    Kind(
        # Order 151 asked for it (art. 19); Order 176 does not, and there it is practice of the
        # house: `basis` then names the house's rule, which the owner of the paper sees to.
        code=REINSPECTION_OPINION,
        title="复查意见书",
        word=_("复查意见书"),
        template="notices/papers/reinspection_opinion.html",
        pattern="{abbreviation}复查字〔{year}〕{serial}号",
        elements=(
            Element("order_number", _("责令通知书文号")),
            Element("ordered_on", _("责令通知书日期")),
            Element("held_on", _("复查日期")),
            Element("officers", _("复查人员"), basis="APL@2021:42(1)"),
            Element("basis", _("复查依据")),
            Element(
                "results",
                _("逐项复查结果"),
                Sort.ROWS,
                columns=(("no", _("序号")), ("what", _("改正事项")), ("outcome", _("复查结果"))),
                whole=("what", "outcome"),
            ),
            Element("opinion", _("复查意见")),
        ),
        copies_words="一份交被检查单位，一份附卷。",
        signers=("被检查单位",),
        house_code=True,
        basis=("MPS151@2018:19",),
    ),
)
