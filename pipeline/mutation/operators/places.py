"""Operators that misplace visits and plans, and damage the bodies that answer for issues (地区、责任者)."""

from collections.abc import Iterator
from itertools import pairwise

import pyoxigraph as ox

from pipeline.mutation.operator import Layer, operator
from pipeline.mutation.original import LABEL, Mutant, Original, du, edits, like, words
from pipeline.validation.findings import Term

_ROLES = ("lead", "responsible", "cooperating", "supervising", "accepting")


def elsewhere(region: Term) -> ox.NamedNode:
    """A city of another province: 拉萨, and 乌鲁木齐 for one in 西藏."""
    head, _, code = words(region).rpartition("/")
    return ox.NamedNode(f"{head}/{'650100' if code.startswith('54') else '540100'}")


@operator(
    "督察地区移出发起的省", "move the region visited out of the province of its round", "visit-in-launching-province"
)
def move_visit(original: Original) -> Iterator[Mutant]:
    pattern = "?node a du:Supervision ; du:region ?value ; du:inRound/du:launchedBy ?province"
    yield from edits(original, pattern, du("region"), elsewhere)


@operator("轮次由别的省发起", "let another province launch the round", "visit-in-launching-province")
def move_round(original: Original) -> Iterator[Mutant]:
    pattern = "?node du:launchedBy ?value . ?visit du:inRound ?node ; du:region ?region"

    def province(value: Term) -> ox.NamedNode:
        return ox.NamedNode(words(elsewhere(value))[:-4] + "0000")

    yield from edits(original, pattern, du("launchedBy"), province)


@operator("方案地区移出督察地区", "move the plan out of the region visited", "plan-region-in-visit")
def move_plan(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:region ?value ; du:respondsTo/du:region ?visited", du("region"), elsewhere)


@operator("地区不在地区表中", "a region of no gazetteer", "region-known")
def unknown_region(original: Original) -> Iterator[Mutant]:
    def unknown(value: Term) -> ox.NamedNode:
        return ox.NamedNode(words(value).rpartition("/")[0] + "/990000")

    yield from edits(original, "?node du:region ?value", du("region"), unknown)


@operator("代码不在上级之内", "an administrative code outside its province", "region-code-nests", layer=Layer.REGIONS)
def wrong_code(original: Original) -> Iterator[Mutant]:
    def wrong(value: Term) -> ox.Literal:
        return like(value, ("65" if words(value).startswith("54") else "54") + words(value)[2:])

    yield from edits(
        original, "?node du:adcode ?value ; du:partOf ?outer . ?outer du:adcode ?code", du("adcode"), wrong
    )


@operator("地区没有代码", "drop the code of a region", "region-adcode", layer=Layer.REGIONS)
def drop_code(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:adcode ?value", du("adcode"), lambda _: None)


@operator(
    "撤销的地区没有年份", "drop the last year of a region that is gone", "former-region-replaced", layer=Layer.REGIONS
)
def drop_last_year(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node du:validUntil ?value ; a ?kind", du("validUntil"), lambda _: None)


@operator("导出的地区不在地区表中", "derive a region of no gazetteer", "region-known", layer=Layer.DERIVED)
def derived_region_unknown(original: Original) -> Iterator[Mutant]:
    def unknown(value: Term) -> ox.NamedNode:
        return ox.NamedNode(words(value).rpartition("/")[0] + "/990000")

    yield from edits(original, "?node du:concernsRegion ?value", du("concernsRegion"), unknown)


@operator("两个机构并作一个", "merge two organisations into one label with 、", "organization-split")
def merge_organizations(original: Original) -> Iterator[Mutant]:
    names = original.rows("?node ?value", "?node a du:Organization ; rdfs:label ?value")
    for (node, name), (_, other) in pairwise(names):
        if words(name) != words(other):
            yield original.changed(node, LABEL, name, like(name, f"{words(name)}、{words(other)}"))


@operator("机构没有名称", "drop the name of an organisation", "organization-label")
def drop_organization_name(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:Organization ; rdfs:label ?value", LABEL, lambda _: None)


@operator("责任单位无此机构", "name an organisation that is not there", "organization-known")
def lose_organization(original: Original) -> Iterator[Mutant]:
    for role in _ROLES:
        for (node,) in original.rows("?node", f"?node a du:Organization . ?issue du:{role}Organization ?node"):
            yield original.emptied(node)


@operator("责任人无此职务", "name a post that is not there", "post-known")
def lose_post(original: Original) -> Iterator[Mutant]:
    for (node,) in original.rows("?node", "?node a du:Post . ?issue du:responsiblePost ?node"):
        yield original.emptied(node)


@operator("职务不属于任何机构", "let a post belong to no organisation", "post-of-organization")
def orphan_post(original: Original) -> Iterator[Mutant]:
    pattern = "?node a du:Post ; du:ofOrganization ?value"
    yield from edits(original, pattern, du("ofOrganization"), lambda _: None)


@operator("问题没有牵头单位", "drop the only lead organisation", "lead-known")
def drop_lead(original: Original) -> Iterator[Mutant]:
    pattern = """?node a du:Issue ; du:leadOrganization ?value .
      FILTER NOT EXISTS { ?node du:leadOrganization ?other . FILTER(?other != ?value) }"""
    yield from edits(original, pattern, du("leadOrganization"), lambda _: None)


@operator("后继机构在别的地区", "a successor in another region", "successor-of-the-same-region")
def foreign_successor(original: Original) -> Iterator[Mutant]:
    yield from edits(
        original, "?old du:succeededBy ?node . ?old du:region ?value . ?node du:region ?value", du("region"), elsewhere
    )


@operator("督察组没有名称", "drop the name of a team", "team-label")
def drop_team_name(original: Original) -> Iterator[Mutant]:
    yield from edits(original, "?node a du:SupervisionTeam ; rdfs:label ?value", LABEL, lambda _: None)
