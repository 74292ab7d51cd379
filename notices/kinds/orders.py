"""Papers of an order to correct."""

from django.utils.translation import gettext_lazy as _

from notices.elements import Element, Sort
from notices.kinds.kind import Kind

CORRECTION_ORDER = "correction_order"
EXTENSION_DECISION = "extension_decision"

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
)
