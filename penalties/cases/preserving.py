"""Evidence registered and kept in advance (先行登记保存, 行政处罚法 56): with a leader's approval,
for seven working days; then something is decided of it, or it is released by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason
from legal import periods
from penalties import clocks
from penalties.casefile import File
from penalties.cases import _inquiry, _row
from penalties.models import Case, Preservation

trail.words(
    {
        "cases.preserve": gettext_lazy("批准先行登记保存"),
        "cases.dispose_preservation": gettext_lazy("处理先行登记保存的证据"),
    }
)

BASIS = "APL@2021:56"
LAPSE_BASIS = "MPSP@2020:110"
#: What is decided in time; LAPSED is what happens by itself.
Disposal = Preservation.Disposal


def can_preserve(file: File, row: None, user: User, today: date) -> list[Reason]:
    """The investigation is open; whoever approves does not handle the case."""
    found = [*_inquiry.is_open(file), *_inquiry.enough(file)]
    if any(row.officer_id == user.pk for row in file.officers):
        found.append(Reason(_("先行登记保存须由本案办案民警以外的负责人批准。"), basis=BASIS))
    return found


@transaction.atomic
def preserve(
    case: Case,
    *,
    by: User,
    at: datetime,
    taken_at: datetime,
    officers: Sequence[User],
    holder: str,
    place: str,
    items: Sequence[dict[str, str]],
) -> Preservation:
    """The leader (`by`) approves that these things are registered and kept; seven working days run.

    Args:
        holder: who keeps them meanwhile, and may not destroy or move them (56).
        items: [{"name", "model", "quantity", "note"}].

    Raises Refused: approved by an officer of the case, not two officers, no things named, a
    moment in the future, a year without calendar.
    """
    _row.lock(case)
    file = File(case)
    day = periods.local_date(taken_at)
    found = can_preserve(file, None, by, periods.local_date(at))
    if taken_at > at:
        found.append(Reason(_("登记保存时间不能晚于现在。"), field="taken_at"))
    found += _inquiry.day_of(
        day, periods.local_date(at), field="taken_at", not_before=_inquiry.began_on(file)
    )
    found += _inquiry.pair(file, officers, day)
    if by.pk in {officer.pk for officer in officers}:
        found.append(Reason(_("批准人不能是登记保存的民警。"), basis=BASIS, field="officer_1"))
    found += _row.needs(holder, "holder") + _row.needs(place, "place")
    if not any(row.get("name", "").strip() for row in items):
        found.append(Reason(_("至少写一件物品。"), basis=LAPSE_BASIS, field="items"))
    _row.refuse(found)
    period = clocks.due("PRESERVE_7", day)
    row = Preservation.objects.create(
        case=case,
        entered_at=at,
        entered_by=by,
        taken_at=taken_at,
        approved_by=by,
        officer_1=officers[0],
        officer_2=officers[1],
        holder=holder.strip(),
        place=place.strip(),
        items=list(items),
        due_on=period.due,
        derivation=period.derivation,
    )
    clocks.start("PRESERVE_7", row, period, case=case, by=by, at=at)
    _row.settle(case, at=at)
    _row.record("cases.preserve", case, by=by, at=at, row=row, data={"due_on": period.due})
    return row


def has_lapsed(row: Preservation, day: date) -> bool:
    """Nothing was decided within the seven working days: it released itself (MPSP 110)."""
    return row.disposal == "" and day > row.due_on


def can_dispose_preservation(
    file: File, row: Preservation, user: User, today: date
) -> list[Reason]:
    if not row.disposal:
        return []
    return [Reason(_("已经作出处理：%(what)s。") % {"what": row.get_disposal_display()})]


@transaction.atomic
def dispose_preservation(
    case: Case,
    preservation: Preservation,
    *,
    by: User,
    at: datetime,
    disposal: str,
    on: date,
    note: str = "",
) -> Preservation:
    """What was decided of the things on that day.

    Raises Refused: decided already; after the last day anything but that it lapsed, and within
    the time that it lapsed; no word on what was done.
    """
    _row.lock(case)
    today = periods.local_date(at)
    found = can_dispose_preservation(File(case), preservation, by, today)
    first = periods.local_date(preservation.taken_at)
    found += _inquiry.day_of(on, today, field="on", not_before=first)
    late = on > preservation.due_on
    if not found and late != (disposal == Disposal.LAPSED):
        found.append(_out_of_time(preservation) if late else _in_time(preservation))
    if disposal != Disposal.RETURNED:
        found += _row.needs(note, "note", _("写明处理的情况。"))
    _row.refuse(found)
    preservation.disposal, preservation.disposed_on = disposal, on
    preservation.disposal_note = note.strip()
    preservation.save(update_fields=["disposal", "disposed_on", "disposal_note"])
    clocks.meet("PRESERVE_7", preservation, on=on, by=by, at=at)
    _row.settle(case, at=at)
    data = {"disposal": disposal, "on": on, "due_on": preservation.due_on}
    _row.record(
        "cases.dispose_preservation", case, by=by, at=at, reason=note, row=preservation, data=data
    )
    return preservation


def _out_of_time(row: Preservation) -> Reason:
    text = _("处理期限 %(day)s 已过，登记保存已自动解除，只能登记为“期满自动解除”。")
    return Reason(text % {"day": row.due_on.isoformat()}, basis=LAPSE_BASIS, field="disposal")


def _in_time(row: Preservation) -> Reason:
    text = _("处理期限 %(day)s 还没有过，不能登记为“期满自动解除”。")
    return Reason(text % {"day": row.due_on.isoformat()}, basis=LAPSE_BASIS, field="disposal")
