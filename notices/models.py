"""Papers: the words as they were issued, the number they carry, and how they were served.

A notice is frozen at issue: words, number and snapshot never change again (a database
trigger refuses it). The PDF is a fact that arrives later; whether it is queued, printing,
ready or failed is asked (`Notice.print_state`), never stored.
"""

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from jobs.models import Job
from notices import kinds

PRINT_JOB = "print_notice"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def new_verify_code() -> str:
    """128 random bits for the address of the public verification page."""
    return secrets.token_urlsafe(16)


def validate_pattern(pattern: str) -> None:
    """A number pattern names the year and the serial, and nothing that is unknown."""
    names = _PLACEHOLDER.findall(pattern)
    unknown = sorted(set(names) - {"abbreviation", "year", "serial"})
    if unknown or pattern.count("{") != len(names) or pattern.count("}") != len(names):
        raise ValidationError(
            _("只能使用 {abbreviation}、{year}、{serial} 三个占位符。"), code="placeholder"
        )
    if names.count("year") != 1 or names.count("serial") != 1:
        raise ValidationError(
            _("必须各有一个 {year} 和一个 {serial}，否则文号会重复。"), code="incomplete"
        )


class NumberPattern(models.Model):
    """How a unit writes the numbers of one kind of paper, where it differs from the default."""

    unit = models.ForeignKey(
        "accounts.Unit", models.CASCADE, related_name="number_patterns", verbose_name=_("单位")
    )
    kind = models.CharField(_("文书种类"), max_length=40, choices=kinds.choices)
    pattern = models.CharField(
        _("文号格式"),
        max_length=80,
        validators=[validate_pattern],
        help_text=_("例如 {abbreviation}责通字〔{year}〕{serial}号"),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("文号格式")
        verbose_name_plural = _("文号格式")
        ordering = ("unit", "kind")
        constraints = [
            models.UniqueConstraint(fields=("unit", "kind"), name="numberpattern_once"),
        ]

    def __str__(self) -> str:
        return self.pattern


class Series(models.Model):
    """The last number given to one kind of paper of one unit in one year.

    A row, not a database sequence: a sequence leaves a gap when a transaction rolls back.
    """

    unit = models.ForeignKey("accounts.Unit", models.PROTECT, verbose_name=_("单位"))
    kind = models.CharField(_("文书种类"), max_length=40, choices=kinds.choices)
    year = models.PositiveSmallIntegerField(_("年份"))
    last = models.PositiveIntegerField(_("最后一号"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("文号序列")
        verbose_name_plural = _("文号序列")
        ordering = ("unit", "kind", "-year")
        constraints = [
            models.UniqueConstraint(fields=("unit", "kind", "year"), name="series_once"),
            models.CheckConstraint(condition=Q(last__gte=1), name="series_starts_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


@dataclass(frozen=True)
class PrintState:
    """Where the PDF of a notice is. `code` is queued, printing, ready or failed."""

    code: str
    word: str | Promise
    reason: str = ""
    place: int = 0
    job: Job | None = None


class NoticeQuerySet(ScopedQuerySet):
    scope_path = "unit"

    def valid(self) -> "NoticeQuerySet":
        return self.filter(state=Notice.State.VALID)

    def printed(self) -> "NoticeQuerySet":
        return self.filter(printed_at__isnull=False)

    def unprinted(self) -> "NoticeQuerySet":
        return self.filter(printed_at__isnull=True)

    def about(self, subject: models.Model) -> "NoticeQuerySet":
        """The papers of one record (an order, a case), oldest first."""
        return self.filter(
            subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
        ).order_by("issued_at", "id")


class Notice(models.Model):
    """One issued paper."""

    class State(models.TextChoices):
        VALID = "valid", _("有效")
        WITHDRAWN = "withdrawn", _("已撤回")
        SUPERSEDED = "superseded", _("已被替代")

    MOVES: dict[str, set[str]] = {
        "valid": {"withdrawn", "superseded"},
        "withdrawn": set(),
        "superseded": set(),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="notices", verbose_name=_("签发单位")
    )
    kind = models.CharField(_("文书种类"), max_length=40, choices=kinds.choices)
    year = models.PositiveSmallIntegerField(_("年份"))
    serial = models.PositiveIntegerField(_("序号"))
    number = models.CharField(_("文号"), max_length=100, unique=True)
    addressee = models.CharField(_("受送达人"), max_length=200)

    words = models.TextField(_("文书原文"))
    words_sha256 = models.CharField(max_length=64)
    snapshot = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    template = models.CharField(max_length=120)
    template_version = models.CharField(max_length=64)
    seal = models.ForeignKey(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    verify_code = models.CharField(max_length=32, unique=True, default=new_verify_code)
    is_demonstration = models.BooleanField(_("演示样例"), default=False)

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.UUIDField()
    subject = GenericForeignKey("subject_type", "subject_id")

    issued_at = models.DateTimeField(_("签发时间"))
    issued_on = models.DateField(_("签发日期"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("签发人")
    )

    state = models.CharField(
        _("状态"), max_length=12, choices=State.choices, default=State.VALID, editable=False
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    ended_on = models.DateField(_("失效日期"), null=True, blank=True)
    ended_reason = models.CharField(_("失效原因"), max_length=500, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    pdf = models.OneToOneField(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    size = models.PositiveIntegerField(_("字节数"), null=True, blank=True)
    printed_at = models.DateTimeField(_("打印时间"), null=True, blank=True)
    fingerprint = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        ordering = ("-issued_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=("unit", "kind", "year", "serial"), name="notice_serial_once"
            ),
            models.CheckConstraint(condition=Q(serial__gte=1), name="notice_serial_positive"),
            models.CheckConstraint(
                condition=Q(state__in=("valid", "withdrawn", "superseded")),
                name="notice_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="valid", ended_on__isnull=True)
                | (~Q(state="valid") & Q(ended_on__isnull=False)),
                name="notice_end_has_date",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | Q(state="superseded"),
                name="notice_superseded_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")), name="notice_not_superseded_by_itself"
            ),
            models.CheckConstraint(
                condition=Q(
                    pdf__isnull=True,
                    pdf_sha256="",
                    pages__isnull=True,
                    size__isnull=True,
                    printed_at__isnull=True,
                    fingerprint="",
                )
                | (
                    Q(
                        pdf__isnull=False,
                        pages__isnull=False,
                        pages__gte=1,
                        size__isnull=False,
                        printed_at__isnull=False,
                    )
                    & ~Q(pdf_sha256="")
                    & ~Q(fingerprint="")
                ),
                name="notice_pdf_whole_or_none",
            ),
        ]
        indexes = [
            models.Index(fields=("unit", "-issued_at", "-id"), name="notice_unit_newest"),
            models.Index(fields=("-issued_at", "-id"), name="notice_newest"),
            models.Index(fields=("subject_type", "subject_id"), name="notice_subject"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The paper's own name, as printed: 责令限期改正通知书."""
        return kinds.get(self.kind).title

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf"

    def print_job(self) -> Job | None:
        """The job that owes this PDF (one query)."""
        return Job.objects.with_those_before().filter(kind=PRINT_JOB, key=str(self.pk)).first()

    def print_state(self, job: Job | None = None) -> PrintState:
        """Queued, printing, ready or failed, computed from the facts.

        Give `job` where it is at hand (a list), otherwise it costs one query.
        """
        if self.printed_at is not None:
            return PrintState("ready", _("已就绪"))
        job = job or self.print_job()
        if job is None:
            return PrintState("failed", _("打印失败"), reason=str(_("没有登记打印任务。")))
        if job.state == Job.State.DEAD:
            return PrintState("failed", _("打印失败"), reason=job.last_error, job=job)
        if job.state == Job.State.RUNNING:
            return PrintState("printing", _("打印中"), job=job)
        return PrintState(
            "queued",
            _("排队中"),
            reason=job.last_error,
            place=job.place_in_line(),
            job=job,
        )

    def effective_service(self) -> "Service | None":
        """The service that counts; None while none does."""
        return self.services.filter(effective=True).first()

    def served_on(self) -> date | None:
        """The day on which the paper counts as served (公告送达 may lie in the future)."""
        service = self.effective_service()
        return service.served_on if service else None

    def facts(self) -> dict[str, Any]:
        """What the public may know: nothing about the addressee or the content."""
        return {
            "number": self.number,
            "title": self.title,
            "unit": self.unit.name,
            "issued_on": self.issued_on,
            "state": self.state,
            "ended_on": self.ended_on,
            "sha256": self.pdf_sha256,
            "is_demonstration": self.is_demonstration,
        }


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
    witness = models.CharField(_("见证人"), max_length=60, blank=True)
    tracking_number = models.CharField(
        _("邮件号"),
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Za-z-]*$", _("邮件号只含字母和数字。"))],
    )
    consented = models.BooleanField(_("已书面同意电子送达"), default=False)
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
                condition=~Q(outcome="left") | (Q(method="left") & ~Q(witness="")),
                name="service_left_has_witness",
                violation_error_message=_("留置送达须有见证人。"),
            ),
            models.CheckConstraint(
                condition=~Q(method="electronic", outcome="served") | Q(consented=True),
                name="service_electronic_has_consent",
                violation_error_message=_("电子送达须经受送达人书面同意。"),
            ),
        ]
        indexes = [models.Index(fields=("notice", "-recorded_at"), name="service_newest")]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.get_outcome_display()}"
