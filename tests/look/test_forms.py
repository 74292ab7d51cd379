"""A form with errors: the same sentence on top and beside the field, both tied to the control."""

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from look.templatetags import zg


class VisitForm(forms.Form):
    place = forms.CharField(label="检查地点", help_text="写到<门牌>")
    manner = forms.ChoiceField(
        label="检查方式", choices=[("a", "现场"), ("b", "远程")], widget=forms.RadioSelect
    )
    day = forms.DateField(label="检查日期")
    proof = forms.FileField(label="检查通知书")
    known = forms.BooleanField(label="已出示证件")
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)
    token = forms.CharField(widget=forms.HiddenInput)

    def clean_day(self):
        raise ValidationError("检查日期不能晚于今天")

    def clean(self):
        raise ValidationError("民警须有二人")


def bound(**data: str) -> VisitForm:
    return VisitForm({"day": "2025-1-9", "token": "t", **data}, {})


def test_the_summary_names_every_field_and_links_to_its_control():
    assert zg.field_errors(bound()) == [
        {"id": "", "text": "民警须有二人"},
        {"id": "id_place", "text": "填写检查地点"},
        {"id": "id_manner_0", "text": "选择检查方式"},
        {"id": "id_day", "text": "检查日期不能晚于今天"},
        {"id": "id_proof", "text": "选择检查通知书"},
        {"id": "id_known", "text": "勾选“已出示证件”"},
    ]


def test_the_framework_s_other_words_get_the_name_of_the_field():
    class Form(forms.Form):
        day = forms.DateField(label="送达日期")
        own = forms.DateField(label="x", error_messages={"invalid": "日期写成 2025-1-9"})

    texts = [error["text"] for error in zg.field_errors(Form({"day": "13月", "own": "13月"}))]
    assert texts[0].startswith("送达日期：")
    assert texts[1] == "日期写成 2025-1-9"


def test_a_hidden_field_cannot_be_jumped_to():
    form = bound(token="")
    assert {"id": "", "text": "填写Token"} in zg.field_errors(form)


def test_formsets_are_summed_up_with_their_forms():
    formset = forms.formset_factory(VisitForm, min_num=2, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-place": "x"}
    )
    errors = zg.field_errors(formset)
    assert errors[0]["id"] == ""
    assert {"id": "id_form-0-manner_0", "text": "选择检查方式"} in errors


def test_nothing_wrong_no_summary():
    assert zg.field_errors(VisitForm(), None) == []
    html = render_to_string("components/errors.html", {"form": VisitForm()})
    assert html.strip() == ""


@pytest.fixture
def page(rf: RequestFactory):
    def show(form: forms.BaseForm, **more: object) -> str:
        return render_to_string(
            "components/form.html", {"form": form, "submit": "保存", **more}, rf.get("/")
        )

    return show


def test_the_form_page_ties_errors_to_controls(page):
    html = page(bound())
    assert "有 6 处需要改正，还没有保存" in html
    assert html.index("zg-errors") < html.index("<form")
    assert html.count("zg-field--bad") == 5
    place = html.split('id="div_id_place"')[1].split("</div>", 2)
    field = "".join(place)
    assert 'id="id_place_error"' in field
    assert "写到&lt;门牌&gt;" in field
    control = re.search(r'<input[^>]*id="id_place"[^>]*>', html)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="id_place_helptext id_place_error"' in control[0]
    group = re.search(r'<fieldset[^>]*id="div_id_manner"[^>]*>', html)
    assert group
    assert 'aria-describedby="id_manner_error"' in group[0]
    assert 'id="id_manner_0"' in html


def test_what_was_typed_stays(page):
    html = page(bound(place="江南区<一>", note="无"))
    assert 'value="江南区&lt;一&gt;"' in html
    assert ">\n无</textarea>" in html


def test_the_form_page_sends_files_and_its_token(page):
    html = page(bound())
    assert 'enctype="multipart/form-data"' in html
    assert "csrfmiddlewaretoken" in html
    assert "选填" in html
    assert 'type="hidden" name="token"' in html


def test_a_form_may_keep_its_draft_and_be_dangerous(page):
    html = page(bound(), draft="visit:1", danger=True, cancel_url="/back/", title="登记")
    assert 'data-draft="visit:1"' in html
    assert 'id="zg-draft-note"' in html
    assert "btn-outline-danger" in html
    assert 'href="/back/"' in html


def test_crispy_draws_the_same_fields():
    source = "{% load crispy_forms_tags %}{{ form|crispy }}"
    html = Template(source).render(Context({"form": bound()}))
    assert html.count("zg-field--bad") == 5
    assert "填写检查地点" in html
    assert "zg-errors" not in html
    assert "invalid-feedback" not in html
    assert "alert" not in html


def test_a_control_keeps_its_own_class_and_gets_the_look_s():
    class Form(forms.Form):
        a = forms.CharField(widget=forms.TextInput(attrs={"class": "zg-num"}))
        b = forms.ChoiceField(choices=[("1", "一")])
        c = forms.BooleanField()
        d = forms.DateField()
        e = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    form = Form()
    assert 'class="zg-num form-control"' in zg.control(form["a"])
    assert 'class="form-select"' in zg.control(form["b"])
    assert 'class="form-check-input"' in zg.control(form["c"])
    assert 'inputmode="numeric"' in zg.control(form["d"])
    assert "inputmode" not in zg.control(form["e"])


def test_the_filter_keeps_its_conditions_in_the_address(rf: RequestFactory):
    class Form(forms.Form):
        q = forms.CharField(label="企业", required=False)
        due = forms.DateField(label="期限", required=False)

    request = rf.get("/orders/?q=酒店&due=x")
    html = render_to_string(
        "components/filter.html",
        {
            "form": Form(request.GET),
            "label": "查询责令改正",
            "chips": [{"word": "在办", "url": "?q=酒店"}],
            "keep": {"view": "mine"},
        },
        request,
    )
    assert "method=" not in html
    assert 'value="酒店"' in html
    assert '<input type="hidden" name="view" value="mine">' in html
    assert 'aria-label="去掉：在办"' in html
    assert 'href="/orders/">重置' in html
    assert 'id="id_due_error"' in html


def test_the_pager_keeps_the_conditions(rf: RequestFactory):
    request = rf.get("/orders/?q=酒店&before=a")
    html = render_to_string("components/pager.html", {"summary": "10 条", "next": "z"}, request)
    link = re.search(r'href="([^"]+)" rel="next"', html)
    assert link
    assert "after=z" in link[1]
    assert "before" not in link[1]
    assert "q=%E9%85%92%E5%BA%97" in link[1]
    assert 'aria-disabled="true"' in html
