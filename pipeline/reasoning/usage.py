"""Which terms of the ontology code, shapes, queries and rules use, and where.

In RDF and SPARQL, and in any text inside Python, a term is written `du:Issue` or `duc:gap-lost`; a name with `…`, `*`
or `{` behind it stands for a family and is left out. In Python it is also `DU + "Issue"`, f"{DU}Issue", `du("Issue")`,
and the names that a loop over a tuple puts there; f"{DUC}gap-{kind}" uses a family. Whatever is put together otherwise
is not seen: such a term counts as used where its name stands as a string of its own, or in a list of names.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.vocabulary import DU, DUC

_WRITTEN = re.compile(r"(?<![\w-])(duc?):([A-Za-z][\w-]*)(?![\w-]*[…*{(])")
_NAMES = re.compile(r"\s*[A-Za-z][\w-]*(\s+[A-Za-z][\w-]*)*\s*")
_NAMESPACES = {"DU": DU, "DUC": DUC, "du": DU, "duc": DUC}


@dataclass(slots=True)
class Usage:
    """What one file uses: terms by IRI, each with the first line; the beginnings of families; `named`, what could be the
    local name of a term."""

    terms: dict[str, int] = field(default_factory=dict)
    families: dict[str, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


def usage(path: Path) -> Usage:
    """What a file uses, by its suffix: `.py`, else any text."""
    text = path.read_text(encoding="utf-8")
    found = Usage()
    if path.suffix == ".py":
        _Reader(found).visit(ast.parse(text))
    else:
        for number, line in enumerate(text.splitlines(), 1):
            _written(found, line, number)
    return found


def _written(found: Usage, text: str, line: int) -> None:
    for prefix, name in _WRITTEN.findall(text):
        if not name.endswith("-"):
            found.terms.setdefault(_NAMESPACES[prefix] + name, line)


class _Reader(ast.NodeVisitor):
    """Reads one module; `names` are the strings that a loop's variable takes."""

    def __init__(self, found: Usage) -> None:
        self.found = found
        self.names: dict[str, list[str]] = {}

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            _written(self.found, node.value, node.lineno)
            if _NAMES.fullmatch(node.value):
                self.found.named |= set(node.value.split())

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add):
            self._joined(node.left, node.right)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if len(node.args) == 1:
            self._joined(node.func, node.args[0])
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for one, other, rest in zip(node.values, node.values[1:], [*node.values[2:], None], strict=False):
            if isinstance(one, ast.FormattedValue):
                ends = rest is None or (isinstance(rest, ast.Constant) and not re.match(r"[\w-]", str(rest.value)))
                self._joined(one.value, other.value if isinstance(other, ast.FormattedValue) else other, ends)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function's variables are its own."""
        outer, self.names = self.names, {}
        self.generic_visit(node)
        self.names = outer

    def visit_For(self, node: ast.For) -> None:
        self._over(node.target, node.iter)
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        """A comprehension's variables are known before what it makes of them is read."""
        for generator in getattr(node, "generators", ()):
            self._over(generator.target, generator.iter)
        super().generic_visit(node)

    def _over(self, target: ast.expr, values: ast.expr) -> None:
        if isinstance(target, ast.Name):
            written = values.elts if isinstance(values, ast.Tuple | ast.List | ast.Set) else []
            self.names[target.id] = list(_strings(written))  # none where it runs over anything else

    def _joined(self, left: ast.expr, right: ast.expr, closed: bool = True) -> None:
        """A namespace, or a function named like one, with what follows it; not `closed` where the name may go on."""
        namespace = _NAMESPACES.get(left.id.lstrip("_")) if isinstance(left, ast.Name) else None
        if namespace is None:
            return
        for name in _strings([right]) if isinstance(right, ast.Constant) else self._values(right):
            local = re.match(r"[A-Za-z][\w-]*", name)
            if local:
                whole = (closed or local.end() < len(name)) and not local[0].endswith("-")
                seen = self.found.terms if whole else self.found.families
                seen.setdefault(namespace + local[0], right.lineno)

    def _values(self, variable: ast.expr) -> list[str]:
        return self.names.get(variable.id, []) if isinstance(variable, ast.Name) else []


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
