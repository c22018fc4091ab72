"""The query editor: whether its files are installed (`service.install_editor`), and the examples it opens with."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "editor"
FILES = ("yasgui.min.js", "yasgui.min.css", "swagger-ui-bundle.js", "swagger-ui.css")

_HEAD = """PREFIX du: <https://w3id.org/ducha/ontology#>
PREFIX duc: <https://w3id.org/ducha/concept/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


@dataclass(frozen=True)
class Example:
    """A query to start from."""

    title_zh: str
    title_en: str
    query: str


EXAMPLES = (
    Example(
        "有数值的目标及其原句",
        "Targets with a value, and their sentences",
        _HEAD
        + """
SELECT ?city ?indicator ?value ?unit ?due ?sentence WHERE {
  ?target a du:Target ; du:inPlan ?plan ; du:indicatorText ?indicator ; du:value ?value ; du:evidence ?evidence .
  ?plan du:region ?region .
  ?region rdfs:label ?city .
  ?evidence du:quote ?sentence .
  OPTIONAL { ?target du:unitText ?unit }
  OPTIONAL { ?target du:due ?due }
  FILTER(LANG(?city) = "zh")
} ORDER BY ?city ?indicator ?due
""",
    ),
    Example(
        "各次督察的进驻时间",
        "When each visit took place",
        _HEAD
        + """
SELECT ?city ?level ?start ?end ?feedback WHERE {
  ?visit a du:Supervision ; du:region/rdfs:label ?city .
  OPTIONAL { ?visit du:level ?level }
  OPTIONAL { ?visit du:startDate ?start }
  OPTIONAL { ?visit du:endDate ?end }
  OPTIONAL { ?visit du:feedbackDate ?feedback }
  FILTER(LANG(?city) = "zh")
} ORDER BY ?start
""",
    ),
    Example(
        "文中声明的数量",
        "Counts that the documents state",
        _HEAD
        + """
SELECT ?plan ?counted ?value ?sentence WHERE {
  ?plan du:statedCount ?count .
  ?count du:countOf ?counted ; du:value ?value ; du:evidence/du:quote ?sentence .
} ORDER BY ?plan ?counted ?value
""",
    ),
    Example(
        "非直接读出的事实及理由",
        "Facts that were not simply read, and why",
        _HEAD
        + """
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

SELECT ?subject ?property ?value ?basis ?reason WHERE {
  ?assertion a du:Assertion ; rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?value ; du:basis ?basis .
  FILTER(?basis != duc:basis-stated)
  OPTIONAL { ?assertion du:reason ?reason FILTER(LANG(?reason) = "zh") }
} ORDER BY ?subject ?property LIMIT 200
""",
    ),
    Example(
        "按短语检索原文语句",
        "Sentences that hold a phrase",
        _HEAD
        + """
PREFIX duf: <https://w3id.org/ducha/function/>

SELECT ?sentence ?label WHERE {
  ?evidence duf:search "環境問題" .
  ?evidence du:quote ?sentence .
  OPTIONAL { ?node du:evidence ?evidence ; rdfs:label ?label }
} ORDER BY STRLEN(?sentence) ?sentence ?label
""",
    ),
)


def installed() -> bool:
    """Whether `service/static/editor/` holds everything the pages load from it."""
    return all((FOLDER / name).is_file() for name in FILES)
