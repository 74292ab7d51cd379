from django.urls import path

from notices import batch_views, preview_views, serve_views, views, waiver_views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("batches/", batch_views.batch_list, name="batches"),
    path("batches/new/", batch_views.batch_new, name="batch_new"),
    path("batches/<uuid:pk>/", batch_views.batch, name="batch"),
    path("batches/<uuid:pk>/state/", batch_views.batch_state, name="batch_state"),
    path("batches/<uuid:pk>/file/", batch_views.batch_file, name="batch_file"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/pdf/", views.pdf, name="pdf"),
    path("<uuid:pk>/state/", views.state, name="state"),
    path("<uuid:pk>/retry/", views.retry, name="retry"),
    path("export/", views.export, name="export"),
    path("<uuid:pk>/serve/", serve_views.serve, name="serve"),
    path("<uuid:pk>/receipt/", serve_views.receipt, name="receipt"),
    path("<uuid:pk>/file_scan/", serve_views.file_scan, name="file_scan"),
    path("<uuid:pk>/withdraw/", serve_views.withdraw, name="withdraw"),
    path("services/<uuid:pk>/add_proof/", serve_views.add_proof, name="add_proof"),
    path("services/<uuid:pk>/proof/", serve_views.proof, name="proof"),
    path("scans/<uuid:pk>/", serve_views.scan, name="scan"),
    path("<uuid:pk>/waive/", waiver_views.waive, name="waive"),
    path("previews/<uuid:pk>/", preview_views.preview, name="preview"),
    path("previews/<uuid:pk>/state/", preview_views.preview_state, name="preview_state"),
    path("previews/<uuid:pk>/pdf/", preview_views.preview_pdf, name="preview_pdf"),
    path("previews/<uuid:pk>/page/", preview_views.preview_page, name="preview_page"),
]
