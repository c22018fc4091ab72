"""Administrative divisions: what the table of GB/T 2260 says, and that it is whole."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.region import COLUMNS, Region, Regions, load_regions, read_regions
from pipeline.region_tables import FORMER_COLUMNS, ZONE_COLUMNS, former_rows, zone_rows

HEADER = ",".join(COLUMNS)
GUANGXI = "450000,广西壮族自治区,province,,广西,Guangxi Zhuang Autonomous Region,22.8167,108.3167"
GUILIN = "450300,桂林市,prefecture,450000,桂林,Guilin,25.2802,110.2964"


@pytest.fixture(scope="module")
def regions() -> Regions:
    return load_regions()


def names(found: tuple[Region, ...]) -> list[str]:
    return [region.name for region in found]


@pytest.mark.parametrize(
    ("adcode", "name", "prefecture", "province"),
    [
        ("110105", "朝阳区", None, "北京市"),
        ("120116", "滨海新区", None, "天津市"),
        ("130181", "辛集市", "石家庄市", "河北省"),
        ("140900", "忻州市", "忻州市", "山西省"),
        ("152502", "锡林浩特市", "锡林郭勒盟", "内蒙古自治区"),
        ("210181", "新民市", "沈阳市", "辽宁省"),
        ("220800", "白城市", "白城市", "吉林省"),
        ("220802", "洮北区", "白城市", "吉林省"),
        ("232701", "漠河市", "大兴安岭地区", "黑龙江省"),
        ("310115", "浦东新区", None, "上海市"),
        ("320600", "南通市", "南通市", "江苏省"),
        ("320613", "崇川区", "南通市", "江苏省"),
        ("320614", "海门区", "南通市", "江苏省"),
        ("330114", "钱塘区", "杭州市", "浙江省"),
        ("341504", "叶集区", "六安市", "安徽省"),
        ("350405", "沙县区", "三明市", "福建省"),
        ("360981", "丰城市", "宜春市", "江西省"),
        ("370116", "莱芜区", "济南市", "山东省"),
        ("410307", "偃师区", "洛阳市", "河南省"),
        ("419001", "济源市", None, "河南省"),
        ("420100", "武汉市", "武汉市", "湖北省"),
        ("420102", "江岸区", "武汉市", "湖北省"),
        ("420113", "汉南区", "武汉市", "湖北省"),
        ("422801", "恩施市", "恩施土家族苗族自治州", "湖北省"),
        ("429004", "仙桃市", None, "湖北省"),
        ("429021", "神农架林区", None, "湖北省"),
        ("433101", "吉首市", "湘西土家族苗族自治州", "湖南省"),
        ("441900", "东莞市", "东莞市", "广东省"),
        ("450300", "桂林市", "桂林市", "广西壮族自治区"),
        ("450312", "临桂区", "桂林市", "广西壮族自治区"),
        ("450332", "恭城瑶族自治县", "桂林市", "广西壮族自治区"),
        ("469005", "文昌市", None, "海南省"),
        ("500157", "两江新区", None, "重庆市"),
        ("510781", "江油市", "绵阳市", "四川省"),
        ("520203", "六枝特区", "六盘水市", "贵州省"),
        ("530600", "昭通市", "昭通市", "云南省"),
        ("530681", "水富市", "昭通市", "云南省"),
        ("540481", "米林市", "林芝市", "西藏自治区"),
        ("610403", "杨陵区", "咸阳市", "陕西省"),
        ("620200", "嘉峪关市", "嘉峪关市", "甘肃省"),
        ("632803", "茫崖市", "海西蒙古族藏族自治州", "青海省"),
        ("640303", "红寺堡区", "吴忠市", "宁夏回族自治区"),
        ("653228", "和康县", "和田地区", "新疆维吾尔自治区"),
        ("659001", "石河子市", None, "新疆维吾尔自治区"),
    ],
)
def test_a_code_names_its_division_and_what_it_lies_in(
    regions: Regions, adcode: str, name: str, prefecture: str | None, province: str
) -> None:
    region = regions.get(adcode)
    above = regions.prefecture_of(region)
    assert (region.name, above and above.name, regions.province_of(region).name) == (name, prefecture, province)


def test_the_table_is_whole(regions: Regions) -> None:
    assert Counter(region.level for region in regions) == {"province": 34, "prefecture": 333, "county": 2845}
    assert len(regions) == 3212
    assert [region.adcode for region in regions] == sorted(region.adcode for region in regions)


@pytest.mark.parametrize("adcode", ["110100", "429000", "500200", "341400", "513300x", "000000", "桂林"])
def test_placeholders_and_codes_abolished_before_2014_are_not_there(regions: Regions, adcode: str) -> None:
    with pytest.raises(KeyError):
        regions.get(adcode)


def test_districts_of_hangzhou_are_those_since_2021(regions: Regions) -> None:
    hangzhou = " ".join(names(regions.counties_of(regions.get("330100"))))
    assert hangzhou == "上城区 拱墅区 西湖区 滨江区 萧山区 余杭区 富阳区 临安区 临平区 钱塘区 桐庐县 淳安县 建德市"


def test_an_ambiguous_name_returns_every_bearer(regions: Regions) -> None:
    assert [region.adcode for region in regions.named("鼓楼区")] == ["320106", "320302", "350102", "410204"]
    assert names(regions.named("朝阳")) == ["朝阳区", "朝阳市", "朝阳区"]
    assert names(regions.named("大理")) == ["大理白族自治州", "大理市"]
    assert regions.named("某某市") == ()


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("桂林", "桂林市"),
        ("广西", "广西壮族自治区"),
        ("新疆", "新疆维吾尔自治区"),
        ("内蒙古", "内蒙古自治区"),
        ("香港", "香港特别行政区"),
        ("江岸", "江岸区"),
        ("硚口", "硚口区"),
        ("浦东", "浦东新区"),
        ("水富", "水富市"),
        ("恩施州", "恩施土家族苗族自治州"),
        ("阿坝州", "阿坝藏族羌族自治州"),
        ("昌吉州", "昌吉回族自治州"),
        ("克州", "克孜勒苏柯尔克孜自治州"),
        ("锡盟", "锡林郭勒盟"),
        ("锡林郭勒", "锡林郭勒盟"),
        ("喀左县", "喀喇沁左翼蒙古族自治县"),
        ("恭城县", "恭城瑶族自治县"),
        ("积石山县", "积石山保安族东乡族撒拉族自治县"),
        ("达茂旗", "达尔罕茂明安联合旗"),
        ("神农架", "神农架林区"),
        ("瀍河区", "瀍河回族区"),
    ],
)
def test_a_short_name_leads_to_its_division(regions: Regions, short: str, name: str) -> None:
    assert names(regions.named(short)) == [name]


@pytest.mark.parametrize(
    ("adcode", "name", "ended", "successors"),
    [
        ("371200", "莱芜市", 2018, ["莱芜区", "钢城区"]),
        ("542100", "昌都地区", 2014, ["昌都市"]),
        ("330103", "下城区", 2021, ["拱墅区"]),
        ("330104", "江干区", 2021, ["上城区", "钱塘区"]),
        ("310108", "闸北区", 2015, ["静安区"]),
        ("320204", "北塘区", 2015, ["梁溪区"]),
        ("320602", "崇川区", 2020, ["崇川区"]),
        ("230712", "汤旺河区", 2019, ["汤旺县"]),
        ("371626", "邹平县", 2018, ["邹平市"]),
        ("220381", "公主岭市", 2020, ["公主岭市"]),
        ("500112", "渝北区", 2025, ["两江新区", "北碚区"]),
        ("540530", "错那县", 2023, ["错那市"]),
        ("652101", "吐鲁番市", 2015, ["高昌区"]),
    ],
)
def test_a_division_that_is_gone_has_its_year_and_what_took_its_place(
    regions: Regions, adcode: str, name: str, ended: int, successors: list[str]
) -> None:
    gone = regions.get(adcode)
    assert (gone.name, gone.valid_until) == (name, ended)
    assert [regions.get(code).name for code in gone.successors] == successors
    assert gone in regions.former
    assert gone not in list(regions)


@pytest.mark.parametrize(
    ("name", "adcodes"),
    [
        ("邹平县", ["371626"]),
        ("莱芜市", ["371200"]),
        ("渝北", ["500112"]),
        ("崇川区", ["320613"]),  # the code changed, the district did not
        ("弋江区", ["340209"]),
        ("吐鲁番市", ["650400"]),  # once a county of 吐鲁番地区
        ("江达县", ["540321"]),  # the prefecture's codes changed
        ("寿县", ["340422"]),
        ("错那县", ["540530"]),  # the younger of two former codes
        ("江北区", ["330205", "500105"]),  # one in force, one gone, in two provinces
        ("苍山县", ["371324"]),  # renamed 兰陵县
        ("庐山区", ["360402"]),
        ("密云", ["110118"]),
        ("昌都", ["540300"]),
        ("江干", []),  # 长江干流
    ],
)
def test_a_former_name_leads_to_what_was_called_so_and_replaces_none_in_force(
    regions: Regions, name: str, adcodes: list[str]
) -> None:
    assert [region.adcode for region in regions.named(name)] == adcodes


@pytest.mark.parametrize(
    ("name", "inside", "adcode"),
    [
        ("寿县", "341500", "341521"),
        ("寿县", "340400", "340422"),
        ("江达县", "542100", "542122"),
        ("公主岭市", "220300", "220381"),
        ("公主岭市", "220100", "220184"),
        ("江北区", "500000", "500105"),
    ],
)
def test_the_division_above_tells_the_time(regions: Regions, name: str, inside: str, adcode: str) -> None:
    assert [region.adcode for region in regions.named(name, regions.get(inside))] == [adcode]


def test_every_former_division_nests_and_was_not_kept(regions: Regions) -> None:
    present = {region.adcode for region in regions}
    assert len(regions.former) == 297
    for gone in regions.former:
        assert gone.valid_until is not None and 2014 <= gone.valid_until <= 2025
        assert gone.successors and set(gone.successors) <= present
        assert gone.adcode not in present
        assert gone.adcode.startswith(regions.province_of(gone).adcode[:2])


@pytest.mark.parametrize(
    ("name", "bearer"),
    [
        ("第八师石河子市", "石河子市"),
        ("第一师", "阿拉尔市"),
        ("十四师昆玉市", "昆玉市"),
        ("七师", "胡杨河市"),
        ("青岛西海岸新区", "黄岛区"),
        ("平潭综合实验区", "平潭县"),
        ("杨凌示范区", "杨陵区"),
        ("浙江舟山群岛新区", "舟山市"),
        ("浦东新区", "浦东新区"),
        ("雄安新区", "河北雄安新区"),
        ("兵团", "新疆生产建设兵团"),
        ("第十二师", "第十二师"),
        ("加格达奇区", "加格达奇区"),
    ],
)
def test_a_zone_is_the_division_it_covers_or_a_place_of_its_own(regions: Regions, name: str, bearer: str) -> None:
    assert names(regions.named(name)) == [bearer]


@pytest.mark.parametrize(
    ("key", "above"), [("xiongan", "130000"), ("xixian", "610000"), ("lanzhou-xinqu", "620100"), ("xpcc-12", "650000")]
)
def test_a_zone_without_a_division_lies_in_one_and_has_no_code(regions: Regions, key: str, above: str) -> None:
    zone = regions.get(key)
    assert zone.level == "zone"
    assert regions.within(zone, regions.get(above))
    assert not zone.adcode.isdigit()
    assert zone in regions.zones


@pytest.mark.parametrize(
    "short", ["版纳州", "阿盟", "苏左旗", "杜蒙县", "黔东南州", "甘孜州", "红河州", "巴州", "阿左旗", "六枝"]
)
def test_abbreviations_of_autonomous_areas_leagues_and_banners_are_known(regions: Regions, short: str) -> None:
    assert len(regions.named(short)) == 1


@pytest.mark.parametrize("word", ["公安", "合作", "新建", "资源", "通道", "青山", "金山", "太湖", "民和", "城", "赵"])
def test_words_of_the_genre_are_no_short_names(regions: Regions, word: str) -> None:
    assert regions.named(word) == ()


@pytest.mark.parametrize(
    ("name", "bearer"), [("吉林", "220000"), ("海南", "460000"), ("河南", "410000"), ("长沙", "430100")]
)
def test_the_higher_division_owns_a_shared_short_name(regions: Regions, name: str, bearer: str) -> None:
    assert [region.adcode for region in regions.named(name)] == [bearer]


def test_nesting_follows_the_parents(regions: Regions) -> None:
    hubei, wuhan, xiantao = regions.get("420000"), regions.get("420100"), regions.get("429004")
    jiangan, beijing = regions.get("420102"), regions.get("110000")
    assert regions.within(jiangan, wuhan)
    assert regions.within(jiangan, hubei)
    assert regions.within(wuhan, wuhan)
    assert regions.within(xiantao, hubei)
    assert not regions.within(wuhan, jiangan)
    assert not regions.within(xiantao, wuhan)
    assert regions.prefecture_of(hubei) is None
    assert regions.province_of(hubei) == hubei
    assert len(regions.counties_of(wuhan)) == 13
    assert len(regions.counties_of(hubei)) == 103
    assert len(regions.counties_of(beijing)) == 16
    assert regions.counties_of(jiangan) == ()
    assert regions.counties_of(regions.get("441900")) == ()  # 东莞市 has no counties


@pytest.mark.parametrize(
    ("adcode", "english"),
    [
        ("150000", "Inner Mongolia Autonomous Region"),
        ("610000", "Shaanxi"),
        ("140000", "Shanxi"),
        ("450300", "Guilin"),
        ("610100", "Xi'an"),
        ("150100", "Hohhot"),
        ("650100", "Urumqi"),
        ("152500", "Xilingol League"),
        ("222400", "Yanbian Korean Autonomous Prefecture"),
        ("532500", "Honghe Hani and Yi Autonomous Prefecture"),
        ("653100", "Kashgar Prefecture"),
        ("140400", "Changzhi"),
        ("331000", "Taizhou"),
        ("411100", "Luohe"),
    ],
)
def test_english_names(regions: Regions, adcode: str, english: str) -> None:
    assert regions.get(adcode).english == english


def test_surface_forms_hold_every_name(regions: Regions) -> None:
    forms = regions.surface_forms()
    assert forms["桂林"] == forms["桂林市"] == ("450300",)
    assert forms["鼓楼"] == forms["鼓楼区"]
    assert all(list(codes) == sorted(set(codes)) for codes in forms.values())
    assert {code for codes in forms.values() for code in codes} >= {region.adcode for region in regions}
    assert not [form for form in forms if len(form) < 2]


def test_every_parent_exists_one_level_or_more_above(regions: Regions) -> None:
    above = {"prefecture": {"province"}, "county": {"province", "prefecture"}}
    for region in regions:
        if region.level == "province":
            assert region.parent is None
        else:
            assert region.parent is not None
            assert regions.get(region.parent).level in above[region.level]


def test_codes_nest_by_prefix(regions: Regions) -> None:
    for region in regions:
        assert region.adcode[:2] == regions.province_of(region).adcode[:2]
        prefecture = regions.prefecture_of(region)
        if prefecture:
            assert region.adcode[:4] == prefecture.adcode[:4]


def test_full_names_are_unique_within_their_parent(regions: Regions) -> None:
    seen = Counter((region.parent, region.name) for region in regions)
    assert [key for key, times in seen.items() if times > 1] == []


def test_english_is_ascii_and_given_down_to_the_prefecture(regions: Regions) -> None:
    for region in regions:
        assert (region.english is None) == (region.level == "county"), region
        assert region.english is None or region.english.isascii()


def test_points_lie_in_china(regions: Regions) -> None:
    placed = [region for region in regions if region.latitude is not None and region.longitude is not None]
    assert {region.adcode for region in regions if region.level != "county"} - {r.adcode for r in placed} == {"710000"}
    for region in placed:
        assert region.latitude is not None and region.longitude is not None
        assert 3 < region.latitude < 54
        assert 73 < region.longitude < 136


def test_guilin_lies_where_it_lies(regions: Regions) -> None:
    guilin = regions.get("450300")
    assert guilin.latitude is not None and guilin.longitude is not None
    assert abs(float(guilin.latitude) - 25.28) < 0.05
    assert abs(float(guilin.longitude) - 110.29) < 0.05


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("45030,桂林市,prefecture,450000,,,,", "six-digit code"),
        ("450300,桂林市,city,450000,,,,", "none of the levels"),
        ("450300,桂林市,prefecture,450000,,", "6 fields instead of 8"),
        ("450300,桂林市,prefecture,460000,,,,", "parent 460000 is not above"),
        ("450300,桂林市,prefecture,,,,,", "needs a parent"),
        ("460000,海南省,province,450000,,,,", "a province has no parent"),
        ("450000,广西,province,,,,,", "occurs twice"),
        ("450300,桂林市,prefecture,450000,桂,,,", "too short"),
        ("450300,桂林市,prefecture,450000,桂林;桂林,,,", "a name occurs twice"),
        ("450300,桂林市,prefecture,450000,,,25.28,", "go together"),
        ("450300,桂林市,prefecture,450000,,,25.28,nan", "no number of degrees"),
        ("450300,桂林市,prefecture,450000,,,125.28,110.3", "outside -90 to 90"),
        ('450300,"桂林"市,prefecture,450000,,,,', "expected after"),
    ],
)
def test_a_malformed_row_is_refused_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    table = tmp_path / "regions.csv"
    table.write_text(f"{HEADER}\n{GUANGXI}\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^regions\.csv line 3: .*{problem}"):
        read_regions(table)


def test_a_parent_of_the_same_level_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "regions.csv"
    table.write_text(f"{HEADER}\n{GUANGXI}\n{GUILIN}\n450400,梧州市,prefecture,450300,,,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 4: the parent 450300 is no higher than a prefecture"):
        read_regions(table)


def test_a_table_with_other_columns_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "regions.csv"
    table.write_text("code,name\n450000,广西\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1: the columns must be adcode,name"):
        read_regions(table)


@pytest.mark.parametrize(
    ("table", "line", "problem"),
    [
        ("former", "371626,邹平县,county,371600,,18,371681", "no year"),
        ("former", "371626,邹平县,county,371600,,2018,371699", "successor 371699"),
        ("former", "371626,邹平县,county,379900,,2018,371681", "parent 379900"),
        ("zone", "xiongan,雄安新区,,new-area,within,139900,x", "no division in force"),
        ("zone", ",雄安新区,,new-area,within,371600,x", "has its own"),
        ("zone", "xiongan,雄安新区,,new-area,same,371600,x", "has no key"),
    ],
)
def test_a_malformed_row_of_the_other_tables_is_refused(tmp_path: Path, table: str, line: str, problem: str) -> None:
    path = tmp_path / f"{table}.csv"
    header = FORMER_COLUMNS if table == "former" else ZONE_COLUMNS
    path.write_text(f"{','.join(header)}\n{line}\n", encoding="utf-8")
    present = {region.adcode: region for region in load_regions()}
    with pytest.raises(ValueError, match=rf"^{table}\.csv line 2: .*{problem}"):
        (former_rows if table == "former" else zone_rows)(path, present)
