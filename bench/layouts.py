"""An invented plan as text: the same head, then the issues as numbered items, as rows with bars, or as forms."""

from collections.abc import Callable
from itertools import groupby

from invented import NUMERALS, Due, Issue, Plan

Layout = Callable[[Plan], list[str]]


def written(plan: Plan, layout: Layout) -> str:
    """The whole text."""
    return "\n".join([*_head(plan), *layout(plan), ""])


def numeral(number: int) -> str:
    """A number under a hundred as in 二十一."""
    tens, ones = divmod(number, 10)
    return f"{NUMERALS[tens] if tens > 1 else ''}{'十' if tens else ''}{NUMERALS[ones] if ones or not tens else ''}"


def _head(plan: Plan) -> list[str]:
    team = f"{'中央' if plan.central else plan.province}第{numeral(plan.team)}生态环境保护督察组"
    closings = "，".join(f"{year}年底前完成整改{number}个" for year, number in plan.closings)
    measures = sum(len(issue.measures) for issue in plan.issues)
    for_good = sum(issue.due is None for issue in plan.issues)
    lasting = f"，长期坚持{for_good}个" if for_good else ""
    return [
        plan.title,
        f"发布日期：{plan.issued.isoformat()}　来源：{plan.region}生态环境局",
        f"{_day(plan.begin)}至{_day(plan.end)}（为期{plan.days}天），{team}对{plan.region}开展了第"
        f"{NUMERALS[plan.visit_round]}轮{plan.supervision}，并于{_day(plan.feedback)}反馈督察意见，"
        f"共指出{plan.stated}个问题。为切实抓好整改，制定本方案，共提出整改措施{measures}条。",
        "一、指导思想",
        plan.guiding,
        "二、基本原则",
        *_listed(plan.principles),
        "三、整改目标",
        *_listed((f"反馈问题按期整改到位。{plan.stated}个问题中，{closings}{lasting}。", *plan.goals)),
        "四、主要措施",
        *_listed(plan.works),
        "五、保障措施",
        f"本方案提出{NUMERALS[plan.safeguards_stated]}项保障措施。",
        *_listed(plan.safeguards, plan.skipped),
    ]


def _day(day: object) -> str:
    return f"{day:%Y}年{int(f'{day:%m}')}月{int(f'{day:%d}')}日"


def _listed(items: tuple[str, ...], skipped: int = 0) -> list[str]:
    numbers = (number for number in range(1, len(items) + 2) if number != skipped)
    return [f"（{numeral(number)}）{words}" for number, words in zip(numbers, items, strict=False)]


def _due(issue: Issue) -> str:
    return issue.due.words if issue.due else "长期坚持"


def _measure(words: str, due: Due | None) -> str:
    return f"{due.words}，{words}" if due else words


def numbered(plan: Plan) -> list[str]:
    """Items with labelled fields, below headings that are their categories."""
    lines = ["附件：整改任务清单"]
    for at, (category, issues) in enumerate(groupby(plan.issues, lambda issue: issue.category), 1):
        lines.append(f"{numeral(at)}、{category}方面")
        for issue in issues:
            lines += [f"{issue.number}.{issue.words}。", f"整改目标：{issue.goal}。", "整改措施："]
            lines += [f"（{place}）{_measure(*measure)}。" for place, measure in enumerate(issue.measures, 1)]
            lines += [f"整改时限：{_due(issue)}", f"牵头单位：{issue.lead}", f"责任单位：{issue.responsible}"]
    return lines


def table(plan: Plan) -> list[str]:
    """Rows with bars."""
    lines = [
        "六、整改任务清单",
        "| 序号 | 问题类别 | 反馈问题 | 整改目标 | 整改措施 | 牵头单位 | 责任单位 | 整改时限 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for issue in plan.issues:
        measures = "".join(f"（{place}）{_measure(*measure)}。" for place, measure in enumerate(issue.measures, 1))
        cells = (
            issue.number,
            f"{issue.category}方面",
            f"{issue.words}。",
            f"{issue.goal}。",
            measures,
            issue.lead,
            issue.responsible,
            _due(issue),
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return [*lines, "注：整改时限为最迟完成时间。"]


def forms(plan: Plan) -> list[str]:
    """Labelled fields, a serial number before each issue."""
    lines = ["六、整改措施清单"]
    for issue in plan.issues:
        lines += [
            f"序号：{issue.number}",
            f"反馈问题：{issue.words}。",
            f"整改目标：{issue.goal}。",
            "整改措施：" + "；".join(_measure(*measure) for measure in issue.measures) + "。",
            f"完成时限：{_due(issue)}",
            f"牵头单位：{issue.lead}",
            f"责任单位：{issue.responsible}",
        ]
    return lines


LAYOUTS: tuple[Layout, ...] = (numbered, table, forms)
