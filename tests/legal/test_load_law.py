"""Bringing the data files into the register."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from legal import loading
from legal.models import (
    Article,
    Law,
    LawVersion,
    PaperForm,
    PenaltyTier,
    Threshold,
    TimeLimit,
    ViolationType,
)
from tests.factories.legal import ArticleFactory, load_law


def test_everything_is_there(law):
    assert Law.objects.count() == 19
    assert LawVersion.objects.count() == 24
    assert Article.objects.filter(whole=False).count() == 356
    assert ViolationType.objects.count() == 28
    assert TimeLimit.objects.count() == 45
    assert Threshold.objects.count() == 9
    assert PaperForm.objects.count() == 15
    assert PenaltyTier.objects.exclude(tier="referral").count() == 59
    for ref in ("CSL@2016:21", "CSL@2016:59", "PIPL@2021"):
        assert Article.objects.filter(ref=ref).exists()


def test_reference_names_the_place(law):
    for article in Article.objects.with_law():
        _law, version, place = loading.parse(article.ref)
        assert article.version.version == version
        found = {name: getattr(article, name) for name in place}
        assert found == place


def test_second_time_is_quiet(law):
    again = load_law()
    assert again.is_quiet
    assert again.kept == again.unknown == []


def test_gist_is_updated_and_reported(law):
    Article.objects.filter(ref="CSL@2016:25").update(gist_zh="旧的概括")
    report = load_law()
    assert report.changed == {"article CSL@2016:25": ["gist_zh"]}
    assert Article.objects.get(ref="CSL@2016:25").gist_zh != "旧的概括"


def test_links_and_tiers_are_mended(law):
    article = Article.objects.get(ref="CSL@2016:25")
    article.sanctioned_by.clear()
    Article.objects.get(ref="CSL@2016:59(1)").tiers.all().delete()
    ViolationType.objects.get(code="NO_CONSENT").bases.all().delete()
    report = load_law()
    assert set(report.changed) == {
        "article CSL@2016:25",
        "article CSL@2016:59(1)",
        "violationtype NO_CONSENT",
    }
    assert [each.ref for each in article.sanctioned_by.all()] == ["CSL@2016:59(1)"]


def test_kept_by_hand_unless_taken_back(law):
    Article.objects.filter(ref="CSL@2016:25").update(gist_zh="本单位的概括", by_hand=True)
    report = load_law()
    assert report.kept == ["article CSL@2016:25"]
    assert Article.objects.get(ref="CSL@2016:25").gist_zh == "本单位的概括"
    loading.load(overwrite=True)
    mended = Article.objects.get(ref="CSL@2016:25")
    assert (mended.by_hand, mended.gist_zh == "本单位的概括") == (False, False)


def test_nothing_is_deleted(law):
    extra = ArticleFactory(version=LawVersion.objects.get(ref="CSL@2016"), number=78)
    report = load_law()
    assert report.unknown == [extra.ref]
    assert Article.objects.filter(pk=extra.pk).exists()


def test_calendar_that_was_corrected_stays(law):
    year = Article._meta.apps.get_model("legal", "CalendarYear").objects.get(year=2025)
    year.days.filter(date="2025-02-08").delete()
    load_law()
    assert not year.days.filter(date="2025-02-08").exists()


@pytest.mark.django_db
def test_reference_that_does_not_resolve_writes_nothing(tmp_path, monkeypatch):
    copy = tmp_path / "data"
    for file in sorted(loading.DATA.rglob("*.json")):
        target = copy / file.relative_to(loading.DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    types = json.loads((copy / "violation_types.json").read_text(encoding="utf-8"))
    types[0]["duty"].append("CSL@2016:999")
    (copy / "violation_types.json").write_text(json.dumps(types), encoding="utf-8")
    monkeypatch.setattr(loading, "DATA", copy)
    with pytest.raises(CommandError, match="CSL@2016:999"):
        call_command("load_law")
    assert not Law.objects.exists()


def test_broken_references():
    for ref in ("CSL", "@2016", "CSL@2016:", "CSL@2016:x", "CSL@2016:21[a]"):
        with pytest.raises(loading.BrokenData):
            loading.parse(ref)
    assert loading.parse("X@2020:287-1(2)")[2] == {
        "number": 287,
        "suffix": 1,
        "para": 2,
        "item": None,
    }


@pytest.mark.django_db
def test_command_says_what_it_did():
    out = StringIO()
    call_command("load_law", stdout=out)
    assert "0 changed" in out.getvalue()
    assert " added" in out.getvalue()
    again = StringIO()
    call_command("load_law", stdout=again)
    assert again.getvalue().startswith("Law: 0 added, 0 changed")


def test_time_limits_speak_of_the_right_days(law):
    units = dict(TimeLimit.objects.values_list("code", "length"))
    assert units["HEARING_REQUEST"] == 5
    by_code = {each.code: each.period_unit for each in TimeLimit.objects.all()}
    assert by_code["HEARING_REQUEST"] == "working_day"
    assert by_code["CASE_DECISION"] == "calendar_day"
    assert by_code["LITIGATION"] == "month"
    assert TimeLimit.objects.get(code="HEARING_NOTICE").count_back
    assert TimeLimit.objects.get(code="RECTIFY").length is None
    assert TimeLimit.objects.get(code="HEARING_REQUEST").length_text == "5个工作日"


def test_data_names_no_machine():
    for file in loading.DATA.rglob("*.json"):
        text = file.read_text(encoding="utf-8")
        assert "/work" not in text
        assert "/tmp" not in text
