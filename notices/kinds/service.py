"""The paper that proves a service (送达回执): taken along blank, or filled after the attempt.

It is none of the 49 forms of the Ministry; the elements and their order are those of the proof of
service of the civil procedure (CPL 87) that police use for it. It states one other paper, its
subject, and stays in the file.
"""

from django.utils.translation import gettext_lazy as _

from notices.elements import Element, Facts, Sort
from notices.kinds.kind import Kind

SERVICE_RECEIPT = "service_receipt"


def _filled(facts: Facts) -> bool:
    """A blank form is filled by hand."""
    return bool(facts.get("filled"))


def _by_hand(facts: Facts) -> bool:
    return _filled(facts) and facts.get("method_code") in ("direct", "left")


def _signed(facts: Facts) -> bool:
    return _filled(facts) and bool(facts.get("signed"))


def _left(facts: Facts) -> bool:
    return _filled(facts) and bool(facts.get("left"))


KINDS = (
    Kind(
        code=SERVICE_RECEIPT,
        title="送达回执",
        word=_("送达回执"),
        template="notices/papers/service_receipt.html",
        pattern="{abbreviation}送执字〔{year}〕{serial}号",
        elements=(
            Element("document", _("送达文书名称"), basis="CPL@2023:87"),
            Element("document_number", _("送达文书文号"), needed=False),
            Element("copies", _("份数")),
            Element("place", _("送达地点"), needed=_by_hand),
            Element("method", _("送达方式"), basis="MPSP@2020:36", needed=_filled),
            Element(
                "servers",
                _("送达人"),
                Sort.ROWS,
                "APL@2021:42(1)",
                needed=_by_hand,
                columns=(("name", _("姓名")), ("number", _("警号"))),
                whole=("name",),
            ),
            Element("attempted", _("送达时间"), needed=_filled),
            Element("recipient", _("收件人"), basis="CPL@2023:87", needed=_signed),
            Element("relation", _("代收人及关系"), needed=False),
            Element("refusal", _("拒收事由"), basis="CPL@2023:89", needed=_left),
            Element("remarks", _("备注"), Sort.TEXTS, needed=False),
        ),
        copies=1,
        copies_words="附卷。",
        signers=("收件人", "送达人"),
        sealed=False,
        prints_number=False,
        internal=True,
        house_code=True,
        basis=("CPL@2023:87", "MPSP@2020:36", "APL@2021:61"),
    ),
)
