"""How the IRIs of the store and the addresses of the service belong together."""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from pipeline.vocabulary import DU, DUC, SHAPE

_EVIDENCE = re.compile(r"(?P<document>document/[0-9A-Za-z]+)#char=(?P<begin>\d+),(?P<end>\d+)$")
_SAFE = "/:@!$&'()*+,;=~-._%"


@dataclass(frozen=True)
class Addresses:
    """`base` is the prefix of the store's instance IRIs; every path begins with a slash."""

    base: str

    def path(self, iri: str) -> str | None:
        """The address under which this service shows the IRI; None for a foreign one."""
        if match := _EVIDENCE.search(iri.removeprefix(self.base)):
            return f"/{match['document']}#c{match['begin']}"
        for namespace, prefix in ((DU, "/ontology#"), (DUC, "/concept/"), (SHAPE, "/shape/"), (self.base, "/")):
            if iri.startswith(namespace):
                return prefix + quote(iri.removeprefix(namespace), safe=_SAFE + "#")
        return None

    def href(self, iri: str) -> str | None:
        """A link to the IRI: our own page, or the web for http and https; None for every other scheme."""
        if (path := self.path(iri)) is not None:
            return path
        return iri if iri.lower().startswith(("http://", "https://")) else None

    def iris(self, raw_path: str) -> tuple[str, ...]:
        """The IRIs that a requested path (without its first slash) may stand for, the likeliest first."""
        for namespace, prefix in ((DUC, "concept/"), (SHAPE, "shape/")):
            if raw_path.startswith(prefix) and self.base + prefix != namespace:
                return (namespace + raw_path.removeprefix(prefix), self.base + raw_path)
        if raw_path.startswith("ontology/"):  # parts of class expressions, which have no names of their own
            return (DU.removesuffix("#") + raw_path.removeprefix("ontology"), self.base + raw_path)
        plain = unquote(raw_path)
        return (self.base + raw_path,) if plain == raw_path else (self.base + raw_path, self.base + plain)
