"""Which files of our packages import which, at run time: at the top or inside functions."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import networkx


class Import(NamedTuple):
    """One import: who imports what, in which line, and whether it stands inside a function."""

    importer: str
    imported: str
    line: int
    is_inside: bool
    is_explained: bool


def modules_below(folder: Path) -> dict[str, Path]:
    """The files of a package by their dotted names; a package itself is its `__init__`."""
    found: dict[str, Path] = {}
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_among(modules: dict[str, Path]) -> list[Import]:
    """What the modules import of each other when they run, so not what only a type checker reads."""
    found: list[Import] = []
    for name, path in modules.items():
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node, is_inside in _imports(ast.parse(text), False):
            explained = _is_explained(lines, node)
            for target in dict.fromkeys(_targets(node, modules)):
                if target != name:
                    found.append(Import(name, target, node.lineno, is_inside, explained))
    return found


def circles(imports: list[Import]) -> list[list[str]]:
    """Modules of which each leads to every other, the largest circle first."""
    graph = networkx.DiGraph((each.importer, each.imported) for each in imports)
    parts = (sorted(part) for part in networkx.strongly_connected_components(graph) if len(part) > 1)
    return sorted(parts, key=len, reverse=True)


def _imports(node: ast.AST, is_inside: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        for other in node.orelse:
            yield from _imports(other, is_inside)
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, is_inside
    is_inside = is_inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, is_inside)


def _targets(node: ast.Import | ast.ImportFrom, modules: dict[str, Path]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names if each.name in modules)
        return
    for each in node.names:
        full = f"{node.module}.{each.name}"
        if full in modules:
            yield full
        elif node.module in modules:
            yield node.module


def _is_explained(lines: list[str], node: ast.stmt) -> bool:
    """Whether a comment stands behind the import, or before it and those that it follows at once."""
    if "#" in lines[node.lineno - 1]:
        return True
    above = node.lineno - 2
    while above >= 0 and lines[above].lstrip().startswith(("from ", "import ")):
        above -= 1
    return above >= 0 and lines[above].lstrip().startswith("#")
