"""What the investigation gathers (行政处罚法 42, 46, 54–57): statements, evidence, preservation in
advance, appraisals, recusals, and the report that ends it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from penalties.models.case import OfCase


class Statement(OfCase):
    """A record of questions and answers (询问笔录); two officers, signed page by page."""

    class Signature(models.TextChoices):
        SIGNED = "signed", _("已签名")
        REFUSED = "refused", _("拒绝签名")
        NONE = "none", _("未签名")

    respondent = models.ForeignKey(
        "penalties.Respondent", models.PROTECT, null=True, blank=True, related_name="statements"
    )
    person = models.CharField(_("被询问人"), max_length=100)
    standing = models.CharField(_("身份"), max_length=100, blank=True)
    begun_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("询问地点"), max_length=200)
    officer_1 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("询问人")
    )
    officer_2 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("记录人")
    )
    rights_told = models.BooleanField(_("已告知权利义务、出示证件"), default=False)
    #: [{"q": …, "a": …}]
    answers = models.JSONField(_("问答"), default=list)
    signature = models.CharField(_("签名"), max_length=8, choices=Signature, default=Signature.NONE)
    refusal_note = models.CharField(_("拒绝签名的情况"), max_length=300, blank=True)
    file = models.ForeignKey(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("询问笔录")
        verbose_name_plural = _("询问笔录")
        ordering = ["begun_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="statement_times_in_order", condition=Q(ended_at__gt=F("begun_at"))
            ),
            models.CheckConstraint(
                name="statement_two_officers", condition=~Q(officer_1=F("officer_2"))
            ),
            models.CheckConstraint(
                name="statement_refusal_told",
                condition=~Q(signature="refused") | ~Q(refusal_note=""),
            ),
        ]


class Exhibit(OfCase):
    """A piece of evidence on the list of the case (行政处罚法 46: eight kinds)."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("书证")
        OBJECT = "object", _("物证")
        RECORDING = "recording", _("视听资料")
        ELECTRONIC = "electronic", _("电子数据")
        WITNESS = "witness", _("证人证言")
        PARTY = "party", _("当事人的陈述")
        APPRAISAL = "appraisal", _("鉴定意见")
        SCENE = "scene", _("勘验笔录、现场笔录")

    number = models.PositiveSmallIntegerField(_("编号"))
    kind = models.CharField(_("证据种类"), max_length=10, choices=Kind)
    title = models.CharField(_("名称"), max_length=200)
    proves = models.CharField(_("证明内容"), max_length=500)
    source = models.CharField(_("来源"), max_length=200)
    collected_on = models.DateField(_("取得日期"))
    officer_1 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    officer_2 = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Taken over from the visit, or a record of this case.
    evidence = models.ForeignKey(
        "inspections.Evidence", models.PROTECT, null=True, blank=True, related_name="+"
    )
    statement = models.OneToOneField(
        Statement, models.PROTECT, null=True, blank=True, related_name="exhibit"
    )
    notice = models.ForeignKey(
        "notices.Notice", models.PROTECT, null=True, blank=True, related_name="+"
    )
    file = models.ForeignKey(
        "vault.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: 证据须经查证属实 (行政处罚法 46(2)).
    verified = models.BooleanField(_("已查证属实"), default=False)
    excluded_reason = models.CharField(_("不采用的理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="exhibit_number_once"),
            models.UniqueConstraint(
                fields=["case", "evidence"],
                condition=Q(evidence__isnull=False),
                name="exhibit_evidence_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Preservation(OfCase):
    """Evidence registered and kept in advance (先行登记保存): decided on within seven working days,
    or released by itself (行政处罚法 56, MPSP 110)."""

    class Disposal(models.TextChoices):
        RETURNED = "returned", _("解除、返还")
        APPRAISED = "appraised", _("送交鉴定")
        KEPT = "kept", _("采取证据保全措施")
        CONFISCATED = "confiscated", _("予以没收")
        TRANSFERRED = "transferred", _("移交有关部门")
        LAPSED = "lapsed", _("期满自动解除")

    taken_at = models.DateTimeField(_("登记保存时间"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("批准人")
    )
    officer_1 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    officer_2 = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    holder = models.CharField(_("保管人"), max_length=100)
    place = models.CharField(_("保存地点"), max_length=200)
    #: [{"name": …, "model": …, "quantity": …, "note": …}]
    items = models.JSONField(_("物品清单"), default=list)
    due_on = models.DateField(_("处理期限"))
    derivation = models.JSONField(default=dict)
    disposal = models.CharField(_("处理"), max_length=12, choices=Disposal, blank=True)
    disposed_on = models.DateField(_("处理日期"), null=True, blank=True)
    disposal_note = models.CharField(_("处理说明"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("先行登记保存")
        verbose_name_plural = _("先行登记保存")
        ordering = ["taken_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="preservation_disposed_pair",
                condition=Q(disposal="", disposed_on__isnull=True)
                | (~Q(disposal="") & Q(disposed_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="preservation_two_officers", condition=~Q(officer_1=F("officer_2"))
            ),
        ]


class Appraisal(OfCase):
    """An appraisal or test by experts; its time is not counted (MPSP 165), a copy of the opinion is
    served within five days (MPSP 97)."""

    subject = models.CharField(_("鉴定事项"), max_length=300)
    appraiser = models.CharField(_("鉴定机构"), max_length=200)
    sent_on = models.DateField(_("送检日期"))
    received_on = models.DateField(_("收到意见日期"), null=True, blank=True)
    opinion = models.TextField(_("鉴定意见"), max_length=2000, blank=True)
    copy_due_on = models.DateField(_("复印件送达期限"), null=True, blank=True)
    copy_served_on = models.DateField(_("复印件送达日期"), null=True, blank=True)
    exclusion = models.OneToOneField(
        "penalties.Exclusion", models.PROTECT, null=True, blank=True, related_name="appraisal"
    )

    class Meta:
        verbose_name = _("鉴定")
        verbose_name_plural = _("鉴定")
        ordering = ["sent_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="appraisal_days_in_order",
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
            ),
            models.CheckConstraint(
                name="appraisal_received_with_opinion",
                condition=Q(received_on__isnull=True, opinion="")
                | (Q(received_on__isnull=False) & ~Q(opinion="")),
            ),
        ]


class Recusal(OfCase):
    """An officer, reviewer or host who should not act in the case (行政处罚法 43), and what was
    decided of it within two days (MPSP 21)."""

    class Motion(models.TextChoices):
        OWN = "own", _("自行回避")
        REQUESTED = "requested", _("当事人申请回避")
        ORDERED = "ordered", _("指令回避")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    motion = models.CharField(_("方式"), max_length=10, choices=Motion)
    ground = models.TextField(_("理由"), max_length=500)
    requested_on = models.DateField(_("提出日期"))
    due_on = models.DateField(_("决定期限"))
    granted = models.BooleanField(_("决定回避"), null=True, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("决定理由"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("回避")
        verbose_name_plural = _("回避")
        ordering = ["requested_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="recusal_decided_whole",
                condition=Q(granted__isnull=True, decided_on__isnull=True, decided_by__isnull=True)
                | Q(granted__isnull=False, decided_on__isnull=False, decided_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(granted__isnull=True),
                name="recusal_one_open",
            ),
        ]


class Report(OfCase):
    """The investigation ends (案件调查终结报告) with what was found and what is proposed. A new one
    takes the place of the last; the last one counts."""

    class Proposal(models.TextChoices):
        PENALTY = "penalty", _("给予行政处罚")
        NO_PENALTY = "no_penalty", _("不予行政处罚")
        REFERRAL = "referral", _("移送")
        TERMINATION = "termination", _("终止调查")

    round = models.PositiveSmallIntegerField(_("次数"), default=1)
    facts = models.TextField(_("查明的事实"), max_length=8000)
    reasons = models.TextField(_("理由"), max_length=2000)
    proposal = models.CharField(_("处理建议"), max_length=12, choices=Proposal)
    #: Why nobody is punished: a code of `penalties.grounds`; empty for other proposals.
    ground = models.CharField(_("不予处罚的情形"), max_length=20, blank=True)
    reported_on = models.DateField(_("报告日期"))

    class Meta:
        verbose_name = _("调查终结报告")
        verbose_name_plural = _("调查终结报告")
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="report_round_once"),
            models.CheckConstraint(
                name="report_ground_fits",
                condition=(Q(proposal="no_penalty") & ~Q(ground=""))
                | (~Q(proposal="no_penalty") & Q(ground="")),
            ),
        ]
