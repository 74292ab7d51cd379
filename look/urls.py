"""The address of the components page."""

from django.urls import path

from look import views

urlpatterns = [path("", views.components, name="components")]
