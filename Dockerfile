# scraper in a container: docker run --rm -v "$PWD:/work" paperlinks check README.md
# For a cluster's workers: docker build --build-arg EXTRAS=cluster -t paperlinks-worker .
FROM python:3.13-slim-bookworm AS build
ARG EXTRAS=demo
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY scraper ./scraper
COPY data/articles ./data/articles
RUN python -m venv /opt/scraper && /opt/scraper/bin/pip install --no-cache-dir --quiet ".[$EXTRAS]"

FROM python:3.13-slim-bookworm
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends git ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 scraper
COPY --from=build /opt/scraper /opt/scraper
USER scraper
WORKDIR /work
ENTRYPOINT ["/opt/scraper/bin/scraper"]
CMD ["--help"]
