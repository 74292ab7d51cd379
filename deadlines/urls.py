"""Addresses of what falls due."""

from django.urls import path

from deadlines import recheck_views, views

app_name = "deadlines"

urlpatterns = [
    path("", views.list_, name="list"),
    path("recheck/", recheck_views.recheck_, name="recheck"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("feed/", views.feed, name="feed"),
    path("feed/open/", views.open_feed, name="open_feed"),
    path("feed/close/", views.close_feed, name="close_feed"),
    path("feed/<str:token>.ics", views.ics, name="ics"),
]
