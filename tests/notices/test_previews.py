"""A paper looked at before issue: the same words and printer, a mark, no number, gone in a day."""

import io

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from audit.models import Event
from audit.trail import Reason, Refused
from jobs import ledger
from jobs.models import Job
from notices import kinds, previews, reading
from notices.models import Notice, Preview, PreviewPicture, Series, TextBlock
from tests.factories import notices as make
from tests.factories.accounts import UserFactory
from vault import files
from vault.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker():
    return UserFactory(unit=make.nanning(), supervisor=True)


def look(maker, *, facts=None, at=make.ISSUED, **more):
    """A preview about its own maker, like the notices of the factory."""
    given = {
        "unit": maker.unit,
        "addressee": make.ADDRESSEE,
        "context": {**(facts or make.order_facts()).context(), "approved_by": ""},
        "subject": maker,
        "by": maker,
        "at": at,
        "demonstration": False,
    }
    return previews.make(kinds.CORRECTION_ORDER, **(given | more))


def work(preview):
    job = Job.objects.get(kind="print_preview", key=str(preview.pk))
    assert ledger.work(str(job.pk), clock=timezone.now)
    preview.refresh_from_db()
    return preview


def url(preview, name="preview"):
    return reverse(f"notices:{name}", args=[preview.pk])


def test_it_is_made_as_the_paper_is_and_says_that_it_is_none(maker):
    preview = work(look(maker))
    data = files.read(preview.pdf)
    pages = [reading.squeeze(p.extract_text()) for p in pypdf.PdfReader(io.BytesIO(data)).pages]

    assert len(pages) == preview.pages
    assert all("预览尚未签发" in page for page in pages)
    assert all("演示样例无法律效力" in page for page in pages)
    assert "（签发时编号）" in pages[0]
    assert make.FOUND[0][0] in pages[0]
    assert not Notice.objects.exists()
    assert not Series.objects.exists()
    first = preview.pictures.first()
    assert preview.pictures.count() == preview.pages
    assert files.read(first.file).startswith(b"\x89PNG")
    assert Event.objects.get(verb="notices.preview").actor == maker


def test_one_that_is_there_already_is_not_made_again(maker):
    preview = look(maker)
    assert look(maker, at=make.later(hours=2)) == preview
    assert look(maker, at=make.later(days=1)) != preview
    assert look(maker, facts=make.order_facts(2)) != preview
    assert Job.objects.filter(kind="print_preview").count() == 3


def test_what_lacks_does_not_stop_it_and_stands_beside(maker, client):
    Unit.objects.filter(pk=maker.unit.pk).update(reconsideration_body="")
    maker.unit.refresh_from_db()
    preview = look(maker, facts=make.order_facts(0), addressee="")
    client.force_login(maker)
    page = client.get(url(preview)).content.decode()

    assert "没有受送达人" in page
    assert "没有设置行政复议机关" in page
    assert "文书还缺" in page
    assert 'data-state="queued"' in page
    assert client.get(url(preview, "preview_pdf")).status_code == 302


def test_a_character_in_no_face_stops_it(maker):
    with pytest.raises(Refused, match=r"U\+2B740"):
        look(maker, addressee="甲\U0002b740公司")
    assert not Preview.objects.exists()


def test_only_the_maker_opens_it(maker, client):
    preview = work(look(maker, lacking=[Reason("缺一项", url="/x/#y", url_text="去补")]))
    client.force_login(maker)
    page = client.get(url(preview)).content.decode()
    assert f"{url(preview, 'preview_page')}?no=1" in page
    assert 'href="/x/#y"' in page
    assert client.get(url(preview, "preview_state")).json()["state"] == "ready"
    assert client.get(url(preview, "preview_pdf")).content.startswith(b"%PDF")
    picture = client.get(url(preview, "preview_page"), {"no": "1"})
    assert picture["Content-Type"] == "image/png"
    for no in ("0", "99", "x", "9" * 9):
        assert client.get(url(preview, "preview_page"), {"no": no}).status_code == 404

    client.force_login(UserFactory(unit=maker.unit, supervisor=True))
    for name in ("preview", "preview_state", "preview_pdf", "preview_page"):
        assert client.get(url(preview, name)).status_code == 404


def test_it_is_gone_after_a_day_with_its_files(maker, django_capture_on_commit_callbacks):
    old = work(look(maker))
    kept = look(maker, at=make.later(hours=20))
    stored = [old.pdf, *(each.file for each in old.pictures.all())]
    with django_capture_on_commit_callbacks(execute=True):
        assert previews.sweep(at=make.later(days=1, minutes=1)) == 1

    assert list(Preview.objects.all()) == [kept]
    assert not PreviewPicture.objects.exists()
    assert not StoredFile.objects.filter(pk__in=[each.pk for each in stored]).exists()
    for each in stored:
        with pytest.raises(files.Damaged, match="missing"):
            files.read(each)
    assert previews.sweep(at=make.later(days=1, minutes=1)) == 0


def test_a_job_whose_preview_was_swept_ends_quietly(maker):
    preview = look(maker)
    job = Job.objects.get(kind="print_preview")
    previews.sweep(at=make.later(days=3))
    assert ledger.work(str(job.pk), clock=timezone.now)
    assert not Preview.objects.filter(pk=preview.pk).exists()
    assert not StoredFile.objects.exists()


def test_swept_between_print_and_filing_it_leaves_no_file(maker):
    preview = look(maker)
    effect = previews.owed_print(str(preview.pk))
    previews.sweep(at=make.later(days=3))
    effect(make.ISSUED)
    assert not StoredFile.objects.exists()


def compare(preview, **changes):
    given = {
        "unit": Unit.objects.get(pk=preview.unit_id),
        "addressee": make.ADDRESSEE,
        "context": {**make.order_facts().context(), "approved_by": ""},
        "at": make.later(hours=3),
        "demonstration": False,
    }
    return previews.differences(preview, **(given | changes))


def test_another_day_of_issue_is_no_difference(maker):
    preview = look(maker)
    assert compare(preview) == []
    assert compare(preview, at=make.later(days=1)) == []


def test_what_changed_since_is_told_place_by_place(maker):
    preview = look(maker)
    Unit.objects.filter(pk=maker.unit.pk).update(name="南宁市公安局新局")
    text = "不服的，可以在{reconsideration_within}内向{reconsideration_body}申请复议，" + (
        "或者在{litigation_within}内向{court}起诉。"
    )
    TextBlock.objects.create(
        code="remedies", unit=maker.unit, effective_from=make.ISSUED.date(), text=text
    )
    found = compare(preview)
    assert any(each.was == "南宁市公安局" and each.now == "南宁市公安局新局" for each in found)
    assert any("如不服本决定" in each.was and "起诉。" in each.now for each in found)
    assert all("预览" not in each.now for each in found)


def test_another_seal_is_a_difference(maker):
    unit = maker.unit
    Unit.objects.filter(pk=unit.pk).update(is_demonstration=False)
    unit.refresh_from_db()
    preview = look(maker)
    unit.seal = files.store(b"\x89PNG", "印章.png", "image/png", maker)
    unit.save()
    assert "现在的印章" in [each.now for each in compare(preview)]


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"pages": 2}, "preview_pdf_whole_or_none"), ({"printed_at": make.ISSUED}, "whole_or_none")],
)
def test_the_database_refuses_half_a_print(maker, changes, name):
    preview = look(maker)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Preview.objects.filter(pk=preview.pk).update(**changes)


def test_the_database_keeps_one_picture_of_a_page(maker):
    picture = work(look(maker)).pictures.first()
    other = files.store(b"x", "x.png", "image/png", maker)
    for no, name in ((picture.no, "preview_picture_once"), (0, "preview_picture_from_one")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PreviewPicture.objects.create(
                preview=picture.preview, no=no, file=other, width=1, height=1
            )
