"""HTML pages: templates with autoescaping, the reader's language, and links that are never anything but links."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import HTMLResponse

from pipeline.curation.values import decidable
from service.addresses import Addresses
from service.dataset import Dataset
from service.failures import said, told
from service.formats import HTML, linked_headers
from service.labels import curie
from service.messages import TAGS, Language, is_chinese, language_of, message
from service.terms import Term

THEMES = ("auto", "light", "dark")
STATIC = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600


def environment() -> Environment:
    """The templates of the package; a name that is not given is an error, not an empty string."""
    made = Environment(
        loader=PackageLoader("service", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["exact"] = exact
    made.tests["chinese"] = is_chinese
    for name in made.list_templates():  # compiled before the first reader asks, which takes a tenth of a second each
        made.get_template(name)
    return made


def exact(text: str) -> Markup:
    """The text escaped so that a browser holds it unchanged: it would read a bare carriage return as a line feed."""
    return escape(text).replace("\r", Markup("&#13;"))


class Page:
    """One page being made: the request, the dataset it reads, and the reader's language."""

    def __init__(self, request: Request, dataset: Dataset) -> None:
        self.request, self.dataset = request, dataset
        self.language: Language = language_of(request)
        self.theme = theme_of(request)
        self.addresses = Addresses(dataset.base)

    def t(self, key: str, **values: object) -> str:
        """The text of `messages.csv` in the reader's language."""
        return message(key, self.language, None, **values)

    def name(self, iri: str) -> str:
        """The label of a term of the ontology."""
        return self.dataset.labels.name(iri, self.language)

    def show(self, term: Term) -> str:
        """A term as a reader sees it: a known term's label, another IRI's last part, a literal's text."""
        return self.name(term.value) if term.is_iri else term.value

    def switch(self, **changes: object) -> str:
        """This page's address with some parameters changed; an empty one is left out. A language or theme chosen
        before is in the cookie, so that it need not stay in the address."""
        given = self.request.query_params.multi_items()
        query = [(name, value) for name, value in given if name not in {"lang", "theme", *changes}]
        query += [(name, str(value)) for name, value in changes.items() if value not in ("", None)]
        return f"{self.request.url.path}{'?' if query else ''}{urlencode(query)}"

    def render(self, template: str, code: int = 200, **values: Any) -> HTMLResponse:
        """The page as an answer; with an `iri` it is that node's, and says so in its headers; what `?lang=` and `?theme=` choose is
        remembered in cookies."""
        env: Environment = self.request.app.state.environment
        words: dict[str, Callable[..., Any]] = {
            "t": self.t,
            "name": self.name,
            "show": self.show,
            "href": self.addresses.href,
            "switch": self.switch,
            "said": lambda text: said(text, self.language),
            "failure": lambda error, **parts: told(error, self.language, **parts),
            "known": lambda key, other: message(key, self.language, other),
            "curie": curie,
            "decidable": lambda iri: decidable(NamedNode(iri)),
        }
        html = env.get_template(template).render(
            **words,
            language=self.language,
            theme="" if self.theme == "auto" else self.theme,
            themes=THEMES,
            version=self.dataset.version,
            base=self.dataset.base,
            endpoint=self.dataset.endpoint,
            path=self.request.url.path,
            **values,
        )
        headers = {"Content-Language": TAGS[self.language]}
        if isinstance(iri := values.get("iri"), str) and (place := self.addresses.path(iri)):
            headers |= linked_headers(iri, place.partition("#")[0], HTML)
        if code != 200:
            headers["Cache-Control"] = "no-store"
        response = HTMLResponse(html, code, headers)
        for name, chosen in (("lang", self.language), ("theme", self.theme)):
            if self.request.query_params.get(name) == chosen:
                response.set_cookie(name, chosen, max_age=YEAR, httponly=True, samesite="lax")
        return response


def theme_of(request: Request) -> str:
    """`?theme=`, else the cookie, else `auto`: light or dark as the reader's screen."""
    wishes = (request.query_params.get("theme"), request.cookies.get("theme"))
    return next((wish for wish in wishes if wish in THEMES), "auto")
