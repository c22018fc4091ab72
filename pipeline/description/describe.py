"""The description of a snapshot as Turtle: VoID, DCAT and examples together, in `void.ttl` and as a graph of the store."""

from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox

from pipeline.description.dcat import dcat
from pipeline.description.examples import examples
from pipeline.description.statements import NAMESPACES
from pipeline.description.survey import Survey
from pipeline.description.void import graphs, void
from pipeline.query import load_queries
from pipeline.serialise import turtle


def describe(manifest: Mapping[str, Any], found: Survey) -> bytes:
    """Turtle about the dataset `<base>dataset` and its version. The same manifest and survey give the same bytes."""
    base = manifest["base"]
    triples = {*dcat(manifest, found), *void(base, found)}
    if not is_loaded(manifest):
        triples |= {*graphs(base, found), *examples(base, load_queries().values())}
    return turtle(sorted(triples, key=_order), NAMESPACES)


def is_loaded(manifest: Mapping[str, Any]) -> bool:
    """Whether the data are RDF files of others, which our queries and graphs say nothing of."""
    return "sources" in manifest


def _order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """By subject, its types first."""
    return str(triple.subject), not triple.predicate.value.endswith("#type"), str(triple.predicate), str(triple.object)
