"""Puts `accounts.sites.BackRoom` in the place of Django's own admin site (INSTALLED_APPS)."""

from django.contrib.admin.apps import AdminConfig


class BackRoomConfig(AdminConfig):
    default_site = "accounts.sites.BackRoom"
