# The site as an image: `docker build --tag commitments .`, run as deploy/compose.yaml has it.
# Nothing is written in it at run time: it can run with a read-only root and /tmp in memory.

ARG BASE=python:3.11-slim-trixie

FROM ${BASE} AS build
WORKDIR /srv/commitments
RUN python -m venv .venv
COPY requirements.txt ./
# Each package by its hash, and none that would run a script of its own to be built.
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary=:all: -r requirements.txt
COPY manage.py ./
COPY config/ config/
COPY commitments/ commitments/
COPY timeline/ timeline/
# The key is for this one command: it signs nothing that stays.
RUN SECRET_KEY=only-to-build ALLOWED_HOSTS=localhost VAR_DIR=/tmp/build STATIC_DIR=static .venv/bin/python manage.py prepare_files
RUN .venv/bin/python -m compileall -q config commitments timeline

FROM ${BASE}
# pg_dump and pg_restore for `back_up` and `restore`: at least as new as the server.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent commitments
WORKDIR /srv/commitments
COPY --from=build /srv/commitments/ ./
ENV PATH=/srv/commitments/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/tmp/var \
    STATIC_DIR=static \
    PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "config/alive.py"]
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "exec granian --interface wsgi --host 0.0.0.0 --port \"$PORT\" --workers \"${WEB_PROCESSES:-1}\" --respawn-failed-workers --no-ws --blocking-threads 4 --workers-kill-timeout 30 config.wsgi:application"]
