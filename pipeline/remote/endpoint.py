"""A client of SPARQL 1.1 servers: queries, updates and graphs (Graph Store HTTP Protocol), over one kept connection.

It goes to the addresses it is given and nowhere else: redirects are refused, proxies of the environment are not asked.
What a server answers is parsed, never passed on, so that half an answer or a page of HTML is an error.
"""

import base64
import http.client
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox

from pipeline.errors import EndpointError, UsageError

RESULTS, TRIPLES = "application/sparql-results+json", "application/n-triples"
_TAKEN = {RESULTS: {RESULTS, "application/json"}, TRIPLES: {TRIPLES, "text/plain"}}
_FORM, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-update; charset=utf-8"
_CREDENTIALS = "set DUCHA_STORE_USER and DUCHA_STORE_PASSWORD, or DUCHA_STORE_TOKEN"
_REMEDIES = {
    400: "look at the server's log",
    401: _CREDENTIALS,
    403: f"{_CREDENTIALS}, of an account that may do this",
    404: "check the address",
    405: "check the address",
    413: "send less at a time by --batch",
}
_EXPLAINED = 2048  # bytes of an error's body that are read


@dataclass(frozen=True)
class Credentials:
    """What is sent as `Authorization`: nothing, Basic, or Bearer. Never printed."""

    header: str = ""

    def __repr__(self) -> str:
        return "Credentials(…)" if self.header else "Credentials()"

    @staticmethod
    def of(environment: Mapping[str, str]) -> "Credentials":
        """From DUCHA_STORE_USER and DUCHA_STORE_PASSWORD, or DUCHA_STORE_TOKEN; each may be given as a file's path
        under its name with `_FILE`. Raises UsageError."""
        user, password, token = (_secret(environment, name) for name in ("USER", "PASSWORD", "TOKEN"))
        if token and (user or password):
            raise UsageError("DUCHA_STORE_TOKEN", "is set beside a user", "set one of them")
        if bool(user) != bool(password):
            raise UsageError("DUCHA_STORE_USER", "needs DUCHA_STORE_PASSWORD, and the other way round", "set both")
        if token:
            return Credentials(f"Bearer {token}")
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        return Credentials(f"Basic {pair}" if user else "")


def _secret(environment: Mapping[str, str], name: str) -> str:
    name = f"DUCHA_STORE_{name}"
    value = environment.get(name, "")
    if path := environment.get(f"{name}_FILE", ""):
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise UsageError(f"{name}_FILE", "names no readable file", "check the path and its permissions") from None
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise UsageError(name, "holds a control character", "write it in one line")
    return value


def check_address(url: str) -> str:
    """The address without a slash at its end. Raises UsageError for one that is none, or that carries a secret."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isascii() or re.search(r"[\x00-\x20\x7f]", url):
        raise UsageError(repr(url), "is no address of a server", "write http://host:port/path")
    if parts.username is not None or parts.query or parts.fragment:
        where = f"{parts.scheme}://{parts.hostname}"
        raise UsageError(f"{where}…", "carries a user, a query or a fragment", f"leave it out; {_CREDENTIALS}")
    return url.rstrip("/")


class Client:
    """Requests one after another, over one connection per server, until `close` or the end of its `with` block.
    `timeout`: seconds for connecting, and for each wait."""

    def __init__(self, timeout: float = 60.0, credentials: Credentials | None = None) -> None:
        self._timeout = timeout
        self._credentials = Credentials.of(os.environ) if credentials is None else credentials
        self._connections: dict[str, http.client.HTTPConnection] = {}

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def query(
        self, url: str, sparql: str, accept: str, **dataset: tuple[str, ...]
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to a query as RESULTS or TRIPLES, to be read inside the block. `dataset` holds the protocol's
        `default_graph_uri` and `named_graph_uri`. Raises EndpointError."""
        fields = [("query", sparql)]
        fields += [(name.replace("_", "-"), value) for name, values in dataset.items() for value in values]
        response = self._send("POST", url, urlencode(fields).encode(), {"Content-Type": _FORM, "Accept": accept})
        try:
            given = response.headers.get_content_type()
            if given not in _TAKEN[accept] or response.headers.get("Content-Encoding", "identity") != "identity":
                raise EndpointError(url, f"answers {given}, not SPARQL", "check the address", response.status)
            with _reading(url):
                if accept == TRIPLES and response.length is None and not response.chunked:
                    raise EndpointError(url, "does not say where its answer ends", "let it speak HTTP/1.1")
                yield response
                _read_out(response)
        except BaseException:
            self.close()
            raise

    def select(self, url: str, sparql: str) -> list[ox.QuerySolution]:
        """All rows of a SELECT. Raises EndpointError."""
        with self.query(url, sparql, RESULTS) as response:
            answer = ox.parse_query_results(response, format=ox.QueryResultsFormat.JSON)
            return list(answer) if isinstance(answer, ox.QuerySolutions) else []

    def ask(self, url: str, sparql: str) -> bool:
        """The answer of an ASK. Raises EndpointError."""
        with self.query(url, sparql, RESULTS) as response:
            answer = ox.parse_query_results(response, format=ox.QueryResultsFormat.JSON)
            if not isinstance(answer, ox.QueryBoolean):
                raise EndpointError(url, "answers ASK with a table", "check the address")
            return bool(answer)

    def update(self, url: str, sparql: str, timeout: float | None = None) -> None:
        """Sends one SPARQL Update request. Raises EndpointError."""
        self._finish(self._send("POST", url, sparql.encode(), {"Content-Type": _UPDATE}, timeout))

    def store(self, method: str, url: str, graph: str, triples: bytes = b"") -> None:
        """PUT, POST or DELETE of a graph (empty: the default graph) at a graph store. Raises EndpointError."""
        target = f"{url}?graph={quote(graph, safe='')}" if graph else f"{url}?default"
        headers = {"Content-Type": TRIPLES} if method != "DELETE" else {}
        self._finish(self._send(method, target, triples, headers))

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    def _finish(self, response: http.client.HTTPResponse) -> None:
        with _reading("the server"):
            _read_out(response)

    def _send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], timeout: float | None = None
    ) -> http.client.HTTPResponse:
        """The answer of status 2xx. Raises EndpointError."""
        parts = urlsplit(url)
        sent = {"Accept-Encoding": "identity", "User-Agent": "ducha", **headers}
        if self._credentials.header:
            sent["Authorization"] = self._credentials.header
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        origin = f"{parts.scheme}://{parts.netloc}"
        # A kept connection may have been closed by the server; every request of ours may be sent twice.
        for fresh in (origin not in self._connections, True):
            connection = self._connection(origin, timeout)
            try:
                connection.request(method, target, body, sent)
                response = connection.getresponse()
                break
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if fresh or isinstance(error, TimeoutError):
                    raise EndpointError(origin, _why(error), "check that the server runs and the address") from None
        if 200 <= response.status < 300:
            return response
        refusal = _refusal(url.partition("?")[0], response)
        self.close()
        raise refusal

    def _connection(self, origin: str, timeout: float | None) -> http.client.HTTPConnection:
        if origin not in self._connections:
            parts = urlsplit(origin)
            kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            self._connections[origin] = kind(parts.hostname or "", parts.port, timeout=self._timeout)
        connection = self._connections[origin]
        connection.timeout = timeout or self._timeout
        if connection.sock is not None:
            connection.sock.settimeout(connection.timeout)
        return connection


def _read_out(response: http.client.HTTPResponse) -> None:
    """Reads what is left: the connection is kept only then, and only then is the answer known to be whole."""
    while response.read(1 << 16):
        pass
    if response.length:  # read() in pieces does not complain about a body that ends early
        raise http.client.IncompleteRead(b"", response.length)


@contextmanager
def _reading(url: str) -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise EndpointError(url, f"breaks off its answer ({_why(error)})", "try again; look at its log") from None
    except (SyntaxError, ValueError) as error:
        raise EndpointError(url, f"gives a broken answer ({_short(str(error))})", "look at the server's log") from None


def _refusal(url: str, response: http.client.HTTPResponse) -> EndpointError:
    status = response.status
    if 300 <= status < 400:
        place = _short(response.headers.get("Location", "nowhere"))
        return EndpointError(url, f"redirects to {place}, which is not followed", "name the right address", status)
    try:
        said = _short(response.read(_EXPLAINED).decode("utf-8", "replace"))
    except (OSError, http.client.HTTPException):
        said = ""
    html = response.headers.get_content_type() == "text/html"
    detail = f"{status} {response.reason}" + (f": {said}" if said and not html else "")
    verb = "fails" if status >= 500 else "refuses"
    return EndpointError(url, f"{verb} ({detail})", _REMEDIES.get(status, "look at the server's log"), status)


def _short(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()[:200]


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "does not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "refuses the connection"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return _short(f"cannot be reached ({said})")
