from django.urls import path

from notices import preview_views, views, waiver_views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/pdf/", views.pdf, name="pdf"),
    path("<uuid:pk>/state/", views.state, name="state"),
    path("<uuid:pk>/retry/", views.retry, name="retry"),
    path("<uuid:pk>/waive/", waiver_views.waive, name="waive"),
    path("previews/<uuid:pk>/", preview_views.preview, name="preview"),
    path("previews/<uuid:pk>/state/", preview_views.preview_state, name="preview_state"),
    path("previews/<uuid:pk>/pdf/", preview_views.preview_pdf, name="preview_pdf"),
    path("previews/<uuid:pk>/page/", preview_views.preview_page, name="preview_page"),
]
