"""Calls that change what they are given, or tell of the surroundings."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jitcore.tracing.black_box.facts import Expression, expression_of, targets_of
from jitcore.tracing.black_box.interesting_names import CHANGING, FILLING, TELLING, TELLING_ROOTS, TOUCHING
from jitcore.tracing.black_box.sites import Assignment, Call, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.tracing.black_box.rewritten_program import RewrittenProgram
    from jitcore.tracing.black_box.target_rewriting import TargetRewriting


class CallRewriting:
    """Has such calls tell what they do; what they consist of is rewritten by `visit_parts`."""

    def __init__(
        self,
        program: RewrittenProgram,
        targets: TargetRewriting,
        visit_parts: Callable[[ast.AST], ast.AST],
    ) -> None:
        self._program = program
        self._targets = targets
        self._visit_parts = visit_parts

    def call(self, node: ast.Call) -> ast.expr:
        """A call."""
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        whole = expression_of(node)
        given = [*node.args, *(each.value for each in node.keywords)]
        if isinstance(function, ast.Attribute) and name in CHANGING:
            return self._change(node, function, whole, given)
        touches = name in FILLING or (name in TOUCHING and isinstance(function, ast.Name))
        first = node.args[0] if touches and node.args else None
        touched: Store | None = None
        if first is not None and not isinstance(first, ast.Starred):
            attribute = first.attr if isinstance(first, ast.Attribute) else _constant_text(node.args[1:2])
            touched = self._targets.store(
                node, first, attribute, TOUCHING.get(name, f"written to by {name}()")
            )
        outs = [
            (each, self._targets.store(node, each.value, "", "written to by out="))
            for each in node.keywords
            if each.arg == "out"
        ]
        self._visit_parts(node)
        if touched is not None and first is not None:
            node.args[0] = self._program.call(touched, "holder", first, node.args[0])
        for each, store in outs:
            each.value = self._program.call(store, "holder", each.value, each.value)
        if name in TELLING or _root(function) in TELLING_ROOTS:
            site = Call(*self._program.here(), whole, name)
            node.func = self._program.call(site, "callee", function, node.func)
        return node

    def _change(
        self, node: ast.Call, function: ast.Attribute, whole: Expression, given: list[ast.expr]
    ) -> ast.expr:
        """A call of a method that changes what it is called on."""
        holder = function.value
        names, attributes = targets_of(holder)
        attribute = holder.attr if isinstance(holder, ast.Attribute) else ""
        store = self._targets.store(node, holder, attribute, f"changed by {function.attr}()")
        inner = [expression_of(each) for each in given]
        joined = Expression(
            whole.span,
            tuple(pair for each in inner for pair in each.names),
            tuple(pair for each in inner for pair in each.attributes),
        )
        site = Assignment(
            *self._program.here(),
            joined,
            changed=tuple(names),
            attributes=tuple(attributes),
            around=self._program.around(),
        )
        self._visit_parts(node)
        function.value = self._program.call(store, "holder", holder, function.value)
        return self._program.call(site, "added", node, node)


def _root(function: ast.expr) -> str:
    """The variable that what is called is found in: `random` of `random.choice`, `np.random` of its kind."""
    parts: list[str] = []
    while isinstance(function, ast.Attribute):
        parts.append(function.attr)
        function = function.value
    if not isinstance(function, ast.Name) or not parts:
        return ""
    parts.append(function.id)
    return ".".join(reversed(parts[1:]))


def _constant_text(given: list[ast.expr]) -> str:
    value = given[0].value if given and isinstance(given[0], ast.Constant) else ""
    return value if isinstance(value, str) else ""
