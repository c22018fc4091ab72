"""DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), in the profile DCAT-AP 3: catalogue, dataset, its version, dump, endpoint."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from pipeline.description.statements import Said, both, iri, key, say, typed
from pipeline.description.survey import Survey
from pipeline.vocabulary import DU

MEDIA = "https://www.iana.org/assignments/media-types/application/n-quads"
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/RDF_N_QUADS"
LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"
THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
LANGUAGES = tuple(f"http://publications.europa.eu/resource/authority/language/{code}" for code in ("ZHO", "ENG"))
PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
DAY, MONTH = len("2024-01-01"), len("2024-01")


def version_iri(base: str, version: str) -> str:
    """The IRI of one version of the dataset."""
    return f"{base}dataset/{version}"


def dcat(manifest: Mapping[str, Any], found: Survey) -> Iterator[ox.Triple]:
    """The catalogue of one snapshot. `manifest` has base, version and `dump` (bytes, sha256)."""
    base, version = manifest["base"], manifest["version"]
    catalogue, dataset, this = f"{base}catalog", f"{base}dataset", version_iri(base, version)
    dump, service = f"{this}/dump", f"{base}sparql"
    zh, en = _title(manifest)
    common: list[tuple[str, Any]] = [*_common(base, manifest, found), *both("dcterms:description", *_about(manifest))]
    yield from say(
        catalogue,
        [
            ("rdf:type", "http://www.w3.org/ns/dcat#Catalog"),
            *both("dcterms:title", "ducha 督察:数据目录", "ducha: catalogue"),
            *both(
                "dcterms:description", "本服务提供的数据集及其各版本。", "The data set served here, with its versions."
            ),
            ("dcterms:publisher", f"{base}dataset/publisher"),
            ("dcterms:license", LICENCE),
            ("foaf:homepage", ox.NamedNode(base)),
            ("dcat:dataset", dataset),
            ("dcat:dataset", this),
            ("dcat:service", service),
            *(("dcterms:language", one) for one in LANGUAGES),
        ],
    )
    yield from say(
        dataset,
        [
            ("rdf:type", "http://www.w3.org/ns/dcat#Dataset"),
            *both("dcterms:title", zh, en),
            *common,
            ("dcterms:identifier", ox.Literal(dataset)),
            ("dcat:version", version),
            ("dcat:hasVersion", this),
            ("dcat:hasCurrentVersion", this),
            ("dcat:landingPage", ox.NamedNode(base)),
            ("dcat:distribution", dump),
            ("void:dataDump", f"{base}dumps/{version}.nq"),
        ],
    )
    yield from say(
        this,
        [
            ("rdf:type", "http://www.w3.org/ns/dcat#Dataset"),
            *both("dcterms:title", f"{zh}(版本 {version})", f"{en} (version {version})"),
            *common,
            ("dcterms:identifier", ox.Literal(this)),
            ("dcat:version", version),
            ("dcat:isVersionOf", dataset),
            ("dcat:distribution", dump),
        ],
    )
    yield from _dump(base, version, manifest.get("dump", {}))
    yield from _service(base)
    yield from _helpers(base, manifest, found)


def _title(manifest: Mapping[str, Any]) -> tuple[str, str]:
    if not manifest.get("sources"):
        return "督察:生态环境保护督察整改方案数据集", "ducha: rectification plans of environmental supervision"
    names = ", ".join(source["file"] for source in manifest["sources"])
    return f"载入的 RDF 数据:{names}", f"RDF data loaded from {names}"


def _about(manifest: Mapping[str, Any]) -> tuple[str, str]:
    if manifest.get("sources"):
        return "原样载入的 RDF 文件。", "RDF files, loaded as they are."
    return (
        "各地公开的生态环境保护督察整改方案中的事实:轮次、进驻时间、问题、措施、目标、时限、责任单位,每条事实都连着原文中的那句话。",
        "Facts of the plans by which China's cities answer environmental supervisions: rounds, visits, issues, measures, "
        "targets, deadlines, responsible bodies, each with the sentence it was read from.",
    )


def _common(base: str, manifest: Mapping[str, Any], found: Survey) -> Said:
    """What holds of the dataset and of each of its versions."""
    yield "dcterms:publisher", f"{base}dataset/publisher"
    yield "dcat:contactPoint", f"{base}dataset/contact"
    yield "dcterms:accessRights", PUBLIC
    if f"{DU}Document" in found.classes:
        yield "dcterms:license", LICENCE
        yield "dcterms:conformsTo", DU.removesuffix("#")
        yield "dcat:theme", THEME
        yield from (("dcterms:language", one) for one in LANGUAGES)
        yield from both("dcat:keyword", "生态环境保护督察", "environmental supervision")
        yield from both("dcat:keyword", "整改方案", "rectification plan")
    yield from (("dcterms:rights", f"{base}dataset/rights/{key(one)}") for one in _rights(manifest))
    yield from (("dcterms:spatial", ox.NamedNode(place)) for place in found.places)
    if _is_period(found):
        yield "dcterms:temporal", f"{base}dataset/period"


def _dump(base: str, version: str, dump: Mapping[str, Any]) -> Iterator[ox.Triple]:
    here, file = f"{version_iri(base, version)}/dump", f"{base}dumps/{version}.nq"
    statements: list[tuple[str, Any]] = [
        ("rdf:type", "http://www.w3.org/ns/dcat#Distribution"),
        *both("dcterms:title", "全部数据,排序的 N-Quads", "All data, sorted N-Quads"),
        *both("dcterms:description", "各图的全部四元组。", "The quads of all graphs."),
        ("dcat:accessURL", f"{base}dumps/"),
        ("dcat:downloadURL", file),
        ("dcat:mediaType", MEDIA),
        ("dcterms:format", FILE_TYPE),
        ("dcterms:license", LICENCE),
        ("dcat:accessService", f"{base}sparql"),
    ]
    if dump:
        statements += [
            ("dcat:byteSize", typed(dump["bytes"], "xsd:nonNegativeInteger")),
            ("spdx:checksum", f"{here}/checksum"),
        ]
        checksum: list[tuple[str, Any]] = [
            ("rdf:type", "http://spdx.org/rdf/terms#Checksum"),
            ("spdx:algorithm", SHA256),
            ("spdx:checksumValue", typed(dump["sha256"], "xsd:hexBinary")),
        ]
        yield from say(f"{here}/checksum", checksum)
        yield from say(SHA256, [("rdf:type", "http://spdx.org/rdf/terms#ChecksumAlgorithm")])
    yield from say(here, statements)


def _service(base: str) -> Iterator[ox.Triple]:
    yield from say(
        f"{base}sparql",
        [
            ("rdf:type", "http://www.w3.org/ns/dcat#DataService"),
            *both("dcterms:title", "SPARQL 端点", "SPARQL endpoint"),
            *both("dcterms:description", "SPARQL 1.1 查询,只读。", "SPARQL 1.1 queries, read only."),
            ("dcat:endpointURL", f"{base}sparql"),
            ("dcat:endpointDescription", f"{base}sparql"),
            ("dcat:servesDataset", f"{base}dataset"),
            ("dcterms:publisher", f"{base}dataset/publisher"),
            ("dcat:contactPoint", f"{base}dataset/contact"),
            ("dcterms:license", LICENCE),
            ("dcterms:accessRights", PUBLIC),
            ("dcterms:conformsTo", PROTOCOL),
        ],
    )


def _helpers(base: str, manifest: Mapping[str, Any], found: Survey) -> Iterator[ox.Triple]:
    """What the others refer to, with the classes that DCAT-AP asks for."""
    kinds = {
        LICENCE: "dcterms:LicenseDocument",
        THEME: "skos:Concept",
        PUBLIC: "dcterms:RightsStatement",
        PROTOCOL: "dcterms:Standard",
        DU.removesuffix("#"): "dcterms:Standard",
        MEDIA: "dcterms:MediaType",
        FILE_TYPE: "dcterms:MediaTypeOrExtent",
        base: "foaf:Document",
        f"{base}sparql": "rdfs:Resource",
        **dict.fromkeys(LANGUAGES, "dcterms:LinguisticSystem"),
        **dict.fromkeys(found.places, "dcterms:Location"),
        **{f"{base}dataset/rights/{key(one)}": "dcterms:RightsStatement" for one in _rights(manifest)},
    }
    for node, kind in kinds.items():
        yield from say(node, [("rdf:type", iri(kind))])
    yield from say(THEME, both("skos:prefLabel", "环境", "Environment"))
    for right in _rights(manifest):
        yield from say(f"{base}dataset/rights/{key(right)}", [("rdfs:label", ox.Literal(right))])
    yield from say(
        f"{base}dataset/publisher", [("rdf:type", iri("foaf:Agent")), ("foaf:name", ox.Literal("ducha 督察"))]
    )
    contact: list[tuple[str, Any]] = [("rdf:type", iri("vcard:Kind")), ("vcard:fn", ox.Literal("ducha 督察"))]
    yield from say(f"{base}dataset/contact", [*contact, ("vcard:hasURL", ox.NamedNode(f"{base}about"))])
    first, last = found.visits
    if _is_period(found):
        span = [("dcat:startDate", _day(first)), ("dcat:endDate", _day(last))]
        yield from say(f"{base}dataset/period", [("rdf:type", iri("dcterms:PeriodOfTime")), *span])


def _is_period(found: Survey) -> bool:
    return all(len(day) in (DAY, MONTH) for day in found.visits)


def _day(written: str) -> ox.Literal:
    return typed(written, "xsd:date" if len(written) == DAY else "xsd:gYearMonth")


def _rights(manifest: Mapping[str, Any]) -> list[str]:
    return sorted({document["rights"] for document in manifest.get("documents", []) if document.get("rights")})
