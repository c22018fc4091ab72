"""No page of the built example leads nowhere, and none loads anything from elsewhere."""

from collections import Counter
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

EACH = 12  # pages of one kind: the first segment of the address, and how deep it is
LOADED = {"script": "src", "img": "src", "link[rel=stylesheet]": "href", "link[rel=icon]": "href"}


def kind(path: str) -> tuple[str, int, str]:
    """Addresses of one kind are made by one template."""
    segments = path.strip("/").split("/")
    suffix = segments[-1].rpartition(".")[2] if "." in segments[-1] else ""
    return segments[0].partition(".")[0], len(segments), suffix


def links(base: str, page: LexborHTMLParser) -> set[str]:
    """The addresses on this server that a page leads to, without their fragments."""
    found = {urldefrag(urljoin(base, node.attributes["href"] or "")).url for node in page.css("a[href]")}
    return {one for one in found if urlsplit(one).netloc == urlsplit(base).netloc}


@pytest.mark.slow
def test_no_link_of_any_page_is_broken_and_nothing_comes_from_elsewhere(cities) -> None:
    waiting, seen = [(f"{cities.url}/", "the start")], {f"{cities.url}/"}
    taken: Counter[tuple[str, int, str]] = Counter()
    broken: list[tuple[int, str, str]] = []
    pages = 0
    with httpx.Client(headers={"Accept": "text/html,*/*;q=0.5", "Accept-Language": "zh"}, timeout=30) as client:
        while waiting:
            address, source = waiting.pop(0)
            answer = client.get(address, follow_redirects=True)
            if answer.status_code >= 400:
                broken.append((answer.status_code, address, source))
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            pages += 1
            page = LexborHTMLParser(answer.text)
            for selector, attribute in LOADED.items():
                for node in page.css(f"{selector}[{attribute}]"):
                    loaded = urljoin(address, node.attributes[attribute] or "")
                    assert urlsplit(loaded).netloc == urlsplit(address).netloc or loaded.startswith("data:"), address
            for link in sorted(links(str(answer.url), page) - seen):
                seen.add(link)
                taken[kind(urlsplit(link).path)] += 1
                if taken[kind(urlsplit(link).path)] <= EACH:
                    waiting.append((link, address))
    assert not broken, "\n".join(map(str, broken))
    assert pages > 150
