"""Respondents (当事人): the unit, and the persons who answer for it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from penalties.models.case import OfCase
from vault.fields import BlindIndexField, SealedTextField


class Respondent(OfCase):
    """One party of the case, with its own facts, measures and papers.

    A unit repeats name, code, address and representative as they were when it was added, so that
    papers do not change with the register. What identifies a person is sealed.
    """

    class Kind(models.TextChoices):
        UNIT = "unit", _("单位")
        PERSON = "person", _("个人")

    class Role(models.TextChoices):
        PARTY = "party", _("违法行为人")
        IN_CHARGE = "in_charge", _("直接负责的主管人员")
        DIRECT = "direct", _("其他直接责任人员")

    class Status(models.TextChoices):
        """Whether there is still somebody to punish."""

        STANDING = "standing", _("正常")
        DEAD = "dead", _("死亡")
        MERGED = "merged", _("合并、分立")
        DEREGISTERED = "deregistered", _("注销、终止")

    kind = models.CharField(_("类别"), max_length=8, choices=Kind)
    role = models.CharField(_("责任身份"), max_length=10, choices=Role, default=Role.PARTY)
    position = models.PositiveSmallIntegerField(_("序号"), default=1)
    enterprise = models.ForeignKey(
        "enterprises.Enterprise",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("企业"),
    )
    name = models.CharField(_("姓名或者名称"), max_length=200)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    representative = models.CharField(_("法定代表人"), max_length=100, blank=True)
    address = models.CharField(_("地址或者现住址"), max_length=300, blank=True)
    sex = models.CharField(_("性别"), max_length=10, blank=True)
    workplace = models.CharField(_("工作单位和职务"), max_length=200, blank=True)
    identity_kind = models.CharField(_("证件种类"), max_length=40, blank=True)
    identity = SealedTextField(_("证件号码"), max_length=40, blank=True, default="")
    identity_index = BlindIndexField(source="identity")
    born_on = SealedTextField(_("出生日期"), max_length=10, blank=True, default="")
    residence = SealedTextField(_("户籍所在地"), max_length=200, blank=True, default="")
    phone = SealedTextField(_("电话"), max_length=20, blank=True, default="")
    #: What this party did; empty where the report of the case says it all.
    facts = models.TextField(_("本人的违法事实"), max_length=4000, blank=True)
    status = models.CharField(_("主体状况"), max_length=14, choices=Status, default=Status.STANDING)
    status_on = models.DateField(_("变动日期"), null=True, blank=True)
    status_note = models.TextField(_("变动情况"), max_length=500, blank=True)
    #: Who takes over rights and duties after a merger.
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    class Meta:
        verbose_name = _("当事人")
        verbose_name_plural = _("当事人")
        ordering = ["position", "entered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "enterprise"],
                condition=Q(enterprise__isnull=False, kind="unit"),
                name="respondent_unit_once",
            ),
            models.UniqueConstraint(
                fields=["case", "identity_index"],
                condition=~Q(identity_index=""),
                name="respondent_person_once",
            ),
            models.CheckConstraint(
                name="respondent_status_has_its_day",
                condition=Q(status="standing", status_on__isnull=True)
                | (~Q(status="standing") & Q(status_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="respondent_role_fits",
                condition=Q(kind="unit", role="party") | Q(kind="person"),
            ),
            models.CheckConstraint(name="respondent_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        return self.kind == self.Kind.PERSON


class Referral(OfCase):
    """The case, or a part of it, handed to those who are competent (移送): the criminal police, or
    another authority; with the answer that is waited for."""

    class To(models.TextChoices):
        CRIMINAL = "criminal", _("移送刑事案件办理")
        AUTHORITY = "authority", _("移送其他主管部门")
        POLICE = "police", _("移送其他公安机关")

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("受理")
        DECLINED = "declined", _("不予受理")
        RETURNED = "returned", _("退回")

    to = models.CharField(_("移送种类"), max_length=10, choices=To)
    organ = models.CharField(_("接收单位"), max_length=100)
    reason = models.TextField(_("移送理由"), max_length=1000)
    found_at = models.DateTimeField(_("发现不属于本单位管辖的时间"), null=True, blank=True)
    sent_on = models.DateField(_("移送日期"))
    document_number = models.CharField(_("移送文书文号"), max_length=60, blank=True)
    findings = models.ManyToManyField("inspections.Finding", blank=True, related_name="referrals")
    #: Nothing is left to decide here: the case ends with it.
    whole = models.BooleanField(_("移送全案"), default=True)
    answer = models.CharField(_("答复"), max_length=10, choices=Answer, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answer_number = models.CharField(_("答复文号"), max_length=60, blank=True)
    answer_note = models.TextField(_("答复内容"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("移送")
        verbose_name_plural = _("移送")
        ordering = ["sent_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="referral_answer_pair",
                condition=Q(answer="", answered_on__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="referral_answer_after_sending",
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=models.F("sent_on")),
            ),
        ]


class Interview(OfCase):
    """A talk with those in charge (约谈): no penalty, and no step towards one. Network and content
    security: provincial level and above; data and personal information: county level and above
    (公安部令第176号 19)."""

    class Subject(models.TextChoices):
        NETWORK = "network", _("网络安全、信息安全")
        DATA = "data", _("数据安全、个人信息保护")

    subject = models.CharField(_("约谈事项"), max_length=8, choices=Subject)
    held_at = models.DateTimeField(_("约谈时间"))
    place = models.CharField(_("约谈地点"), max_length=200)
    attendees = ArrayField(models.CharField(max_length=100), verbose_name=_("被约谈人"))
    officers = ArrayField(models.CharField(max_length=100), verbose_name=_("约谈人"))
    demands = models.TextField(_("提出的要求"), max_length=2000)
    commitments = models.TextField(_("被约谈单位的承诺"), max_length=2000, blank=True)
    follow_up_on = models.DateField(_("跟进日期"), null=True, blank=True)
    followed_up_on = models.DateField(_("实际跟进日期"), null=True, blank=True)
    follow_up = models.TextField(_("跟进情况"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("约谈")
        verbose_name_plural = _("约谈")
        ordering = ["held_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="interview_follow_up_pair",
                condition=Q(followed_up_on__isnull=True, follow_up="")
                | (Q(followed_up_on__isnull=False) & ~Q(follow_up="")),
            ),
        ]
