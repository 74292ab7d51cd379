"""Decisions become public in time, and are taken back in time once they fall."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from audit.trail import Refused
from bulletins import bulletins, publications
from bulletins.models import Publication, PublicationState
from deadlines import duties, registry
from deadlines.models import Deadline
from legal import calendars
from tests.factories import bulletins as make
from tests.factories.rectification import at

pytestmark = pytest.mark.django_db
FALLEN_ON = date(2025, 1, 20)


def deadline(subject, kind):
    return Deadline.objects.get(subject_id=subject.pk, kind=kind)


def shown(desk, case, on=make.PUBLISHED_ON):
    return publications.publish_elsewhere(
        case.publication, by=desk.inspector, at=at(make.PUBLISHED_ON), on=on, place="公示栏"
    )


def fall(publication, desk, **facts):
    given = {"fall": "revoked", "on": FALLEN_ON, "note": "复议决定〔2025〕1号"} | facts
    return publications.record_fall(
        publication, by=desk.supervisor, at=at(date(2025, 1, 21)), **given
    )


def test_a_decision_starts_seven_working_days_and_its_publication_meets_them(desk):
    case = make.decided(desk)
    running = deadline(case.publication, "PUBLISH_7")
    assert (running.state, running.due_on) == ("running", date(2025, 1, 22))
    assert running.derivation["basis"][0] == "APL@2021:48(1)"

    shown(desk, case)
    running.refresh_from_db()
    assert (running.state, running.ended_on) == ("met", make.PUBLISHED_ON)


def test_the_duties_are_on_the_page_of_the_regulator(desk):
    case = make.decided(desk)
    today, calendar = date(2025, 1, 21), calendars.load()
    counted = {
        each.duty.code: each.counts for each in duties.counts(desk.supervisor, today, calendar)
    }
    assert (counted["PUBLISH_7"].owed, counted["PUBLISH_7"].soon) == (1, 1)
    label, url = registry.describe([("bulletins.publication", case.publication.pk)])[
        "bulletins.publication", case.publication.pk
    ]
    assert label == str(case)
    assert url == case.publication.get_absolute_url()
    for code in ("PUBLISH_7", "PUBLISH_20", "WITHDRAW_3"):
        assert registry.kind_word(code) != code


def test_only_where_the_house_wants_it_every_decision_starts_the_clock(desk, settings):
    settings.PUBLISH_EVERY_DECISION = False
    case = make.decided(desk)
    assert not Publication.objects.exists()
    first = publications.demand(case, by=desk.inspector, at=at(make.DRAFTED_ON))
    assert publications.demand(case, by=desk.inspector, at=at(make.DRAFTED_ON)).pk == first.pk
    assert Deadline.objects.filter(kind="PUBLISH_7").count() == 1


@pytest.mark.parametrize("counts", [False, True])
def test_a_bulletin_counts_only_where_the_house_lets_it(desk, settings, counts):
    settings.BULLETIN_PUBLISHES_DECISIONS = counts
    bulletin = make.published(desk)
    publication = Publication.objects.get()
    assert publication.state == (PublicationState.PUBLISHED if counts else PublicationState.DUE)
    assert publication.bulletin == (bulletin if counts else None)


def test_a_decision_without_social_impact_need_not_be_public_and_may_be_after_all(desk):
    publication = make.decided(desk).publication
    publications.exempt(
        publication, by=desk.inspector, at=at(make.DRAFTED_ON), reason="没有社会影响"
    )
    assert deadline(publication, "PUBLISH_7").state == "cancelled"
    publications.reopen(publication, by=desk.inspector, at=at(make.DRAFTED_ON, 17))
    running = Deadline.objects.get(subject_id=publication.pk, state="running")
    assert running.due_on == date(2025, 1, 22)


def test_what_falls_is_withdrawn_within_three_working_days_with_a_reason(desk):
    publication = fall(shown(desk, make.decided(desk)), desk)
    running = deadline(publication, "WITHDRAW_3")
    assert running.due_on == date(2025, 1, 23)
    day = date(2025, 1, 22)
    with pytest.raises(Refused, match="公开说明"):
        publications.withdraw(publication, by=desk.supervisor, at=at(day), on=day, explanation=" ")
    publications.withdraw(
        publication, by=desk.supervisor, at=at(day), on=day, explanation="复议撤销"
    )
    running.refresh_from_db()
    assert (publication.state, running.state) == ("withdrawn", "met")


def test_the_bulletins_that_tell_the_case_must_go_as_well(desk, settings):
    settings.BULLETIN_PUBLISHES_DECISIONS = True
    bulletin = make.published(desk)
    publication = Publication.objects.get()
    fall(publication, desk)
    assert not Deadline.objects.filter(subject_id=publication.pk, kind="WITHDRAW_3").exists()
    running = deadline(bulletin, "WITHDRAW_3")
    with pytest.raises(Refused, match="撤回通报即撤回公开"):
        publications.withdraw(
            publication, by=desk.supervisor, at=at(FALLEN_ON), on=FALLEN_ON, explanation="撤销"
        )
    day = date(2025, 1, 21)
    bulletins.withdraw(bulletin, by=desk.supervisor, at=at(day), reason="决定被撤销", on=day)
    running.refresh_from_db()
    publication.refresh_from_db()
    assert (running.state, running.ended_on) == ("met", day)
    assert (publication.state, publication.withdrawn_on) == ("withdrawn", day)
    with pytest.raises(Refused, match="已经变动"):
        make.drafted(desk, publication.case)


def test_a_decision_that_falls_before_it_was_public_is_never_published(desk):
    publication = fall(make.decided(desk).publication, desk)
    assert publication.state == PublicationState.LAPSED
    assert deadline(publication, "PUBLISH_7").state == "cancelled"


def test_wrong_days_are_refused(desk):
    case = make.decided(desk)
    with pytest.raises(Refused, match="不能早于决定日期"):
        shown(desk, case, on=date(2025, 1, 1))
    with pytest.raises(Refused, match="不能晚于今天"):
        shown(desk, case, on=date(2025, 3, 1))
    with pytest.raises(Refused, match="选择决定的变动"):
        fall(case.publication, desk, fall="other")


def test_the_database_keeps_the_facts_of_each_state(desk):
    publication = make.decided(desk).publication
    rows = Publication.objects.filter(pk=publication.pk)
    for name, changes in (
        ("publication_state_has_its_facts", {"state": "published"}),
        ("publication_published_has_place", {"published_on": date(2025, 1, 14)}),
        ("publication_fall_whole", {"fallen_on": FALLEN_ON}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**changes)
