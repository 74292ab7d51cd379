"""Addresses of bulletins and of the publication of decisions."""

from django.urls import path

from bulletins.views import bulletins, drafting, publications

app_name = "bulletins"

urlpatterns = [
    path("", bulletins.list_, name="list"),
    path("export/", bulletins.export, name="export"),
    path("new/", drafting.new, name="new"),
    path("decisions/", publications.list_, name="publications"),
    path("decisions/export/", publications.export, name="export_publications"),
    path("decisions/of/<uuid:pk>/", publications.demand, name="demand"),
    path("decisions/<uuid:pk>/", publications.detail, name="publication"),
    path("decisions/<uuid:pk>/publish/", publications.publish_elsewhere, name="publish_elsewhere"),
    path("decisions/<uuid:pk>/exempt/", publications.exempt, name="exempt"),
    path("decisions/<uuid:pk>/reopen/", publications.reopen, name="reopen"),
    path("decisions/<uuid:pk>/fall/", publications.record_fall, name="record_fall"),
    path("decisions/<uuid:pk>/withdraw/", publications.withdraw, name="withdraw_publication"),
    path("<uuid:pk>/", bulletins.detail, name="detail"),
    path("<uuid:pk>/state/", bulletins.state, name="state"),
    path("<uuid:pk>/retry/", bulletins.retry, name="retry"),
    path("<uuid:pk>/pdf/", bulletins.pdf, name="pdf"),
    path("<uuid:pk>/docx/", bulletins.docx, name="docx"),
    path("<uuid:pk>/html/", bulletins.html, name="html"),
    path("<uuid:pk>/amend/", drafting.amend, name="amend"),
    path("<uuid:pk>/add/", drafting.add, name="add"),
    path("<uuid:pk>/drop/", drafting.drop, name="drop"),
    path("<uuid:pk>/submit/", bulletins.submit, name="submit"),
    path("<uuid:pk>/approve/", bulletins.approve, name="approve"),
    path("<uuid:pk>/send_back/", bulletins.send_back, name="send_back"),
    path("<uuid:pk>/publish/", bulletins.publish, name="publish"),
    path("<uuid:pk>/withdraw/", bulletins.withdraw, name="withdraw"),
    path("<uuid:pk>/discard/", bulletins.discard, name="discard"),
]
