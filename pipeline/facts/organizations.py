"""Compressed lists of organisations, spread out: 江岸、硚口…青山区党委、政府 is a body for each name and each office (GENRE §7)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts.gaps import is_damaged
from pipeline.model import Party, Source
from pipeline.region import Region, load_regions

_OFFICE = r"(?:党委|党工委|工委|党\(工\)委|党组|人民政府|政府|管委会|行署|公署|委员会|纪委监委|纪委|监委|监察委员会|(?<=[市区县州盟旗省])委)"
_TAIL = re.compile(rf"(?P<stem>.*?)(?P<office>{_OFFICE})(?P<alias>\([^()]*\))?$")
_BARE = re.compile(
    r"^(?P<sign>[市区县州盟旗])?(?:人民)?(?P<office>政府|管委会|行署|公署|管理委员会|工委|党工委)(?P<alias>\([^()]*\))?$"
)
_BODY = re.compile(
    rf"{_OFFICE}|局|厅|办公?室?$|委$|部$|院$|中心$|公司$|集团$|大队$|支队$|总队$|站$|处$|所$|会$|组$|团$|校$|署$|馆$|社$|企业|单位|部门|园区|街道|镇$|乡$|开发区$"
)
_GROUP = re.compile(r"各|有关|相关|所在地|属地|责任单位|其他|沿线|涉及")
_PARTY = re.compile(r"党委|党工委|工委|党\(工\)委|党组|纪委|[市省区县州盟]委(?!员)|组织部|宣传部|统战部|政法委")
_GOVERNMENT = re.compile(
    r"政府|局|厅|管委会|监委|行署|公署|(?:发改|发展改革|发展和改革|卫健|卫生健康|国资|住建|城管|经信|工信|科|教|交|农)委|公安|海关|税务|管理中心"
)
_REGION_TAIL = re.compile(r"(?P<sign>[区县市旗])$")


@dataclass(frozen=True, slots=True)
class _Body:
    label: str
    as_written: str
    lead: bool


def _split(words: str) -> list[str]:
    """The members of a list, split at 、 , ; outside brackets."""
    parts, depth, current = [], 0, ""
    for sign in words:
        depth += (sign == "(") - (sign == ")")
        if depth <= 0 and sign in "、,;":
            parts.append(current)
            current = ""
        else:
            current += sign
    return [part.strip() for part in [*parts, current] if part.strip()]


def expand(words: str) -> list[_Body]:
    """A list as written → its bodies, each with the words that name it.

    `江岸、硚口区党委、政府` gives four; `X党委(工委)、政府(管委会)` two; an alias in brackets goes along
    (`开发区工委(甲区委)、管委会(政府)` → `开发区管委会(甲区政府)`).
    """
    bodies: list[_Body] = []
    waiting: list[str] = []
    previous: re.Match[str] | None = None
    stems: list[str] = []
    for raw in _split(words.rstrip("。 ")):
        member, lead = re.sub(r"\((?:牵头|负责)\)$", "", raw), bool(re.search(r"\(牵头\)$", raw))
        for token in _and(re.sub(r"(?:等|主要负责人|主要领导|负责人)$", "", member)):
            bare = _BARE.match(token)
            if bare and stems and all(stem.endswith(bare["sign"] or "") for stem in stems):
                alias = _alias(previous, bare["alias"])
                bodies += [_Body(stem + bare["office"] + alias, token, lead) for stem in stems]
                continue
            tail = _TAIL.match(token)
            if not tail and not _BODY.search(token) and not _GROUP.search(token):
                waiting.append(token)
                continue
            stems = _stems(tail["stem"], waiting) if tail else []
            if tail:
                bodies += [_Body(stem + tail["office"] + (tail["alias"] or ""), token, lead) for stem in stems]
            else:
                bodies += [_Body(name, name, lead) for name in [*waiting, token]]
            waiting, previous = [], tail
    return bodies + [_Body(name, name, False) for name in waiting]


def _and(token: str) -> list[str]:
    """党委和政府 names two offices; 自然资源和规划局 is one body."""
    match = re.match(r"(.*(?:党委|[市区县州省]委)(?:\([^()]*\))?)(?:和|及)((?:人民)?政府.*|管委会.*)$", token)
    return [match[1], match[2]] if match else [token]


def _stems(stem: str, waiting: list[str]) -> list[str]:
    """`青山区` after 江岸、硚口 → 江岸区, 硚口区, 青山区."""
    sign = _REGION_TAIL.search(stem)
    if not waiting:
        return [stem]
    if sign:
        return [*(name if _REGION_TAIL.search(name) else name + sign["sign"] for name in waiting), stem]
    return [*waiting, stem]


def _alias(previous: re.Match[str] | None, alias: str | None) -> str:
    if not alias:
        return ""
    inner = alias[1:-1]
    before = (previous["alias"] or "")[1:-1] if previous else ""
    match = re.match(r"(.+?[区县市旗])(?:委|党委|工委)$", before)
    return f"({match[1]}{inner})" if match and len(inner) <= 4 else alias


def parties(words: str, source: Source, region: str | None) -> Iterator[tuple[Party, bool]]:
    """The bodies of a list and whether each is marked as lead (牵头), qualified by the region of the plan.

    A body the text leaves as 市X is unknown without a city: without `region` it keeps its printed name.
    A damaged name gives no body.
    """
    home = load_regions().get(region) if region else None
    for body in expand(words):
        if is_damaged(body.label) or len(body.label) < 2:
            continue
        label, place = _qualify(body.label, home)
        group = bool(_GROUP.match(label.removeprefix(home.name if home else "") or label))
        yield (
            Party(
                label=label,
                as_written=body.as_written,
                region=place,
                party_body=bool(_PARTY.search(label)),
                government_body=bool(_GOVERNMENT.search(label)),
                group=group,
                source=source,
            ),
            body.lead,
        )


def _qualify(label: str, home: Region | None) -> tuple[str, str | None]:
    if home is None:
        return label, None
    regions = load_regions()
    city = regions.prefecture_of(home) or home
    if match := re.match(r"(?P<name>[\u4e00-\u9fff]{2,7}?[区县市旗])(?=党|委|政府|人民|纪|管|工|\()", label):
        county = [r for r in regions.named(match["name"]) if regions.within(r, city) and r != city]
        if len(county) == 1:
            return label, county[0].adcode
    if re.match(r"省(?![\u4e00-\u9fff]{0,1}省)", label):
        province = regions.province_of(home)
        return province.name + label[1:], province.adcode
    for place in (home, city):
        if label[0] in "市州盟县区旗" and place.name.endswith(label[0]):
            return place.name + label[1:], place.adcode
    if label.startswith(home.name):
        return label, home.adcode
    if _GROUP.match(label):
        return home.name + label, home.adcode
    return label, home.adcode
