"""What the papers of a visit say beyond the visit itself."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inspections.models.inspection import Inspection, OfInspectionQuerySet


class Matter(models.TextChoices):
    """The heads of an inspection (Order 176 art. 7): a checklist, not a source of duties."""

    FILING = "filing", _("公安备案情况")
    POLICIES = "policies", _("网络安全管理制度和操作规程")
    REGISTRATION = "registration", _("用户注册信息登记和日志留存")
    MLPS = "mlps", _("网络安全等级保护定级、备案、测评和自查")
    CRITICAL = "critical", _("关键信息基础设施安全保护")
    DEFENCE = "defence", _("防范计算机病毒和网络攻击、网络侵入的技术措施")
    VULNERABILITY = "vulnerability", _("安全漏洞和隐患的处置")
    CONTENT = "content", _("违法信息防范")
    ALGORITHM = "algorithm", _("算法主体责任")
    DATA = "data", _("数据安全和个人信息保护")
    ASSISTANCE = "assistance", _("为公安机关提供技术支持和协助")


class Particulars(models.Model):
    """One row for a visit whose papers are made here; its words go into notice and record.

    A row of its own, because a visit that is signed can no longer be changed, and the record is
    only made then. `place`, `met_title`, `process` and `objections` count where the visit itself
    is silent: what was signed always comes first (`inspections.paper_facts`).
    """

    inspection = models.OneToOneField(
        Inspection, on_delete=models.CASCADE, primary_key=True, related_name="particulars"
    )
    basis = models.TextField(_("检查依据"), max_length=1000, blank=True)
    scope = models.TextField(_("检查范围"), max_length=1000, blank=True)
    matters = ArrayField(
        models.CharField(max_length=16, choices=Matter.choices),
        verbose_name=_("检查事项"),
        default=list,
        blank=True,
    )
    support_organ = models.CharField(_("技术支持机构"), max_length=100, blank=True)
    #: One name on each line.
    support_people = models.TextField(_("技术支持人员"), max_length=300, blank=True)
    shown = models.TextField(_("出示证件和告知情况"), max_length=1000, blank=True)
    measures = models.TextField(_("现场处置"), max_length=2000, blank=True)
    recording = models.CharField(_("录音录像"), max_length=300, blank=True)
    reading = models.TextField(_("核对意见"), max_length=1000, blank=True)
    place = models.CharField(_("检查地点"), max_length=300, blank=True)
    met_title = models.CharField(_("陪同人员职务"), max_length=100, blank=True)
    process = models.TextField(_("检查经过"), max_length=5000, blank=True)
    objections = models.TextField(_("说明或者异议"), max_length=5000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("文书内容")
        verbose_name_plural = _("文书内容")
        constraints = [
            models.CheckConstraint(
                condition=Q(matters__contained_by=Matter.values),
                name="particulars_matters_known",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="particulars_version_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.inspection.number

    @property
    def matter_words(self) -> list[str]:
        """The matters in words, in the order of the list."""
        return [str(matter.label) for matter in Matter if matter.value in self.matters]

    @property
    def supporters(self) -> list[str]:
        """Who gave technical support, a name each."""
        return [line.strip() for line in self.support_people.splitlines() if line.strip()]
