"""A supervision, its round and its team as RDF."""

from dataclasses import replace

from pyoxigraph import Literal

from pipeline.graph.sheet import LABEL, TYPE, Leaf, Node, Sheet, du, duc, moment, typed, visit_key, zh
from pipeline.model import Basis, Facts, Reason, Source, Supervision
from pipeline.region import Region, load_regions


def write_supervision(sheet: Sheet, visit: Supervision) -> None:
    """The visit a document is about; its plan answers it."""
    sheet.assertion(sheet.node, du("concerns"), sheet.supervision, visit.source)
    if sheet.facts.plan:
        sheet.assertion(sheet.plan, du("respondsTo"), sheet.supervision, visit.source)
    write_visit(sheet, sheet.supervision, visit)


def write_other_visit(sheet: Sheet, visit: Supervision) -> None:
    """A visit the document tells of beside its own, or with it in one breath. One whose region or month is not known has no name to go by."""
    if (key := visit_key(sheet.facts, visit)) and visit.start:
        node = Node(f"{sheet.base}supervision/{key}")
        if node != sheet.supervision:
            about = visit.source.rule == "supervision.visit.joint"
            sheet.assertion(sheet.node, du("concerns" if about else "mentions"), node, visit.source)
            write_visit(sheet, node, visit)


def write_visit(sheet: Sheet, node: Node, visit: Supervision) -> None:
    sheet.add(node, TYPE, du("Supervision"))
    sheet.add(node, LABEL, zh(_visit_label(sheet.facts, visit)))
    sheet.evidenced(node, visit.source)
    _write_region(sheet, node, visit)
    for name, fact in (("startDate", visit.start), ("endDate", visit.end), ("feedbackDate", visit.feedback)):
        if fact:
            sheet.assertion(node, du(name), moment(fact.value), fact.source)
    for name, number in (("batch", visit.batch), ("statedDays", visit.stated_days)):
        if number:
            sheet.assertion(node, du(name), typed(number.value, "integer"), number.source, number.as_written)
    if visit.level:
        sheet.assertion(node, du("level"), duc(visit.level.value), visit.level.source)
    for kind in visit.kinds:
        sheet.assertion(node, du("kind"), duc(kind.value), kind.source)
    if visit.report_title:
        title = visit.report_title
        sheet.assertion(node, du("reportTitle"), Literal(title.value), title.source)
    write_round(sheet, node, visit)
    write_team(sheet, node, visit)


def _write_region(sheet: Sheet, node: Node, visit: Supervision) -> None:
    """A central supervision visits a province, whatever the unit whose page tells of it (GENRE §2)."""
    region = sheet.facts.region
    if region is None:
        return
    regions = load_regions()
    known = regions.get(region.value)
    central = visit.level is not None and visit.level.value == "level-central"
    if central and known.level != "province":
        province = regions.province_of(known)
        zh_words = f"中央督察的对象是省级,{known.name}属{province.name}"
        reason = Reason(zh_words, f"a central supervision visits a province; {known.name} lies in {province.name}")
        source = replace(region.source, basis=Basis.INFERRED, reason=reason, rule="supervision.region.central")
        sheet.assertion(node, du("region"), Node(f"{sheet.base}region/{province.adcode}"), source)
    elif central or known.level != "province":
        sheet.assertion(node, du("region"), Node(f"{sheet.base}region/{region.value}"), region.source)


def write_round(sheet: Sheet, node: Node, visit: Supervision) -> None:
    if not visit.round:
        return
    province, level = _launcher(sheet, visit)
    if level is None or (level != "level-central" and province is None):
        return
    here = round_node(sheet, province, level, visit.round.value, visit.round.source)
    sheet.assertion(node, du("inRound"), here, visit.round.source)


def round_node(sheet: Leaf, province: Region | None, level: str, number: int, source: Source) -> Node:
    """The node of a round that a province, or the centre, launched."""
    here = Node(f"{sheet.base}round/{province.adcode if province else 'central'}-{number}")
    sheet.add(here, TYPE, du("Round"))
    sheet.add(here, du("level"), duc(level))
    sheet.add(here, du("roundNumber"), typed(number, "integer"))
    if province:
        sheet.add(here, du("launchedBy"), Node(f"{sheet.base}region/{province.adcode}"))
    sheet.add(here, LABEL, zh(f"{province.name if province else '中央'}第{number}轮生态环境保护督察"))
    english = f"{(province.english or province.adcode) if province else 'Central'}, supervision round {number}"
    sheet.add(here, LABEL, Literal(english, language="en"))
    sheet.evidenced(here, source)
    return here


def _launcher(sheet: Sheet, visit: Supervision) -> tuple[Region | None, str | None]:
    level = visit.level.value if visit.level else None
    if level == "level-central" or level is None or not sheet.facts.region:
        return None, level
    regions = load_regions()
    return regions.province_of(regions.get(sheet.facts.region.value)), level


def write_team(sheet: Sheet, node: Node, visit: Supervision) -> None:
    if not visit.team:
        return
    here = Node(f"{node.value}/team")
    sheet.assertion(node, du("team"), here, visit.team.source)
    sheet.add(here, TYPE, du("SupervisionTeam"))
    sheet.add(here, LABEL, zh(visit.team.label))
    if visit.team.number:
        sheet.add(here, du("teamNumber"), typed(visit.team.number, "integer"))
    sheet.evidenced(here, visit.team.source)


_LEVELS = {"level-central": "中央", "level-provincial": "省级", "level-municipal": "市级"}


def _visit_label(facts: Facts, visit: Supervision) -> str:
    place = load_regions().get(facts.region.value).name if facts.region else ""
    when = f"{visit.start.value.year}年{visit.start.value.month}月" if visit.start else ""
    level = _LEVELS[visit.level.value] if visit.level else ""
    return " ".join(part for part in (place, when, f"{level}生态环境保护督察") if part)
