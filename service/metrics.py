"""What an operator watches, for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/."""

from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from service.cache import ByteCache

disable_created_metrics()  # type: ignore[no-untyped-call]
SECONDS = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0)


class Metrics:
    """Everything counted since the process started. Times are seconds."""

    def __init__(self, *caches: ByteCache) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_Cache(caches))
        self.requests = Counter("ducha_http_requests", "Answers by HTTP status.", ["status"], registry=registry)
        self.queries = Counter(
            "ducha_queries",
            "Queries of clients by how they ended: ok, cached, refused, failed, deadline, busy, gone; broken counts the "
            "streams among the ok that broke off.",
            ["outcome"],
            registry=registry,
        )
        self.waited = Histogram(
            "ducha_query_queue_seconds", "From a query's arrival to its worker.", registry=registry, buckets=SECONDS
        )
        self.first = Histogram(
            "ducha_query_first_byte_seconds",
            "From a query's worker to the first block of its answer.",
            registry=registry,
            buckets=SECONDS,
        )
        self.ready = Histogram(
            "ducha_query_seconds",
            "From a query's arrival to the moment its answer begins to be sent.",
            registry=registry,
            buckets=SECONDS,
        )
        self.kills = Counter(
            "ducha_worker_kills",
            "Workers ended before their query was: deadline, memory, gone.",
            ["why"],
            registry=registry,
        )
        self.restarts = Counter("ducha_worker_restarts", "Workers started in the place of another.", registry=registry)
        self._gauges = {
            name: Gauge(f"ducha_{name}", text, registry=registry)
            for name, text in {
                "workers": "Worker processes for the queries of clients.",
                "workers_busy": "Those at work.",
                "queries_waiting": "Queries that wait for a worker.",
            }.items()
        }
        self.prewarmed = Gauge(
            "ducha_prewarmed", "Whether the named queries of the version in force are answered.", registry=registry
        )
        self._snapshot = Gauge("ducha_snapshot_info", "The version in force.", ["version"], registry=registry)

    def text(self, version: str, moment: dict[str, int]) -> bytes:
        """The page; `moment` gives the gauges their present values."""
        for name, value in moment.items():
            self._gauges[name].set(value)
        self._snapshot.clear()
        self._snapshot.labels(version).set(1)
        return generate_latest(self._registry)


class _Cache(Collector):
    def __init__(self, caches: Sequence[ByteCache]) -> None:
        self._caches = caches

    def collect(self) -> list[Metric]:
        size = Metric("ducha_cache_bytes", "Kept answers, their keys included.", "gauge")
        size.add_sample("ducha_cache_bytes", {}, sum(one.size for one in self._caches))
        return [
            size,
            CounterMetricFamily(
                "ducha_cache_hits", "Look-ups that found an answer.", sum(one.hits for one in self._caches)
            ),
            CounterMetricFamily(
                "ducha_cache_misses", "Look-ups that found none.", sum(one.misses for one in self._caches)
            ),
        ]
