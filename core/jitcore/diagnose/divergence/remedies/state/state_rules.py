"""Statements and expressions that read or write attributes of Python, as they read and write buffers."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Final

from jitcore.diagnose.divergence.remedies.numbers import larger_or_smaller
from jitcore.diagnose.divergence.remedies.rewriting import Rewriter
from jitcore.diagnose.divergence.remedies.state.kept import Kept, drops_first, reads
from jitcore.diagnose.divergence.remedies.syntax import called_name, is_attribute_of, nodes_of

_SIGNS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_JOINING: Final = ("torch.cat", "torch.concat", "torch.concatenate")


class StateRules:
    """The rule of a rewriter for the attributes `kept` of the variable `owner`. With `exact` the larger of
    two is taken as Python takes it, where one is NaN."""

    def __init__(self, owner: str, kept: Mapping[str, Kept], tables: frozenset[str], exact: bool) -> None:
        """`tables` are lists of numbers, which a buffer may be the place in."""
        self._owner, self._kept, self._tables, self._exact = owner, kept, tables, exact

    def rule(self, rewriter: Rewriter, node: ast.AST) -> str | None:
        """What stands in the place of a node; None where it stays."""
        if self._exact and isinstance(node, ast.Call) and self._reads(node):
            chosen = larger_or_smaller(rewriter, node)
            if chosen is not None:
                return chosen
        return self._statement(rewriter, node) or self._expression(rewriter, node)

    def _reads(self, node: ast.AST) -> bool:
        return reads(node, self._owner, self._kept)

    def _of(self, node: ast.AST) -> Kept | None:
        """How an attribute is kept; None where a node is none of them."""
        if isinstance(node, ast.Attribute) and is_attribute_of(node, self._owner):
            return self._kept.get(node.attr)
        return None

    # --- statements -------------------------------------------------------------------------------

    def _statement(self, rewriter: Rewriter, node: ast.AST) -> str | None:
        match node:
            case ast.If():
                return self._decided(rewriter, node)
            case ast.Assign(targets=[target]):
                return self._assigned(rewriter, node, target)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                kept = self._of(target)
                return None if kept is None else self._write(kept, self._given(rewriter, value))
            case ast.AugAssign(target=target, op=op, value=value):
                return self._updated(rewriter, target, op, value)
            case ast.Return(value=ast.Attribute() as value) if self._of(value) is not None:
                kept = self._kept[value.attr]
                names = [f"{self._owner}.{name}.clone()" for name in _held(kept)]
                return f"return ({', '.join(names)})" if kept.is_tuple else f"return {names[0]}"
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Attribute() as target, attr=done)) as call
            ):
                kept = self._of(target)
                return None if kept is None else self._done_to(rewriter, kept, done, call)
            case _:
                return None

    def _assigned(self, rewriter: Rewriter, node: ast.Assign, target: ast.expr) -> str | None:
        kept = self._of(target)
        if kept is not None:
            return self._write(kept, self._given(rewriter, node.value))
        if isinstance(target, ast.Tuple) and any(self._of(each) is not None for each in target.elts):
            names: list[str] = []
            writes: list[str] = []
            for each in target.elts:
                part = self._of(each)
                if part is None or not isinstance(each, ast.Attribute):
                    names.append(rewriter.source(each))
                    continue
                names.append(f"new_{each.attr}")
                writes.append(self._write(part, f"new_{each.attr}"))
            indent = "\n" + " " * node.col_offset
            return indent.join([f"{', '.join(names)} = {rewriter.source(node.value)}", *writes])
        # What is read here is written to later, in the same memory.
        read = self._of(node.value)
        if read is not None and not read.is_tuple:
            return f"{rewriter.source(target)} = {rewriter.source(node.value)}.clone()"
        return None

    def _given(self, rewriter: Rewriter, value: ast.expr) -> str:
        return rewriter.source(value).replace(".item()", "")

    def _updated(self, rewriter: Rewriter, target: ast.expr, op: ast.operator, value: ast.expr) -> str | None:
        kept, sign = self._of(target), _SIGNS.get(type(op))
        if kept is None or sign is None:
            return None
        given = self._given(rewriter, value)
        if kept.form == "number" and not any(True for _ in nodes_of(ast.Call, value)):
            # Whole numbers divided are whole no more.
            return f"{kept.value(self._owner)} {sign}= {given}"
        return self._write(kept, f"{kept.value(self._owner)} {sign} {_grouped(value, given)}")

    def _write(self, kept: Kept, value: str) -> str:
        names = [f"{self._owner}.{name}" for name in _held(kept)]
        if value == "None":
            return "; ".join(self._emptied(kept))
        if kept.form in ("joined", "stacked") and value in ("[]", "list()"):
            return "; ".join(self._emptied(kept))
        if kept.is_tuple:
            put = "kept.set_(new.detach())" if kept.is_resized else "kept.copy_(new.detach())"
            return f"for kept, new in zip({kept.value(self._owner)}, {value}): {put}"
        if not kept.is_resized:
            return f"{names[0]}.copy_({self._as_tensor(kept, value)})"
        if kept.form in ("joined", "stacked"):
            value = _list_as_tensor(kept, value)
            value = f"{value}.clone()" if value.startswith(f"{names[0]}[") else value
        written = f"{names[0]}.set_({_detached(value)})"
        if kept.form == "maybe":
            return f"{written}; {self._owner}.{_flag(kept)}.copy_(torch.tensor(True))"
        return written

    def _emptied(self, kept: Kept) -> list[str]:
        if kept.form == "maybe":
            return [f"{self._owner}.{_flag(kept)}.copy_(torch.tensor(False))"]
        if kept.form in ("joined", "stacked"):
            return [
                f"{mine}.set_({mine}.new_zeros(0))"
                for mine in (f"{self._owner}.{name}" for name in kept.buffers)
            ]
        return [f"{self._owner}.{name}.zero_()" for name in kept.buffers]

    def _as_tensor(self, kept: Kept, value: str) -> str:
        """What is kept gets, without what it was computed from: a number that is computed with the buffer is
        a tensor already."""
        mine = kept.value(self._owner)
        if kept.form == "number":
            is_tensor = re.search(rf"{re.escape(mine)}\b", value) is not None
            given = value if is_tensor else f"torch.as_tensor({value})"
            is_fraction = "." in next(iter(kept.buffers.values())).removeprefix("torch.tensor(")
            return f"({given}).detach()" if is_fraction and given != mine else given
        return value if value == mine else _detached(value)

    def _done_to(self, rewriter: Rewriter, kept: Kept, done: str, call: ast.Call) -> str | None:
        """What a method of a list does, as a write."""
        mine = kept.value(self._owner)
        if done == "clear":
            return "; ".join(self._emptied(kept))
        if done == "append" and len(call.args) == 1:
            given = self._given(rewriter, call.args[0])
            if kept.form == "ring":
                return f"{mine}.copy_(torch.cat([{mine}[1:], torch.stack([{given}]).detach()]))"
            if kept.form == "joined":
                return f"{mine}.set_(torch.cat([{mine}, {given}], dim={kept.dim}).detach())"
            if kept.form == "stacked":
                cut = f"[-{kept.longest}:]" if kept.longest else ""
                added = f"torch.cat([{mine}, torch.stack([torch.as_tensor({given})])]){cut}"
                return f"{mine}.set_({added}.detach())"
        return None

    # --- decisions --------------------------------------------------------------------------------

    def _decided(self, rewriter: Rewriter, node: ast.If) -> str | None:
        if not self._reads(node.test):
            return None
        known = self._known(node.test)
        if known is not None:
            return self._folded(rewriter, node.body if known else node.orelse, node.col_offset)
        if self._cuts(node):
            return "pass"
        return self._chosen(rewriter, node)

    def _known(self, test: ast.expr) -> bool | None:
        """What a question for nothing gives where there always is something; None for other conditions."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._known(test.operand)
            return None if inner is None else not inner
        asked = self._asked_for_none(test)
        if asked is not None and asked[0].is_always_there:
            return not asked[1]
        kept = self._of(test)
        if kept is not None and kept.form == "joined":
            return True
        return None

    def _asked_for_none(self, test: ast.AST) -> tuple[Kept, bool] | None:
        """What is asked whether it is None, and whether the answer is yes where it is."""
        match test:
            case ast.Compare(
                left=left, ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Constant(value=None)]
            ):
                kept = self._of(left)
                return None if kept is None else (kept, isinstance(op, ast.Is))
            case _:
                return None

    def _folded(self, rewriter: Rewriter, arm: list[ast.stmt], column: int) -> str:
        """The statements of an arm in the place of the condition."""
        indent = "\n" + " " * column
        texts = [rewriter.source(each).replace("\n" + " " * each.col_offset, indent) for each in arm]
        return indent.join(texts) or "pass"

    def _cuts(self, node: ast.If) -> bool:
        """Whether it only keeps a list of tensors short, which its buffer is cut to anyway."""
        body = node.body[0]
        is_first = drops_first(body, lambda each: isinstance(each, ast.Attribute))
        return is_first and len(node.body) == 1 and not node.orelse and self._reads(body)

    def _chosen(self, rewriter: Rewriter, node: ast.If) -> str | None:
        """Values that attributes get under a condition, chosen among."""
        arms = [self._arm(rewriter, arm) for arm in (node.body, node.orelse)]
        one, other = arms
        if one is None or other is None or not any(each in self._kept for each in (*one, *other)):
            return None
        # The condition is asked once, before anything that it reads is written to.
        test = rewriter.source(node.test)
        code = [f"chosen = {test}{'.clone()' if self._of(node.test) is not None else ''}"]
        for name in dict.fromkeys([*one, *other]):
            kept = self._kept.get(name)
            if kept is not None and kept.form not in ("number", "tensor", "maybe"):
                return None
            now = name if kept is None else kept.value(self._owner)
            both = [each.get(name, now) for each in (one, other)]
            if kept is None:
                code.append(f"{name} = torch.where(chosen, {', '.join(both)})")
                continue
            if (
                kept.form == "maybe"
                and not (name in one and name in other)
                and not self._fills(node, kept, one)
            ):
                return None
            both = [self._as_tensor(kept, each) for each in both]
            code.append(self._write_chosen(kept, f"torch.where(chosen, {', '.join(both)})"))
        return f"\n{' ' * node.col_offset}".join(code)

    def _fills(self, node: ast.If, kept: Kept, one: Mapping[str, str]) -> bool:
        """Whether a condition gives a first value to what has none."""
        asked = self._asked_for_none(node.test)
        return asked is not None and asked[0] is kept and asked[1] and next(iter(kept.buffers)) in one

    def _write_chosen(self, kept: Kept, value: str) -> str:
        return self._write(kept, value) if kept.is_resized else f"{kept.value(self._owner)}.copy_({value})"

    def _arm(self, rewriter: Rewriter, arm: list[ast.stmt]) -> dict[str, str] | None:
        """What an arm gives to variables and attributes; None where it does anything else."""
        found: dict[str, str] = {}
        for each in arm:
            target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
            if not isinstance(target, ast.Name | ast.Attribute):
                return None
            if isinstance(target, ast.Attribute) and self._of(target) is None:
                return None
            name = target.id if isinstance(target, ast.Name) else target.attr
            if isinstance(each, ast.Assign) and len(each.targets) == 1:
                found[name] = self._given(rewriter, each.value)
            elif isinstance(each, ast.AugAssign) and type(each.op) in _SIGNS:
                now = name if isinstance(target, ast.Name) else f"{self._owner}.{name}"
                found[name] = f"{now} {_SIGNS[type(each.op)]} {self._given(rewriter, each.value)}"
            else:
                return None
        return found

    # --- expressions ------------------------------------------------------------------------------

    def _expression(self, rewriter: Rewriter, node: ast.AST) -> str | None:
        """Numbers that are tensors now, and what is no longer None or a list."""
        match node:
            case ast.Compare():
                asked = self._asked_for_none(node)
                if asked is not None and asked[0].is_always_there:
                    return str(not asked[1])
                if asked is not None:
                    return f"{'~' if asked[1] else ''}{self._owner}.{_flag(asked[0])}"
            case ast.IfExp():
                known = self._known(node.test)
                if known is not None:
                    return rewriter.source(node.body if known else node.orelse)
                if self._reads(node.test):
                    both = [f"torch.as_tensor({rewriter.source(each)})" for each in (node.body, node.orelse)]
                    return f"torch.where({rewriter.source(node.test)}, {', '.join(both)})"
            case ast.UnaryOp(op=ast.Not(), operand=operand) if self._of(operand) is not None:
                return f"~{rewriter.source(operand)}"
            case ast.Subscript(value=ast.Attribute() as value, slice=ast.Constant(value=int() as at)):
                kept = self._of(value)
                if kept is not None and kept.is_tuple:
                    return f"{self._owner}.{list(kept.buffers)[at]}"
            case ast.Subscript(value=value, slice=place) if self._reads(place) and isinstance(
                node.ctx, ast.Load
            ):
                table = rewriter.source(value)
                return f"torch.tensor({table})[{rewriter.source(place)}]" if table in self._tables else None
            case ast.Attribute():
                kept = self._of(node)
                return None if kept is None else kept.value(self._owner)
            case ast.Call() if self._reads(node):
                return self._called(rewriter, node)
            case _:
                pass
        return None

    def _called(self, rewriter: Rewriter, node: ast.Call) -> str | None:
        name = called_name(node.func)
        if name in ("float", "int", "bool") and len(node.args) == 1:
            return f"({rewriter.source(node.args[0])})"
        if name in ("max", "min") and len(node.args) == 2:
            one, other = node.args if self._reads(node.args[0]) else node.args[::-1]
            side = "min" if name == "max" else "max"
            return f"({rewriter.source(one)}).clamp({side}={self._given(rewriter, other)})"
        return self._of_list(rewriter, node, name)

    def _of_list(self, rewriter: Rewriter, node: ast.Call, name: str) -> str | None:
        """A function of a list of tensors that are one tensor now."""
        if not node.args:
            return None
        first = node.args[0]
        kept = self._of(_unwrapped(first))
        if kept is None:
            return self._with_others(rewriter, node, name)
        mine = kept.value(self._owner)
        dim = _dim(rewriter, node)
        if kept.form == "joined" and name in _JOINING and not kept.is_tuple:
            return f"{mine}.clone()"
        if kept.form not in ("stacked", "ring"):
            return None
        if name in _JOINING and kept.form == "stacked":
            moved = mine if dim == "0" else f"{mine}.movedim(0, {dim})"
            return f"{moved}.flatten({dim}, {dim} + 1)"
        if name == "torch.stack":
            return f"{mine}.clone()" if dim == "0" else f"{mine}.movedim(0, {dim})"
        if kept.form == "stacked" and name in ("list", "tuple", "torch.tensor", "torch.as_tensor"):
            return f"{mine}.clone()"
        if kept.form == "stacked" and name in ("sum", "len"):
            return f"{mine}.sum(dim=0)" if name == "sum" else f"{mine}.shape[0]"
        return None

    def _with_others(self, rewriter: Rewriter, node: ast.Call, name: str) -> str | None:
        """`torch.cat([*kept, x])` and `torch.stack([*kept, x])`."""
        items = node.args[0]
        if not isinstance(items, ast.List | ast.Tuple) or name not in (*_JOINING, "torch.stack"):
            return None
        parts: list[str] = []
        for each in items.elts:
            kept = self._of(each.value) if isinstance(each, ast.Starred) else None
            if kept is None:
                source = rewriter.source(each)
                parts.append(f"torch.stack([{source}])" if name == "torch.stack" else source)
                continue
            if kept.form != ("stacked" if name == "torch.stack" else "joined"):
                return None
            parts.append(kept.value(self._owner))
        return f"torch.cat([{', '.join(parts)}], dim={_dim(rewriter, node)})"


def _held(kept: Kept) -> list[str]:
    """The buffers of values, without that which tells whether there is one."""
    return list(kept.buffers)[:1] if kept.form == "maybe" else list(kept.buffers)


def _flag(kept: Kept) -> str:
    return list(kept.buffers)[1]


def _unwrapped(node: ast.expr) -> ast.expr:
    """What `list(x)` and `tuple(x)` are given."""
    is_copy = (
        isinstance(node, ast.Call) and called_name(node.func) in ("list", "tuple") and len(node.args) == 1
    )
    return node.args[0] if isinstance(node, ast.Call) and is_copy else node


def _dim(rewriter: Rewriter, node: ast.Call) -> str:
    named = [each.value for each in node.keywords if each.arg in ("dim", "axis")]
    given = [*node.args[1:2], *named]
    return rewriter.source(given[0]) if given else "0"


def _list_as_tensor(kept: Kept, value: str) -> str:
    """A list of tensors that is written out, as the tensor that is kept of it."""
    if not (value.startswith("[") and value.endswith("]")):
        return value
    return f"torch.cat({value}, dim={kept.dim})" if kept.form == "joined" else f"torch.stack({value})"


def _detached(value: str) -> str:
    """A value without what it was computed from."""
    if "detach" in value:
        return value
    return f"{value}.detach()" if re.fullmatch(r"[\w.]+", value) else f"({value}).detach()"


def _grouped(node: ast.expr, text: str) -> str:
    simple = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    return text if simple else f"({text})"
