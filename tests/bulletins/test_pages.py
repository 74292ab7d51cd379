"""Bulletins through the doors: choosing, writing, previewing, deciding, taking the files."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletins.models import Bulletin, BulletinState, Publication, PublicationState
from jobs import ledger
from look.templatetags.zg import zhash
from tests.factories import bulletins as make
from tests.factories.accounts import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST_QUERIES = 12


def url(bulletin, act="detail"):
    return reverse(f"bulletins:{act}", args=[bulletin.pk])


def page(client, address, **given):
    return client.get(address, given).content.decode()


def test_from_the_choice_of_cases_to_the_file_in_hand(desk, door, on):
    first, second = make.decided(desk), make.decided(desk, "南宁云水酒店有限公司")
    client = door(desk.inspector)
    with on(make.DRAFTED_ON):
        form = {"form_token": str(uuid4())}
        nothing = client.post(reverse("bulletins:new"), form).content.decode()
        form["cases"] = [str(first.pk), str(second.pk)]
        answers = [client.post(reverse("bulletins:new"), form) for _n in range(2)]
        bulletin = Bulletin.objects.get()
        shown = page(client, url(bulletin))
        client.post(url(bulletin, "submit"), {"seen": bulletin.version})
    assert "至少选择一个案件" in nothing
    assert {answer.url for answer in answers} == {url(bulletin, "amend")}
    assert "案例二" in shown

    with on(make.APPROVED_ON):
        chief, client = door(desk.supervisor), door(desk.inspector)
        bulletin.refresh_from_db()
        asked = page(chief, url(bulletin, "approve"))
        counted = chief.get("/bulletins/").context["zg"].facts["counts"]
        assert counted["bulletins"] == 1
        assert "bulletins" not in client.get("/bulletins/").context["zg"].facts["counts"]
        for _n in range(2):
            chief.post(url(bulletin, "approve"), {"seen": bulletin.version})
        waiting = page(chief, url(bulletin))
        assert client.get(url(bulletin, "pdf")).url == url(bulletin)
    assert "南宁某酒店有限公司" in asked
    assert 'data-state="queued"' in waiting
    bulletin.refresh_from_db()
    assert bulletin.state == BulletinState.APPROVED

    with on(make.APPROVED_ON):
        assert chief.get(url(bulletin, "state")).json() == {"state": "queued"}
        assert ledger.work(str(bulletin.export_job().pk), clock=timezone.now)
        assert chief.get(url(bulletin, "state")).json() == {"state": "ready"}
        ready = page(client, url(bulletin))
        for each in bulletin.exports.all():
            taken = client.get(url(bulletin, each.form))
            assert zhash(each.sha256) in ready
            assert "attachment" in taken["Content-Disposition"]
            assert len(taken.content) == each.size

    with on(make.PUBLISHED_ON):
        client = door(desk.inspector)
        client.post(
            url(bulletin, "publish"),
            {"seen": bulletin.version, "on": make.PUBLISHED_ON.isoformat(), "place": make.PLACE},
        )
        assert make.PLACE in page(client, url(bulletin))


def test_what_was_typed_comes_back_and_the_field_is_named(desk, door):
    bulletin = make.drafted(desk)
    entry = bulletin.entries.get()
    client = door(desk.inspector)
    address = url(bulletin, "amend")
    typed = make.typed(bulletin, title="", **{f"text-{entry.pk}": "我写的一段"})
    again = client.post(address, typed).content.decode()
    assert "填写“标题”" in again
    assert "我写的一段" in again

    long = make.typed(bulletin, intro="长" * 3001)
    assert "长" * 3001 in client.post(address, long).content.decode()
    bulletin.refresh_from_db()
    assert bulletin.version == 1


def test_a_preview_shows_and_checks_what_is_typed_and_saves_nothing(desk, door):
    bulletin = make.drafted(desk)
    client = door(desk.inspector)
    typed = make.typed(bulletin, reminder="请联系１３８ 0771 0001", preview="1")
    shown = client.post(url(bulletin, "amend"), typed).content.decode()
    assert "还没有保存" in shown
    assert "结尾提醒第 4 字起有电话号码" in shown
    bulletin.refresh_from_db()
    assert "0771" not in bulletin.reminder


def test_the_order_is_changed_by_numbers(desk, door):
    bulletin = make.drafted(desk, make.decided(desk), make.decided(desk, "南宁云水酒店有限公司"))
    first, second = bulletin.entries.order_by("ordinal")
    client = door(desk.inspector)
    client.post(url(bulletin, "amend"), make.typed(bulletin, **{f"place-{first.pk}": "5"}))
    assert list(bulletin.entries.order_by("ordinal")) == [second, first]
    bulletin.refresh_from_db()
    client.post(url(bulletin, "drop"), {"entry": str(first.pk), "version": bulletin.version})
    assert list(bulletin.entries.all()) == [second]


def test_of_two_drafters_the_second_is_told_and_keeps_his_words(desk, door):
    bulletin = make.drafted(desk)
    mine = make.typed(bulletin, title="我的标题")
    theirs = make.typed(bulletin, title="别人的标题")
    door(desk.colleague).post(url(bulletin, "amend"), theirs)
    client = door(desk.inspector)
    told = client.post(url(bulletin, "amend"), mine).content.decode()
    assert "已保存过这份通报" in told
    assert "别人的标题" in told
    assert 'value="我的标题"' in told
    version = re.search(r'name="version" value="(\d+)"', told)[1]
    client.post(url(bulletin, "amend"), mine | {"version": version})
    bulletin.refresh_from_db()
    assert bulletin.title == "我的标题"


def test_a_name_in_the_text_is_shown_before_the_button(desk, door):
    bulletin = make.drafted(desk, title="桂捷公司等受到处罚")
    client = door(desk.inspector)
    shown = page(client, url(bulletin))
    assert "标题第 1 字起有企业名称或者字号" in shown
    refused = client.post(url(bulletin, "submit"), {"seen": bulletin.version}).content.decode()
    assert "标题第 1 字起有企业名称或者字号" in refused
    bulletin.refresh_from_db()
    assert bulletin.state == BulletinState.DRAFT


def test_the_lists_narrow_export_and_cost_the_same_for_many(
    desk, door, django_assert_max_num_queries
):
    case = make.decided(desk)
    many = [make.drafted(desk, case, title=f"通报{n}") for n in range(27)]
    other = UserFactory(unit=UnitFactory(), inspector=True)
    client = door(desk.inspector)
    page(client, reverse("bulletins:list"))
    with django_assert_max_num_queries(LIST_QUERIES):
        first = client.get(reverse("bulletins:list"))
    assert len(first.context["rows"]) == 25
    rest = client.get(reverse("bulletins:list"), {"after": first.context["page"].next})
    assert len(rest.context["rows"]) == len(many) - 25

    def found(**given):
        return [row["bulletin"].title for row in client.get("/bulletins/", given).context["rows"]]

    assert found(q="通报7") == ["通报7"]
    assert found(state="published") == []
    assert "没有符合条件的通报" in page(client, "/bulletins/", state="published")
    lines = client.get(reverse("bulletins:export"), {"q": "通报7"}).content.decode()
    assert [line[:3] for line in lines.splitlines()[1:]] == ["通报7"]
    stranger = door(other)
    assert "还没有案例通报" in page(stranger, "/bulletins/")
    assert stranger.get(url(many[0])).status_code == 404
    with django_assert_max_num_queries(LIST_QUERIES):
        rows = client.get(reverse("bulletins:publications"), {"q": "桂捷"}).context["rows"]
    assert len(rows) == 1
    assert "13" in client.get(reverse("bulletins:export_publications")).content.decode()


def test_the_public_side_of_a_decision_is_entered_on_its_page(desk, door, on):
    publication = make.decided(desk).publication
    base = publication.get_absolute_url()
    with on(make.PUBLISHED_ON):
        client, chief = door(desk.inspector), door(desk.supervisor)
        shown = page(client, base)
        form = {"seen": publication.version, "on": "2025-01-16", "place": ""}
        assert "填写“网址或者媒体”" in client.post(f"{base}publish/", form).content.decode()
        client.post(f"{base}publish/", form | {"place": make.PLACE})
        publication.refresh_from_db()
        form = {
            "seen": publication.version,
            "fall": "void",
            "on": "2025-01-16",
            "note": "判决〔2025〕1号",
        }
        client.post(f"{base}fall/", form)
        publication.refresh_from_db()
        form = {"seen": publication.version, "on": "2025-01-16", "explanation": "判决确认无效"}
        chief.post(f"{base}withdraw/", form)
        ended = page(client, base)
    assert "处罚决定公开期限" in shown
    publication.refresh_from_db()
    assert publication.state == PublicationState.WITHDRAWN
    assert "判决确认无效" in ended


def test_a_decision_that_nobody_started_can_be_made_public(desk, door, settings):
    settings.PUBLISH_EVERY_DECISION = False
    case = make.decided(desk)
    client = door(desk.inspector)
    address = reverse("bulletins:demand", args=[case.pk])
    assert address in page(client, reverse("bulletins:publications"))
    answer = client.post(address)
    assert answer.url == Publication.objects.get(case=case).get_absolute_url()
