"""Forms of the generic doors of papers: serve, add the receipt, file a scan, withdraw."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from enterprises.wording import NamingForm
from notices.models import Notice, Scan
from notices.serve_form import ScanField, ServiceFields


class ServeForm(ServiceFields, NamingForm):
    """One attempt to serve a paper; the token makes a second click the same attempt."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, notice: Notice, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = uuid4()
        self.serve_by(notice.unit, user, today)

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"form_token": self.cleaned_data["form_token"]}


class ProofForm(NamingForm):
    """The receipt of a service that was recorded without one."""

    proof = ScanField(
        label=_("送达回证或回执"),
        help_text=_("扫描件或照片，jpg、png、webp、pdf，不超过 20 MB。"),
        error_messages={"required": _("选择送达回证的文件。")},
    )


class ScanForm(NamingForm):
    kind = forms.ChoiceField(label=_("种类"), choices=Scan.Kind.choices)
    file = ScanField(
        label=_("扫描件"),
        help_text=_("jpg、png、webp、pdf，不超过 20 MB。归档后不能更换或者删除。"),
        error_messages={"required": _("选择扫描件。")},
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class WithdrawForm(NamingForm):
    """Why the paper is taken back."""

    reason = forms.CharField(
        label=_("撤回的原因"),
        help_text=_("写给看记录的人：错在哪里，怎么补救。"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明撤回的原因。")},
    )
