# The program in a small image: docs/containers.md says how it is built, run and upgraded.
#   docker build --tag newsletter .
# PYTHON may name another image that has `python` 3.11 or newer with venv and pip; EXTRAS says what
# it can do besides sending; COMMIT is what `newsletter --version` and the labels tell.
ARG PYTHON=docker.io/library/python:3.11-slim-bookworm

FROM ${PYTHON} AS build
ARG EXTRAS=dkim,postgresql,web,metrics,workers
ARG COMMIT=
ENV PIP_CONSTRAINT=/source/constraints.txt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /source
COPY constraints.txt ./
RUN python -m venv /tools \
 && /tools/bin/pip install --only-binary=:all: build cyclonedx-bom hatchling zensical
COPY . .
# What git would have said of the commit, since the history stays outside.
RUN test -z "$COMMIT" || { mkdir made && echo "$COMMIT" >made/_commit; }
RUN /tools/bin/python -m build --wheel --no-isolation --outdir /wheels
# Wheels alone: nothing is compiled, here or later. The environment has no pip of its own.
RUN python -m venv --without-pip /opt/newsletter \
 && /tools/bin/pip --python /opt/newsletter/bin/python install --only-binary=:all: \
    "$(echo /wheels/*.whl)[${EXTRAS}]"
RUN mkdir /opt/newsletter/share/sbom \
 && /tools/bin/cyclonedx-py environment --output-reproducible --of JSON --mc-type application \
    --pyproject pyproject.toml --output-file /opt/newsletter/share/sbom/newsletter.cdx.json \
    /opt/newsletter/bin/python

FROM ${PYTHON}
ARG COMMIT=
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Newsletters as code" \
      org.opencontainers.image.description="Write an issue as text, check it like code, deliver it, prove it" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
# The number is fixed, so that volumes and secrets can be made for it. /data is the publication.
RUN groupadd --gid 10001 newsletter \
 && useradd --uid 10001 --gid newsletter --home-dir /data --no-create-home \
    --shell /usr/sbin/nologin newsletter \
 && install --directory --owner newsletter --group newsletter --mode 0700 /data
COPY --from=build /opt/newsletter /opt/newsletter
# Nothing is written but in /data and /tmp: the root may be read-only.
ENV PATH=/opt/newsletter/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080
STOPSIGNAL SIGTERM
# Whether the publication is well, which no restart would mend: for people and alarms.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["newsletter", "health"]
ENTRYPOINT ["newsletter"]
CMD ["run"]
