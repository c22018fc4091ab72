"""Crawls a service over a snapshot and tells how long each kind of page takes.

    python bench/pages.py OUT [--each N] [--seed S] [--minutes M] [--limit MS]

Starts a service, waits until it has read ahead (`service/prewarm.py`), and reads pages from the home page on, breadth
first: of each kind as many as `--each` says, by chance with a seed, and the largest node of each class. A kind is the
address without what tells one page from another: `plan/*/issue/*`, `validation?rule`. Each page is read in Chinese and in
English, in an order of chance: the first reading asks the graph, the second finds the answers kept. `broken` counts pages
whose address a page names and the service does not answer. Pages over the limit follow by name, then the named queries
whose answer is too large to be kept, then what pages load from other hosts.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx
from selectolax.lexbor import LexborHTMLParser

from pipeline.query import load_queries

ROOT = Path(__file__).parents[1]
SERVER = """
import sys
from pathlib import Path
from service.serve import run
from service.settings import Settings
run(Path(sys.argv[1]), "127.0.0.1", 0, Settings(Path(sys.argv[1])))
"""
HEAD = "PREFIX du: <https://w3id.org/ducha/ontology#>\n"
LARGEST = (
    "{ ?other du:inPlan ?node }",
    "{ ?node a du:Province . ?other du:concernsRegion ?node }",
    "{ ?node a du:City . ?other du:concernsRegion ?node }",
    "{ ?node a du:Supervision ; ?other ?any }",
    "{ ?other du:ofIssue ?node }",
    "{ ?node a du:Target ; du:evidence ?other }",
    "{ ?other du:indicator ?node }",
    "{ ?other du:responsibleParty ?node }",
    "{ ?other du:topic ?node }",
    "{ ?node a du:Document . ?other du:document ?node }",
)
LANGUAGES = ("zh", "en")
SETTING = {"lang", "theme"}  # what a link sets for the reader, whatever else its address says
FORMS = 5  # files of one kind, and pages of one kind that set a language or a theme: their pages are read anyhow
LOADED = {"script": "src", "img": "src", "link[rel=stylesheet]": "href", "link[rel=icon]": "href"}
LONGEST_WAIT = 300  # seconds until the service has read ahead
WORD = re.compile(r"[a-z][a-z-]*")


@dataclass
class Kind:
    """The pages of one kind: milliseconds of the first and of the second reading, bytes, addresses not answered."""

    first: list[float] = field(default_factory=list)
    second: list[float] = field(default_factory=list)
    size: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@dataclass
class Crawl:
    """What came of it: kinds, readings over the limit, addresses behind rel="nofollow", and what pages load from elsewhere."""

    kinds: defaultdict[str, Kind] = field(default_factory=lambda: defaultdict(Kind))
    slow: list[tuple[float, str, str]] = field(default_factory=list)
    on_request: set[str] = field(default_factory=set)
    elsewhere: set[str] = field(default_factory=set)
    links: int = 0
    left_out: int = 0


def kind_of(address: str) -> str:
    """`/plan/450300-202310/issue/3?lang=en` → `plan/*/issue/*?lang`; a suffix of another form stays."""
    parts = urlsplit(address)
    path, dot, suffix = parts.path.strip("/").rpartition(".")
    if not dot or not WORD.fullmatch(suffix):
        path, suffix = parts.path.strip("/"), ""
    segments = path.split("/")
    if segments[0] == "query" and not suffix and not parts.query:
        return path  # each named query is a kind of its own
    shown = [one if place % 2 == 0 and WORD.fullmatch(one) else "*" for place, one in enumerate(segments)]
    given = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    names = ",".join(sorted(given & SETTING or given))
    return ("/".join(shown) if path else "home") + (f".{suffix}" if suffix else "") + (f"?{names}" if names else "")


@contextmanager
def service(out: Path) -> Iterator[str]:
    """The address of a service on the snapshot, when it has read ahead."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(out)], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().split(" at ")[1].strip().rstrip("/")
        begun = time.monotonic()
        while time.monotonic() < begun + LONGEST_WAIT:
            try:
                if "\nducha_prewarmed 1.0" in httpx.get(f"{url}/metrics", timeout=60).text:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.5)
        else:
            print(f"the service has not read ahead within {LONGEST_WAIT} s: what follows is measured beside that")
        print(f"read ahead for {time.monotonic() - begun:.0f} s")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def largest(client: httpx.Client) -> list[str]:
    """The addresses of the largest node of each class."""
    found = []
    for where in LARGEST:
        query = f"{HEAD}SELECT ?node (COUNT(?other) AS ?n) WHERE {where} GROUP BY ?node ORDER BY DESC(?n) ?node LIMIT 1"
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"})
        for row in json.loads(answer.text)["results"]["bindings"]:
            found.append(urlsplit(row["node"]["value"]).path.removeprefix("/ducha"))
    return found


def read(client: httpx.Client, address: str, language: str) -> tuple[float, httpx.Response]:
    began = time.perf_counter()
    answer = client.get(address, headers={"Accept-Language": language}, follow_redirects=True)
    return 1000 * (time.perf_counter() - began), answer


def links(base: str, page: LexborHTMLParser, selector: str = "a[href]") -> set[str]:
    """The addresses on this server that a page leads to, without their fragments."""
    found = {urldefrag(urljoin(base, node.attributes["href"] or "")).url for node in page.css(selector)}
    return {one for one in found if urlsplit(one).netloc == urlsplit(base).netloc}


def crawl(client: httpx.Client, starts: list[str], options: argparse.Namespace) -> Crawl:
    """Reads level after level; of the links that a level finds, those of one kind are taken by chance."""
    chance = random.Random(options.seed)  # noqa: S311 - the same pages in every run
    done, taken = Crawl(), Counter[str]()
    level = [str(client.base_url.join(one)) for one in starts]
    seen = set(level)
    end = time.monotonic() + 60 * options.minutes
    while level:
        found: set[str] = set()
        for address in level:
            if time.monotonic() > end:
                done.left_out += 1
                continue
            found |= visit(client, address, chance, options.limit, done)
        fresh = sorted(found - seen)
        seen |= found
        done.links += len(fresh)
        chance.shuffle(fresh)
        print(f"{len(level)} read, {len(fresh)} more found", flush=True)
        level = []
        for address in fresh:
            kind = kind_of(address)
            if taken[kind] < (
                min(FORMS, options.each) if "." in kind or kind.partition("?")[2] in SETTING else options.each
            ):
                taken[kind] += 1
                level.append(address)
    return done


def visit(client: httpx.Client, address: str, chance: random.Random, limit: float, done: Crawl) -> set[str]:
    """Reads an address in both languages, and gives the links of its page."""
    kind = done.kinds[kind_of(address)]
    found: set[str] = set()
    for reading, language in enumerate(chance.sample(LANGUAGES, 2)):
        spent, answer = read(client, address, language)
        (kind.second if reading else kind.first).append(spent)
        kind.size.append(len(answer.content))
        if spent > limit:
            place = f"{urlsplit(address).path}?{urlsplit(address).query}".rstrip("?")
            is_page = answer.headers["content-type"].startswith("text/html")
            note = "" if not is_page else " (on request)" if address in done.on_request else " (page)"
            done.slow.append((spent, place + note, language))
        if answer.status_code >= 400:
            kind.broken.append(f"{answer.status_code} {address}")
            break
        if not answer.headers["content-type"].startswith("text/html"):
            break  # other forms have no language
        page = LexborHTMLParser(answer.text)
        found |= links(str(answer.url), page)
        done.on_request |= links(str(answer.url), page, "a[href][rel~=nofollow]")
        for selector, attribute in LOADED.items():
            for node in page.css(f"{selector}[{attribute}]"):
                loaded = urljoin(address, node.attributes[attribute] or "")
                if not loaded.startswith("data:") and urlsplit(loaded).netloc != urlsplit(address).netloc:
                    done.elsewhere.add(loaded)
    return found


def not_kept(client: httpx.Client) -> list[str]:
    """The named queries whose answers, with their defaults, are evaluated for each reader: too large to be kept."""
    found = []
    for name in load_queries():
        answer = client.get(f"/query/{name}.json")
        if "query;" in answer.headers.get("server-timing", ""):
            found.append(f"{name} ({len(answer.content) / 2**20:.1f} MiB)")
    return found


def report(done: Crawl, limit: float) -> None:
    print(f"{'kind':44}{'pages':>6}{'median':>8}{'95 %':>8}{'max':>8}{'again':>8}{'KiB':>7}{'broken':>8}   (ms)")
    for name, kind in sorted(done.kinds.items(), key=lambda pair: -max(pair[1].first)):
        times = sorted(kind.first)
        again = f"{statistics.median(kind.second):8.0f}" if kind.second else f"{'':8}"
        print(
            f"{name[:43]:44}{len(times):6}{statistics.median(times):8.0f}{times[int(len(times) * 0.95)]:8.0f}"
            f"{times[-1]:8.0f}{again}{statistics.median(kind.size) / 1024:7.0f}{len(kind.broken):8}"
        )
    pages = sum(len(kind.first) for kind in done.kinds.values())
    broken = [one for kind in done.kinds.values() for one in kind.broken]
    slow = sum(one.endswith(" (page)") for _, one, _ in done.slow)
    print(
        f"\n{pages} addresses read of {done.links} found; {len(broken)} broken; over {limit:g} ms: {slow} readings of "
        f"pages, {len(done.slow) - slow} of files and of what is looked for on request"
    )
    if done.left_out:
        print(f"{done.left_out} chosen addresses left out, since time was up")
    for address in broken:
        print(f"  broken: {address}")
    for spent, address, language in sorted(done.slow, reverse=True):
        print(f"  {spent:6.0f} ms  {language}  {address}")
    print(f"loaded from elsewhere: {', '.join(sorted(done.elsewhere)) or 'nothing'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path)
    parser.add_argument("--each", type=int, default=40, help="pages of one kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=20.0, help="what is not read by then is left out, and counted")
    parser.add_argument("--limit", type=float, default=300.0, help="milliseconds; slower pages are named")
    options = parser.parse_args()
    accept = {"Accept": "text/html,*/*;q=0.5"}
    with service(options.out) as url, httpx.Client(base_url=url, timeout=120, headers=accept) as client:
        report(crawl(client, ["/", *largest(client)], options), options.limit)
        print(f"named queries not kept: {', '.join(not_kept(client)) or 'none'}")


if __name__ == "__main__":
    main()
