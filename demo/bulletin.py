"""The five Nanning cases as one bulletin, published on the day on which it was.

Drafted by the verb, in the order of the publication: the texts of the cases are the portal's own,
not copied. Title, introduction and closing reminder are those of the publication; who drafted,
who approved and where it was published are chosen.
"""

from __future__ import annotations

from datetime import date

from bulletins import bulletins, publications
from bulletins.models import Bulletin, Publication, PublicationState
from demo.days import at
from demo.ground import Ground, read, token
from demo.told import Telling
from penalties.models import Case

KEYS = ("S1-1", "S1-2", "S1-3", "S1-4", "S1-5")
PLACE = "公安部网安局（公开发布的通报；发布位置为演示登记）"
BOARD = "行政处罚公示栏（演示设定，公开通报未载明）"
#: Decided on 8 July 2024; the day on which the decision was made public is chosen.
SHOWN_ON = {"S2-1": date(2024, 7, 12)}
USUALLY_SHOWN_ON = date(2025, 1, 14)
#: The publication names no kind of penalty, and the warning of the records is chosen: the drafter
#: writes what was published.
KIND_CHOSEN, KIND_PUBLISHED = "警告的行政处罚", "行政处罚"


def tell(ground: Ground) -> Telling:
    """Enter where each decision was made public, and bring the bulletin in. Again adds nothing."""
    cases = {case["id"]: case for case in read("cases.json")["cases"]}
    for key, day in SHOWN_ON.items():
        yield day
        _publish(ground, key, day)
    if Bulletin.objects.filter(form_token=token("bulletin")).exists():
        return
    words = read("bulletin.json")
    team = ground.team("南宁市公安局")
    published_on = date.fromisoformat(cases[KEYS[0]]["published"])
    told = {name: words[name] for name in ("title", "intro", "reminder")}
    yield date(2025, 1, 13)
    bulletin = bulletins.draft(
        [case_of(key) for key in KEYS],
        unit=team.unit,
        by=team.first,
        at=at(date(2025, 1, 13), "10:00"),
        form_token=token("bulletin"),
        **told,
    )
    bulletin = bulletins.amend(
        bulletin,
        version=bulletin.version,
        by=team.first,
        at=at(date(2025, 1, 13), "10:40"),
        texts={
            entry.pk: entry.text.replace(KIND_CHOSEN, KIND_PUBLISHED)
            for entry in bulletin.entries.all()
        },
        **told,
    )
    bulletins.submit(bulletin, by=team.first, at=at(date(2025, 1, 13), "16:00"))
    bulletins.approve(bulletin, by=team.chief, at=at(date(2025, 1, 14), "09:30"))
    yield USUALLY_SHOWN_ON
    for key in KEYS:
        _publish(ground, key, USUALLY_SHOWN_ON)
    yield published_on
    bulletins.publish(
        bulletin, by=team.first, at=at(published_on, "10:00"), on=published_on, place=PLACE
    )


def case_of(key: str) -> Case:
    """The case of one of the six published matters."""
    rows = Case.objects.select_related(
        "enterprise__region", "unit__region", "inspection__system", "order"
    )
    return rows.get(form_token=token(f"{key}/case"))


def _publish(ground: Ground, key: str, day: date) -> None:
    publication = Publication.objects.filter(
        case__form_token=token(f"{key}/case"), state=PublicationState.DUE
    ).first()
    if publication is None:
        return
    publications.publish_elsewhere(
        publication,
        by=ground.people["inspector" if key in KEYS else "donglan1"],
        at=at(day, "12:00"),
        on=day,
        place=BOARD,
    )
