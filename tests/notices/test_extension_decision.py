"""延期决定书: both outcomes say all they must, lack nothing, and print as they were frozen."""

import io
from datetime import date

import pikepdf
import pypdf
import pytest

from audit.trail import Refused
from notices import extension_decision, kinds, printing, reading
from notices.extension_decision import DecidedItem
from notices.models import NumberPattern
from tests.factories import notices as make
from tests.factories.legal import load_law


def said(notice):
    return reading.squeeze("".join(reading.blocks(notice.words)))


def pages(data):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def lacking(**changes):
    return {reason.field for reason in make.decision_facts(**changes).missing_facts()}


# --- The words ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_grant_says_until_when_why_and_what_stays():
    notice = make.issue_decision(
        make.decision_facts(many=2, interim_measures=("采取措施防止个人信息泄露",))
    )

    assert notice.number == "南公（网安）延决字〔2025〕1号"
    text = said(notice)
    for wanted in (
        "延期决定书",
        "南宁某客货服务有限责任公司：",
        "我局于2025年1月8日向你单位发出责令限期改正通知书（南公（网安）责通字〔2025〕12号）。",
        "2025年2月10日，你单位因下列情况申请将改正期限延长至2025年3月12日：历史数据加密改造",
        "《中华人民共和国行政处罚法》第二十八条第一款和我局关于改正期限的内部规定",
        "准予延期：下列事项的改正期限由2025年2月12日（星期三）延长至2025年3月12日（星期三）。",
        "次日起算20个工作日，至2025年3月12日（星期三）。",
        "其余各项的改正期限和通知书的其他内容不变。",
        "你单位仍须采取下列措施：采取措施防止个人信息泄露。",
        "办案民警：韦志强、王㛃联系电话：0771-0000000",
        "一式两份",
    ):
        assert wanted in text
    for absent in ("不予延期", "届满之后提出", "行政复议", "联系人"):
        assert absent not in text


@pytest.mark.django_db
def test_a_refusal_says_why_and_that_the_day_stays():
    text = said(make.issue_decision(make.decision_facts(granted=False, late=True, whole=True)))

    for wanted in (
        "该申请在原改正期限（2025年2月12日）届满之后提出。",
        "经审查，未提交需要延期的证明材料。",
        "不予延期：通知书第1项（存储个人信息未加密）的改正期限仍为2025年2月12日（星期三），"
        "不因本次申请而改变。",
        "通知书的内容不变。",
    ):
        assert wanted in text
    for absent in ("准予延期", "2025年3月12日（星期三）", "新期限的计算", "其余各项", "行政复议"):
        assert absent not in text


def test_one_item_is_said_in_the_sentence_and_several_stand_in_a_table():
    assert not make.decision_facts().context()["many"]
    several = make.decision_facts(many=3).context()
    assert several["many"]
    assert [item["no"] for item in several["items"]] == ["1", "2", "3"]


@pytest.mark.django_db
def test_an_officer_who_proposed_it_is_not_the_enterprise():
    notice = make.issue_decision(make.decision_facts(by_enterprise=False, requested_until=None))
    assert "我局办案民警因下列情况提出将改正期限延长：历史数据" in said(notice)


def test_remedies_are_stated_only_where_the_house_chose_so(settings, db):
    load_law()
    unit = make.nanning()
    unit.reconsideration_body = "南宁市人民政府"
    assert extension_decision.remedies(unit) == ""

    settings.EXTENSION_REFUSAL_STATES_REMEDIES = True
    sentence = extension_decision.remedies(unit)
    assert "六十日内向南宁市人民政府申请行政复议" in sentence
    text = said(make.issue_decision(make.decision_facts(granted=False, remedies=sentence)))
    assert f"{sentence}。" in text
    unit.reconsideration_body = ""
    assert extension_decision.remedies(unit) == ""


@pytest.mark.django_db
def test_a_unit_writes_the_number_in_its_own_way():
    unit = make.nanning()
    assert kinds.get(kinds.EXTENSION_DECISION).house_code
    assert not kinds.get(kinds.CORRECTION_ORDER).house_code
    NumberPattern.objects.create(
        unit=unit, kind=kinds.EXTENSION_DECISION, pattern="{abbreviation}准延字〔{year}〕{serial}号"
    )
    assert make.issue_decision(unit=unit).number == "南公（网安）准延字〔2025〕1号"


@pytest.mark.django_db
def test_words_of_people_are_text_not_markup():
    notice = make.issue_decision(make.decision_facts(reason="<b>急</b>"))
    assert "&lt;b&gt;急&lt;/b&gt;" in notice.words


# --- What lacks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"order_number": " "}, "order_number"),
        ({"reason": ""}, "reason"),
        ({"asked_on": date(2025, 1, 7)}, "asked_on"),
        ({"items": ()}, "items"),
        ({"items": (DecidedItem(1, " "),)}, "items"),
        ({"items": (DecidedItem(1, "甲"), DecidedItem(1, "乙"))}, "items"),
        ({"items": tuple(DecidedItem(n, "甲") for n in range(301))}, "items"),
        ({"basis": ()}, "basis"),
        ({"new_due_on": None}, "until"),
        ({"new_due_on": date(2025, 2, 12)}, "until"),
        ({"derivation": ""}, "derivation"),
        ({"granted": False, "grounds": " "}, "note"),
        ({"reason": "长" * 2001}, "reason"),
        ({"interim_measures": ("长" * 2001,)}, "interim_measures"),
    ],
)
def test_what_lacks_is_named(changes, field):
    assert lacking(**changes) == {field}


def test_whole_facts_lack_nothing():
    assert lacking() == set()
    assert lacking(granted=False) == set()


# --- The print ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_short_decision_is_one_leaf_of_pdf_a_with_all_its_words():
    notice = make.issue_decision(make.decision_facts(reason="供应商组件未到货"))
    printed = printing.render(notice)

    assert printed.pages == 1
    text = reading.squeeze("".join(pages(printed.data)))
    for block in reading.blocks(notice.words):
        assert reading.squeeze(block) in text
    with pikepdf.open(io.BytesIO(printed.data)) as pdf, pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "B")
        assert pdf.check_pdf_syntax() == []


@pytest.mark.django_db
def test_a_long_list_breaks_over_leaves_with_its_head_and_ends_with_the_seal():
    notice = make.issue_decision(make.decision_facts(many=60))
    printed = printing.render(notice)  # refuses a print that lost a word

    leaves = pages(printed.data)
    assert 3 <= printed.pages <= 8
    assert sum("延长后的期限" in leaf for leaf in leaves) >= printed.pages - 1
    for no, leaf in enumerate(leaves, 1):
        assert f"—{no}—" in reading.squeeze(leaf)
        assert reading.DEMONSTRATION in reading.squeeze(leaf)
    assert "书面函告我局" in reading.squeeze(leaves[-1])


@pytest.mark.django_db
def test_what_is_counted_to_fit_on_one_leaf_fits():
    fitting = 0
    for n in range(6):
        facts = make.decision_facts(
            granted=n % 2 == 0,
            late=n % 3 == 0,
            reason="供应商的加密组件尚未到货" * (1 + n % 3),
            interim_measures=("停用共用账号",) * (n % 2),
            contact=("", ""),
        )
        if facts.context()["fit"]:
            fitting += 1
            assert printing.render(make.issue_decision(facts)).pages == 1
    assert fitting >= 3


@pytest.mark.django_db
def test_a_character_in_no_face_is_refused_by_name_before_a_number_is_taken():
    with pytest.raises(Refused, match=r"𪚥（U\+2A6A5）"):
        make.issue_decision(make.decision_facts(reason="𪚥系统停机"))
    assert make.issue_decision(make.decision_facts(reason="𬭸𬭎㛃平台停机")).serial == 1
