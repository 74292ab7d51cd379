"""How a paper was handed over, attempt by attempt."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notices.models.notice import Notice


class Service(models.Model):
    """One attempt to hand a notice over (送达). Failed attempts stay on the record.

    MPSP 36, APL 61 and CPL 87 to 95. `notices.service` holds the rule for each method.
    """

    class Method(models.TextChoices):
        DIRECT = "direct", _("直接送达")
        LEFT = "left", _("留置送达")
        POST = "post", _("邮寄送达")
        PROXY = "proxy", _("委托送达")
        ELECTRONIC = "electronic", _("电子送达")
        PUBLICATION = "publication", _("公告送达")

    class Outcome(models.TextChoices):
        SERVED = "served", _("已签收")
        LEFT = "left", _("拒收，已留置")
        SENT = "sent", _("已发出，等待回执")
        PUBLISHED = "published", _("已公告")
        RETURNED = "returned", _("退回")
        FAILED = "failed", _("未送达")

    class Cause(models.TextChoices):
        """Why it had to be published (CPL 95)."""

        UNTRACEABLE = "untraceable", _("受送达人下落不明")
        OTHER_WAYS_FAILED = "failed", _("其他方式无法送达")

    class Relation(models.TextChoices):
        REPRESENTATIVE = "representative", _("法定代表人或负责人")
        RECEIVER = "receiver", _("单位负责收件的人")
        AGENT = "agent", _("代理人或指定代收人")
        FAMILY = "family", _("同住成年家属")
        SELF = "self", _("本人")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(
        Notice, models.PROTECT, related_name="services", verbose_name=_("文书")
    )
    method = models.CharField(_("送达方式"), max_length=12, choices=Method.choices)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices)
    attempted_on = models.DateField(_("送达日期"))
    attempted_time = models.TimeField(_("送达时刻"), null=True, blank=True)
    # When it counts; empty when the attempt does not count (yet).
    served_on = models.DateField(_("视为送达日期"), null=True, blank=True)
    effective = models.BooleanField(_("计为送达"), default=False)

    place = models.CharField(_("送达地点"), max_length=200, blank=True)
    recipient = models.CharField(_("收件人"), max_length=60, blank=True)
    relation = models.CharField(
        _("收件人身份"), max_length=16, choices=Relation.choices, blank=True
    )
    server_1 = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("送达人一"),
    )
    server_2 = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("送达人二"),
    )
    refusal = models.CharField(_("拒收事由"), max_length=200, blank=True)
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    filmed = models.BooleanField(_("已录音录像或者拍照"), default=False)
    entrusted_to = models.CharField(_("受委托机关"), max_length=100, blank=True)
    tracking_number = models.CharField(
        _("邮件号"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Za-z-]*$", _("邮件号只含字母和数字。"))],
    )
    consented = models.BooleanField(_("已书面同意电子送达"), default=False)
    address = models.CharField(_("电子送达地址"), max_length=200, blank=True)
    cause = models.CharField(_("公告的原因"), max_length=12, choices=Cause.choices, blank=True)
    grounds = models.CharField(_("公告前的经过"), max_length=500, blank=True)
    published_in = models.CharField(_("公告载体"), max_length=200, blank=True)
    proof = models.ForeignKey(
        "vault.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("凭证"),
    )
    note = models.CharField(_("备注"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("记录时间"))
    # The same form sent twice records one attempt.
    form_token = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    voided_on = models.DateField(_("失效日期"), null=True, blank=True)
    voided_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="voids"
    )

    class Meta:
        verbose_name = _("送达记录")
        verbose_name_plural = _("送达记录")
        ordering = ("-recorded_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("notice",),
                condition=Q(effective=True),
                name="service_one_counts",
                violation_error_message=_("这份文书已经送达。"),
            ),
            models.CheckConstraint(
                condition=Q(effective=False) | Q(served_on__isnull=False),
                name="service_counts_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(effective=False) | Q(voided_on__isnull=True),
                name="service_void_does_not_count",
            ),
            models.CheckConstraint(
                condition=Q(voided_on__isnull=True, voided_by__isnull=True)
                | Q(voided_on__isnull=False, voided_by__isnull=False),
                name="service_voided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) | Q(served_on__gte=F("attempted_on")),
                name="service_counts_after_attempt",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True)
                | Q(outcome__in=("served", "left", "published")),
                name="service_failed_never_counts",
            ),
            models.CheckConstraint(
                condition=Q(server_2__isnull=True)
                | (Q(server_1__isnull=False) & ~Q(server_1=F("server_2"))),
                name="service_two_servers_differ",
                violation_error_message=_("两名送达人不能是同一人。"),
            ),
            models.CheckConstraint(
                condition=~Q(method__in=("direct", "left"))
                | Q(server_1__isnull=False, server_2__isnull=False),
                name="service_by_hand_has_two_servers",
                violation_error_message=_("直接送达和留置送达须有两名送达人。"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="left")
                | (Q(method="left") & (~Q(witness="") | Q(filmed=True))),
                name="service_left_has_witness_or_film",
                violation_error_message=_("留置送达须有见证人，或者录音录像、拍照。"),
            ),
            models.CheckConstraint(
                condition=~Q(method="electronic", outcome="served") | Q(consented=True),
                name="service_electronic_has_consent",
                violation_error_message=_("电子送达须经受送达人书面同意。"),
            ),
            models.CheckConstraint(
                condition=(Q(entrusted_to="") | Q(method="proxy"))
                & (Q(address="") | Q(method="electronic"))
                & (Q(cause="", grounds="", published_in="") | Q(method="publication")),
                name="service_facts_of_its_method",
                violation_error_message=_("填写的内容不属于这种送达方式。"),
            ),
        ]
        indexes = [models.Index(fields=("notice", "-recorded_at"), name="service_newest")]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.get_outcome_display()}"
