"""From chosen cases to a text that two people stand behind; and every constraint broken once."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit import trail
from audit.models import Event
from audit.trail import Decided, Refused
from bulletins import bulletins, publications
from bulletins.models import Bulletin, BulletinState, Entry, Export
from deadlines.models import Deadline
from enterprises.register import Changed
from jobs.models import Job
from tests.factories import bulletins as make
from tests.factories.rectification import at
from vault import files

pytestmark = pytest.mark.django_db


def lines(bulletin):
    events = Event.objects.filter(subject_id=str(bulletin.pk)).order_by("id")
    return list(events.values_list("verb", flat=True))


def said(bulletin, **changes):
    given = {
        "version": bulletin.version,
        "title": bulletin.title,
        "intro": bulletin.intro,
        "reminder": bulletin.reminder,
        "texts": {},
    }
    return given | changes


def test_the_text_of_a_case_has_every_element_and_no_name(desk):
    bulletin = make.drafted(desk)
    text = bulletin.entries.get().text

    assert text.split("\n") == [
        "南宁网安支队在网络安全监督检查中发现，南宁某客货服务有限责任公司存在"
        "存储公民个人信息且未采取任何加密措施等问题。",
        "根据《中华人民共和国网络安全法》第二十一条、第五十九条第一款之规定，网安部门对该公司"
        "不履行网络安全保护义务的违法行为处以警告的行政处罚。",
    ]
    assert bulletin.title == "南宁市公安局通报一起网络安全行政处罚典型案例"


def test_an_old_text_of_a_law_is_told_by_its_year(desk):
    late = bulletins.draft(
        [make.decided(desk)], unit=desk.unit, by=desk.inspector, at=at(date(2026, 2, 2))
    )
    assert "《中华人民共和国网络安全法》（2016）第二十一条" in late.entries.get().text


def test_cases_of_the_same_sort_are_told_apart_also_when_one_is_added(desk):
    first, second, third = (
        make.decided(desk, f"南宁{brand}酒店有限公司") for brand in ("云水", "桂悦", "锦绣")
    )
    bulletin = make.drafted(desk, first, second)
    row = bulletins.add(
        bulletin, [third], version=bulletin.version, by=desk.inspector, at=at(make.DRAFTED_ON)
    )
    texts = list(row.entries.order_by("ordinal").values_list("text", flat=True))

    for mark, text in zip("甲乙丙", texts, strict=True):
        assert f"南宁某{mark}酒店有限公司" in text
    middle = row.entries.get(ordinal=2)
    row = bulletins.drop(
        row, middle, version=row.version, by=desk.inspector, at=at(make.DRAFTED_ON)
    )
    assert list(row.entries.order_by("ordinal").values_list("ordinal", "case")) == [
        (1, first.pk),
        (2, third.pk),
    ]


def test_the_whole_life_leaves_a_line_for_each_step(desk):
    bulletin = make.published(desk)
    bulletins.withdraw(bulletin, by=desk.supervisor, at=at(date(2025, 1, 17)), reason="表述有误")

    assert bulletin.state == BulletinState.WITHDRAWN
    assert lines(bulletin) == [
        "bulletins.draft",
        "bulletins.submit",
        "bulletins.approve",
        "bulletins.publish",
        "bulletins.withdraw",
    ]
    deadline = Deadline.objects.get(subject_id=bulletin.pk)
    assert (deadline.kind, deadline.state) == ("PUBLISH_20", "met")
    assert deadline.due_on == date(2025, 2, 18)  # 20 working days over the Spring Festival
    assert Job.objects.filter(kind="export_bulletin", key=str(bulletin.pk)).count() == 1


def test_nobody_approves_what_he_wrote_changed_or_submitted(desk):
    bulletin = make.drafted(desk)
    desk.inspector.verbs = desk.supervisor.verbs
    row = bulletins.amend(bulletin, by=desk.colleague, at=at(make.DRAFTED_ON), **said(bulletin))
    bulletins.submit(row, by=desk.supervisor, at=at(make.DRAFTED_ON))
    for person in (desk.inspector, desk.colleague, desk.supervisor):
        with pytest.raises(Refused, match="须由另一人审核"):
            bulletins.approve(row, by=person, at=at(make.APPROVED_ON))


def test_a_returned_bulletin_can_be_changed_and_goes_the_same_way(desk):
    bulletin = make.submitted(desk)
    with pytest.raises(Refused, match="写明退回的理由"):
        bulletins.send_back(bulletin, by=desk.supervisor, at=at(make.APPROVED_ON), reason=" ")
    bulletins.send_back(bulletin, by=desk.supervisor, at=at(make.APPROVED_ON), reason="补充提醒")
    row = bulletins.amend(
        bulletin, by=desk.inspector, at=at(make.APPROVED_ON), **said(bulletin, reminder="提醒")
    )
    bulletins.submit(row, by=desk.inspector, at=at(make.APPROVED_ON))
    bulletins.approve(row, by=desk.supervisor, at=at(make.APPROVED_ON, 17))
    assert ["text", "提醒"] in row.words


def test_of_two_who_save_at_once_one_is_told(desk):
    bulletin = make.drafted(desk)
    bulletins.amend(
        bulletin, by=desk.colleague, at=at(make.DRAFTED_ON), **said(bulletin, title="甲")
    )
    with pytest.raises(Changed):
        bulletins.amend(
            bulletin, by=desk.inspector, at=at(make.DRAFTED_ON), **said(bulletin, title="乙")
        )
    bulletin.refresh_from_db()
    assert bulletin.title == "甲"


def test_of_two_who_decide_at_once_one_is_told(desk):
    bulletin = make.submitted(desk)
    late = Bulletin.objects.get(pk=bulletin.pk)
    bulletins.approve(bulletin, by=desk.supervisor, at=at(make.APPROVED_ON))
    with pytest.raises(Decided):
        trail.move(
            late,
            Bulletin.State.DRAFT,
            by=desk.supervisor,
            at=at(make.APPROVED_ON),
            verb="bulletins.send_back",
        )


def test_the_same_form_twice_makes_one(desk):
    case, token = make.decided(desk), uuid4()
    first = make.drafted(desk, case, form_token=token)
    assert make.drafted(desk, case, form_token=token).pk == first.pk


def test_what_cannot_be_told_is_refused(desk):
    with pytest.raises(Refused, match="至少选择一个案件"):
        bulletins.draft([], unit=desk.unit, by=desk.inspector, at=at(make.DRAFTED_ON))
    case = make.decided(desk)
    publications.exempt(
        case.publication, by=desk.inspector, at=at(make.DRAFTED_ON), reason="没有社会影响"
    )
    with pytest.raises(Refused, match="登记为不公开"):
        make.drafted(desk, case)


def test_a_bulletin_is_published_no_earlier_than_it_was_approved(desk):
    bulletin = make.approved(desk)
    for day, place, word in (
        (date(2025, 1, 14), "网站", "不能早于审核"),
        (date(2025, 1, 20), "网站", "不能晚于今天"),
        (make.PUBLISHED_ON, " ", "写明发布"),
    ):
        with pytest.raises(Refused, match=word):
            bulletins.publish(
                bulletin, by=desk.inspector, at=at(make.PUBLISHED_ON), on=day, place=place
            )


def test_a_draft_can_be_given_up_with_a_reason(desk):
    bulletin = make.drafted(desk)
    bulletins.discard(bulletin, by=desk.inspector, at=at(make.DRAFTED_ON), reason="不再通报")
    assert bulletin.state == BulletinState.WITHDRAWN
    assert not Job.objects.filter(kind="export_bulletin").exists()


# --- The database says so too ------------------------------------------------------------------


def broken(error, name, change):
    with pytest.raises(error, match=name), transaction.atomic():
        change()


def test_the_database_keeps_the_second_person_and_the_facts_of_each_state(desk):
    bulletin = make.submitted(desk)
    rows = Bulletin.objects.filter(pk=bulletin.pk)
    approved = {"state": "approved", "approved_at": at(make.APPROVED_ON), "words": [["title", "x"]]}
    broken(
        IntegrityError,
        "bulletin_approved_by_a_second_person",
        lambda: rows.update(approved_by=desk.inspector, **approved),
    )
    broken(
        IntegrityError,
        "bulletin_approved_pair|bulletin_state_has_its_facts",
        lambda: rows.update(**approved),
    )
    broken(
        IntegrityError,
        "bulletin_words_when_approved",
        lambda: rows.update(**approved | {"approved_by": desk.supervisor, "words": []}),
    )
    broken(
        IntegrityError,
        "bulletin_submitted_pair|bulletin_state_has_its_facts",
        lambda: rows.update(submitted_by=None),
    )
    broken(
        IntegrityError,
        "bulletin_published_pair|bulletin_state_has_its_facts",
        lambda: rows.update(state="published"),
    )
    broken(
        IntegrityError,
        "bulletin_withdrawn_pair|bulletin_state_has_its_facts",
        lambda: rows.update(withdrawn_by=desk.supervisor),
    )


def test_the_words_of_anything_but_a_draft_stay(desk):
    draft, bulletin = make.drafted(desk), make.approved(desk)
    broken(
        IntegrityError,
        "bulletin_has_a_title",
        lambda: Bulletin.objects.filter(pk=draft.pk).update(title=""),
    )
    rows = Bulletin.objects.filter(pk=bulletin.pk)
    broken(DatabaseError, "in a draft alone", lambda: rows.update(title="别的"))
    broken(DatabaseError, "stands", lambda: rows.update(words=[["title", "别的"]]))
    entries = Entry.objects.filter(bulletin=bulletin)
    broken(DatabaseError, "in a draft alone", lambda: entries.update(text="别的"))
    broken(DatabaseError, "in a draft alone", lambda: entries.delete())
    broken(DatabaseError, "never deleted", lambda: rows._raw_delete(rows.db))


def test_an_entry_has_its_own_place_and_case(desk):
    bulletin = make.drafted(desk, make.decided(desk), make.decided(desk, "南宁智联科技有限公司"))
    first, second = bulletin.entries.order_by("ordinal")
    rows = Entry.objects.filter(pk=second.pk)
    broken(IntegrityError, "entry_case_once", lambda: rows.update(case=first.case))
    broken(IntegrityError, "entry_ordinal_positive", lambda: rows.update(ordinal=0))

    def same_place():
        rows.update(ordinal=1)
        transaction.get_connection().check_constraints()

    broken(IntegrityError, "entry_ordinal_once", same_place)


def test_an_export_is_one_of_its_form_and_has_a_digest(desk):
    bulletin = make.approved(desk)

    def make_one(sha256="0" * 64, name="a"):
        Export.objects.create(
            bulletin=bulletin,
            form="html",
            file=files.store(b"x", name, "text/html"),
            sha256=sha256,
            size=1,
            made_at=at(make.APPROVED_ON),
        )

    broken(IntegrityError, "export_sha256_is_a_digest", lambda: make_one("kurz"))
    make_one()
    broken(IntegrityError, "export_form_once", make_one)
    rows = Export.objects.filter(bulletin=bulletin)
    broken(DatabaseError, "made once and kept", lambda: rows.update(size=2))
