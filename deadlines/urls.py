"""Addresses of what falls due."""

from django.urls import path

from deadlines import inbox_views, recheck_views, views

app_name = "deadlines"

urlpatterns = [
    path("", views.list_, name="list"),
    path("month/", views.month, name="month"),
    path("duties/", views.duties_, name="duties"),
    path("duties/export/", views.export_duties, name="export_duties"),
    path("recheck/", recheck_views.recheck_, name="recheck"),
    path("inbox/", inbox_views.inbox_, name="inbox"),
    path("inbox/seen/", inbox_views.see_all, name="see_all"),
    path("inbox/<uuid:pk>/seen/", inbox_views.see, name="see"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("feed/", views.feed, name="feed"),
    path("feed/open/", views.open_feed, name="open_feed"),
    path("feed/close/", views.close_feed, name="close_feed"),
    path("feed/unit/<int:pk>/open/", views.open_unit_feed, name="open_unit_feed"),
    path("feed/unit/<int:pk>/close/", views.close_unit_feed, name="close_unit_feed"),
    path("feed/unit/<str:token>.ics", views.unit_ics, name="unit_ics"),
    path("feed/<str:token>.ics", views.ics, name="ics"),
]
