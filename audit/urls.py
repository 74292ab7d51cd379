from django.urls import path

from audit import views

app_name = "trail"

urlpatterns = [
    path("", views.event_list, name="list"),
    path("export/", views.export, name="export"),
    path("reveal/", views.reveal, name="reveal"),
    path("<int:pk>/", views.event_detail, name="detail"),
]
