"""Every address of the portal, room by room."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

_ROUTES = [
    ("", "dashboard.urls"),
    ("", "accounts.urls"),
    ("inspections/", "inspections.urls"),
    ("orders/", "rectification.urls"),
    ("cases/", "penalties.urls"),
    ("bulletins/", "bulletins.urls"),
    ("enterprises/", "enterprises.urls"),
    ("notices/", "notices.urls"),
    ("v/", "notices.urls_public"),
    ("law/", "legal.urls"),
    ("deadlines/", "deadlines.urls"),
    ("jobs/", "jobs.urls"),
    ("trail/", "audit.urls"),
    ("components/", "look.urls"),
    ("health/", "jobs.urls_health"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *[path(prefix, include(module)) for prefix, module in _ROUTES],
    path("admin/", admin.site.urls),
]
