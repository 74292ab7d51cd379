"""Issuing a paper: checked, rendered, numbered, frozen, owed."""

import hashlib
from datetime import date, datetime

import pytest
from django.utils import translation

from audit.trail import Refused
from jobs.models import Job
from notices import glyphs, papers
from notices.correction_order import Finding, Term
from notices.models import Notice, NumberPattern, Series
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory

pytestmark = pytest.mark.django_db


def test_a_paper_has_its_number_its_words_and_an_owed_print():
    notice = make.issue()

    assert notice.number == "南公（网安）责通字〔2025〕1号"
    assert (notice.year, notice.serial, notice.issued_on) == (2025, 1, date(2025, 1, 8))
    for text in (
        "南宁市公安局",
        "责令限期改正通知书",
        notice.number,
        make.ADDRESSEE,
        "存储个人信息未加密",
        "《中华人民共和国网络安全法》第二十一条第四项",
        "《中华人民共和国网络安全法》第五十九条第一款、《中华人民共和国行政处罚法》第二十八条第一款",
        "2025年2月12日前",
        "六十日内向南宁市人民政府申请行政复议",
        "六个月内依法向南宁市青秀区人民法院提起行政诉讼",
        "2025年1月8日",
        "一式两份",
    ):
        assert text in notice.words, text
    assert notice.words_sha256 == hashlib.sha256(notice.words.encode()).hexdigest()
    assert Job.objects.get(kind="print_notice").key == str(notice.pk)
    assert notice.print_state().code == "queued"


def test_the_elements_stand_in_the_order_of_the_form():
    words = make.issue(facts=make.order_facts(2, interim_measures=("停用共用账号",))).words
    order = [
        "南宁市公安局</div>",
        "责令限期改正通知书</h1>",
        "责通字〔2025〕1号</p>",
        make.ADDRESSEE,
        "下列违法行为",
        "违反了",
        "根据",
        "立即改正",
        "停用共用账号",
        "行政复议",
        "扫码核验",
        "违法行为人签收",
    ]
    places = [words.index(text) for text in order]
    assert places == sorted(places)


def test_numbers_follow_each_other_and_each_unit_counts_for_itself():
    other = UnitFactory(name="柳州市公安局", abbreviation="柳公（网安）", is_demonstration=True)

    assert [make.issue().serial for _ in range(3)] == [1, 2, 3]
    assert make.issue(unit=other).number == "柳公（网安）责通字〔2025〕1号"


def test_the_year_is_the_year_in_shanghai():
    late = datetime.fromisoformat("2025-12-31T16:30:00+00:00")

    assert make.issue(at=late).number.endswith("〔2026〕1号")


def test_a_unit_may_write_its_numbers_in_its_own_way():
    unit = make.nanning()
    NumberPattern.objects.create(
        unit=unit, kind="correction_order", pattern="{abbreviation}责改字〔{year}〕第{serial}号"
    )

    assert make.issue().number == "南公（网安）责改字〔2025〕第1号"


def test_an_abbreviation_is_never_a_format_string():
    unit = make.nanning(abbreviation="{serial}公{0}")

    assert make.issue(unit=unit).number == "{serial}公{0}责通字〔2025〕1号"


def test_a_number_that_was_used_before_is_refused_and_leaves_no_gap():
    make.issue()
    twin = UnitFactory(name="南宁市公安局分局", abbreviation="南公（网安）")

    with pytest.raises(Refused, match="已经用过"):
        make.issue(unit=twin)


def test_a_term_in_days_prints_no_date_since_service_starts_it():
    words = make.issue(facts=make.order_facts(term=Term.within(15))).words

    assert "自本通知书送达之日起15个工作日内" in words
    assert "在<span" not in words


def test_immediate_correction_is_the_option_chosen():
    words = make.issue(facts=make.order_facts(term=Term.immediate())).words

    assert "☑立即改正" in words
    assert "☐在" in words


def test_equal_articles_are_cited_once_and_runs_are_drawn_together():
    facts = make.order_facts(4)
    context = facts.context()

    assert context["breaches"] == (
        "上述第1、3项行为违反了《中华人民共和国网络安全法》第二十一条第四项之规定；"
        "第2项行为违反了《中华人民共和国网络安全法》第四十一条第一款之规定；"
        "第4项行为违反了《中华人民共和国网络安全法》第二十一条第二项、第二十五条之规定。"
    )
    same = make.order_facts(findings=0)
    assert same.missing_facts()


def test_what_people_wrote_is_text_and_nothing_else():
    hostile = "<script>alert(1)</script>{{ paper.qr }}{% include 'x' %}<img src=file:///etc/passwd>"
    words = make.issue(
        facts=make.order_facts(
            findings=0,
            object_name=hostile,
            interim_measures=(hostile,),
        ).__class__(
            **{
                **make.order_facts().__dict__,
                "findings": (Finding(hostile, hostile, hostile, (hostile,)),),
                "object_name": hostile,
                "interim_measures": (hostile,),
            }
        ),
        addressee=hostile,
    ).words

    assert "<script" not in words
    assert "<img" not in words
    assert words.count("&lt;script&gt;") >= 6
    assert "{{ paper.qr }}" in words


def test_controls_and_marks_of_direction_are_taken_out():
    words = make.issue(
        facts=make.order_facts(object_name="货运\u202e管理\x0b\x00系统\u200f"),
    ).words

    assert "运营的货运管理系统进行" in words


def test_a_character_in_no_face_is_refused_before_a_number_is_used():
    with pytest.raises(Refused, match=r"𪚥（U\+2A6A5）"):
        make.issue(addressee="龘𪚥公司")

    assert not Series.objects.exists()
    assert not Notice.objects.exists()


def test_rare_names_are_fine():
    assert glyphs.missing("𬭸䶮㛃𬭎喆堃珺㎡☐☑") == []
    make.issue(addressee="陈䶮𬭸经营部")


def test_a_unit_that_cannot_state_the_remedies_issues_nothing():
    with pytest.raises(Refused, match="行政复议机关"):
        make.issue(unit=UnitFactory(reconsideration_body=""))


def test_two_hundred_thousand_characters_are_refused():
    facts = make.order_facts(object_name="一" * 400_001)

    with pytest.raises(Refused, match="超过"):
        make.issue(facts=facts)


def test_the_facts_say_what_they_lack():
    facts = make.order_facts(1, basis=(), officers=(("韦志强", "450137"),), term=Term("date"))
    bad = facts.__class__(**{**facts.__dict__, "findings": (Finding("甲", detail="长" * 2001),)})

    texts = [reason.text for reason in bad.missing_facts()]

    assert texts == [
        "第 1 项没有写违反的条款。",
        "第 1 项的文字超过 2000 字。",
        "执法人员少于两人。",
        "没有责令改正的依据条款。",
        "没有写改正期限。",
    ]
    assert make.order_facts(4).missing_facts() == []


def test_a_demonstration_says_so_and_a_real_paper_has_a_place_for_the_seal():
    shown = make.issue()
    real = make.issue(unit=UnitFactory(name="河池市公安局", abbreviation="河公（网安）"))

    assert shown.is_demonstration
    assert "演示样例 无法律效力" in shown.words
    assert "演示专用" in shown.words
    assert not real.is_demonstration
    assert "演示" not in real.words
    assert "（印章）" in real.words
    forced = make.issue(unit=real.unit, demonstration=True)
    assert forced.is_demonstration


def test_papers_are_chinese_whatever_the_officer_reads():
    first = make.issue().words
    with translation.override("en"):
        second = make.issue().words

    assert second.replace("〕2号", "〕1号").split("qr")[0] == first.split("qr")[0]


def test_the_qr_code_leads_to_the_public_page_and_says_nothing_else():
    notice = make.issue()

    assert papers.verify_address(notice.verify_code) == (
        f"https://portal.test/v/{notice.verify_code}/"
    )
    assert len(notice.verify_code) == 22


def test_withdrawing_and_superseding_are_facts_on_the_record():
    old, new = make.issue(), make.issue()

    papers.supersede(old, new, reason="事实有误", by=new.issued_by, at=make.later(days=3))
    papers.withdraw(new, reason="重新调查", by=new.issued_by, at=make.later(days=4))

    assert (old.state, old.superseded_by, old.ended_on) == ("superseded", new, date(2025, 1, 11))
    assert (new.state, new.ended_reason) == ("withdrawn", "重新调查")
    with pytest.raises(Refused, match="已撤回"):
        papers.withdraw(new, reason="再来", by=new.issued_by, at=make.later(days=5))
    with pytest.raises(Refused, match="原因"):
        papers.withdraw(make.issue(), reason=" ", by=new.issued_by, at=make.later(days=5))
