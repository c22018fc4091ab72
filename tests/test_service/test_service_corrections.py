"""A document's page says what a curator decided about its facts, in the reader's language."""

import time
from pathlib import Path

import pytest

from pipeline.build import build

FILE = Path(__file__).parents[1] / "documents" / "prefecture-full-plan.txt"
VISIT = "supervision/511500-202111"
SENTENCE = "2021年11月25日至12月15日"
DECISIONS = "".join(
    f"""
[[correction]]
key = "{key}"
sentence = "{sentence}"
action = "{action}"
{more}
by = "甲<b>"
on = 2026-11-22
why = "对照原文"
"""
    for key, sentence, action, more in (
        (f"{VISIT} du:startDate", SENTENCE, "change", 'to = "2021-11-26"'),
        (f"{VISIT} du:endDate", SENTENCE, "accept", ""),
        ("plan/511500-202111/safeguard/2", "(二)严格督查考核。每季度开展1次现场督查。", "reject", ""),
    )
)


@pytest.mark.slow
def test_the_page_of_a_document_says_what_was_decided_and_why(launch, tmp_path_factory):
    server = launch()
    folder = tmp_path_factory.mktemp("decided")
    (folder / "甲.toml").write_text(DECISIONS, encoding="utf-8")
    result = build([FILE], server.out, reasoning=False, corrections=folder)
    assert (result.applied, [why.en for _, why in result.lapsed]) == (3, [])
    (document,) = result.snapshot.manifest["documents"]
    for _ in range(100):
        page = server.get(f"/document/{document['id']}?lang=zh", headers={"Accept": "text/html"})
        if page.headers["ducha-version"] == result.snapshot.version:
            break
        time.sleep(0.1)
    chinese = page.text
    assert "由甲&lt;b&gt;于2026-11-22更正，理由：对照原文" in chinese
    assert "由甲&lt;b&gt;于2026-11-22确认，理由：对照原文" in chinese
    assert "plan/511500-202111/safeguard/2 = 严格督查考核: 由甲&lt;b&gt;于2026-11-22剔除，理由：对照原文" in chinese
    assert "2021-11-26" in chinese
    english = server.get(f"/document/{document['id']}?lang=en", headers={"Accept": "text/html"}).text
    assert "corrected by 甲&lt;b&gt; on 2026-11-22 because: 对照原文" in english
    assert "accepted by 甲&lt;b&gt; on 2026-11-22 because: 对照原文" in english
    assert "Corrections" in english
