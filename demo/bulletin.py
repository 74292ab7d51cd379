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
from penalties.models import Case

KEYS = ("S1-1", "S1-2", "S1-3", "S1-4", "S1-5")
PLACE = "公安部网安局（公开发布的通报；发布位置为演示登记）"
BOARD = "行政处罚公示栏（演示设定，公开通报未载明）"
#: Decided on 8 July 2024; the day on which the decision was made public is chosen.
SHOWN_ON = {"S2-1": date(2024, 7, 12)}
USUALLY_SHOWN_ON = date(2025, 1, 14)


def tell(ground: Ground) -> None:
    """Enter where each decision was made public, and bring the bulletin in. Again adds nothing."""
    cases = {case["id"]: case for case in read("cases.json")["cases"]}
    found = {key: case_of(key) for key in cases}
    for key, case in found.items():
        _publish(ground, key, case)
    if Bulletin.objects.filter(form_token=token("bulletin")).exists():
        return
    words = read("bulletin.json")
    team = ground.team("南宁市公安局")
    published_on = date.fromisoformat(cases[KEYS[0]]["published"])
    bulletin = bulletins.draft(
        [found[key] for key in KEYS],
        unit=team.unit,
        by=team.first,
        at=at(date(2025, 1, 13), "10:00"),
        title=words["title"],
        intro=words["intro"],
        reminder=words["reminder"],
        form_token=token("bulletin"),
    )
    bulletins.submit(bulletin, by=team.first, at=at(date(2025, 1, 13), "16:00"))
    bulletins.approve(bulletin, by=team.chief, at=at(date(2025, 1, 14), "09:30"))
    bulletins.publish(
        bulletin, by=team.first, at=at(published_on, "10:00"), on=published_on, place=PLACE
    )


def case_of(key: str) -> Case:
    """The case of one of the six published matters."""
    rows = Case.objects.select_related(
        "enterprise__region", "unit__region", "inspection__system", "order"
    )
    return rows.get(form_token=token(f"{key}/case"))


def _publish(ground: Ground, key: str, case: Case) -> None:
    publication = Publication.objects.filter(case=case, state=PublicationState.DUE).first()
    if publication is None:
        return
    day = SHOWN_ON.get(key, USUALLY_SHOWN_ON)
    publications.publish_elsewhere(
        publication,
        by=ground.people["inspector" if key in KEYS else "donglan1"],
        at=at(day, "12:00"),
        on=day,
        place=BOARD,
    )
