"""Regions, units, staff, roles. What these rows know; `accounts.people` changes them."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, validate_email
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.managers import RoleQuerySet, UnitQuerySet, UserManager
from accounts.roles import ADMINISTRATOR, WORK
from vault.fields import BlindIndexField, SealedTextField
from vault.models import StoredFile


class Region(models.Model):
    """An administrative division by its GB/T 2260 code (省 10 000, 市 100, 县 1)."""

    code = models.CharField(
        _("行政区划代码"),
        max_length=6,
        primary_key=True,
        validators=[RegexValidator(r"^\d{6}$", _("行政区划代码是六位数字。"))],
    )
    name = models.CharField(_("名称"), max_length=60)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )

    class Meta:
        verbose_name = _("行政区划")
        verbose_name_plural = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="region_code_has_six_digits", condition=Q(code__regex=r"^\d{6}$")
            ),
            models.CheckConstraint(
                name="region_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("code")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of the public security organs; the tree decides who sees what.

    `path` ("/1/4/") is kept by a trigger, for the moved unit and all below it, and refuses
    cycles; nothing else writes it.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("省级")
        CITY = "city", _("市级")
        COUNTY = "county", _("县级")

    name = models.CharField(_("名称"), max_length=80, unique=True)
    short_name = models.CharField(_("简称"), max_length=40)
    abbreviation = models.CharField(
        _("文书代字"), max_length=40, help_text=_("文号开头的字，例如“南公（网安）”。")
    )
    level = models.CharField(_("级别"), max_length=10, choices=Level.choices)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="units", verbose_name=_("行政区划")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级单位"),
    )
    path = models.CharField(_("路径"), max_length=255, unique=True, editable=False)
    letterhead = models.CharField(
        _("文书抬头"),
        max_length=60,
        blank=True,
        help_text=_("印在文书上方和落款处的机关名称，不填则用单位名称。"),
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("联系电话"), max_length=40, blank=True)
    postcode = models.CharField(_("邮政编码"), max_length=6, blank=True)
    reconsideration_body = models.CharField(
        _("行政复议机关"), max_length=80, blank=True, help_text=_("例如“南宁市人民政府”。")
    )
    court = models.CharField(_("行政诉讼法院"), max_length=80, blank=True)
    seal = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("印章图片"),
    )
    is_demonstration = models.BooleanField(_("演示单位"), default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="unit_postcode_has_six_digits",
                condition=Q(postcode="") | Q(postcode__regex=r"^\d{6}$"),
                violation_error_message=_("邮政编码是六位数字。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.refresh_from_db(fields=["path"])

    def clean(self) -> None:
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": _("上级单位不能是本单位或其下级单位。")})

    @property
    def organ(self) -> str:
        """The name of the organ as papers print it, at their head and over the date."""
        return self.letterhead or self.name

    @property
    def depth(self) -> int:
        """0 for a root."""
        return self.path.count("/") - 2

    def contains(self, other: "Unit") -> bool:
        """Whether `other` is this unit or lies below it."""
        return other.path.startswith(self.path)

    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to and with this unit."""
        return [int(part) for part in self.path.strip("/").split("/")]


class Role(models.Model):
    """A bundle of verbs. Data, not code: `accounts.roles` only fills the table at first."""

    KINDS = [(WORK, _("业务")), (ADMINISTRATOR, _("管理"))]

    code = models.SlugField(_("代码"), max_length=40, primary_key=True)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=60, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=KINDS, default=WORK)
    verbs = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("权限"))
    customised = models.BooleanField(
        _("已调整"), default=False, editable=False, help_text=_("升级时不再改动。")
    )

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("角色")
        verbose_name_plural = _("角色")
        ordering = ["kind", "code"]
        constraints = [
            models.CheckConstraint(
                name="role_kind_is_known", condition=Q(kind__in=[WORK, ADMINISTRATOR])
            ),
            models.UniqueConstraint(name="role_code_and_kind", fields=["code", "kind"]),
        ]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name


class User(AbstractBaseUser):
    """A member of staff. Holds no rights itself: `may` asks the roles held."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField(
        _("用户名"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("已有同名用户。")},
    )
    name = models.CharField(_("姓名"), max_length=60)
    police_number = models.CharField(
        _("警号"),
        max_length=8,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^\d{5,8}$", _("警号是五至八位数字。"))],
        error_messages={"unique": _("这个警号已有人使用。")},
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("单位"),
    )
    certificate_number = models.CharField(_("执法证号"), max_length=40, blank=True)
    certificate_expires_on = models.DateField(_("执法证有效期至"), null=True, blank=True)
    phone = SealedTextField(
        _("手机"),
        max_length=20,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\+?[\d\- ]{5,20}$", _("电话号码只写数字。"))],
    )
    phone_index = BlindIndexField(source="phone")
    email = SealedTextField(
        _("电子邮箱"),
        max_length=254,
        blank=True,
        default="",
        validators=[validate_email],
        help_text=_("填了的，期限提醒也发到这里。"),
    )
    language = models.CharField(
        _("语言"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    is_active = models.BooleanField(_("在用"), default=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码更改时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    is_demonstration = models.BooleanField(_("演示用户"), default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    is_superuser = False  # Nobody is above the roles.

    objects = UserManager()

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_certificate_has_number_and_expiry",
                condition=Q(certificate_number="", certificate_expires_on__isnull=True)
                | (~Q(certificate_number="") & Q(certificate_expires_on__isnull=False)),
                violation_error_message=_("执法证号与有效期须同时填写。"),
            ),
            models.CheckConstraint(
                name="user_police_number_is_digits",
                condition=Q(police_number__isnull=True) | Q(police_number__regex=r"^\d{5,8}$"),
                violation_error_message=_("警号是五至八位数字。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    # --- What the person may ---------------------------------------------------------------

    @cached_property
    def held(self) -> list[Role]:
        """The roles held, read once for each instance, which means once for each request."""
        return list(Role.objects.filter(holdings__user=self).order_by("kind", "code"))

    @cached_property
    def verbs(self) -> frozenset[str]:
        return frozenset(verb for role in self.held for verb in role.verbs)

    def may(self, verb: str) -> bool:
        """Whether one of the roles held contains the verb ("orders.issue")."""
        return self.is_active and verb in self.verbs

    def may_any(self, verbs: Iterable[str]) -> bool:
        return any(self.may(verb) for verb in verbs)

    def holds(self, code: str) -> bool:
        return any(role.code == code for role in self.held)

    @property
    def is_administrator(self) -> bool:
        """System, security or audit administrator: the only ones who enter the back room."""
        return self.is_active and any(role.kind == ADMINISTRATOR for role in self.held)

    # Django's own questions, answered from the same roles: `{% if perms.orders.issue %}`.

    @property
    def is_staff(self) -> bool:
        return self.is_administrator

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.may(perm)

    def has_perms(self, perms: Iterable[str], obj: Any = None) -> bool:
        return all(self.may(perm) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and any(verb.startswith(f"{app_label}.") for verb in self.verbs)

    # --- What the person may sign ------------------------------------------------------------

    def certificate_valid_on(self, day: date) -> bool:
        """Whether the enforcement certificate covers the day (APL 42: officers show theirs)."""
        return bool(
            self.certificate_number
            and self.certificate_expires_on
            and day <= self.certificate_expires_on
        )


class RoleHolding(models.Model):
    """That a person holds a role. Change through `accounts.people.grant` and `revoke`.

    `kind` repeats the role's kind (a composite foreign key holds the two together), so that the
    database itself can refuse a second administrator's role to the same person.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="holdings", verbose_name=_("用户")
    )
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("角色")
    )
    kind = models.CharField(_("类别"), max_length=20, choices=Role.KINDS, editable=False)

    class Meta:
        verbose_name = _("所任角色")
        verbose_name_plural = _("所任角色")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="holding_once_per_role",
                fields=["user", "role"],
                violation_error_message=_("这个角色已经授予。"),
            ),
            models.UniqueConstraint(
                name="holding_one_administrator_role_only",
                fields=["user"],
                condition=Q(kind=ADMINISTRATOR),
                violation_error_message=_(
                    "系统管理员、安全管理员、审计管理员三个角色不能由同一人兼任。"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} / {self.role}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = self.role.kind
        super().save(*args, **kwargs)


class PasswordUsed(models.Model):
    """A former password of a person, hashed, so that the policy can refuse it again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passwords_used")
    encoded = models.CharField(max_length=255)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("用过的密码")
        verbose_name_plural = _("用过的密码")
        ordering = ["-set_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"
