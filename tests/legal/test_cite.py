"""Articles and their names."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import translation

from legal.models import Article, CalendarDay, CalendarYear, LawVersion, RegisterStamp, Threshold
from legal.numerals import chinese, label, locator
from tests.factories.legal import ArticleFactory, LawVersionFactory, ViolationTypeFactory


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (21, "二十一"),
        (59, "五十九"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (115, "一百一十五"),
        (287, "二百八十七"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1260, "一千二百六十"),
    ],
)
def test_chinese(number, words):
    assert chinese(number) == words


def test_chinese_refuses_what_is_no_article():
    with pytest.raises(ValueError, match="no article number"):
        chinese(0)


def test_label():
    assert label(21, 0, 1, 4) == "第二十一条第一款第四项"
    assert label(287, 1, 2) == "第二百八十七条之一第二款"
    assert label(None) == ""
    assert locator(287, 1, 2) == "287-1(2)"
    assert locator(None) == ""


def test_cite(law):
    item = Article.objects.by_ref("CSL@2016:21(1)[4]")
    assert item.cite_zh() == "《中华人民共和国网络安全法》第二十一条第一款第四项"
    assert item.cite_zh(short=True, version=True) == "《网络安全法》（2016）第二十一条第一款第四项"
    assert item.cite_en() == "Cybersecurity Law (2016) art. 21(1)[4]"
    assert item.cite_short == "《网络安全法》（2016）第二十一条第一款第四项"
    with translation.override("en"):
        assert item.cite_short == "Cybersecurity Law (2016) art. 21(1)[4]"
        assert item.label == "art. 21(1)[4]"
    order = Article.objects.by_ref("MPS176@2026:9(2)")
    assert order.cite_zh() == "《公安机关网络空间安全监督检查办法》第九条第二款"


def test_cite_of_a_whole_law(law):
    whole = Article.objects.by_ref("PIPL@2021")
    assert whole.whole
    assert whole.label_zh == ""
    assert whole.cite_zh() == "《中华人民共和国个人信息保护法》"
    assert whole.cite_en() == "Personal Information Protection Law (2021)"


def test_cite_of_a_whole_article(law):
    whole = Article.objects.by_ref("CSL@2016:59")
    assert whole.whole
    assert whole.cite_zh() == "《中华人民共和国网络安全法》第五十九条"
    assert whole.covers(Article.objects.by_ref("CSL@2016:59(2)"))


def test_covers(law):
    def by(ref):
        return Article.objects.by_ref(ref)

    assert by("CSL@2016:21").covers(by("CSL@2016:21(1)[4]"))
    assert not by("CSL@2016:21(1)[4]").covers(by("CSL@2016:21"))
    assert not by("CSL@2016:21(1)[3]").covers(by("CSL@2016:21(1)[4]"))
    assert by("PIPL@2021").covers(by("PIPL@2021:51(1)[3]"))
    assert not by("PIPL@2021").covers(by("CSL@2016:21"))
    assert not by("CSL@2016:21").covers(by("CSL@2025:23"))


def test_in_force(law):
    old, new = Article.objects.by_ref("CSL@2016:21"), Article.objects.by_ref("CSL@2025:23")
    assert old.in_force_on(date(2025, 12, 31))
    assert not old.in_force_on(date(2026, 1, 1))
    assert not new.in_force_on(date(2025, 12, 31))
    assert new.in_force_on(date(2026, 1, 1))
    assert not old.in_force_on(date(2017, 5, 31))
    refs = Article.objects.in_force_on(date(2026, 1, 1)).values_list("version__ref", flat=True)
    assert "CSL@2016" not in refs
    assert LawVersion.objects.in_force_on(date(2026, 9, 30)).filter(ref="MPS151@2018").exists()
    assert not LawVersion.objects.in_force_on(date(2026, 10, 1)).filter(ref="MPS151@2018").exists()


# --- What the database itself refuses ----------------------------------------------------------


def refused(constraint, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


@pytest.mark.django_db
def test_constraints():
    version = LawVersionFactory()
    article = ArticleFactory(version=version, number=5)
    refused("legal_article_once", lambda: ArticleFactory(version=version, number=5, ref="x"))
    refused("legal_article_place", lambda: ArticleFactory(version=version, item=2))
    refused(
        "legal_article_place",
        lambda: ArticleFactory(version=version, number=None, para=2, whole=True, ref="y"),
    )
    refused(
        "legal_article_law_is_whole",
        lambda: ArticleFactory(version=version, number=None, ref="z"),
    )
    refused(
        "legal_version_ends_after_it_begins",
        lambda: LawVersionFactory(effective_to=date(2019, 1, 1)),
    )
    refused("legal_version_once", lambda: LawVersionFactory(law=version.law, ref="another"))
    refused("legal_threshold_says_something", lambda: Threshold.objects.create(code="T", op=">="))
    article.tiers.create(position=0, tier="base")
    refused("legal_tier_once", lambda: article.tiers.create(position=0, tier="base"))
    kind = ViolationTypeFactory()
    kind.bases.create(article=article, role="duty")
    refused("legal_basis_once", lambda: kind.bases.create(article=article, role="duty"))
    refused("legal_one_stamp", lambda: RegisterStamp.objects.create(id=2, stamp=version_uuid()))


def version_uuid():
    return "00000000-0000-4000-8000-000000000000"


@pytest.mark.django_db
def test_calendar_constraints():
    refused(
        "legal_calendar_year_sane",
        lambda: CalendarYear.objects.create(year=1999, status="official"),
    )
    year = CalendarYear.objects.create(year=2030, status="official")
    day = {"calendar": year, "kind": "off", "name": "元旦", "notice_year": 2030}
    CalendarDay.objects.create(date=date(2030, 1, 1), **day)
    refused(
        "legal_calendarday_date",
        lambda: CalendarDay.objects.create(date=date(2030, 1, 1), **{**day, "kind": "work"}),
    )
    refused(
        "legal_calendar_day_in_its_year",
        lambda: CalendarDay.objects.create(date=date(2031, 1, 1), **day),
    )


@pytest.mark.django_db
def test_cited_article_cannot_be_deleted():
    kind, article = ViolationTypeFactory(), ArticleFactory()
    kind.bases.create(article=article, role="duty")
    with pytest.raises(ProtectedError):
        article.delete()
    with pytest.raises(ProtectedError):
        article.version.delete()


@pytest.mark.django_db
def test_stamp_changes_with_plain_sql():
    before = RegisterStamp.objects.get().stamp
    with connection.cursor() as cursor:
        cursor.execute("UPDATE legal_law SET note = note")
    assert RegisterStamp.objects.get().stamp != before
