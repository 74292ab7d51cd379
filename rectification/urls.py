"""Addresses of orders to correct. Each verb has one, called as the verb is."""

from django.urls import path

from rectification.views import acts, drafting, lists, pages

app_name = "orders"

ACTS = (
    acts.submit,
    acts.discard,
    acts.approve,
    acts.send_back,
    acts.issue,
    acts.record_service,
    acts.record_returned_mail,
    acts.withdraw,
    acts.request_extension,
    acts.decide_extension,
    acts.suspend,
    acts.resume,
    acts.record_correction,
    acts.correct_on_the_spot,
    acts.record_reinspection,
    acts.judge,
    acts.escalate,
)

urlpatterns = [
    path("", lists.list_, name="list"),
    path("export/", lists.export, name="export"),
    path("new/", drafting.new, name="new"),
    path("preview/", pages.due_preview, name="due_preview"),
    path("files/<uuid:pk>/", pages.file, name="file"),
    path("proofs/<uuid:pk>/", pages.proof, name="proof"),
    path("<uuid:pk>/", pages.detail, name="detail"),
    path("<uuid:pk>/amend/", drafting.amend, name="amend"),
    *[path(f"<uuid:pk>/{act.__name__}/", act, name=act.__name__) for act in ACTS],
]
