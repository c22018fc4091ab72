"""What a curator writes as a property or a value ↔ the RDF term that the ontology asks for.

Values are written as plainly as they can be: `2023-10-09`, `30.5`, `duc:level-provincial`, `plan/450300-202310/issue/3`
(an IRI below the base). Every ValueError says in a few words what is wrong; its caller knows where.
"""

import re
from calendar import monthrange
from datetime import date
from functools import cache

import pyoxigraph as ox

from pipeline.assets import asset_path
from pipeline.vocabulary import DU, DUC, PREFIXES

Term = ox.NamedNode | ox.Literal
_TYPE, _RANGE = ox.NamedNode(f"{PREFIXES['rdf']}type"), ox.NamedNode(f"{PREFIXES['rdfs']}range")
_XSD = PREFIXES["xsd"]
_DAY, _MONTH, _YEAR = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{4}-[0-9]{2}", r"[0-9]{4}"
_DURATION = r"P(?=[0-9]|T[0-9])([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
_NUMBERS = {"integer": (r"-?[0-9]{1,15}", "a whole number"), "decimal": (r"-?[0-9]{1,15}(\.[0-9]{1,15})?", "a number")}
# What the ontology's range rdfs:Literal stands for, since OWL 2 has no dates without a time.
_DATES = {f"{PREFIXES['dcterms']}issued": False, f"{DU}startDate": True, f"{DU}endDate": True}
_DATES |= {f"{DU}feedbackDate": True, f"{DU}asOf": True, f"{DU}due": False}
# What holds a fact together; a curator decides on the node, or on the value, instead.
_STRUCTURE = {f"{DU}{name}" for name in ("evidence", "basis", "rule", "reason", "inPlan", "document", "begin", "end")}
_STRUCTURE |= {f"{DU}{name}" for name in ("quote", "measure", "goal", "ofIssue", "ofCategory", "ofOrganization")}
_STRUCTURE |= {f"{DU}{name}" for name in ("fileName", "sha256", "textLength", "encoding", "correction", "statedCount")}
_STRUCTURE |= {f"{PREFIXES['rdf']}{name}" for name in ("type", "subject", "predicate", "object")}


@cache
def _ontology() -> ox.Store:
    store = ox.Store()
    for name in ("ducha", "concepts"):
        store.load(path=asset_path("ontology", f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
    return store


def _holds(subject: ox.NamedNode, predicate: ox.NamedNode, value: str) -> bool:
    return any(_ontology().quads_for_pattern(subject, predicate, ox.NamedNode(value), None))


def property_named(name: str) -> ox.NamedNode:
    """`du:due`, `due` or `label` as a property that can be decided on. Raises ValueError."""
    prefix, colon, local = name.rpartition(":")
    if not colon:
        prefix = "rdfs" if local == "label" else "du"
    iri = f"{PREFIXES.get(prefix, '')}{local}"
    known = re.fullmatch(r"[A-Za-z]+", local) and prefix in PREFIXES
    if known and iri in _STRUCTURE:
        raise ValueError(f"{name} holds the graph together and is not decided on by itself")
    if known and iri == f"{PREFIXES['rdfs']}label":
        return ox.NamedNode(iri)
    if not known or not any(_ontology().quads_for_pattern(ox.NamedNode(iri), _TYPE, None, None)):
        raise ValueError(f"{name} is no property of the ontology")
    return ox.NamedNode(iri)


def decidable(predicate: ox.NamedNode) -> bool:
    """Whether a value of this property can be accepted, changed or rejected by itself."""
    return predicate.value not in _STRUCTURE


def names_organization(predicate: ox.NamedNode) -> bool:
    """Whether the property's value is a body, so that a curator may give its name (市水务局) for its IRI."""
    return _holds(predicate, _RANGE, f"{DU}Organization")


def term(predicate: ox.NamedNode, text: str, base: str, like: ox.Literal | None = None) -> Term:
    """The term for a value as written; `like` is the literal it replaces. Raises ValueError.

    A due date may be a month or a year, and becomes its last day (`period`).
    """
    if _holds(predicate, _TYPE, f"{PREFIXES['owl']}ObjectProperty"):
        return _node(predicate, text, base)
    if predicate.value == f"{DU}due":
        return _literal(period(text)[0].isoformat(), "date")
    if predicate.value in _DATES:
        return _date(text, month=_DATES[predicate.value])
    if predicate.value == f"{DU}frequency":
        if not re.fullmatch(_DURATION, text):
            raise ValueError(f"{text!r} is no duration such as P1M")
        return _literal(text, "duration")
    for name, (form, words) in _NUMBERS.items():
        if like.datatype.value == _XSD + name if like else _holds(predicate, _RANGE, _XSD + name):
            if not re.fullmatch(form, text):
                raise ValueError(f"{text!r} is not {words}")
            return _literal(text, name)
    if predicate.value == f"{PREFIXES['rdfs']}label":
        return ox.Literal(text, language=like.language if like and like.language else "zh")
    return ox.Literal(text)


def period(text: str) -> tuple[date, str]:
    """The last day of a day, month or year as written, and its precision. Raises ValueError."""
    try:
        if re.fullmatch(_DAY, text):
            return date.fromisoformat(text), "day"
        if re.fullmatch(_MONTH, text):
            year, month = int(text[:4]), int(text[5:])
            return date(year, month, monthrange(year, month)[1]), "month"
        if re.fullmatch(_YEAR, text):
            return date(int(text), 12, 31), "year"
    except ValueError:  # the 30th of February, the 13th month
        pass
    raise ValueError(f"{text!r} is no date such as 2025-12-31, 2025-12 or 2025")


def _date(text: str, month: bool) -> ox.Literal:
    if re.fullmatch(rf"{_DAY}|{_MONTH}" if month else _DAY, text):
        period(text)
        return _literal(text, "date" if len(text) == 10 else "gYearMonth")
    raise ValueError(f"{text!r} is no date such as 2023-10-09" + (" or 2023-10" if month else ""))


def _node(predicate: ox.NamedNode, text: str, base: str) -> ox.NamedNode:
    prefix, _, local = text.partition(":")
    if prefix in PREFIXES:
        iri = PREFIXES[prefix] + local
    else:
        iri = text if "://" in text else (DU if predicate.value == f"{DU}countOf" else base) + text
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        raise ValueError(f"{text!r} is no IRI") from None
    known = any(_ontology().quads_for_pattern(node, None, None, None))
    wants_concept = _holds(predicate, _RANGE, f"{PREFIXES['skos']}Concept") or predicate.value == f"{DU}countOf"
    if not known and (wants_concept or iri.startswith((DU, DUC))):
        raise ValueError(f"{text!r} is no concept of the ontology")
    return node


def _literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(_XSD + datatype))


def written(value: object, base: str) -> str:
    """A term as a curator writes it: `duc:level-provincial`, `plan/450300-202310`, `2023-10-09`."""
    if isinstance(value, ox.NamedNode):
        for prefix in ("duc", "du", "dcterms", "rdfs", "skos"):
            if value.value.startswith(PREFIXES[prefix]):
                return f"{prefix}:{value.value.removeprefix(PREFIXES[prefix])}"
        return value.value.removeprefix(base)
    return value.value if isinstance(value, ox.Literal) else str(value)


def spoken(value: object) -> str:
    """A term as labels say it: 2023年10月, ≥, 省级, or its characters."""
    if isinstance(value, ox.Literal) and value.datatype.value in (f"{_XSD}date", f"{_XSD}gYearMonth"):
        return f"{int(value.value[:4])}年{int(value.value[5:7])}月"
    if isinstance(value, ox.NamedNode):
        for name in ("notation", "prefLabel"):
            quads = _ontology().quads_for_pattern(value, ox.NamedNode(PREFIXES["skos"] + name), None, None)
            texts = (quad.object for quad in quads)
            for text in texts:
                if isinstance(text, ox.Literal) and text.language in (None, "zh"):
                    return text.value
    return value.value if isinstance(value, ox.Literal) else ""
