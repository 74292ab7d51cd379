"""Addresses of penalty cases: the pages, and one address for each act and each kind of record."""

from django.urls import path

from penalties.views import board, bundle, door, lists, opening, pages, review, rows

app_name = "cases"

urlpatterns = [
    path("", lists.list_, name="list"),
    path("export/", lists.export, name="export"),
    path("board/", board.board, name="board"),
    path("file/", opening.file, name="file"),
    path("<uuid:pk>/", pages.detail, name="detail"),
    path("<uuid:pk>/review/", review.page, name="review"),
    path("<uuid:pk>/review.csv", review.export, name="review_export"),
    path("<uuid:pk>/bundle/", bundle.bundle, name="bundle"),
    path("<uuid:pk>/record_decision/", opening.record_decision, name="record_decision"),
    path("<uuid:pk>/close/", opening.close, name="close"),
    *rows.paths(),
    *door.paths(),
]
