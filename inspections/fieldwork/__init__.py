"""An inspection's life, in the order in which it happens.

    open_inspection -> (amend | set_officers)* -> (log_finding | amend_finding | cite
      | add_evidence | drop_finding | remove_evidence)* -> record_inspection -> dispose* -> close
    open_inspection -> … -> discard

Everything up to `record_inspection` is a draft that any officer of the unit may edit; each save
is checked against the version that its form showed. The signature makes the record final: after
it only `dispose` (called by orders and cases), `withhold` and `close` act. What stands in the way
of the signature is in `inspections.gates`.

The verbs stand in `visits`, `findings` and `evidence`; callers take them from here:
`fieldwork.dispose(…)`.

Every verb is one transaction and leaves one line in the record, on the inspection. The line names
what was touched, never what was typed: findings hold personal data.
"""

from django.utils.translation import gettext_lazy

from audit import reveal, trail
from inspections.fieldwork.evidence import add_evidence, remove_evidence, twins_of
from inspections.fieldwork.findings import (
    FINDING_FACTS,
    amend_finding,
    cite,
    dispose,
    dispose_all,
    drop_finding,
    log_finding,
)
from inspections.fieldwork.visits import (
    HEADS,
    amend,
    close,
    discard,
    open_inspection,
    record_inspection,
    set_officers,
)
from inspections.fieldwork.withholding import withhold

__all__ = [
    "FINDING_FACTS",
    "HEADS",
    "add_evidence",
    "amend",
    "amend_finding",
    "cite",
    "close",
    "discard",
    "dispose",
    "dispose_all",
    "drop_finding",
    "log_finding",
    "open_inspection",
    "record_inspection",
    "remove_evidence",
    "set_officers",
    "twins_of",
    "withhold",
]

trail.words(
    {
        "inspections.open": gettext_lazy("登记检查"),
        "inspections.amend": gettext_lazy("修改检查登记"),
        "inspections.set_officers": gettext_lazy("确定检查民警"),
        "inspections.log_finding": gettext_lazy("登记发现"),
        "inspections.amend_finding": gettext_lazy("修改发现"),
        "inspections.drop_finding": gettext_lazy("删除发现"),
        "inspections.cite": gettext_lazy("引用条款"),
        "inspections.add_evidence": gettext_lazy("添加证据"),
        "inspections.remove_evidence": gettext_lazy("移除证据"),
        "inspections.withhold": gettext_lazy("设定证据保密"),
        "inspections.record": gettext_lazy("完成检查"),
        "inspections.dispose": gettext_lazy("处置发现"),
        "inspections.close": gettext_lazy("办结检查"),
        "inspections.discard": gettext_lazy("作废检查登记"),
    }
)
reveal.allow("inspections.inspection", "met_phone", "personal.reveal", gettext_lazy("陪同人员电话"))
