"""The named queries: complete headers, right numbers on two cities, typed parameters, answers a terminal can show."""

import csv
import io
import re
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from pipeline.errors import QueryError
from pipeline.query import THEMES, NamedQuery, Parameter, load_queries, parse_query, read_query, run
from pipeline.table import display_width
from pipeline.union import merge_into_default_graph

ROOT = Path(__file__).parent
GRAPH = ROOT / "graphs" / "two-cities.trig"
ROUNDS = ROOT / "graphs" / "two-rounds.trig"
QUERIES = load_queries()
TABLES = load_queries(ROOT.parent / "queries" / "tables")
EVERY = {**QUERIES, **{f"tables/{name}": query for name, query in TABLES.items()}}
CONCEPT = "https://w3id.org/ducha/concept/"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(path=GRAPH, format=ox.RdfFormat.TRIG)
    merge_into_default_graph(store, list(store))
    return store


@pytest.fixture(scope="module")
def both(store: ox.Store) -> ox.Store:
    """The two cities and, beside them, one city in two rounds: every question has an answer here."""
    both = ox.Store()
    for path in (GRAPH, ROUNDS):
        both.load(path=path, format=ox.RdfFormat.TRIG)
    merge_into_default_graph(both, list(both))
    return both


@pytest.fixture(scope="module")
def rounds() -> ox.Store:
    """One city in two rounds, and the report on the second."""
    rounds = ox.Store()
    rounds.load(path=ROUNDS, format=ox.RdfFormat.TRIG)
    merge_into_default_graph(rounds, list(rounds))
    return rounds


def answer(store: ox.Store, name: str, **parameters: str) -> list[dict[str, str]]:
    text = run(store, EVERY[name].bound(parameters), "csv").decode()
    return list(csv.DictReader(io.StringIO(text)))


def column(rows: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# ---------------------------------------------------------------- every file


def test_there_are_at_least_sixteen_questions_sorted_by_name() -> None:
    assert len(QUERIES) >= 16
    assert list(QUERIES) == sorted(QUERIES)


@pytest.mark.parametrize("name", EVERY)
def test_header_declares_exactly_the_selected_columns(store: ox.Store, name: str) -> None:
    selected = store.query(EVERY[name].text)
    assert isinstance(selected, ox.QuerySolutions)
    assert [variable.value for variable in selected.variables] == list(EVERY[name].columns)


@pytest.mark.parametrize("name", EVERY)
def test_default_in_the_header_is_the_default_in_the_text(store: ox.Store, name: str) -> None:
    query = EVERY[name]
    prefixes = "\n".join(line for line in query.text.splitlines() if line.startswith("PREFIX"))
    defaults = {variable.value: term for variable, term in query.substitutions({}).items()}
    for parameter in query.parameters:
        for slot in re.findall(rf"VALUES \?{parameter.name} \{{.*\}}", query.text):
            (row,) = store.query(f"{prefixes} SELECT ?{parameter.name} {{ {slot} }}")
            assert row[parameter.name] == defaults.get(parameter.name)


@pytest.mark.parametrize("name", EVERY)
def test_answers_with_rows_and_each_quote_is_that_of_its_evidence(both: ox.Store, name: str) -> None:
    rows = answer(both, name)
    assert rows
    quotes = {quad.subject.value: quad.object.value for quad in both.quads_for_pattern(None, QUOTE, None, None)}
    pairs = [(c.replace("quote", "evidence"), c) for c in EVERY[name].columns if c == "quote" or c.endswith("_quote")]
    assert pairs
    for row in rows:
        for evidence, quote in pairs:
            assert row[quote] == quotes.get(row[evidence], "")


QUOTE = ox.NamedNode("https://w3id.org/ducha/ontology#quote")


@pytest.mark.parametrize("name", QUERIES)
def test_description_and_columns_name_the_denominator(name: str) -> None:
    query = QUERIES[name]
    assert query.theme in THEMES
    assert "分母" in query.description_zh
    assert "Denominator" in query.description_en
    assert {"plans", "visits", "documents"} & set(query.columns)


@pytest.mark.parametrize("name", EVERY)
def test_another_engine_gives_the_same_rows_in_the_same_order(both: ox.Store, union: rdflib.Graph, name: str) -> None:
    expected = [[same_number(cell) for cell in row.values()] for row in answer(both, name)]
    got = union.query(EVERY[name].text)
    assert [["" if cell is None else same_number(str(cell)) for cell in row] for row in got] == expected  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def union(both: ox.Store) -> rdflib.Graph:
    """The union of all graphs, as the default graph of another SPARQL engine."""
    triples = ox.serialize({quad.triple for quad in both}, format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples, format="nt")


def same_number(cell: str) -> str:
    try:
        return str(Decimal(cell).normalize())
    except InvalidOperation:
        return cell


@pytest.mark.parametrize("name", EVERY)
def test_order_does_not_depend_on_the_order_of_loading(store: ox.Store, name: str) -> None:
    other = ox.Store()
    for quad in sorted(store, key=str, reverse=True):
        other.add(quad)
    assert run(other, EVERY[name].bound({}), "tsv") == run(store, EVERY[name].bound({}), "tsv")


@pytest.fixture(scope="module")
def hundredfold(both: ox.Store) -> ox.Store:
    """A hundred copies of the example, each with documents and regions of its own: 500 plans."""
    many = ox.Store()
    lines = ox.serialize(list(both), format=ox.RdfFormat.N_QUADS).decode()
    shared = {line for line in lines.splitlines() if "/graph/concepts>" in line or "/graph/ontology>" in line}
    many.bulk_load("\n".join(shared).encode(), ox.RdfFormat.N_QUADS)
    own = "\n".join(line for line in lines.splitlines() if line not in shared)
    names = [path.stem for graph in (GRAPH, ROUNDS) for path in graph.with_suffix("").iterdir()] + ["finding/f0000"]
    codes = ["340000", "340200", "340202", "430000", "430600", "350000", "350700", "350702"]
    places = {code: place for place, code in enumerate(codes)}
    ours = re.compile("|".join([*names, rf"\b(?:{'|'.join(codes)})\b"]))

    def renamed(copy: int, found: str) -> str:
        return str(100_000 + 10 * copy + places[found]) if found in places else f"{found[:-4]}{copy:04x}"

    for copy in range(100):
        text = ours.sub(lambda found, copy=copy: renamed(copy, found[0]), own)  # type: ignore[misc]
        many.bulk_load(text.encode(), ox.RdfFormat.N_QUADS)
    many.optimize()
    return many


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_time_does_not_grow_with_the_square_of_the_plans(hundredfold: ox.Store, name: str) -> None:
    start = time.process_time()  # what else the machine does is not counted
    rows = answer(hundredfold, name)
    assert time.process_time() - start < 4
    assert rows


def test_every_query_and_table_is_named_in_the_docs() -> None:
    docs = (ROOT.parent / "docs" / "queries.md").read_text("utf-8")
    assert [name for name in (*QUERIES, *TABLES) if f"`{name}`" not in docs] == []


# ---------------------------------------------------------------- the numbers


def test_percentages_and_counts_per_year_become_one_trajectory(store: ox.Store) -> None:
    rows = answer(store, "issues-closed-trajectory")
    assert column(rows, "city", "due", "share", "issues_least", "issues_most", "plans_able", "plans") == [
        ("芜湖市", "2023-12-31", "50", "4", "5", "2", "3"),
        ("芜湖市", "2025-12-31", "100", "4", "5", "2", "3"),
        ("岳阳市", "2024-12-31", "25", "40", "40", "2", "3"),
        ("岳阳市", "2025-12-31", "85", "40", "40", "2", "3"),
        ("岳阳市", "2026-12-31", "100", "40", "40", "2", "3"),
    ]
    assert rows[2]["quote"] == "2024年底前完成10个"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-12-31", [("芜湖市", "100"), ("岳阳市", "85")]),
        ("2025-12-30", [("芜湖市", "50"), ("岳阳市", "25")]),
        ("2023-12-31", [("芜湖市", "50")]),
        ("2023-01-01", []),
    ],
)
def test_share_of_issues_to_be_closed_by_a_date(store: ox.Store, date: str, expected: list[tuple[str, str]]) -> None:
    assert column(answer(store, "issues-closed-by-date", date=date), "city", "share") == expected


def test_share_left_to_the_last_period(store: ox.Store) -> None:
    assert column(answer(store, "back-loading"), "city", "share") == [("芜湖市", "50"), ("岳阳市", "15")]


def test_days_to_feedback_are_a_range_where_only_the_month_is_known(store: ox.Store) -> None:
    rows = answer(store, "days-to-feedback")
    assert column(rows, "city", "feedback", "days_least", "days_most", "basis_code") == [
        ("芜湖市", "2022-11-16", "57", "57", "inferred"),
        ("芜湖市", "2022-11-16", "57", "57", "stated"),
        ("岳阳市", "2023-11", "64", "93", "stated"),
    ]
    assert rows[0]["reason_zh"] == "年份沿用同句的2022年"
    assert column(rows[:1], "visits_able", "visits") == [("2", "3")]


def test_targets_of_one_indicator_and_year_across_cities(store: ox.Store) -> None:
    rows = answer(store, "targets-by-indicator", indicator="duc:indicator-pm25-concentration", year="2025")
    assert column(rows, "city", "comparator_code", "value", "unit", "indicator_plans") == [
        ("芜湖市", "at-most", "32", "微克/立方米", "2"),
        ("岳阳市", "at-most", "30", "微克/立方米", "2"),
    ]
    assert answer(store, "targets-by-indicator", indicator="duc:indicator-pm25-concentration", year="2024") == []


def test_a_target_without_indicator_value_or_city_is_not_lost(store: ox.Store) -> None:
    (row,) = [row for row in answer(store, "targets-by-indicator") if not row["indicator_code"]]
    assert (row["indicator_label"], row["value"], row["city"], row["comparator"]) == ("秸秆综合利用水平", "", "", "")


def test_the_strictest_target_is_the_lowest_where_less_is_better(store: ox.Store) -> None:
    (row,) = answer(store, "strictest-targets", indicator=f"{CONCEPT}indicator-pm25-concentration")
    assert (row["city"], row["strictest"], row["loosest"], row["plans_compared"]) == ("岳阳市", "30", "32", "2")


def test_the_sentence_shown_is_the_one_that_holds_the_number(store: ox.Store) -> None:
    rows = [row for row in answer(store, "ceiling-targets") if row["city"] == "岳阳市"]
    assert [row["quote"] for row in rows] == ["国控断面优良比例达到100%"]
    pieces = [row["quote"] for row in answer(store, "evidence-audit") if row["label"].startswith("国控断面")]
    assert pieces == ["到2025年", "国控断面优良比例达到100%"]
    (target,) = [row for row in answer(store, "tables/targets") if row["indicator_text"] == "国控断面优良比例"]
    assert (target["quote"], target["evidences"]) == ("国控断面优良比例达到100%", "2")


def test_an_organisation_with_several_issues_is_listed_with_each(store: ox.Store) -> None:
    rows = [row for row in answer(store, "organizations-with-several-issues") if row["organization"] == "芜湖市水务局"]
    assert column(rows, "issues", "role", "issue_number", "as_written") == [
        ("2", "牵头", "1", "市水务局"),
        ("2", "牵头", "3", "市水务局"),
    ]
    assert answer(store, "organizations-with-several-issues", least="3") == []


def test_joint_responsibility_counts_over_issues_that_name_an_organisation(store: ox.Store) -> None:
    rows = answer(store, "joint-responsibility")
    assert column(rows, "issue_number", "joint_issues", "issues_able", "share") == [
        ("1", "2", "3", "66.7"),
        ("2", "2", "3", "66.7"),
    ]
    assert rows[0]["government_bodies"] == "芜湖市水务局、芜湖市镜湖区政府"


def test_two_texts_that_disagree_give_two_rows_each_with_its_sentence(store: ox.Store) -> None:
    rows = [row for row in answer(store, "stated-versus-listed", region="芜湖市") if row["class"] == "Issue"]
    assert column(rows, "stated", "listed", "agrees", "completeness_code", "quote") == [
        ("4", "3", "false", "full", "共指出4个问题"),
        ("5", "3", "false", "digest", "共5个问题"),
    ]


def test_a_plan_in_two_documents_is_one_row_of_the_panel(store: ox.Store) -> None:
    rows = {row["city"]: row for row in answer(store, "panel")}
    assert len(rows) == 3
    wuhu = rows["芜湖市"]
    counts = ("issues_listed", "measures_listed", "goals", "organizations", "documents", "full_texts", "findings")
    assert column([wuhu], *counts) == [("3", "6", "3", "5", "2", "1", "1")]
    assert (wuhu["province"], wuhu["first_due"], wuhu["last_due"]) == ("安徽省", "2023-12-31", "2025-06-30")
    assert rows["岳阳市"]["full_texts"] == "0"


def test_other_questions(store: ox.Store) -> None:
    assert column(answer(store, "ambition"), "baseline", "value", "difference") == [("35", "32", "-3")]
    assert [row["measures"] for row in answer(store, "measures-per-issue")] == ["2", "1", "3"]
    assert column(answer(store, "deadline-kinds"), "kind_code", "issues", "plan_issues", "share") == [
        ("fixed", "2", "3", "66.7"),
        ("long-term", "1", "3", "33.3"),
    ]
    assert column(answer(store, "duties-and-frequencies"), "actor", "per_year") == [
        ("领导小组办公室", "12"),
        ("市委督查室", "4"),
    ]
    assert column(answer(store, "petitions-against-issues"), "due", "difference") == [
        ("2023-12-31", "40"),
        ("2025-12-31", "0"),
    ]
    assert column(answer(store, "shared-elements"), "label", "city", "shared_by") == [
        ("坚持问题导向、举一反三", "芜湖市", "2"),
        ("坚持问题导向、举一反三", "岳阳市", "2"),
    ]
    assert column(
        answer(store, "findings-by-rule", severity="duc:severity-warning"), "rule", "documents_concerned"
    ) == [("counts-agree", "2")]
    assert [row["kind_code"] for row in answer(store, "gaps-by-document")] == ["placeholder"] * 2 + ["redacted"] * 2
    assert {row["stands"] for row in answer(store, "evidence-audit")} == {"true"}
    assert [row["issue_number"] for row in answer(store, "due-unconfirmed")] == ["1"]
    assert answer(store, "inferred-facts", basis="duc:basis-repaired") == []
    assert [row["city"] for row in answer(store, "visit-calendar")] == ["", "芜湖市", "岳阳市"]


def test_days_to_completion_are_counted_to_the_promise_and_to_the_last_issue(store: ox.Store) -> None:
    assert column(
        answer(store, "days-to-completion"), "city", "measured_by", "last_due", "days_least", "days_most"
    ) == [
        ("芜湖市", "issues", "2025-06-30", "957", "957"),
        ("芜湖市", "share", "2025-12-31", "1141", "1141"),
        ("岳阳市", "share", "2026-12-31", "1127", "1156"),
    ]


@pytest.mark.parametrize(("region", "province"), [("湖南省", "430000"), ("340200", "340000"), ("福建", "350000")])
def test_deadlines_of_a_region_are_those_of_its_plans_no_more_and_no_less(
    both: ox.Store, region: str, province: str
) -> None:
    rows = answer(both, "deadlines", region=region)
    assert rows
    assert len(rows) == len(set(column(rows, "element", "due")))
    assert set(column(rows, "element", "due")) == set(deadlines_in(both, province))
    for row in rows:  # the sentence is that of the assertion about the date or the kind, where there is one
        said = sentences_of(both, row["element"], row["due"] or f"{CONCEPT}deadline-{row['kind_code']}")
        assert row["quote"] in said
    assert set(column(rows, "plan")) <= {("https://w3id.org/ducha/plan/" + key,) for key in PLANS[province]}


PLANS = {
    "430000": ["430600-202308"],
    "340000": ["340200-202209"],
    "350000": ["350700-201907", "350700-202205"],
}


def objects(store: ox.Store, subject: str, name: str) -> set[str]:
    node = ox.NamedNode(subject)
    return {quad.object.value for quad in store.quads_for_pattern(node, ox.NamedNode(name), None, None)}


def subjects(store: ox.Store, name: str, value: str) -> set[str]:
    found = store.quads_for_pattern(None, ox.NamedNode(name), ox.NamedNode(value), None)
    return {quad.subject.value for quad in found}


DU = QUOTE.value.removesuffix("quote")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def deadlines_in(store: ox.Store, province: str) -> list[tuple[str, str]]:
    """Element and date of every issue, measure and target of the plans of a province; an empty date for a kind alone."""
    found = []
    for plan in {f"https://w3id.org/ducha/plan/{key}" for key in PLANS[province]}:
        for element in subjects(store, f"{DU}inPlan", plan):
            if {f"{DU}Issue", f"{DU}Measure", f"{DU}Target"} & objects(store, element, f"{RDF}type"):
                days = objects(store, element, f"{DU}due")
                found += [
                    (element, day) for day in days or {""} & {"" for _ in objects(store, element, f"{DU}deadlineKind")}
                ]
    return found


def sentences_of(store: ox.Store, element: str, value: str) -> set[str]:
    """The sentences of the assertions about a value of an element, else those of the element."""
    said = [one for one in subjects(store, f"{RDF}subject", element) if value in objects(store, one, f"{RDF}object")]
    pieces = {piece for one in said or [element] for piece in objects(store, one, f"{DU}evidence")}
    return {words for piece in pieces for words in objects(store, piece, QUOTE.value)}


def test_deadlines_tell_the_issue_its_bodies_and_tasks_without_a_date(store: ox.Store) -> None:
    rows = answer(store, "deadlines", region="安徽省", **{"class": "du:Issue"})
    assert column(rows, "city", "round", "issue_number", "due", "kind_code", "issues_able", "plan_issues") == [
        ("芜湖市", "2", "1", "2023-12-31", "fixed", "3", "3"),
        ("芜湖市", "2", "2", "", "long-term", "3", "3"),
        ("芜湖市", "2", "3", "2025-06-30", "fixed", "3", "3"),
    ]
    assert column(rows, "province", "bodies", "quote") == [
        ("安徽省", "芜湖市水务局；芜湖市镜湖区党委；芜湖市镜湖区政府", "整改时限:2023年底前"),
        ("安徽省", "芜湖市生态环境局；芜湖市镜湖区党委；芜湖市镜湖区政府", "整改时限:立行立改、长期坚持"),
        ("安徽省", "芜湖市水务局", "整改时限:2025年6月底前"),
    ]


def test_a_principle_is_first_seen_where_the_earliest_visit_was(both: ox.Store) -> None:
    rows = answer(both, "first-appearances", least="2")
    assert column(rows, "label", "first_seen", "city", "shared_by", "last_seen") == [
        ("坚持问题导向、标本兼治", "2019-07-01", "南平市", "2", "2022-05-05"),
        ("坚持问题导向、举一反三", "2022-09-01", "芜湖市", "2", "2023-08-10"),
    ]


def test_staging_shows_the_dates_before_the_end(rounds: ox.Store) -> None:
    rows = [row for row in answer(rounds, "staging") if row["step_class"] == "Target"]
    assert column(rows, "issue_label", "issue_due", "step_due", "stages") == [
        ("部分河道黑臭，污水直排，水污染突出", "2021-12-31", "2020-12-31", "1"),
        ("建溪沿线污水管网不完善，生活污水直排", "2025-12-31", "2023-12-31", "3"),
        ("建溪沿线污水管网不完善，生活污水直排", "2025-12-31", "2024-06-30", "3"),
        ("建溪沿线污水管网不完善，生活污水直排", "2025-12-31", "2024-12-31", "3"),
    ]


def test_what_was_due_before_it_was_published(rounds: ox.Store) -> None:
    rows = [row for row in answer(rounds, "already-due") if row["class"] == "Issue"]
    assert column(rows, "label", "due", "issued", "share") == [
        ("空气质量下滑，扬尘管控不到位", "2020-04-30", "2020-05-20", "50"),
        ("矿山生态修复滞后", "2023-01-31", "2023-02-15", "50"),
    ]


def test_publication_lag_leaves_reports_out(rounds: ox.Store) -> None:
    rows = sorted(answer(rounds, "publication-lag"), key=lambda row: row["issued"])
    assert column(rows, "issued", "days_most", "documents_able", "documents") == [
        ("2020-05-20", "162", "2", "3"),
        ("2023-02-15", "140", "2", "3"),
    ]


def test_reported_completion_stands_beside_the_stated_total(rounds: ox.Store) -> None:
    rows = [row for row in answer(rounds, "reported-completion") if row["measured_by"] == "tally"]
    assert column(rows, "counted", "done", "total_least", "total_most", "share") == [
        ("Issue", "2", "3", "3", "66.7"),
        ("Petition", "44", "45", "45", "97.8"),
    ]


def test_a_topic_that_comes_back_in_the_next_round(rounds: ox.Store) -> None:
    (row,) = answer(rounds, "recurrence")
    assert column([row], "topic_code", "earlier_round", "later_round", "earlier_issues", "later_issues") == [
        ("water", "1", "2", "1", "1")
    ]
    assert "河道黑臭" in row["earlier_quote"]
    assert "污水管网" in row["later_quote"]


def test_works_by_kind_and_unit(rounds: ox.Store) -> None:
    assert column(answer(rounds, "physical-works", unit="公里"), "kind_code", "value", "works", "due") == [
        ("build", "18", "新建污水管网", "2023-12-31")
    ]
    assert column(answer(rounds, "physical-works", kind="remove"), "value", "unit_code") == [("15", "NUM")]


def test_questions_that_go_by_words(rounds: ox.Store) -> None:
    assert column(answer(rounds, "targets-by-reference"), "reference", "own_values") == [
        ("省下达", "0"),
        ("国家和省要求", "0"),
    ]
    assert column(answer(rounds, "self-inspections"), "per_year", "plan_duties") == [("12", "2"), ("4", "2")]
    assert column(answer(rounds, "acceptance-rules"), "label", "rule_words") == [("严格验收销号", "验收 销号 公示")]
    assert [row["label"] for row in answer(rounds, "safeguards-by-plan", phrase="问责")] == ["强化责任追究"]


def test_organisations_of_an_issue_by_role(rounds: ox.Store) -> None:
    row = next(row for row in answer(rounds, "coordination-load") if row["issue_label"].startswith("建溪"))
    assert column([row], "organizations", "lead", "responsible", "accepting", "groups", "plan_mean") == [
        ("5", "1", "3", "1", "0", "2.7")
    ]


def test_governance_and_pollution_make_up_the_whole(rounds: ox.Store) -> None:
    rows = [row for row in answer(rounds, "governance-against-pollution") if row["plan"].endswith("202205")]
    assert column(rows, "kind_code", "issues", "share") == [("governance", "1", "33.3"), ("pollution", "2", "66.7")]


def test_precision_is_of_one_class_when_asked(rounds: ox.Store) -> None:
    rows = [row for row in answer(rounds, "deadline-precision", **{"class": "du:Issue"}) if "202205" in row["plan"]]
    assert column(rows, "precision_code", "elements", "dated") == [("day", "1", "2"), ("month", "1", "2")]


def test_keys_are_written_as_elsewhere(both: ox.Store) -> None:
    keys = {row["city"]: row["wikidata_p442"] for row in answer(both, "join-keys")}
    assert keys == {"芜湖市": "34 02", "岳阳市": "43 06", "南平市": "35 07"}


@pytest.mark.parametrize("name", QUERIES)
def test_the_count_is_the_number_of_rows_and_parts_make_the_whole(both: ox.Store, name: str) -> None:
    whole = answer(both, name)
    (total,) = csv.DictReader(io.StringIO(run(both, QUERIES[name].count({}), "csv").decode()))
    assert int(total["total"]) == len(whole)
    parts = []
    for offset in range(0, len(whole), 7):
        text = run(both, QUERIES[name].part({}, 7, offset), "csv").decode()
        parts += list(csv.DictReader(io.StringIO(text)))
    assert parts == whole


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    "region", ["430600", "岳阳市", "岳阳", "Yueyang", "湖南省", "https://w3id.org/ducha/region/430000"]
)
def test_a_region_is_a_code_a_name_or_an_iri_and_holds_what_lies_in_it(store: ox.Store, region: str) -> None:
    assert {row["city"] for row in answer(store, "issue-load", region=region)} == {"岳阳市"}


def test_an_empty_value_is_not_given(store: ox.Store) -> None:
    assert answer(store, "issues-closed-by-date", date="", region="") == answer(store, "issues-closed-by-date")


INJECTIONS = [
    '" } DELETE WHERE { ?s ?p ?o } #',
    '举一反三" } UNION { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }',
    "\\",
    '\\" )) } #',
    "?quote",
    "VALUES ?region { <http://example.org/> }",
    "}} \\u0022 } {{",
    "'''\"\"\"",
]


@pytest.mark.parametrize("phrase", INJECTIONS)
def test_whatever_a_phrase_holds_it_is_one_literal(store: ox.Store, phrase: str) -> None:
    assert answer(store, "phrase-search", phrase=phrase) == []
    query = QUERIES["phrase-search"]
    assert query.bound({"phrase": phrase}).count("\n") == query.bound({}).count("\n")
    other = ox.Store()
    evidence = ox.NamedNode("http://example.org/#char=0,1")
    other.add(ox.Quad(evidence, QUOTE, ox.Literal(f"前{phrase}后")))
    slot = re.search(r"VALUES \?phrase \{ .* \}", query.bound({"phrase": phrase}))
    assert slot
    found = run(other, f"SELECT ?q {{ {slot[0]} ?e <{QUOTE.value}> ?q FILTER(CONTAINS(?q, ?phrase)) }}", "json")
    assert b'"bindings":[{' in found


@pytest.mark.parametrize(
    ("query", "parameters", "message"),
    [
        ("phrase-search", {"phrase": "换\n行"}, "write one line of text"),
        ("phrase-search", {"phrase": "\ud800"}, "write one line of text"),
        ("phrase-search", {"phrase": "长" * 501}, "at most 500 characters"),
        ("phrase-search", {"word": "x"}, "has no parameter 'word'; it takes phrase, region"),
        ("co-responsibility", {"region": "450300"}, "it takes none"),
        ("targets-by-indicator", {"year": "2025.5"}, "a whole number such as 2025"),
        ("targets-by-indicator", {"year": "2025 } #"}, "a whole number such as 2025"),
        ("targets-by-indicator", {"indicator": "pm25"}, "an IRI"),
        ("targets-by-indicator", {"indicator": "http://x/> } #"}, "an IRI"),
        ("issues-closed-by-date", {"date": "2025-02-30"}, "a date such as 2025-12-31"),
        ("issues-closed-by-date", {"date": "2025"}, "a date such as 2025-12-31"),
        ("issue-load", {"region": "4503"}, "a code such as 450300"),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_expected_form(
    query: str, parameters: dict[str, str], message: str
) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        QUERIES[query].bound(parameters)


def test_terms_are_typed() -> None:
    terms = QUERIES["targets-by-indicator"].substitutions({"year": "2025", "indicator": "duc:indicator-pm25"})
    assert {variable.value: str(term) for variable, term in terms.items()} == {
        "indicator": f"<{CONCEPT}indicator-pm25>",
        "year": '"2025"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }
    assert str(Parameter("share", "decimal", "", "比例", "share").term("32.5")).endswith("#decimal>")


HEADER = "#+ title.zh: 题\n#+ title.en: T\n#+ description.zh: 述\n#+ description.en: D\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "lacks title.zh"),
        (HEADER.replace("#+ description.en: D\n", "") + "SELECT * {}", "lacks description.en"),
        (HEADER + "#+ titel: x\nSELECT * {}", "see docs/queries.md"),
        (HEADER + "#+ title.zh: 又\nSELECT * {}", "declares title.zh twice"),
        (HEADER + "#+ param.year: number = 1 | 年 | year\nSELECT * {}", "type one of integer"),
        (HEADER + "#+ param.year: integer = x | 年 | year\nSELECT * {}", "'x' is not of type integer"),
        (HEADER + "#+ param.year: integer = | 年 | year\nSELECT * {}", "never uses ?year"),
        (HEADER + "#+ column.x: 只有中文\nSELECT * {}", "write `中文 | English`"),
        (HEADER + "#+ chart: pie x=a y=b\nSELECT * {}", "draws 'pie x=a y=b'"),
        (HEADER + "#+ theme: weather\nSELECT * {}", "has the theme 'weather'"),
    ],
)
def test_a_faulty_header_is_named(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=re.escape(message)):
        parse_query("example", text)


# ---------------------------------------------------------------- running


def test_columns_of_a_table_align_by_display_width(store: ox.Store) -> None:
    query = QUERIES["issues-closed-by-date"]
    labels = {name: zh for name, (zh, _) in query.columns.items()}
    lines = run(store, query.bound({}), "table", labels).decode().splitlines()
    assert lines[0].startswith("城市")
    place = [display_width(line[: line.index("https://")]) for line in lines[2:4]]
    assert place[0] == place[1]
    shares = [
        display_width(line[: line.index(share) + len(share)])
        for line, share in zip(lines[2:4], ("100", " 85"), strict=True)
    ]
    assert shares[0] == shares[1]
    assert lines[-1] == "(2 rows)"


def test_csv_quotes_evidence_iris_that_hold_a_comma(store: ox.Store) -> None:
    (header, *rows) = csv.reader(io.StringIO(run(store, QUERIES["evidence-audit"].bound({}), "csv").decode()))
    assert {len(row) for row in rows} == {len(header)}


def test_a_table_shows_no_control_characters() -> None:
    literal = str(ox.Literal("红\x1b[31m色\n" + "长" * 80))
    shown = run(ox.Store(), f"SELECT ?x {{ VALUES ?x {{ {literal} }} }}").decode()
    assert "\x1b" not in shown
    assert shown.splitlines()[2].endswith("长…")


def test_forms_of_each_kind_of_query(store: ox.Store) -> None:
    construct = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o ; a <https://w3id.org/ducha/ontology#Plan> }"
    assert b"430600-202308" in run(store, construct)
    assert run(store, "ASK {}") == b"true\n"
    with pytest.raises(QueryError, match="choose one of table, ttl, nt, jsonld, rdf"):
        run(store, construct, "csv")
    with pytest.raises(QueryError, match="choose one of table, csv, tsv, json, xml"):
        run(store, "SELECT * {}", "ttl")
    with pytest.raises(QueryError, match=r"is not SPARQL 1\.1"):
        run(store, "SELECT WHERE")


def test_a_query_is_read_by_name_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text("SELECT * {}", "utf-8")
    assert isinstance(read_query("panel"), NamedQuery)
    assert read_query(str(file)).bound({}) == "SELECT * {}"
    with pytest.raises(QueryError, match="neither a named query nor a file"):
        read_query("no-such-query")
