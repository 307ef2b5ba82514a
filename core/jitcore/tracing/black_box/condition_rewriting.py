"""Conditions: ifs in expressions, `and`, `or`, and what asserts, loops and comprehensions decide by."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from jitcore.tracing.black_box.facts import expression_of, span_of
from jitcore.tracing.black_box.sites import Condition, Loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.tracing.black_box.rewritten_program import RewrittenProgram


class ConditionRewriting:
    """Has conditions tell their truth; what they consist of is rewritten by `visit`."""

    def __init__(self, program: RewrittenProgram, visit: Callable[[ast.AST], Any]) -> None:
        self._program = program
        self._visit = visit

    def simple(self, test: ast.expr, form: str) -> Condition:
        """The site of a condition that no lines of their own depend on."""
        return Condition(*self._program.here(), expression_of(test), form, around=self._program.around())

    def told(self, test: ast.expr, form: str) -> ast.expr:
        """A condition of no statement with arms, which tells its truth."""
        return self.truth(self.simple(test, form), test)

    def truth(self, site: Condition | Loop, test: ast.expr) -> ast.expr:
        """A condition that tells a site its truth."""
        return self._program.call(site, "truth", test, self.condition(test))

    def condition(self, test: ast.expr) -> ast.expr:
        """An expression of which only the truth matters: every operand is asked once, as it would be."""
        if isinstance(test, ast.BoolOp):
            form = "and" if isinstance(test.op, ast.And) else "or"
            first = [
                self.truth(self._operand(each, form, rest), each)
                for each, rest in zip(test.values, test.values[1:], strict=False)
            ]
            last = test.values[-1]
            made = self.truth(self._operand(last, form, None), last)
            test.values = [*first, made]
            return test
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test.operand = self.condition(test.operand)
            return test
        return self._visit(test)

    def _operand(self, operand: ast.expr, form: str, rest: ast.expr | None) -> Condition:
        site = self.simple(operand, form)
        if rest is not None:
            lines = span_of(rest).line, span_of(rest).end_line
            if form == "and":
                site.if_true = lines
            else:
                site.if_false = lines
        return site

    def operation(self, node: ast.BoolOp) -> ast.expr:
        """An `and` or `or` of which the value matters."""
        form = "and" if isinstance(node.op, ast.And) else "or"
        made: ast.expr = self._visit(node.values[-1])
        for operand, rest in zip(reversed(node.values[:-1]), reversed(node.values), strict=False):
            site = self._operand(operand, form, rest)
            kept = self._program.call(site, "kept", operand)
            asked = self._program.call(site, "keeps", operand, self._visit(operand))
            arms = (made, kept) if form == "and" else (kept, made)
            made = ast.copy_location(ast.IfExp(asked, *arms), node)
        return made

    def expression(self, node: ast.IfExp) -> ast.expr:
        """A conditional expression."""
        site = self.simple(node.test, "conditional expression")
        site.if_true = node.body.lineno, span_of(node.body).end_line
        site.if_false = node.orelse.lineno, span_of(node.orelse).end_line
        node.test = self.truth(site, node.test)
        node.body = self._visit(node.body)
        node.orelse = self._visit(node.orelse)
        return node
