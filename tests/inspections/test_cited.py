"""What findings cite: said on the page of the article, and kept as it was."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from inspections.models import Citation
from legal import cited
from legal.models import Article, LawVersion
from tests.factories.accounts import UserFactory
from tests.factories.inspections import finding, mini_law, recorded, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def citation() -> Citation:
    return recorded(UserFactory(inspector=True), findings=1).findings.get().citations.first()


def sql(text: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, values)


@pytest.mark.parametrize(
    "change",
    [
        "number = 77",
        "suffix = 1",
        "ref = 'X@1:1'",
        "para = 5",
        "DELETE",
        "version_id = version_id + 1",
    ],
)
def test_place_of_a_cited_article_stays(citation, change):
    text = (
        "DELETE FROM legal_article WHERE id = %s"
        if change == "DELETE"
        else f"UPDATE legal_article SET {change} WHERE id = %s"
    )
    with pytest.raises(IntegrityError, match="was cited"):
        sql(text, citation.article_id)


@pytest.mark.parametrize(
    "change", ["effective_from = '2001-01-01'", "version = '1999'", "ref = 'X@1'", "DELETE"]
)
def test_first_day_of_a_cited_text_stays(citation, change):
    text = (
        "DELETE FROM legal_lawversion WHERE id = %s"
        if change == "DELETE"
        else f"UPDATE legal_lawversion SET {change} WHERE id = %s"
    )
    with pytest.raises(IntegrityError, match="was cited"):
        sql(text, citation.article.version_id)


def test_words_and_the_last_day_may_be_kept_up(citation):
    article = citation.article
    sql("UPDATE legal_article SET gist_zh = '新的概括' WHERE id = %s", article.pk)
    sql(
        "UPDATE legal_lawversion SET effective_to = '2030-12-31', status = 'superseded'"
        " WHERE id = %s",
        article.version_id,
    )
    free = Article.objects.exclude(pk__in=Citation.objects.values("article")).first()
    if free is not None:
        Article.objects.filter(pk=free.pk).update(note="动过")


def test_back_room_says_why(client, citation):
    client.force_login(UserFactory(system_admin=True))
    article = citation.article
    for model, row in (("article", article), ("lawversion", article.version)):
        url = reverse(f"admin:legal_{model}_delete", args=[row.pk])
        page = client.post(url, {"post": "yes"}, follow=True).content.decode()
        assert f"{row.ref}已经被引用" in page
    assert Article.objects.filter(pk=article.pk).exists()
    law = reverse("admin:legal_law_delete", args=[article.version.law_id])
    page = client.post(law, {"post": "yes"}, follow=True).content.decode()
    assert "还有登记的文本" in page


def test_back_room_refuses_another_first_day(client, citation):
    client.force_login(UserFactory(system_admin=True))
    version = citation.article.version
    url = reverse("admin:legal_lawversion_change", args=[version.pk])
    data = {
        "effective_from": "2001-01-01",
        "effective_to": "",
        "status": version.status,
        "confidence": version.confidence,
        "doc_no": "",
        "note": "",
        "source": "",
    }
    page = client.post(url, data)
    assert "引用过的条款不能删除，也不能改变位置和施行日期" in page.content.decode()
    same = {**data, "effective_from": version.effective_from, "effective_to": "2025-06-30"}
    assert client.post(url, same).status_code == 302
    version.refresh_from_db()
    assert version.by_hand


def test_back_room_refuses_two_texts_on_one_day(client, citation):
    client.force_login(UserFactory(system_admin=True))
    version = citation.article.version
    data = {
        "law": version.law_id,
        "version": "2099",
        "ref": f"{version.law_id}@2099",
        "effective_from": version.effective_from,
        "status": "in_force",
        "confidence": "high",
    }
    page = client.post(reverse("admin:legal_lawversion_add"), data).content.decode()
    assert "在同一天有效" in page
    assert not LawVersion.objects.filter(version="2099").exists()


def test_uncited_article_may_go(client):
    law = mini_law()
    client.force_login(UserFactory(system_admin=True))
    spare = Article.objects.create(
        version=law.new_duty.version, ref="SPARE:1", number=888, kind="general", whole=True
    )
    url = reverse("admin:legal_article_delete", args=[spare.pk])
    client.post(url, {"post": "yes"})
    assert not Article.objects.filter(pk=spare.pk).exists()


def test_page_of_the_article_lists_what_the_reader_may_see(client, citation):
    officer = citation.finding.inspection.created_by
    stranger = UserFactory(inspector=True)
    mine, theirs = (cited.by(citation.article, user)[0] for user in (officer, stranger))
    assert (mine.count, theirs.count) == (1, 0)
    assert mine.rows[0].url == citation.finding.inspection.get_absolute_url()
    client.force_login(officer)
    page = client.get(citation.article.get_absolute_url()).content.decode()
    assert citation.finding.inspection.number in page
    listed = client.get(mine.url).content.decode()
    assert citation.finding.inspection.number in listed
    other = finding(visit(officer), officer)
    other.citations.all().delete()
    assert other.inspection.number not in client.get(mine.url).content.decode()
    assert cited.by(citation.article, UserFactory(security_admin=True)) == []
