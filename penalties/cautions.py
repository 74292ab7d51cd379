"""What a case is to be warned of, whatever step it stands at: shown loudly on its first tab.

Nothing here refuses an act; where the law refuses one, the verb and the gate do.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.trail import Reason
from penalties import limitation, standing
from penalties.casefile import File
from penalties.cases import opening
from penalties.models import CaseState, Origin
from rectification.models import OrderState

#: Orders that do not hold any more.
GONE = (OrderState.WITHDRAWN, OrderState.DISCARDED)


def warnings(file: File, today: date) -> list[Reason]:
    """Limitation, a withdrawn order, officers, citations, parties that do not stand any more."""
    case = file.case
    if case.state in (CaseState.CLOSED, CaseState.DECLINED):
        return []
    found = limitation.limitation(file, case.decided_on or today)
    found += _order_gone(file)
    if case.decided_on is None:
        found += opening.uncitable(file.findings)
        found += _officers(file, today)
    if not file.findings and case.state == CaseState.FILED:
        found.append(
            Reason(
                _("案件还没有登记发现。查实的违法事实先作为检查发现登记，再并入案件。"),
                basis="APL@2021:54(1)",
            )
        )
    return found + standing.consequences(file)


def _order_gone(file: File) -> list[Reason]:
    order = file.case.order
    if order is None or order.state not in GONE:
        return []
    if file.case.origin == Origin.UNMET_ORDER:
        text = _("本案依据的责令改正已撤回，“拒不改正”不再成立，重新核对违法事实和所适用的档次。")
    else:
        text = _("与本案并行的责令改正已撤回。处罚不以它为前提，但要核对它为什么撤回。")
    return [
        Reason(
            text,
            basis="APL@2021:28(1)",
            url=order.get_absolute_url(),
            url_text=_("查看责令改正"),
        )
    ]


def _officers(file: File, today: date) -> list[Reason]:
    valid = [row for row in file.officers if row.officer.certificate_valid_on(today)]
    if len(valid) >= opening.OFFICERS:
        return []
    text = ngettext(
        "执法证有效的办案民警只有 %(n)d 人，少于二人。",
        "执法证有效的办案民警只有 %(n)d 人，少于二人。",
        len(valid),
    )
    return [Reason(text % {"n": len(valid)}, basis=opening.TWO_OFFICERS)]
