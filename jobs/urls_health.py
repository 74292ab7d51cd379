from django.urls import path

from jobs import health

urlpatterns = [path("", health.health, name="health")]
