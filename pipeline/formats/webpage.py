"""Saved pages (网页) → text: the lines a reader of the page sees, without its menus.

Reads HTML, or MHTML (a page saved as one file). Writes one line a paragraph, a table's rows as rows, a list's items with
their numbers. What may be of the document stays: only runs of links go, and short lines in what the page itself calls
its navigation or footer, or hides. Title, date and source that only the page's head names come first, as lines.
"""

import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from pipeline.errors import DocumentError
from pipeline.formats.kinds import MHTML, kind_of
from pipeline.formats.numerals import NUMBERED
from pipeline.formats.pagelines import Line, lines_of
from pipeline.formats.plain import SAVE_AS_TEXT, decode

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""")
_PRESCAN = 4096  # bytes in which a page declares its encoding
_SENTENCE_END = re.compile(r"[。;；!！]")
_LONG = 60  # signs that no entry of a menu has
_ATTACHMENT = re.compile(r"附件|附表|\.(?:docx?|pdf|wps|xlsx?|ofd|rar|zip)\b", re.IGNORECASE)
_LINKS = 0.6  # of a line's signs: a line of links
_RUN = 3  # links one after another: a menu, a path of crumbs, a list of other pages
_SITE = re.compile(r"\s*[_|\uff5c]\s*|\s+[-–—]+\s+|--+|-(?=[^-]*(?:政府|网|网站|厅|局|委)$)")

# The names under which heads of pages give what every government page must name, and the labels pages print for them.
_TITLE = ("articletitle", "og:title")
_DATE = ("pubdate", "publishdate", "article:published_time", "firstpublishedtime", "createdate")
_SOURCE = ("contentsource", "source")


def read(data: bytes, path: Path) -> tuple[str, str]:
    """The text of a page and the encoding it was read in. Raises DocumentError where it cannot be decoded."""
    declared = ""
    if kind_of(data) == MHTML:
        data, declared = _page_of(data, path)
    text, encoding = decode(data, path, declared or _declared(data))
    return page_text(text), encoding


def page_text(page: str) -> str:
    """The lines of a page given as HTML, without its menus."""
    tree = LexborHTMLParser(page)
    lines = [line.words for line in content(lines_of(tree.root))] if tree.root is not None else []
    return "\n".join([*_head(tree, lines), *lines, ""])


def fragment_text(html: str) -> str:
    """Every line of a piece of HTML."""
    root = LexborHTMLParser(html).root
    return "".join(f"{line.words}\n" for line in lines_of(root)) if root is not None else ""


def content(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines without runs of links and without short lines of navigation, footer and what is hidden."""
    for linked, run in groupby(lines, _is_links):
        group = list(run)
        if not linked:
            yield from (line for line in group if not line.aside or line.row or _is_sentence(line))
        elif sum(line.links for line in group) < _RUN:
            yield from (line for line in group if not line.aside)


def _is_links(line: Line) -> bool:
    """Whether a line is links to elsewhere rather than words of the document: no sentence, no item, no attachment."""
    if line.linked < _LINKS * len("".join(line.words.split())):
        return False
    words = line.words.lstrip("| ")
    return not ((line.links < _RUN and _is_sentence(line)) or NUMBERED.match(words) or _ATTACHMENT.search(words))


def _is_sentence(line: Line) -> bool:
    return len(line.words) >= _LONG or _SENTENCE_END.search(line.words) is not None


def _declared(data: bytes) -> str:
    found = _CHARSET.search(data, 0, _PRESCAN)
    return found[1].decode("ascii") if found else ""


def _page_of(data: bytes, path: Path) -> tuple[bytes, str]:
    """The page among the parts of an MHTML file, and the encoding its part declares."""
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload, part.get_content_charset("")
    raise DocumentError(path, "is a saved page without its text", SAVE_AS_TEXT)


def _head(tree: LexborHTMLParser, lines: list[str]) -> Iterator[str]:
    """What only the head of the page says: its title, date and source."""
    body = _compact("".join(lines))
    named: dict[str, str] = {}
    for node in tree.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property") or ""
        named.setdefault(name.strip().lower(), " ".join((node.attributes.get("content") or "").split()))

    def first(names: tuple[str, ...]) -> str:
        return next((named[name] for name in names if named.get(name)), "")

    title_node = tree.css_first("head title")
    parts = [part for part in _SITE.split(" ".join(title_node.text().split())) if part] if title_node else []
    title = first(_TITLE) or max(parts, key=len, default="")
    if title and _compact(title) not in body and not any(len(p) >= 8 and _compact(p) in body for p in parts):
        yield title
    date = first(_DATE)
    if date and date[:10] not in body:
        yield f"发布日期: {date}"
    source = first(_SOURCE)
    if source and _compact(source) not in body:
        yield f"来源: {source}"


def _compact(words: str) -> str:
    return "".join(words.split())
