"""The pages of the register."""

import pytest
from django.urls import reverse

from audit.models import Event
from legal.models import Article, ViolationType
from tests.factories.accounts import UserFactory
from tests.factories.legal import load_law

PAGES = [
    ("law:list", []),
    ("law:violations", []),
    ("law:violation", ["NO_CONSENT"]),
    ("law:calendars", []),
    ("law:version", ["CSL@2016"]),
    ("law:article", ["CSL@2016:21(1)[4]"]),
    ("law:article", ["CSL@2016:59"]),
    ("law:article", ["CSL@2025:61(1)"]),
    ("law:article", ["PIPL@2021:66(2)"]),
    ("law:article", ["PIPL@2021"]),
]


@pytest.fixture
def officer(client, law):
    client.force_login(UserFactory(inspector=True))
    return client


@pytest.mark.parametrize(("name", "args"), PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page(officer, name, args, language, django_assert_max_num_queries):
    officer.cookies["django_language"] = language
    officer.get(reverse("law:violations"))  # a process reads the register and calendars once
    with django_assert_max_num_queries(12):
        response = officer.get(reverse(name, args=args))
    assert response.status_code == 200


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_needs_the_permission(client, law, name, args):
    assert client.get(reverse(name, args=args)).status_code == 302
    client.force_login(UserFactory(security_admin=True))
    assert client.get(reverse(name, args=args)).status_code == 403


def test_unknown_is_not_found(officer):
    for name, wrong in [
        ("law:article", "CSL@2016:999"),
        ("law:version", "CSL@1999"),
        ("law:violation", "NONE"),
    ]:
        assert officer.get(reverse(name, args=[wrong])).status_code == 404


def test_search(officer):
    page = officer.get(reverse("law:list"), {"q": "应急预案"}).content.decode()
    assert "《网络安全法》（2016）第二十五条" in page
    assert "《网络安全法》（2025）第二十七条" in page
    page = officer.get(reverse("law:list"), {"q": "应急预案", "on": "2024-12-30"}).content.decode()
    assert "（2025）第二十七条" not in page
    assert "没有符合条件" in officer.get(reverse("law:list"), {"q": "渔业"}).content.decode()


def test_list_of_one_level(officer):
    page = officer.get(reverse("law:list"), {"level": "ministry_rule"}).content.decode()
    assert "公安机关网络空间安全监督检查办法" in page
    assert "数据安全法" not in page


def test_violations_follow_the_day(officer):
    url = reverse("law:violations")
    page = officer.get(url, {"q": "应急预案", "on": "2024-12-30"}).content.decode()
    assert "（2016）第二十五条" in page
    assert "（2025）第二十七条" not in page
    page = officer.get(url, {"family": "filing"}).content.decode()
    assert "未经用户同意" not in page
    assert "没有符合条件" in officer.get(url, {"q": "渔业"}).content.decode()


def test_article_page_shows_its_line(officer):
    page = officer.get(reverse("law:article", args=["CSL@2016:59(1)"])).content.decode()
    assert "（2025）第六十一条第一款" in page
    assert "10,000" in page
    assert "拒不改正" in page


def test_every_article_has_a_page(officer):
    for article in Article.objects.with_law():
        assert reverse("law:article", args=[article.ref])
    for kind in ViolationType.objects.all():
        assert officer.get(kind.get_absolute_url()).status_code == 200


def test_get_only(officer):
    assert officer.post(reverse("law:list")).status_code == 405


def test_day_of_the_layout(officer):
    page = officer.get(reverse("law:list")).content.decode()
    assert any(word in page for word in ("工作日", "休息日", "调休上班", "日历未导入"))


# --- The register in the admin -----------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        "law",
        "lawversion",
        "article",
        "violationtype",
        "timelimit",
        "threshold",
        "paperform",
        "calendaryear",
    ],
)
def test_admin_list(client, law, model):
    client.force_login(UserFactory(system_admin=True))
    assert client.get(reverse(f"admin:legal_{model}_changelist")).status_code == 200


def test_admin_edit_is_kept_by_hand_and_nothing_is_deleted(client, law):
    client.force_login(UserFactory(system_admin=True))
    article = Article.objects.get(ref="CSL@2016:25")
    url = reverse("admin:legal_article_change", args=[article.pk])
    assert client.get(url).status_code == 200
    data = {
        "kind": article.kind,
        "gist_zh": "本单位的概括",
        "gist_en": article.gist_en,
        "confidence": article.confidence,
        "note": article.note,
        "source": article.source,
        "sanctioned_by": [each.pk for each in article.sanctioned_by.all()],
        "maps_to": [each.pk for each in article.maps_to.all()],
        "tiers-TOTAL_FORMS": 0,
        "tiers-INITIAL_FORMS": 0,
    }
    assert client.post(url, data).status_code == 302
    article.refresh_from_db()
    assert (article.by_hand, article.gist_zh) == (True, "本单位的概括")
    assert client.post(url.replace("change", "delete"), {"post": "yes"}).status_code == 403


def test_auditor_reads_and_edits_nothing(client, law):
    client.force_login(UserFactory(auditor=True))
    article = Article.objects.get(ref="CSL@2016:25")
    url = reverse("admin:legal_article_change", args=[article.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"gist_zh": "x"}).status_code == 403


def test_admin_edit_of_the_bases_is_kept_by_hand(client, law):
    client.force_login(UserFactory(system_admin=True))
    kind = ViolationType.objects.get(code="LOG_RETENTION_SHORT")
    bases = list(kind.bases.all())
    data = {
        "zh": kind.zh,
        "en": kind.en,
        "family": kind.family,
        "phrases": "",
        "advice_zh": "",
        "advice_en": "",
        "position": kind.position,
        "is_active": "on",
        "confidence": kind.confidence,
        "note": "",
        "bases-TOTAL_FORMS": len(bases),
        "bases-INITIAL_FORMS": len(bases),
    }
    for n, basis in enumerate(bases):
        data |= {
            f"bases-{n}-id": basis.pk,
            f"bases-{n}-violation_type": kind.pk,
            f"bases-{n}-article": basis.article_id,
            f"bases-{n}-role": basis.role,
            f"bases-{n}-primary": "on",
            f"bases-{n}-rank": basis.rank,
        }
    data["bases-0-DELETE"] = "on"
    url = reverse("admin:legal_violationtype_change", args=[kind.pk])
    assert client.post(url, data).status_code == 302
    kind.refresh_from_db()
    assert kind.by_hand
    assert kind.bases.count() == len(bases) - 1
    load_law()
    assert kind.bases.count() == len(bases) - 1
    assert Event.objects.filter(verb="admin.changed").exists()
