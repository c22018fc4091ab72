"""`/validation`: what the checks found, by severity and by rule, each with the sentence it is about."""

from fastapi import APIRouter
from starlette.responses import Response

from pipeline.vocabulary import DU, DUC
from service.context import Data, ThisPage
from service.nodes import Node, gather, labels_of

router = APIRouter(tags=["Pages"])
_HEAD = """
PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
TRIPLES = _HEAD + "SELECT DISTINCT ?s ?p ?o WHERE { ?s a du:Finding ; ?p ?o } ORDER BY ?s ?p ?o"
QUOTES = _HEAD + (
    "SELECT DISTINCT ?s ?document ?begin ?end ?quote WHERE { ?s a du:Finding ; du:evidence ?e ."
    " ?e du:document ?document ; du:begin ?begin ; du:end ?end ; du:quote ?quote } ORDER BY ?s ?document ?begin ?end"
)
LABELS = _HEAD + (
    "SELECT DISTINCT ?o ?label WHERE { ?s a du:Finding . VALUES ?p { du:focus du:inDocument du:shape }"
    " ?s ?p ?o . ?o rdfs:label ?label } ORDER BY ?o ?label"
)
SEVERITIES = ("severity-violation", "severity-warning", "severity-info")


@router.get("/validation", summary="Findings of the validation")
async def validation(dataset: Data, page: ThisPage) -> Response:
    """The findings of the snapshot; documents left out because of violations are named first."""
    nodes = gather(await dataset.select(TRIPLES), await dataset.select(QUOTES))
    labels = labels_of(await dataset.select(LABELS), page.language)
    groups: dict[str, dict[str, list[Node]]] = {}
    for severity in SEVERITIES:
        rules: dict[str, list[Node]] = {}
        for node in nodes.values():
            if node.text("du:severity") == DUC + severity:
                rules.setdefault(node.text("du:shape"), []).append(node)
        if rules:
            groups[severity] = dict(sorted(rules.items()))
    manifest = dataset.snapshot.manifest
    return page.render(
        "validation.html",
        groups=groups,
        duc=DUC,
        quarantined=manifest.get("quarantined", []),
        failures=manifest.get("failures", []),
        reasoned=manifest.get("reasoned", False),
        label=lambda iri: labels.get(iri) or page.name(iri),
        finding_class=f"{DU}Finding",
    )
