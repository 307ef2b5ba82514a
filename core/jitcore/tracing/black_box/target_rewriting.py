"""Assignments: what is set, and what holds it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from jitcore.tracing.black_box.facts import expression_of, targets_of
from jitcore.tracing.black_box.sites import Assignment, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.tracing.black_box.rewritten_program import RewrittenProgram


class TargetRewriting:
    """Has assignments tell their values and what they change; values are rewritten by `visit`."""

    def __init__(self, program: RewrittenProgram, visit: Callable[[ast.AST], Any]) -> None:
        self._program = program
        self._visit = visit

    def assigned(self, value: ast.expr, targets: list[ast.expr], method: str = "value") -> ast.expr:
        """A value that is assigned, or else taken as `method` of the site says."""
        names: list[str] = []
        changed: list[str] = []
        attributes: list[str] = []
        for target in targets:
            found, held = targets_of(target)
            (changed if isinstance(target, ast.Subscript) else names).extend(found)
            attributes.extend(held)
        declared = tuple(name for name in names if name in self._program.declared)
        site = Assignment(
            *self._program.here(),
            expression_of(value),
            tuple(names),
            tuple(changed),
            tuple(attributes),
            declared,
            self._program.around(),
        )
        return self._program.call(site, method, value, self._visit(value))

    def target(self, target: ast.expr, action: str = "set") -> ast.expr:
        """A target of which what holds it is told."""
        if isinstance(target, ast.Tuple | ast.List):
            target.elts = [self.target(each, action) for each in target.elts]
        elif isinstance(target, ast.Starred):
            target.value = self.target(target.value, action)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            holder = target.value
            if isinstance(target, ast.Attribute):
                attribute = target.attr
            else:
                attribute = holder.attr if isinstance(holder, ast.Attribute) else ""
                target.slice = self._visit(target.slice)
            site = self.store(target, holder, attribute, action)
            target.value = self._program.call(site, "holder", holder, self._visit(holder))
        return target

    def store(self, whole: ast.expr, holder: ast.expr, attribute: str, action: str) -> Store:
        """The site of a change of what `holder` holds."""
        return Store(
            *self._program.here(),
            expression_of(whole),
            expression_of(holder),
            attribute,
            action,
        )
