"""The file of a case holds the visit, the order beside it, and the papers of the case."""

import pytest
from django.urls import reverse

from inspections import fieldwork
from notices import batches
from notices.batches.rows import rows_of
from notices.models import Batch
from penalties import filing
from tests.factories.inspections import photo
from tests.factories.penalties import case_beside
from tests.factories.rectification import at

pytestmark = pytest.mark.django_db


def test_visit_order_and_case_in_one_file(desk, door):
    order = desk.served()
    fieldwork.add_evidence(
        order.inspection, photo("现场.png"), by=desk.inspector, at=at(order.served_on, 19)
    )
    case = case_beside(desk, order)
    preview = batches.case_file(case, desk.inspector)
    assert [(row.sort, row.title) for row in preview.rows] == [
        ("paper", "行政案件立案登记表"),
        ("evidence", "证据（照片）：现场.png"),
        ("paper", order.notice.title),
    ]
    assert (preview.ready, preview.unprinted) == (1, 2)
    cover = filing.cover(case)
    assert cover.kind == "行政处罚案卷"
    assert ("责令改正文号", order.notice.number) in cover.numbers
    client, url = door(desk.supervisor), reverse("cases:bundle", args=[case.pk])
    assert url in client.get(case.get_absolute_url()).content.decode()
    answer = client.post(url, {})
    batch = Batch.objects.get()
    assert answer["Location"] == reverse("notices:batch", args=[batch.pk])
    assert batch.subject == case
    assert len(rows_of(batch)) == 3
