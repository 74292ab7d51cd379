"""Why nobody is punished (不予行政处罚的情形), each with its article and whether teaching is owed.

行政处罚法 33(3) asks for education in the cases of 30, 31 and 33; 57(1)[3] for nothing where the
fact was not established.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Ground:
    """`paper` is how the decision prints it; `must` where the law leaves no choice."""

    code: str
    word: str | Promise
    paper: str
    basis: str
    must: bool = True
    education: bool = True
    correction: bool = False


GROUNDS = {
    ground.code: ground
    for ground in (
        Ground(
            "minor",
            _("违法行为轻微并及时改正，没有造成危害后果"),
            "违法行为轻微并及时改正，没有造成危害后果",
            "APL@2021:33(1)",
            correction=True,
        ),
        Ground(
            "first_minor",
            _("初次违法且危害后果轻微并及时改正"),
            "初次违法且危害后果轻微并及时改正",
            "APL@2021:33(1)",
            must=False,
            correction=True,
        ),
        Ground(
            "no_fault",
            _("有证据足以证明没有主观过错"),
            "当事人有证据足以证明没有主观过错",
            "APL@2021:33(2)",
        ),
        Ground(
            "minor_age",
            _("不满十四周岁的未成年人"),
            "不满十四周岁的未成年人有违法行为",
            "APL@2021:30",
        ),
        Ground(
            "incapable",
            _("不能辨认或者不能控制自己行为的精神病人、智力残疾人"),
            "精神病人、智力残疾人在不能辨认或者不能控制自己行为时有违法行为",
            "APL@2021:31",
        ),
        Ground(
            "expired",
            _("超过追究时效"),
            "违法行为超过行政处罚追究时效",
            "APL@2021:36(1)",
            education=False,
        ),
        Ground(
            "not_established",
            _("违法事实不能成立"),
            "违法事实不能成立",
            "APL@2021:57(1)[3]",
            education=False,
        ),
    )
}
