"""Wiring only. Nobody imports this package; rooms read `django.conf.settings`."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
