"""The three papers of a visit in print: in the order of their forms, whole, and readable."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest

from inspections import fieldwork, paper_facts, papers
from inspections.models import Inspection
from legal.models import Article, ViolationType
from notices import elements, kinds, printing, reading
from notices.kinds.inspections import ADVISORY, INSPECTION_NOTICE, INSPECTION_RECORD
from notices.models import Notice
from tests.factories.accounts import UnitFactory, UserFactory
from tests.factories.enterprises import EnterpriseFactory, SystemFactory
from tests.factories.inspections import photo
from tests.inspections.test_papers import at, filled

pytestmark = pytest.mark.django_db

SEEN = "货运管理系统数据库以明文存储旅客、货主的姓名、身份证件号码、联系电话、住址"
VECTOR = '<script>alert(1)</script><link rel="attachment" href="file:///etc/passwd">{{ 7 }}{% x %}'


def visited(findings: int = 1, *, supported: bool = False, **heads: Any) -> Inspection:
    """A visit with its notice, signed; rare names all over."""
    unit = UnitFactory(letterhead="南宁市公安局")
    first = UserFactory(unit=unit, inspector=True, name="王㛃")
    second = UserFactory(unit=unit, inspector=True, name="陈䶮")
    company = EnterpriseFactory(
        unit=unit, name="南宁某客货服务有限责任公司", address="南宁市青秀区民族大道1号"
    )
    given: dict[str, Any] = {
        "place": "南宁市青秀区民族大道1号三楼机房",
        "met_name": "张𬭎",
        "met_title": "网络安全管理人员",
        "summary": "检查了货运管理系统的账号、权限、数据库存储和日志留存情况",
        "objections": "无",
        "signature": "signed",
    }
    inspection = fieldwork.open_inspection(
        by=first,
        at=at(9, 30),
        enterprise=company,
        system=SystemFactory(enterprise=company, name="货运管理系统"),
        started_at=at(9, 30),
        officers=[first, second],
        **(given | heads),
    )
    support = {"support_organ": "某网络安全技术有限公司", "support_people": "赵一\n钱二"}
    filled(inspection, first, **(support if supported else {}))
    papers.issue_notice(inspection, by=first, at=at(9, 31))
    kind = ViolationType.objects.get(pk="PII_UNENCRYPTED")
    for number in range(1, findings + 1):
        finding = fieldwork.log_finding(
            inspection,
            by=first,
            at=at(10),
            violation_type=kind,
            seen=f"第{number}处：{SEEN}",
            required_correction="对存储的个人信息采取加密措施，并完成历史数据的加密改造",
            duty=[Article.objects.by_ref("CSL@2025:23(1)[4]")],
        )
        if number == 1:
            fieldwork.add_evidence(
                inspection, photo(), by=first, at=at(10), finding=finding, title="明文存储截图"
            )
    row = Inspection.objects.get(pk=inspection.pk)
    row = fieldwork.amend(row, by=first, at=at(11, 30), version=row.version, ended_at=at(11, 20))
    fieldwork.record_inspection(row, by=first, at=at(11, 30))
    filled(row, first, **(support if supported else {}))
    return row


def notice_of(inspection: Inspection) -> Notice:
    return Notice.objects.get(kind=INSPECTION_NOTICE, subject_id=inspection.pk)


def record_of(inspection: Inspection) -> Notice:
    return papers.issue_record(inspection, by=inspection.created_by, at=at(11, 40))


def letter_of(inspection: Inspection, most: int = 3) -> Notice:
    risks = [
        paper_facts.Risk(finding, finding.required_correction)
        for finding in inspection.findings.all()[:most]
    ]
    return papers.issue_advisory(
        inspection, risks, to="enterprise", by=inspection.created_by, at=at(15)
    )


def pages_of(notice: Notice) -> list[str]:
    """The text of each page by another reader than the one that printing asks."""
    data = printing.render(notice).data
    return [
        reading.squeeze(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages
    ]


def in_order(text: str, *wanted: str) -> None:
    place = 0
    for words in wanted:
        found = text.find(reading.squeeze(words), place)
        assert found >= 0, f"{words} is missing, or stands too early"
        place = found + 1


# --- In the order of the forms -------------------------------------------------------------------


def test_the_notice_in_the_order_of_its_form_on_one_leaf():
    notice = notice_of(visited(supported=True))
    pages = pages_of(notice)
    in_order(
        pages[0], "南宁市公安局", "监督检查通知书", notice.number,
        "南宁某客货服务有限责任公司：",
        "《公安机关网络空间安全监督检查办法》第七条、第十一条", "检查时间",
        "2026年11月23日9时30分起", "货运管理系统", "检查事项", "网络安全管理制度和操作规程",
        "王㛃（警号", "陈䶮（警号", "某网络安全技术有限公司：赵一、钱二", "权利和义务",
        "不收取费用", "联系电话：0771-2890000",
    )  # fmt: skip
    in_order(pages[0], "被检查对象签收：", "一式两份")
    assert "2026年11月23日" in pages[0].split("联系电话")[1]
    assert len(pages) == 1


def test_the_record_in_the_order_of_its_form():
    record = record_of(visited(2, supported=True))
    pages = pages_of(record)
    in_order(
        "".join(pages), "监督检查记录", "检查时间", "2026年11月23日11时20分", "检查地点",
        "三楼机房", "被检查对象", "统一社会信用代码", "地址", "张𬭎", "职务", "证件号码",
        "联系电话",
        "检查人员", "王㛃", "陈䶮", "技术支持人员", "赵一、钱二", "出示证件和告知情况",
        "人民警察证", "检查方式", "现场检查", "检查内容", "检查经过", "发现的风险隐患和违法行为",
        SEEN, "《网络安全法》第二十三条第一款第四项", "现场处置", "明文存储截图（第1项）",
        "录音录像", "说明或者异议", "核对意见", "负责人或网络安全管理人员（签名）",
        "检查民警、记录人王㛃（签名）", "检查民警陈䶮（签名）",
        "技术支持人员赵一（签名）",
    )  # fmt: skip
    assert len(pages) == 2
    assert record.number not in "".join(pages)
    assert 'class="seal"' not in record.words


def test_the_letter_of_advice_in_the_order_of_its_form_on_one_leaf():
    one, many = letter_of(visited(1)), letter_of(visited(3))
    for letter in (one, many):
        (page,) = pages_of(letter)
        in_order(
            page, "公安提示函", letter.number, "南宁某客货服务有限责任公司：", SEEN,
            "对存储的个人信息采取加密措施", "不是行政处罚", "联系人：王㛃", "受函单位签收：",
        )  # fmt: skip
        assert "行政复议" not in page
        assert "行政诉讼" not in page


def test_what_lacks_comes_in_the_order_of_the_form():
    lacking = {
        code: [reason.field for reason in elements.missing(kinds.get(code).elements, {})]
        for code in (INSPECTION_NOTICE, INSPECTION_RECORD, ADVISORY)
    }
    assert lacking == {
        INSPECTION_NOTICE: ["basis", "when", "scope", "matters", "officers", "contact_phone"],
        INSPECTION_RECORD: [
            "started", "ended", "place", "party_name", "party_code", "party_address", "met_name",
            "met_title", "officers", "shown", "mode", "matters", "process", "objections",
            "reading", "recorder",
        ],
        ADVISORY: ["party_name", "found_on", "risks", "contact_phone"],
    }  # fmt: skip


# --- Print ---------------------------------------------------------------------------------------


def test_a_long_record_breaks_well_and_each_page_is_signed():
    # One story longer than a page, and as many findings as fill several.
    record = record_of(visited(45, summary="第一日查看机房，第二日查看日志。" * 250))
    pages = pages_of(record)
    assert len(pages) >= 7
    for no, page in enumerate(pages, 1):
        assert f"—{no}—" in page
        assert "被检查对象（签名）：" in page
        assert "检查民警（签名）：" in page
    told = [page for page in pages if "处：货运管理系统" in page]
    assert len(told) >= 4
    assert all("发现的风险隐患和违法行为" in page for page in told)
    assert "记录人王㛃（签名）" in pages[-1]


def test_no_finding_no_support_and_a_refusal_are_said():
    record = record_of(
        visited(0, signature="refused", refusal_note="以请示总部为由拒绝签名", witness="李某")
    )
    (text,) = pages_of(record)  # one leaf
    for words in (
        "未发现风险隐患和违法行为",
        "技术支持人员无",
        "被检查对象拒绝签名。",
        "见证人：李某",
    ):
        assert words in text


def test_markup_in_words_stays_words():
    inspection = visited(0, summary=VECTOR, objections=VECTOR, place=VECTOR[:60])
    record = record_of(inspection)
    assert "<script>" not in record.words
    text = "".join(pages_of(record))
    assert reading.squeeze(VECTOR) in text
    assert b"/EmbeddedFile" not in printing.render(record).data


def test_the_same_words_are_the_same_bytes():
    record = record_of(visited(1))
    assert printing.render(record).sha256 == printing.render(record).sha256
