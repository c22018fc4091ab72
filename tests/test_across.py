"""Several documents: contradictions are found with both sentences, one plan under two IRIs is linked, copies are told."""

import csv
import hashlib
import io
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest
from opencc import OpenCC

from pipeline.assets import asset_path
from pipeline.build import build
from pipeline.document import read_document
from pipeline.extract import default_stages
from pipeline.graph import document_quads, region_quads
from pipeline.model import Document
from pipeline.query import load_queries, run
from pipeline.region import load_regions
from pipeline.snapshot import current_snapshot
from pipeline.union import merge_into_default_graph
from pipeline.validation.across import Across, across, check_across
from pipeline.validation.report import Finding, read_report
from pipeline.vocabulary import DEFAULT_BASE, DU, SHAPE

ANNOUNCEMENT = """南通市公开第二轮省级生态环境保护督察整改方案
发布时间:2021-03-01
2020年9月3日至9月22日,江苏省第三生态环境保护督察组对南通市开展第二轮生态环境保护督察,2020年11月30日反馈督察意见,共指出35个问题。
南通市制定了《南通市贯彻落实江苏省第三生态环境保护督察组反馈意见整改方案》。
一、整改目标
到2022年底前,完成60%反馈问题整改;到2025年,PM2.5平均浓度控制在30微克/立方米以下。
二、问题清单
问题一:城区部分污水管网雨污混流,污水直排内河。
整改时限:2022年底前
牵头单位:市水务局
整改情况:已完成整改
"""
FULL = """南通市贯彻落实江苏省第二轮生态环境保护督察反馈意见整改方案
发布时间:2021-03-05
江苏省第三生态环境保护督察组对南通市开展第二轮生态环境保护督察,共指出35个问题。现制定本方案。
一、整改目标
到2022年底前,完成60%反馈问题整改;到2025年,PM2.5平均浓度控制在30微克/立方米以下。
二、问题清单
问题一:城区部分污水管网雨污混流,污水长期直排内河。
整改时限:2022年底前
牵头单位:市水务局
"""
DATED = "plan/320600-202009"
BY_ROUND = "plan/320600-r2"
VISIT, VISIT_BY_ROUND = DATED.replace("plan", "supervision"), BY_ROUND.replace("plan", "supervision")


def document(name: str, text: str) -> Document:
    digest = hashlib.sha256(f"{name}{text}".encode()).hexdigest()
    return Document(digest[:16], name, digest, text, "utf-8")


def regions() -> dict[str, list[ox.Quad]]:
    found: dict[str, list[ox.Quad]] = {}
    for quad in region_quads(load_regions(), DEFAULT_BASE):
        found.setdefault(quad.subject.value, []).append(quad)
    return found


REGIONS = regions()


def compare(documents: Sequence[Document]) -> Across:
    stated = {one.id: document_quads(one, DEFAULT_BASE) for one in documents}
    return across({one.id: one.text for one in documents}, stated, REGIONS, DEFAULT_BASE)


def told(texts: Mapping[str, str]) -> Across:
    return compare([document(name, text) for name, text in texts.items()])


def changed(text: str, *replacements: tuple[str, str]) -> str:
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def triples(found: Across, name: str) -> set[tuple[str, str]]:
    """Subject and object of a property in the links, relative to the base."""
    return {
        (quad.subject.value.removeprefix(DEFAULT_BASE), quad.object.value.removeprefix(DEFAULT_BASE))
        for quad in found.quads
        if quad.predicate.value == DU + name
    }


def names(findings: Sequence[Finding]) -> list[str]:
    return sorted(finding.shape.removeprefix(SHAPE) for finding in findings)


# ---------------------------------------------------------------- contradictions


@pytest.mark.parametrize(
    ("old", "new", "rule", "values"),
    [
        ("9月3日至", "9月5日至", "visit-dates-agree", ("2020-09-03", "2020-09-05")),
        ("至9月22日", "至9月23日", "visit-dates-agree", ("2020-09-22", "2020-09-23")),
        ("11月30日反馈", "12月1日反馈", "visit-dates-agree", ("2020-11", "2020-12")),
        ("第二轮生态环境保护督察,", "第三轮生态环境保护督察,", "visit-round-agrees", ("2", "3")),
        ("江苏省第三生态环境", "中央第三生态环境", "visit-level-agrees", ("中央|central", "省级|provincial")),
        ("35个问题", "38个问题", "counts-agree", (f"{DU}Issue", "35", "38")),
        ("时限:2022年", "时限:2023年", "issues-agree", ("{}/issue/1", "2022-12-31", "2023-12-31")),
        ("市水务局", "市住建局", "issues-agree", ("{}/issue/1", "南通市住房和城乡建设局", "南通市水务局")),
        ("完成60%", "完成70%", "targets-agree", ("60", "70")),
        ("30微克", "32微克", "targets-agree", ("30", "32")),
    ],
    ids=["start", "end", "feedback", "round", "level", "count", "due", "lead", "share", "concentration"],
)
def test_a_contradiction_between_two_documents_is_a_finding(
    old: str, new: str, rule: str, values: tuple[str, ...]
) -> None:
    other = changed(ANNOUNCEMENT, (old, new), ("公开第二轮省级", "公开省级"), ("2021-03-01", "2021-03-09"))
    found = told({"甲.txt": changed(ANNOUNCEMENT, ("公开第二轮省级", "公开省级")), "乙.txt": other})
    (finding,) = [one for one in found.findings if one.shape == SHAPE + rule]
    assert names(found.findings) == [rule]
    shown = finding.values[1:] if rule == "targets-agree" else finding.values
    assert shown == tuple(value.format(DEFAULT_BASE + DATED) for value in values)
    assert finding.focus.removeprefix(DEFAULT_BASE) in {DATED, VISIT}
    assert len(finding.documents) == len(finding.evidence) == 2


def test_a_finding_names_both_documents_and_both_sentences_in_both_languages() -> None:
    other = changed(ANNOUNCEMENT, ("35个问题", "38个问题"))
    (finding,) = told({"甲.txt": ANNOUNCEMENT, "乙.txt": other}).findings
    assert finding.message_zh == "写明的问题数量不一：35（甲.txt：“35个问题”）；38（乙.txt：“38个问题”）"
    assert finding.message_en == ("the stated number (Issue) differs: 35 (甲.txt: “35个问题”); 38 (乙.txt: “38个问题”)")
    assert sorted(sentence.quote for sentence in finding.evidence) == ["35个问题", "38个问题"]
    assert {sentence.iri.partition("#")[0] for sentence in finding.evidence} == set(finding.documents)


def test_progress_is_no_contradiction_but_its_undoing_is() -> None:
    done, open_ = "已完成整改", "正在推进"
    late = changed(ANNOUNCEMENT, ("2021-03-01", "2022-08-01"))
    progress = told({"甲": changed(ANNOUNCEMENT, (done, open_)), "乙": late})
    undone = told({"甲": ANNOUNCEMENT, "乙": changed(late, (done, open_))})
    assert names(progress.findings) == []
    assert names(undone.findings) == ["status-never-falls"]


def test_another_issue_under_the_same_number_is_told_and_its_deadline_not_compared() -> None:
    other = changed(
        ANNOUNCEMENT,
        ("城区部分污水管网雨污混流,污水直排内河", "开发区扬尘管控不力,堆场未覆盖"),
        ("时限:2022", "时限:2023"),
    )
    assert names(told({"甲": ANNOUNCEMENT, "乙": other}).findings) == ["same-number-same-issue"]


def test_documents_of_two_visits_do_not_contradict_each_other() -> None:
    earlier = changed(
        ANNOUNCEMENT,
        ("2020年9月", "2018年5月"),
        ("至9月", "至5月"),
        ("2020年11月", "2018年7月"),
        ("第二轮", "第一轮"),
        ("35个", "20个"),
    )
    found = told({"甲": ANNOUNCEMENT, "乙": earlier})
    assert (names(found.findings), found.quads) == ([], [])


def test_two_months_of_one_round_are_told() -> None:
    other = changed(ANNOUNCEMENT, ("2020年9月3日至9月22日", "2020年8月3日至8月22日"))
    found = told({"甲": ANNOUNCEMENT, "乙": other})
    assert names(found.findings) == ["one-visit-per-round"]
    assert triples(found, "canonical") == set()


def test_the_shipped_and_the_invented_documents_do_not_contradict_each_other() -> None:
    paths = [*asset_path("data", "documents").glob("*.txt"), *(Path(__file__).parent / "documents").glob("*.txt")]
    found = compare([read_document(path) for path in sorted(paths)])
    assert (found.quads, found.findings) == ([], ())


# ---------------------------------------------------------------- links


def test_a_plan_that_names_only_its_round_is_linked_to_the_dated_one_with_a_reason() -> None:
    found = told({"公告.txt": ANNOUNCEMENT, "全文.txt": FULL})
    assert triples(found, "canonical") == {(BY_ROUND, DATED), (VISIT_BY_ROUND, VISIT)}
    assert names(found.findings) == []
    facts: dict[str, set[str]] = {}
    (link,) = {subject for subject, value in triples(found, "rule") if value == "same-visit"}
    for quad in found.quads:
        if quad.subject.value == DEFAULT_BASE + link:
            facts.setdefault(quad.predicate.value.partition("#")[2], set()).add(quad.object.value)
    assert facts["basis"] == {"https://w3id.org/ducha/concept/basis-inferred"}
    assert len(facts["reason"]) == 2
    assert (facts["subject"], facts["object"]) == ({DEFAULT_BASE + VISIT_BY_ROUND}, {DEFAULT_BASE + VISIT})
    documents = {document(name, text).id for name, text in (("公告.txt", ANNOUNCEMENT), ("全文.txt", FULL))}
    assert {iri.split("/")[-1].partition("#")[0] for iri in facts["evidence"]} == documents


def test_linked_plans_are_compared_though_their_iris_differ() -> None:
    full = changed(
        FULL, ("35个", "33个"), ("2022年底前,", "2023年底前,"), ("时限:2022", "时限:2024"), ("30微克", "28微克")
    )
    found = told({"公告.txt": ANNOUNCEMENT, "全文.txt": full})
    assert names(found.findings) == ["counts-agree", "issues-agree", "targets-agree"]
    assert {finding.focus for finding in found.findings} == {DEFAULT_BASE + DATED}


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ([changed(FULL, ("第二轮", "第三轮"))], "another round"),
        ([changed(FULL, ("南通市", "盐城市"))], "another city"),
        ([changed(FULL, ("江苏省第三", "中央第三"), ("江苏省第二轮", "第二轮中央"))], "another level"),
        ([changed(FULL, ("第二轮生态环境保护督察,", "第二轮生态环境保护督察“回头看”,"))], "a look-back"),
        ([FULL, changed(ANNOUNCEMENT, ("2020年9月3日至9月22日", "2020年8月3日至8月22日"))], "two candidates"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_may_be_another_plan_is_not_linked(texts: list[str], why: str) -> None:
    found = told({"公告.txt": ANNOUNCEMENT, **{f"{number}.txt": text for number, text in enumerate(texts)}})
    assert triples(found, "canonical") == set(), why


def test_a_central_visit_to_the_province_does_not_make_one_plan_of_two_cities() -> None:
    central = [("江苏省第三", "中央第三"), ("公开第二轮省级", "公开第二轮中央")]
    dated = changed(ANNOUNCEMENT, *central)
    undated = changed(FULL, ("江苏省第三", "中央第三"), ("江苏省第二轮", "第二轮中央"))
    linked = told({"公告.txt": dated, "全文.txt": undated})
    assert (BY_ROUND, DATED) in triples(linked, "canonical")
    other = told({"公告.txt": dated, "全文.txt": undated.replace("南通市", "盐城市")})
    assert (triples(other, "canonical"), other.findings) == (set(), ())


def union(documents: Sequence[Document], found: Across) -> ox.Store:
    store = ox.Store()
    quads = [quad for one in documents for quad in document_quads(one, DEFAULT_BASE)] + found.quads
    quads += [quad for code in ("320000", "320600") for quad in REGIONS[f"{DEFAULT_BASE}region/{code}"]]
    store.extend(quads)
    merge_into_default_graph(store, quads)
    return store


def test_a_plan_under_two_iris_is_counted_once() -> None:
    documents = [document("公告.txt", ANNOUNCEMENT), document("全文.txt", FULL)]
    store = union(documents, compare(documents))
    queries = load_queries()

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(run(store, queries[name].bound({}), "csv").decode())))

    (row,) = rows("panel")
    assert (row["plan"], row["visit_start"], row["documents"]) == (DEFAULT_BASE + DATED, "2020-09-03", "2")
    assert (row["issues_least"], row["issues_most"], row["issues_listed"], row["plans"]) == ("35", "35", "1", "1")
    (visit,) = rows("visit-calendar")
    assert (visit["visit"], visit["visits"], visit["visits_able"]) == (DEFAULT_BASE + VISIT, "1", "1")
    for name, query in queries.items():
        for row in rows(name):
            for column in {"plans", "plans_able", "visits", "visits_able"} & set(query.columns):
                assert row[column] == "1", (name, column)


# ---------------------------------------------------------------- copies


PAGE = "首页 > 政务公开 > 督察\n{}\n打印 关闭\n版权所有 某某网\n"
MATTERS = [
    "扬尘管控",
    "秸秆焚烧",
    "畜禽粪污",
    "矿山修复",
    "噪声扰民",
    "油烟直排",
    "危废贮存",
    "渣土运输",
    "湿地侵占",
    "岸线占用",
    "尾矿库",
    "散煤燃烧",
]
LONG = ANNOUNCEMENT + "".join(
    f"{number}.第{number}网格{matter}问题反复出现,群众反映强烈,属地{matter}台账缺失,执法检查流于形式,近年仅查处{number}起。\n"
    f"整改时限:{2021 + number % 4}年{number}月底前\n牵头单位:市{matter[:2]}治理办公室\n整改措施:开展{matter}排查,建立台账,限期销号。\n"
    for number, matter in enumerate(MATTERS, 1)
)


def test_a_copy_points_at_the_better_text_and_says_how_alike_they_are() -> None:
    damaged = changed(PAGE.format(LONG), ("第6网格油烟", "第6网格(略)"))
    one, two = document("原.txt", LONG), document("转.txt", damaged)
    found = compare([two, one])
    assert triples(found, "copyOf") == {(f"document/{two.id}", f"document/{one.id}")}
    assert triples(found, "canonical") == {(f"document/{two.id}", f"document/{one.id}")}
    ((_, similarity),) = triples(found, "similarity")
    assert 0.9 <= float(similarity) < 1
    assert found.findings == ()


def test_the_plan_of_a_copy_whose_date_is_lost_is_the_plan_of_its_original() -> None:
    one, two = document("原.txt", LONG), document("转.txt", changed(LONG, ("2020年9月3日至9月22日,", "日至日,")))
    found = compare([one, two])
    assert (BY_ROUND, DATED) in triples(found, "canonical")
    assert "same-text" in {rule for _, rule in triples(found, "rule")}


def test_a_copy_that_tells_of_another_city_stands_for_itself_and_is_told() -> None:
    found = told({"原.txt": LONG, "转.txt": changed(LONG, ("南通市", "盐城市"))})
    assert len(triples(found, "copyOf")) == 1
    assert triples(found, "canonical") == set()
    (finding,) = found.findings
    assert finding.shape == SHAPE + "copy-tells-same-region"
    assert {value for value in finding.values if "/" not in value} == {"南通市", "盐城市"}


def test_a_copy_in_traditional_script_is_a_copy_and_contradicts_nothing() -> None:
    found = told({"原.txt": LONG, "繁.txt": OpenCC("s2t").convert(LONG)})
    assert len(triples(found, "copyOf")) == 1
    assert names(found.findings) == []


# ---------------------------------------------------------------- the whole


def test_nothing_depends_on_the_order_of_the_documents() -> None:
    texts = {"公告": ANNOUNCEMENT, "全文": changed(FULL, ("35个", "33个")), "转": PAGE.format(LONG), "长": LONG}
    documents = [document(name, text) for name, text in texts.items()]
    runs = [compare(order) for order in list(permutations(documents))[::5]]
    assert len({tuple(map(str, run.quads)) for run in runs}) == 1
    assert len({run.findings for run in runs}) == 1
    assert runs[0].findings


def test_time_grows_with_the_documents_and_not_with_their_pairs() -> None:
    """Hundreds of documents of one plan: every rule is a grouping, so that one row comes of them and not their pairs."""
    lines = ox.serialize(
        document_quads(document("a", ANNOUNCEMENT), DEFAULT_BASE), format=ox.RdfFormat.N_QUADS
    ).decode()
    name = document("a", ANNOUNCEMENT).id
    store = ox.Store()
    random_days = random.Random(1)  # noqa: S311 - a repeatable choice, not a secret
    for number in range(150):
        copy = lines.replace(name, f"{number:016x}").replace("2020-09-03", f"2020-09-{random_days.randint(1, 9):02d}")
        store.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object) for quad in ox.parse(copy, format=ox.RdfFormat.N_QUADS)
        )
    (finding,) = check_across(store)
    assert finding.values == ("2020-09-01", "2020-09-09")


def test_findings_across_documents_are_published_like_all_others(tmp_path: Path) -> None:
    folder = tmp_path / "文件"
    folder.mkdir()
    (folder / "公告.txt").write_text(ANNOUNCEMENT, encoding="utf-8")
    (folder / "全文.txt").write_text(changed(FULL, ("35个", "33个")), encoding="utf-8")
    stages = replace(default_stages(reasoning=False), validate=lambda quads, base: ())
    result = build([folder], tmp_path / "out", stages=stages, reasoning=False)
    assert (result.findings, result.exit_code) == ({"violation": 0, "warning": 1, "info": 0}, 0)

    snapshot = current_snapshot(tmp_path / "out")
    assert [entry["findings"] for entry in snapshot.manifest["documents"]] == [1, 1]
    findings, _ = read_report(json.loads(snapshot.report_json_path.read_bytes()))
    assert names(findings) == ["counts-agree"]
    assert "the stated number (Issue) differs: 33" in findings[0].message_en
    assert b"dus:counts-agree" in snapshot.report_path.read_bytes()
    store = ox.Store.read_only(str(snapshot.store_path))
    (row,) = store.query(
        f"SELECT (COUNT(?document) AS ?n) WHERE {{ GRAPH <{DEFAULT_BASE}graph/validation> {{"
        f" ?finding a <{DU}Finding> ; <{DU}shape> <{SHAPE}counts-agree> ; <{DU}inDocument> ?document }} }}"
    )
    assert row["n"].value == "2"
    linked = f"ASK {{ GRAPH <{DEFAULT_BASE}graph/links> {{ <{DEFAULT_BASE}{BY_ROUND}> <{DU}canonical> ?plan }} }}"
    assert store.query(linked)

    before = snapshot.version
    again = build(sorted(folder.iterdir(), reverse=True), tmp_path / "out", stages=stages, reasoning=False)
    assert again.snapshot
    assert (again.cached, again.snapshot.version) == (2, before)
    fresh = build([folder], tmp_path / "other", stages=stages, reasoning=False)
    assert fresh.snapshot
    assert fresh.snapshot.version == before
