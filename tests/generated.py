"""Plan texts made from a seed, varied as the genre is: level, round, counts, goals, issue lists, deadlines, bodies.

Nothing of them is said of a real plan; the cities are those of data/regions.csv, each used once.
"""

import csv
import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Document

REGIONS = Path(__file__).resolve().parent.parent / "data" / "regions.csv"
TOPICS = (
    ("生活污水管网覆盖不足", "加快管网建设", "新建污水管网"),
    ("畜禽养殖粪污直排", "完成粪污处理设施配套", "建设粪污收集池"),
    ("工业园区异味扰民", "异味投诉明显减少", "安装在线监测设备"),
    ("饮用水水源地存在违建", "违建全部拆除", "开展专项清理"),
    ("建筑垃圾随意堆放", "堆放点全部清理", "建立转运台账"),
    ("入河排污口底数不清", "完成排查整治", "逐口登记建档"),
)
BUREAUS = ("生态环境局", "水务局", "住房和城乡建设局", "农业农村局", "自然资源局", "城市管理局")
ROUNDS = ("一", "二", "三")
FAR = ("持续推进", "长期坚持", "立行立改,长期坚持")


@dataclass(frozen=True)
class _City:
    name: str
    province: str


def documents(count: int, seed: int) -> list[Document]:
    """Documents of as many different cities; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - varied, not secret
    return [_document(f"generated-{n:02}.txt", _text(city, chance)) for n, city in enumerate(_cities(count, chance))]


def _cities(count: int, chance: random.Random) -> list[_City]:
    """As far as they go, one of each province before a second one of any."""
    with REGIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    provinces = {row["adcode"]: row["name"] for row in rows if row["level"] == "province"}
    by_province: dict[str, list[str]] = {}
    for row in rows:
        if row["level"] == "prefecture" and row["name"].endswith("市"):
            by_province.setdefault(provinces[row["parent"]], []).append(row["name"])
    for names in by_province.values():
        chance.shuffle(names)
    turns = [(turn, province, name) for province, names in by_province.items() for turn, name in enumerate(names)]
    return [_City(name, province) for _, province, name in sorted(turns)[:count]]


def _document(name: str, text: str) -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(id=digest[:16], file_name=name, text=text, sha256=digest, encoding="utf-8")


def _text(city: _City, chance: random.Random) -> str:
    central = chance.random() < 0.2
    year, month, day = chance.randint(2019, 2023), chance.randint(1, 11), chance.randint(1, 9)
    number = chance.choice(ROUNDS)
    team = "中央" if central else city.province
    level = "中央" if central else "省"
    issues = chance.randint(2, 6)
    parts = [
        f"{city.name}贯彻落实第{number}轮{level}生态环境保护督察反馈意见整改方案",
        f"{year}年{month}月{day}日至{day + chance.randint(9, 19)}日,{team}第{chance.choice(ROUNDS)}生态环境保护督察组"
        f"对{city.name}开展第{number}轮{level}生态环境保护督察,并于{year}年{month + 1}月反馈督察意见。"
        f"反馈意见共指出{issues}个问题。为做好整改,制定本方案。",
        "一、整改目标",
        *_goals(issues, year, chance),
        "二、整改措施",
        "(一)坚决扛起政治责任。各级各部门每季度至少研究1次整改工作。",
        "三、问题清单",
        *(line for n in range(1, issues + 1) for line in _issue(city, n, year, chance)),
        "四、保障措施",
        "(一)加强组织领导。成立整改工作领导小组。",
        "(二)严格督导检查。对整改不力的严肃问责。",
    ]
    return "\n".join(parts) + "\n"


def _goals(issues: int, year: int, chance: random.Random) -> list[str]:
    first = chance.randint(1, issues - 1)
    later = year + chance.randint(2, 3)
    closing = chance.choice(
        (
            f"{issues}个问题中,{year + 1}年底前完成整改{first}个,{later}年底前完成整改{issues - first}个。",
            f"{year + 1}年底前完成{chance.choice((25, 40, 60))}%反馈问题整改,{later}年底前完成100%反馈问题整改。",
            f"到{later}年底,反馈问题全部整改到位。",
        )
    )
    quality = chance.choice(
        (
            f"到{later}年,空气质量优良天数比率达到{chance.randint(82, 95)}%以上,细颗粒物(PM2.5)浓度控制在{chance.randint(25, 38)}微克/立方米以下。",
            f"到{later}年,地表水I-III类水体比例达到{chance.randint(80, 99)}.{chance.randint(1, 9)}%。",
            "生态环境质量持续改善。",
        )
    )
    return [f"(一)问题整改全面完成。{closing}", f"(二)环境质量持续改善。{quality}"]


def _issue(city: _City, number: int, year: int, chance: random.Random) -> list[str]:
    what, goal, measure = chance.choice(TOPICS)
    lead, *others = chance.sample(BUREAUS, chance.randint(1, 3))
    party = chance.random() < 0.5
    due = chance.choice((f"{year + 1}年6月底前", f"{year + 2}年底前", f"{year + 1}年9月30日前", chance.choice(FAR)))
    return [
        f"问题{'一二三四五六'[number - 1]}:{what}。",
        f"责任单位:{f'{city.name[:-1]}市委、{city.name[:-1]}市人民政府,' if party else ''}{'、'.join(f'市{name}' for name in others or [lead])}",
        f"牵头单位:市{lead}",
        f"整改时限:{due}",
        f"整改目标:{goal}。",
        "整改措施:",
        f"1.{measure}{chance.randint(2, 60)}处。",
        f"2.{chance.choice(('定期开展巡查', '压实属地责任', '完善长效机制'))},{year + 1}年底前完成{chance.randint(30, 95)}%。",
    ]
