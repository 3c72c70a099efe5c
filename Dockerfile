# Two stages: the wheel is built in the first, the second holds Python, the installed bot and nothing else.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY data data
COPY locales locales
RUN pip install --no-cache-dir --prefix=/installed .

FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk fonts-wqy-microhei && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --uid 10001 smallwins && mkdir /data && chown smallwins /data
COPY --from=build /installed /usr/local
USER smallwins
WORKDIR /data
VOLUME /data
ENV SMALLWINS_LISTEN=0.0.0.0:8080 \
    SMALLWINS_LOG=json
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"
CMD ["smallwins", "run"]
