"""The yearly inspection of systems of level 3 and above and of critical infrastructure.

Order 176 art. 9(2): such systems are inspected on site once a calendar year in the routine way;
what another department has inspected in the same year is used again. Whether a system was
inspected is a question put to the visits, not a row that somebody ticks.

A visit counts when it is routine, on site and signed, and names the system or no system at all
(then it was about everything that the enterprise runs).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.trail import Reason, Refused
from enterprises.models import System, SystemQuerySet
from inspections.basis import order_176
from inspections.models import CheckedElsewhere, Inspection
from legal import periods

DUTY = "ANNUAL_L3"
BASIS = ("MPS176@2026:9(2)",)
#: The first calendar year that reaches into the time of Order 176.
FIRST_YEAR = 2026

trail.words({"inspections.reuse_result": gettext_lazy("采用其他部门的检查结果")})


def systems(user: User, year: int) -> SystemQuerySet:
    """Systems of the user's units that the year asks for, each with `inspected`.

    None for a year before Order 176.
    """
    rows = System.objects.visible_to(user).inspected_yearly()
    if year < FIRST_YEAR:
        rows = rows.none()
    return rows.annotate(inspected=_inspected(year))


def _inspected(year: int) -> Q:
    visits = Inspection.objects.final().filter(
        Q(system=OuterRef("pk")) | Q(system__isnull=True),
        enterprise=OuterRef("enterprise"),
        kind=Inspection.Kind.ROUTINE,
        mode=Inspection.Mode.ON_SITE,
        started_at__year=year,
    )
    elsewhere = CheckedElsewhere.objects.filter(system=OuterRef("pk"), year=year)
    return Q(Exists(visits)) | Q(Exists(elsewhere))


@transaction.atomic
def reuse_result(
    system: System, *, by: User, at: datetime, authority: str, checked_on: date, note: str
) -> CheckedElsewhere:
    """Another department inspected the system on that day: its year needs no visit of ours.

    Raises Refused: a day in the future, nothing said, the year has a result already, a system
    that the law does not ask to inspect every year.
    """
    found = []
    if not System.objects.inspected_yearly().filter(pk=system.pk).exists():
        found.append(Reason(_("“%(system)s”不属于每年检查的系统。") % {"system": system.name}))
    if checked_on > periods.local_date(at):
        found.append(Reason(_("日期在将来。"), field="checked_on"))
    if checked_on.year < FIRST_YEAR:
        found.append(
            Reason(
                _("公安部令第176号自2026年10月1日起施行，之前年度的不登记。"),
                basis=order_176(9, 2),
                field="checked_on",
            )
        )
    if not authority.strip():
        found.append(Reason(_("填写检查部门。"), field="authority"))
    if not note.strip():
        found.append(Reason(_("填写检查结果。"), field="note"))
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            row = CheckedElsewhere.objects.create(
                system=system,
                year=checked_on.year,
                authority=authority.strip(),
                checked_on=checked_on,
                note=note.strip(),
                recorded_at=at,
                recorded_by=by,
            )
    except IntegrityError as error:
        raise Refused(
            [Reason(_("%(year)s年已登记过其他部门的检查结果。") % {"year": checked_on.year})]
        ) from error
    trail.record(
        "inspections.reuse_result",
        system.enterprise,
        by=by,
        at=at,
        unit=system.enterprise.unit,
        reason=note,
        data={"name": system.name, "authority": authority.strip(), "checked_on": checked_on},
    )
    return row
