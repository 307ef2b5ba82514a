"""Rewrites functions of a file so that they tell the black box what they decide.

    if x.sum() > 0:                  if <site 1>.truth(x.sum() > 0):
        self.count += 1       ->         <site 3>.holder(self).count += <site 2>.added(1)

A site stands as a constant in the code. No variable, global or attribute is added that the program could
see, and every expression keeps its place, by which frames tell where they are.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeVar

from jitcore.tracing.black_box.call_rewriting import CallRewriting
from jitcore.tracing.black_box.condition_rewriting import ConditionRewriting
from jitcore.tracing.black_box.facts import (
    Expression,
    expression_of,
    leaves_block,
    lines_of,
    span_of,
    statements_as_expression,
    targets_of,
)
from jitcore.tracing.black_box.function_facts import (
    Function,
    declared_in,
    kept_defaults,
    last_return,
    own_variables,
)
from jitcore.tracing.black_box.interesting_names import MAKING
from jitcore.tracing.black_box.rewritten_program import RewrittenProgram
from jitcore.tracing.black_box.sites import Choice, Condition, Flag, FunctionSite, Loop, Site
from jitcore.tracing.black_box.target_rewriting import TargetRewriting

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = ast.Constant | ast.List | ast.Dict | ast.Set | ast.Tuple | ast.JoinedStr
_Comprehension = TypeVar("_Comprehension", ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Rewriter(ast.NodeTransformer):
    """Rewrites a file in place. `sites` are those that were put in, by their numbers."""

    def __init__(self, path: str) -> None:
        self._program = RewrittenProgram(path)
        self.sites = self._program.sites
        self._conditions = ConditionRewriting(self._program, self.visit)
        self._targets = TargetRewriting(self._program, self.visit)
        self._calls = CallRewriting(self._program, self._targets, self.generic_visit)

    # --- functions and classes --------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        with self._program.in_class(node.name):
            node.body = [self.visit(each) for each in node.body]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: Function) -> ast.AST:
        with self._program.named(node.name):
            site = self._function_site(node)
            has_docstring = ast.get_docstring(node, clean=False) is not None
            first, rest = node.body[: int(has_docstring)], node.body[int(has_docstring) :]
            if not rest:
                return node
            with self._program.in_function(site, declared_in(node)):
                body = self._block(rest)
                enter = self._program.statement(site, "enter", node)
                leave = self._program.statement(site, "leave", node)
                # Where a function is left it stands at its last line, not where it begins.
                watched = ast.copy_location(ast.Try(body, [], [], [leave]), node)
                node.body = [*first, enter, watched]
        return node

    def _function_site(self, node: Function) -> FunctionSite:
        arguments = node.args
        place = Expression(span_of(node)._replace(end_line=node.lineno, end_column=node.col_offset), (), ())
        return FunctionSite(
            *self._program.here(),
            place,
            tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args)),
            tuple(each.arg for each in arguments.kwonlyargs),
            tuple(each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None),
            self._program.outer_function,
            own_variables(node),
            kept_defaults(arguments),
            last_return(node),
            node.name.startswith("__") and node.name.endswith("__") and node.name not in MAKING,
        )

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        with self._program.named("<lambda>"), self._program.in_function(None, frozenset()):
            node.body = self.visit(node.body)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        # Before 3.12 places in formatted strings are not those in the file.
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if not self._program.is_in_function:
            return node
        if node.value is not None:
            node.value = self._targets.assigned(node.value, [node.target])
        target = self._targets.target(node.target)
        assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
        node.target = target
        return node

    # --- statements -------------------------------------------------------------------------------

    def _block(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for number, statement in enumerate(statements):
            if isinstance(statement, ast.If):
                made.append(self._if(statement, lines_of(list(statements[number + 1 :]))))
            elif isinstance(statement, ast.For | ast.While):
                made.extend(self._loop(statement))
            else:
                made.append(self.visit(statement))
        return made

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not self._program.is_in_function:
            return super().generic_visit(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(node, name, self._block(value))
            elif isinstance(value, list):
                value[:] = [self.visit(each) if isinstance(each, ast.AST) else each for each in value]
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        return node

    def _if(self, node: ast.If, rest: tuple[int, int] | None) -> ast.If:
        behind = rest if leaves_block(node.body) else None
        behind_else = rest if leaves_block(node.orelse) else None
        site = Condition(
            *self._program.here(),
            expression_of(node.test),
            "if",
            lines_of(node.body) or None,
            lines_of(node.orelse) or behind,
            _plainly_set_in(node.body),
            _plainly_set_in(node.orelse),
            self._program.around(),
        )
        if behind_else is not None and site.if_true is None:
            site.if_true = behind_else
        test = node.test
        node.test = self._conditions.truth(site, test)
        with self._program.inside(site):
            node.body = self._block(node.body)
            node.orelse = self._block(node.orelse)
        return node

    def _loop(self, node: ast.For | ast.While) -> list[ast.stmt]:
        source = node.iter if isinstance(node, ast.For) else node.test
        site = Loop(
            *self._program.here(),
            expression_of(source),
            "for" if isinstance(node, ast.For) else "while",
            tuple(targets_of(node.target)[0]) if isinstance(node, ast.For) else (),
            around=self._program.around(),
        )
        made: list[ast.stmt] = []
        if isinstance(node, ast.For):
            node.iter = self._program.call(site, "iterable", source, self.visit(source))
            node.target = self._targets.target(node.target)
        else:
            made.append(self._program.statement(site, "begin", node))
            if not isinstance(source, ast.Constant):
                node.test = self._conditions.truth(site, source)
        with self._program.inside(site):
            node.body = [self._program.statement(site, "step", node.body[0]), *self._block(node.body)]
            node.orelse = self._block(node.orelse)
        return [*made, node, self._program.statement(site, "done", node)]

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        if not self._program.is_in_function:
            return self.generic_visit(node)
        node.test = self._conditions.told(node.test, "assert")
        if node.msg is not None:
            node.msg = self.visit(node.msg)
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        if not self._program.is_in_function:
            return self.generic_visit(node)
        arms = tuple(lines_of(case.body) for case in node.cases)
        labels = tuple(ast.unparse(case.pattern) for case in node.cases)
        site = Choice(
            *self._program.here(),
            expression_of(node.subject),
            "match",
            expression_of(node.subject),
            labels,
            arms,
        )
        node.subject = self.visit(node.subject)
        for number, case in enumerate(node.cases):
            if case.guard is not None:
                case.guard = self._conditions.told(case.guard, "guard")
            case.body = [self._chosen(site, case.body[0], number), *self._in(site, case.body)]
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        if not self._program.is_in_function or not node.handlers:
            return self.generic_visit(node)
        labels = tuple("" if each.type is None else ast.unparse(each.type) for each in node.handlers)
        tried = statements_as_expression(node.body)
        for number, handler in enumerate(node.handlers):
            line = span_of(handler)
            head = line._replace(end_line=line.line, end_column=line.column + len("except"))
            site = Choice(
                *self._program.here(),
                Expression(head, (), ()),
                "except",
                tried,
                labels,
                tuple(lines_of(each.body) for each in node.handlers),
            )
            handler.body = [self._chosen(site, handler.body[0], number), *self._in(site, handler.body)]
        node.body = self._block(node.body)
        node.orelse = self._block(node.orelse)
        node.finalbody = self._block(node.finalbody)
        return node

    def _chosen(self, site: Site, at: ast.stmt, number: int) -> ast.stmt:
        return self._program.statement(site, "chosen", at, ast.copy_location(ast.Constant(number), at))

    def _in(self, site: Site, statements: list[ast.stmt]) -> list[ast.stmt]:
        with self._program.inside(site):
            return self._block(statements)

    # --- assignments ------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if not self._program.is_in_function:
            return self.generic_visit(node)
        node.value = self._targets.assigned(node.value, node.targets)
        node.targets = [self._targets.target(each) for each in node.targets]
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not self._program.is_in_function:
            return self.generic_visit(node)
        node.value = self._targets.assigned(node.value, [node.target], "added")
        target = self._targets.target(node.target)
        assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
        node.target = target
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        if not self._program.is_in_function:
            return self.generic_visit(node)
        node.value = self._targets.assigned(node.value, [node.target])
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if node.value is None or not self._program.is_in_function:
            return node
        node.value = self._targets.assigned(node.value, [], "returned")
        return node

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        if node.value is not None and self._program.function is not None:
            node.value = self._targets.assigned(node.value, [], "yielded")
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        if self._program.is_in_function:
            node.targets = [self._targets.target(each, "deleted") for each in node.targets]
        return node

    # --- expressions ------------------------------------------------------------------------------

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        return self._conditions.operation(node) if self._program.is_in_function else self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        return self._conditions.expression(node) if self._program.is_in_function else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return self._calls.call(node) if self._program.is_in_function else self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._comprehension(node)

    def _comprehension(self, node: _Comprehension) -> ast.AST:
        if not self._program.is_in_function:
            return self.generic_visit(node)
        for each in node.generators:
            if each.is_async:
                continue
            site = Loop(
                *self._program.here(),
                expression_of(each.iter),
                "comprehension",
                tuple(targets_of(each.target)[0]),
                around=self._program.around(),
            )
            each.iter = self._program.call(site, "iterable", each.iter, self.visit(each.iter))
            each.ifs = [
                self._program.call(site, "step", each.iter),
                *(self._conditions.told(test, "comprehension") for test in each.ifs),
            ]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if not self._program.is_in_function or node.attr != "training" or not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        site = Flag(*self._program.here(), expression_of(node), node.attr)
        self.generic_visit(node)
        return self._program.call(site, "flag", node, node)


def _plainly_set_in(statements: list[ast.stmt]) -> tuple[str, ...]:
    """Variables that statements set to what is no tensor by its looks: constants, lists and their like."""
    return tuple(
        {
            name: None
            for one in statements
            for each in ast.walk(one)
            if isinstance(each, ast.Assign) and isinstance(each.value, _PLAIN)
            for target in each.targets
            if isinstance(target, ast.Name)
            for name in (target.id,)
        }
    )
