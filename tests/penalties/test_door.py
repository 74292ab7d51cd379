"""The course of every act on a case, tried with a small one that only the test registers."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from audit.trail import Reason, Refused
from penalties import acts
from penalties.acts import Act
from penalties.cases import _row
from penalties.forms.acts import ActForm
from penalties.forms.fields import words
from penalties.models import Case, Respondent
from penalties.views import door as doors
from tests.factories.penalties import FILED_ON, case_alone, party
from tests.factories.rectification import Desk, at

NO = Reason("案件不可以试办。", basis="APL@2021:60")


class TryForm(ActForm):
    note = words(label="说明", max_length=50)
    paper = forms.FileField(label="附件", required=False)


class Tried:
    """A door to an act, with what it did."""

    def __init__(self, name: str, model: Any = None) -> None:
        self.name, self.done, self.why = name, [], []
        self.act = Act(
            name, "cases.file", "试办", "case", self.ask, on="respondent" if model else ""
        )
        self.view = doors.door(
            self.act,
            TryForm,
            do=self.do,
            say=lambda case, result: f"办好了：{result}",
            model=model,
            basis=("APL@2021:60",),
            effect=lambda: "会记下一行。",
        )

    def ask(self, file: Any, row: Any, user: Any, today: date) -> list[Reason]:
        return list(self.why)

    def do(self, case: Case, row: Any, form: TryForm, who: dict[str, Any]) -> str:
        case = _row.lock(case)
        if form.given()["note"] == "拒绝":
            raise Refused([Reason("说明写得不对。", field="note"), Reason("别的原因。")])
        _row.settle(case, at=who["at"])
        _row.record(f"cases.{self.name}", case, reason=form.given()["note"], **who)
        self.done.append((row, form.given()["note"]))
        return str(form.given()["note"])


@pytest.fixture
def tried(desk: Desk) -> Iterator[Any]:
    """Makes doors; takes them out of the registry afterwards."""
    made: list[Tried] = []
    before = len(doors._paths)

    def make(model: Any = None) -> Tried:
        made.append(Tried(f"try_{uuid4().hex[:8]}", model))
        return made[-1]

    yield make
    for each in made:
        del acts._acts[each.name]
    del doors._paths[before:]


def asked(desk: Desk, data: dict[str, Any] | None = None, user: Any = None) -> HttpRequest:
    factory = RequestFactory()
    request = factory.get("/") if data is None else factory.post("/", data)
    request.user = user or desk.inspector
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return request


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_act_is_shown_done_once_and_said(desk: Desk, tried: Any, on: Any) -> None:
    act, case = tried(), case_alone(desk)
    with on(FILED_ON):
        page = text_of(act.view(asked(desk), pk=case.pk))
        assert "会记下一行。" in page
        assert "《行政处罚法》（2021）第六十条" in page
        assert f'name="seen" value="{case.version}"' in page
        sent = {"seen": case.version, "note": "好"}
        first, again = (act.view(asked(desk, sent), pk=case.pk) for _n in range(2))
    assert first.url == again.url == f"{case.get_absolute_url()}?tab=case"
    assert act.done == [(None, "好")]


def test_what_was_typed_comes_back_with_the_reasons(desk: Desk, tried: Any, on: Any) -> None:
    """A reason stands at its field; a file must be chosen anew, and the page says so."""
    act, case = tried(), case_alone(desk)
    sent = {
        "seen": case.version,
        "note": "拒绝",
        "paper": SimpleUploadedFile("a.pdf", b"%PDF-1.4"),
    }
    with on(FILED_ON):
        page = text_of(act.view(asked(desk, sent), pk=case.pk))
        empty = text_of(act.view(asked(desk, {"seen": case.version, "note": ""}), pk=case.pk))
    assert "拒绝</textarea>" in page
    assert "说明写得不对。" in page
    assert "别的原因。" in page
    assert "附件须重新选择" in page
    assert 'id="id_note_error"' in empty
    assert act.done == []


def test_a_locked_act_shows_why_and_refuses_the_post(desk: Desk, tried: Any, on: Any) -> None:
    act, case = tried(), case_alone(desk)
    act.why.append(NO)
    with on(FILED_ON):
        page = text_of(act.view(asked(desk), pk=case.pk))
        posted = text_of(act.view(asked(desk, {"note": "好"}), pk=case.pk))
    for text in (page, posted):
        assert "案件不可以试办。" in text
        assert "《行政处罚法》（2021）第六十条" in text
        assert "<textarea" not in text
    assert act.done == []


def test_who_comes_second_is_told_what_happened(desk: Desk, tried: Any, on: Any) -> None:
    act, case = tried(), case_alone(desk)
    stale = case.version
    with on(FILED_ON):
        act.view(asked(desk, {"seen": stale, "note": "先到"}), pk=case.pk)
        late = asked(desk, {"seen": stale, "note": "后到"}, desk.colleague)
        page = text_of(act.view(late, pk=case.pk))
    assert "韦志远" in page
    assert "后到</textarea>" in page
    assert f'value="{Case.objects.get(pk=case.pk).version}"' in page
    assert [note for _row_, note in act.done] == ["先到"]


def test_an_act_on_a_record_of_another_case_is_not_found(desk: Desk, tried: Any, on: Any) -> None:
    act, case, other = tried(Respondent), case_alone(desk), case_alone(desk)
    mine, theirs = party(case), party(other)
    with on(FILED_ON):
        act.view(asked(desk, {"seen": case.version, "note": "好"}), pk=case.pk, row=mine.pk)
        with pytest.raises(Http404):
            act.view(asked(desk), pk=case.pk, row=theirs.pk)
    assert act.done == [(mine, "好")]
    assert at(FILED_ON).date() == FILED_ON


def test_two_acts_of_one_name_are_refused(tried: Any) -> None:
    act = tried()
    with pytest.raises(ValueError, match="registered twice"):
        acts.register(act.act)
