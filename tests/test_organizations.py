"""Lists of organisations, spread out."""

import pytest

from pipeline.facts.organizations import expand, parties
from pipeline.model import Source, Span

HERE = Source((Span(0, 1),), "test")


@pytest.mark.parametrize(
    ("words", "bodies"),
    [
        ("市发改委、市自然资源和规划局,市统计局", ["市发改委", "市自然资源和规划局", "市统计局"]),
        (
            "崇川、海门、通州区党委、政府",
            ["崇川区党委", "海门区党委", "通州区党委", "崇川区政府", "海门区政府", "通州区政府"],
        ),
        ("各区党委(工委)、政府(管委会)", ["各区党委(工委)", "各区政府(管委会)"]),
        ("高新区工委(雨湖区委)、管委会(政府)", ["高新区工委(雨湖区委)", "高新区管委会(雨湖区政府)"]),
        ("各县(市、区)党委和人民政府", ["各县(市、区)党委", "各县(市、区)政府"]),
        ("开远、个旧市委、市政府", ["开远市委", "个旧市委", "开远市政府", "个旧市政府"]),
        ("市水利局。", ["市水利局"]),
        ("", []),
    ],
)
def test_every_body_is_named_in_full(words: str, bodies: list[str]) -> None:
    assert [body.label for body in expand(words)] == bodies


def test_bodies_of_a_city_are_qualified_by_it() -> None:
    found = [party for party, _ in parties("市水务局、江岸区党委、各区政府、省水利厅", HERE, "420100")]
    assert [(p.label, p.region, p.group) for p in found] == [
        ("武汉市水务局", "420100", False),
        ("江岸区党委", "420102", False),
        ("武汉市各区政府", "420100", True),
        ("湖北省水利厅", "420000", False),
    ]
    assert [p.party_body for p in found] == [False, True, False, False]
    assert [p.government_body for p in found] == [True, False, True, True]


def test_a_lead_is_marked() -> None:
    assert [(party.label, lead) for party, lead in parties("市林业局(牵头)、市公安局", HERE, "511500")] == [
        ("宜宾市林业局", True),
        ("宜宾市公安局", False),
    ]


def test_a_redacted_name_gives_no_body() -> None:
    assert [party.label for party, _ in parties("(略)政府、xx区政府、市公安局", HERE, "511500")] == ["宜宾市公安局"]


def test_without_a_city_the_printed_name_stays() -> None:
    assert [(p.label, p.region) for p, _ in parties("市水务局", HERE, None)] == [("市水务局", None)]
