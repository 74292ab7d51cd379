"""Signing certificates in the admin: registered from files, retired, never edited or deleted.

The system administrator's. A password opens the file here and is kept nowhere; a private key is
sealed at once and shown to nobody. The verbs of `notices.certificates` leave the lines in the
record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.rooms import RoomAdmin
from audit import trail
from notices import certificates
from notices.models import EXPIRES_SOON, Certificate

LARGEST = 256 * 1024
WHAT_IT_IS = _(
    "登记后，这个单位的文书在打印时写入 PDF 电子签名（PAdES）：能看出由谁签、签后有没有改动。"
    "它不是 GB/T 38540 的电子印章，不使用国密 SM2、SM3；需要电子印章的，请使用专门的签章系统。"
)


class RegisterForm(forms.ModelForm):
    """A certificate with its key, or the one of an outside service with the address to ask."""

    file = forms.FileField(
        label=_("证书文件"),
        help_text=_(
            "PEM（证书、上级证书和私钥可以在一个文件里）或 PKCS #12（.p12、.pfx）。"
            "使用外部签名服务时只要证书和上级证书。"
        ),
    )
    key_file = forms.FileField(
        label=_("私钥文件"), required=False, help_text=_("私钥另有 PEM 文件时上传。")
    )
    password = forms.CharField(
        label=_("文件密码"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("只用来打开这次上传的文件，不保存。"),
    )
    address = forms.URLField(
        label=_("签名服务地址"),
        required=False,
        assume_scheme="https",
        help_text=_("外部签名服务填写，须以 https:// 开头。私钥留在服务里，不到本机。"),
    )
    token = forms.CharField(
        label=_("访问令牌"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("外部签名服务需要时填写，加密保存，不再显示。"),
    )

    class Meta:
        model = Certificate
        fields = ("unit", "source", "address")

    def clean_file(self) -> bytes:
        return _small(self.cleaned_data["file"])

    def clean_key_file(self) -> bytes | None:
        given = self.cleaned_data["key_file"]
        return _small(given) if given else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [each for each in (data.get("file"), data.get("key_file")) if each]
        if data.get("file") and data.get("unit") and data.get("source"):
            try:
                data["held"] = certificates.read(*given, password=data.get("password", ""))
            except certificates.BadFile as bad:
                self.add_error("file", str(bad))
            else:
                self._refuse(data)
        return data

    def _refuse(self, data: dict[str, Any]) -> None:
        for reason in certificates.can_register(
            data["unit"],
            data["held"],
            source=data["source"],
            address=data.get("address", ""),
            at=timezone.now(),
        ):
            self.add_error(reason.field if reason.field in self.fields else None, str(reason.text))

    def _post_clean(self) -> None:
        """Nothing of the row stands in the form but three columns; the verb makes it whole."""


class RetireForm(forms.ModelForm):
    retire = forms.BooleanField(
        label=_("停用这张证书"),
        required=False,
        help_text=_("停用后不能恢复，保存的私钥或令牌随即销毁。已签名的文书不受影响。"),
    )

    class Meta:
        model = Certificate
        fields = ()


def _small(upload: Any) -> bytes:
    if upload.size > LARGEST:
        raise ValidationError(_("文件太大，证书文件不超过 256 KB。"), code="large")
    data: bytes = upload.read()
    return data


@admin.register(Certificate)
class CertificateAdmin(RoomAdmin):
    """Edited by the system administrator, read by the auditor, deleted by nobody."""

    verb = "admin.system"
    list_display = ("unit", "subject", "issuer", "source", "ends", "retired_on")
    list_filter = ("source", "retired_on")
    list_select_related = ("unit",)
    search_fields = ("subject", "serial")
    shown = (
        "unit",
        "source",
        "subject",
        "issuer",
        "serial",
        "not_before",
        "ends",
        "address",
        "chain",
        "is_demonstration",
        "added",
        "added_at",
        "retired_on",
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (
            obj is None or obj.retired_on is None
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("key")

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = RegisterForm if obj is None else RetireForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        if obj is not None:
            return [(None, {"fields": self.shown if obj.retired_on else (*self.shown, "retire")})]
        fields = ("unit", "source", "file", "key_file", "password", "address", "token")
        return [(None, {"fields": fields, "description": WHAT_IT_IS})]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return () if obj is None else self.shown

    @admin.display(description=_("登记人"))
    def added(self, certificate: Certificate) -> str:
        return certificate.added_by.name if certificate.added_by else trail.SYSTEM

    @admin.display(description=_("到期时间"), ordering="not_after")
    def ends(self, certificate: Certificate) -> SafeString | str:
        at = timezone.now()
        day = f"{timezone.localtime(certificate.not_after):%Y-%m-%d}"
        if certificate.retired_on is not None:
            return day
        if certificate.not_after <= at:
            return format_html("{} <strong>{}</strong>", day, _now("已到期"))
        days = (certificate.not_after - at).days
        if certificate.not_after <= at + EXPIRES_SOON:
            left = ngettext("还有 %(days)d 天到期", "还有 %(days)d 天到期", days) % {"days": days}
            return format_html("{} <strong>{}</strong>", day, left)
        return day

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and self.has_view_permission(request):
            self._warn(request, timezone.now())
        return super().changelist_view(request, extra_context)

    def _warn(self, request: HttpRequest, at: datetime) -> None:
        for certificate in self.get_queryset(request).ending(at).select_related("unit"):
            day = f"{timezone.localtime(certificate.not_after):%Y-%m-%d}"
            text = _now("%(unit)s的签名证书将于%(day)s到期，请准备新证书。")
            if certificate.not_after <= at:
                text = _now("%(unit)s的签名证书已于%(day)s到期，文书正在等待签名。")
            self.message_user(
                request, text % {"unit": certificate.unit.name, "day": day}, messages.WARNING
            )

    def save_model(self, request: Any, obj: Certificate, form: Any, change: bool) -> None:
        at = timezone.now()
        data = form.cleaned_data
        if change:
            if data["retire"]:
                certificates.retire(obj, by=request.user, at=at)
            return
        made = certificates.register(
            data["unit"],
            data["held"],
            source=data["source"],
            address=data["address"],
            token=data["token"],
            by=request.user,
            at=at,
        )
        obj.__dict__.update(made.__dict__)
        if made.unit.organ not in made.subject:
            self.message_user(
                request,
                _now("证书的持有者“%(subject)s”里没有文书上的机关名称“%(organ)s”，请核对。")
                % {"subject": made.subject, "organ": made.unit.organ},
                messages.WARNING,
            )

    def _tell(self, request: Any, verb: str, obj: Any, data: Any) -> None:
        """The verbs have left their lines."""
