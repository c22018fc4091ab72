"""Bodies of a field → `Party`: qualified by the region of the plan, told as Party, government, group or company.

In: a field's words and the plan's region. Out: one `Party` a body (武汉市水务局), with the role that the list itself gives.
A body whose place the text leaves open keeps its printed name and has no region.
"""

import re
from collections.abc import Iterator

from pipeline.facts.bodies import Body, Role, expand
from pipeline.facts.gaps import is_damaged
from pipeline.model import Party, Source
from pipeline.region import Region, load_regions

_PARTY = re.compile(r"党委|党工委|工委|党\(工\)委|党组|纪委|[市省区县州盟旗]委(?!员)|组织部|宣传部|统战部|政法委|编办")
_GOVERNMENT = re.compile(
    r"政府|局|厅|管委会|管理委员会|监委|行署|公署|(?:发改|发展改革|发展和改革|卫健|卫生健康|国资|住建|城管|经信|工信|科|教|交|农|建)委|公安|海关|税务|"
    r"管理中心|街道办事处"
)
_COMPANY = re.compile(r"(?:公司|集团|厂|矿|油田|银行|企业)(?:\([^()]*\))?$")
_NATIONAL = re.compile(r"^(?:中央|国家|国务院|中国|水利部|生态环境部|长江|黄河|珠江|淮河|海河|松辽|太湖)")
_CITY_SIGNS = "市州盟"
_OWN_SIGNS = "市州盟县区旗"
_ZONE_WORDS = ("新区", "园区", "开发区", "高新区", "示范区")


def parties(words: str, source: Source, region: str | None) -> Iterator[tuple[Party, bool]]:
    """The bodies of a list and whether each is marked as lead (牵头), qualified by the region of the plan."""
    for party, role in parties_with_roles(words, source, region):
        yield party, role == "lead"


def parties_with_roles(words: str, source: Source, region: str | None) -> Iterator[tuple[Party, Role | None]]:
    """The bodies of a list with the role that the list gives each; None where only the field's label says it.

    A body the text leaves as 市X is unknown without a city: without `region` it keeps its printed name.
    A damaged name gives no body.
    """
    home = load_regions().get(region) if region else None
    for body in expand(words):
        if is_damaged(body.label) or len(body.label) < 2:
            continue
        label, place = _qualify(body, home)
        yield (
            Party(
                label=label,
                as_written=body.as_written,
                region=place,
                party_body=bool(_PARTY.search(label)),
                government_body=bool(_GOVERNMENT.search(label)) and not _COMPANY.search(label),
                group=body.group,
                source=source,
            ),
            body.role,
        )


def _qualify(body: Body, home: Region | None) -> tuple[str, str | None]:
    """The label with its region's name in front (市水务局 → 武汉市水务局) and that region's code."""
    label = body.label
    if home is None or _NATIONAL.match(label):
        return label, None
    regions = load_regions()
    province, city = regions.province_of(home), regions.prefecture_of(home)
    if named := _named(label, home, city or home):
        return label, named.adcode
    if match := re.match(r"省(?![\u4e00-\u9fff]?省)|自治区", label):
        whole = province.name.endswith(match[0])
        return (province.name + label[match.end() :], province.adcode) if whole else (label, None)
    if label.startswith("兵团"):
        corps = next((zone for zone in regions.zones if "兵团" in zone.short_names), None)
        return label, corps.adcode if corps else None
    if label.startswith(_ZONE_WORDS) and home.level == "zone":
        word = next(word for word in _ZONE_WORDS if label.startswith(word))
        return (home.name + label[len(word) :] if home.name.endswith(word) else label), home.adcode
    if _COMPANY.search(label):
        return label, None
    around = [home, *([city] if city else []), *([province] if province.name.endswith("市") else [])]
    for place in around:
        if label[0] in _OWN_SIGNS and place.name.endswith(label[0]):
            return place.name + label[1:], place.adcode
    if body.group:
        return home.name + label, home.adcode
    if label[0] in _OWN_SIGNS and not label.startswith(("市场", "县域", "区域")):
        return label, None
    return label, home.adcode


def _named(label: str, home: Region, city: Region) -> Region | None:
    """The region whose name a label begins with, in the plan's city or, for a province's plan, in the province."""
    regions, best = load_regions(), None
    for length in range(2, min(len(label), 14)):
        if label[length - 1] not in "省市州县区盟旗师区团" and length > 6:
            continue
        for outer in (city, home, regions.province_of(home)):
            found = regions.named(label[:length], outer)
            if len(found) == 1 and (found[0].name == label[:length] or label[length - 1] in "省市州县区盟旗"):
                best = found[0]
                break
    return best
