"""A penalty on the spot: one page, one transaction, its own conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from audit.models import Event
from audit.trail import Refused
from deadlines.models import Deadline
from inspections.models import Finding
from notices.models import Notice, Service
from penalties.cases import spot
from penalties.models import Case, Cash, Decision
from penalties.papers.typed import Typed
from tests.factories import penalties as made
from tests.factories.rectification import Desk, at
from tests.penalties.gate_scenarios import spoken


def punish(desk: Desk, given: spot.Given, **more: Any) -> Decision:
    visit = given.finding.inspection
    who = {"by": desk.inspector, "at": at(visit.day, 14)} | more
    return spot.issue_spot_decision(visit, given, **who)


def fined(desk: Desk, amount: str, **words: Any) -> spot.Given:
    typed = {"collection": "bank", "pay_to": "农业银行"} | words
    return spoken(
        desk,
        tier=made.tier("MPS33@2011:21", 1),
        measures=["fine"],
        amount=Decimal(amount),
        receipt_number="桂财0001",
        words=typed,
    )


def test_a_warning_is_decided_and_handed_over_at_once(desk: Desk) -> None:
    given = spoken(desk)
    row = punish(desk, given)
    case, paper = row.case, Notice.objects.get(pk=row.notice_id)

    assert (row.kind, row.measures, row.served_on) == ("spot", ["warning"], row.decided_on)
    assert (case.route, case.state, case.outcome) == ("spot", "decided", "penalty")
    assert "先向南宁市人民政府申请行政复议" in paper.words
    assert Service.objects.get(notice=paper).effective
    running = set(Deadline.objects.filter(state="running").values_list("kind", flat=True))
    assert {"SPOT_FILE_24H", "RECONSIDER_60"} <= running
    assert not {"CASE_90", "SUE_6M"} & running
    assert Finding.objects.get().disposition == "penalty"
    assert Event.objects.filter(verb="cases.issue_spot_decision").count() == 1

    again = spot.file_with_unit(
        row, by=desk.inspector, at=at(row.decided_on, 18), filed_at=at(row.decided_on, 17)
    )
    assert again.filed_with_unit_at == at(row.decided_on, 17)
    assert Deadline.objects.get(kind="SPOT_FILE_24H").was_met_in_time
    with pytest.raises(Refused, match="已经备案"):
        spot.file_with_unit(
            again, by=desk.inspector, at=at(row.decided_on, 19), filed_at=at(row.decided_on, 18)
        )


def test_a_fine_up_to_the_limit_and_cash(desk: Desk) -> None:
    """3,000 is the last sum for a unit; cash over 100 needs its reason and its receipt."""
    row = punish(desk, fined(desk, "3000", collection="at_once", collection_reason="流动经营"))
    assert (row.fine, row.collection) == (Decimal(3_000), "at_once")
    assert Cash.objects.get().payment.amount == Decimal(3_000)
    assert not Deadline.objects.filter(kind="FINE_PAYMENT").exists()


@pytest.mark.parametrize(
    ("amount", "words", "sentence"),
    [
        ("3000.01", {}, "当场罚款不得超过 3,000 元"),
        ("100.01", {"collection": "at_once"}, "当场收缴限于 100 元以下"),
        ("500", {"pay_to": ""}, "缴款的银行或者方式"),
        ("500", {"is_clear": False}, "违法事实确凿"),
        ("500", {"defence": " "}, "写明当事人的陈述申辩"),
    ],
)
def test_it_is_refused_and_nothing_is_written(
    desk: Desk, amount: str, words: dict[str, Any], sentence: str
) -> None:
    given = fined(desk, amount, **words)
    with pytest.raises(Refused, match=sentence):
        punish(desk, given)
    assert not Case.objects.exists()


def test_a_clause_that_begins_above_the_limit_is_out(desk: Desk) -> None:
    """Every fine of CSL 2025 61(1) begins at 10,000; its warning may be given."""
    visit = desk.visit(1, day=made.date(2026, 3, 2))
    tier = made.tier("CSL@2025:61(1)")
    typed = {"finding": spot.open_findings(visit)[0], "tier": tier}
    given = spoken(desk, **typed, measures=["fine"], amount=Decimal(10_000))
    with pytest.raises(Refused, match="第六十一条第一款的罚款从 10,000 元起"):
        punish(desk, given)
    assert punish(desk, spoken(desk, **typed)).measures == ["warning"]


def test_one_officer_or_a_stranger_is_not_enough(desk: Desk) -> None:
    given = spoken(desk)
    with pytest.raises(Refused, match="不足二人"):
        punish(desk, spot.Given(**{**vars(given), "officers": [desk.inspector]}))
    with pytest.raises(Refused, match="在场的办案民警"):
        punish(desk, given, by=desk.supervisor)


def test_the_page_on_the_phone(desk: Desk, door: Any, on: Any) -> None:
    visit = desk.visit(1)
    place = f"/cases/spot/?inspection={visit.pk}"
    with on(visit.day):
        client = door(desk.inspector)
        form = client.get(place).context["form"]
        typed = {name: form[name].value() for name in form.fields}
        typed = {name: value for name, value in typed.items() if value not in (None, "", False)}
        typed["evidence"] = "监督检查记录"
        typed |= {"tier": made.tier().pk, "cause": "未加密", "measures": ["warning"]}
        silent = client.post(place, typed).content.decode()
        typed |= {"is_clear": "on", "showed_certificates": "on", "told_orally": "on"}
        typed |= {"defence": "无", "correction": "加密", "recipient": "李某", "place": "办公室"}
        looked = client.post(place, typed | {"preview": "1"})
        done = [client.post(place, typed) for _n in range(2)]
        shown = client.get(done[0].url).content.decode()
        stranger = client.get("/cases/spot/?inspection=x")
        full = client.get(place).content.decode()
    assert "应当向当事人出示执法证件" in silent
    assert "/notices/previews/" in looked.url
    there = f"{Case.objects.get().get_absolute_url()}?tab=decision"
    assert done[0].url == done[1].url == there
    assert "当场处罚备案" in shown
    assert stranger.status_code == 404
    assert "没有可以当场处罚的违法行为" in full
    assert Typed().collection == ""
