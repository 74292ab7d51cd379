"""The paper of an order before issue: looked at, whole, and still what was looked at."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from accounts.models import Unit
from audit.trail import Refused
from notices.models import Notice, Preview, Series, TextBlock
from rectification import completeness, orders, words
from rectification.models import Item, Order
from tests.factories.accounts import UserFactory
from tests.factories.rectification import FOUND_ON, ISSUED_ON, Desk, at
from tests.rectification.doors import post, url

REMEDIES = "不服的，可以在{reconsideration_within}内向{reconsideration_body}申请复议，" + (
    "或者在{litigation_within}内向{court}起诉。"
)


def look(client: Any, order: Order) -> Preview:
    answer = client.post(url(order, "preview_paper"))
    made = Preview.objects.latest("made_at")
    assert answer.url == reverse("notices:preview", args=[made.pk])
    return made


def page(client: Any, order: Order, act: str = "detail") -> str:
    return str(client.get(url(order, act)).content.decode())


@pytest.mark.parametrize(
    ("made", "act"), [("draft", "submit"), ("submitted", "approve"), ("approved", "issue")]
)
def test_the_very_paper_is_looked_at_before_the_button_is_pressed(
    desk: Desk, door: Any, on: Any, made: str, act: str
) -> None:
    order = getattr(desk, made)()
    client = door(desk.inspector if act == "submit" else desk.supervisor)
    with on(ISSUED_ON):
        assert url(order, "preview_paper") in page(client, order)
        before = page(client, order, act)
        preview = look(client, order)
        after = page(client, order, act)

    assert "还没有预览过这份文书" in before
    assert 'formtarget="_blank"' in before
    assert "文字至今没有变" in after
    assert "自本通知书送达之日起20个工作日内" in preview.words
    assert "（签发时编号）" in preview.words
    assert preview.lacking == []
    order.refresh_from_db()
    assert order.notice is None
    assert not Series.objects.exists()


def test_what_was_issued_has_no_preview(desk: Desk, door: Any) -> None:
    order = desk.issued()
    client = door(desk.supervisor)
    assert client.post(url(order, "preview_paper")).url == order.get_absolute_url()
    assert url(order, "preview_paper") not in page(client, order)
    assert not Preview.objects.exists()


def test_the_page_shows_each_lack_with_what_mends_it(desk: Desk, door: Any, on: Any) -> None:
    admin = UserFactory(unit=desk.unit, roles=["system_admin"], name="农系统")
    order = desk.draft()
    Item.objects.filter(order=order).delete()
    Unit.objects.filter(pk=desk.unit.pk).update(reconsideration_body="")
    order.refresh_from_db()
    order.unit.refresh_from_db()
    with on(FOUND_ON):
        said = page(door(desk.inspector), order)
        preview = look(door(desk.inspector), order)
        Item.objects.create(order=order, finding=order.inspection.findings.first(), ordinal=1)
        Item.objects.filter(order=order).update(required_correction="加密")
        asked = page(door(desk.inspector), order, "submit")

    assert "文书还缺" in asked
    assert f"{url(order, 'amend')}#div_id_findings" in said
    assert "没有设置行政复议机关" in said
    assert f"系统管理员：{admin.name}" in said
    assert [each["field"] for each in preview.lacking] == ["findings", "unit.reconsideration_body"]
    assert "div_id_findings" in page(door(desk.inspector), order, "amend")


def test_once_submitted_it_is_sent_back_to_be_mended(desk: Desk) -> None:
    order = desk.submitted()
    order.items.all().delete()
    found = completeness.of_paper(order, FOUND_ON)
    assert [(each.field, each.url) for each in found] == [("findings", url(order, "send_back"))]


def test_an_incomplete_paper_is_not_issued(desk: Desk, door: Any, on: Any) -> None:
    order = desk.approved()
    Unit.objects.filter(pk=desk.unit.pk).update(reconsideration_body="")
    with on(ISSUED_ON):
        client = door(desk.supervisor)
        shown = page(client, order, "issue")
        refused = post(client, order, "issue")
    order.refresh_from_db()

    assert "没有设置行政复议机关" in shown
    assert "现在不能办理" in shown
    assert refused.status_code == 200
    assert order.state == "approved"
    assert not Notice.objects.exists()
    assert not Series.objects.exists()
    order.enterprise.name = " "
    order.enterprise.save()
    with pytest.raises(Refused, match="没有受送达人"):
        orders.issue(order, by=desk.supervisor, at=at(ISSUED_ON))


def test_renamed_between_draft_and_issue_the_paper_says_what_holds_at_issue(
    desk: Desk, door: Any, on: Any
) -> None:
    order = desk.approved()
    with on(ISSUED_ON):
        client = door(desk.supervisor)
        look(client, order)
        Unit.objects.filter(pk=desk.unit.pk).update(name="南宁市公安局网安支队")
        told = page(client, order, "issue")
        post(client, order, "issue")
    order.refresh_from_db()

    assert "和现在将签发的不一样" in told
    assert "<td>南宁市公安局</td><td>南宁市公安局网安支队</td>" in told
    assert '<div class="organ">南宁市公安局网安支队</div>' in order.notice.words
    assert order.notice.snapshot["unit"]["name"] == "南宁市公安局网安支队"
    Unit.objects.filter(pk=desk.unit.pk).update(name="又一个名字")
    order.notice.refresh_from_db()
    assert "又一个名字" not in order.notice.words


def test_a_wording_changed_since_the_approver_looked_is_told_to_whoever_issues(
    desk: Desk, door: Any, on: Any
) -> None:
    order = desk.submitted()
    row = TextBlock.objects.create(
        code="remedies", effective_from=ISSUED_ON, text=REMEDIES, unit=desk.unit
    )
    with on(ISSUED_ON - timedelta(days=1)):
        look(door(desk.supervisor), order)
        post(door(desk.supervisor), order, "approve")
    order.refresh_from_db()
    second = door(UserFactory(unit=desk.unit, supervisor=True))
    with on(ISSUED_ON):
        told = page(second, order, "issue")
        post(second, order, "issue")
    order.refresh_from_db()

    assert f"{desk.supervisor.name} " in told
    assert "看过的预览，和现在将签发的不一样" in told
    assert "如不服本决定" in told
    assert "申请复议，或者在六个月内" in told
    assert "申请复议，或者在六个月内" in order.notice.words
    assert order.notice.snapshot["blocks"] == {"remedies": row.pk}


def test_changed_while_the_page_was_open_the_button_asks_again(
    desk: Desk, door: Any, on: Any
) -> None:
    order = desk.approved()
    with on(ISSUED_ON):
        client = door(desk.supervisor)
        shown = client.get(url(order, "issue"))
        digest = shown.context["compared"].digest
        assert f'name="paper" value="{digest}"' in shown.content.decode()
        Unit.objects.filter(pk=desk.unit.pk).update(court="南宁铁路运输法院")
        refused = post(client, order, "issue", paper=digest)
        order.refresh_from_db()
        assert "文书的文字变了" in refused.content.decode()
        assert order.state == "approved"
        again = refused.context["compared"].digest
        assert again != digest
        post(client, order, "issue", paper=again)
    order.refresh_from_db()
    assert "南宁铁路运输法院" in order.notice.words


def test_midnight_is_no_change(desk: Desk, door: Any, on: Any) -> None:
    order = desk.approved()
    with on(ISSUED_ON):
        digest = door(desk.supervisor).get(url(order, "issue")).context["compared"].digest
    with on(ISSUED_ON + timedelta(days=1)):
        post(door(desk.supervisor), order, "issue", paper=digest)
    order.refresh_from_db()
    assert order.state == "issued"


def test_the_decision_on_more_time_is_looked_at_too(desk: Desk, door: Any, on: Any) -> None:
    order = desk.served()
    desk.ask(order, date(2025, 1, 20), date(2025, 2, 28))
    order.refresh_from_db()
    client = door(desk.supervisor)
    answers = {
        "granted": "1",
        "items": [item.pk for item in order.items.all()],
        "until": "2025-02-28",
        "note": "理由属实",
        "preview": "1",
    }
    with on(date(2025, 1, 21)):
        assert url(order, "preview_decision") in page(client, order, "decide_extension")
        client.post(url(order, "preview_decision"), answers)
        refused = client.post(url(order, "preview_decision"), {"granted": "0", "preview": "1"})

    preview = Preview.objects.get()
    extension = order.extensions.get()
    assert preview.kind == "extension_decision"
    assert preview.subject_type == ContentType.objects.get_for_model(extension)
    assert "2025年2月28日" in preview.words
    assert "写明理由" in refused.content.decode()
    extension.refresh_from_db()
    assert extension.notice is None
    assert extension.state == "requested"


def test_many_findings_cost_no_query_more(desk: Desk, django_assert_max_num_queries: Any) -> None:
    order = Order.objects.select_related(
        "unit", "enterprise", "inspection", "system", "drafted_by"
    ).get(pk=desk.approved(20).pk)
    with django_assert_max_num_queries(5):
        assert completeness.of_paper(words.gather(order), ISSUED_ON) == []
