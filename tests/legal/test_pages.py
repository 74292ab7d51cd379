"""The pages of the register."""

import pytest
from django.urls import reverse

from audit.models import Event
from legal.models import Article, LawVersion, ViolationType
from tests.factories.accounts import UserFactory
from tests.factories.legal import ProvisionFactory, load_law

PAGES = [
    ("law:list", []),
    ("law:violations", []),
    ("law:violation", ["NO_CONSENT"]),
    ("law:calendars", []),
    ("law:law", ["CSL"]),
    ("law:version", ["CSL@2016"]),
    ("law:version", ["MPS151@2018"]),
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
    with django_assert_max_num_queries(16):
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
        ("law:law", "NONE"),
        ("law:violation", "NONE"),
    ]:
        assert officer.get(reverse(name, args=[wrong])).status_code == 404


def test_search(officer):
    page = officer.get(reverse("law:list"), {"q": "应急预案"}).content.decode()
    assert "《网络安全法》（2016）第二十五条" in page
    assert "《网络安全法》（2025）第二十七条" in page
    page = officer.get(reverse("law:list"), {"q": "应急预案", "on": "2024-12-30"}).content.decode()
    assert "（2025）第二十七条" not in page
    page = officer.get(reverse("law:list"), {"q": "渔业"}).content.decode()
    assert "没有要义或原文含有这些词的条款" in page


@pytest.mark.parametrize(
    ("asked", "found", "missing"),
    [
        ("网安法 21", "（2016）第二十一条第一款第四项", "第二十三条"),
        ("CSL 23", "（2025）第二十三条", "第二十一条"),
        ("《网络安全法》（2016）第五十九条第一款", "第五十九条第一款", "第五十九条第二款"),
        ("CSL@2025:61(1)", "（2025）第六十一条第一款", "第六十一条第二款"),
        ("Cybersecurity Law art. 25", "第二十五条", "第二十七条"),
        ("个保法 66(2)", "《个人信息保护法》", "第六十六条第一款"),
    ],
)
def test_search_by_place(officer, asked, found, missing):
    page = officer.get(reverse("law:list"), {"q": asked}).content.decode()
    assert found in page
    assert missing not in page


def test_search_within_a_law_and_by_what_no_law_has(officer):
    page = officer.get(reverse("law:list"), {"q": "网安法 应急预案"}).content.decode()
    assert "《网络安全法》（2016）第二十五条" in page
    assert "《个人信息保护法》" not in page
    page = officer.get(reverse("law:list"), {"q": "网安法 999"}).content.decode()
    assert "没有登记这一条" in page


def test_list_under_conditions_goes_on_page_by_page(officer):
    url, conditions = reverse("law:list"), {"law": "MPSP", "kind": "procedure"}
    first = officer.get(url, conditions)
    assert first.context["found"]["last"] == 30
    second = officer.get(url, {**conditions, "after": first.context["found"]["next"]})
    assert second.context["found"]["first"] == 31
    assert second.context["found"]["previous"] == "0"
    back = officer.get(url, {**conditions, "before": "0"})
    assert [row["article"] for row in back.context["found"]["rows"]] == [
        row["article"] for row in first.context["found"]["rows"]
    ]
    assert officer.get(url, {**conditions, "after": "x" * 9}).context["found"]["first"] == 1


def test_list_of_one_level(officer):
    page = officer.get(reverse("law:list"), {"level": "ministry_rule"})
    assert {law.code for law in page.context["laws"]} == {"MPS151", "MPS176", "MPSP"}


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
    assert reverse("law:article", args=["CSL@2025:61(1)"]) in page
    assert "在历次文本中" in page
    assert "10,000" in page
    assert "拒不改正" in page


def test_order_151_gave_way_to_order_176(officer):
    page = officer.get(reverse("law:version", args=["MPS151@2018"])).content.decode()
    assert "自 2026年10月1日 起，由《公安机关网络空间安全监督检查办法》取代" in page
    assert reverse("law:version", args=["MPS176@2026"]) in page
    page = officer.get(reverse("law:article", args=["MPS151@2018:19"])).content.decode()
    assert "由《公安机关网络空间安全监督检查办法》取代" in page
    page = officer.get(reverse("law:law", args=["MPS176"])).content.decode()
    assert "取代《公安机关互联网安全监督检查规定》" in page
    assert reverse("law:version", args=["MPS151@2018"]) in page


def test_penalties_with_their_ranges_and_limits(officer):
    page = officer.get(reverse("law:article", args=["CSL@2016:21"])).content.decode()
    assert "违反本条的处罚" in page
    assert "10,000" in page
    page = officer.get(reverse("law:article", args=["CSL@2016:21(1)[3]"])).content.decode()
    assert f"{reverse('law:limits')}#LOG_6M" in page
    assert "这一文本的原文没有导入" in page


@pytest.fixture
def imported(law):
    """Invented words for two articles of the register, as an import would leave them."""
    for ref, number, day in (("CSL@2016", 21, "六个月"), ("CSL@2025", 23, "十二个月")):
        ProvisionFactory(
            version=LawVersion.objects.get(ref=ref),
            number=number,
            chapter="第三章 测试章",
            text=f"测试人员履行下列义务：\n（一）甲；\n（二）记录不少于{day}。",
            paragraphs=[
                {
                    "text": "测试人员履行下列义务：",
                    "items": [
                        {"number": 1, "text": "甲；"},
                        {"number": 2, "text": f"记录不少于{day}。"},
                    ],
                    "tail": "",
                }
            ],
        )


@pytest.mark.parametrize(
    ("name", "args", "query"),
    [
        ("law:law", ["CSL"], {}),
        ("law:version", ["CSL@2025"], {"full": "1"}),
        ("law:article", ["CSL@2016:21"], {}),
    ],
)
def test_imported_pages(officer, imported, name, args, query, django_assert_max_num_queries):
    officer.get(reverse("law:violations"))
    with django_assert_max_num_queries(16):
        page = officer.get(reverse(name, args=args), query).content.decode()
    assert ("测试人员履行下列义务" in page) == (name != "law:law")
    assert "测试法.md" in page
    assert "第三章 测试章" in page


def test_words_of_the_statute_and_what_changed(officer, imported):
    page = officer.get(reverse("law:article", args=["CSL@2016:21"])).content.decode()
    assert "从 2016 年文本到 2025 年文本" in page
    assert "十二" in page
    assert "<del>" in page.replace('<span class="visually-hidden">删去</span>', "")
    part = officer.get(reverse("law:article", args=["CSL@2016:21(1)[2]"])).content.decode()
    assert "记录不少于六个月" in part
    assert "（一）" not in part
    assert "看整条" in part
    lost = officer.get(reverse("law:article", args=["CSL@2016:21(1)[4]"])).content.decode()
    assert "导入的原文里没有这一款、项" in lost


def test_search_finds_the_words_of_the_statute(officer, imported):
    page = officer.get(reverse("law:list"), {"q": "测试人员 不少于"}).content.decode()
    assert "《网络安全法》（2016）第二十一条" in page
    assert "《网络安全法》（2025）第二十三条" in page


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
    page = client.post(url.replace("change", "delete"), {"post": "yes"}, follow=True)
    assert "还用于" in page.content.decode()
    assert Article.objects.filter(pk=article.pk).exists()


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
