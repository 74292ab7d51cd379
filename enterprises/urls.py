"""Addresses of the register."""

from django.urls import path

from enterprises import views

app_name = "enterprises"

urlpatterns = [
    path("", views.list_, name="list"),
    path("export/", views.export, name="export"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/systems/new/", views.system_new, name="system_new"),
    path("systems/<uuid:pk>/edit/", views.system_edit, name="system_edit"),
]
