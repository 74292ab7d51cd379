"""No name, number or address gets out, however it is typed; and harmless text passes."""

import pytest
from django.db import transaction

from audit.trail import Refused
from bulletins import bulletins, personal, reasons
from tests.factories import bulletins as make
from tests.factories.rectification import Desk, at

pytestmark = pytest.mark.django_db

#: what somebody types, and what it is called in the refusal
TYPED = [
    ("南宁桂捷客货服务有限责任公司", "企业名称"),
    ("南宁　桂捷 客货服务有限责任公司", "企业名称"),
    ("桂捷公司整改后", "企业名称"),
    ("负责人陈国强到场", "人员姓名"),
    ("负责人陈 国 强到场", "人员姓名"),
    ("联系人苏·婷", "人员姓名"),
    ("陪同人员梁志强", "人员姓名"),
    ("民警韦志远", "人员姓名"),
    ("电话13807710001", "电话号码"),
    ("电话138 0771 0001", "电话号码"),
    ("电话１３８－０７７１－０００１", "电话号码"),
    ("电话一三八〇七七一〇〇〇一", "电话号码"),
    ("另一部电话15912345678", "电话号码"),
    ("身份证450102198001011239", "身份证号码"),
    ("身份证4501 0219 8001 0112 39", "身份证号码"),
    ("住民族大道101号", "地址"),
    ("邮箱 chen@guijie.cn", "电子邮箱"),
]


@pytest.fixture(scope="module")
def hay(django_db_setup, django_db_blocker, tmp_path_factory):
    """Needles of one case, made once for all the ways of typing."""
    with django_db_blocker.unblock(), transaction.atomic():
        desk = Desk()
        case = make.decided(desk)
        bulletin = make.drafted(desk, case)
        found = personal.needles(
            [entry.case for entry in reasons.entries_of(bulletin)], ["南宁市", "青秀区"]
        )
        transaction.set_rollback(True)
    return found, case.enterprise.uscc


@pytest.mark.parametrize(("text", "kind"), TYPED)
def test_what_names_somebody_is_found(hay, text, kind):
    place = personal.Place("intro", "开头", f"经查，{text}。")
    hits = personal.search([place], hay[0])

    assert kind in {hit.kind[: len(kind)] for hit in hits}
    for hit in hits:
        assert 1 <= hit.at <= len(place.text)
        assert "陈国强" not in hit.sentence
        assert "13807710001" not in hit.sentence


def test_the_code_is_found_with_dashes_and_small_letters(hay):
    code = hay[1].lower()
    place = personal.Place("intro", "开头", f"代码 {code[:6]}-{code[6:]}")
    assert [hit.kind for hit in personal.search([place], hay[0])] == ["统一社会信用代码"]


def test_harmless_text_passes(hay):
    words = (
        "南宁网安支队在网络安全监督检查中发现，南宁某客货服务有限责任公司的业务系统存在存储公民个人信息且"
        "未采取任何加密措施等问题。根据《中华人民共和国网络安全法》第二十一条、第五十九条之规定，"
        "自2025年1月13日起，涉及个人信息12000余条，罚款100000元，"
        "拨打110或者12389举报。"
    )
    assert personal.search([personal.Place("intro", "开头", words)], hay[0]) == []


def test_submitting_approving_and_publishing_are_refused_with_the_place(desk):
    bulletin = make.drafted(desk)
    entry = bulletin.entries.get()
    row = bulletins.amend(
        bulletin,
        version=bulletin.version,
        by=desk.inspector,
        at=at(make.DRAFTED_ON),
        title="通报",
        intro="开头",
        reminder="联系 138 0771 0001",
        texts={entry.pk: "桂捷公司的法定代表人陈国强。"},
    )
    with pytest.raises(Refused) as refused:
        bulletins.submit(row, by=desk.inspector, at=at(make.DRAFTED_ON))

    fields = {reason.field for reason in refused.value.reasons}
    assert fields == {f"text-{entry.pk}", "reminder"}
    assert "案例 1第 1 字起有企业名称或者字号" in str(refused.value)
    assert "陈国强" not in str(refused.value)


def test_a_name_learnt_after_the_submission_stops_the_approval_and_the_publication(desk):
    submitted = make.submitted(desk)
    company = submitted.entries.get().case.enterprise
    company.short_name = "压紧压实"  # words that the text holds
    company.save()
    with pytest.raises(Refused):
        bulletins.approve(submitted, by=desk.supervisor, at=at(make.APPROVED_ON))
