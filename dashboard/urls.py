"""Addresses without a prefix: the pages that look across the rooms."""

from django.urls import path

from dashboard import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("board/", views.board, name="board"),
    path("search/", views.search, name="search"),
]
