# The production image: web, worker, beat and the one-off preparation differ only in their command.
FROM python:3.11-slim-bookworm AS build
COPY requirements/installer.txt requirements/base.txt /requirements/
RUN python -m venv /venv \
 && /venv/bin/python -m pip install --no-cache-dir --require-hashes -r /requirements/base.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin zhenggai \
 && install -d -o zhenggai -g zhenggai -m 0700 /data /data/media /data/run
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ZHENGGAI_ENV=production \
    ZHENGGAI_VAR=/data \
    ZHENGGAI_STATIC_ROOT=/app-static \
    FONTCONFIG_FILE=/data/fonts/fonts.conf
# Translations and static files are made here, once, under settings whose throw-away secrets live
# no longer than this step.
RUN python -m launch.image && chmod -R a+rX /app /app-static
USER zhenggai
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--config", "deploy/gunicorn.py"]
