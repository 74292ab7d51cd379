"""The register of enterprises: who is entered, corrected, and with which systems.

    register -> amend* -> add_system -> amend_system*

Two people may correct the same row: each saves against the version that the form showed, and the
second is refused with what the row says now (`Changed`). Nothing is deleted: a record of procedure
may point at the row for decades.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User
from audit import reveal, trail
from audit.trail import Decided, Reason, Refused
from enterprises import industries
from enterprises.identifiers import clean_uscc
from enterprises.models import Enterprise, System, core_of_name

FACTS = (
    "name",
    "short_name",
    "uscc",
    "region",
    "industry_code",
    "industry_name",
    "address",
    "legal_representative",
    "legal_representative_identity",
    "security_lead",
    "security_lead_phone",
    "contact_name",
    "contact_phone",
    "contact_email",
    "note",
)
SYSTEM_FACTS = (
    "name",
    "url",
    "icp_number",
    "mlps_level",
    "mlps_number",
    "mps_filing_number",
    "critical",
    "pii_kinds",
    "pii_volume",
    "in_use",
)

trail.words(
    {
        "enterprises.register": gettext_lazy("登记"),
        "enterprises.amend": gettext_lazy("更正"),
        "enterprises.add_system": gettext_lazy("登记系统"),
        "enterprises.amend_system": gettext_lazy("更正系统"),
    }
)
for _field, _label in (
    ("legal_representative_identity", gettext_lazy("法定代表人身份证号码")),
    ("security_lead_phone", gettext_lazy("网安负责人电话")),
    ("contact_phone", gettext_lazy("联系人电话")),
    ("contact_email", gettext_lazy("联系人电子邮箱")),
):
    reveal.allow("enterprises.enterprise", _field, "personal.reveal", _label)


class Changed(Decided):
    """Somebody else saved the row after the form was shown; `current` is the row as it is now.

    `about` is the row whose record tells who it was, the row itself if not given.
    """

    def __init__(self, current: Any, about: models.Model | None = None) -> None:
        self.current = current
        event = trail.timeline(about or current).order_by("-id").first()
        if event is None:
            text = _("填写期间有人修改过，本次没有保存")
        else:
            text = _("%(who)s 已于 %(when)s %(did)s，本次没有保存") % {
                "who": event.actor_name,
                "when": f"{timezone.localtime(event.entered_at):%Y-%m-%d %H:%M}",
                "did": trail.word(event.verb),
            }
        super().__init__([Reason(text)], event)


# --- What may be entered -----------------------------------------------------------------------


def can_register(uscc: str, user: User, *, besides: Enterprise | None = None) -> list[Reason]:
    """Why no enterprise with this code may be entered: the code is in the register already.

    The link to the existing row is given only to a user who may see it.
    """
    uscc = clean_uscc(uscc)
    if not uscc:
        return []
    twins = Enterprise.objects.filter(uscc=uscc)
    if besides is not None:
        twins = twins.exclude(pk=besides.pk)
    twin = twins.first()
    if twin is None:
        return []
    if Enterprise.objects.visible_to(user).filter(pk=twin.pk).exists():
        return [
            Reason(
                _("统一社会信用代码 %(uscc)s 已登记：%(name)s") % {"uscc": uscc, "name": twin.name},
                url=twin.get_absolute_url(),
                url_text=_("打开已有的档案"),
                field="uscc",
            )
        ]
    return [
        Reason(
            _("统一社会信用代码 %(uscc)s 已由其他单位登记，由上级单位查询或者移交")
            % {"uscc": uscc},
            field="uscc",
        )
    ]


def similar(
    name: str, user: User, *, besides: Enterprise | None = None, limit: int = 5
) -> list[Enterprise]:
    """Enterprises whose names hold the core of this name: perhaps the same, registered already."""
    if len(core_of_name(name)) < 2:
        return []
    found = Enterprise.objects.visible_to(user).like_name(name)
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    return list(found.order_by("name", "id")[:limit])


# --- Verbs -------------------------------------------------------------------------------------


def register(
    *,
    by: User,
    at: datetime,
    unit: Unit | None = None,
    is_demonstration: bool = False,
    form_token: UUID | None = None,
    **facts: Any,
) -> Enterprise:
    """Enter an enterprise, managed by `unit` (the user's own if not given).

    `facts` are the names in FACTS. The same `form_token` again answers with the row it made.
    Raises Refused: a code in the register already, or a fact that does not pass its check.
    """
    with transaction.atomic():
        if form_token is not None:
            made = Enterprise.objects.filter(form_token=form_token, created_by=by).first()
            if made is not None:
                return made
        unit = unit or by.unit
        if unit is None:
            raise Refused([Reason(_("你没有所属单位，不能登记企业"))])
        enterprise = Enterprise(
            unit=unit,
            is_demonstration=is_demonstration,
            form_token=form_token,
            created_at=at,
            created_by=by,
        )
        _set(enterprise, FACTS, facts)
        _complete(enterprise)
        reasons = can_register(enterprise.uscc, by)
        if reasons:
            raise Refused(reasons)
        _check(enterprise, FACTS)
        try:
            with transaction.atomic():
                enterprise.save(force_insert=True)
        except IntegrityError:
            # Two officers entered the same code, or posted the same form, in the same second.
            made = Enterprise.objects.filter(form_token=form_token, created_by=by).first()
            if form_token is not None and made is not None:
                return made
            reasons = can_register(enterprise.uscc, by)
            if not reasons:
                raise
            raise Refused(reasons) from None
        trail.record("enterprises.register", enterprise, by=by, at=at, unit=enterprise.unit)
        return enterprise


def amend(
    enterprise: Enterprise, *, by: User, at: datetime, version: int, **facts: Any
) -> Enterprise:
    """Correct facts of an enterprise, against the version that the form showed.

    The record says which facts changed, never their values: some are personal. Raises Changed when
    somebody saved in between, Refused as `register` does. Saving without a change leaves no line.
    """
    with transaction.atomic():
        row = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        if row.version != version:
            raise Changed(row)
        before = {name: getattr(row, name) for name in FACTS}
        _set(row, FACTS, facts)
        _complete(row)
        changed = [name for name in FACTS if getattr(row, name) != before[name]]
        if not changed:
            return row
        reasons = can_register(row.uscc, by, besides=row)
        if reasons:
            raise Refused(reasons)
        _check(row, FACTS)
        row.version += 1
        row.save()
        trail.record(
            "enterprises.amend", row, by=by, at=at, unit=row.unit, data={"fields": changed}
        )
        return row


def add_system(
    enterprise: Enterprise,
    *,
    by: User,
    at: datetime,
    form_token: UUID | None = None,
    **facts: Any,
) -> System:
    """Enter an information system of the enterprise; `facts` are the names in SYSTEM_FACTS.

    Raises Refused: a name that the enterprise uses already, or a fact that fails its check.
    """
    with transaction.atomic():
        # Serialises two posts of one form; also keeps the name check true until commit.
        Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
        if form_token is not None:
            made = System.objects.filter(form_token=form_token, enterprise=enterprise).first()
            if made is not None:
                return made
        system = System(enterprise=enterprise, form_token=form_token)
        _set(system, SYSTEM_FACTS, facts)
        _refuse_same_name(system)
        _check(system, SYSTEM_FACTS)
        system.save(force_insert=True)
        trail.record(
            "enterprises.add_system",
            enterprise,
            by=by,
            at=at,
            unit=enterprise.unit,
            data={"system": str(system.pk), "name": system.name},
        )
        return system


def amend_system(system: System, *, by: User, at: datetime, version: int, **facts: Any) -> System:
    """Correct facts of a system, against the version that the form showed. Raises as `amend`."""
    with transaction.atomic():
        row = (
            System.objects.select_for_update(of=("self",))
            .select_related("enterprise__unit")
            .get(pk=system.pk)
        )
        if row.version != version:
            raise Changed(row, row.enterprise)
        before = {name: getattr(row, name) for name in SYSTEM_FACTS}
        _set(row, SYSTEM_FACTS, facts)
        changed = [name for name in SYSTEM_FACTS if getattr(row, name) != before[name]]
        if not changed:
            return row
        _refuse_same_name(row)
        _check(row, SYSTEM_FACTS)
        row.version += 1
        row.save()
        trail.record(
            "enterprises.amend_system",
            row.enterprise,
            by=by,
            at=at,
            unit=row.enterprise.unit,
            data={"system": str(row.pk), "name": row.name, "fields": changed},
        )
        return row


# --- Help --------------------------------------------------------------------------------------


def _set(row: models.Model, names: Iterable[str], facts: dict[str, Any]) -> None:
    unknown = set(facts) - set(names)
    if unknown:
        raise TypeError(f"{type(row).__name__} has no such facts: {', '.join(sorted(unknown))}")
    for name, value in facts.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _complete(enterprise: Enterprise) -> None:
    """Bring the code to its written form, and name the industry by its code."""
    enterprise.uscc = clean_uscc(enterprise.uscc)
    enterprise.industry_code = (enterprise.industry_code or "").upper()
    if enterprise.industry_code and not enterprise.industry_name:
        enterprise.industry_name = industries.name_of(enterprise.industry_code)


def _check(row: models.Model, names: Iterable[str]) -> None:
    """Run the fields' own checks; what fails becomes reasons that name the field."""
    others = [field.name for field in row._meta.fields if field.name not in set(names)]
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        raise Refused(
            [
                Reason(message, field=name)
                for name, messages in error.message_dict.items()
                for message in messages
            ]
        ) from None


def _refuse_same_name(system: System) -> None:
    same = System.objects.filter(enterprise=system.enterprise, name=system.name)
    if same.exclude(pk=system.pk).exists():
        raise Refused(
            [Reason(_("这家企业已登记过同名系统：%(name)s") % {"name": system.name}, field="name")]
        )
