"""What an object keeps from call to call in attributes of Python, kept in buffers, which a trace reads and
writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import torch

from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.conditions import by_where
from jitcore.diagnose.divergence.remedies.edits import Edits
from jitcore.diagnose.divergence.remedies.numbers import larger_or_smaller
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
    changed += [name for name in first if name not in changed and _is_ring(first[name])]
    values = _values(file, holder, situation)
    shapes = {
        name: kept
        for name in changed
        if (kept := _kept(name, first[name], values.get(name), text)) is not None
    }
    alone = [{name: value} for name, value in shapes.items()] if len(shapes) > 1 else []
    kinds = [(each, exact) for each in (shapes, *alone) if shapes for exact in (False, True)]
    for kept, exact in kinds:
        try:
            edited = _edited(text, tree, holder, made, methods, kept, exact)
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
                return {**getattr(owner, "__dict__", {}), **getattr(owner, "_buffers", {}), **call.variables}
    return {}


@dataclass(frozen=True)
class _Kept:
    """An attribute that becomes one buffer or several.

    Attributes: `form`, whether it is a `number`, a `tensor`, a `tuple` of tensors, or a `ring` of so many
    last ones; `buffers`, names and what they start with, as text.
    """

    form: Literal["number", "tensor", "tuple", "ring"]
    buffers: dict[str, str]

    @property
    def value(self) -> str:
        """The text that stands for the value of the attribute."""
        names = [f"self.{name}" for name in self.buffers]
        return f"({', '.join(names)})" if self.form == "tuple" else names[0]


def _kept(name: str, first: ast.expr, later: Any, text: str) -> _Kept | None:
    """How an attribute is kept that starts as `first`; None for what is kept in no buffer."""
    said = ast.get_source_segment(text, first) or ""
    plain = first.operand if isinstance(first, ast.UnaryOp) else first
    if isinstance(plain, ast.Constant) and isinstance(plain.value, bool | int | float):
        return _Kept("number", {name: f"torch.tensor({said})"})
    if isinstance(plain, ast.Constant) and plain.value is None:
        if isinstance(later, torch.Tensor):
            return _Kept("tensor", {name: _zeros(later)})
        if isinstance(later, tuple) and later and all(isinstance(each, torch.Tensor) for each in later):
            return _Kept("tuple", {f"{name}_{at}": _zeros(each) for at, each in enumerate(later)})
    if isinstance(first, ast.Call) and called_name(first.func).startswith("torch."):
        return _Kept("tensor", {name: said})
    if isinstance(first, ast.Tuple) and all(
        isinstance(each, ast.Call) and called_name(each.func).startswith("torch.") for each in first.elts
    ):
        parts = [ast.get_source_segment(text, each) or "" for each in first.elts]
        return _Kept("tuple", {f"{name}_{at}": part for at, part in enumerate(parts)})
    if isinstance(first, ast.Call) and _is_ring(first):
        items = ast.get_source_segment(text, first.args[0]) or ""
        return _Kept("ring", {name: f"torch.stack({items})"})
    return None


def _is_ring(first: ast.expr) -> bool:
    """Whether it is a deque that starts with some elements and never gets longer."""
    return (
        isinstance(first, ast.Call)
        and called_name(first.func).rpartition(".")[2] == "deque"
        and bool(first.args)
        and any(each.arg == "maxlen" for each in first.keywords)
    )


def _zeros(like: torch.Tensor) -> str:
    sizes = ", ".join(map(str, like.shape)) or "()"
    dtype = "" if like.dtype == torch.get_default_dtype() else f", dtype={like.dtype}"
    return f"torch.zeros({sizes}{dtype})"


_Shapes = dict[str, _Kept]


def _reads(node: ast.AST, names: _Shapes) -> bool:
    return any(each.attr in names and is_attribute_of(each, "self") for each in nodes_of(ast.Attribute, node))


def _edited(
    text: str,
    tree: ast.Module,
    holder: ast.ClassDef,
    made: ast.FunctionDef,
    methods: list[ast.FunctionDef],
    shapes: _Shapes,
    exact: bool,
) -> str:
    """The text with buffers; with `exact` the larger of two is taken as Python takes it, where one is NaN."""
    edits = Edits(text, tree)
    _make_module(edits, holder, made)
    _register(edits, made, shapes)

    def rule(rewriter: Rewriter, node: ast.AST) -> str | None:
        if exact and isinstance(node, ast.Call) and _reads(node, shapes):
            chosen = larger_or_smaller(rewriter, node)
            if chosen is not None:
                return chosen
        return _stored(rewriter, node, shapes) or _computed(rewriter, node, shapes)

    Rewriter(text, tree, rule).apply(edits, [each for method in methods for each in method.body])
    return edits.applied()


def _stored(rewriter: Rewriter, node: ast.AST, shapes: _Shapes) -> str | None:
    """Statements that give an attribute a value, as writes to its buffers."""
    if isinstance(node, ast.If) and _reads(node.test, shapes) and not _asks_for_none(node.test, shapes):
        return _chosen(rewriter, node, shapes)
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if _is_state(target, shapes):
            return _write(shapes[_name(target)], rewriter.source(node.value))
        if isinstance(target, ast.Tuple) and any(_is_state(each, shapes) for each in target.elts):
            names = [
                f"new_{_name(each)}" if _is_state(each, shapes) else rewriter.source(each)
                for each in target.elts
            ]
            writes = [
                _write(shapes[_name(each)], f"new_{_name(each)}")
                for each in target.elts
                if _is_state(each, shapes)
            ]
            indent = "\n" + " " * node.col_offset
            return indent.join([f"{', '.join(names)} = {rewriter.source(node.value)}", *writes])
        # What is read here is written to later, in the same memory.
        if _is_state(node.value, shapes) and shapes[_name(node.value)].form != "tuple":
            return f"{rewriter.source(target)} = {rewriter.source(node.value)}.clone()"
    if isinstance(node, ast.Return) and node.value is not None and _is_state(node.value, shapes):
        kept = shapes[_name(node.value)]
        read = [f"self.{name}.clone()" for name in kept.buffers]
        return f"return {read[0]}" if kept.form != "tuple" else f"return ({', '.join(read)})"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if isinstance(call.func, ast.Attribute) and call.func.attr == "append" and len(call.args) == 1:
            owner = call.func.value
            if _is_state(owner, shapes) and shapes[_name(owner)].form == "ring":
                name, last = (
                    f"self.{_name(owner)}",
                    f"torch.stack([{rewriter.source(call.args[0])}]).detach()",
                )
                return f"{name}.copy_(torch.cat([{name}[1:], {last}]))"
    return None


def _chosen(rewriter: Rewriter, node: ast.If, shapes: _Shapes) -> str | None:
    """Values that attributes get under a condition, chosen among."""
    arms = [_assigned(rewriter, arm, shapes) for arm in (node.body, node.orelse)]
    one, other = arms
    if one is None or other is None or not any(each in shapes for each in (*one, *other)):
        return None
    # The condition is asked once, before anything that it reads is written to.
    test = rewriter.source(node.test)
    code = [f"chosen = {test}{'.clone()' if _is_state(node.test, shapes) else ''}"]
    for name in dict.fromkeys([*one, *other]):
        kept = shapes.get(name)
        if kept is not None and kept.form not in ("number", "tensor"):
            return None
        now = name if kept is None else kept.value
        both = [each.get(name, now) for each in (one, other)]
        if kept is not None:
            both = [_as_tensor(kept, each) for each in both]
        value = f"torch.where(chosen, {', '.join(both)})"
        code.append(f"{name} = {value}" if kept is None else f"{now}.copy_({value})")
    return f"\n{' ' * node.col_offset}".join(code)


def _assigned(rewriter: Rewriter, arm: list[ast.stmt], shapes: _Shapes) -> dict[str, str] | None:
    """What an arm gives to variables and attributes; None where it does anything else."""
    found: dict[str, str] = {}
    for each in arm:
        target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
        if not isinstance(target, ast.Name | ast.Attribute):
            return None
        if isinstance(target, ast.Attribute) and not _is_state(target, shapes):
            return None
        name = target.id if isinstance(target, ast.Name) else target.attr
        if isinstance(each, ast.Assign) and len(each.targets) == 1:
            found[name] = rewriter.source(each.value)
        elif isinstance(each, ast.AugAssign) and isinstance(each.op, ast.Add | ast.Sub | ast.Mult):
            sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}[type(each.op)]
            now = name if isinstance(target, ast.Name) else f"self.{name}"
            found[name] = f"{now} {sign} {rewriter.source(each.value)}"
        else:
            return None
    return found


def _write(kept: _Kept, value: str) -> str:
    if value == "None":
        return "; ".join(f"self.{name}.zero_()" for name in kept.buffers)
    if kept.form == "tuple":
        return f"for kept, new in zip({kept.value}, {value}): kept.copy_(new.detach())"
    return f"{kept.value}.copy_({_as_tensor(kept, value)})"


def _as_tensor(kept: _Kept, value: str) -> str:
    """What is kept gets, without what it was computed from: a number that is computed with the buffer is a
    tensor already."""
    if kept.form == "number":
        is_tensor = re.search(rf"{re.escape(kept.value)}\b", value) is not None
        given = value if is_tensor else f"torch.as_tensor({value})"
        is_fraction = "." in next(iter(kept.buffers.values())).removeprefix("torch.tensor(")
        return f"({given}).detach()" if is_fraction and given != kept.value else given
    return value if "detach" in value or value == kept.value else f"({value}).detach()"


def _computed(rewriter: Rewriter, node: ast.AST, shapes: _Shapes) -> str | None:
    """Expressions of numbers that are tensors now, and of what is no longer None."""
    if isinstance(node, ast.If) and _asks_for_none(node.test, shapes) and not node.orelse:
        return "pass"
    if isinstance(node, ast.Compare) and _asks_for_none(node, shapes):
        return "False"
    if isinstance(node, ast.IfExp) and _asks_for_none(node.test, shapes):
        return rewriter.source(node.orelse)
    if isinstance(node, ast.IfExp) and _reads(node.test, shapes):
        both = ", ".join(f"torch.as_tensor({rewriter.source(each)})" for each in (node.body, node.orelse))
        return f"torch.where({rewriter.source(node.test)}, {both})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and _is_state(node.operand, shapes):
        return f"~{rewriter.source(node.operand)}"
    if isinstance(node, ast.Attribute) and _is_state(node, shapes):
        return shapes[node.attr].value
    if isinstance(node, ast.Call) and _reads(node, shapes):
        name = called_name(node.func)
        if name in ("float", "int", "bool") and len(node.args) == 1:
            return f"({rewriter.source(node.args[0])})"
        if name in ("max", "min") and len(node.args) == 2:
            one, other = node.args if _reads(node.args[0], shapes) else node.args[::-1]
            side = "min" if name == "max" else "max"
            return f"({rewriter.source(one)}).clamp({side}={rewriter.source(other)})"
    return None


def _is_state(node: ast.expr, shapes: _Shapes) -> bool:
    return isinstance(node, ast.Attribute) and is_attribute_of(node, "self") and node.attr in shapes


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _asks_for_none(test: ast.expr, shapes: _Shapes) -> bool:
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


def _register(edits: Edits, made: ast.FunctionDef, shapes: _Shapes) -> None:
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
                code += [
                    f'{indent}self.register_buffer("{each}", {start})'
                    for each, start in shapes[name].buffers.items()
                ]
            else:
                code.append(f"{indent}{edits.source(target)} = {edits.source(value)}")
        if any("register_buffer" in each for each in code):
            edits.replace_lines(node.lineno, last_line(node), code)
