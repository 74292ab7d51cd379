"""Public bulletins (案例通报), and whether each penalty decision was made public.

A bulletin is a text about several cases that names nobody. A publication is the duty that a
decision brings with it (行政处罚法 48): to be made public, and to be taken back within three
working days once the decision falls.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Deferrable, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from jobs.models import Job
from penalties.models import Case

EXPORT_JOB = "export_bulletin"
LONGEST_TEXT = 3000  # characters of one case, of the introduction or of the reminder
MOST_CASES = 30


def _pair(name: str, first: str, second: str) -> models.CheckConstraint:
    """Who and when stand together or not at all."""
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    return models.CheckConstraint(name=name, condition=neither | both)


class BulletinState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    APPROVED = "approved", _("待发布")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


class BulletinQuerySet(ScopedQuerySet["Bulletin"]):
    def standing(self) -> BulletinQuerySet:
        """Published and not taken back."""
        return self.filter(state=BulletinState.PUBLISHED)

    def to_approve(self, user: Any) -> BulletinQuerySet:
        """Waiting for a second person, who this one may be."""
        theirs = Q(drafted_by=user) | Q(edited_by=user) | Q(submitted_by=user)
        return self.filter(state=BulletinState.SUBMITTED).exclude(theirs)

    def for_list(self) -> BulletinQuerySet:
        return self.select_related("unit", "drafted_by").defer("intro", "reminder", "words")


class Bulletin(models.Model):
    """One text about several cases. Its words can be changed while it is a draft, then no more."""

    State = BulletinState
    MOVES: ClassVar[dict[str, set[str]]] = {
        BulletinState.DRAFT: {BulletinState.SUBMITTED, BulletinState.WITHDRAWN},
        BulletinState.SUBMITTED: {BulletinState.APPROVED, BulletinState.DRAFT},
        BulletinState.APPROVED: {BulletinState.PUBLISHED, BulletinState.WITHDRAWN},
        BulletinState.PUBLISHED: {BulletinState.WITHDRAWN},
        BulletinState.WITHDRAWN: set(),
    }
    BADGES: ClassVar[dict[str, str]] = {
        "draft": "",
        "submitted": "wait",
        "approved": "live",
        "published": "met",
        "withdrawn": "void",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "accounts.Unit", models.PROTECT, related_name="bulletins", verbose_name=_("单位")
    )
    title = models.CharField(_("标题"), max_length=100)
    intro = models.TextField(_("开头"), max_length=LONGEST_TEXT)
    reminder = models.TextField(_("结尾提醒"), max_length=LONGEST_TEXT, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=BulletinState, default=BulletinState.DRAFT
    )
    version = models.PositiveIntegerField(default=1)
    form_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)

    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"))
    #: Whoever wrote last: neither of the two may approve.
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("送审时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    #: The paragraphs as approved, [[kind, text], …]: all exports are made of these alone.
    words = models.JSONField(_("定稿文字"), default=list, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("登记发布时间"), null=True, blank=True)
    published_on = models.DateField(_("发布日期"), null=True, blank=True)
    place = models.CharField(_("发布位置"), max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("撤回理由"), max_length=500, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = _("案例通报")
        verbose_name_plural = _("案例通报")
        ordering = ["-drafted_at", "-id"]
        indexes = [models.Index(fields=["unit", "-drafted_at", "-id"], name="bulletin_unit_newest")]
        constraints = [
            models.CheckConstraint(name="bulletin_has_a_title", condition=~Q(title="")),
            _pair("bulletin_submitted_pair", "submitted_by", "submitted_at"),
            _pair("bulletin_approved_pair", "approved_by", "approved_at"),
            _pair("bulletin_published_pair", "published_by", "published_at"),
            _pair("bulletin_withdrawn_pair", "withdrawn_by", "withdrawn_at"),
            models.CheckConstraint(
                name="bulletin_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True)
                | (
                    ~Q(approved_by=F("drafted_by"))
                    & ~Q(approved_by=F("edited_by"))
                    & ~Q(approved_by=F("submitted_by"))
                ),
            ),
            models.CheckConstraint(
                name="bulletin_state_has_its_facts",
                condition=Q(state="draft", approved_by__isnull=True, published_by__isnull=True)
                | Q(state="submitted", submitted_by__isnull=False, approved_by__isnull=True)
                | Q(state="approved", approved_by__isnull=False, published_by__isnull=True)
                | (
                    Q(state="published", approved_by__isnull=False, published_by__isnull=False)
                    & Q(published_on__isnull=False)
                    & ~Q(place="")
                )
                | (Q(state="withdrawn", withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(
                name="bulletin_words_when_approved",
                condition=Q(approved_by__isnull=True, words=[])
                | (Q(approved_by__isnull=False) & ~Q(words=[])),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("bulletins:detail", args=[self.pk])

    @property
    def phase(self) -> tuple[str, Any]:
        """(badge group, word)."""
        return self.BADGES[self.state], BulletinState(self.state).label

    @property
    def export_key(self) -> str:
        return str(self.pk)

    def export_job(self) -> Job | None:
        """The owed making of the files; None before the approval."""
        return Job.objects.filter(kind=EXPORT_JOB, key=self.export_key).first()


class EntryQuerySet(ScopedQuerySet["Entry"]):
    scope_path = "bulletin__unit"


class Entry(models.Model):
    """One case in a bulletin: 案例一. `facts` are those of the case on the day it was taken in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="entries")
    ordinal = models.PositiveSmallIntegerField(_("序号"))
    case = models.ForeignKey(Case, models.PROTECT, related_name="bulletin_entries")
    text = models.TextField(_("正文"), max_length=LONGEST_TEXT)
    facts = models.JSONField(_("事实"), default=dict, encoder=DjangoJSONEncoder)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("通报案例")
        verbose_name_plural = _("通报案例")
        ordering = ["bulletin", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "case"], name="entry_case_once"),
            models.UniqueConstraint(
                fields=["bulletin", "ordinal"],
                name="entry_ordinal_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="entry_ordinal_positive", condition=Q(ordinal__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal} {self.case}"


class Export(models.Model):
    """One file of an approved bulletin, with its hash. Made by the worker, once."""

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        HTML = "html", "HTML"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="exports")
    form = models.CharField(_("格式"), max_length=4, choices=Form)
    file = models.OneToOneField("vault.StoredFile", models.PROTECT, related_name="+")
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField(_("字节数"))
    pages = models.PositiveSmallIntegerField(_("页数"), null=True, blank=True)
    fingerprint = models.TextField(_("打印组件"), blank=True)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("通报文件")
        verbose_name_plural = _("通报文件")
        ordering = ["bulletin", "form"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "form"], name="export_form_once"),
            models.CheckConstraint(
                name="export_sha256_is_a_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} {self.form}"


class PublicationState(models.TextChoices):
    DUE = "due", _("待公开")
    PUBLISHED = "published", _("已公开")
    EXEMPT = "exempt", _("不公开")
    RECALLED = "recalled", _("待撤回")
    WITHDRAWN = "withdrawn", _("已撤回公开")
    LAPSED = "lapsed", _("公开前已失效")


class Fall(models.TextChoices):
    """How a decision ceased to stand (行政处罚法 48(2))."""

    CHANGED = "changed", _("依法变更")
    REVOKED = "revoked", _("依法撤销")
    UNLAWFUL = "unlawful", _("确认违法")
    VOID = "void", _("确认无效")


class PublicationQuerySet(ScopedQuerySet["Publication"]):
    def for_list(self) -> PublicationQuerySet:
        return self.select_related("unit", "case__enterprise", "bulletin")


class Publication(models.Model):
    """Whether one penalty decision was made public, where and when, and whether taken back."""

    State = PublicationState
    MOVES: ClassVar[dict[str, set[str]]] = {
        PublicationState.DUE: {
            PublicationState.PUBLISHED,
            PublicationState.EXEMPT,
            PublicationState.LAPSED,
        },
        PublicationState.EXEMPT: {PublicationState.DUE},
        PublicationState.PUBLISHED: {PublicationState.RECALLED},
        PublicationState.RECALLED: {PublicationState.WITHDRAWN},
        # another decision of the case brings the duty again
        PublicationState.WITHDRAWN: {PublicationState.DUE},
        PublicationState.LAPSED: {PublicationState.DUE},
    }
    BADGES: ClassVar[dict[str, str]] = {
        "due": "wait",
        "published": "met",
        "exempt": "",
        "recalled": "refused",
        "withdrawn": "void",
        "lapsed": "void",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("accounts.Unit", models.PROTECT, related_name="publications")
    case = models.OneToOneField(Case, models.PROTECT, related_name="publication")
    state = models.CharField(
        _("状态"), max_length=10, choices=PublicationState, default=PublicationState.DUE
    )
    version = models.PositiveIntegerField(default=1)
    decided_on = models.DateField(_("决定日期"))
    exempt_reason = models.TextField(_("不公开的理由"), max_length=500, blank=True)
    published_on = models.DateField(_("公开日期"), null=True, blank=True)
    place = models.CharField(_("公开位置"), max_length=300, blank=True)
    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, null=True, blank=True, related_name="publications"
    )
    fall = models.CharField(_("决定的变动"), max_length=10, choices=Fall, blank=True)
    fallen_on = models.DateField(_("变动日期"), null=True, blank=True)
    fall_note = models.CharField(_("变动依据"), max_length=300, blank=True)
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)
    explanation = models.TextField(_("公开说明的理由"), max_length=500, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("处罚决定公开")
        verbose_name_plural = _("处罚决定公开")
        ordering = ["-decided_on", "-id"]
        indexes = [
            models.Index(fields=["unit", "-decided_on", "-id"], name="publication_unit_newest")
        ]
        constraints = [
            models.CheckConstraint(
                name="publication_published_has_place",
                condition=Q(published_on__isnull=True, place="")
                | (Q(published_on__gte=F("decided_on")) & ~Q(place="")),
            ),
            models.CheckConstraint(
                name="publication_fall_whole",
                condition=Q(fall="", fallen_on__isnull=True)
                | (Q(fallen_on__gte=F("decided_on")) & ~Q(fall="")),
            ),
            models.CheckConstraint(
                name="publication_state_has_its_facts",
                condition=Q(state="due", published_on__isnull=True, fall="")
                | (Q(state="exempt", published_on__isnull=True, fall="") & ~Q(exempt_reason=""))
                | Q(state="published", published_on__isnull=False, fall="")
                | (Q(state="recalled", published_on__isnull=False) & ~Q(fall=""))
                | (
                    Q(state="withdrawn", published_on__isnull=False, withdrawn_on__isnull=False)
                    & ~Q(fall="")
                    & ~Q(explanation="")
                )
                | (Q(state="lapsed", published_on__isnull=True) & ~Q(fall="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        return reverse("bulletins:publication", args=[self.pk])

    @property
    def phase(self) -> tuple[str, Any]:
        """(badge group, word)."""
        return self.BADGES[self.state], PublicationState(self.state).label
