"""Counters, and their Prometheus text form (exposition format 0.0.4)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

BUCKETS = (0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 30.0)


@dataclass
class Metrics:
    """Everything counted since the process started. Times are seconds."""

    requests: Counter[int] = field(default_factory=Counter)
    """HTTP status → answers."""
    queries: Counter[str] = field(default_factory=Counter)
    """How the queries of clients ended: ok, cached, refused, failed, deadline, busy, gone; broken counts the streams
    among the ok that broke off."""
    buckets: Counter[float] = field(default_factory=Counter)
    seconds: float = 0.0
    evaluated: int = 0
    restarts: int = 0

    def observe(self, seconds: float) -> None:
        """Counts one evaluated query and its duration."""
        self.seconds += seconds
        self.evaluated += 1
        for bound in BUCKETS:
            if seconds <= bound:
                self.buckets[bound] += 1

    def lines(self, gauges: dict[str, float], version: str) -> Iterator[str]:
        """The text, line by line; `gauges` are values of the moment by name."""
        yield "# TYPE ducha_snapshot_info gauge"
        yield f'ducha_snapshot_info{{version="{version}"}} 1'
        yield "# TYPE ducha_http_requests_total counter"
        for status, count in sorted(self.requests.items()):
            yield f'ducha_http_requests_total{{status="{status}"}} {count}'
        yield "# TYPE ducha_queries_total counter"
        for outcome, count in sorted(self.queries.items()):
            yield f'ducha_queries_total{{outcome="{outcome}"}} {count}'
        yield "# TYPE ducha_query_seconds histogram"
        for bound in BUCKETS:
            yield f'ducha_query_seconds_bucket{{le="{bound}"}} {self.buckets[bound]}'
        yield f'ducha_query_seconds_bucket{{le="+Inf"}} {self.evaluated}'
        yield f"ducha_query_seconds_sum {self.seconds:.6f}"
        yield f"ducha_query_seconds_count {self.evaluated}"
        yield "# TYPE ducha_worker_restarts_total counter"
        yield f"ducha_worker_restarts_total {self.restarts}"
        for name, value in sorted(gauges.items()):
            yield f"# TYPE ducha_{name} gauge"
            yield f"ducha_{name} {value}"
