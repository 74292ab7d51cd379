"""The one page for anybody who holds a paper. Short, since it is in the QR code."""

from django.urls import path

from notices import verification

urlpatterns = [path("<str:code>/", verification.verify, name="verify")]
