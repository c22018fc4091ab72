"""A worker process that asks a remote SPARQL endpoint where `service.worker` asks a store of its own.

`python -m service.remote URL BASE VERSION MEMORY STACK` speaks the same frames; everything around it (the queue, the
deadline that kills, the client that leaves) is the same. Answers are parsed and written anew, so that their bytes do
not depend on the server. At the end of each the endpoint is asked whether it still holds the version: an answer that
a publication ran through is broken off.
"""

import sys
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from pipeline.errors import EndpointError
from pipeline.remote.endpoint import RESULTS, TRIPLES, Client
from pipeline.remote.published import DEFAULT, check_published, holds
from service.formats import RESULT_FORMATS
from service.frames import Job
from service.guard import check
from service.problems import ProblemError
from service.result_set import FORMAT as RESULT_SET
from service.search_property import check_remote
from service.worker import Send, end, failure, work, write

WAIT_SECONDS = 300.0  # the service's own limit is lower and kills
_MOST_BYTES, _MOST_DEPTH = 1 << 20, 1000  # our pages' own queries are checked too; clients' were, more strictly


@dataclass(frozen=True)
class RemoteStore:
    """An endpoint with the version that it must hold, in the graphs under `base`."""

    url: str
    base: str
    version: str

    @property
    def program(self) -> tuple[str, ...]:
        """The module to run and its first arguments."""
        return ("service.remote", self.url, self.base, self.version)

    def graphs(self) -> frozenset[str]:
        """The named graphs, when all that was published is there. Raises EndpointError."""
        with Client(WAIT_SECONDS) as client:
            published = check_published(client, self.url, self.base, self.version)
        return frozenset(published.parts) - {DEFAULT}


def answer(client: Client, store: RemoteStore, job: Job, send: Send) -> None:
    """Asks the endpoint and sends the answer's blocks and its end, or why there is no (further) answer."""
    try:
        if not check(job.query, max_bytes=_MOST_BYTES, max_depth=_MOST_DEPTH).form:
            # What our grammar does not know is not sent: engines have words of their own, some of which fetch files.
            send(failure("syntax", "begins with none of SELECT, ASK, CONSTRUCT, DESCRIBE"))
            return
        check_remote(job.query, job.base or "")
        rows = _write(client, store.url, job, send)
        if not client.ask(store.url, holds(store.base, store.version)):
            send(failure("endpoint", f"does not hold version {store.version} any more"))
            return
        send(end(rows))
    except ProblemError as error:
        send(failure("syntax", error.problem))
    except EndpointError as error:
        send(failure("syntax" if error.status == 400 else "endpoint", error.problem))
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        send(failure("failed", str(error)))


def _write(client: Client, url: str, job: Job, send: Send) -> int | None:
    dataset = {"default_graph_uri": job.graphs or (), "named_graph_uri": job.named_graphs or ()}
    query = f"BASE <{job.base}> {job.query}" if job.base else job.query
    if job.format in {*RESULT_FORMATS, RESULT_SET}:
        with client.query(url, query, RESULTS, **dataset) as response:
            return write(ox.parse_query_results(response, format=ox.QueryResultsFormat.JSON), job.format, send)
    with client.query(url, query, TRIPLES, **dataset) as response:
        return write((quad.triple for quad in ox.parse(response, format=ox.RdfFormat.N_TRIPLES)), job.format, send)


def main() -> None:
    store = RemoteStore(*sys.argv[1:4])
    work(lambda: partial(answer, Client(WAIT_SECONDS), store), int(sys.argv[4]), int(sys.argv[5]))


if __name__ == "__main__":
    main()
