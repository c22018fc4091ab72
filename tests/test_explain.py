"""Where a fact comes from, on two cities: sentences in their context, rules, bases, reasons."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from pipeline.errors import QueryError, SnapshotError
from pipeline.explain import CONTEXT, Explanation, explain

FOLDER = Path(__file__).parent / "graphs"
BASE = "https://w3id.org/ducha/"
DU = f"{BASE}ontology#"
VISIT = "supervision/340200-202209"


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(path=FOLDER / "two-cities.trig", format=ox.RdfFormat.TRIG)
    return store


def text_of(document_id: str) -> str:
    return (FOLDER / "two-cities" / f"{document_id}.txt").read_bytes().decode()


def node(store: ox.Store, label: str) -> str:
    """The IRI of the one node with this label."""
    rdfs_label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    subjects = {
        str(q.subject)[1:-1] for q in store.quads_for_pattern(None, rdfs_label, ox.Literal(label, language="zh"))
    }
    (iri,) = subjects
    return iri


def values(found: Explanation, name: str) -> list[str]:
    return [statement.value for statement in found.statements if statement.property == DU + name]


def test_every_quote_of_the_example_is_its_text_between_the_offsets(store: ox.Store) -> None:
    pieces = [q.subject for q in store.quads_for_pattern(None, ox.NamedNode(DU + "quote"), None)]
    assert len(pieces) > 60
    for piece in pieces:
        (sentence,) = explain(store, str(piece)[1:-1], text_of).origin.sentences
        assert sentence.verified


def test_an_inferred_date_has_its_sentence_rule_basis_and_reason(store: ox.Store) -> None:
    found = explain(store, VISIT, text_of)
    (feedback,) = [statement for statement in found.statements if statement.property == DU + "feedbackDate"]
    inferred, stated = sorted(feedback.origins, key=lambda origin: origin.basis)
    assert (found.label, feedback.value) == ("芜湖市 2022年9月 省级督察", "2022-11-16")
    assert (inferred.basis, inferred.rule, stated.basis) == ("inferred", "supervision.feedback", "stated")
    assert inferred.reasons == ("年份沿用同句的2022年", "the year is carried over from 2022 in the same sentence")
    (sentence,) = inferred.sentences
    assert sentence.quote == "并于11月16日向我市反馈督察意见"
    assert sentence.before.endswith("为期20天,")
    assert sentence.after.startswith(",共指出4个问题")
    assert len(sentence.before) == len(sentence.after) == CONTEXT
    assert (sentence.file, sentence.end - sentence.begin) == ("wuhu-plan.txt", len(sentence.quote))


def test_a_visit_named_in_two_documents_shows_both(store: ox.Store) -> None:
    files = {sentence.file for sentence in explain(store, VISIT, text_of).origin.sentences}
    assert files == {"wuhu-plan.txt", "wuhu-announcement.txt"}


def test_a_target_shows_its_value_and_what_is_derived(store: ox.Store) -> None:
    found = explain(store, node(store, "完成整改问题数 = 24个"), text_of)
    assert (values(found, "value"), values(found, "cumulativeShare")) == (["24"], ["85"])
    assert {s.property.removeprefix(DU) for s in found.statements if s.derived} == {"concernsRegion", "cumulativeShare"}
    assert found.origin.rule == "target.reach"
    assert [sentence.quote for sentence in found.origin.sentences] == ["2025年底前完成24个"]


def test_a_fragment_lists_the_facts_that_rest_on_it(store: ox.Store) -> None:
    (sentence,) = explain(store, node(store, "PM2.5浓度 ≤ 30微克/立方米"), text_of).origin.sentences
    found = explain(store, sentence.iri, text_of)
    assert [label for label, _ in found.supports] == ["PM2.5浓度 ≤ 30微克/立方米"]
    assert found.origin.sentences[0].quote == "到2025年,PM2.5浓度不高于30微克/立方米"


def test_an_assertion_explains_itself(store: ox.Store) -> None:
    sentence = next(s for o in [explain(store, VISIT, text_of)] for s in o.statements if s.property.endswith("#level"))
    fragment = explain(store, sentence.origins[0].sentences[0].iri, text_of)
    label, assertion = next(item for item in fragment.supports if "level = 省级" in item[0])
    found = explain(store, assertion, text_of)
    assert label == "芜湖市 2022年9月 省级督察 · level = 省级"
    assert (found.origin.basis, found.origin.rule) == ("stated", "supervision.level")


def test_printed_text_shows_a_sentence_once_and_no_control_characters(store: ox.Store) -> None:
    printed = explain(store, VISIT, lambda document: text_of(document).replace("\n", "\x1b")).text()
    assert printed.count("【并于11月16日向我市反馈督察意见】") == 1
    assert "\x1b" not in printed
    assert "basis inferred: 年份沿用同句的2022年 / the year is carried over" in printed


def test_without_its_text_a_sentence_stands_alone_and_unverified(store: ox.Store) -> None:
    def missing(document_id: str) -> str:
        raise SnapshotError(document_id, "is not here", "build it")

    for reader in (None, missing):
        (sentence, *_) = explain(store, VISIT, reader).origin.sentences
        assert (sentence.before, sentence.after, sentence.verified) == ("", "", None)


def test_a_text_that_differs_is_told(store: ox.Store) -> None:
    found = explain(store, VISIT, lambda document: "别" * 900)
    assert found.origin.sentences[0].verified is False
    assert "(the text differs)" in found.text()


@pytest.mark.parametrize("iri", ["du:Issue", "duc:level-provincial", "region/340200", f"{BASE}graph-free"])
def test_terms_and_regions_can_be_asked_for(store: ox.Store, iri: str) -> None:
    if iri.endswith("graph-free"):
        with pytest.raises(QueryError):
            explain(store, iri)
    else:
        assert explain(store, iri).label


def test_an_unknown_iri_names_the_nearest(store: ox.Store) -> None:
    with pytest.raises(
        QueryError, match=r"is not in the graph; the nearest are .*plan/340200-202209/issue/3"
    ) as caught:
        explain(store, "plan/340200-202209/issue/4")
    assert "非法码头" in str(caught.value)
    with pytest.raises(QueryError, match="is not an IRI"):
        explain(store, "桂林 市")
    with pytest.raises(QueryError, match="ducha build"):
        explain(ox.Store(), "plan/1")
