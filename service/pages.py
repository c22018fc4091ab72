"""HTML pages: templates with autoescaping, the reader's language, and links that are never anything but links."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from service.addresses import Addresses
from service.dataset import Dataset
from service.formats import HTML, linked_headers
from service.messages import Language, language_of, message
from service.terms import Term

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
    return made


def exact(text: str) -> Markup:
    """The text escaped so that a browser holds it unchanged: it would read a bare carriage return as a line feed."""
    return escape(text).replace("\r", Markup("&#13;"))


class Page:
    """One page being made: the request, the dataset it reads, and the reader's language."""

    def __init__(self, request: Request, dataset: Dataset) -> None:
        self.request, self.dataset = request, dataset
        self.language: Language = language_of(request)
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

    def switch(self, language: Language) -> str:
        """This page's address in another language."""
        query = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        return f"{self.request.url.path}?{urlencode([*query, ('lang', language)])}"

    def render(self, template: str, code: int = 200, **values: Any) -> HTMLResponse:
        """The page as an answer; with an `iri` it is that node's, and says so in its headers; a language chosen by `?lang=` is remembered in a cookie."""
        env: Environment = self.request.app.state.environment
        words: dict[str, Callable[..., Any]] = {
            "t": self.t,
            "name": self.name,
            "show": self.show,
            "href": self.addresses.href,
            "switch": self.switch,
        }
        html = env.get_template(template).render(
            **words,
            language=self.language,
            version=self.dataset.version,
            endpoint=self.dataset.endpoint,
            path=self.request.url.path,
            **values,
        )
        headers = {"Content-Language": "zh-CN" if self.language == "zh" else "en"}
        if isinstance(iri := values.get("iri"), str) and (place := self.addresses.path(iri)):
            headers |= linked_headers(iri, place.partition("#")[0], HTML)
        if code != 200:
            headers["Cache-Control"] = "no-store"
        response = HTMLResponse(html, code, headers)
        if self.request.query_params.get("lang") == self.language:
            response.set_cookie("lang", self.language, max_age=YEAR, httponly=True, samesite="lax")
        return response
