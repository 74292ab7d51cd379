"""送达回执 as a paper: blank to take along, filled after each kind of attempt."""

from datetime import date, time

import pytest

from audit import trail
from audit.trail import Refused
from notices import printing, reading, receipts, service
from notices.models import Notice
from tests.factories import notices as make
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
AT = make.later(days=40)


@pytest.fixture
def notice():
    return make.issue()


@pytest.fixture
def pair(notice):
    names = (("韦志强", "450137"), ("王㛃", "450268"))
    return tuple(
        UserFactory(unit=notice.unit, inspector=True, name=name, police_number=number)
        for name, number in names
    )


def attempt(notice, pair, **facts):
    given = {
        "method": "direct",
        "outcome": "served",
        "attempted_on": date(2025, 1, 10),
        "attempted_time": time(15, 5),
        "place": "南宁市江南区，企业办公室",
        "recipient": "陈䶮",
        "relation": "receiver",
        "servers": pair,
        "by": pair[0],
        "at": AT,
    }
    return service.record(notice, **given | facts)


def words_of(receipt):
    return "\n".join(reading.blocks(receipt.words))


def in_order(text, *words):
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_the_blank_one_has_the_head_filled_and_all_elements_in_order(notice, pair):
    receipt = receipts.issue(notice, by=pair[0], at=AT)
    text = words_of(receipt)

    in_order(
        text,
        "送达回执",
        "受送达人",
        notice.addressee,
        "责令限期改正通知书",
        notice.number,
        "1份",
        "送达地点",
        "☐直接送达",
        "送　达　人",
        "收件人签名",
        "代收人及与",
        "拒收事由",
        "备",
    )
    assert "☑" not in text
    assert receipt.subject == notice
    assert receipt.number not in text
    assert "印章）" not in text
    assert receipts.issue(notice, by=pair[0], at=AT) == receipt
    assert trail.timeline(notice).get().verb == "notices.issue_receipt"


def test_the_filled_one_states_the_attempt(notice, pair):
    receipt = receipts.issue(notice, attempt(notice, pair), by=pair[0], at=AT)
    text = words_of(receipt)

    for words in (
        "☑直接送达",
        "南宁市江南区，企业办公室",
        "韦志强（450137）",
        "2025年1月10日15时05分",
        "陈䶮，单位负责收件的人",
        "受送达人已签收，2025年1月10日视为送达",
    ):
        assert words in text, words
    assert text.count("☑") == 1


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {
                "method": "left",
                "outcome": "left",
                "recipient": "",
                "relation": "",
                "refusal": "称须请示总部，拒绝签字。",
                "witness": "居委会 李某",
                "filmed": True,
            },
            (
                "☑留置送达",
                "称须请示总部，拒绝签字。见证人：居委会 李某。已录音录像或者拍照记录送达经过。",
            ),
        ),
        (
            {"method": "post", "tracking_number": "XA12345", "servers": (None, None)},
            ("☑邮寄送达", "邮件号：XA12345"),
        ),
        (
            {"method": "proxy", "entrusted_to": "柳州市公安局", "servers": (None, None)},
            ("☑委托送达", "受委托机关：柳州市公安局"),
        ),
        (
            {
                "method": "electronic",
                "recipient": "",
                "relation": "",
                "consented": True,
                "address": "office@example.cn",
            },
            ("☑电子送达", "签订确认书", "office@example.cn", "15时05分"),
        ),
        (
            {
                "method": "publication",
                "outcome": "published",
                "recipient": "",
                "relation": "",
                "cause": "untraceable",
                "grounds": "登记地址无人",
                "published_in": "《南宁日报》第3版",
            },
            ("☑公告送达", "下落不明；登记地址无人", "《南宁日报》第3版", "2025年2月9日视为送达"),
        ),
        (
            {"outcome": "failed", "recipient": "", "relation": "", "note": "无人在场"},
            ("☑直接送达", "没有送达。", "无人在场"),
        ),
    ],
)
def test_each_way_leaves_its_marks_on_the_receipt(notice, pair, facts, words):
    receipt = receipts.issue(notice, attempt(notice, pair, **facts), by=pair[0], at=AT)
    text = words_of(receipt)

    for each in words:
        assert each in text, each


def test_what_lacks_is_said_and_nothing_is_issued(notice, pair):
    served = attempt(notice, pair)
    served.place = ""  # recorded by an earlier edition, which did not ask for it

    with pytest.raises(Refused, match="没有写“送达地点”"):
        receipts.issue(notice, served, by=pair[0], at=AT)
    receipt = receipts.issue(notice, by=pair[0], at=AT)
    with pytest.raises(Refused, match="内部文书"):
        receipts.issue(receipt, by=pair[0], at=AT)
    with pytest.raises(Refused, match="内部文书"):
        attempt(receipt, pair)
    assert Notice.objects.count() == 2


def test_it_is_one_leaf_and_carries_the_mark_of_a_demonstration(notice, pair):
    long = "称负责人出差在外，须请示集团总部法务部门后才能决定是否签收，经说明后果仍拒绝签字。" * 2
    receipt = receipts.issue(
        notice,
        attempt(
            notice,
            pair,
            method="left",
            outcome="left",
            recipient="",
            relation="",
            refusal=long,
            witness="居委会 李某",
            note="邻居张某在场。" * 10,
        ),
        by=pair[0],
        at=AT,
    )

    assert printing.render(receipt).pages == 1
    assert receipt.is_demonstration
    assert "演示样例" in receipt.words
