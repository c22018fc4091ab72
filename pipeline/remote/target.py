"""A server to publish to: its addresses, found by harmless requests, and writing to it with patience."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import pyoxigraph as ox

from pipeline.errors import EndpointError
from pipeline.remote.endpoint import Client, check_address
from pipeline.remote.published import find_query
from pipeline.vocabulary import PREFIXES

TRIES = 5
T = TypeVar("T")
_ABSENT = {400, 404, 405, 415, 501}  # what a server says at an address where it takes no such request
_UPDATES, _STORES = ("update", "statements"), ("store", "data", "rdf-graphs/service")


def _silent(line: str) -> None:
    """Says nothing."""


@dataclass
class Target:
    """The addresses of a server. `update` or `store` (Graph Store HTTP Protocol) is empty where it offers none, or
    before `find_writing`. `pause`: seconds before a request is sent again, doubled each time."""

    client: Client
    query: str
    update: str = ""
    store: str = ""
    pause: float = 0.5
    say: Callable[[str], None] = field(default=_silent)

    @staticmethod
    def find(client: Client, url: str, *, pause: float = 0.5, say: Callable[[str], None] = _silent) -> "Target":
        """The server at this address. Raises EndpointError when it answers no queries, and UsageError."""
        return Target(client, find_query(client, url), pause=pause, say=say)

    def find_writing(self, update: str, store: str, probe: str) -> bool:
        """Finds out where to write: at the addresses given, or else at those that servers use. Whether the default
        graph is made of all named ones. `probe`: a graph that may be written and dropped. Raises EndpointError."""
        root = next(
            (self.query.removesuffix(end) for end in ("/query", "/sparql") if self.query.endswith(end)), self.query
        )
        updates = [check_address(update)] if update else [f"{root}/{end}" for end in _UPDATES]
        stores = [check_address(store)] if store else [f"{root}/{end}" for end in _STORES]
        triple = f"<{probe}> <{PREFIXES['rdf']}type> <{PREFIXES['rdfs']}Resource> .\n".encode()
        self.update = self._first(updates, lambda url: self.client.update(url, "INSERT DATA { }"))
        self.store = self._first(stores, lambda url: self.client.store("PUT", url, probe, triple))
        if not self.update and not self.store:
            remedy = "name the addresses by --update or --graph-store"
            raise EndpointError(self.query, "takes neither updates nor graphs at the addresses tried", remedy)
        if not self.store:
            self.write(probe, [triple], replace=True)
        union = self.ask(f"ASK {{ <{probe}> ?p ?o }}")
        self.drop(probe)
        return union

    def _first(self, addresses: Iterable[str], attempt: Callable[[str], None]) -> str:
        """The first address where the attempt succeeds; empty where there is none. Raises EndpointError for refusals."""
        for url in addresses:
            try:
                self.patiently(lambda url=url: attempt(url))  # type: ignore[misc]
            except EndpointError as error:
                if error.status not in _ABSENT:
                    raise
            else:
                return url
        return ""

    def ask(self, sparql: str) -> bool:
        """Raises EndpointError."""
        return self.patiently(lambda: self.client.ask(self.query, sparql))

    def select(self, sparql: str) -> list[ox.QuerySolution]:
        """Raises EndpointError."""
        return self.patiently(lambda: self.client.select(self.query, sparql))

    def write(self, graph: str, triples: Iterable[bytes], *, replace: bool) -> None:
        """Adds N-Triples lines to a graph (empty: the default graph), or makes them all of it. Raises EndpointError."""
        body = b"".join(triples)
        if self.store:
            method = "PUT" if replace else "POST"
            self.patiently(lambda: self.client.store(method, self.store, graph, body))
        else:
            drop = f"DROP SILENT {f'GRAPH <{graph}>' if graph else 'DEFAULT'} ;\n" if replace else ""
            self.patiently(lambda: self.client.update(self.update, drop + insert(graph, body)))

    def drop(self, graph: str) -> None:
        """Removes a graph, if it is there. Raises EndpointError."""
        if self.update:
            self.patiently(lambda: self.client.update(self.update, f"DROP SILENT GRAPH <{graph}>"))
            return
        try:
            self.patiently(lambda: self.client.store("DELETE", self.store, graph))
        except EndpointError as error:
            if error.status != 404:
                raise

    def patiently(self, work: Callable[[], T]) -> T:
        """The result of a request that may be sent again; waits longer each time. Raises EndpointError at the end."""
        for attempt in range(1, TRIES):
            try:
                return work()
            except EndpointError as error:
                if not error.passing:
                    raise
                wait = self.pause * 2 ** (attempt - 1)
                self.say(f"{error.subject}: {error.problem}; trying again in {wait:g} s")
                time.sleep(wait)
        return work()


def insert(graph: str, triples: bytes) -> str:
    """SPARQL Update that adds N-Triples lines to a graph (empty: the default graph)."""
    body = triples.decode()
    return f"INSERT DATA {{ GRAPH <{graph}> {{\n{body}}} }}" if graph else f"INSERT DATA {{\n{body}}}"
