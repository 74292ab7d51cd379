"""Papers: the words as they were issued and the number they carry.

A notice is frozen at issue: words, number and snapshot never change again (a database
trigger refuses it). The PDF is a fact that arrives later; whether it is queued, printing,
ready or failed is asked (`Notice.print_state`), never stored.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from jobs.models import Job
from notices import kinds

if TYPE_CHECKING:
    from notices.models.service import Service

PRINT_JOB = "print_notice"


def new_verify_code() -> str:
    """128 random bits for the address of the public verification page."""
    return secrets.token_urlsafe(16)


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

    def with_service(self) -> "NoticeQuerySet":
        """Each row with `counted_on` and `service_method` of the service that counts."""
        counting = FilteredRelation("services", condition=Q(services__effective=True))
        return self.annotate(
            counting=counting,
            counted_on=F("counting__served_on"),
            service_method=F("counting__method"),
        )

    def served(self, today: date) -> "NoticeQuerySet":
        """Counted as served by that day; a publication counts later."""
        return self.filter(services__effective=True, services__served_on__lte=today)

    def awaiting_day(self, today: date) -> "NoticeQuerySet":
        """Published, and not yet counted as served."""
        return self.filter(services__effective=True, services__served_on__gt=today)

    def to_serve(self) -> "NoticeQuerySet":
        """Valid, meant to be served, and not served."""
        return (
            self.valid()
            .exclude(kind__in=kinds.internal_codes())
            .exclude(pk__in=Notice.objects.filter(services__effective=True).values("pk"))
        )

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

    # Signed papers: `pdf_sha256` is the hash of the signed file, this one of the print before.
    certificate = models.ForeignKey(
        "notices.Certificate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("签名证书"),
    )
    unsigned_sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(_("签名时间"), null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(certificate__isnull=True, unsigned_sha256="", signed_at__isnull=True)
                | (
                    Q(
                        certificate__isnull=False,
                        signed_at__isnull=False,
                        printed_at__isnull=False,
                    )
                    & ~Q(unsigned_sha256="")
                ),
                name="notice_signature_whole_or_none",
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
