"""The password policy of the house, in one object.

GB/T 22239-2019 level 3 asks for complexity and periodic change; OWASP ASVS 5.0 (6.2.5, 6.2.10)
advises against both. The national standard binds, so it prevails here; what ASVS asks beside it
(length, paste, a list of common passwords) holds as well. `ZHENGGAI_PASSWORD_POLICY` in the
settings changes single figures.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

_CLASSES: list[Callable[[str], object]] = [
    re.compile(r"[a-z]").search,
    re.compile(r"[A-Z]").search,
    re.compile(r"\d").search,
    re.compile(r"[^A-Za-z0-9]").search,
]


@dataclass(frozen=True)
class Policy:
    """Lengths in characters, age in days (0: never expires)."""

    min_length: int = 12
    max_length: int = 128
    classes: int = 3
    max_age_days: int = 90
    remembered: int = 5


def policy() -> Policy:
    return Policy(**getattr(settings, "ZHENGGAI_PASSWORD_POLICY", {}))


def expired(user: User, now: datetime) -> bool:
    """Whether the password must be changed before anything else is done."""
    if user.must_change_password:
        return True
    age = policy().max_age_days
    if not age or user.password_changed_at is None:
        return False
    return now - user.password_changed_at > timedelta(days=age)


class PolicyValidator:
    """Django's password validator for the policy: length, classes, not one of the last ones."""

    def validate(self, password: str, user: User | None = None) -> None:
        rules, problems = policy(), []
        if len(password) < rules.min_length:
            problems.append(_("密码至少 %(n)s 个字符。") % {"n": rules.min_length})
        if len(password) > rules.max_length:
            problems.append(_("密码最多 %(n)s 个字符。") % {"n": rules.max_length})
        elif sum(1 for holds in _CLASSES if holds(password)) < rules.classes:
            problems.append(
                _("密码须含大写字母、小写字母、数字、符号中的至少 %(n)s 类。")
                % {"n": rules.classes}
            )
        elif user is not None and self._was_used(password, user, rules.remembered):
            problems.append(
                _("这个密码最近用过，请换一个（最近 %(n)s 个不能重复使用）。")
                % {"n": rules.remembered}
            )
        if problems:
            raise ValidationError(problems)

    @staticmethod
    def _was_used(password: str, user: User, remembered: int) -> bool:
        if user._state.adding:
            return False
        former = user.passwords_used.values_list("encoded", flat=True)[:remembered]
        return any(check_password(password, each) for each in [user.password, *former] if each)

    def get_help_text(self) -> str:
        rules = policy()
        return _(
            "至少 %(length)s 个字符，含大写字母、小写字母、数字、符号中的至少 %(classes)s 类，"
            "不与最近 %(remembered)s 个密码相同。"
        ) % {
            "length": rules.min_length,
            "classes": rules.classes,
            "remembered": rules.remembered,
        }
