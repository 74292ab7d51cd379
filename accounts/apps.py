from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.roles import ROLES


def load_roles(**kwargs: Any) -> None:
    """Bring the table of roles up to `accounts.roles`; customised roles stay as they are."""
    try:
        role = kwargs.get("apps", apps).get_model("accounts", "Role")
    except LookupError:  # migrated back to before there were roles
        return
    known = {each.code: each for each in role.objects.using(kwargs.get("using", "default"))}
    for code, (name, name_en, kind, verbs) in ROLES.items():
        row = known.get(code)
        if row is None:
            role.objects.create(code=code, name=name, name_en=name_en, kind=kind, verbs=verbs)
        elif not row.customised and row.verbs != verbs:
            row.verbs = verbs
            row.save(update_fields=["verbs"])


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("单位与人员")

    def ready(self) -> None:
        post_migrate.connect(load_roles, sender=self, dispatch_uid="accounts.load_roles")
