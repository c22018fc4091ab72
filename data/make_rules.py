"""Write the tables of docs/extraction.md from data/rules.csv; with `--check` only say whether they are up to date.

    python data/make_rules.py

A table stands between `<!-- rules: SECTION -->` and `<!-- end -->` and lists the rows of that section in their order.
"""

import csv
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "extraction.md"
BLOCK = re.compile(r"(<!-- rules: (\w+) -->\n).*?(<!-- end -->)", re.S)
HEAD = "| rule 规则 | what is read 怎么读 | frame | example → fact 例 | counter-example 反例 |\n|---|---|---|---|---|\n"


def cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\\n", " ⏎ ")


def line(row: dict[str, str]) -> str:
    basis = row["basis"].replace(";", ", ")
    fact = row["expected"].replace("|", " · ")
    return (
        f"| `{row['rule']}`<br>{basis} | {cell(row['zh'])}<br>{cell(row['en'])} | {row['frame'] or '–'} "
        f"| {cell(row['example'])} → **{fact}** | {cell(row['counter_example'])} |\n"
    )


def with_tables(page: str, rows: list[dict[str, str]]) -> str:
    """The page with each section's table written anew; raises when a section of the rows has no place in it."""
    if missing := {row["section"] for row in rows} ^ {match[2] for match in BLOCK.finditer(page)}:
        raise SystemExit(f"sections that the page and the rules do not share: {', '.join(sorted(missing))}")
    return BLOCK.sub(
        lambda match: match[1] + HEAD + "".join(line(row) for row in rows if row["section"] == match[2]) + match[3],
        page,
    )


def main() -> int:
    with (HERE / "rules.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page = PAGE.read_text(encoding="utf-8")
    made = with_tables(page, rows)
    if "--check" not in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    print("up to date" if made == page else "run: python data/make_rules.py")
    return int(made != page)


if __name__ == "__main__":
    raise SystemExit(main())
