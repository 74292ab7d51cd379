"""Evidence made confidential: after the signature too, for a reason, and on the record."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Event
from audit.trail import Refused
from inspections import fieldwork, filing
from inspections.models import Withholding
from notices.filing import Withheld
from tests.factories.accounts import UserFactory
from tests.factories.inspections import SIGNED, photo
from tests.factories.rectification import Desk

pytestmark = pytest.mark.django_db
AT = SIGNED + timedelta(days=1)


def test_a_signed_visit_keeps_who_reported_out_of_its_file():
    desk = Desk()
    visit = desk.visit(1)
    found = fieldwork.add_evidence(visit, photo(), by=desk.inspector, at=AT)
    auditor = UserFactory(unit=desk.unit, auditor=True)
    client, other = Client(), Client()
    client.force_login(desk.inspector)
    other.force_login(auditor)
    url = reverse("inspections:evidence_withhold", args=[found.pk])
    assert client.post(url, {"why": "informant", "reason": ""}).status_code == 200
    assert client.post(url, {"why": "informant", "reason": "举报信"}).status_code == 302
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "涉及举报人身份" in page
    assert [entry.withheld for entry in filing.entries(visit, desk.inspector)] == [
        Withheld.INFORMANT
    ]
    download = reverse("inspections:evidence_download", args=[found.pk])
    assert other.post(download).status_code == 403
    assert client.post(download).status_code == 200

    fieldwork.withhold(found, why="personal", reason="有电话", by=desk.inspector, at=AT)
    assert [entry.withheld for entry in filing.entries(visit, desk.inspector)] == [None]
    assert [entry.withheld for entry in filing.entries(visit, auditor)] == [Withheld.PERSONAL]
    with pytest.raises(Refused):
        fieldwork.withhold(found, why="personal", reason="有电话", by=desk.inspector, at=AT)
    fieldwork.withhold(found, why="", reason="已遮盖", by=desk.inspector, at=AT)
    assert not Withholding.objects.exists()
    whys = Event.objects.filter(verb="inspections.withhold").order_by("id")
    assert [event.data["why"] for event in whys] == ["informant", "personal", "open"]


def test_the_database_holds_too():
    desk = Desk()
    found = fieldwork.add_evidence(desk.visit(1), photo(), by=desk.inspector, at=AT)
    facts = {"evidence": found, "by": desk.inspector, "at": AT}
    for wrong, name in (
        ({"why": "other", "reason": "x"}, "withholding_why_known"),
        ({"why": "personal", "reason": ""}, "withholding_says_why"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Withholding.objects.create(**facts, **wrong)
