"""Curators' decisions in the graph: what they accept, change, reject and add survives, and nothing else changes."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.assets import asset_path
from pipeline.build import BuildResult, build
from pipeline.curation.corrections import apply
from pipeline.curation.decide import append, drafts
from pipeline.curation.decisions import Action, Decision, Outcome, read_decisions, sentence_hash
from pipeline.curation.keys import Fact, facts, key_of
from pipeline.curation.review import entries
from pipeline.document import read_document
from pipeline.errors import UsageError
from pipeline.graph import document_quads, region_quads
from pipeline.model import Document
from pipeline.reasoning.infer import derive
from pipeline.region import load_regions
from pipeline.snapshot import Snapshot
from pipeline.validation.validate import validate
from pipeline.vocabulary import DEFAULT_BASE, DU, DUC, PREFIXES, graph_iri

DOCUMENTS = asset_path("data", "documents")
WHO = {"by": "甲", "on": "2026-11-22", "why": "对照原文"}
TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
PLAN = "plan/511500-202111"
VISIT = "supervision/511500-202111"


def du(name: str) -> ox.NamedNode:
    return ox.NamedNode(DU + name)


def node(key: str) -> ox.NamedNode:
    return ox.NamedNode(DEFAULT_BASE + key)


def assert_whole(quads: Iterable[ox.Quad]) -> None:
    """No link leads nowhere, and no evidence is there for nothing."""
    quads = list(quads)
    known = {quad.subject for quad in quads}
    for quad in quads:
        thing = quad.object
        ours = isinstance(thing, ox.NamedNode) and thing.value.startswith(DEFAULT_BASE)
        if ours and not thing.value.removeprefix(DEFAULT_BASE).startswith(
            ("ontology", "concept", "region", "shape", "docs")
        ):
            assert thing in known, quad
    used = {quad.object for quad in quads if quad.predicate == du("evidence")}
    assert {quad.subject for quad in quads if quad.predicate == du("quote")} <= used


# One document in memory: tests/documents/prefecture-full-plan.txt, whose city's plan is invented.


@cache
def nearby_regions() -> list[ox.Quad]:
    return [quad for quad in region_quads(load_regions(), DEFAULT_BASE) if "/region/51" in str(quad.subject)]


class One:
    """A document as extracted, decisions about it by key, and the stated graph that they give."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.read = document_quads(document, DEFAULT_BASE)
        self.graph = ox.NamedNode(graph_iri(DEFAULT_BASE, "document", document.id, "stated"))
        self.before = ox.Store()
        self.before.extend(self.read)

    def decide(self, key: str, action: str, *, value: str = "", **more: object) -> Decision:
        found = facts(self.before, self.graph, key, DEFAULT_BASE) if action != "add" else []
        fact = next((one for one in found if one.shown == value), found[0] if found else None)
        fields = {"sentence": fact.hash if fact else "0" * 12, "value": value or (fact.shown if fact else ""), **more}
        return Decision(key=key, action=Action(action), **WHO, **fields)  # type: ignore[arg-type]

    def apply(self, *decisions: Decision) -> tuple[ox.Store, list[Outcome]]:
        quads, outcomes = apply(self.read, self.document, decisions, DEFAULT_BASE)
        assert_whole(quads)
        store = ox.Store()
        store.extend(quads)
        return store, list(outcomes)

    def fact(self, store: ox.Store, key: str) -> list[Fact]:
        return facts(store, self.graph, key, DEFAULT_BASE)

    def violations(self, store: ox.Store) -> list[str]:
        regions = nearby_regions()
        derived = derive(list(store), regions, DEFAULT_BASE, self.document.id)
        return [finding.message_en for finding in validate([*store, *derived, *regions]).violations]


@pytest.fixture(scope="module")
def one() -> One:
    return One(read_document(Path(__file__).parent / "documents" / "prefecture-full-plan.txt"))


def lapses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.lapse.en for outcome in outcomes if outcome.lapse]


def test_a_changed_date_has_its_reason_its_old_value_and_the_same_sentence(one: One) -> None:
    store, outcomes = one.apply(one.decide(f"{VISIT} du:startDate", "change", to="2021-11-26"))
    assert lapses(outcomes) == []
    (old,), (new,) = one.fact(one.before, f"{VISIT} du:startDate"), one.fact(store, f"{VISIT} du:startDate")
    assert (old.shown, new.shown) == ("2021-11-25", "2021-11-26")
    assert new.sentence == old.sentence
    (assertion,) = new.assertions
    said = {(q.predicate, q.object) for q in store.quads_for_pattern(assertion, None, None, None)}
    assert (du("basis"), ox.NamedNode(f"{DUC}basis-corrected")) in said
    assert (du("extractedValue"), ox.Literal("2021-11-25")) in said
    assert (du("reason"), ox.Literal("由甲于2026-11-22更正，理由：对照原文", language="zh")) in said
    english = "corrected by 甲 on 2026-11-22 because: 对照原文"
    assert (du("reason"), ox.Literal(english, language="en")) in said
    assert one.violations(store) == []


def test_what_says_the_same_in_other_words_changes_along(one: One) -> None:
    target = next(
        key
        for quad in one.read
        if quad.object == du("Target")
        and (key := str(quad.subject)[1:-1].removeprefix(DEFAULT_BASE))
        and [fact.shown for fact in one.fact(one.before, f"{key} du:value")] == ["42.5"]
    )
    store, outcomes = one.apply(
        one.decide(f"{target} du:value", "change", to="45"),
        one.decide(f"{target} du:unitText", "change", to="千米"),
        one.decide(f"{target} du:due", "change", to="2024-12-30"),
        one.decide(f"{PLAN}/issue/1 du:due", "change", to="2023-09"),
        one.decide(f"{VISIT} du:startDate", "change", to="2021-10-25"),
        one.decide(f"{VISIT} du:level", "change", to="duc:level-municipal"),
    )
    assert lapses(outcomes) == []
    shown = {name: one.fact(store, f"{target} {name}")[0].shown for name in ("rdfs:label", "du:unit", "du:valueText")}
    assert shown["rdfs:label"].endswith("= 45千米")
    assert shown["du:unit"] == "http://qudt.org/vocab/unit/KiloM"
    assert shown["du:valueText"] == "42.5", "the text's own words stay"
    assert one.fact(store, f"{target} du:duePrecision")[0].shown == "duc:precision-day"
    assert one.fact(store, f"{PLAN}/issue/1 du:duePrecision")[0].shown == "duc:precision-month"
    assert one.fact(store, VISIT)[0].shown == "宜宾市 2021年10月 市级生态环境保护督察"
    assert one.violations(store) == []


def test_a_rejected_issue_takes_along_what_only_it_carried(one: One) -> None:
    quoted = one.fact(one.before, f"{PLAN}/issue/1")[0].passages
    store, outcomes = one.apply(one.decide(f"{PLAN}/issue/1", "reject"))
    assert lapses(outcomes) == []
    subjects = {str(quad.subject)[1:-1].removeprefix(DEFAULT_BASE) for quad in store}
    assert not [name for name in subjects if name.startswith(f"{PLAN}/issue/1")]
    labels = {
        q.object.value for q in store.quads_for_pattern(None, ox.NamedNode(f"{PREFIXES['rdfs']}label"), None, None)
    }
    assert "宜宾市水利局" not in labels, "only this issue named it"
    assert "宜宾市林业和竹业局" in labels
    owners = {q.object for q in store.quads_for_pattern(None, du("belongsTo"), None, None)}
    assert node(PLAN) in owners, "what belonged to the issue belongs to the plan"
    (record,) = {q.subject for q in store.quads_for_pattern(None, TYPE, du("Correction"), None)}
    kept = {q.object for q in store.quads_for_pattern(record, du("evidence"), None, None)}
    assert kept == {passage.node for passage in quoted}, "the decision still shows what it was made on"
    assert one.violations(store) == []


def test_a_rejected_value_takes_its_words_and_its_assertion(one: One) -> None:
    store, _ = one.apply(
        one.decide(f"{PLAN}/issue/1 du:due", "reject"),
        one.decide(f"{PLAN}/issue/1 du:deadlineKind", "reject"),
        one.decide(f"{VISIT} du:inRound", "reject"),
        one.decide(f"{PLAN}/count/Issue-35", "reject"),
    )
    for name in ("due", "duePrecision", "dueText"):
        assert one.fact(store, f"{PLAN}/issue/1 du:{name}") == []
    assert not list(store.quads_for_pattern(None, TYPE, du("Round"), None)), "a round that no visit is in"
    assert one.fact(store, f"{PLAN}/count/Issue-35") == []
    assert one.violations(store) == []


def test_one_of_several_bodies_is_changed_by_its_value_to_a_named_one(one: One) -> None:
    key = f"{PLAN}/issue/1 du:responsibleOrganization"
    known = one.fact(one.before, key)
    decision = one.decide(key, "change", value=known[0].shown, to="市农业农村局")
    store, outcomes = one.apply(decision, replace(decision, value="", to="市城市管理局"))
    assert lapses(outcomes) == ["the property has several values: name one by `value`"]
    now = one.fact(store, key)
    assert len(now) == len(known)
    assert known[0].shown not in {fact.shown for fact in now}
    (new,) = [fact for fact in now if fact.shown not in {old.shown for old in known}]
    labels = {
        q.object.value for q in store.quads_for_pattern(new.value, ox.NamedNode(f"{PREFIXES['rdfs']}label"), None, None)
    }
    assert labels == {"宜宾市农业农村局"}
    assert one.violations(store) == []


def test_an_added_target_stands_at_its_sentence_with_unit_precision_and_label(one: One) -> None:
    decision = one.decide(
        f"{PLAN}/target",
        "add",
        sentence="新建污水管网 42.5公里,\n改造泵站3座",
        properties=(
            ("belongsTo", f"{PLAN}/issue/1"),
            ("comparator", "duc:comparator-equal"),
            ("due", "2023-06"),
            ("indicatorText", "改造泵站"),
            ("unitText", "座"),
            ("value", "3"),
        ),
    )
    store, outcomes = one.apply(decision)
    assert lapses(outcomes) == []
    now, before = (
        {q.subject for q in s.quads_for_pattern(None, TYPE, du("Target"), None)} for s in (store, one.before)
    )
    (new,) = now - before
    key = str(new)[1:-1].removeprefix(DEFAULT_BASE)
    (fact,) = one.fact(store, key)
    assert (fact.sentence, fact.shown) == ("新建污水管网42.5公里,改造泵站3座", "改造泵站 = 3座")
    shown = {
        name: one.fact(store, f"{key} du:{name}")[0].shown for name in ("due", "duePrecision", "valueText", "unit")
    }
    assert shown == {
        "due": "2023-06-30",
        "duePrecision": "duc:precision-month",
        "valueText": "3",
        "unit": "http://qudt.org/vocab/unit/NUM",
    }
    assert one.violations(store) == []


def test_issues_measures_counts_and_values_can_be_added(one: One) -> None:
    store, outcomes = one.apply(
        one.decide(f"{PLAN}/issue/3", "add", sentence="网站地图 | 联系我们", properties=(("label", "另一个问题"),)),
        one.decide(f"{PLAN}/issue/3/measure/1", "add", sentence="主办:宜宾市人民政府"),
        one.decide(f"{PLAN}/issue/3 du:leadOrganization", "add", to="市水利局", sentence="主办:宜宾市人民政府"),
        one.decide(
            f"{PLAN}/count",
            "add",
            sentence="指出三个方面12类35个问题",
            properties=(("countOf", "Measure"), ("value", "35")),
        ),
        one.decide(f"{VISIT} du:kind", "add", to="duc:kind-routine", sentence="省级生态环境保护督察,并于"),
        one.decide(f"{VISIT} du:inRound", "change", to="round/510000-3"),
    )
    assert lapses(outcomes) == []
    assert one.fact(store, f"{PLAN}/issue/3 du:number")[0].shown == "3"
    assert node(f"{PLAN}/issue/3/measure/1") in {
        q.object for q in store.quads_for_pattern(node(f"{PLAN}/issue/3"), du("measure"), None, None)
    }
    assert one.fact(store, f"{PLAN}/count/Measure-35 du:value")[0].shown == "35"
    assert one.fact(store, f"{VISIT} du:inRound")[0].shown == "round/510000-3"
    assert one.violations(store) == []


@pytest.mark.parametrize(
    ("key", "action", "fields", "words"),
    [
        (f"{VISIT} du:startDate", "accept", {"sentence": "1" * 12}, "the sentence has changed"),
        (f"{VISIT} du:startDate", "accept", {"value": "2021-11-24"}, "the value extracted is now '2021-11-25'"),
        (f"{VISIT} du:reportTitle", "reject", {}, "the fact is not there any more"),
        (f"{PLAN}/issue/9", "accept", {}, "the fact is not there any more"),
        ("document/e7661e7efb1d272e", "reject", {}, "the fact is not there any more"),
        (f"{PLAN}/target", "add", {"sentence": "没有这样一句话"}, "does not stand in the document"),
        (f"{PLAN}/target", "add", {"sentence": "整改目标"}, "stands in the document more than once"),
        (f"{PLAN}/issue/1", "add", {"sentence": "由点到面排查同类问题"}, "is there already"),
        (f"{PLAN}/issue/9/measure/1", "add", {"sentence": "由点到面排查同类问题"}, "is no node of the document"),
        (f"{VISIT} du:batch", "add", {"sentence": "由点到面排查同类问题", "to": "3"}, "there is a value already, '2'"),
        (
            f"{PLAN}/issue/1 du:category",
            "add",
            {"sentence": "由点到面排查同类问题", "to": "plan/x"},
            "plan/x is no node",
        ),
        (f"{PLAN}/issue/1 du:status", "add", {"to": "duc:status-completed"}, "the sentence has changed"),
        (f"{VISIT} du:statedDays", "change", {"to": "5.5"}, "'5.5' is not a whole number"),
        (f"{VISIT} du:startDate", "change", {"to": "2021-11-26", "evidence": "没有"}, "does not stand in the document"),
    ],
    ids=range(14),
)
def test_what_does_not_fit_lapses_and_changes_nothing(
    one: One, key: str, action: str, fields: dict[str, str], words: str
) -> None:
    store, outcomes = one.apply(one.decide(key, action, **fields))
    (why,) = lapses(outcomes)
    assert words in why
    assert set(store) == set(one.before)


def test_a_change_stands_even_if_the_rules_now_read_another_value_from_the_sentence(one: One) -> None:
    store, outcomes = one.apply(one.decide(f"{VISIT} du:startDate", "change", value="", to="2021-11-26"))
    again, more = one.apply(replace(one.decide(f"{VISIT} du:startDate", "change", to="2021-11-26"), value="2021-11-01"))
    assert lapses(outcomes) == lapses(more) == []
    assert one.fact(again, f"{VISIT} du:startDate")[0].shown == one.fact(store, f"{VISIT} du:startDate")[0].shown


def test_two_decisions_on_one_fact_are_not_both_applied(one: One) -> None:
    accept = one.decide(f"{VISIT} du:batch", "accept")
    _, outcomes = one.apply(replace(accept, file="甲.toml", line=3), replace(accept, value="", by="乙"))
    assert lapses(outcomes) == ["甲.toml:3 decides on the same fact"]


def test_an_addition_that_the_rules_read_too_by_now_is_a_confirmation(one: One) -> None:
    store, outcomes = one.apply(one.decide(f"{VISIT} du:batch", "add", to="2", sentence="第二轮第二批"))
    assert lapses(outcomes) == []
    (fact,) = one.fact(store, f"{VISIT} du:batch")
    (assertion,) = fact.assertions
    assert len(list(store.quads_for_pattern(assertion, du("correction"), None, None))) == 1
    assert not list(store.quads_for_pattern(None, du("basis"), ox.NamedNode(f"{DUC}basis-corrected"), None))


def test_any_node_can_be_rejected_or_accepted_and_the_graph_stays_whole(one: One) -> None:
    keys = {key_of(quad.subject, None, DEFAULT_BASE) for quad in one.read if isinstance(quad.subject, ox.NamedNode)}
    decidable = sorted(key for key in keys if one.fact(one.before, key))
    assert len(decidable) > 40
    for key in decidable:
        store, outcomes = one.apply(one.decide(key, "reject"))
        assert (lapses(outcomes), one.fact(store, key)) == ([], [])
    _, outcomes = one.apply(*(one.decide(key, "accept") for key in decidable))
    assert lapses(outcomes) == []
    store, outcomes = one.apply(*(one.decide(key, "reject") for key in decidable))
    assert lapses(outcomes) == []
    left = {quad.object for quad in store.quads_for_pattern(None, TYPE, None, one.graph)}
    assert left <= {du("Document"), du("Assertion"), du("Evidence")}


# The shipped documents, built: ten decisions of each kind, chosen by what there is.


def squeezed(text: str) -> str:
    return "".join(text.split())


def unique_sentences(text: str) -> list[str]:
    """Clauses that stand once in a text."""
    whole = squeezed(text)
    clauses = [part for part in whole.replace("。", "\n").replace("；", "\n").split("\n") if 12 <= len(part) <= 60]
    return [clause for clause in clauses if whole.count(clause) == 1]


class Curator:
    """Decides on a snapshot as a curator does: by key, with the prefilled text, into files."""

    def __init__(self, snapshot: Snapshot, folder: Path) -> None:
        self.snapshot, self.folder = snapshot, folder
        self.store = ox.Store.read_only(str(snapshot.store_path))

    def decide(self, document: str, key: str, action: str, value: str = "", **given: str) -> None:
        found = drafts(self.store, key, self.snapshot.text, self.snapshot.manifest["base"])
        draft = next(one for one in found if one.document in ("", document) and value in ("", one.fields.get("value")))
        append(self.folder, document, draft.block(action=action, **WHO, **given))

    def add(self, document: str, key: str, sentence: str, **properties: str) -> None:
        (draft,) = drafts(self.store, key)
        draft = replace(draft, properties=properties)
        append(self.folder, document, draft.block(sentence=sentence, **WHO))

    def keys(self, document: str, *classes: str) -> list[str]:
        graph = ox.NamedNode(graph_iri(DEFAULT_BASE, "document", document, "stated"))
        found = {q.subject for name in classes for q in self.store.quads_for_pattern(None, TYPE, du(name), graph)}
        return sorted(str(subject)[1:-1].removeprefix(DEFAULT_BASE) for subject in found)

    def value(self, key: str) -> list[tuple[str, str]]:
        """Each value of a property as (value, basis of its assertion)."""
        found = []
        for entry in self.snapshot.manifest["documents"]:
            graph = ox.NamedNode(graph_iri(DEFAULT_BASE, "document", entry["id"], "stated"))
            for fact in facts(self.store, graph, key, DEFAULT_BASE):
                for holder in fact.held:
                    bases = self.store.quads_for_pattern(holder, du("basis"), None, graph)
                    found += [(fact.shown, str(quad.object)[1:-1].rpartition("-")[2]) for quad in bases]
        return found


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return build([DOCUMENTS], tmp_path_factory.mktemp("plain"), reasoning=False)


@pytest.fixture(scope="module")
def curated(plain: BuildResult, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    """A folder of forty decisions about the shipped documents, and their keys by kind."""
    assert plain.snapshot
    curator = Curator(plain.snapshot, tmp_path_factory.mktemp("decided") / "corrections")
    keys: dict[str, list[str]] = {"accept": [], "change": [], "reject": [], "add": []}
    uncertain = entries(plain.snapshot, curator.store)
    for entry in plain.snapshot.manifest["documents"]:
        name = entry["id"]
        for one in [one for one in uncertain if one.document == name and one.kind not in ("finding", "weak")][:2]:
            curator.decide(name, one.key, "accept", one.value)
            keys["accept"].append(one.key)
        (visit,) = curator.keys(name, "Supervision")
        values = [f"{key} du:value" for key in curator.keys(name, "Target", "Baseline", "StatedCount")]
        small = next(key for key in values if any(float(shown) < 90 for shown, _ in curator.value(key)))
        more = {f"document/{name} du:documentKind": "duc:document-other", small: "7"}
        for key, to in more.items():
            curator.decide(name, key, "change", to=to)
            keys["change"].append(key)
        used = {key.partition(" ")[0] for kind in keys.values() for key in kind}
        nodes = curator.keys(name, "Duty", "Safeguard", "Goal", "Principle", "Target")
        for key in [key for key in nodes if key not in used][-2:]:
            curator.decide(name, key, "reject")
            keys["reject"].append(key)
        said = unique_sentences(plain.snapshot.text(name))
        (plan,) = curator.keys(name, "Plan")
        curator.add(name, f"{plan}/target", said[0], indicatorText="漏读的目标", due="2025")
        curator.decide(name, f"{visit} du:kind", "add", to="duc:kind-special", sentence=said[1])
        keys["add"] += [f"{plan}/target", f"{visit} du:kind"]
    return curator.folder, keys


@pytest.fixture(scope="module")
def corrected(curated: tuple[Path, dict[str, list[str]]], tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    return build([DOCUMENTS], tmp_path_factory.mktemp("corrected"), reasoning=False, corrections=curated[0])


@pytest.mark.slow
def test_ten_decisions_of_each_kind_are_applied(
    plain: BuildResult, corrected: BuildResult, curated: tuple[Path, dict[str, list[str]]]
) -> None:
    folder, keys = curated
    assert {kind: len(found) for kind, found in keys.items()} == dict.fromkeys(keys, 10)
    assert (corrected.applied, corrected.lapsed, corrected.exit_code) == (40, (), 0)
    assert corrected.snapshot
    assert plain.snapshot
    before, after = Curator(plain.snapshot, folder), Curator(corrected.snapshot, folder)
    for key in keys["accept"]:
        assert after.value(key) == before.value(key), "what is accepted keeps its value and its basis"
    for decision in read_decisions(folder):
        if decision.action is Action.CHANGE:
            assert after.value(decision.key) == [(decision.to, "corrected")]
    for key in keys["reject"]:
        assert before.value(key)
        assert after.value(key) == []
    for key in keys["add"]:
        if " " in key:
            assert ("duc:kind-special", "corrected") in after.value(key)
    added = set(after.store.quads_for_pattern(None, du("indicatorText"), ox.Literal("漏读的目标"), None))
    assert len({quad.subject for quad in added}) == 5
    assert_whole(ox.parse(path=str(corrected.snapshot.dump_path)))


@pytest.mark.slow
def test_every_decision_is_in_the_graph_and_in_the_manifest(
    corrected: BuildResult, curated: tuple[Path, dict[str, list[str]]]
) -> None:
    assert corrected.snapshot
    listed = {one["id"]: one for one in corrected.snapshot.manifest["corrections"]}
    store = ox.Store.read_only(str(corrected.snapshot.store_path))
    for decision in read_decisions(curated[0]):
        said = {q.predicate.value.rpartition("#")[2]: q.object for q in store.quads_for_pattern(
            node(f"correction/{decision.id}"), None, None, None)}  # fmt: skip
        assert said["factKey"].value == decision.key
        assert (said["decidedBy"].value, said["decidedOn"].value, said["rationale"].value) == (
            "甲",
            "2026-11-22",
            "对照原文",
        )
        assert said["outcome"].value == f"{DUC}outcome-applied"
        assert "evidence" in said
        assert listed[decision.id]["outcome"] == "applied"
        assert len(listed[decision.id]["documents"]) == 1


@pytest.mark.slow
def test_decisions_survive_a_rebuild_warm_or_cold_byte_for_byte(
    corrected: BuildResult, curated: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    assert corrected.snapshot
    warm = build([DOCUMENTS], corrected.snapshot.path.parent.parent, reasoning=False, corrections=curated[0])
    assert warm.cached == 5
    assert warm.snapshot == corrected.snapshot
    cold = build([DOCUMENTS], tmp_path, reasoning=False, corrections=curated[0])
    assert cold.cached == 0
    assert cold.snapshot
    assert cold.snapshot.version == corrected.snapshot.version
    assert cold.snapshot.dump_path.read_bytes() == corrected.snapshot.dump_path.read_bytes()


@pytest.mark.slow
def test_what_is_decided_is_not_to_be_looked_at_again(
    plain: BuildResult, corrected: BuildResult, curated: tuple[Path, dict[str, list[str]]]
) -> None:
    assert plain.snapshot
    assert corrected.snapshot
    accepted = set(curated[1]["accept"])
    for snapshot, decisions in ((corrected.snapshot, ()), (plain.snapshot, read_decisions(curated[0]))):
        found = entries(snapshot, ox.Store.read_only(str(snapshot.store_path)), decisions)
        assert not accepted & {entry.key for entry in found}
        assert len(found) > 100


@pytest.mark.slow
def test_one_whose_sentence_changed_lapses_and_the_fact_stays_as_extracted(
    plain: BuildResult, curated: tuple[Path, dict[str, list[str]]], tmp_path: Path
) -> None:
    assert plain.snapshot
    curator = Curator(plain.snapshot, tmp_path / "corrections")
    name, key = next(
        (entry["id"], key)
        for entry in plain.snapshot.manifest["documents"]
        for key in curator.keys(entry["id"], "Safeguard")
        if key[-1].isdigit()
    )
    curator.decide(name, key, "reject")
    (plan,) = curator.keys(name, "Plan")
    curator.decide(name, f"{plan} du:region", "accept")
    graph = ox.NamedNode(graph_iri(DEFAULT_BASE, "document", name, "stated"))
    (fact,) = facts(curator.store, graph, key, DEFAULT_BASE)
    last = fact.passages[-1]
    text = plain.snapshot.text(name)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "新版.txt").write_bytes(f"{text[: last.end - 2]}也{text[last.end - 2 :]}".encode())

    result = build([tmp_path / "documents"], tmp_path / "out", reasoning=False)
    assert (result.applied, result.exit_code) == (1, 0)
    ((decision, why),) = result.lapsed
    assert (decision.key, why.en, why.zh) == (key, "the sentence has changed", "所据的句子已经变化")
    assert result.snapshot
    after = Curator(result.snapshot, tmp_path)
    assert after.value(key), "the fact is as extracted"
    said = {q.predicate.value.rpartition("#")[2]: str(q.object) for q in after.store.quads_for_pattern(
        node(f"correction/{decision.id}"), None, None, None)}  # fmt: skip
    assert said["outcome"] == f"<{DUC}outcome-lapsed>"
    listed = {one["key"]: one for one in result.snapshot.manifest["corrections"]}
    assert listed[key]["problem"] == "the sentence has changed"
    first = entries(result.snapshot, after.store, read_decisions(tmp_path / "corrections"))[0]
    assert (first.kind, first.key) == ("lapsed", key)
    assert result.snapshot.manifest["findings"]["violation"] == 0


@pytest.mark.slow
def test_a_decision_that_breaks_a_rule_costs_only_itself(plain: BuildResult, tmp_path: Path) -> None:
    assert plain.snapshot
    curator = Curator(plain.snapshot, tmp_path / "corrections")
    entry = plain.snapshot.manifest["documents"][0]
    (visit,) = curator.keys(entry["id"], "Supervision")
    curator.decide(entry["id"], f"document/{entry['id']} du:documentKind", "change", to="duc:level-central")
    curator.decide(entry["id"], f"{visit} du:level", "accept")
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "一.txt").write_bytes((DOCUMENTS / entry["file"]).read_bytes())
    result = build([documents], tmp_path / "out", reasoning=False)
    assert (result.applied, result.documents, result.exit_code) == (1, 1, 0)
    ((_, why),) = result.lapsed
    assert why.en.startswith("it would break the rule document-kind: ")


@pytest.mark.slow
def test_one_decision_holds_for_two_copies_of_a_text(plain: BuildResult, tmp_path: Path) -> None:
    assert plain.snapshot
    curator = Curator(plain.snapshot, tmp_path / "corrections")
    entry = next(e for e in plain.snapshot.manifest["documents"] if curator.keys(e["id"], "Round"))
    (visit,) = curator.keys(entry["id"], "Supervision")
    curator.decide(entry["id"], f"{visit} du:startDate", "change", to="2020-02")
    documents = tmp_path / "documents"
    documents.mkdir()
    for number in range(2):
        (documents / f"{number}.txt").write_bytes((DOCUMENTS / entry["file"]).read_bytes() + b"\n" * number)
    result = build([documents], tmp_path / "out", reasoning=False)
    assert result.snapshot
    assert (result.applied, result.documents) == (1, 2)
    after = Curator(result.snapshot, tmp_path)
    assert after.value(f"{visit} du:startDate") == [("2020-02", "corrected")] * 2
    assert [len(one["documents"]) for one in result.snapshot.manifest["corrections"]] == [2]


@pytest.mark.slow
def test_a_finding_that_is_accepted_is_not_listed_again(plain: BuildResult, tmp_path: Path) -> None:
    assert plain.snapshot
    curator = Curator(plain.snapshot, tmp_path / "corrections")
    finding = next(one for one in entries(plain.snapshot, curator.store) if one.kind == "finding")
    curator.decide(finding.document, finding.key, "accept")
    result = build(
        [DOCUMENTS], plain.snapshot.path.parent.parent, reasoning=False, corrections=tmp_path / "corrections"
    )
    assert result.snapshot
    assert (result.applied, result.lapsed, result.cached) == (1, (), 5)
    after = entries(result.snapshot, ox.Store.read_only(str(result.snapshot.store_path)))
    assert finding.key not in {one.key for one in after}
    assert len({one.key for one in after if one.kind == "finding"}) == sum(result.findings.values()) - 1


def test_a_broken_file_stops_the_build_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "一.txt").write_text("某市整改方案", encoding="utf-8")
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / "甲.toml").write_text('[[correction]]\nkey = "plan/x"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"^甲\.toml:1: has no action; write it as docs/corrections\.md shows"):
        build([tmp_path / "documents"], tmp_path / "out", reasoning=False)
    assert not (tmp_path / "out").exists()
    with pytest.raises(UsageError, match="is no folder of corrections"):
        build([tmp_path / "documents"], tmp_path / "out", corrections=tmp_path / "没有")


def test_changed_decisions_are_applied_without_reading_the_documents_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "stand_in"))
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "log"))
    import stand_in_stages

    (tmp_path / "documents").mkdir()
    for number in range(3):
        (tmp_path / "documents" / f"{number}.txt").write_text(f"第{number}号整改方案(提示)", encoding="utf-8")
    run: Callable[[], BuildResult] = lambda: build(  # noqa: E731
        [tmp_path / "documents"], tmp_path / "out", stages=stand_in_stages.STAGES
    )
    first = run()
    assert first.snapshot
    name = first.snapshot.manifest["documents"][0]["id"]
    block = f"""[[correction]]
key = "document/{name} dcterms:title"
sentence = "{sentence_hash("")}"
action = "change"
to = "改过的标题"
by = "甲"
on = 2026-11-22
why = "页面标题有误"
"""
    (tmp_path / "log").unlink()
    (tmp_path / "corrections").mkdir()
    path = tmp_path / "corrections" / "甲.toml"

    def titles(result: BuildResult) -> list[str]:
        return [entry["title"] for entry in result.snapshot.manifest["documents"]] if result.snapshot else []

    path.write_text(block, encoding="utf-8")
    second = run()
    assert (second.applied, second.cached, titles(second)) == (1, 2, ["改过的标题", *titles(first)[1:]])
    assert run().cached == 3
    path.write_text(block.replace("改过的", "又改的"), encoding="utf-8")
    assert titles(run())[0] == "又改的标题"
    path.unlink()
    assert run().snapshot == first.snapshot
    assert not (tmp_path / "log").exists(), "no document was read again"
    assert json.loads((first.snapshot.path / "manifest.json").read_bytes())["corrections"] == []


def test_a_decision_in_a_quarantined_document_is_told_and_not_blamed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "stand_in"))
    import stand_in_stages

    (tmp_path / "documents").mkdir()
    path = tmp_path / "documents" / "违规.txt"
    path.write_text("违规的方案", encoding="utf-8")
    name = read_document(path).id
    (tmp_path / "corrections").mkdir()
    append(
        tmp_path / "corrections",
        name,
        f"""[[correction]]
key = "document/{name} dcterms:title"
sentence = "{sentence_hash("")}"
action = "accept"
by = "甲"
on = 2026-11-22
why = "核对过"
""",
    )
    result = build([tmp_path / "documents"], tmp_path / "out", stages=stand_in_stages.STAGES)
    assert (result.quarantined, result.applied) == (("违规.txt",), 0)
    assert [why.en for _, why in result.lapsed] == ["its document is quarantined"]
