"""The doors of papers that are out: serve, receipt, scans, withdrawal, the list and its export."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from audit import trail
from audit.trail import Refused
from notices import kinds, papers, receipts, scans, service
from notices.models import Notice, Scan, Service
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.vault import png
from vault.uploads import Checked

pytestmark = pytest.mark.django_db
NOW = "2025-03-01T10:00:00+08:00"
PAGE_QUERIES = 14


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def notice():
    """A paper whose owner has no door of its own for its service."""
    return make.issue_decision()


@pytest.fixture
def officer(client, notice):
    user = UserFactory(unit=notice.unit, supervisor=True, name="覃海波")
    client.force_login(user)
    return user


def form_of(notice, **changes):
    pair = [UserFactory(unit=notice.unit, inspector=True) for _ in range(2)]
    return {
        "method": "direct",
        "outcome": "served",
        "attempted_on": "2025-02-13",
        "attempted_time": "15:20",
        "place": "企业办公室",
        "recipient": "李某某",
        "relation": "receiver",
        "server_1": str(pair[0].pk),
        "server_2": str(pair[1].pk),
    } | changes


def to(name, notice):
    return reverse(f"notices:{name}", args=[notice.pk])


def record(notice, **facts):
    pair = tuple(UserFactory(unit=notice.unit, inspector=True) for _ in range(2))
    given = {
        "method": "direct",
        "outcome": "served",
        "attempted_on": date(2025, 2, 13),
        "recipient": "李某某",
        "place": "企业办公室",
        "servers": pair,
        "by": pair[0],
        "at": make.later(days=50),
    }
    return service.record(notice, **given | facts)


def test_the_door_says_each_rule_and_records_with_proof(client, officer, notice):
    page = client.get(to("serve", notice)).content.decode()
    for words in ("自公告之日起经过 30 日视为送达", "《民事诉讼法》", "以后公告送达的根据"):
        assert words in page, words
    proof = SimpleUploadedFile("回证.png", png(), "image/png")

    answer = client.post(to("serve", notice), form_of(notice, proof=proof), follow=True)
    page = answer.content.decode()

    assert "2025年2月13日视为送达" in page
    assert "回证.png" in page
    attempt = Service.objects.get()
    assert (attempt.attempted_time.hour, attempt.proof.name) == (15, "回证.png")
    shown = client.post(to("proof", attempt))
    assert (shown.content, shown["Content-Type"]) == (png(), "image/png")


def test_nothing_typed_is_lost_when_something_lacks(client, officer, notice):
    given = form_of(notice, method="electronic", recipient="", address="office@example.cn")

    page = client.post(to("serve", notice), given | {"attempted_time": ""}).content.decode()

    assert "office@example.cn" in page
    assert "电子送达须经受送达人书面同意" in page
    assert "写明到达受送达人系统的时刻" in page
    assert not Service.objects.exists()


def test_a_file_that_is_no_scan_is_refused(client, officer, notice):
    for name, data, words in (
        ("回证.png", b"MZ not a picture", "内容"),
        ("回证.txt", "签收".encode(), "只接收图片和 PDF"),
    ):
        proof = SimpleUploadedFile(name, data)
        page = client.post(to("serve", notice), form_of(notice, proof=proof)).content.decode()
        assert words in page, name
    assert not Service.objects.exists()


def test_a_letter_that_comes_back_asks_for_another_service(client, officer, notice):
    letter = {"method": "post", "tracking_number": "XA1", "server_1": "", "server_2": ""}
    client.post(to("serve", notice), form_of(notice, **letter))
    back = form_of(notice, **letter, outcome="returned", attempted_on="2025-02-20", recipient="")

    page = client.post(to("serve", notice), back, follow=True).content.decode()

    assert "退回，此前的送达不计" in page
    assert "须重新送达" in page
    assert "因退回不计" in page
    assert notice.served_on() is None


def test_a_second_click_records_one_attempt_and_a_second_service_moves_no_day(
    client, officer, notice
):
    page = client.get(to("serve", notice))
    token = page.context["form"]["form_token"].value()
    given = form_of(notice, form_token=str(token))
    for _n in range(2):
        client.post(to("serve", notice), given)
    assert Service.objects.count() == 1

    again = form_of(notice, attempted_on="2025-02-20")
    answer = client.post(to("serve", notice), again, follow=True)
    assert "送达日期不变" in answer.content.decode()
    assert notice.served_on() == date(2025, 2, 13)


def test_an_order_is_served_and_withdrawn_at_its_own_doors(client, officer):
    order = make.issue()

    for name, door in (("serve", "record_service"), ("withdraw", "withdraw")):
        answer = client.get(to(name, order))
        assert answer["Location"] == reverse(f"orders:{door}", args=[order.subject_id])
        assert client.post(to(name, order), {"reason": "错"}).status_code == 302
    order.refresh_from_db()
    assert order.state == Notice.State.VALID


def test_the_paper_shows_until_when_remedies_may_be_asked(client, officer):
    order = make.issue()
    record(order, attempted_on=date(2025, 1, 9))

    page = client.get(to("detail", order)).content.decode()

    assert "至 2025-03-10" in page or "至 2025年3月10日" in page
    assert "至 2025年7月9日" in page or "至 2025-07-09" in page


def test_a_decision_on_more_time_is_not_withdrawn_by_itself(client, officer, notice):
    page = client.post(to("withdraw", notice), {"reason": "写错"}).content.decode()

    assert "它同时失效" in page
    notice.refresh_from_db()
    assert notice.state == Notice.State.VALID


def test_a_paper_is_withdrawn_with_a_reason_and_the_page_says_what_follows(client, officer):
    order = make.issue()
    record(order, attempted_on=date(2025, 1, 9))
    receipt = receipts.issue(order, by=officer, at=make.later(days=60))
    page = client.get(to("withdraw", receipt)).content.decode()
    assert "核验页向任何人显示已撤回" in page
    assert "请写明撤回的原因" in client.post(to("withdraw", receipt), {}).content.decode()

    answer = client.post(to("withdraw", receipt), {"reason": "空白回执用不上"}, follow=True)
    assert "空白回执用不上" in answer.content.decode()
    papers.withdraw(order, reason="对象错误", by=officer, at=make.later(days=61))
    page = client.get(to("detail", order)).content.decode()

    assert "这份文书已于2025" in page
    assert "须书面告知受送达人" in page
    assert "不能再送达" in str(service.can_serve(order)[0])


def test_scans_are_filed_with_their_own_hash_and_stay(client, officer, notice):
    for _n in range(2):
        scan = SimpleUploadedFile("附卷联.png", png(), "image/png")
        answer = client.post(
            to("file_scan", notice), {"kind": "signed_copy", "file": scan}, follow=True
        )
    kept = Scan.objects.get()
    page = answer.content.decode()
    assert "附卷联.png" in page
    assert kept.file.sha256[:8] in page
    assert client.post(to("scan", kept)).content == png()
    verbs = list(trail.timeline(notice).values_list("verb", flat=True))
    assert verbs == ["file.download", "notices.file_scan"]
    bad = SimpleUploadedFile("附卷联.docx", b"PK\x03\x04")
    assert client.post(to("file_scan", notice), {"kind": "stub", "file": bad}).status_code == 200
    assert Scan.objects.count() == 1


def test_the_database_keeps_a_scan_as_it_was_filed(notice):
    by = UserFactory(unit=notice.unit)
    upload = Checked("存根.png", "image/png", png())
    kept = scans.file_scan(notice, upload, kind="stub", by=by, at=make.later(days=40))

    with pytest.raises(DatabaseError), transaction.atomic():
        Scan.objects.filter(pk=kept.pk).update(kind="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Scan.objects.filter(pk=kept.pk).delete()
    with pytest.raises(Refused, match="种类"):
        scans.file_scan(notice, upload, kind="photo", by=by, at=make.later(days=40))


def test_a_stranger_reaches_none_of_it(client, notice):
    attempt = record(notice)
    client.force_login(UserFactory(unit=UnitFactory(), supervisor=True))
    for name in ("serve", "withdraw", "file_scan", "receipt"):
        assert client.post(to(name, notice), {"reason": "x"}).status_code == 404
    for name in ("proof", "add_proof"):
        assert client.post(to(name, attempt)).status_code == 404


def test_the_list_tells_what_is_served_sorts_and_exports(client, officer, notice):
    order = make.issue(addressee="=柳州某酒店有限公司")
    receipts.issue(order, by=officer, at=make.later(days=1))
    record(
        order,
        method="publication",
        outcome="published",
        recipient="",
        attempted_on=date(2025, 2, 25),
        cause="untraceable",
        grounds="下落不明",
        published_in="南宁日报",
    )
    record(notice)

    def found(**conditions):
        page = client.get(reverse("notices:list"), conditions)
        return [row.kind for row in page.context["page"].rows]

    receipt, decision = kinds.service.SERVICE_RECEIPT, kinds.EXTENSION_DECISION
    assert found(serving="served") == [decision]
    assert found(serving="waiting") == [kinds.CORRECTION_ORDER]
    assert found(serving="unserved") == []
    assert found(sort="old")[0] == kinds.CORRECTION_ORDER
    assert found(sort="number") == [kinds.CORRECTION_ORDER, decision, receipt]
    lines = client.get(reverse("notices:export"), {"serving": "waiting"}).content.decode()
    assert "公告送达,2025-03-27" in lines
    assert "'=柳州某酒店有限公司" in lines
    assert len(lines.strip().splitlines()) == 2


def test_the_page_costs_the_same_for_many_attempts(
    client, officer, notice, django_assert_max_num_queries
):
    for n in range(6):
        record(notice, outcome="failed", recipient="", attempted_on=date(2025, 2, 12 + n))
    client.get(to("detail", notice))

    with django_assert_max_num_queries(PAGE_QUERIES):
        client.get(to("detail", notice))
