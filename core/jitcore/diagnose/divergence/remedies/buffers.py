"""What an object keeps from call to call in attributes of Python, kept in buffers, which a trace reads and
writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.conditions import by_where
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.situation import Situation
from jitcore.diagnose.divergence.remedies.syntax import (
    called_name,
    class_of,
    first_line,
    functions_around,
    is_attribute_of,
    last_line,
    method_of,
    nodes_of,
)

_MODULES: Final = ("nn.Module", "torch.nn.Module", "Module")


def in_buffers(file: str, text: str, tree: ast.Module, line: int, situation: Situation) -> Iterator[Change]:
    """The class around a line, with attributes that its methods change as buffers."""
    functions = functions_around(tree, line)
    holder = class_of(tree, functions[0]) if functions else None
    made = None if holder is None else method_of(holder, "__init__")
    if holder is None or made is None:
        return
    first = _first_values(made)
    methods = [each for each in holder.body if isinstance(each, ast.FunctionDef) and each is not made]
    changed = [name for name in first if any(name in _written(each) for each in methods)]
    values = _values(file, holder, situation)
    shapes = {name: value for name in changed if (value := _initial(first[name], values.get(name), text))}
    alone = [{name: value} for name, value in shapes.items()] if len(shapes) > 1 else []
    for kept in (shapes, *alone) if shapes else ():
        try:
            edited = _edited(text, tree, holder, made, methods, kept)
            parsed = ast.parse(edited)
        except (SyntaxError, ValueError):
            continue
        summary = f"keep {', '.join(kept)} of {holder.name} in buffers, which a trace reads and writes"
        for where in (each for each in nodes_of(ast.If, parsed) if _reads(each.test, kept)):
            for change in by_where(file, edited, parsed, where.lineno):
                yield Change(summary, file, change.text)
        yield Change(summary, file, edited)


def _first_values(made: ast.FunctionDef) -> dict[str, ast.expr]:
    """What `__init__` gives to attributes of the object."""
    found: dict[str, ast.expr] = {}
    for node in made.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            for target, value in _pairs(node.targets[0], node.value):
                if is_attribute_of(target, "self") and isinstance(target, ast.Attribute):
                    found[target.attr] = value
        elif (
            isinstance(node, ast.AnnAssign)
            and node.value is not None
            and is_attribute_of(node.target, "self")
        ):
            found[node.target.attr] = node.value  # type: ignore[union-attr]  # as was just asked
    return found


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _written(function: ast.FunctionDef) -> set[str]:
    return {
        node.attr
        for node in nodes_of(ast.Attribute, function)
        if is_attribute_of(node, "self") and isinstance(node.ctx, ast.Store)
    }


def _values(file: str, holder: ast.ClassDef, situation: Situation) -> dict[str, Any]:
    """What the attributes of an object of the class hold once it was called."""
    for (where, line), call in situation.calls.items():
        if where == file and first_line(holder) <= line <= last_line(holder):
            owner = call.arguments.get("self", call.variables.get("self"))
            if owner is not None:
                return {**vars(owner), **getattr(owner, "_buffers", {}), **call.variables}
    return {}


def _initial(first: ast.expr, later: Any, text: str) -> str:
    """The text of the tensor that a buffer starts with; nothing for what is kept in no buffer."""
    if isinstance(first, ast.Constant) and isinstance(first.value, bool | int | float):
        return f"torch.tensor({ast.get_source_segment(text, first)})"
    if isinstance(first, ast.UnaryOp) and isinstance(first.operand, ast.Constant):
        return f"torch.tensor({ast.get_source_segment(text, first)})"
    if isinstance(first, ast.Constant) and first.value is None and isinstance(later, torch.Tensor):
        sizes = ", ".join(map(str, later.shape)) or "()"
        return f"torch.zeros({sizes})"
    if isinstance(first, ast.Call) and called_name(first.func).startswith("torch."):
        return ast.get_source_segment(text, first) or ""
    return ""


def _reads(node: ast.AST, names: dict[str, str]) -> bool:
    return any(each.attr in names and is_attribute_of(each, "self") for each in nodes_of(ast.Attribute, node))


def _edited(
    text: str,
    tree: ast.Module,
    holder: ast.ClassDef,
    made: ast.FunctionDef,
    methods: list[ast.FunctionDef],
    shapes: dict[str, str],
) -> str:
    edits = Edits(text, tree)
    _make_module(edits, holder, made)
    _register(edits, made, shapes)

    def rule(rewriter: Rewriter, node: ast.AST) -> str | None:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if (
                isinstance(target, ast.Attribute)
                and is_attribute_of(target, "self")
                and target.attr in shapes
            ):
                value = rewriter.source(node.value)
                given = (
                    value if shapes[target.attr].startswith("torch.zeros") else f"torch.as_tensor({value})"
                )
                return f"self.{target.attr}.copy_({given})"
            # What is read here is written to later, in the same memory.
            if _is_state(node.value, shapes):
                return f"{rewriter.source(target)} = {rewriter.source(node.value)}.clone()"
        if isinstance(node, ast.Return) and node.value is not None and _is_state(node.value, shapes):
            return f"return {rewriter.source(node.value)}.clone()"
        if isinstance(node, ast.If) and _asks_for_none(node.test, shapes) and not node.orelse:
            return "pass"
        if isinstance(node, ast.IfExp) and _asks_for_none(node.test, shapes):
            return rewriter.source(node.orelse)
        if isinstance(node, ast.IfExp) and _reads(node.test, shapes):
            both = ", ".join(f"torch.as_tensor({rewriter.source(each)})" for each in (node.body, node.orelse))
            return f"torch.where({rewriter.source(node.test)}, {both})"
        if isinstance(node, ast.Call) and _reads(node, shapes):
            name = called_name(node.func)
            if name in ("float", "int", "bool") and len(node.args) == 1:
                return f"({rewriter.source(node.args[0])})"
            if name in ("max", "min") and len(node.args) == 2:
                one, other = node.args if _reads(node.args[0], shapes) else node.args[::-1]
                side = "min" if name == "max" else "max"
                return f"({rewriter.source(one)}).clamp({side}={rewriter.source(other)})"
        return None

    Rewriter(text, tree, rule).apply(edits, [each for method in methods for each in method.body])
    return edits.applied()


def _is_state(node: ast.expr, shapes: dict[str, str]) -> bool:
    return isinstance(node, ast.Attribute) and is_attribute_of(node, "self") and node.attr in shapes


def _asks_for_none(test: ast.expr, shapes: dict[str, str]) -> bool:
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], ast.Is)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value is None
        and _reads(test.left, shapes)
    )


def _make_module(edits: Edits, holder: ast.ClassDef, made: ast.FunctionDef) -> None:
    """A class without bases becomes a module, whose buffers are those of the program."""
    if holder.bases or holder.keywords:
        return
    at = edits.text.index(holder.name, edits.at(holder.lineno, holder.col_offset)) + len(holder.name)
    end = edits.text.index(":", at)
    edits.replace_range(at, end, "(torch.nn.Module)")
    indent = " " * made.body[0].col_offset
    edits.insert_lines(made.body[0].lineno - 1, [f"{indent}super().__init__()"])


def _register(edits: Edits, made: ast.FunctionDef, shapes: dict[str, str]) -> None:
    for node in made.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            pairs = _pairs(node.targets[0], node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = [(node.target, node.value)]
        else:
            continue
        indent = " " * node.col_offset
        code: list[str] = []
        for target, value in pairs:
            name = target.attr if isinstance(target, ast.Attribute) else ""
            if name in shapes and is_attribute_of(target, "self"):
                code.append(f'{indent}self.register_buffer("{name}", {shapes[name]})')
            else:
                code.append(f"{indent}{edits.source(target)} = {edits.source(value)}")
        if any("register_buffer" in each for each in code):
            edits.replace_lines(node.lineno, last_line(node), code)
