"""The nine papers of the penalty procedure: complete or refused, in order, and printed as written.

The full data are the samples of `demo.samples`; variants change a few facts of them.
"""

import io
import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from django.core.management import call_command

from accounts.models import Unit
from audit.trail import Refused
from demo import samples
from demo.samples.document import document
from notices import blocks, elements, kinds, papers, press, printing, reading
from notices.kinds import penalties
from notices.kinds.penalties import FINE, GAINS, GOODS
from notices.models.numbers import validate_pattern
from tests.factories.accounts import UnitFactory, UserFactory

ROOT = Path(__file__).resolve().parents[2]
CODES = [kind.code for kind in penalties.KINDS]
PERSON = {
    "representative": "",
    "credit_code": "",
    "sex": "女",
    "born_on": date(1990, 2, 3),
    "identity": "居民身份证450100199002030021",
    "residence": "广西壮族自治区南宁市良庆区",
    "address": "南宁市良庆区演示路3号",
}
TOLD = {"representative": "", "identity": PERSON["identity"], "hearing_ground": ""}


def facts_of(code, **changes):
    return {**samples.of(code).facts, **changes}


def lacking(code, facts):
    """The fields that lack, asked of the typed facts and of the written ones alike."""
    listed = kinds.get(code).elements
    typed = [reason.field for reason in elements.missing(listed, facts)]
    written = [reason.field for reason in elements.missing(listed, elements.context(listed, facts))]
    assert typed == written
    return typed


# --- Complete, or it says what lacks ------------------------------------------------------------


NEEDED = [
    (code, element.code)
    for code in CODES
    for element in kinds.get(code).elements
    if element.is_needed(samples.of(code).facts)
]


@pytest.mark.parametrize("code", CODES)
def test_the_full_data_lack_nothing(code):
    assert lacking(code, facts_of(code)) == []


@pytest.mark.parametrize(("code", "field"), NEEDED)
def test_each_needed_element_is_missed_by_its_own_field(code, field):
    facts = {key: value for key, value in facts_of(code).items() if key != field}

    assert field in lacking(code, facts)


@pytest.mark.parametrize("code", CODES)
def test_every_sample_writes_elements_only(code):
    named = {element.code for element in kinds.get(code).elements}

    assert set(samples.of(code).facts) <= named


@pytest.mark.parametrize(
    ("code", "changes", "fields"),
    [
        ("penalty_decision", {"fine": None}, ["fine"]),
        ("penalty_decision", {"penalties": [GAINS], "fine": None}, ["gains", "property"]),
        ("penalty_decision", {"penalties": [GOODS], "fine": None}, ["property", "inventory"]),
        ("penalty_decision", {"penalties": ["警告"], "fine": None, "pay_to": ""}, []),
        ("penalty_decision", {"penalties": ["警告"], "fine": None, "circumstances": ""}, []),
        ("penalty_decision", {"penalties": [FINE], "performance": ""}, []),
        ("penalty_decision", PERSON, []),
        ("penalty_decision", {**PERSON, "residence": ""}, ["residence"]),
        ("penalty_decision", {**PERSON, "identity": "", "born_on": None}, ["born_on", "identity"]),
        ("penalty_decision", {"persons": [{"name": "陈䶮"}]}, ["persons"] * 7),
        ("penalty_decision", {"evidence": []}, ["evidence"]),
        ("spot_decision", {"officers": [{"name": "王㛃", "number": "450268"}]}, ["officers"]),
        ("spot_decision", {"collection": penalties.AT_ONCE, "pay_to": ""}, ["collection_reason"]),
        ("spot_decision", {"penalties": ["警告"], "fine": None, "collection": ""}, []),
        ("spot_decision", {"penalties": ["警告"], "fine": None, "pay_to": ""}, []),
        ("no_penalty_decision", {"ground": penalties.NOT_ESTABLISHED, "education": ""}, []),
        ("no_penalty_decision", {"property": "", "inventory": []}, []),
        ("penalty_notice", {"penalties": ["警告"], "fine": None, "hearing_ground": ""}, []),
        ("penalty_notice", {"hearing_ground": ""}, ["hearing_ground"]),
        ("penalty_notice", {"hearing_office": "", "hearing_answer": ""},
         ["hearing_office", "hearing_answer"]),
        ("penalty_notice", {"fine": Decimal(9_999), "hearing_ground": ""}, []),
        ("penalty_notice", {"fine": Decimal(10_000), "hearing_ground": ""}, ["hearing_ground"]),
        ("penalty_notice", {**TOLD, "fine": Decimal(1_999)}, []),
        ("penalty_notice", {**TOLD, "fine": Decimal(2_000)}, ["hearing_ground"]),
        ("penalty_notice", {**TOLD, "fine": Decimal(1_999), "identity": ""}, ["representative"]),
        ("penalty_notice", {"penalties": ["责令停业整顿"], "fine": None, "hearing_ground": ""},
         ["hearing_ground"]),
        ("case_filing", {"source": penalties.TRANSFERRED}, ["informant"]),
        ("demand", {"principal": None, "surcharge": None}, ["performance"]),
        ("demand", {"surcharge": None, "surcharge_until": None}, []),
        ("closing_approval", {"ground": penalties.CLOSED_CRIME, "decision_number": "",
                              "served_on": None, "performance": ""}, []),
        ("closing_approval", {"ground": penalties.CLOSED_UNPUNISHED, "performance": ""}, []),
        ("enforcement_application", {"principal": None}, ["subject"]),
        ("enforcement_application", {"attachments": ["行政处罚决定书"]}, ["attachments"]),
    ],
)  # fmt: skip
def test_what_is_needed_depends_on_the_facts(code, changes, fields):
    assert lacking(code, facts_of(code, **changes)) == fields


@pytest.mark.parametrize("code", CODES)
def test_a_text_that_is_too_long_is_named(code):
    element = next(each for each in kinds.get(code).elements if each.sort is elements.Sort.TEXT)

    assert element.code in lacking(code, facts_of(code, **{element.code: "长" * 200_000}))


# --- The data agree with the register -----------------------------------------------------------


def read(name):
    return json.loads((ROOT / "legal/data" / name).read_text(encoding="utf-8"))


def test_every_article_that_is_named_is_in_the_register():
    held = {
        entry["ref"] for file in (ROOT / "legal/data/articles").glob("*.json")
        for entry in read(f"articles/{file.name}")
    }  # fmt: skip
    named = {ref for kind in penalties.KINDS for ref in kind.basis}
    named |= {each.basis for kind in penalties.KINDS for each in kind.elements if each.basis}
    named |= {
        ref for kind in penalties.KINDS for code in kind.blocks for ref in blocks.BLOCKS[code].basis
    }

    assert sorted(named - held) == []


def test_a_larger_fine_is_that_of_the_register():
    numbers = {entry["code"]: entry.get("number") for entry in read("thresholds.json")}

    assert numbers["HEARING_UNIT"] == penalties.LARGER_FINE_UNIT
    assert numbers["HEARING_PERSON"] == penalties.LARGER_FINE_PERSON


FORMS = {
    "CASE_FILING": "case_filing",
    "PENALTY_NOTICE": "penalty_notice",
    "HEARING_NOTICE_DOC": "hearing_notice",
    "SPOT_DECISION": "spot_decision",
    "NO_PENALTY_DECISION": "no_penalty_decision",
    "PENALTY_DECISION": "penalty_decision",
    "DEMAND": "demand",
    "CLOSING_APPROVAL": "closing_approval",
    "ENFORCE_APPLICATION": "enforcement_application",
}


def test_copies_and_words_of_numbers_are_those_of_the_register():
    forms = {entry["code"]: entry for entry in read("paper_forms.json")}
    for form, code in FORMS.items():
        kind, entry = kinds.get(code), forms[form]
        words = re.search(r"X公（网安）(\w+字)", entry["number_format"])
        assert kind.copies == entry["copies"], code
        assert set(entry["basis"]) <= set(kind.basis), code
        validate_pattern(kind.pattern)
        if words:
            assert kind.pattern.startswith("{abbreviation}" + words[1]), code
        if not words or "(" in entry["number_format"]:  # no source, or a poor one
            assert kind.house_code, code
    assert set(FORMS.values()) == set(CODES)


def test_the_standing_paragraphs_could_be_entered_as_they_are():
    for kind in penalties.KINDS:
        for code in kind.blocks:
            assert blocks.validate(code, blocks.BLOCKS[code].default) == [], code


# --- What is written ----------------------------------------------------------------------------


def nanning():
    return Unit.objects.filter(name="南宁市公安局").first() or UnitFactory(
        name="南宁市公安局", abbreviation="南公（网安）"
    )


def words_of(code, **changes):
    """The words of the sample with these facts changed, as they would be frozen."""
    sample = samples.of(code)
    facts = facts_of(code, **changes)
    assert lacking(code, facts) == []
    draft = papers.draft(
        code,
        unit=nanning(),
        addressee=sample.addressee,
        context=elements.context(kinds.get(code).elements, facts),
        at=sample.at,
        demonstration=False,
    )
    return draft.words


def text_of(words):
    return reading.squeeze("".join(reading.blocks(words)))


def pieces(value):
    """The strings of a written element, in the order in which they stand."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, dict):
        return [piece for cell in value.values() for piece in pieces(cell)]
    return [piece for each in value for piece in pieces(each)]


# What the form itself puts elsewhere: the box that is ticked, the list behind the paper, and what
# a person who is punished beside the unit pays, which follows the unit's own penalties.
ELSEWHERE = {"inventory", "persons"}


@pytest.mark.django_db
@pytest.mark.parametrize("code", CODES)
def test_the_elements_stand_in_the_order_of_the_form(code):
    sample = samples.of(code)
    text = text_of(words_of(code))
    at = 0
    for element in kinds.get(code).elements:
        for piece in pieces(sample.context[element.code]):
            found = text.find(reading.squeeze(piece), 0 if element.code in ELSEWHERE else at)
            assert found >= 0, (element.code, piece)
            # A sum follows the name of its penalty, inside the list of penalties.
            if element.code not in ELSEWHERE | {"penalties"}:
                at = found


@pytest.mark.django_db
def test_a_decision_on_the_spot_says_reconsideration_first_and_offers_no_choice():
    text = text_of(words_of("spot_decision"))

    assert (
        "应当自收到本决定书之日起六十日内先向南宁市人民政府申请行政复议，"
        "也可以通过南宁市公安局提交行政复议申请；对行政复议决定不服的，"
        "可以再自收到行政复议决定书之日起十五日内依法向人民法院提起行政诉讼。"
    ) in text
    assert text.count("行政诉讼") == 1
    assert "六个月" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["penalty_decision", "no_penalty_decision"])
def test_other_decisions_say_both_ways_with_their_periods(code):
    assert (
        "如不服本决定，可以自收到本决定书之日起六十日内向南宁市人民政府申请行政复议，"
        "或者自收到本决定书之日起六个月内依法向南宁市青秀区人民法院提起行政诉讼。"
    ) in text_of(words_of(code))


PAYMENT, SURCHARGE = (
    "十五日内，到指定的银行",
    "每日按罚款数额的百分之三加处罚款，加处罚款的数额不超出",
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "changes", "pays"),
    [
        ("penalty_decision", {}, True),
        ("penalty_decision", {"penalties": ["警告"], "fine": None, "persons": []}, False),
        ("spot_decision", {}, True),
        ("spot_decision", {"penalties": ["警告"], "fine": None, "collection": ""}, False),
        (
            "spot_decision",
            {"collection": penalties.AT_ONCE, "collection_reason": "不当场收缴事后难以执行"},
            False,
        ),
    ],
)
def test_payment_and_surcharge_stand_only_where_a_fine_is_paid_later(code, changes, pays):
    text = text_of(words_of(code, **changes))

    assert (PAYMENT in text) is pays
    assert (SURCHARGE in text) is pays


@pytest.mark.django_db
def test_the_hearing_is_told_with_five_working_days_and_only_where_it_is_due():
    heard = text_of(words_of("penalty_notice"))
    unheard = text_of(words_of("penalty_notice", penalties=["警告"], fine=None, hearing_ground=""))

    assert "应当在被告知后五个工作日内提出" in heard
    assert "听证" not in unheard
    assert "有权进行陈述和申辩" in unheard


@pytest.mark.django_db
def test_rights_and_terms_of_the_other_papers():
    hearing, demand = text_of(words_of("hearing_notice")), text_of(words_of("demand"))

    for right in ("申请回避", "委托一至二人代理", "质证"):
        assert right in hearing
    assert "十个工作日内履行下列义务" in demand
    assert "有权进行陈述和申辩" in demand


@pytest.mark.django_db
def test_a_person_is_named_with_the_seven_particulars_and_no_code():
    text = text_of(words_of("penalty_decision", **PERSON, workplace="某商行"))

    assert (
        "女，1990年2月3日出生，居民身份证450100199002030021，户籍所在地：广西壮族自治区南宁市良庆区，"
        "现住址：南宁市良庆区演示路3号，工作单位：某商行。"
    ) in text
    assert "统一社会信用代码" not in text


@pytest.mark.django_db
def test_a_list_of_goods_lies_behind_the_decision():
    text = text_of(
        words_of(
            "penalty_decision",
            penalties=[GAINS, GOODS],
            fine=None,
            persons=[],
            gains=Decimal("1680.50"),
            property="没收的物品依法处理",
            inventory=[{"name": "服务器", "model": "R7", "quantity": "2台", "note": "主机房"}],
        )
    )

    assert "1.没收违法所得人民币壹仟陆佰捌拾元伍角整（1680.50元）；2.没收非法财物。" in text
    assert text.index("附：没收物品清单1份") < text.index("宣告并送达") < text.index("服务器")


def options():
    for name in ("FOUND_AT_WORK", "ASSIGNED", "REPORTED", "BROUGHT", "SURRENDERED", "TRANSFERRED"):
        yield "case_filing", {"source": getattr(penalties, name), "informant": "某某"}, name
    for name in (
        "CLOSED_UNPUNISHED", "CLOSED_SETTLED", "CLOSED_PERFORMED", "CLOSED_CRIME",
        "CLOSED_IMPOSSIBLE",
    ):  # fmt: skip
        yield "closing_approval", {"ground": getattr(penalties, name)}, name


@pytest.mark.django_db
def test_exactly_the_chosen_box_is_ticked():
    for code, changes, name in options():
        text = text_of(words_of(code, **changes))
        assert text.count("☑") == 1
        assert "☑" + getattr(penalties, name) in text
    other = text_of(words_of("case_filing", source="网络舆情"))
    assert "☑其他：网络舆情" in other
    assert other.count("☑") == 1


# --- What is printed ----------------------------------------------------------------------------


EACH_PAGE = {"penalty_notice": "被告知人（签名、捺指印）：告知人（签名）："}


@pytest.mark.django_db
def test_the_printed_text_is_the_words_and_nothing_else():
    unit, pdf = nanning(), press.load()
    by = UserFactory(unit=unit, supervisor=True)
    for sample in samples.SAMPLES:
        if sample.kind not in CODES:
            continue
        notice = papers.issue_notice(
            sample.kind,
            unit=unit,
            addressee=sample.addressee,
            context=sample.context,
            snapshot={},
            subject=by,
            by=by,
            at=sample.at,
            demonstration=False,
        )
        printed = printing.render(notice)  # reads every paragraph and cell back

        pages = pdf.pages_of(printed.data)
        expected = Counter(text_of(notice.words))
        for no in range(1, len(pages) + 1):
            expected += Counter(f"—{no}—")
        expected += Counter(EACH_PAGE.get(sample.kind, "") * (len(pages) - 1))
        assert Counter(reading.squeeze("".join(pages))) == expected, sample.kind
        assert (notice.number in text_of(notice.words)) is kinds.get(sample.kind).prints_number


@pytest.mark.django_db
def test_an_incomplete_paper_is_refused_by_name_of_the_field():
    unit = UnitFactory()
    by = UserFactory(unit=unit, supervisor=True)
    sample = samples.of("penalty_decision")

    with pytest.raises(Refused) as refused:
        papers.issue_notice(
            sample.kind,
            unit=unit,
            addressee=sample.addressee,
            context={**sample.context, "pay_to": "", "circumstances": ""},
            snapshot={},
            subject=by,
            by=by,
            at=sample.at,
            demonstration=False,
        )

    assert [reason.field for reason in refused.value.reasons] == ["circumstances", "pay_to"]
    assert all(reason.basis for reason in refused.value.reasons)


# --- The samples and their documents ------------------------------------------------------------


@pytest.mark.django_db
def test_samples_are_printed_with_the_mark_and_nothing_is_written(tmp_path):
    call_command(
        "print_samples", str(tmp_path), "--kind", "case_filing", "--kind", "demand", "--sheet",
        stdout=io.StringIO(),
    )  # fmt: skip

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "01-case_filing.pdf", "02-demand.pdf", "papers.md", "papers.png",
    ]  # fmt: skip
    for page in pypdf.PdfReader(tmp_path / "02-demand.pdf").pages:
        assert reading.DEMONSTRATION in reading.squeeze(page.extract_text())
    assert not Unit.objects.exists()


def test_the_document_lists_the_kinds_as_they_are():
    """Otherwise: run print_samples FOLDER --sheet, and copy papers.md and papers.png to docs/."""
    written = (ROOT / "docs/papers.md").read_text(encoding="utf-8")

    assert written == document()


def test_every_kind_has_a_sample_and_a_picture():
    assert sorted(sample.kind for sample in samples.SAMPLES) == sorted(kinds.codes())
    assert (ROOT / "docs/papers.png").stat().st_size <= 1_500_000
