"""Search over N invented sentences: is every answer whole and right, and how long does it take?

    python bench/search.py [N] [--out DIR]

Makes N sentences of the genre, some in Traditional script, with full-width digits or stray blanks, publishes them as the
quotes of a snapshot, and asks 200 phrases of one sign to a whole clause, of one to three words, a tenth of them absent. What
is right is found without the index and without our folding: OpenCC and NFKC over each sentence, and Python's `in`. Prints
recall, precision, milliseconds through the library, a real server and SPARQL, and what building the index takes.
"""

import argparse
import http.client
import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from opencc import OpenCC

from pipeline.search.entries import search_index_of
from pipeline.search.find import asked, opened
from pipeline.snapshot import Snapshot, publish
from pipeline.vocabulary import DEFAULT_BASE, DU, graph_iri

PER_DOCUMENT, PHRASES = 50, 200
PLACES = [
    "青石",
    "白沙",
    "南屏",
    "梅岭",
    "沙河",
    "龙泉",
    "永安",
    "长丰",
    "玉泉",
    "新塘",
    "双桥",
    "石门",
    "金湾",
    "柳溪",
    "东坪",
    "云台",
    "清源",
    "高陂",
    "平湖",
    "大洼",
]
UNITS = ["县", "区", "市", "镇", "开发区", "工业园区", "街道"]
BODIES = [
    "生态环境局",
    "水务局",
    "住房和城乡建设局",
    "农业农村局",
    "自然资源局",
    "发展改革委",
    "工业和信息化局",
    "城市管理局",
    "林业局",
    "人民政府",
]
MATTERS = [
    "黑臭水体",
    "生活污水直排",
    "散乱污企业",
    "畜禽养殖粪污",
    "建筑扬尘",
    "危险废物贮存",
    "饮用水水源保护区",
    "自然保护地违建",
    "矿山生态修复",
    "工业固体废物",
    "污水管网空白区",
    "秸秆焚烧",
    "机动车尾气",
    "砂石码头",
    "垃圾渗滤液",
    "入河排污口",
]
ACTIONS = [
    "完成整治",
    "全面排查",
    "建立台账",
    "限期拆除",
    "实施雨污分流改造",
    "开展专项执法",
    "关停取缔",
    "提标改造",
    "落实长效管护",
    "逐项销号",
]
MEASURES = ["COD", "NH3-N", "PM2.5", "总磷", "总氮", "SO2", "VOCs", "pH值"]
TEMPLATES = (
    "{year}年{month}月底前，{place}{unit}{body}{action}{matter}{n}处。",
    "针对{place}{unit}{matter}问题，由{body}牵头，{action}，{year}年底前{action2}。",
    "{place}河断面{measure}年均浓度下降{n}.{m}%，{matter}基本消除。",
    "督察反馈指出，{place}{unit}{matter}整改不力，{body}监管缺位，涉及{n}家企业。",
    "{body}会同{place}{unit}人民政府{action}，{measure}达标率不低于{n}%。",
    "截至{year}年{month}月，{n}个{matter}点位已{action}，其余{m}个正在{action2}。",
)
SERVER = """
import sys
from pathlib import Path
from service.serve import run
from service.settings import Settings
run(Path(sys.argv[1]), "127.0.0.1", 0, Settings(Path(sys.argv[1]), cache_bytes=0))
"""
TO_TRADITIONAL, TO_SIMPLIFIED = OpenCC("s2t"), OpenCC("t2s")
_WIDE = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}


def sentences(count: int) -> Iterator[str]:
    """The same ones each time."""
    rng = random.Random(20221122)  # noqa: S311 - no secret
    for number in range(count):
        text = rng.choice(TEMPLATES).format(
            place=rng.choice(PLACES) + rng.choice(PLACES) * (number % 3 == 0),
            unit=rng.choice(UNITS),
            body=rng.choice(BODIES),
            matter=rng.choice(MATTERS),
            action=rng.choice(ACTIONS),
            action2=rng.choice(ACTIONS),
            measure=rng.choice(MEASURES),
            year=rng.randrange(2016, 2028),
            month=rng.randrange(1, 13),
            n=rng.randrange(1, 900),
            m=rng.randrange(1, 90),
        )
        if number % 10 == 3:
            text = TO_TRADITIONAL.convert(text)
        elif number % 10 == 5:
            text = text.translate(_WIDE)
        elif number % 10 == 7:
            at = rng.randrange(len(text))
            text = f"{text[:at]}{rng.choice(' 　')}{text[at:]}" if text[max(at - 1, 0)] > "\u2fff" else text
        yield text


def plain(text: str) -> str:
    """A sentence as the bench compares it: OpenCC's Simplified of NFKC, in lower case, without blanks."""
    return "".join(TO_SIMPLIFIED.convert(unicodedata.normalize("NFKC", text)).lower().split())


def phrases(compared: Sequence[str]) -> list[str]:
    """Pieces of sentences, in either script and width; a tenth stand nowhere."""
    rng = random.Random(7)  # noqa: S311

    def piece() -> str:
        text = rng.choice(compared)
        length = rng.choice((1, 2, 2, 3, 4, 4, 5, 6, 8, 12))
        begin = rng.randrange(max(1, len(text) - length))
        return text[begin : begin + length]

    made = []
    for number in range(PHRASES):
        words = [piece() for _ in range((1, 1, 1, 1, 2, 1, 1, 1, 3, 1)[number % 10])]
        if number % 10 == 9:
            words = [piece() + piece()[::-1]]
        text = " ".join(words)
        made.append((text, TO_TRADITIONAL.convert(text), text.upper(), text.translate(_WIDE))[number % 4])
    return made


def publish_made(out: Path, count: int) -> Snapshot:
    """A snapshot with the sentences as quotes, fifty a document; a fact rests on each."""
    quoted, of = ox.NamedNode(f"{DU}quote"), ox.NamedNode(f"{DU}document")
    supports = ox.NamedNode(f"{DU}evidence")

    def quads() -> Iterator[ox.Quad]:
        for number, text in enumerate(sentences(count)):
            name, begin = f"{number // PER_DOCUMENT:016x}", 200 * (number % PER_DOCUMENT)
            graph = ox.NamedNode(graph_iri(DEFAULT_BASE, "document", name, "stated"))
            document = ox.NamedNode(f"{DEFAULT_BASE}document/{name}")
            evidence = ox.NamedNode(f"{document.value}#char={begin},{begin + len(text)}")
            fact = ox.NamedNode(f"{DEFAULT_BASE}plan/{name}/measure/{begin}")
            yield ox.Quad(evidence, quoted, ox.Literal(text), graph)
            yield ox.Quad(evidence, of, document, graph)
            yield ox.Quad(fact, supports, evidence, graph)

    manifest = {"base": DEFAULT_BASE, "code_version": "bench", "documents": [], "quarantined": [], "failures": []}
    manifest |= {"findings": {}, "validated": False, "reasoned": False, "ontology_version": ""}
    return publish(out, quads(), {}, manifest, report_ttl=b"", report_json=b"{}")


def truth(asked_for: Sequence[str], compared: Sequence[str]) -> list[set[int]]:
    """Which sentences hold all words of each phrase."""
    found = []
    for text in asked_for:
        words = [plain(word) for word in text.split()]
        found.append({at for at, one in enumerate(compared) if all(word in one for word in words)})
    return found


def _number(iri: str) -> int:
    """The number of the sentence that is quoted."""
    name, _, place = iri.rpartition("/")[2].partition("#char=")
    return int(name, 16) * PER_DOCUMENT + int(place.partition(",")[0]) // 200


def _times(title: str, milliseconds: Sequence[float]) -> None:
    ordered = sorted(milliseconds)
    print(
        f"{title:34} median {median(ordered):7.2f} ms   95 % {ordered[len(ordered) * 95 // 100]:7.2f}   most {ordered[-1]:7.2f}"
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), 1000 * (time.perf_counter() - began)


def library(snapshot: Snapshot, asked_for: Sequence[str], right: Sequence[set[int]]) -> None:
    """What the index gives, held against what is right."""
    pages, wholes, gave, hits, wanted = [], [], 0, 0, 0
    for text, answer in zip(asked_for, right, strict=True):
        words = asked(text)

        def page(words: Any = words) -> Any:
            with opened(snapshot.search_path) as index:
                return index.counts(words), index.page(words, "quote")

        (counts, shown), took = _timed(page)
        with opened(snapshot.search_path) as index:
            numbers, whole = _timed(lambda: index.numbers(words, "quote"))  # noqa: B023 - called at once
            found = {_number(iri) for iri in index.iris(numbers)}
        assert counts["quote"] == len(found) == len(numbers), text
        assert all(hit.marks for hit in shown), text
        pages, wholes = [*pages, took], [*wholes, whole]
        gave, hits, wanted = gave + len(found), hits + len(found & answer), wanted + len(answer)
    print(
        f"recall {hits / wanted:.6f}, precision {hits / gave:.6f}; {wanted:,} right answers to {len(asked_for)} phrases"
    )
    _times("library: counts and first page", pages)
    _times("library: numbers of all answers", wholes)


def server(out: Path, asked_for: Sequence[str], right: Sequence[set[int]]) -> None:
    """The same from a real server that keeps no answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(out)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert process.stdout is not None
        line = b""
        while b"http://" not in line:
            line = process.stdout.readline()
        address = line.decode().split("http://")[1].split("/")[0]
        connection = http.client.HTTPConnection(address)

        def get(path: str, accept: str) -> bytes:
            connection.request("GET", path, headers={"Accept": accept})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, (answer.status, body)
            return body

        for _ in range(100):
            try:
                get("/healthz", "*/*")
                break
            except OSError:
                connection.close()
                time.sleep(0.1)
        taken: dict[str, list[float]] = {"/search.json": [], "/search": [], "/sparql with duf:search": []}
        for text, answer in zip(asked_for, right, strict=True):
            told, took = _timed(lambda: json.loads(get(f"/search.json?kind=quote&q={quote(text)}", "*/*")))  # noqa: B023
            assert told["counts"]["quote"] == len(answer), text
            assert {_number(one["iri"]) for one in told["results"]} <= answer, text
            taken["/search.json"].append(took)
            taken["/search"].append(_timed(lambda: get(f"/search?q={quote(text)}", "text/html"))[1])  # noqa: B023
            if len(answer) <= 10_000:
                sparql = f'SELECT ?q {{ ?e <{DEFAULT_BASE}function/search> "{text}" . ?e <{DU}quote> ?q }} LIMIT 20'
                path = f"/sparql?query={quote(sparql)}"
                taken["/sparql with duf:search"].append(_timed(lambda: get(path, "text/csv"))[1])  # noqa: B023
        for title, milliseconds in taken.items():
            _times(title, milliseconds)
        sparql = (
            f'SELECT (COUNT(*) AS ?n) {{ ?e <{DU}quote> ?q FILTER(<{DEFAULT_BASE}function/matches>(?q, "黑臭水體")) }}'
        )
        print(
            f"/sparql with FILTER(duf:matches): {_timed(lambda: get(f'/sparql?query={quote(sparql)}', 'text/csv'))[1]:,.0f} ms"
        )
    finally:
        process.terminate()
        process.wait()


def index_alone(snapshot: Snapshot) -> None:
    """Builds the index once more, in a process of its own."""
    began, path = time.perf_counter(), snapshot.path.parent / "again.db"
    search_index_of(snapshot.dump_path, snapshot.manifest, snapshot.path / "texts")(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"index: {time.perf_counter() - began:.0f} s ({time.process_time():.0f} s of processor), {path.stat().st_size / 2**20:.0f} MiB, memory at most {peak:.0f} MiB",
        flush=True,
    )
    assert path.read_bytes() == snapshot.search_path.read_bytes(), "the same index twice has the same bytes"
    path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("count", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--out", type=Path, help="where the snapshot is made and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        out = options.out or Path(temporary)
        snapshot, took = _timed(lambda: publish_made(out, options.count))
        print(f"{options.count:,} sentences published in {took / 1000:.0f} s", flush=True)
        alone = multiprocessing.get_context("spawn").Process(target=index_alone, args=(snapshot,))
        alone.start()
        alone.join()
        assert alone.exitcode == 0
        compared = [plain(text) for text in sentences(options.count)]
        asked_for = phrases(compared)
        right = truth(asked_for, compared)
        library(snapshot, asked_for, right)
        server(out, asked_for, right)


if __name__ == "__main__":
    main()
