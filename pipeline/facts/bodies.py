"""Compressed lists of bodies, spread out: 江岸、硚口区党委、政府 is a body for each name and each office (GENRE §7).

In: the words of a field. Out: its bodies in reading order, each with the words that name it and the role that the list
itself gives it ((牵头), X局牵头, 配合单位:…). What is no body, such as a person, a post or a sentence, is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Role = Literal["lead", "responsible", "cooperating", "supervising", "accepting"]

_ROLES: tuple[tuple[Role, str], ...] = (
    ("lead", "总?牵头|主办|负总责"),
    ("responsible", "负责|责任|主责|主体|主管|承办|落实|实施|具体负责"),
    ("cooperating", "配合|协助|参与|协办|协同"),
    ("supervising", "督导|督办|监督|指导|督查|监管"),
    ("accepting", "验收|核查|销号"),
)
_ROLE_WORDS = "|".join(words for _, words in _ROLES)
_LABEL = re.compile(
    rf"(?:市级|县级|省级|第[一二三四五]|整改)?(?P<role>{_ROLE_WORDS})(?:责任|和验收)?(?:单位|部门|主体|机构)\s*[:|]?\s*(?=\S)"
)
_NOTE = re.compile(rf"\((?:为|第一)?(?P<role>{_ROLE_WORDS})(?:责任)?(?:单位|部门)?\)$")
_DOES = re.compile(rf"(?<=.)(?P<role>{_ROLE_WORDS})(?:整改|落实|实施)?$")

_SIGN = "省市州县区盟旗"
_EDGES = " \n|:,;。、"
_COMMITTEE = r"党委|党工委|工委|党\(工\)委|党组|纪委监委|纪委|监委|监察委员会"
_RULE = r"(?:人民)?政府|管委会|管理委员会|行政公署|行署|公署"
_OFFICE = rf"(?:{_COMMITTEE}|{_RULE}|委员会|(?<=[{_SIGN}])委)"
_TAIL = re.compile(rf"(?P<stem>.*?)(?P<office>{_OFFICE})(?P<alias>\([^()]*\))?$")
_BARE = re.compile(rf"^(?P<sign>[{_SIGN}])?(?P<office>{_RULE}|{_COMMITTEE})(?P<alias>\([^()]*\))?$")
_KIND = (
    r"局|厅|办|室|委|部|院|中心|[妇残文科侨商]联|公司|集团|厂|矿|大队|支队|总队|站|处|所|会|组|团|师|场|校|学|署|馆|社|企业|单位|部门|园区|街道|镇|乡|新区|"
    r"开发区|高新区|经开区|示范区|度假区|管理区|法院|检察院|编办|[整督]改办|督察办|海关|银行|兵团|\d+家|运营商|医院"
)
_BODY = re.compile(rf"(?:{_OFFICE}|{_KIND})(?:\([^()]*\))?$")
_GROUP = re.compile(
    rf"^.{{0,4}}各(?!族)|^(?:[{_SIGN}]|师市|自治区)?(?:直|级)(?:有关|相关|机关|各|部门|单位)|^(?:有关|相关|属地|所在地?|其他|沿线|沿海|涉及|辖区)|"
    r"(?:有关|相关)(?:责任)?(?:部门|单位|县|区|市|企业|镇|乡|街道|地方)|(?:部门|单位|企业)$|责任单位"
)
_NO_BODY = re.compile(
    r"的|了|已|并|把|进行|开展|完成|推进|加强|确保|召开|出席|参加|强调|主持|整改(?!办|领导|工作)|研究(?!院|所|中心)|"
    r"(?:书记|市长|县长|区长|州长|局长|厅长|主任|部长|省长|主席|秘书长|经理|董事长|镇长|乡长|组长|队长|常委|委员|同志|领导|同志们)$|[。!?%]"
)
_OPEN_END = re.compile(r"(?:等(?:有关|相关)?(?:部门|单位|地|县区?|市|区)?|主要负责人|主要负责同志|主要领导|负责人)$")
_COUNTED = re.compile(
    r"(?<=.)[二两三四五六七八九十\d]+个?(?P<sign>县\(市、区\)|县\(区\)|县区|[县区市镇乡旗州])(?=党|委|人民|政府|管)"
)
_GLUED = re.compile(
    rf"(?<=[局厅委])(?=(?:[{_SIGN}])(?!场)[\u4e00-\u9fff]{{2,12}}?(?:局|委|办|厅|中心))|(?<=[局厅])(?=各[县区市镇乡])|"
    rf"(?<=[{_SIGN}]委)(?=[{_SIGN}]?(?:人民)?政府)|(?<=党委)(?=(?:人民)?政府)|(?<=工委)(?=管委会)"
)
_BY = re.compile(r"(?<=[\u4e00-\u9fff)])[ \t|\n]+(?=[\u4e00-\u9fff])")
_PREFIX = re.compile(rf"^(?P<prefix>(?:师市|自治区|兵团|[{_SIGN}])(?:委(?=\S{{2,3}}[部办]))?)(?=[\u4e00-\u9fff]{{2}})")
_PARTY_OFFICE = re.compile("组织部|宣传部|统战部|编办|政法委|督查|机构编制")
_DIVISION = re.compile(r"[\u4e00-\u9fff]{1,8}(?:自治[州县旗]|[省市州县区盟旗]|地区|团场?)")
_DEPARTMENT = re.compile(
    r"(?:生态环境|环境保护|环保|发展(?:和)?改革|发改|住房|住建|城乡|水利|水务|财政|自然资源|国土|规划|农业|农牧|农村|林业|林草|交通|工业|工信|经信|"
    r"经济和信息化|公安|司法|审计|统计|市场监[管督]|应急|城市管理|城管|综合行政执法|卫生|卫健|卫计|教育|科技|科学技术|文化|文旅|文广|旅游|民政|人社|人力资源|商务|"
    r"国资|国有资产|行政审批|能源|气象|海洋|渔业|畜牧|园林|乡村振兴|扶贫|信访|税务|机关事务|政务|大数据|粮食|医疗保障|医保|退役|民族|外事|招商|"
    r"组织部|宣传部|统战部|编办|政法委|督查|中级人民|纪委|监委|整改办|督改办|督察办|公用事业|房产|房管|城建|安监|安全生产|工商|质监|食药|食品药品|煤炭|煤管|"
    r"水文|港航|港务|海事|体育|广电|新闻|法院|检察院|城投|生环|自规|农委|建委|科委|交委|农业委)"
    r"[\u4e00-\u9fff()]*(?:局|委|办|厅|部|中心|支队|大队|总队|委员会|办公室|院|处|站)?(?:\([^()]*\))?$"
)


@dataclass(frozen=True, slots=True)
class Body:
    """One body of a list: its name in full, the words that name it, its role where the list says it, whether a class."""

    label: str
    as_written: str
    role: Role | None = None
    group: bool = False


class _Member(NamedTuple):
    """One member of a list as written, and whether a role ends with it (牵头 after several names is theirs, too)."""

    words: str
    role: Role | None
    closes: bool


@dataclass
class _Reader:
    """Reads the members of one list: `waiting` are names that have no office yet, `stems` those that had the last."""

    bodies: list[Body] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    alias: str = ""
    prefix: str = ""

    def add(self, label: str, written: str) -> None:
        name = _whole(label)
        if not _NO_BODY.search(name) and len(name) >= 2 and len(name) <= 40:
            self.bodies.append(Body(name, written, None, bool(_GROUP.search(name))))

    def read(self, token: str) -> None:
        """One member: an office of the names before it, a name that waits for its office, or a body of its own."""
        bare = _BARE.match(token)
        if bare and self.stems and all(stem.endswith(bare["sign"] or "") for stem in self.stems):
            for stem in self.stems:
                self.add(stem + bare["office"] + _alias(self.alias, bare["alias"]), token)
            return
        tail = _TAIL.match(token)
        own = _PREFIX.match(token)
        if (
            tail
            and tail["stem"]
            and not (tail["office"] == "委员会" and _DEPARTMENT.match(token, own.end() if own else 0))
        ):
            self.stems, self.alias = self._stems(tail["stem"]), tail["alias"] or ""
            for stem in self.stems[:-1]:
                self.add(stem + tail["office"] + self.alias, token)
            self.add(token, token)
            self.prefix = ""
        elif _BODY.search(token) or _GROUP.search(token):
            for name in self.waiting:
                self._completed(name, token)
            self.stems = []
            self._department(token)
        else:
            self.waiting.append(token)
            return
        self.waiting = []

    def _stems(self, stem: str) -> list[str]:
        """`青山区` after 江岸、硚口 → 江岸区, 硚口区, 青山区."""
        stem = re.sub(rf"([{_SIGN}])\1$", r"\1", stem)
        if not self.waiting:
            return [stem]
        sign = re.search(r"[区县市旗镇乡州盟]$", stem)
        names = [
            name if not sign or re.search(r"[区县市旗镇乡州盟]$", name) else name + sign[0] for name in self.waiting
        ]
        return [*names, stem]

    def _department(self, token: str, written: str = "") -> None:
        """A department takes over the 市 of the department before it: 市水务局、财政局."""
        if own := _PREFIX.match(token):
            self.prefix = own["prefix"] if _DEPARTMENT.match(token[own.end() :]) else ""
            self.add(token, written or token)
        elif self.prefix and _DEPARTMENT.match(token):
            of_party = self.prefix.endswith("委") and not _PARTY_OFFICE.match(token)
            self.add((self.prefix[:-1] if of_party else self.prefix) + token, written or token)
        else:
            self.prefix = self.prefix if _GROUP.search(token) else ""
            self.add(token, written or token)

    def _completed(self, name: str, token: str) -> None:
        """A name before a department: a division's name, or a department without its ending (市财政、审计局)."""
        own, ending = _PREFIX.match(name), re.search("[局厅委]$", token)
        if _DIVISION.fullmatch(name):
            self.add(name, name)
        elif ending and _DEPARTMENT.match(name[own.end() :] if own else name):
            self._department(name + ending[0], name)

    def end(self) -> None:
        """Names left without an office count only where each is a division's name (责任单位:翠屏区、叙州区)."""
        for name in self.waiting:
            if _DIVISION.fullmatch(name):
                self.add(name, name)
        self.waiting = []


def expand(words: str) -> list[Body]:
    """A list as written → its bodies, each with the words that name it.

    `江岸、硚口区党委、政府` gives four; `X党委(工委)、政府(管委会)` two; an alias in brackets goes along
    (`开发区工委(甲区委)、管委会(政府)` → `开发区管委会(甲区政府)`). A role in the list, (牵头) or 配合, is that of all names
    since the one before.
    """
    reader, done = _Reader(), 0
    out: list[Body] = []
    for label, part in _parts(words):
        for member in _members(part):
            for token in _tokens(member.words):
                reader.read(token)
            if member.closes:
                reader.end()
                out += [_with(body, member.role or label) for body in reader.bodies[done:]]
                done = len(reader.bodies)
        reader.end()
        out += [_with(body, label) for body in reader.bodies[done:]]
        done = len(reader.bodies)
        reader.stems, reader.prefix = [], ""
    return out


def _with(body: Body, role: Role | None) -> Body:
    return Body(body.label, body.as_written, role, body.group)


def _role(words: str) -> Role:
    return next(role for role, pattern in _ROLES if re.fullmatch(pattern, words))


def _parts(words: str) -> Iterator[tuple[Role | None, str]]:
    """The parts of a field that labels within it divide: 牵头单位:甲;配合单位:乙."""
    words = words.strip(_EDGES)
    if words.startswith("(") and words.find(")") == len(words) - 1:
        words = words[1:-1].strip(_EDGES)
    at, role = 0, None
    for match in _LABEL.finditer(words):
        if match.start() and words[match.start() - 1] not in _EDGES:
            continue
        if words[at : match.start()].strip():
            yield role, words[at : match.start()]
        at, role = match.end(), _role(match["role"])
    yield role, words[at:]


def _members(words: str) -> Iterator[_Member]:
    """The members of a list, split at 、 , ; and at blanks between names, outside brackets."""
    parts, depth, current = list[str](), 0, ""
    for sign in _BY.sub("、", words.strip()):
        depth += (sign == "(") - (sign == ")")
        if depth <= 0 and sign in "、,;。":
            parts.append(current)
            current = ""
        else:
            current += sign
    for part in [*parts, current]:
        member = part.strip(_EDGES)
        if not member:
            continue
        note = _NOTE.search(member) or _DOES.search(member)
        if note and (note.re is _NOTE or _BODY.search(member[: note.start()]) or _GROUP.search(member[: note.start()])):
            yield _Member(member[: note.start()], _role(note["role"]), True)
        else:
            yield _Member(member, None, False)


def _tokens(member: str) -> Iterator[str]:
    """The names in one member: 党委和政府 and 区委区政府 are two; 自然资源和规划局 is one."""
    member = _COUNTED.sub(
        lambda match: "" if member[match.start() - 1] in "县区市镇乡旗州" else match["sign"][0], member
    )
    for glued in _GLUED.split(_OPEN_END.sub("", member)):
        match = re.match(
            rf"(.*(?:{_COMMITTEE}|[{_SIGN}]委)(?:\([^()]*\))?)(?:和|及|与)((?:[{_SIGN}])?(?:{_RULE}).*)$", glued
        )
        pieces = [match[1], match[2]] if match else _joined(glued)
        yield from (piece for piece in pieces if piece)


def _joined(token: str) -> list[str]:
    """甲局和乙局 are two bodies where each half is one and the first is no name of its own (发展和改革委)."""
    match = re.match(rf"(.+?(?:局|厅|部门|单位|{_RULE}|公司|集团))(?:和|及|与)(.+)$", token)
    return [match[1], *_joined(match[2])] if match and _BODY.search(match[2]) else [token]


def _whole(label: str) -> str:
    return label.strip(_EDGES)


def _alias(before: str, alias: str | None) -> str:
    """管委会(政府) after 工委(甲区委) → 管委会(甲区政府)."""
    if not alias:
        return ""
    inner, match = alias[1:-1], re.match(r"\((.+?[区县市旗])(?:委|党委|工委)\)$", before)
    return f"({match[1]}{inner})" if match and len(inner) <= 4 else alias
