"""What is said about a citation; the published cases must bring the right warnings."""

from datetime import date

import pytest
from django.utils import translation

from legal import citations
from legal.citations import BLOCK, WARN, Cited, notes, suggest
from legal.models import Article, ViolationBasis, ViolationType

WINTER = date(2024, 12, 30)
SPRING_2026 = date(2026, 3, 1)
AS_PUBLISHED = [("duty", "CSL@2016:21"), ("penalty", "CSL@2016:59")]


def said(found):
    return {(note.code, note.role): [each.ref for each in note.articles] for note in found}


@pytest.mark.parametrize(
    ("code", "duties", "penalties"),
    [
        ("NO_CONSENT", "CSL@2016:41(1)", "CSL@2016:64(1)"),
        ("OVER_COLLECTION", "CSL@2016:41(2)", "CSL@2016:64(1)"),
        ("NO_PUBLISHED_RULES", "CSL@2016:41(1)", "CSL@2016:64(1)"),
        ("NO_DATA_SECURITY_REGIME", "DSL@2021:27(1)", "DSL@2021:45(1)"),
    ],
)
def test_published_citation_that_does_not_fit(law, code, duties, penalties):
    found = said(notes(code, AS_PUBLISHED, WINTER))
    assert set(found) == {("better_fit", "duty"), ("better_fit", "penalty")}
    assert duties in found["better_fit", "duty"]
    assert penalties in found["better_fit", "penalty"]
    # The regulation of 2024 came into force two days later.
    assert not any("NDSR" in ref for refs in found.values() for ref in refs)


def test_incident_plan_has_another_duty_and_the_same_penalty(law):
    found = said(notes("NO_INCIDENT_PLAN", AS_PUBLISHED, WINTER))
    assert set(found) == {("better_fit", "duty")}
    assert found["better_fit", "duty"][0] == "CSL@2016:25"


@pytest.mark.parametrize(
    "code",
    [
        "PII_UNENCRYPTED",
        "NO_ACCESS_LIMIT",
        "NO_VULN_SCAN",
        "HIGH_RISK_PORTS",
        "NO_ANTI_INTRUSION",
        "NO_SECURITY_POLICY",
        "NO_OPERATING_PROCEDURES",
        "NO_PII_CLASSIFICATION",
    ],
)
def test_published_citation_that_fits(law, code):
    assert notes(code, AS_PUBLISHED, WINTER) == []


@pytest.mark.parametrize(
    ("code", "offered"),
    [
        ("PII_COMPUTER_UNMANAGED", "PIPL@2021:51(1)[3]"),
        ("NO_PII_INTERNAL_RULES", "PIPL@2021:51(1)[1]"),
        ("PRINTED_PII_UNATTENDED", "PIPL@2021:9"),
        ("NO_DEDICATED_CUSTODY", "PIPL@2021:51(1)[4]"),
    ],
)
def test_law_cited_without_article(law, code, offered):
    (note,) = notes(code, [("duty", "PIPL@2021")], date(2024, 7, 8))
    assert (note.level, note.code) == (WARN, "article_missing")
    assert offered in [each.ref for each in note.articles]
    assert all(each.version.ref == "PIPL@2021" for each in note.articles)
    assert "没有写明条款" in note.text


def test_sentence_names_the_articles_in_both_languages(law):
    note = notes("NO_CONSENT", AS_PUBLISHED, WINTER)[0]
    assert "《网络安全法》（2016）第二十二条第三款、第四十一条第一款" in note.text
    assert "未经用户同意收集信息" in note.text
    with translation.override("en"):
        assert "Cybersecurity Law (2016) art. 22(3)" in note.text


def test_not_in_force_blocks_and_offers_the_new_place(law):
    old = [("duty", "CSL@2016:21(1)[2]"), ("penalty", "CSL@2016:59(1)")]
    found = notes("HIGH_RISK_PORTS", old, SPRING_2026)
    assert [note.level for note in found] == [BLOCK, BLOCK]
    assert said(found) == {
        ("not_in_force", "duty"): ["CSL@2025:23(1)[2]"],
        ("not_in_force", "penalty"): ["CSL@2025:61(1)"],
    }


def test_not_yet_in_force_blocks_as_well(law):
    (note,) = notes("HIGH_RISK_PORTS", [("duty", "CSL@2025:23")], WINTER)
    assert note.level == BLOCK
    assert [each.ref for each in note.articles] == ["CSL@2016:21"]


def test_override_with_reason_only_warns(law):
    new = Cited("duty", "CSL@2025:23", "从旧兼从轻，新法处罚较轻")
    (note,) = notes("HIGH_RISK_PORTS", [new], WINTER)
    assert note.level == WARN
    (blank,) = notes("HIGH_RISK_PORTS", [new._replace(override="  ")], WINTER)
    assert blank.level == BLOCK


def test_continuing_act_falls_under_the_new_text(law):
    found = notes("HIGH_RISK_PORTS", AS_PUBLISHED, date(2025, 11, 1), SPRING_2026)
    assert {note.code for note in found} == {"two_regimes"}
    assert {note.level for note in found} == {WARN}
    # Both places are named, and since when the new one holds; no article says so.
    assert (
        "此前为《网络安全法》（2016）第二十一条，2026年1月1日起为《网络安全法》（2025）第二十三条"
        in (found[0].text)
    )
    assert found[0].interpretation
    new = [("duty", "CSL@2025:23"), ("penalty", "CSL@2025:61(1)")]
    assert notes("HIGH_RISK_PORTS", new, date(2025, 11, 1), SPRING_2026) == []


def test_last_and_first_day_of_a_text(law):
    assert notes("HIGH_RISK_PORTS", AS_PUBLISHED, date(2025, 12, 31)) == []
    assert {n.code for n in notes("HIGH_RISK_PORTS", AS_PUBLISHED, date(2026, 1, 1))} == {
        "not_in_force"
    }


def test_penalty_that_does_not_sanction_the_duty(law):
    (note,) = notes(None, [("duty", "CSL@2016:21"), ("penalty", "CSL@2016:64")], WINTER)
    assert note.code == "not_a_pair"
    assert [each.ref for each in note.articles] == ["CSL@2016:59(1)"]
    assert "不是《网络安全法》（2016）第二十一条的罚则" in note.text


def test_every_type_agrees_with_its_own_suggestion(law):
    books = citations.register()
    for code in books.types:
        for day in (WINTER, SPRING_2026, date(2026, 11, 1)):
            found = suggest(code, day, register=books)
            cited = [(role, each) for role, each_role in found.items() for each in each_role]
            said = notes(code, cited, day, register=books)
            # All laws at once are cited here: one fine, and offences of the telecom authority.
            wrong = {note.code for note in said if note.is_off} - {"not_competent"}
            assert not wrong, (code, day)
            ours = not any("ICP@" in each.ref for _role, each in cited if _role == "penalty")
            assert ("not_competent" not in {note.code for note in said}) == ours


def test_suggest_follows_the_day(law):
    before, after = suggest("NO_INCIDENT_PLAN", WINTER), suggest("NO_INCIDENT_PLAN", SPRING_2026)
    assert before["duty"][0].ref == "CSL@2016:25"
    assert after["duty"][0].ref == "CSL@2025:27"
    assert before["penalty"][0].ref == "CSL@2016:59(1)"
    assert after["penalty"][0].ref == "CSL@2025:61(1)"


def test_data_of_a_note(law):
    assert notes("HIGH_RISK_PORTS", [("duty", "CSL@2025:23")], WINTER)[0].as_data() == {
        "level": "block",
        "code": "not_in_force",
        "role": "duty",
        "article": "CSL@2025:23",
        "articles": ["CSL@2016:21"],
        "basis": ["APL@2021:37"],
        "interpretation": False,
    }


def test_two_hundred_findings_cost_one_query(law, django_assert_num_queries):
    citations.register()
    articles = list(Article.objects.filter(ref__in=["CSL@2016:21", "CSL@2016:59"]))
    cited = [("duty", articles[0]), ("penalty", articles[1])]
    with django_assert_num_queries(1):
        books = citations.register()
        for _number in range(200):
            notes("NO_CONSENT", cited, WINTER, register=books)


def test_register_is_read_in_six_queries(law, django_assert_num_queries):
    with django_assert_num_queries(6):
        citations.Register.load()


def test_register_follows_every_change(law):
    before = citations.register()
    assert citations.register() is before
    kind = ViolationType.objects.get(code="HIGH_RISK_PORTS")
    ViolationBasis.objects.filter(violation_type=kind).delete()
    after = citations.register()
    assert after is not before
    assert after.bases("HIGH_RISK_PORTS", "duty", WINTER) == []


def test_unknown_reference(law):
    with pytest.raises(KeyError):
        notes("NO_CONSENT", [("duty", "CSL@2016:999")], WINTER)
