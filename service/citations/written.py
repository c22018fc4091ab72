"""A citation in words, in BibTeX and as CSL-JSON. No date is given: a snapshot has none, and readers add their own."""

import json
from dataclasses import dataclass

AUTHOR = "ducha 督察"
DATASET = (
    "生态环境保护督察整改方案知识图谱",
    "Rectification plans of environmental-protection supervisions as a graph",
)


@dataclass(frozen=True)
class Citation:
    """One answer: a query at a version. `address` is its IRI, `title` the query's, zh and en, where it has one."""

    name: str
    version: str
    address: str
    title: tuple[str, str] | None

    def words(self, language: str) -> str:
        """One line for a list of references."""
        zh = language == "zh"
        what = (self.title or (f"查询 {self.name} 的结果", f"Answer to query {self.name}"))[not zh]
        return f"{AUTHOR}. {what}. {DATASET[not zh]}, {'版本' if zh else 'version'} {self.version}. {self.address}"

    def bibtex(self) -> str:
        """An entry for BibTeX and BibLaTeX."""
        title = self.title[1] if self.title else f"Answer to query {self.name}"
        fields = {
            "author": f"{{{AUTHOR}}}",
            "title": f"{{{_escaped(title)}}}",
            "howpublished": f"{{{DATASET[1]}}}",
            "version": self.version,
            "url": self.address,
            "note": f"SPARQL query {self.name}, data version {self.version}",
        }
        rows = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{ducha-{self.name[:8]}-{self.version[:8]},\n{rows}\n}}\n"

    def csl(self) -> bytes:
        """An item of CSL-JSON, as reference managers read it."""
        item = {
            "id": f"ducha-{self.name[:8]}-{self.version[:8]}",
            "type": "dataset",
            "title": self.title[1] if self.title else f"Answer to query {self.name}",
            "container-title": DATASET[1],
            "author": [{"literal": AUTHOR}],
            "version": self.version,
            "URL": self.address,
        }
        return json.dumps([item], ensure_ascii=False, indent=1).encode() + b"\n"


def _escaped(text: str) -> str:
    """The text with TeX's special characters made plain."""
    return "".join(f"\\{sign}" if sign in "#$%&_{}" else sign for sign in text.replace("\\", "/"))
