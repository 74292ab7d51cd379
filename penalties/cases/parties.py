"""The respondents (当事人) of a case: units, and the persons who answer for them.

Each has facts, measures and papers of its own. What identifies a person is sealed, shown masked,
and revealed for a reason that stands on the record.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import reveal, trail
from audit.trail import Reason, Refused
from enterprises.models import Enterprise
from legal import periods
from penalties import identity as numbers
from penalties.casefile import File
from penalties.cases import _row, _void, deciding
from penalties.models import Case, CaseState, Respondent

trail.words(
    {
        "cases.add_unit": gettext_lazy("增加当事单位"),
        "cases.add_person": gettext_lazy("增加当事个人"),
        "cases.amend_party": gettext_lazy("修改当事人"),
        "cases.remove_party": gettext_lazy("移除当事人"),
        "cases.record_status": gettext_lazy("登记当事人变动"),
    }
)
for _field, _label in (
    ("identity", gettext_lazy("证件号码")),
    ("born_on", gettext_lazy("出生日期")),
    ("residence", gettext_lazy("户籍所在地")),
    ("phone", gettext_lazy("电话")),
):
    reveal.allow("penalties.respondent", _field, "personal.reveal", _label)

UNIT_FACTS = ("name", "credit_code", "representative", "address", "phone", "facts")
PERSON_FACTS = (
    "name",
    "role",
    "sex",
    "workplace",
    "address",
    "identity_kind",
    "identity",
    "born_on",
    "residence",
    "phone",
    "facts",
)
S = Respondent.Status


def _undecided(file: File) -> list[Reason]:
    if file.case.state in (CaseState.OPENED, CaseState.FILED):
        return []
    return [Reason(_("案件已经决定或者办结，当事人不能再改。"))]


def can_add_party(file: File, row: None, user: User, today: date) -> list[Reason]:
    """Before the decision."""
    return _undecided(file)


def can_amend_party(file: File, row: Respondent, user: User, today: date) -> list[Reason]:
    """Before there is a decision on this party."""
    return _undecided(file) or _decided(file, row)


def _decided(file: File, row: Respondent) -> list[Reason]:
    made = file.decision(row)
    if made is None:
        return []
    text = _("对%(name)s已经作出决定。") % {"name": row.name}
    return [Reason(text, url=made.get_absolute_url(), url_text=_("看决定"))]


# --- Entering ------------------------------------------------------------------------------------


@transaction.atomic
def add_unit(
    case: Case, *, by: User, at: datetime, enterprise: Enterprise, facts: str = ""
) -> Respondent:
    """Another unit, as it is registered now. Raises Refused when it is in the case already."""
    case = _row.lock(case)
    file = File(case)
    found = can_add_party(file, None, by, periods.local_date(at))
    if any(row.enterprise_id == enterprise.pk and not row.is_person for row in file.respondents):
        found.append(Reason(_("这个单位已经是本案当事人。"), field="enterprise"))
    _row.refuse(found)
    row = Respondent(
        kind=Respondent.Kind.UNIT,
        enterprise=enterprise,
        name=enterprise.name,
        credit_code=enterprise.uscc or "",
        representative=enterprise.legal_representative,
        address=enterprise.address,
        facts=facts.strip(),
    )
    return _enter(file, row, "cases.add_unit", by=by, at=at)


@transaction.atomic
def add_person(case: Case, *, by: User, at: datetime, **facts: Any) -> Respondent:
    """A person, with the facts named in `PERSON_FACTS`. Date of birth and sex are taken from a
    citizen number where they were left empty.

    Raises Refused: the number has a wrong character, says another date or sex, belongs to somebody
    who is in the case already.
    """
    case = _row.lock(case)
    file = File(case)
    given = _person(facts)
    _row.refuse(
        can_add_party(file, None, by, periods.local_date(at))
        + _of_person(file, given, periods.local_date(at))
    )
    row = Respondent(kind=Respondent.Kind.PERSON, **given)
    return _enter(file, row, "cases.add_person", by=by, at=at)


def _enter(file: File, row: Respondent, verb: str, *, by: User, at: datetime) -> Respondent:
    case = file.case
    row.case, row.entered_at, row.entered_by = case, at, by
    row.position = max((each.position for each in file.respondents), default=0) + 1
    _save(row)
    _void.void_changed(file, by=by, at=at, reason=_("增加了当事人"))
    _row.settle(case, at=at)
    # Who it is stands in the row, not on the record.
    _row.record(verb, case, by=by, at=at, row=row, data={"role": row.role})
    return row


def _save(row: Respondent) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        if "respondent_person_once" not in str(fault):
            raise
        raise Refused([_twice()]) from fault


def _twice() -> Reason:
    return Reason(_("这个证件号码的人已经是本案当事人。"), field="identity")


def _person(facts: dict[str, Any], row: Respondent | None = None) -> dict[str, Any]:
    """The facts as they are kept: the number cleaned, date of birth and sex from the number."""
    given = {name: facts[name] for name in PERSON_FACTS if name in facts}
    for name, value in given.items():
        given[name] = value.strip() if isinstance(value, str) else value
    born = given.get("born_on")
    if isinstance(born, date):
        given["born_on"] = born.isoformat()
    elif born is None and "born_on" in given:
        given["born_on"] = ""
    if given.get("identity"):
        given["identity"] = numbers.clean(given["identity"])
    kind = given.get("identity_kind", row.identity_kind if row else "")
    number = given.get("identity", row.identity if row else "")
    if kind == numbers.CITIZEN and numbers.is_citizen_number(number):
        birth = numbers.born_on(number)
        if not given.get("born_on") and birth is not None:
            given["born_on"] = birth.isoformat()
        given["sex"] = given.get("sex") or numbers.sex(number)
    return given


def _of_person(
    file: File, given: dict[str, Any], today: date, row: Respondent | None = None
) -> list[Reason]:
    found: list[Reason] = []
    name = given.get("name", row.name if row else "")
    found += _row.needs(name, "name", _("写明姓名。"))
    kind = given.get("identity_kind", row.identity_kind if row else "")
    number = given.get("identity", row.identity if row else "")
    if number and not kind:
        found.append(Reason(_("选择证件种类。"), field="identity_kind"))
    if number and kind == numbers.CITIZEN:
        found += _of_number(number, given, today)
    for other in file.respondents:
        if not other.is_person or (row is not None and other.pk == row.pk):
            continue
        if number and other.identity == number:
            found.append(_twice())
        elif other.name == name and not (number and other.identity):
            text = _("本案已有同名的当事人；是另一个人的，两人都填写证件号码。")
            found.append(Reason(text, field="name"))
    return found


def _of_number(number: str, given: dict[str, Any], today: date) -> list[Reason]:
    """What is wrong with a citizen number (GB 11643), or with what was typed beside it."""
    if not numbers.is_citizen_number(number):
        text = _("居民身份证号码不对：应为 18 位，出生日期和最后一位校验码要相符。")
        return [Reason(text, field="identity")]
    found = []
    birth = numbers.born_on(number)
    assert birth is not None
    if birth > today:
        found.append(Reason(_("身份证号码中的出生日期晚于今天。"), field="identity"))
    if given.get("born_on") and given["born_on"] != birth.isoformat():
        found.append(Reason(_("出生日期与身份证号码不一致。"), field="born_on"))
    if given.get("sex") and given["sex"] != numbers.sex(number):
        found.append(Reason(_("性别与身份证号码不一致。"), field="sex"))
    return found


@transaction.atomic
def amend_party(row: Respondent, *, by: User, at: datetime, **facts: Any) -> Respondent:
    """Correct what is known of a party. What a notice told of it must be told again if it changed.

    Raises Refused as entering does. Saving without a change leaves no line.
    """
    case = row.case = _row.lock(row.case)
    file = File(case)
    today = periods.local_date(at)
    found = can_amend_party(file, row, by, today)
    if row.is_person:
        given = _person(facts, row)
        found += _of_person(file, given, today, row)
    else:
        given = {name: facts[name].strip() for name in UNIT_FACTS if name in facts}
        found += _row.needs(given.get("name", row.name), "name", _("写明名称。"))
    _row.refuse(found)
    changed = [name for name, value in given.items() if value != getattr(row, name)]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, given[name])
    _save(row)
    _void.void_changed(file, by=by, at=at, reason=_("当事人的情况有更改"))
    _row.settle(case, at=at)
    data = {"fields": sorted(changed)}
    _row.record("cases.amend_party", case, by=by, at=at, row=row, data=data)
    return row


def can_remove_party(file: File, row: Respondent, user: User, today: date) -> list[Reason]:
    """Before anything was told to this party, proposed or recorded of it; one must remain."""
    found = _undecided(file)
    if any(each.respondent_id == row.pk for each in file.tolds):
        found.append(Reason(_("已经告知过，不能移除；不处罚的，作出不予处罚决定。")))
    if len(file.respondents) < 2:
        found.append(Reason(_("案件至少要有一个当事人。")))
    if file.items_of(row) or file.circumstances_of(row):
        found.append(Reason(_("已有对这个当事人的处罚建议，先移除处罚建议。")))
    if any(each.respondent_id == row.pk for each in file.statements):
        found.append(Reason(_("已有这个当事人的询问笔录，不能移除。")))
    if any(each.successor_id == row.pk for each in file.respondents):
        found.append(Reason(_("它是另一当事人的承受者，不能移除。")))
    return found


@transaction.atomic
def remove_party(row: Respondent, *, by: User, at: datetime, reason: str) -> Case:
    """Take out a party that was entered by mistake, or did nothing. Raises Refused."""
    case = row.case = _row.lock(row.case)
    file = File(case)
    _row.refuse(
        can_remove_party(file, row, by, periods.local_date(at)) + _row.needs(reason, "reason")
    )
    role = row.role
    row.delete()
    _void.void_changed(file, by=by, at=at, reason=_("移除了当事人"))
    said = {"role": role}
    file = _row.settle(case, at=at)
    if deciding.is_all_decided(file):
        deciding.close_deciding(case, file, verb="cases.remove_party", said=said, by=by, at=at)
    else:
        _row.record("cases.remove_party", case, by=by, at=at, reason=reason, data=said)
    return case


# --- What becomes of a party ---------------------------------------------------------------------


def can_record_status(file: File, row: Respondent, user: User, today: date) -> list[Reason]:
    """Until the case is over."""
    if file.case.state in (CaseState.CLOSED, CaseState.DECLINED):
        return [Reason(_("案件已经办结。"))]
    return []


@transaction.atomic
def record_status(
    row: Respondent,
    *,
    by: User,
    at: datetime,
    status: str,
    note: str,
    on: date | None = None,
    successor: Respondent | None = None,
) -> Respondent:
    """A person died; a unit merged, split or was struck off; or an entry of it was wrong
    (`status` standing). See `penalties.standing` for what follows.

    Raises Refused: a unit cannot die, nor a person merge; a day missing, in the future; a successor
    that is the party itself or does not stand.
    """
    case = row.case = _row.lock(row.case)
    today = periods.local_date(at)
    found = can_record_status(File(case), row, by, today)
    found += _row.needs(note, "note", _("写明变动的情况和依据的材料。"))
    if row.is_person and status in (S.MERGED, S.DEREGISTERED):
        found.append(Reason(_("个人只能登记死亡。"), field="status"))
    if not row.is_person and status == S.DEAD:
        found.append(Reason(_("单位不能登记死亡。"), field="status"))
    if status == S.STANDING:
        on, successor = None, None
        found += _back_too_late(row)
    elif on is None:
        found.append(Reason(_("填写变动日期。"), field="on"))
    elif on > today:
        found.append(Reason(_("变动日期不能晚于今天。"), field="on"))
    if successor is not None:
        found += _of_successor(row, successor, status)
    _row.refuse(found)
    row.status, row.status_on, row.status_note, row.successor = status, on, note, successor
    row.save(update_fields=["status", "status_on", "status_note", "successor"])
    file = _row.settle(case, at=at)
    data = {"status": status, "on": on}
    if deciding.is_all_decided(file):  # the last one who was still to be decided on is gone
        deciding.close_deciding(case, file, verb="cases.record_status", said=data, by=by, at=at)
    else:
        _row.record("cases.record_status", case, by=by, at=at, reason=note, row=row, data=data)
    return row


def _back_too_late(row: Respondent) -> list[Reason]:
    """A party that comes back after the decision would have none, and could get none."""
    if row.case.state != CaseState.DECIDED or File(row.case).decision(row) is not None:
        return []
    text = _("案件已经决定，恢复以后没有办法再对它作出决定。变动登记有误的，先撤回决定再改。")
    url = f"{row.case.get_absolute_url()}?tab=decision"
    return [Reason(text, field="status", url=url, url_text=_("看决定"))]


def _of_successor(row: Respondent, successor: Respondent, status: str) -> list[Reason]:
    if status != S.MERGED:
        return [Reason(_("只有合并、分立才有承受者。"), field="successor")]
    if successor.case_id != row.case_id or successor.pk == row.pk:
        return [Reason(_("承受者须是本案的另一当事人。"), field="successor")]
    if successor.is_person or successor.status != S.STANDING:
        return [Reason(_("承受者须是存续的单位。"), field="successor")]
    return []
