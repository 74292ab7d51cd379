"""Standing paragraphs: which wording holds, what a wording must say, and who words it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unit
from audit.models import Event
from audit.trail import Refused
from notices import blocks
from notices.models import TextBlock
from tests.factories import notices as make
from tests.factories.accounts import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
DEFAULT = blocks.BLOCKS["remedies"].default
OWN = "对本决定不服的，可以在{reconsideration_within}内向{reconsideration_body}申请行政复议，" + (
    "也可以在{litigation_within}内向{court}起诉。"
)


def word(unit, day, text=OWN, code="remedies"):
    return TextBlock.objects.create(unit=unit, code=code, effective_from=day, text=text)


@pytest.fixture
def tree():
    """City below province."""
    upper = UnitFactory(name="某省公安厅")
    return upper, make.nanning(parent=upper)


def test_the_nearest_unit_upwards_then_the_latest_in_effect(tree):
    upper, city = tree
    day = date(2025, 1, 8)
    for_all = word(None, date(2024, 1, 1))
    assert blocks.choose(city, ["remedies"], day)["remedies"] == for_all
    above = word(upper, date(2023, 1, 1))
    assert blocks.choose(city, ["remedies"], day)["remedies"] == above
    old, new = word(city, date(2020, 1, 1)), word(city, day)
    word(city, day + timedelta(days=1))
    word(UnitFactory(), date(2020, 1, 1))

    assert blocks.choose(city, ["remedies"], day)["remedies"] == new
    assert blocks.choose(city, ["remedies"], day - timedelta(days=1))["remedies"] == old
    assert blocks.choose(upper, ["remedies"], day)["remedies"] == above


def test_the_house_wording_where_there_is_none(tree):
    said = blocks.standing(tree[1], ["remedies"], date(2025, 1, 8))["remedies"]
    assert said.row is None
    assert "六十日内向" in said.text
    assert "六个月内依法向" in said.text
    assert "{" not in said.text


def test_a_value_is_never_read_as_a_placeholder():
    unit = UnitFactory.build(court="{address}法院", address="某路", reconsideration_body="府")
    assert blocks.fill("向{court}", blocks.values(unit, ["court"])) == "向{address}法院"


def test_the_paper_notes_which_wording_it_used():
    unit = make.nanning()
    plain = make.issue(unit=unit)
    row = word(unit, date(2025, 1, 9))
    before, after = make.issue(unit=unit), make.issue(unit=unit, at=make.later(days=1))

    assert plain.snapshot["blocks"] == before.snapshot["blocks"] == {"remedies": None}
    assert after.snapshot["blocks"] == {"remedies": row.pk}
    assert "对本决定不服的" in after.words
    assert "对本决定不服的" not in before.words


def test_what_a_wording_needs_of_the_unit_is_asked_before_issue():
    unit = make.nanning()
    Unit.objects.filter(pk=unit.pk).update(address="")
    word(unit, date(2025, 1, 1), OWN + "联系地址：{address}。")
    with pytest.raises(Refused, match="没有设置单位地址") as refused:
        make.issue(unit=Unit.objects.get(pk=unit.pk))
    assert [reason.field for reason in refused.value.reasons] == ["unit.address"]


# --- What a wording must say --------------------------------------------------------------------


def test_the_wordings_of_the_house_pass_their_own_check():
    for code, block in blocks.BLOCKS.items():
        assert blocks.validate(code, block.default) == [], code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "写下这一段"),
        ("　 ", "写下这一段"),
        ("字" * 200_000, "200000 字，超过 600 字"),
        (DEFAULT.replace("{court}", "人民法院"), "没有写行政诉讼法院，请用占位符 {court}"),
        (DEFAULT.replace("{reconsideration_body}", "市政府"), "没有写行政复议机关"),
        (DEFAULT.replace("{reconsideration_within}", "60日"), "没有写申请行政复议的期限"),
        (DEFAULT.replace("{litigation_within}", "六个月"), "没有写提起行政诉讼的期限"),
        (DEFAULT + "二十个工作日内答复。", "“二十个工作日”：期限由法规库填写"),
        (DEFAULT + "{mayor}", "没有这样的占位符：{mayor}"),
        (DEFAULT + "{{ unit }}", "花括号只用来写占位符"),
        (DEFAULT + "{% now %}", "花括号只用来写占位符"),
        (DEFAULT + "\u202e", "U+202E"),
        (DEFAULT + "a\x07b", "U+0007"),
        (DEFAULT[:9] + "\n" + DEFAULT[9:], "中间有换行"),
        (DEFAULT + "<script>alert(1)</script>", "有尖括号"),
        (DEFAULT + "\U0002b740", "U+2B740"),
    ],
)
def test_a_faulty_wording_is_told_what_is_wrong(text, said):
    found = blocks.validate("remedies", text)
    assert [reason.field for reason in found] == ["text"] * len(found)
    assert any(said in reason.text for reason in found), found


# --- The database -------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_a_wording_in_effect(act):
    row = word(make.nanning(), timezone.localdate())
    coming = word(row.unit, timezone.localdate() + timedelta(days=2))
    rows = TextBlock.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        rows.update(text="改") if act == "update" else rows.delete()
    again = TextBlock.objects.filter(pk=coming.pk)
    assert again.update(text="改") if act == "update" else again.delete()


@pytest.mark.parametrize("whose", ["unit", "all"])
def test_one_wording_a_day_and_never_an_empty_one(whose):
    unit = make.nanning() if whose == "unit" else None
    word(unit, date(2025, 1, 1))
    with pytest.raises(IntegrityError, match="textblock_once_a_day"), transaction.atomic():
        word(unit, date(2025, 1, 1))
    with pytest.raises(IntegrityError, match="textblock_has_text"), transaction.atomic():
        word(unit, date(2025, 1, 2), "")


# --- The back room ------------------------------------------------------------------------------

LIST = reverse("admin:notices_textblock_changelist")
ADD = reverse("admin:notices_textblock_add")
PREVIEW = reverse("admin:notices_textblock_preview")


def row_page(row):
    return reverse("admin:notices_textblock_change", args=[row.pk])


@pytest.fixture
def room(client, tree):
    """The system administrator of the city, logged in."""
    client.force_login(UserFactory(unit=tree[1], roles=["system_admin"]))
    return client


def typed(whose, /, **changes):
    tomorrow = timezone.localdate() + timedelta(days=1)
    given = {"code": "remedies", "unit": whose.pk if whose else "", "text": OWN, "note": ""}
    return {**given, "effective_from": tomorrow.isoformat(), **changes}


def test_a_new_wording_is_a_new_row_and_on_the_record(room, tree):
    page = room.get(ADD)
    assert page.context["adminform"].form["text"].value() == DEFAULT
    assert "还可以用的占位符" in page.content.decode()

    room.post(ADD, typed(tree[1]))
    row = TextBlock.objects.get()
    event = Event.objects.get(verb="admin.added")
    assert (row.unit, row.text) == (tree[1], OWN)
    assert event.data["changes"]["text"][1] == OWN

    room.post(row_page(row), typed(tree[1], text=OWN + "特此告知。"))
    assert TextBlock.objects.get().text.endswith("特此告知。")
    assert Event.objects.get(verb="admin.changed").data["changes"]["text"][0] == OWN


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effective_from": timezone.localdate().isoformat()}, "最早为明天"),
        ({"text": "如不服，请来电。"}, "没有写行政复议机关"),
        ({"text": "字" * 200_000}, "200000字，超过600字"),
        ({"unit": ""}, "由最上级单位的系统管理员录入"),
        ({"code": "secret"}, "secret"),
    ],
)
def test_a_refused_wording_comes_back_as_it_was_typed(room, tree, changes, said):
    page = room.post(ADD, typed(tree[1], **changes))
    assert page.status_code == 200
    assert said in page.content.decode().replace(" ", "")
    assert page.context["adminform"].form["text"].value() == changes.get("text", OWN)
    assert not TextBlock.objects.exists()


def test_a_row_in_effect_is_only_read_and_says_why(room, tree):
    old, now = word(tree[1], date(2024, 1, 1)), word(tree[1], date(2025, 1, 1))
    coming = word(tree[1], date(2099, 1, 1))
    page = room.get(row_page(now)).content.decode()
    assert "现行。不能修改" in page
    assert "六十日内向" in page
    assert 'name="text"' not in page
    assert room.post(row_page(now), typed(tree[1])).status_code == 403
    assert room.post(now_delete(now), {"post": "yes"}).status_code == 403
    assert room.get(row_page(coming)).content.decode().count("尚未生效") == 1

    listed = room.get(LIST).content.decode()
    assert [listed.count(each) for each in ("现行。", "已由后来", "尚未生效，")] == [1, 1, 1]
    for standing, row in (("now", now), ("past", old), ("coming", coming)):
        shown = room.get(LIST, {"standing": standing}).context["cl"].result_list
        assert list(shown) == [row]


def now_delete(row):
    return reverse("admin:notices_textblock_delete", args=[row.pk])


def test_a_wording_for_all_is_that_of_the_topmost_administrator(room, client, tree):
    for_all = word(None, date(2099, 1, 1))
    assert room.post(row_page(for_all), typed(None)).status_code == 403
    client.force_login(UserFactory(unit=tree[0], roles=["system_admin"]))
    assert client.post(row_page(for_all), typed(None, text=OWN + "好。")).status_code == 302
    assert TextBlock.objects.get().text == OWN + "好。"


def test_the_live_preview_shows_what_is_filled_and_what_is_wrong(room, tree):
    text = "可以在{reconsideration_within}内向{reconsideration_body}申请<b>复议</b>。"
    part = room.post(PREVIEW, typed(tree[1], text=text), headers={"X-Part": "1"})
    said = part.content.decode()
    assert "<html" not in said
    assert "<mark>六十日</mark>" in said
    assert f"<mark>{tree[1].reconsideration_body}</mark>" in said
    assert "&lt;b&gt;" in said
    assert "有尖括号" in said
    assert "没有写行政诉讼法院" in said

    page = room.post(PREVIEW, typed(tree[1]))  # without script
    assert "<html" in page.content.decode()
    assert "可以使用。" in page.content.decode()
    huge = room.post(PREVIEW, typed(tree[1], text="{court}" * 30_000))
    assert "超过 600 字" in huge.content.decode()
    assert not TextBlock.objects.exists()


def test_the_live_preview_tries_own_units_only(room, client, tree):
    stranger = UnitFactory(name="别处公安局", reconsideration_body="别处人民政府")
    given = typed(None, trial_unit=stranger.pk)
    assert "别处" not in room.post(PREVIEW, given).content.decode()
    assert room.get(PREVIEW).status_code == 405
    for role in ("auditor", "security_admin", "supervisor"):
        client.force_login(UserFactory(unit=tree[1], roles=[role]))
        assert client.post(PREVIEW, given).status_code == 403


def test_the_list_costs_the_same_for_many(room, tree, django_assert_max_num_queries):
    for n in range(30):
        word(tree[1], date(2024, 1, 1) + timedelta(days=n))
    with django_assert_max_num_queries(14):
        room.get(LIST)
