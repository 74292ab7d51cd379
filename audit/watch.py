"""What the rooms below tell the record: log-ins, and acts on accounts and in the back room.

Imported once at start-up. Django's own signals are the only ones the portal listens to.
"""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.models import User
from audit import trail

trail.words(
    {
        "account.login": _("登录"),
        "account.login_failed": _("登录失败"),
        "account.locked": _("登录被锁定"),
        "account.logout": _("退出登录"),
        "account.password": _("设置密码"),
        "account.profile": _("修改资料"),
        "account.added": _("建立账号"),
        "account.granted": _("授予角色"),
        "account.revoked": _("收回角色"),
        "account.deactivated": _("停用账号"),
        "account.reactivated": _("启用账号"),
        "admin.added": _("在管理后台新增"),
        "admin.changed": _("在管理后台修改"),
        "admin.deleted": _("在管理后台删除"),
        "law.imported": _("导入法律全文"),
        "law.match_confirmed": _("确认新旧条文对应"),
        "law.match_rejected": _("否定新旧条文对应"),
        "law.match_reopened": _("撤回对新旧条文对应的决定"),
        "personal.reveal": _("查看个人信息"),
        "file.download": _("下载文件"),
        "trail.export": _("导出操作记录"),
    }
)
hooks.register(trail.record)

# Who tries with a name that is nobody's has no name of ours.
STRANGER = "（未登录）"


def _logged_in(sender: Any, user: User, **kwargs: Any) -> None:
    trail.record("account.login", user, by=user, at=timezone.now())


def _logged_out(sender: Any, request: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        why = getattr(request, "session_over", "")
        trail.record(
            "account.logout", user, by=user, at=timezone.now(), data={"over": why} if why else {}
        )


def _failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    # The name as typed: cut, because people type passwords into the wrong field.
    username = str(credentials.get("username", ""))[:60]
    trail.record(
        "account.login_failed",
        None,
        by=None,
        at=timezone.now(),
        data={"username": username},
        actor_name=STRANGER,
    )


def _locked(sender: Any, username: str | None = None, **kwargs: Any) -> None:
    trail.record(
        "account.locked",
        None,
        by=None,
        at=timezone.now(),
        data={"username": str(username or "")[:60]},
        actor_name=STRANGER,
    )


user_logged_in.connect(_logged_in, dispatch_uid="audit.watch")
user_logged_out.connect(_logged_out, dispatch_uid="audit.watch")
user_login_failed.connect(_failed, dispatch_uid="audit.watch")
user_locked_out.connect(_locked, dispatch_uid="audit.watch")
