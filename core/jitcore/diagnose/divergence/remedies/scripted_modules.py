"""Modules that are scripted where they are made, so that they decide anew in each call."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    class_named,
    free_name,
    functions_around,
    method_of,
    nodes_of,
)


def scripted_where_made(file: str, text: str, tree: ast.Module, line: int) -> Iterator[Change]:
    """The class around a line, scripted wherever the file makes an object of it."""
    functions = functions_around(tree, line)
    for holder in tree.body:
        if not isinstance(holder, ast.ClassDef) or not any(each in ast.walk(holder) for each in functions):
            continue
        edits = Edits(text, tree)
        for call in nodes_of(ast.Call, tree):
            if isinstance(call.func, ast.Name) and call.func.id == holder.name:
                edits.insert_before(call, "torch.jit.script(")
                edits.insert_after(call, ")")
        if not edits.are_none:
            summary = f"script {holder.name} where it is made, so that it decides in each call"
            yield Change(summary, file, edits.applied())


def scripted_instance(file: str, text: str, tree: ast.Module, name: str) -> Iterator[Change]:
    """An object that a file makes at its top, scripted as a whole."""
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == name
            and isinstance(node.value, ast.Call)
        ):
            edits = Edits(text, tree)
            edits.insert_before(node.value, "torch.jit.script(")
            edits.insert_after(node.value, ")")
            yield Change(f"script {name}, which then decides in each call", file, edits.applied())


def scripted_within(file: str, text: str, tree: ast.Module, name: str) -> Iterator[Change]:
    """A class that is made without arguments: it keeps its name, and holds what it was as a script."""
    holder = class_named(tree, name)
    forward = None if holder is None else method_of(holder, "forward")
    if holder is None or forward is None or forward.args.vararg is not None or forward.args.kwarg is not None:
        return
    arguments = forward.args.args[1:]
    needed = len(arguments) - len(forward.args.defaults)
    given = [each.arg for each in arguments]
    taken = [each if at < needed else f"{each}=None" for at, each in enumerate(given)]
    if any(not _is_none(each) for each in forward.args.defaults):
        return
    plain = free_name(text, f"{name}Body")
    edits = Edits(text, tree)
    for node in nodes_of(ast.Name, tree):
        if node.id == name:
            edits.replace(node, plain)
    at = text.index(name, edits.at(holder.lineno, holder.col_offset))
    edits.replace_range(at, at + len(name), plain)
    added = [
        "", "", f"class {name}(torch.nn.Module):", "    def __init__(self):", "        super().__init__()",
        f"        self.scripted = torch.jit.script({plain}())", "",
        f"    def forward(self, {', '.join(taken)}):",
        f"        return self.scripted({', '.join(given)})",
    ]  # fmt: skip
    edits.insert_lines(holder.end_lineno or holder.lineno, added)
    summary = f"script what {name} does, so that it decides in each call; parameters move to 'scripted.'"
    yield Change(summary, file, edits.applied())


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
