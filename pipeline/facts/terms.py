"""The words of the trade: which indicator a phrase names, which topics a passage is about, which unit a word stands for."""

import csv
import re
from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.units import unit_iri
from pipeline.vocabulary import DU, DUC

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_LABELS = [ox.NamedNode(_SKOS + name) for name in ("prefLabel", "altLabel", "hiddenLabel")]
_TOPICS_SHOWN = 3


@cache
def indicator_names() -> Mapping[str, str]:
    """Every Chinese name of an indicator → the concept's local name (`indicator-pm25`), from `ontology/concepts.ttl`.

    A name that two concepts share names neither.
    """
    names: dict[str, set[str]] = {}
    for predicate in _LABELS:
        for quad in _concepts().quads_for_pattern(None, predicate, None):
            concept, label = quad.subject, quad.object
            if isinstance(label, ox.Literal) and isinstance(concept, ox.NamedNode):
                local = concept.value.removeprefix(DUC)
                if local.startswith("indicator-") and (label.language or "").startswith("zh"):
                    names.setdefault(label.value, set()).add(local)
    return {name: min(found) for name, found in sorted(names.items()) if len(found) == 1}


def indicator_of(words: str, unit: str | None = None) -> str | None:
    """The indicator a phrase names: the longest of its names that stands in it, the later where two are as long.

    With `unit`, only an indicator of that unit.
    """
    names, units = indicator_names(), _indicator_units()
    phrase = words.replace("工作", "")
    here = [
        (len(name), phrase.rfind(name), name)
        for name, local in names.items()
        if name in phrase and (unit is None or units.get(local) in (None, unit_iri(unit)))
    ]
    return names[max(here)[2]] if here else None


@cache
def _indicator_units() -> dict[str, str]:
    return {
        quad.subject.value.removeprefix(DUC): quad.object.value
        for quad in _concepts().quads_for_pattern(None, ox.NamedNode(DU + "unit"), None)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    }


@cache
def _concepts() -> ox.Store:
    store = ox.Store()
    store.bulk_load(path=str(asset_path("ontology", "concepts.ttl")), format=ox.RdfFormat.TURTLE)
    return store


@cache
def _topic_words() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """A pattern of every word of data/topics.csv, the longest first, and the topics each word stands for."""
    topics: dict[str, tuple[str, ...]] = {}
    with asset_path("data", "topics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            topics[row["word"]] = (*topics.get(row["word"], ()), row["topic"])
    return re.compile("|".join(map(re.escape, sorted(topics, key=len, reverse=True)))), topics


def topics_of(words: str) -> tuple[str, ...]:
    """The topics a passage is about, at most three, those with most words first."""
    pattern, topics = _topic_words()
    score: dict[str, int] = {}
    for word in pattern.findall(words):
        for topic in topics[word]:
            score[topic] = score.get(topic, 0) + 1
    ranked = sorted(score, key=lambda topic: (-score[topic], topic))
    return tuple(sorted(ranked[:_TOPICS_SHOWN]))
