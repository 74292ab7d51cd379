"""Addresses of fieldwork."""

from django.urls import path

from inspections.views import evidence, findings, papers, remote, visits, withholding, yearly

app_name = "inspections"

urlpatterns = [
    path("", visits.list_, name="list"),
    path("export/", visits.export, name="export"),
    path("new/", visits.new, name="new"),
    path("remote/", remote.list_, name="remotes"),
    path("remote/new/", remote.new, name="remote_new"),
    path("remote/<uuid:pk>/", remote.detail, name="remote"),
    path("remote/<uuid:pk>/notice/", remote.notice, name="remote_notice"),
    path("remote/<uuid:pk>/move/", remote.move, name="remote_move"),
    path("remote/<uuid:pk>/hold/", remote.hold, name="remote_hold"),
    path("remote/<uuid:pk>/cancel/", remote.cancel, name="remote_cancel"),
    path("remote/<uuid:pk>/paper/", papers.issue_remote_notice, name="issue_remote_notice"),
    path("yearly/<uuid:pk>/reuse/", yearly.reuse, name="yearly_reuse"),
    path("articles/", findings.articles, name="articles"),
    path("<uuid:pk>/", visits.detail, name="detail"),
    path("<uuid:pk>/edit/", visits.edit, name="edit"),
    path("<uuid:pk>/sign/", visits.sign, name="sign"),
    path("<uuid:pk>/discard/", visits.discard, name="discard"),
    path("<uuid:pk>/close/", visits.close, name="close"),
    path("<uuid:pk>/particulars/", papers.particulars, name="particulars"),
    path("<uuid:pk>/notice/", papers.issue_notice, name="issue_notice"),
    path("<uuid:pk>/record/", papers.issue_record, name="issue_record"),
    path("<uuid:pk>/advise/", papers.advise, name="advise"),
    path("papers/<uuid:pk>/withdraw/", papers.withdraw, name="paper_withdraw"),
    path("<uuid:pk>/findings/new/", findings.new, name="finding_new"),
    path("<uuid:pk>/evidence/new/", evidence.new, name="evidence_new"),
    path("findings/<uuid:pk>/edit/", findings.edit, name="finding_edit"),
    path("findings/<uuid:pk>/drop/", findings.drop, name="finding_drop"),
    path("findings/<uuid:pk>/dispose/", findings.dispose, name="finding_dispose"),
    path("evidence/<uuid:pk>/download/", evidence.download, name="evidence_download"),
    path("evidence/<uuid:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("evidence/<uuid:pk>/withhold/", withholding.withhold, name="evidence_withhold"),
]
