"""Objects of a file's top as parts of the program, whose buffers a trace then has for its own."""

from __future__ import annotations

import ast

from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_named,
    free_name,
    last_line,
    method_of,
    nodes_of,
)


def reachable(text: str, holder: str, program: str) -> str:
    """The text with the objects of a class that the file makes at its top held by the program of a name.

    A class or an object of one gets them as attributes. A function becomes an object that has them and calls
    it. Nothing is changed where there are none, or where the program has them.
    """
    tree = ast.parse(text)
    names = [
        node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and called_name(node.value.func) == holder
        and node.targets[0].id != program
    ]
    if not names:
        return text
    kind = class_named(tree, program) or _class_of_object(tree, program)
    if kind is not None:
        return _held_by(text, tree, kind, names)
    function = next(
        (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == program), None
    )
    return text if function is None else _as_object(text, tree, function, names)


def _class_of_object(tree: ast.Module, name: str) -> ast.ClassDef | None:
    """The class of an object that a file makes at its top."""
    for node in tree.body:
        is_it = isinstance(node, ast.Assign) and called_name(node.targets[0]) == name
        if is_it and isinstance(node, ast.Assign):
            calls = nodes_of(ast.Call, node.value)
            found = (class_named(tree, called_name(each.func)) for each in calls)
            return next((each for each in found if each is not None), None)
    return None


def _attribute(name: str, text: str) -> str:
    plain = name.strip("_").lower()
    return free_name(text, plain) if f"self.{plain}" in text else plain


def _held_by(text: str, tree: ast.Module, kind: ast.ClassDef, names: list[str]) -> str:
    edits = Edits(text, tree)
    made = method_of(kind, "__init__")
    if made is None:
        first = kind.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(kind.body) > 1:
            first = kind.body[1]
        indent = " " * first.col_offset
        code = [f"{indent}def __init__(self):", f"{indent}    super().__init__()"]
        code += [f"{indent}    self.{_attribute(name, text)} = {name}" for name in names]
        line = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", []))])
        edits.insert_lines(line - 1, [*code, ""])
    else:
        indent = " " * made.body[-1].col_offset
        code = [f"{indent}self.{_attribute(name, text)} = {name}" for name in names]
        edits.insert_lines(last_line(made.body[-1]), code)
    return edits.applied_as_python() or text


def _as_object(text: str, tree: ast.Module, function: ast.FunctionDef, names: list[str]) -> str:
    """A function as an object of the same name, which calls it and holds what it changes."""
    arguments = function.args
    if arguments.vararg is not None or arguments.kwarg is not None or arguments.kwonlyargs:
        return text
    edits = Edits(text, tree)
    plain = free_name(text, f"{function.name.lstrip('_')}_once")
    kind = free_name(text, "".join(part.capitalize() for part in function.name.split("_")) or "Program")
    at = text.index(function.name, edits.at(function.lineno, function.col_offset) + len("def"))
    edits.replace_range(at, at + len(function.name), plain)
    bare = len(arguments.args) - len(arguments.defaults)
    taken = [edits.source(each) for each in arguments.args]
    for place, default in enumerate(arguments.defaults):
        taken[bare + place] += f"={edits.source(default)}"
    code = [
        "",
        "",
        f"class {kind}(torch.nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
    ]
    code += [f"        self.{_attribute(name, text)} = {name}" for name in names]
    code += ["", f"    def forward(self, {', '.join(taken)}):"]
    code += [f"        return {plain}({', '.join(each.arg for each in arguments.args)})", "", ""]
    code += [f"{function.name} = {kind}()"]
    edits.insert_lines(last_line(function), code)
    return edits.applied_as_python() or text
