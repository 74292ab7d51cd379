"""The fields of one attempt to serve a paper, for every door that records one.

`ServiceFields` reads what was typed; `notices.methods` decides. The groups stand below the method
that they belong to (templates/notices/_serve_fields.html).
"""

import json
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from enterprises.wording import Day
from notices import methods
from notices.models import Service
from notices.shown import Articles
from vault import uploads

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".pdf")
_TAKEN = ("image/", "application/pdf")


def officers_of(unit: Unit) -> QuerySet[User]:
    """People of the unit and of those below it who hold a certificate."""
    return (
        User.objects.filter(is_active=True, unit__path__startswith=unit.path)
        .exclude(certificate_number="")
        .order_by("name", "police_number")
    )


class OfficerField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        if not obj.police_number:
            return obj.name
        return gettext("%(name)s（%(number)s）") % {"name": obj.name, "number": obj.police_number}


class ScanField(forms.FileField):
    """A picture or a PDF, checked by its content."""

    def __init__(self, **kwargs: Any) -> None:
        accept = ",".join(PICTURES)
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> uploads.Checked | None:
        given = super().clean(data, initial)
        if not given:
            return None
        try:
            checked = uploads.check(given)
        except uploads.BadUpload as bad:
            raise forms.ValidationError(str(bad), code="bad_upload") from None
        if not checked.content_type.startswith(_TAKEN):
            raise forms.ValidationError(
                gettext("扫描件只接收图片和 PDF：jpg、png、webp、pdf。"), code="not_a_scan"
            )
        return checked


class ServiceFields(forms.Form):
    """One attempt to serve; `serve_by(unit, ...)` fills what depends on who and when."""

    method = forms.ChoiceField(
        label=_("送达方式"), choices=Service.Method.choices, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("结果"), choices=Service.Outcome.choices, widget=forms.RadioSelect
    )
    attempted_on = Day(
        label=_("送达日期"),
        help_text=_("签收、留置、收到邮件或者刊登公告的日期；尚未送到的，写这次去送的日期。"),
        error_messages={"required": _("填写送达日期。")},
    )
    attempted_time = forms.TimeField(
        label=_("送达时刻"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("“送达时刻”写成 15:30。")},
    )
    place = forms.CharField(label=_("送达地点"), max_length=200, required=False)
    recipient = forms.CharField(
        label=_("签收人"), max_length=60, required=False, help_text=_("有人签收的，须填写。")
    )
    relation = forms.ChoiceField(
        label=_("签收人身份"), choices=[("", "—"), *Service.Relation.choices], required=False
    )
    server_1 = OfficerField(label=_("送达人一"), queryset=User.objects.none(), required=False)
    server_2 = OfficerField(
        label=_("送达人二"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("直接送达和留置送达须有二人。"),
    )
    refusal = forms.CharField(
        label=_("拒收事由"),
        max_length=200,
        required=False,
        help_text=_("谁拒绝、为什么，照原话记。"),
    )
    witness = forms.CharField(
        label=_("见证人"),
        max_length=60,
        required=False,
        help_text=_("基层组织或者对方单位的代表、邻居等，写姓名和职务。"),
    )
    filmed = forms.BooleanField(label=_("已录音录像或者拍照记录送达经过"), required=False)
    tracking_number = forms.CharField(
        label=_("邮件号"),
        max_length=40,
        required=False,
        help_text=_("邮寄送达时填写；寄出、签收、退回用同一个号。"),
        validators=[RegexValidator(r"^[0-9A-Za-z-]*$", _("邮件号只含字母和数字。"))],
    )
    entrusted_to = forms.CharField(
        label=_("受委托机关"),
        max_length=100,
        required=False,
        help_text=_("代为送达的公安机关。"),
    )
    consented = forms.BooleanField(label=_("受送达人已签订确认书，同意电子送达"), required=False)
    address = forms.CharField(
        label=_("电子送达地址"),
        max_length=200,
        required=False,
        help_text=_("确认书写明的电子邮箱、传真号或者其他系统的账号。"),
    )
    cause = forms.ChoiceField(
        label=_("公告的原因"),
        choices=[("", "—"), *Service.Cause.choices],
        required=False,
    )
    grounds = forms.CharField(
        label=_("公告前的经过"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("找过哪里、用过哪些方式、结果怎样；写入案卷。"),
    )
    published_in = forms.CharField(
        label=_("公告载体"),
        max_length=200,
        required=False,
        help_text=_("报纸的名称和版面、网站的栏目和网址，或者张贴的地点。"),
    )
    proof = ScanField(
        label=_("送达回证或回执"),
        required=False,
        help_text=_("扫描件或照片，jpg、png、webp、pdf，不超过 20 MB。"),
    )
    note = forms.CharField(label=_("备注"), max_length=500, required=False)

    def serve_by(self, unit: Unit, user: User, today: date) -> None:
        """Who may serve, and the first values: by hand, today, by whoever sits here."""
        officers = officers_of(unit)
        for name in ("server_1", "server_2"):
            self.fields[name].queryset = officers
        self.fields["method"].initial = Service.Method.DIRECT
        self.fields["outcome"].initial = Service.Outcome.SERVED
        self.fields["attempted_on"].initial = today
        self.fields["server_1"].initial = user.pk

    def facts(self) -> dict[str, Any]:
        """Those of `methods.Attempt`, and the checked upload as `proof`."""
        given = {name: self.cleaned_data[name] for name in ServiceFields.base_fields}
        given["servers"] = (given.pop("server_1"), given.pop("server_2"))
        return given

    def counts_on(self) -> date | None:
        """The day from which this attempt would count, if it would."""
        given = self.cleaned_data
        if not {"method", "outcome", "attempted_on"} <= set(given):
            return None
        if given["outcome"] not in methods.OUTCOMES.get(given["method"], ()):
            return None
        return methods.counts_on(given["method"], given["outcome"], given["attempted_on"])

    def rules(self) -> list[dict[str, Any]]:
        """What is said beside the choice of the method; see `methods.RULES`."""
        articles = Articles()
        return [
            {
                "method": method,
                "word": Service.Method(method).label,
                "rule": rule,
                "basis": articles.links(list(rule.basis)),
            }
            for method, rule in methods.RULES.items()
        ]

    def outcomes_of(self) -> str:
        """What can come of each method, for js/serve.js."""
        return json.dumps(methods.OUTCOMES)
