"""Rewrites functions of a file so that they tell the black box what they decide.

    if x.sum() > 0:                  if <site 1>.truth(x.sum() > 0):
        self.count += 1       ->         <site 3>.holder(self).count += <site 2>.added(1)

A site stands as a constant in the code. No variable, global or attribute is added that the program could
see, and every expression keeps its place, by which frames tell where they are.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeVar

from jitcore.tracing.black_box.facts import (
    Expression,
    expression_of,
    leaves_block,
    lines_of,
    span_of,
    statements_as_expression,
    targets_of,
)
from jitcore.tracing.black_box.interesting_names import (
    CHANGING,
    FILLING,
    MAKING,
    TELLING,
    TELLING_ROOTS,
    TOUCHING,
)
from jitcore.tracing.black_box.sites import (
    Assignment,
    Call,
    Choice,
    Condition,
    Flag,
    FunctionSite,
    Loop,
    Site,
    Store,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.tracing.black_box.program_text import Span

MARK = "\0black box "
"""How the constants begin that stand for sites until code is compiled; the number of the site follows."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PLAIN = ast.Constant | ast.List | ast.Dict | ast.Set | ast.Tuple | ast.JoinedStr
_Comprehension = TypeVar("_Comprehension", ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class _Scope:
    """A function that is being rewritten; `site` is None for what has no variables of its own in calls."""

    def __init__(self, site: FunctionSite | None, name: str, declared: frozenset[str] = frozenset()) -> None:
        self.site = site
        self.name = name
        self.declared = declared
        self.around: list[Site] = []


class Rewriter(ast.NodeTransformer):
    """Rewrites a file in place. `sites` are those that were put in, by their numbers."""

    def __init__(self, path: str) -> None:
        self.sites: list[Site] = []
        self._numbers: dict[Site, int] = {}
        self._path = path
        self._scopes: list[_Scope] = []
        self._names: list[str] = []

    # --- making -----------------------------------------------------------------------------------

    @property
    def _scope(self) -> _Scope | None:
        return self._scopes[-1] if self._scopes else None

    def _where(self) -> str:
        return "".join(self._names).removesuffix(".")

    def _call(self, site: Site, method: str, at: ast.expr | ast.stmt, *given: ast.expr) -> ast.Call:
        """A call of a method of a site, which has the place of `at`."""
        number = self._numbers.setdefault(site, len(self.sites))
        if number == len(self.sites):
            self.sites.append(site)
        holder = ast.copy_location(ast.Constant(f"{MARK}{number}"), at)
        callee = ast.copy_location(ast.Attribute(holder, method, ast.Load()), at)
        for each in (holder, callee):
            # Attributes that end on another line than they begin would move the place of the call.
            each.end_lineno, each.end_col_offset = at.lineno, at.col_offset
        return ast.copy_location(ast.Call(callee, list(given), []), at)

    def _statement(self, site: Site, method: str, at: ast.stmt, *given: ast.expr) -> ast.Expr:
        place = ast.copy_location(ast.Constant(None), at)
        place.end_lineno, place.end_col_offset = at.lineno, at.col_offset
        return ast.copy_location(ast.Expr(self._call(site, method, place, *given)), place)

    def _around(self) -> tuple[Site, ...]:
        assert self._scope is not None
        return tuple(self._scope.around)

    # --- functions and classes --------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self._names.append(f"{node.name}.")
        outer, self._scopes = self._scopes, []
        node.body = [self.visit(each) for each in node.body]
        self._scopes = outer
        self._names.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: _Function) -> ast.AST:
        self._names.append(node.name)
        arguments = node.args
        place = Expression(span_of(node)._replace(end_line=node.lineno, end_column=node.col_offset), (), ())
        site = FunctionSite(
            self._path,
            self._where(),
            place,
            tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args)),
            tuple(each.arg for each in arguments.kwonlyargs),
            tuple(each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None),
            next((scope.site for scope in reversed(self._scopes) if scope.site is not None), None),
            _own_variables(node),
            _kept_defaults(arguments),
            _last_return(node),
            node.name.startswith("__") and node.name.endswith("__") and node.name not in MAKING,
        )
        declared = _declared_in(node)
        self._scopes.append(_Scope(site, node.name, declared))
        self._names.append(".<locals>.")
        has_docstring = ast.get_docstring(node, clean=False) is not None
        first, rest = node.body[: int(has_docstring)], node.body[int(has_docstring) :]
        if rest:
            body = self._block(rest)
            enter = self._statement(site, "enter", node)
            leave = self._statement(site, "leave", node)
            # Where a function is left it stands at its last line, not where it begins.
            watched = ast.copy_location(ast.Try(body, [], [], [leave]), node)
            node.body = [*first, enter, watched]
        self._names.pop()
        self._scopes.pop()
        self._names.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self._names.append("<lambda>")
        self._scopes.append(_Scope(None, "<lambda>"))
        self._names.append(".<locals>.")
        node.body = self.visit(node.body)
        self._names.pop()
        self._scopes.pop()
        self._names.pop()
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        # Before 3.12 places in formatted strings are not those in the file.
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if self._scope is None:
            return node
        if node.value is not None:
            node.value = self._assigned(node.value, [node.target])
        target = self._target(node.target)
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
        if self._scope is None:
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
        scope = self._scope
        assert scope is not None
        behind = rest if leaves_block(node.body) else None
        behind_else = rest if leaves_block(node.orelse) else None
        site = Condition(
            self._path,
            self._where_inside(),
            expression_of(node.test),
            "if",
            lines_of(node.body) or None,
            lines_of(node.orelse) or behind,
            _plainly_set_in(node.body),
            _plainly_set_in(node.orelse),
            self._around(),
        )
        if behind_else is not None and site.if_true is None:
            site.if_true = behind_else
        test = node.test
        node.test = self._call(site, "truth", test, self._condition(test))
        scope.around.append(site)
        node.body = self._block(node.body)
        node.orelse = self._block(node.orelse)
        scope.around.pop()
        return node

    def _where_inside(self) -> str:
        """The function that is being rewritten."""
        return self._where().removesuffix(".<locals>")

    def _loop(self, node: ast.For | ast.While) -> list[ast.stmt]:
        scope = self._scope
        assert scope is not None
        source = node.iter if isinstance(node, ast.For) else node.test
        site = Loop(
            self._path,
            self._where_inside(),
            expression_of(source),
            "for" if isinstance(node, ast.For) else "while",
            tuple(targets_of(node.target)[0]) if isinstance(node, ast.For) else (),
            around=self._around(),
        )
        made: list[ast.stmt] = []
        if isinstance(node, ast.For):
            node.iter = self._call(site, "iterable", source, self.visit(source))
            node.target = self._target(node.target)
        else:
            made.append(self._statement(site, "begin", node))
            if not isinstance(source, ast.Constant):
                node.test = self._call(site, "truth", source, self._condition(source))
        scope.around.append(site)
        node.body = [self._statement(site, "step", node.body[0]), *self._block(node.body)]
        node.orelse = self._block(node.orelse)
        scope.around.pop()
        return [*made, node, self._statement(site, "done", node)]

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        site = self._simple_condition(node.test, "assert")
        node.test = self._call(site, "truth", node.test, self._condition(node.test))
        if node.msg is not None:
            node.msg = self.visit(node.msg)
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        arms = tuple(lines_of(case.body) for case in node.cases)
        labels = tuple(ast.unparse(case.pattern) for case in node.cases)
        site = Choice(
            self._path,
            self._where_inside(),
            expression_of(node.subject),
            "match",
            expression_of(node.subject),
            labels,
            arms,
        )
        node.subject = self.visit(node.subject)
        for number, case in enumerate(node.cases):
            if case.guard is not None:
                guard = self._simple_condition(case.guard, "guard")
                case.guard = self._call(guard, "truth", case.guard, self._condition(case.guard))
            case.body = [self._chosen(site, case.body[0], number), *self._in(site, case.body)]
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        if self._scope is None or not node.handlers:
            return self.generic_visit(node)
        labels = tuple("" if each.type is None else ast.unparse(each.type) for each in node.handlers)
        tried = statements_as_expression(node.body)
        for number, handler in enumerate(node.handlers):
            line = span_of(handler)
            head = line._replace(end_line=line.line, end_column=line.column + len("except"))
            site = Choice(
                self._path,
                self._where_inside(),
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
        return self._statement(site, "chosen", at, ast.copy_location(ast.Constant(number), at))

    def _in(self, site: Site, statements: list[ast.stmt]) -> list[ast.stmt]:
        assert self._scope is not None
        self._scope.around.append(site)
        made = self._block(statements)
        self._scope.around.pop()
        return made

    # --- assignments ------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        node.value = self._assigned(node.value, node.targets)
        node.targets = [self._target(each) for each in node.targets]
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        node.value = self._assigned(node.value, [node.target], "added")
        target = self._target(node.target)
        assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
        node.target = target
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        node.value = self._assigned(node.value, [node.target])
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if node.value is None or self._scope is None:
            return node
        node.value = self._assigned(node.value, [], "returned")
        return node

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        if node.value is not None and self._scope is not None and self._scope.site is not None:
            node.value = self._assigned(node.value, [], "yielded")
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        if self._scope is not None:
            node.targets = [self._target(each, "deleted") for each in node.targets]
        return node

    def _assigned(self, value: ast.expr, targets: list[ast.expr], method: str = "value") -> ast.expr:
        names: list[str] = []
        changed: list[str] = []
        attributes: list[str] = []
        for target in targets:
            found, held = targets_of(target)
            (changed if isinstance(target, ast.Subscript) else names).extend(found)
            attributes.extend(held)
        assert self._scope is not None
        declared = tuple(name for name in names if name in self._scope.declared)
        site = Assignment(
            self._path,
            self._where_inside(),
            expression_of(value),
            tuple(names),
            tuple(changed),
            tuple(attributes),
            declared,
            self._around(),
        )
        return self._call(site, method, value, self.visit(value))

    def _target(self, target: ast.expr, action: str = "set") -> ast.expr:
        """A target of which what holds it is told."""
        if isinstance(target, ast.Tuple | ast.List):
            target.elts = [self._target(each, action) for each in target.elts]
        elif isinstance(target, ast.Starred):
            target.value = self._target(target.value, action)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            holder = target.value
            if isinstance(target, ast.Attribute):
                attribute = target.attr
            else:
                attribute = holder.attr if isinstance(holder, ast.Attribute) else ""
                target.slice = self.visit(target.slice)
            site = self._store(target, holder, attribute, action)
            target.value = self._call(site, "holder", holder, self.visit(holder))
        return target

    def _store(self, whole: ast.expr, holder: ast.expr, attribute: str, action: str) -> Store:
        return Store(
            self._path,
            self._where_inside(),
            expression_of(whole),
            expression_of(holder),
            attribute,
            action,
        )

    # --- expressions ------------------------------------------------------------------------------

    def _simple_condition(self, test: ast.expr, form: str) -> Condition:
        return Condition(self._path, self._where_inside(), expression_of(test), form, around=self._around())

    def _condition(self, test: ast.expr) -> ast.expr:
        """An expression of which only the truth matters: every operand is asked once, as it would be."""
        if isinstance(test, ast.BoolOp):
            form = "and" if isinstance(test.op, ast.And) else "or"
            first = [
                self._call(self._operand(each, form, rest), "truth", each, self._condition(each))
                for each, rest in zip(test.values, test.values[1:], strict=False)
            ]
            last = test.values[-1]
            made = self._call(self._operand(last, form, None), "truth", last, self._condition(last))
            test.values = [*first, made]
            return test
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test.operand = self._condition(test.operand)
            return test
        return self.visit(test)

    def _operand(self, operand: ast.expr, form: str, rest: ast.expr | None) -> Condition:
        site = self._simple_condition(operand, form)
        if rest is not None:
            lines = span_of(rest).line, span_of(rest).end_line
            if form == "and":
                site.if_true = lines
            else:
                site.if_false = lines
        return site

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        form = "and" if isinstance(node.op, ast.And) else "or"
        made: ast.expr = self.visit(node.values[-1])
        for operand, rest in zip(reversed(node.values[:-1]), reversed(node.values), strict=False):
            site = self._operand(operand, form, rest)
            kept = self._call(site, "kept", operand)
            asked = self._call(site, "keeps", operand, self.visit(operand))
            arms = (made, kept) if form == "and" else (kept, made)
            made = ast.copy_location(ast.IfExp(asked, *arms), node)
        return made

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        site = self._simple_condition(node.test, "conditional expression")
        site.if_true = node.body.lineno, span_of(node.body).end_line
        site.if_false = node.orelse.lineno, span_of(node.orelse).end_line
        node.test = self._call(site, "truth", node.test, self._condition(node.test))
        node.body = self.visit(node.body)
        node.orelse = self.visit(node.orelse)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._comprehension(node)

    def _comprehension(self, node: _Comprehension) -> ast.AST:
        if self._scope is None:
            return self.generic_visit(node)
        for each in node.generators:
            if each.is_async:
                continue
            site = Loop(
                self._path,
                self._where_inside(),
                expression_of(each.iter),
                "comprehension",
                tuple(targets_of(each.target)[0]),
                around=self._around(),
            )
            each.iter = self._call(site, "iterable", each.iter, self.visit(each.iter))
            each.ifs = [
                self._call(site, "step", each.iter),
                *(
                    self._call(
                        self._simple_condition(test, "comprehension"), "truth", test, self._condition(test)
                    )
                    for test in each.ifs
                ),
            ]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        if self._scope is None:
            return self.generic_visit(node)
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
            touched = self._store(node, first, attribute, TOUCHING.get(name, f"written to by {name}()"))
        outs = [
            (each, self._store(node, each.value, "", "written to by out="))
            for each in node.keywords
            if each.arg == "out"
        ]
        self.generic_visit(node)
        if touched is not None and first is not None:
            node.args[0] = self._call(touched, "holder", first, node.args[0])
        for each, store in outs:
            each.value = self._call(store, "holder", each.value, each.value)
        if name in TELLING or _root(function) in TELLING_ROOTS:
            site = Call(self._path, self._where_inside(), whole, name)
            node.func = self._call(site, "callee", function, node.func)
        return node

    def _change(
        self, node: ast.Call, function: ast.Attribute, whole: Expression, given: list[ast.expr]
    ) -> ast.expr:
        """A call of a method that changes what it is called on."""
        holder = function.value
        names, attributes = targets_of(holder)
        attribute = holder.attr if isinstance(holder, ast.Attribute) else ""
        store = self._store(node, holder, attribute, f"changed by {function.attr}()")
        inner = [expression_of(each) for each in given]
        joined = Expression(
            whole.span,
            tuple(pair for each in inner for pair in each.names),
            tuple(pair for each in inner for pair in each.attributes),
        )
        site = Assignment(
            self._path,
            self._where_inside(),
            joined,
            changed=tuple(names),
            attributes=tuple(attributes),
            around=self._around(),
        )
        self.generic_visit(node)
        function.value = self._call(store, "holder", holder, function.value)
        return self._call(site, "added", node, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if self._scope is None or node.attr != "training" or not isinstance(node.ctx, ast.Load):
            return self.generic_visit(node)
        site = Flag(self._path, self._where_inside(), expression_of(node), node.attr)
        self.generic_visit(node)
        return self._call(site, "flag", node, node)


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


def _declared_in(node: _Function) -> frozenset[str]:
    """Variables that a function says are not its own."""
    return frozenset(
        name for each in ast.walk(node) if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names
    )


def _own_variables(node: _Function) -> frozenset[str]:
    arguments = node.args
    given = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    names = {each.arg for each in given if each is not None}
    names.update(
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    )
    return frozenset(names) - _declared_in(node)


def _kept_defaults(arguments: ast.arguments) -> frozenset[str]:
    """Parameters whose default is a list or its like, which all calls share."""
    by_place = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(by_place[len(by_place) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return frozenset(
        each.arg for each, default in pairs if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call)
    )


def _last_return(node: _Function) -> Span | None:
    """Where a function returns last, or else its first statement."""
    returns = [each for each in ast.walk(node) if isinstance(each, ast.Return) and each.value is not None]
    last = max(returns, key=lambda each: each.lineno, default=None)
    return span_of(node.body[0]) if last is None or last.value is None else span_of(last.value)
