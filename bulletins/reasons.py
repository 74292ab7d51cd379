"""Why something cannot be done with a bulletin: shown before the button, enforced by the verb."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from audit.trail import Reason
from bulletins import personal, publications, wording
from bulletins.models import (
    LONGEST_TEXT,
    MOST_CASES,
    Bulletin,
    BulletinState,
    Entry,
    Publication,
    PublicationState,
)
from notices import glyphs
from penalties.models import Case

S = BulletinState


def can_draft(cases: Sequence[Case]) -> list[Reason]:
    """Why no bulletin can be made of these cases."""
    if not cases:
        return [Reason(_("至少选择一个案件。"), field="cases")]
    found = []
    if len(cases) > MOST_CASES:
        text = _("一份通报最多 %(most)d 个案件。") % {"most": MOST_CASES}
        found.append(Reason(text, field="cases"))
    publications_of = publications.of_cases(cases)
    for case in cases:
        found += case_reasons(case, publications_of.get(case.pk))
    return found


def case_reasons(case: Case, publication: Publication | None) -> list[Reason]:
    """Why this case cannot be told to the public."""
    words = {"case": str(case)}
    if case.decided_on is None:
        text = _("%(case)s还没有处罚决定，不能通报。") % words
        return [Reason(text, basis="APL@2021:48(1)", field="cases", url=case.get_absolute_url())]
    if publication is None:
        return []
    url = publication.get_absolute_url()
    if publication.fall:
        text = _("%(case)s的处罚决定已经变动，不能再通报。") % words
        return [Reason(text, basis="APL@2021:48(2)", field="cases", url=url)]
    if publication.state == PublicationState.EXEMPT:
        text = _("%(case)s的处罚决定登记为不公开。") % words
        return [Reason(text, basis="APL@2021:48(1)", field="cases", url=url)]
    return []


def in_draft(bulletin: Bulletin) -> list[Reason]:
    """Why its words cannot be changed."""
    if bulletin.state == S.DRAFT:
        return []
    if bulletin.state == S.SUBMITTED:
        return [Reason(_("通报已经送审，退回后才能修改。"))]
    return [Reason(_("通报已经定稿，不能修改；有错误的撤回后另行起草。"))]


def can_submit(bulletin: Bulletin) -> list[Reason]:
    """Why it cannot go to the second person."""
    if bulletin.state != S.DRAFT:
        return in_draft(bulletin)
    return text_reasons(bulletin)


def can_approve(bulletin: Bulletin, user: User) -> list[Reason]:
    """Why this person cannot approve it now."""
    if bulletin.state != S.SUBMITTED:
        return [Reason(_("通报不在待审核状态。"))]
    return _second_person(bulletin, user) + text_reasons(bulletin)


def can_send_back(bulletin: Bulletin) -> list[Reason]:
    """Why it cannot go back to the drafter."""
    if bulletin.state == S.SUBMITTED:
        return []
    return [Reason(_("通报不在待审核状态。"))]


def can_publish(bulletin: Bulletin) -> list[Reason]:
    """Why it cannot be entered as published."""
    if bulletin.state != S.APPROVED:
        return [Reason(_("通报还没有审核通过，或者已经发布、撤回。"))]
    return text_reasons(bulletin)


def can_withdraw(bulletin: Bulletin) -> list[Reason]:
    """Why it cannot be taken back."""
    if bulletin.state in (S.APPROVED, S.PUBLISHED):
        return []
    return [Reason(_("只有定稿或者发布的通报可以撤回。"))]


def can_discard(bulletin: Bulletin) -> list[Reason]:
    """Why it cannot be given up."""
    return [] if bulletin.state == S.DRAFT else [Reason(_("只有草稿可以作废。"))]


def _second_person(bulletin: Bulletin, user: User) -> list[Reason]:
    if user.pk in (bulletin.drafted_by_id, bulletin.edited_by_id, bulletin.submitted_by_id):
        return [Reason(_("起草、修改或者送审的人不能审核，须由另一人审核。"), house=True)]
    return []


def text_reasons(bulletin: Bulletin) -> list[Reason]:
    """What is wrong with the words: missing, too long, not printable, or naming somebody."""
    return words_reasons(bulletin, entries_of(bulletin))


def words_reasons(bulletin: Bulletin, entries: Sequence[Entry]) -> list[Reason]:
    """The same of words that may not be saved yet (`as_typed`)."""
    found = []
    if not entries:
        found.append(Reason(_("通报里没有案例。"), url=bulletin.get_absolute_url()))
    for place in fields(bulletin, entries):
        if not place.text.strip() and place.field != "reminder":
            found.append(
                Reason(_("%(where)s没有填写。") % {"where": place.word}, field=place.field)
            )
        if len(place.text) > LONGEST_TEXT:
            text = _("%(where)s超过 %(most)d 字。") % {"where": place.word, "most": LONGEST_TEXT}
            found.append(Reason(text, field=place.field))
        lacking = glyphs.missing(glyphs.clean(place.text))
        if lacking:
            found.append(Reason(glyphs.sentence(lacking), field=place.field))
    cases = [entry.case for entry in entries]
    publications_of = publications.of_cases(cases)
    found += [
        reason for case in cases for reason in case_reasons(case, publications_of.get(case.pk))
    ]
    known = wording.known_places()
    for hit in personal.search(fields(bulletin, entries), personal.needles(cases, known)):
        found.append(Reason(hit.sentence, field=hit.place.field, url=_edit_url(bulletin)))
    return found


def _edit_url(bulletin: Bulletin) -> str:
    return f"{bulletin.get_absolute_url()}amend/" if bulletin.state == S.DRAFT else ""


def fields(bulletin: Bulletin, entries: Sequence[Entry]) -> list[personal.Place]:
    """Every field that people type, by the name of its form field."""
    return [
        personal.Place("title", _("标题"), bulletin.title),
        personal.Place("intro", _("开头"), bulletin.intro),
        *(
            personal.Place(text_field(entry), _("案例 %(n)d") % {"n": entry.ordinal}, entry.text)
            for entry in entries
        ),
        personal.Place("reminder", _("结尾提醒"), bulletin.reminder),
    ]


def text_field(entry: Entry) -> str:
    """The name of the form field that holds the text of this entry."""
    return f"text-{entry.pk}"


def entries_of(bulletin: Bulletin) -> list[Entry]:
    """The entries with all that the search for names needs; a fixed number of queries."""
    return list(
        bulletin.entries.select_related(
            "case__enterprise__region",
            "case__inspection__system",
            "case__order__drafted_by",
            "case__order__approved_by",
            "case__order__issued_by",
            "case__order__judged_by",
            "case__filed_by",
            "case__decision_entered_by",
            "case__unit",
        )
        .prefetch_related("case__inspection__officers")
        .order_by("ordinal")
    )
