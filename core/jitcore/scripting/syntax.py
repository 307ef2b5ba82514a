"""Definitions and statements as TorchScript has them: all others are refused before anything is compiled."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

from jitcore.scripting.expression_syntax import ExpressionSyntax
from jitcore.scripting.ignored_blocks import IgnoredBlock, is_ignored_block
from jitcore.scripting.python_positions import PythonPositions
from jitcore.source import SourceRange

_AUGMENTED = frozenset(
    (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.BitOr, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift,
     ast.Pow)
)  # fmt: skip
VARIABLE_ARGUMENTS = (
    "Compiled functions can't take variable number of arguments or use keyword-only arguments with defaults"
)


class Syntax(ExpressionSyntax):
    """Checks and rewrites the definition that `positions` places.

    `outer` are the names of its file. `blocks` are the functions that blocks became which are left to Python.
    """

    __slots__ = ("_outer", "blocks")

    def __init__(self, positions: PythonPositions, outer: Mapping[str, Any]) -> None:
        super().__init__(positions)
        self._outer = outer
        self.blocks: dict[str, Callable[..., Any]] = {}

    # --- definitions ----------------------------------------------------------------------------

    def definition(self, node: ast.FunctionDef, drop_body: bool = False) -> ast.FunctionDef:
        """The definition as lowering takes it."""
        self.parameters(node.args)
        if not drop_body:
            node.body = self.body(node.body)
        return node

    def parameters(self, arguments: ast.arguments) -> None:
        """Refuse signatures that TorchScript has no schema for."""
        for variable in (arguments.kwarg, arguments.vararg):
            if variable is not None:
                start = self._where.begin(variable)
                self._refuse(
                    SourceRange(self._where.source, start - 1, start + len(variable.arg)),
                    VARIABLE_ARGUMENTS,
                    "name each argument, or pass a list, a tuple or a dict",
                )
        for default in arguments.kw_defaults:
            if default is not None:
                self._refuse(self._where.of(default), VARIABLE_ARGUMENTS, "put the argument before the star")
        for parameter in arguments.posonlyargs:
            self._refuse(
                self._where.of(parameter),
                "positional-only arguments aren't supported",
                "remove the slash from the signature",
                "RuntimeError",
            )

    def body(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Statements as lowering takes them."""
        return [self.statement(statement) for statement in statements]

    # --- statements -----------------------------------------------------------------------------

    def statement(self, node: ast.stmt) -> ast.stmt:
        """A statement as lowering takes it."""
        if isinstance(node, ast.With) and is_ignored_block(node):
            node = self._ignored(node)
        check = self._STATEMENTS.get(type(node))
        if check is None:
            self._unsupported(node)
        known = len(self.blocks)
        check(self, node)
        if len(self.blocks) > known:
            # The call that a block became stands at the start of the definition, and widens what it is in.
            self._where.given[node] = (self._where.offset(1, 0), self._where.hull(node)[1])
        return node

    def _expression_statement(self, node: ast.Expr) -> None:
        node.value = self.expression(node.value)

    def _assign(self, node: ast.Assign) -> None:
        node.value = self.expression(node.value)
        # What can be assigned to is found out when it is: what comes before may be refused first.
        node.targets = [self.expression(target) for target in node.targets]

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is None:
            self._unsupported(node, "without assigned value ")
        target = node.target
        if (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
            and self._where.function_name != "__init__"
        ):
            self._refuse(
                self._where.of(node),
                "Type annotations on instance attributes must be declared in __init__, not "
                f"'{self._where.function_name}'",
                "declare the attribute in __init__ and assign to it here without a type",
                "ValueError",
            )
        node.value = self.expression(node.value)
        node.target = cast("ast.Name | ast.Attribute | ast.Subscript", self.expression(target))

    def _augmented(self, node: ast.AugAssign) -> None:
        node.target = cast("ast.Name | ast.Attribute | ast.Subscript", self.expression(node.target))
        node.value = self.expression(node.value)
        if type(node.op) not in _AUGMENTED:
            value = self._where.start(node.value)
            equals = self._where.source.text.rindex("=", 0, value)
            self._refuse(
                SourceRange(self._where.source, equals - 1, equals + 1),
                f"unsupported kind of augmented assignment: {type(node.op).__name__}",
                "write the operation out, as in `x = x // y`",
            )

    def _delete(self, node: ast.Delete) -> None:
        node.targets = self._all(node.targets)

    def _return(self, node: ast.Return) -> None:
        if node.value is not None:
            node.value = self.expression(node.value)

    def _raise(self, node: ast.Raise) -> None:
        if node.exc is None:
            self._refuse(
                self._where.of(node), "raise statements without an exception aren't supported",
                "name the exception, as in `raise RuntimeError('...')`", "UnsupportedNodeError",
            )  # fmt: skip
        node.exc = self.expression(node.exc)

    def _assert(self, node: ast.Assert) -> None:
        node.test = self.expression(node.test)
        if node.msg is not None:
            node.msg = self.expression(node.msg)

    def _while(self, node: ast.While) -> None:
        if node.orelse:
            self._refuse(
                self._where.of(node), "else branches of while loops aren't supported",
                "remember in a variable whether the loop was left by `break`",
            )  # fmt: skip
        node.test = self.expression(node.test)
        node.body = self.body(node.body)

    def _for(self, node: ast.For) -> None:
        if node.orelse:
            self._refuse(
                self._keyword(node, 3), "else branches of for loops aren't supported",
                "remember in a variable whether the loop was left by `break`",
            )  # fmt: skip
        node.target = self.expression(node.target)
        node.iter = self.expression(node.iter)
        node.body = self.body(node.body)

    def _if(self, node: ast.If) -> None:
        node.test = self.expression(node.test)
        node.body = self.body(node.body)
        node.orelse = self.body(node.orelse)

    def _with(self, node: ast.With) -> None:
        for item in node.items:
            item.context_expr = self.expression(item.context_expr)
            if item.optional_vars is not None:
                item.optional_vars = self.expression(item.optional_vars)
        node.body = self.body(node.body)

    def _ignored(self, node: ast.With) -> ast.stmt:
        """The call that a block becomes which is left to Python."""
        try:
            made = IgnoredBlock(node, self._where.source.filename or "", self._outer)
        except (ValueError, NameError, TypeError, AttributeError, SyntaxError) as error:
            self._refuse(
                self._where.of(node), f"the variables of the block cannot be told ({error})",
                'give each its way and its type, as in `x="inp:torch.Tensor", y="out:int"`',
                "SyntaxError" if isinstance(error, SyntaxError) else type(error).__name__,
            )  # fmt: skip
        self.blocks[made.name] = made.function
        return made.call

    def _nothing(self, node: ast.stmt) -> None:
        """Statements without parts."""

    _STATEMENTS: ClassVar[dict[type[ast.stmt], Callable[..., Any]]] = {
        ast.Expr: _expression_statement, ast.Assign: _assign, ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented, ast.Delete: _delete, ast.Return: _return,
        ast.Raise: _raise, ast.Assert: _assert, ast.While: _while, ast.For: _for,
        ast.If: _if, ast.With: _with, ast.Pass: _nothing, ast.Break: _nothing,
        ast.Continue: _nothing,
    }  # fmt: skip
