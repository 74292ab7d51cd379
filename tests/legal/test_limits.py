"""The 45 periods of the law as rules that count."""

import json
from datetime import date, datetime

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from legal import calendars, limits, loading
from legal.models import Article, LawVersion, TimeLimit
from legal.periods import (
    CALENDAR_DAY,
    HOUR,
    MONTH,
    SHANGHAI,
    UNITS,
    WORKING_DAY,
    YEAR,
    PeriodRefused,
    Span,
    Words,
)
from rectification.orders import TERM_BASIS
from tests.factories.accounts import UserFactory
from tests.factories.legal import load_law

DATA = json.loads((loading.DATA / "time_limits.json").read_text(encoding="utf-8"))


def test_every_limit_is_a_rule_in_both_languages(law):
    book = limits.book()
    assert list(book) == [entry["code"] for entry in DATA]
    assert len(book) == 45
    for rule in book.values():
        assert rule.unit in UNITS
        assert rule.trigger_zh
        assert rule.trigger_en
        assert bool(rule.consequence_zh) == bool(rule.consequence_en)
        assert bool(rule.note_zh) == bool(rule.note_en)
        assert rule.basis or rule.external_basis
        assert rule.responsible in TimeLimit.Responsible.values
        assert any("\u4e00" <= letter <= "\u9fff" for letter in rule.trigger_zh)


def test_basis_names_the_highest_law_first(law):
    assert limits.of("CASE_DECISION").basis == ("APL@2021:60", "MPSP@2020:165")
    assert limits.of("SERVICE_PUBLIC").basis[-1] == "MPSP@2020:36"
    assert limits.of("INCIDENT_REPORT").basis == ()
    assert limits.of("INCIDENT_REPORT").external_basis
    assert limits.of("HEARING_REQUEST").precedence == (
        "《行政处罚法》（2021）第六十四条优先于《公安机关办理行政案件程序规定》（2020）第一百三十三条"
    )
    assert limits.of("RECTIFY").precedence == ""


@pytest.mark.parametrize(
    ("code", "event", "due", "unit"),
    [
        ("CASE_DECISION", "2025-01-09", "2025-04-09", CALENDAR_DAY),
        ("HEARING_REQUEST", "2025-01-24", "2025-02-07", WORKING_DAY),
        ("HEARING_NOTICE", "2025-02-10", "2025-01-24", WORKING_DAY),
        ("LITIGATION", "2025-08-31", "2026-02-28", MONTH),
        ("LIMITATION_2Y", "2024-02-29", "2026-02-28", YEAR),
        ("ANNUAL_L3", "2025-12-31", "2026-12-31", YEAR),
        ("SECTOR_NOTICE_5", "2026-10-16", "2026-10-10", WORKING_DAY),
    ],
)
def test_rules_count(law, code, event, due, unit):
    rule = limits.of(code)
    period = rule.due(date.fromisoformat(event), calendars.load())
    assert (period.due.isoformat(), rule.unit) == (due, unit)
    why = period.derivation
    assert why["basis"][: len(rule.basis)] == list(rule.basis)
    assert why["event"] == {"zh": rule.trigger_zh, "en": rule.trigger_en}
    assert rule.trigger_zh in why["sentence_zh"]


def test_hours_need_an_instant(law):
    rule = limits.of("TRANSFER_24H")
    assert rule.unit == HOUR
    period = rule.due(datetime(2025, 1, 27, 23, 59, tzinfo=SHANGHAI), calendars.load())
    assert period.due_at == datetime(2025, 1, 28, 23, 59, tzinfo=SHANGHAI)
    with pytest.raises(PeriodRefused):
        rule.due(date(2025, 1, 27), calendars.load())


def test_the_person_in_charge_sets_what_the_law_does_not(law):
    rule, calendar = limits.of("RECTIFY"), calendars.load()
    assert rule.length is None
    with pytest.raises(PeriodRefused, match="sets no length") as refused:
        rule.due(date(2025, 1, 9), calendar)
    assert "须由承办人确定" in refused.value.zh
    period = rule.due(
        date(2025, 1, 9),
        calendar,
        length=20,
        unit=WORKING_DAY,
        words=Words("送达", "service"),
        suspended=[Span(date(2025, 1, 13), date(2025, 1, 15))],
    )
    assert period.due == date(2025, 2, 17)
    longer = limits.of("SERVICE_PUBLIC").due(date(2025, 1, 9), calendar, length=60)
    assert longer.due == date(2025, 3, 10)


def test_a_rule_holds_from_and_to_its_days(law):
    old, new = date(2026, 9, 30), date(2026, 10, 1)
    codes = {day: {rule.code for rule in limits.in_force(day)} for day in (old, new)}
    assert {"REINSPECT_151"} == codes[old] - codes[new]
    assert {"REINSPECT_176", "REMOTE_TEST_NOTICE", "SECTOR_NOTICE_5", "ANNUAL_L3"} == (
        codes[new] - codes[old]
    )
    assert "ARL_PREREQ_SPOT" not in {each.code for each in limits.in_force(date(2023, 12, 31))}
    assert limits.of("REINSPECT_151", old).length == 3
    with pytest.raises(limits.NotInForce) as refused:
        limits.of("REINSPECT_151", new)
    assert "2026年10月1日" in refused.value.zh
    with pytest.raises(KeyError):
        limits.of("NO_SUCH_LIMIT")


def test_no_rule_is_older_than_its_first_article(law):
    begins = dict(LawVersion.objects.values_list("ref", "effective_from"))
    for entry in DATA:
        if entry.get("law_refs") and entry.get("effective_from"):
            since = begins[entry["law_refs"][0].partition(":")[0]]
            assert date.fromisoformat(entry["effective_from"]) >= since, entry["code"]


def test_one_query_and_never_an_old_answer(law, django_assert_num_queries):
    limits.book()
    with django_assert_num_queries(1):
        assert limits.of("FINE_PAYMENT").length == 15
    TimeLimit.objects.filter(code="FINE_PAYMENT").update(length=16)
    assert limits.of("FINE_PAYMENT").length == 16
    limits.of("FINE_PAYMENT")
    TimeLimit.objects.get(code="FINE_PAYMENT").bases.add(Article.objects.get(ref="APL@2021:64"))
    assert "APL@2021:64" in limits.of("FINE_PAYMENT").basis


def test_days_out_of_order_are_refused_by_the_database(law):
    row = TimeLimit.objects.filter(code="REINSPECT_151")
    with pytest.raises(IntegrityError, match="legal_time_limit_in_order"), transaction.atomic():
        row.update(effective_to=date(2018, 10, 31))


def test_what_was_edited_by_hand_stays(law):
    TimeLimit.objects.filter(code="HEARING_ACCEPT").update(
        day_type="working", note_zh="本单位按工作日", by_hand=True
    )
    report = load_law()
    assert report.kept == ["timelimit HEARING_ACCEPT"]
    rule = limits.of("HEARING_ACCEPT")
    assert (rule.unit, rule.note_zh) == (WORKING_DAY, "本单位按工作日")


# --- The page ----------------------------------------------------------------------------------


@pytest.fixture
def officer(client, law):
    client.force_login(UserFactory(inspector=True))
    return client


def test_page_lists_all_with_their_basis(officer, django_assert_max_num_queries):
    url = reverse("law:limits")
    officer.get(url)
    with django_assert_max_num_queries(9):
        page = officer.get(url).content.decode()
    assert page.count('<tr id="') == 45
    assert 'id="HEARING_REQUEST"' in page
    assert reverse("law:article", args=["APL@2021:60"]) in page
    assert "优先于" in page
    assert "单一来源" in page
    assert "法律未定" in page
    assert "倒推自：举行听证之日" in page


@pytest.mark.parametrize(
    ("conditions", "codes"),
    [
        ({"q": "听证"}, {"HEARING_REQUEST", "HEARING_ACCEPT", "HEARING_NOTICE", "HEARING_HOLD"}),
        ({"q": "LOG_6M"}, {"LOG_6M"}),
        ({"responsible": "officer"}, {"SPOT_FILE_24H", "CASH_2"}),
        ({"law": "MPS151"}, {"REINSPECT_151"}),
        ({"law": "MPS176", "on": "2026-09-30"}, set()),
        ({"responsible": "nobody", "on": "tomorrow"}, None),
    ],
)
def test_page_is_narrowed(officer, conditions, codes):
    page = officer.get(reverse("law:limits"), conditions).content.decode()
    shown = {entry["code"] for entry in DATA if f'<tr id="{entry["code"]}"' in page}
    if codes is None:
        assert len(shown) == 45
    else:
        assert shown >= codes
        assert len(shown) <= len(codes) + 3
    if codes == set():
        assert "没有符合条件的期限" in page


def test_admin_edits_a_limit_and_it_is_kept_by_hand(client, law):
    client.force_login(UserFactory(system_admin=True))
    row = TimeLimit.objects.get(code="FINE_PAYMENT")
    url = reverse("admin:legal_timelimit_change", args=[row.pk])
    page = client.get(url)
    assert "适用说明" in page.content.decode()
    form = page.context["adminform"].form
    data = {name: form.initial.get(name) for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    data |= {
        "bases": [each.pk for each in row.bases.all()],
        "overrides": [],
        "external_basis": "",
        "note_zh": "本单位补充的说明",
    }
    assert client.post(url, data).status_code == 302
    assert limits.of("FINE_PAYMENT").note_zh == "本单位补充的说明"
    row.refresh_from_db()
    assert row.by_hand


# --- Numbers elsewhere -------------------------------------------------------------------------


def test_papers_write_the_numbers_of_the_register(law):
    assert limits.of("RECONSIDERATION").words_on_paper == "六十日"
    assert limits.of("LITIGATION").words_on_paper == "六个月"
    assert limits.of("HEARING_REQUEST").words_on_paper == "五个工作日"
    assert limits.of("TRANSFER_24H").words_on_paper == "二十四小时"
    assert limits.of("RECTIFY").words_on_paper == ""


def test_the_houses_numbers_agree_with_the_register(law):
    assert limits.of("SERVICE_PUBLIC").length == settings.SERVICE_BY_PUBLICATION_DAYS
    assert set(TERM_BASIS) <= set(limits.of("RECTIFY").basis)
