"""Addresses of the register of law."""

from django.urls import path

from legal import views

app_name = "law"

urlpatterns = [
    path("", views.list_, name="list"),
    path("violations/", views.violations, name="violations"),
    path("violations/<str:code>/", views.violation, name="violation"),
    path("calendars/", views.calendars_, name="calendars"),
    path("text/<str:ref>/", views.version, name="version"),
    path("article/<str:ref>/", views.article, name="article"),
]
