"""Plain queries straight from the connection to a worker and back: no task, no framework, no messages of ASGI.

Most requests of programs are small queries without a wish out of the ordinary, and most of what they cost is the way through
the layers. What is out of the ordinary goes that way (`service.front`, `service.routes.sparql`): from the start or, with what
has been begun, from where it turns out, as a failure does, or a long answer. Both ways say the same; a test holds them equal.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, cast

from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from service.answers import etag, observe, timing
from service.cache import Stored
from service.clients import client_of
from service.compression import SMALLEST, compressed, tag, worth_it
from service.dataset import Dataset, Datasets
from service.evaluation import Evaluation
from service.formats import RDF_OFFERS, RESULT_OFFERS, choose, content_type, first_wish
from service.frames import Job
from service.front import COMMON, VARY, Key, Wishes, keep
from service.glance import glance
from service.log import REQUEST, request_id
from service.problems import ProblemError
from service.protocol import Operation, operation
from service.search_property import may_search

if TYPE_CHECKING:
    from service.connection import Connection

LONGEST = 64 * 1024
"""Bytes of a body that is waited for, and of an answer that is sent in one piece."""
_UNUSUAL = {b"if-none-match", b"transfer-encoding"}
_PROXIED = {b"x-forwarded-for", b"x-forwarded-proto"}
Pairs = Iterable[tuple[bytes, bytes]]


class Direct:
    """The short way of one server."""

    def __init__(self, datasets: Datasets, proxies: list[str] | str) -> None:
        self.datasets, self.settings, self.metrics = datasets, datasets.settings, datasets.metrics
        proxied = ProxyHeadersMiddleware(_nothing, proxies)  # type: ignore[arg-type]
        self._seen = lru_cache(4096)(partial(_seen_through, proxied))
        self.answered = self.metrics.requests.labels(200)
        self.ok, self.cached, self.gone = map(self.metrics.queries.labels, ("ok", "cached", "gone"))

    def awaits_body(self, cycle: RequestResponseCycle) -> bool:
        """Whether `take` had better be asked when the body is here."""
        if cycle.scope["path"] != "/sparql" or cycle.scope["method"] != "POST" or not cycle.more_body:
            return False
        length = dict(cycle.scope["headers"]).get(b"content-length", b"")
        return not cycle.waiting_for_100_continue and length.isdigit() and int(length) < LONGEST

    def take(self, connection: "Connection", cycle: RequestResponseCycle) -> bool:
        """Whether the request is answered, or will be by `connection.errand`. If not, nothing has been done."""
        scope = cast(Scope, cycle.scope)
        if scope["raw_path"] != b"/sparql" or scope["http_version"] != "1.1" or self.settings.log != "events":
            return False
        if cycle.waiting_for_100_continue or connection.flow.write_paused:
            return False
        wishes = Wishes(scope["headers"])
        if wishes.repeated or wishes.fault("1.1") or not wishes.fields.keys().isdisjoint(_UNUSUAL):
            return False
        if not wishes.fields.keys().isdisjoint(_PROXIED):
            told = tuple((name, value) for name, value in wishes.fields.items() if name in _PROXIED)
            scope["client"], scope["scheme"] = self._seen(scope["client"], scope["scheme"], told)
        dataset, key = self.datasets.current, None
        if scope["method"] == "GET":
            if wishes.fields.get(b"content-length", b"0") != b"0":
                return False
            key = wishes.key(dataset.version, scope)
        elif scope["method"] != "POST" or cycle.more_body:
            return False
        reply = _Reply(self, connection, cycle, wishes, key)
        if key is not None and (stored := dataset.cache.get(key)):
            reply.send((pair for pair in stored.headers if pair[0] != b"server-timing"), stored.body, "cache")
            return True
        return self._begin(reply, dataset)

    def _begin(self, reply: "_Reply", dataset: Dataset) -> bool:
        """Takes the request where its query is plain."""
        settings, scope, wishes = self.settings, reply.cycle.scope, reply.wishes
        kind, body = wishes.get(b"content-type") or "", bytes(reply.cycle.body)
        try:
            asked = operation(scope["method"], scope["query_string"], kind, body, settings.query_bytes)
            form = _plain_form(asked, settings.query_bytes) and glance(
                asked.query or "", settings.tokens, settings.depth
            )
            if not form:
                return False
            offers = RDF_OFFERS if form == "DESCRIBE" else RESULT_OFFERS
            offer = choose(first_wish(asked.formats, offers), wishes.get(b"accept"), offers)
            job = Job(asked.query or "", offer.format, base=dataset.base)
            if stored := dataset.cache.get((dataset.version, job, offer.media_type)):
                if len(stored.body) > LONGEST:  # to be compressed beside the event loop
                    return False
                self.cached.inc()
                reply.answer(dataset, job, offer.media_type, stored, "cache", again=True)
                return True
            seconds = min(asked.timeout or settings.timeout, settings.timeout)
            evaluation = dataset.public.line_up(job, seconds, client_of(cast(Scope, scope)))
        except ProblemError:  # is met again, and told
            return False
        Errand(reply, dataset, evaluation, offer.media_type)
        return True


class Errand:
    """One query under way, `connection.errand` until its answer, until it goes the usual way, or until the client leaves."""

    def __init__(self, reply: "_Reply", dataset: Dataset, evaluation: Evaluation, media_type: str) -> None:
        self._reply, self._dataset, self._evaluation, self._media_type = reply, dataset, evaluation, media_type
        self._timer = asyncio.get_running_loop().call_at(evaluation.deadline, self._hand_over)
        reply.connection.errand = self
        evaluation.listen(self._news)
        self._news()

    def leave(self) -> None:
        """The client has left."""
        REQUEST.set(self._reply.id)
        self._end()
        self._evaluation.close()
        self._reply.direct.gone.inc()

    def _news(self) -> None:
        stored = self._evaluation.whole()
        if stored is None:
            if self._evaluation.stuck(LONGEST):
                self._hand_over()
            return
        self._end()
        observe(self._reply.direct.metrics, self._evaluation)
        self._reply.direct.ok.inc()
        told, job = timing(self._evaluation), self._evaluation.job
        self._evaluation.close()
        self._dataset.cache.put((self._dataset.version, job, self._media_type), stored, len(job.encoded))
        self._reply.answer(self._dataset, job, self._media_type, stored, told)

    def _hand_over(self) -> None:
        """Leaves the rest to the usual way, which reads on from here."""
        self._end()
        cycle = self._reply.cycle
        cast(Scope, cycle.scope)["state"] |= {"dataset": self._dataset, "evaluation": self._evaluation}
        self._reply.connection.usual(cycle)

    def _end(self) -> None:
        self._timer.cancel()
        self._evaluation.listen(None)
        self._reply.connection.errand = None


@dataclass
class _Reply:
    """Where an answer goes."""

    direct: Direct
    connection: "Connection"
    cycle: RequestResponseCycle
    wishes: Wishes
    key: Key | None

    def __post_init__(self) -> None:
        self.began, self.id = time.perf_counter(), request_id(self.wishes.get(b"x-request-id"))

    def answer(
        self, dataset: Dataset, job: Job, media_type: str, stored: Stored, how: str, *, again: bool = False
    ) -> None:
        """Sends the answer to a query. What is asked `again` in the same words is kept as it is sent."""
        mark, body = etag(dataset.version, job, media_type), stored.body
        headers = [*_lead(dataset.version, media_type), *stored.headers]
        if self.wishes.gzip and len(body) >= SMALLEST and worth_it(media_type):
            mark, body = tag(mark), compressed(body)
            headers.append((b"content-encoding", b"gzip"))
        headers += [(b"etag", mark.encode()), (b"content-length", b"%d" % len(body))]
        if again and self.key is not None:
            keep(dataset.cache, self.key, Stored(tuple(headers), body))
        self.send(headers, body, how)

    def send(self, headers: Pairs, body: bytes, how: str) -> None:
        """Sends the whole answer; `how` it was come by is told in Server-Timing."""
        cycle, transport = self.cycle, self.connection.transport
        times = f"{how}{', ' if how else ''}total;dur={1000 * (time.perf_counter() - self.began):.1f}"
        lines = [STATUS_LINE[200]]
        for name, value in (*self.connection.server_state.default_headers, *headers):
            lines += (name, b": ", value, b"\r\n")
        lines.append(f"server-timing: {times}\r\nx-request-id: {self.id}\r\n".encode())
        lines.append(b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n")
        lines.append(body)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        transport.write(b"".join(lines))
        if not cycle.keep_alive:
            transport.close()
        self.direct.answered.inc()
        cycle.on_response()


def _plain_form(asked: Operation, query_bytes: int) -> bool:
    """Whether a glance at the query is enough: it is short for sure, and asks for no graphs and no search."""
    query = asked.query
    if not query or 4 * len(query) > query_bytes or asked.graphs or asked.named_graphs:
        return False
    return not may_search(query)


@lru_cache(64)
def _lead(version: str, media_type: str) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of every answer in this format."""
    own = {
        "content-type": content_type(media_type),
        "cache-control": "no-cache",
        "ducha-version": version,
        "vary": VARY,
    }
    return (*COMMON, *((name.encode(), value.encode()) for name, value in own.items()))


def _seen_through(
    proxied: ProxyHeadersMiddleware,
    client: tuple[str, int] | None,
    scheme: str,
    headers: tuple[tuple[bytes, bytes], ...],
) -> tuple[tuple[str, int] | None, str]:
    """Client and scheme as uvicorn finds them where a trusted proxy names them."""
    scope: Scope = {"type": "http", "client": client, "scheme": scheme, "headers": headers}
    with suppress(StopIteration):
        proxied(scope, None, None).send(None)  # type: ignore[arg-type]
    return scope["client"], scope["scheme"]


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    pass
