"""The Celery application: a doorbell for the ledger in `jobs/`, never the record of work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("zhenggai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
