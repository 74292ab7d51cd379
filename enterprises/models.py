"""Who is regulated: enterprises and their information systems.

Rows are changed by `enterprises.register` alone. A sealed field is ciphertext in the database and
masked on every page; its blind index finds the row by the exact value.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, RegexValidator, validate_email
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedQuerySet
from enterprises import industries
from enterprises.identifiers import (
    USCC_PATTERN,
    validate_icp_number,
    validate_mlps_number,
    validate_mps_filing_number,
    validate_uscc,
)
from enterprises.search import asked, grams_of, words
from vault.fields import BlindIndexField, SealedTextField


class PiiKind(models.TextChoices):
    """Kinds of personal information, in the words of notices (PIPL art. 4 and 28)."""

    NAME = "name", _("姓名")
    IDENTITY = "identity", _("身份证号码")
    PHONE = "phone", _("电话")
    ADDRESS = "address", _("家庭住址")
    LOCATION = "location", _("位置、行踪")
    LODGING = "lodging", _("住宿记录")
    FACE = "face", _("人脸")
    HEALTH = "health", _("健康")
    ACCOUNT = "account", _("金融账户")
    MINOR = "minor", _("未成年人信息")
    OTHER = "other", _("其他")


class MlpsLevel(models.IntegerChoices):
    """Grades of the multi-level protection scheme (等级保护)."""

    NONE = 0, _("未定级")
    ONE = 1, _("一级")
    TWO = 2, _("二级")
    THREE = 3, _("三级")
    FOUR = 4, _("四级")
    FIVE = 5, _("五级")


#: From this level on a system is inspected every year (Order 176 art. 9(2)).
YEARLY_FROM_LEVEL = 3


class EnterpriseQuerySet(ScopedQuerySet):
    """Enterprises by the words people use for them."""

    scope_path = "unit"

    def search(self, text: str) -> "EnterpriseQuerySet":
        """Rows whose name, short name or code contain every word typed (two characters do)."""
        found = self
        for word in words(text):
            found = found.filter(grams__contains=asked(word))
            if len(word) > 2:
                # All pairs present is necessary, not sufficient: look at the text itself.
                found = found.filter(haystack__contains=word)
        return found

    def like_name(self, name: str) -> "EnterpriseQuerySet":
        """Rows that hold all pairs of the name's core: candidates for "registered already?"."""
        return self.search(core_of_name(name))


# What company names share, and so says nothing about which company is meant.
FORMS_OF_COMPANY = (
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "分公司",
    "公司",
    "集团",
    "（集团）",
)


def core_of_name(name: str) -> str:
    """The name without the form of company, for comparing: 南宁某酒店有限公司 → 南宁某酒店."""
    core = (name or "").strip()
    for form in FORMS_OF_COMPANY:
        if core.endswith(form) and len(core) > len(form) + 1:
            core = core[: -len(form)]
            break
    return core


class Enterprise(models.Model):
    """A body that may be inspected; `unit` manages it and decides who sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(
        "accounts.Unit",
        on_delete=models.PROTECT,
        related_name="enterprises",
        verbose_name=_("管理单位"),
    )
    name = models.CharField(_("名称"), max_length=200)
    short_name = models.CharField(_("简称、曾用名"), max_length=200, blank=True)
    uscc = models.CharField(
        _("统一社会信用代码"), max_length=18, blank=True, validators=[validate_uscc]
    )
    region = models.ForeignKey(
        "accounts.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("属地")
    )
    industry_code = models.CharField(
        _("行业代码"),
        max_length=5,
        blank=True,
        validators=[
            RegexValidator(
                industries.CODE_PATTERN,
                _("行业代码应为门类字母 A 至 T，后接至多 4 位数字，例如 H6110"),
            )
        ],
    )
    industry_name = models.CharField(_("行业"), max_length=100, blank=True)
    address = models.CharField(_("地址"), max_length=300, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=100, blank=True)
    legal_representative_identity = SealedTextField(_("法定代表人身份证号码"), blank=True)
    legal_representative_identity_index = BlindIndexField(source="legal_representative_identity")
    security_lead = models.CharField(_("网安负责人"), max_length=100, blank=True)
    security_lead_phone = SealedTextField(_("网安负责人电话"), blank=True)
    contact_name = models.CharField(_("联系人"), max_length=100, blank=True)
    contact_phone = SealedTextField(_("联系人电话"), blank=True)
    contact_phone_index = BlindIndexField(source="contact_phone")
    contact_email = SealedTextField(
        _("联系人电子邮箱"), max_length=254, blank=True, default="", validators=[validate_email]
    )
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    note = models.TextField(_("备注"), blank=True)
    grams = ArrayField(models.CharField(max_length=2), default=list, blank=True, editable=False)
    haystack = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("登记时间"))
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")
        ordering = ["name", "id"]
        indexes = [
            GinIndex(fields=["grams"], name="enterprise_grams"),
            models.Index(fields=["unit", "name", "id"], name="enterprise_unit_name"),
            models.Index(fields=["unit", "-created_at", "id"], name="enterprise_unit_created"),
            models.Index(fields=["industry_code"], name="enterprise_industry"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=~Q(uscc=""), name="enterprise_uscc_once"
            ),
            models.CheckConstraint(
                condition=Q(uscc="") | Q(uscc__regex=USCC_PATTERN), name="enterprise_uscc_shape"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="enterprise_has_name"),
            models.CheckConstraint(condition=Q(version__gte=1), name="enterprise_version_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        """Keep the search pieces in step with the names, whoever saves."""
        self.haystack, self.grams = search_columns(self.name, self.short_name, self.uscc)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "haystack", "grams"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("enterprises:detail", args=[self.pk])

    @property
    def industry(self) -> str:
        """旅游饭店 H6110, or whichever half is known."""
        return " ".join(part for part in (self.industry_name, self.industry_code) if part)


def search_columns(name: str, short_name: str, uscc: str) -> tuple[str, list[str]]:
    """(haystack, grams) of a row; for bulk loads, which go around `Enterprise.save`."""
    texts = ["".join(words(text)) for text in (name, short_name, uscc)]
    return "\n".join(text for text in texts if text), grams_of(*texts)


class SystemQuerySet(ScopedQuerySet):
    """Systems, seen by whoever sees the enterprise."""

    scope_path = "enterprise__unit"

    def inspected_yearly(self) -> "SystemQuerySet":
        """In use, and of level 3 and above or critical: once a year (Order 176 art. 9(2))."""
        return self.filter(Q(critical=True) | Q(mlps_level__gte=YEARLY_FROM_LEVEL), in_use=True)


class System(models.Model):
    """An information system that an enterprise runs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="systems", verbose_name=_("企业")
    )
    name = models.CharField(_("系统名称"), max_length=200)
    url = models.URLField(_("网址"), blank=True)
    icp_number = models.CharField(
        _("ICP 备案号"), max_length=40, blank=True, validators=[validate_icp_number]
    )
    mlps_level = models.PositiveSmallIntegerField(
        _("等保级别"),
        choices=MlpsLevel.choices,
        default=MlpsLevel.NONE,
        validators=[MaxValueValidator(5)],
    )
    mlps_number = models.CharField(
        _("等保备案编号"), max_length=20, blank=True, validators=[validate_mlps_number]
    )
    mps_filing_number = models.CharField(
        _("公安备案号"), max_length=40, blank=True, validators=[validate_mps_filing_number]
    )
    #: Recognised as critical information infrastructure by its protection authority.
    critical = models.BooleanField(_("关键信息基础设施"), default=False)
    pii_kinds = ArrayField(
        models.CharField(max_length=20, choices=PiiKind.choices),
        verbose_name=_("个人信息种类"),
        default=list,
        blank=True,
    )
    pii_volume = models.PositiveBigIntegerField(_("个人信息数量（条）"), null=True, blank=True)
    in_use = models.BooleanField(_("在用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    objects = SystemQuerySet.as_manager()

    class Meta:
        verbose_name = _("信息系统")
        verbose_name_plural = _("信息系统")
        ordering = ["enterprise", "-in_use", "name", "id"]
        indexes = [
            # The few that are inspected every year, found among many.
            models.Index(
                fields=["enterprise"],
                condition=Q(critical=True) | Q(mlps_level__gte=3),
                name="system_inspected_yearly",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="system_name_once"),
            # Lets an inspection's (system, enterprise) pair be a foreign key.
            models.UniqueConstraint(fields=["id", "enterprise"], name="system_with_enterprise"),
            models.CheckConstraint(
                condition=Q(mlps_level__gte=0, mlps_level__lte=5), name="system_mlps_level_0_5"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="system_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def pii_words(self) -> list[str]:
        """The kinds of personal information in words, in the order of the list."""
        return [str(kind.label) for kind in PiiKind if kind.value in self.pii_kinds]

    @property
    def volume(self) -> str:
        """The number of records of personal information with separators; empty when unknown."""
        return "" if self.pii_volume is None else f"{self.pii_volume:,}"
