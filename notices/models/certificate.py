"""The certificates with which units sign their papers."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from vault.fields import SealedTextField

EXPIRES_SOON = timedelta(days=30)


class CertificateQuerySet(ScopedQuerySet):
    def in_use(self) -> "CertificateQuerySet":
        return self.filter(retired_on__isnull=True)

    def ending(self, at: datetime) -> "CertificateQuerySet":
        """Those in use that have expired, or will within thirty days."""
        return self.in_use().filter(not_after__lte=at + EXPIRES_SOON)


class Certificate(models.Model):
    """A unit's signing certificate.

    `key` is sealed: the private key of a local one; of an outside one, whose `address` signs, the
    token that it asks for. A certificate is retired, never deleted, and its key is destroyed then.
    A demonstration unit has demonstration certificates, a real one real ones (a database trigger);
    those have 演示 in subject and issuer.
    """

    class Source(models.TextChoices):
        LOCAL = "local", _("本机密钥")
        OUTSIDE = "outside", _("外部签名服务")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="certificates", verbose_name=_("单位")
    )
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices)
    subject = models.CharField(_("持有者"), max_length=200)
    issuer = models.CharField(_("颁发者"), max_length=200)
    serial = models.CharField(_("序列号"), max_length=60)
    not_before = models.DateTimeField(_("生效时间"))
    not_after = models.DateTimeField(_("到期时间"))
    chain = models.TextField(_("证书链（PEM）"))
    key = SealedTextField(_("私钥或访问令牌"), blank=True)
    address = models.URLField(_("签名服务地址"), blank=True)
    is_demonstration = models.BooleanField(_("演示证书"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(_("登记时间"))
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("签名证书")
        verbose_name_plural = _("签名证书")
        ordering = ("unit", "-not_after")
        constraints = [
            models.UniqueConstraint(
                fields=("unit",),
                condition=Q(retired_on__isnull=True),
                name="certificate_one_in_use",
                violation_error_message=_("这个单位已有使用中的证书，请先停用。"),
            ),
            models.UniqueConstraint(fields=("issuer", "serial"), name="certificate_once"),
            models.CheckConstraint(
                condition=Q(not_after__gt=F("not_before")), name="certificate_has_a_term"
            ),
            models.CheckConstraint(
                condition=Q(source="local", address="") | (Q(source="outside") & ~Q(address="")),
                name="certificate_address_of_outside_ones",
            ),
            models.CheckConstraint(
                condition=Q(
                    is_demonstration=True, subject__contains="演示", issuer__contains="演示"
                )
                | (Q(is_demonstration=False) & ~Q(issuer__contains="演示")),
                name="certificate_demonstration_says_so",
            ),
        ]

    def __str__(self) -> str:
        return self.subject
