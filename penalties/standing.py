"""A party that does not stand any more (死亡、合并分立、注销), and what can still be decided."""

from __future__ import annotations

from django.utils.translation import gettext as _

from audit.trail import Reason
from penalties.casefile import File
from penalties.models import Respondent

_S = Respondent.Status
BASIS = "MPSP@2020:259"


def consequences(file: File) -> list[Reason]:
    """One sentence for each party that does not stand; nothing where all do."""
    return [
        Reason(consequence(file, row), basis=basis(row), url=row.get_absolute_url())
        for row in file.respondents
        if row.status != _S.STANDING
    ]


def consequence(file: File, row: Respondent) -> str:
    """What follows for the case from what happened to this party."""
    said = {"name": row.name, "successor": row.successor.name if row.successor else ""}
    if file.decision(row) is not None:
        if row.status == _S.MERGED and row.successor is not None:
            text = _("%(name)s已合并、分立。已作出的决定由承受其权利义务的%(successor)s履行。")
        elif row.status == _S.DEAD:
            text = _("%(name)s已死亡。已作出的罚款决定在其遗产范围内执行；没有遗产的，终结执行。")
        else:
            text = _("%(name)s已终止。已作出的决定没有承受人的，终结执行。")
        return text % said
    if row.status == _S.MERGED and row.successor is not None:
        text = _(
            "%(name)s已合并、分立，由%(successor)s承受其权利义务。对承受者重新告知、作出决定。"
        )
    elif row.status == _S.MERGED:
        text = _("%(name)s已合并、分立。先登记承受其权利义务的单位，再对它告知、作出决定。")
    elif row.status == _S.DEAD:
        text = _("%(name)s已死亡，不能再对其处罚，终止对其调查；其他当事人继续办理。")
    else:
        text = _(
            "%(name)s已注销、终止，不能再对其处罚；仍可以对直接负责的主管人员和其他责任人员处罚。"
        )
    return text % said


def basis(row: Respondent) -> str:
    """The article behind the sentence, if the register holds one."""
    return BASIS if row.status == _S.DEAD else ""
