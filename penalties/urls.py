"""Addresses of penalty cases."""

from django.urls import path

from penalties import bundle_views, views

app_name = "cases"

urlpatterns = [
    path("", views.list_, name="list"),
    path("file/", views.file, name="file"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/review/", views.review_, name="review"),
    path("<uuid:pk>/bundle/", bundle_views.bundle, name="bundle"),
    path("<uuid:pk>/record_decision/", views.record_decision, name="record_decision"),
    path("<uuid:pk>/close/", views.close, name="close"),
]
