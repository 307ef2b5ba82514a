"""What runs around a method, in `__call__` or a decorator, as what a script compiles."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from typing import Final

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    first_line,
    free_name,
    last_line,
    method_of,
    nodes_of,
)

_MARKS: Final = ("unused", "ignore")
"""Decorators by which methods are left out of scripts."""


def compiled_methods(file: str, text: str, tree: ast.Module) -> Iterator[Change]:
    """Changes after which a script runs what Python runs."""
    yield from _without_marks(file, text, tree)
    yield from _call_as_forward(file, text, tree)
    yield from _call_as_method(file, text, tree)
    yield from _without_decorators(file, text, tree)


def _without_marks(file: str, text: str, tree: ast.Module) -> Iterator[Change]:
    edits = Edits(text, tree)
    for function in nodes_of(ast.FunctionDef, tree):
        for each in function.decorator_list:
            name = called_name(each.func if isinstance(each, ast.Call) else each)
            if name.rpartition(".")[2] in _MARKS and "jit" in name:
                edits.replace_lines(each.lineno, last_line(each), [])
    if not edits.are_none:
        yield Change("compile the method too: a script leaves out what is marked so", file, edits.applied())


def _calls_super(node: ast.AST, name: str) -> bool:
    """Whether a node is `super().name`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Call)
        and called_name(node.value.func) == "super"
    )


def _call_as_forward(file: str, text: str, tree: ast.Module) -> Iterator[Change]:
    """A class with a `__call__` around its own `forward`, or around that of the classes made of it."""
    for holder in nodes_of(ast.ClassDef, tree):
        around = method_of(holder, "__call__")
        heirs = [each for each in nodes_of(ast.ClassDef, tree) if each is holder or _is_heir(each, holder)]
        inner = [each for heir in heirs if (each := method_of(heir, "forward")) is not None]
        if around is None or not inner:
            continue
        edits = Edits(text, tree)
        plain = free_name(text, "forward_once")
        for each in inner:
            _rename(edits, each, plain)
        _rename(edits, around, "forward")
        for node in nodes_of(ast.Attribute, around):
            if _calls_super(node, "__call__") or (
                node.attr == "forward" and called_name(node.value) in ("self", "super")
            ):
                edits.replace(node, f"self.{plain}")
        yield Change(
            f"make what {holder.name} does in __call__ its forward, which a script compiles",
            file,
            edits.applied(),
        )


def _is_heir(holder: ast.ClassDef, base: ast.ClassDef) -> bool:
    return any(called_name(each) == base.name for each in holder.bases)


def _call_as_method(file: str, text: str, tree: ast.Module) -> Iterator[Change]:
    """A class with a `__call__` around an inherited `forward`: a method that is called by its name."""
    for holder in nodes_of(ast.ClassDef, tree):
        around = method_of(holder, "__call__")
        if around is None or method_of(holder, "forward") is not None:
            continue
        held = _held(tree, holder)
        if not held:
            continue
        edits = Edits(text, tree)
        name = free_name(text, "called")
        _rename(edits, around, name)
        for node in nodes_of(ast.Attribute, around):
            if _calls_super(node, "__call__"):
                edits.replace(node, "self.forward")
        for call in nodes_of(ast.Call, tree):
            if called_name(call.func).startswith("self.") and called_name(call.func)[5:] in held:
                edits.insert_after(call.func, f".{name}")
        yield Change(
            f"call what {holder.name} does by a name of its own: a script of {holder.name} has forward only",
            file,
            edits.applied(),
        )


def _held(tree: ast.Module, holder: ast.ClassDef) -> set[str]:
    """Attributes that hold an object of a class, or of what a function makes which has the class in it."""
    makers = {holder.name} | {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and holder in ast.walk(node)
    }
    return {
        target.attr
        for node in nodes_of(ast.Assign, tree)
        if isinstance(node.value, ast.Call) and called_name(node.value.func) in makers
        for target in node.targets
        if isinstance(target, ast.Attribute)
    }


def _rename(edits: Edits, function: ast.FunctionDef, new: str) -> None:
    at = edits.text.index(function.name, edits.at(function.lineno, function.col_offset) + len("def"))
    edits.replace_range(at, at + len(function.name), new)


# --- decorators -------------------------------------------------------------------------------------


def _without_decorators(file: str, text: str, tree: ast.Module) -> Iterator[Change]:
    """Functions under decorators of the file, with what these do written out around them."""
    for function in nodes_of(ast.FunctionDef, tree):
        if len(function.decorator_list) != 1:
            continue
        mark = function.decorator_list[0]
        maker = next(
            (
                node
                for node in tree.body
                if isinstance(node, ast.FunctionDef) and node.name == called_name(mark)
            ),
            None,
        )
        if maker is None or not maker.args.args:
            continue
        inner = [node for node in maker.body if isinstance(node, ast.FunctionDef)]
        if len(inner) != 1 or len(maker.args.args) != 1:
            continue
        yield from _written_out(file, text, tree, function, inner[0], maker.args.args[0].arg)


def _written_out(
    file: str, text: str, tree: ast.Module, function: ast.FunctionDef, around: ast.FunctionDef, given: str
) -> Iterator[Change]:
    edits = Edits(text, tree)
    plain = free_name(text, f"{function.name}_alone".lstrip("_"))
    is_method = function not in tree.body
    within = Edits(text, tree)
    for call in nodes_of(ast.Call, around):
        if called_name(call.func) == given:
            if is_method and call.args and called_name(call.args[0]) == "self":
                rest = [within.source(each) for each in call.args[1:]]
                rest += [f"{each.arg}={within.source(each.value)}" for each in call.keywords]
                within.replace(call, f"self.{plain}({', '.join(rest)})")
            elif not is_method:
                within.replace(call.func, plain)
    code = within.changed().split("\n")
    shift = len(code) - len(text.split("\n"))
    body = code[around.lineno - 1 : last_line(around) + shift]
    body = textwrap.dedent("\n".join(body)).replace(f"def {around.name}(", f"def {function.name}(", 1)
    indent = " " * function.col_offset
    edits.replace_lines(first_line(function), function.lineno - 1, [])
    _rename(edits, function, plain)
    blank = [""] if is_method else ["", ""]
    edits.insert_lines(last_line(function), [*blank, *textwrap.indent(body, indent).split("\n")])
    summary = f"write out what its decorator does around {function.name}: a script compiles what is decorated"
    yield Change(summary, file, edits.applied())
