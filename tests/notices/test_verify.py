"""Anybody who holds a paper can ask whether it is the one that was issued."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices import demo_authority, papers, printing, verification
from tests.factories import notices as make
from vault import files

pytestmark = pytest.mark.django_db


def address(notice):
    return reverse("verify", args=[notice.verify_code])


def pdf(data):
    return {"file": SimpleUploadedFile("a.pdf", data, "application/pdf")}


def test_it_confirms_number_date_and_hash_and_nothing_else(client, print_now):
    notice = print_now(make.issue())

    page = client.get(address(notice)).content.decode()

    for text in (notice.number, "责令限期改正通知书", "南宁市公安局", "2025年1月8日", "有效"):
        assert text in page
    assert notice.pdf_sha256 in re.sub(r"\s|<br>", "", page)
    assert "演示样例，没有法律效力。" in page
    for secret in (notice.addressee, "存储个人信息", "韦志强", "2025年2月12日"):
        assert secret not in page


def test_a_paper_still_in_print_is_confirmed_without_its_hash(client):
    page = client.get(address(make.issue())).content.decode()

    assert "PDF 正在生成" in page
    assert 'type="file"' not in page


def test_a_withdrawn_and_a_superseded_paper_say_so(client):
    old, new = make.issue(), make.issue()
    papers.supersede(old, new, reason="更正", by=old.issued_by, at=make.later(days=1))
    papers.withdraw(new, reason="不公开的原因", by=old.issued_by, at=make.later(days=2))

    assert "已被新的文书替代" in client.get(address(old)).content.decode()
    page = client.get(address(new)).content.decode()
    assert "这份文书已经撤回" in page
    assert "2025年1月10日" in page
    assert "不公开的原因" not in page


def test_the_same_file_is_genuine(client, print_now, settings):
    notice = print_now(make.issue())
    before = list(settings.MEDIA_ROOT.rglob("*"))

    page = client.post(address(notice), pdf(files.read(notice.pdf))).content.decode()

    assert "与签发的原件一致" in page
    assert list(settings.MEDIA_ROOT.rglob("*")) == before


def test_one_byte_less_is_found_and_the_difference_shown(client, print_now):
    notice = print_now(make.issue())

    page = client.post(address(notice), pdf(files.read(notice.pdf)[:-1])).content.decode()

    assert "与签发的原件不一致" in page
    assert "<mark>" in page


@pytest.fixture
def signed(print_now):
    """A paper of the demonstration unit, signed."""
    unit = make.nanning()
    demo_authority.ensure(at=timezone.now())
    return print_now(make.issue(unit=unit))


def test_who_signed_and_when_is_shown(client, signed):
    page = client.get(address(signed)).content.decode()

    assert "已签名" in page
    assert signed.certificate.subject in page
    assert signed.certificate.issuer in page
    assert "BEGIN CERTIFICATE" not in page


def test_the_print_before_signing_is_known_and_is_not_the_paper(client, signed):
    served = files.read(signed.pdf)
    unsigned = printing.render(signed).data

    assert "与签发的原件一致" in client.post(address(signed), pdf(served)).content.decode()
    page = client.post(address(signed), pdf(unsigned)).content.decode()
    assert "内容一致，但不是发出的文件" in page
    assert "与签发的原件一致" not in page


def test_each_altered_byte_is_refused_and_an_addition_named(client, signed, time_machine):
    data = files.read(signed.pdf)
    for place in range(20):
        time_machine.move_to(f"2025-02-08T10:{place:02}:00+08:00", tick=False)
        at = place * (len(data) - 1) // 19
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        page = client.post(address(signed), pdf(altered)).content.decode()
        assert "与签发的原件不一致" in page, at
        assert "被追加了内容" not in page
    time_machine.move_to("2025-02-08T11:00:00+08:00", tick=False)
    page = client.post(address(signed), pdf(data + b"\n% note\n")).content.decode()
    assert "与签发的原件不一致" in page
    assert "被追加了内容" in page


def test_the_file_of_a_withdrawn_paper_is_genuine_and_void(client, print_now):
    notice = print_now(make.issue())
    papers.withdraw(notice, reason="错误", by=notice.issued_by, at=make.later(days=1))

    page = client.post(address(notice), pdf(files.read(notice.pdf))).content.decode()

    assert "这份文书已经撤回" in page


def test_no_file_and_a_huge_file_are_refused_kindly(client, print_now, monkeypatch):
    notice = print_now(make.issue())
    assert "请先选择" in client.post(address(notice)).content.decode()

    monkeypatch.setattr(verification, "LARGEST", 1000)
    assert "请先选择" in client.post(address(notice), pdf(b"x" * 200_000)).content.decode()


@pytest.mark.parametrize("code", ["x", "A" * 22, "A" * 5000, "%00", "' OR 1=1 --", "编号"])
def test_unknown_and_malformed_get_the_same_answer(client, code):
    make.issue()

    answer = client.get(reverse("verify", args=[code]))

    assert answer.status_code == 404
    assert "没有找到这份文书" in answer.content.decode()


def test_numbers_are_no_way_in(client):
    notice = make.issue()

    assert client.get(reverse("verify", args=[notice.number])).status_code == 404
    assert client.get(reverse("verify", args=[notice.pk])).status_code == 404


def test_the_thirty_first_question_within_a_minute_waits(client, time_machine):
    time_machine.move_to("2025-02-08T10:00:00+08:00", tick=False)
    notice = make.issue()

    answers = [client.get(address(notice)).status_code for _ in range(31)]

    assert answers == [200] * 30 + [429]
    time_machine.move_to("2025-02-08T10:01:00+08:00", tick=False)
    assert client.get(address(notice)).status_code == 200


def test_the_form_is_protected_against_forgery(print_now):
    notice = print_now(make.issue())

    answer = Client(enforce_csrf_checks=True).post(address(notice), pdf(b"x"))

    assert answer.status_code == 403
