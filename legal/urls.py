"""Addresses of the register of law."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from legal import calendar_views, views

app_name = "law"


class Key(StringConverter):
    """The key of a row as people write it; the database takes no NUL."""

    regex = r"[^/\x00]+"


register_converter(Key, "key")

urlpatterns = [
    path("", views.list_, name="list"),
    path("violations/", views.violations, name="violations"),
    path("violations/<key:code>/", views.violation, name="violation"),
    path("calendars/", calendar_views.calendars_, name="calendars"),
    path("limits/", calendar_views.limits_, name="limits"),
    path("law/<key:code>/", views.law, name="law"),
    path("text/<key:ref>/", views.version, name="version"),
    path("article/<key:ref>/", views.article, name="article"),
]
