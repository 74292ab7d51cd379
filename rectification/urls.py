"""Addresses of orders to correct. Each verb has one, called as the verb is."""

from django.urls import path

from rectification.views import (
    answer,
    approval,
    bundle,
    drafting,
    lists,
    opinion,
    pages,
    paper,
    review,
    service,
    term,
)

app_name = "orders"

ACTS = (
    approval.submit,
    approval.discard,
    approval.approve,
    approval.send_back,
    approval.issue,
    service.record_service,
    service.record_returned_mail,
    service.withdraw,
    term.request_extension,
    term.decide_extension,
    term.suspend,
    term.resume,
    answer.record_correction,
    answer.correct_on_the_spot,
    answer.record_reinspection,
    opinion.issue_opinion,
    answer.judge,
    answer.escalate,
    answer.report_upward,
)

urlpatterns = [
    path("", lists.list_, name="list"),
    path("export/", lists.export, name="export"),
    path("new/", drafting.new, name="new"),
    path("preview/", pages.due_preview, name="due_preview"),
    path("files/<uuid:pk>/", pages.file, name="file"),
    path("proofs/<uuid:pk>/", pages.proof, name="proof"),
    path("extensions/<uuid:pk>/", pages.extension, name="extension"),
    path("<uuid:pk>/", pages.detail, name="detail"),
    path("<uuid:pk>/amend/", drafting.amend, name="amend"),
    path("<uuid:pk>/paper/", paper.preview_paper, name="preview_paper"),
    path("<uuid:pk>/decision/", paper.preview_decision, name="preview_decision"),
    path("<uuid:pk>/review/", review.review, name="review"),
    path("<uuid:pk>/bundle/", bundle.bundle, name="bundle"),
    path("<uuid:pk>/add_proof/", review.add_proof, name="add_proof"),
    *[path(f"<uuid:pk>/{act.__name__}/", act, name=act.__name__) for act in ACTS],
]
