"""gunicorn behind nginx: the container network only, never a published port."""

import os

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("ZHENGGAI_WEB_PROCESSES", "2"))
threads = 4
preload_app = True
timeout = 60
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeat files only
control_socket_disable = True
# nginx is the only one who reaches this port.
forwarded_allow_ips = "*"
accesslog = "-"
# Without the query string: a search may hold a person's number.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'
