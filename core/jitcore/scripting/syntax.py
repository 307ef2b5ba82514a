"""The part of Python's syntax that TorchScript has: everything else is refused before anything is compiled.

Syntax that only a person writes is replaced by what means the same in an archive's code, with the place
that TorchScript gives it:

    f"{x} a"    ->    "{} a".format(x)          a < b < c    ->    a < b and b < c
    (f(x) for x in xs)    ->    [f(x) for x in xs]    a not in b    ->    not (a in b)
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NoReturn, cast

from jitcore.frontend.positions import is_number
from jitcore.scripting.advice import advice_for, feature_name, start_token
from jitcore.scripting.ignored_blocks import IgnoredBlock, is_ignored_block
from jitcore.scripting.python_positions import PythonPositions
from jitcore.source import SourceRange

_RESERVED = "__jit"
_LARGEST = (1 << 63) - 1

_BINARY = frozenset(
    (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod, ast.FloorDiv, ast.BitAnd, ast.BitXor, ast.BitOr,
     ast.LShift, ast.RShift, ast.MatMult)
)  # fmt: skip
_AUGMENTED = frozenset(
    (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.BitOr, ast.BitAnd, ast.BitXor, ast.LShift, ast.RShift,
     ast.Pow)
)  # fmt: skip
VARIABLE_ARGUMENTS = (
    "Compiled functions can't take variable number of arguments or use keyword-only arguments with defaults"
)


class Syntax:
    """Checks and rewrites the definition that `positions` places.

    `outer` are the names of its file. `blocks` are the functions that blocks became which are left to Python.
    """

    __slots__ = ("_outer", "_where", "blocks")

    def __init__(self, positions: PythonPositions, outer: Mapping[str, Any]) -> None:
        self._where = positions
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
                "name the exception, as in `raise RuntimeError('...')`",
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
            )  # fmt: skip
        self.blocks[made.name] = made.function
        return made.call

    def _nothing(self, node: ast.stmt) -> None:
        """Statements without parts."""

    # --- expressions ----------------------------------------------------------------------------

    def expression(self, node: ast.expr) -> ast.expr:
        """An expression as lowering takes it."""
        check = self._EXPRESSIONS.get(type(node))
        if check is None:
            self._unsupported(node)
        return check(self, node)

    def _all(self, nodes: Sequence[ast.expr]) -> list[ast.expr]:
        return [self.expression(node) for node in nodes]

    def _name(self, node: ast.Name) -> ast.expr:
        if node.id.startswith(_RESERVED):
            self._refuse(
                self._where.of(node),
                f"names of variables used in JIT-ed functions can't start with {_RESERVED}",
                "give the variable another name",
            )
        if node.id == "Ellipsis":
            return ast.copy_location(ast.Constant(...), node)
        return node

    def _constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, bytes):
            self._refuse(self._where.of(node), "Unknown Constant expression type", "use a str")
        if isinstance(node.value, int) and node.value > _LARGEST:
            self._refuse(
                self._where.of(node),
                "Integral constant out of range (must fit in a signed 64 bit integer)",
                "use a float or a smaller number",
            )
        return node

    def _attribute(self, node: ast.Attribute) -> ast.expr:
        node.value = self.expression(node.value)
        return node

    def _call(self, node: ast.Call) -> ast.expr:
        node.func = self.expression(node.func)
        node.args = self._all(node.args)
        for keyword in node.keywords:
            keyword.value = self.expression(keyword.value)
            if keyword.arg is None:
                self._refuse(
                    self._where.of(keyword.value), "keyword-arg expansion is not supported",
                    "write out the keyword arguments",
                )  # fmt: skip
        return node

    def _binary(self, node: ast.BinOp) -> ast.expr:
        node.left = self.expression(node.left)
        node.right = self.expression(node.right)
        if type(node.op) not in _BINARY:
            self._refuse(self._where.of(node), f"unsupported binary operator: {type(node.op).__name__}", "")
        return node

    def _unary(self, node: ast.UnaryOp) -> ast.expr:
        if self._where.has_signed_numbers and isinstance(node.op, ast.USub) and is_number(node.operand):
            return node
        node.operand = self.expression(node.operand)
        if isinstance(node.op, ast.UAdd):
            self._refuse(self._where.of(node), "unsupported unary operator: UAdd", "leave out the plus")
        return node

    def _bool(self, node: ast.BoolOp) -> ast.expr:
        node.values = self._all(node.values)
        return node

    def _conditional(self, node: ast.IfExp) -> ast.expr:
        node.test = self.expression(node.test)
        node.body = self.expression(node.body)
        node.orelse = self.expression(node.orelse)
        return node

    def _compare(self, node: ast.Compare) -> ast.expr:
        operands = self._all([node.left, *node.comparators])
        parts: list[ast.expr] = []
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            if not isinstance(operator, ast.NotIn):
                parts.append(ast.copy_location(ast.Compare(left, [operator], [right]), left))
                continue
            inner = ast.copy_location(ast.Compare(left, [ast.In()], [right]), left)
            negated = ast.copy_location(ast.UnaryOp(ast.Not(), inner), left)
            self._where.given[negated] = self._where.hull(inner)
            parts.append(negated)
        if len(parts) == 1:
            return parts[0]
        return ast.copy_location(ast.BoolOp(ast.And(), parts), node)

    def _subscript(self, node: ast.Subscript) -> ast.expr:
        node.value = self.expression(node.value)
        index = node.slice
        if isinstance(index, ast.Tuple):
            index.elts = [self._index(element) for element in index.elts]
        else:
            node.slice = self._index(index)
        return node

    def _index(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.Slice):
            return self.expression(node)
        for name in ("lower", "upper", "step"):
            bound = getattr(node, name)
            if bound is not None:
                setattr(node, name, self.expression(bound))
        return node

    def _sequence(self, node: ast.List | ast.Tuple) -> ast.expr:
        node.elts = self._all(node.elts)
        return node

    def _dict(self, node: ast.Dict) -> ast.expr:
        if any(key is None for key in node.keys):
            self._refuse(
                self._keyword(node, 1), "Dict expansion (e.g. `{**dict}`) is not supported",
                "make an empty dict and update it",
            )  # fmt: skip
        node.keys = [None if key is None else self.expression(key) for key in node.keys]
        node.values = self._all(node.values)
        return node

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> ast.expr:
        generator = self._generator(node, node.generators)
        made = ast.ListComp(self.expression(node.elt), [generator])
        return ast.copy_location(made, node)

    def _dict_comprehension(self, node: ast.DictComp) -> ast.expr:
        self._generator(node, node.generators)
        node.key = self.expression(node.key)
        node.value = self.expression(node.value)
        return node

    def _generator(self, node: ast.expr, generators: Sequence[ast.comprehension]) -> ast.comprehension:
        if len(generators) != 1:
            self._refuse(
                self._keyword(node, 0), "Only a single generator is currently supported",
                "write the inner loop as a loop",
            )  # fmt: skip
        generator = generators[0]
        if generator.ifs:
            self._refuse(
                self._keyword(node, 0), "Comprehension ifs are not supported yet",
                "write a loop with an `if` that appends",
            )  # fmt: skip
        generator.target = self.expression(generator.target)
        generator.iter = self.expression(generator.iter)
        return generator

    def _starred(self, node: ast.Starred) -> ast.expr:
        node.value = self.expression(node.value)
        return node

    def _formatted(self, node: ast.JoinedStr) -> ast.expr:
        pieces: list[str] = []
        arguments: list[ast.expr] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                pieces.append(str(part.value))
                continue
            assert isinstance(part, ast.FormattedValue)
            if part.conversion != -1:
                self._refuse(
                    self._keyword(part, 1), "Don't support conversion in JoinedStr", "call `str(...)`"
                )
            if part.format_spec is not None:
                self._refuse(
                    self._keyword(part, 1), "Don't support formatting in JoinedStr",
                    "use the `%` operator, as in `'%.2f' % x`",
                )  # fmt: skip
            pieces.append("{}")
            arguments.append(self.expression(part.value))
        text = ast.copy_location(ast.Constant("".join(pieces)), node)
        method = ast.copy_location(ast.Attribute(text, "format", ast.Load()), node)
        call = ast.copy_location(ast.Call(method, arguments, []), node)
        start = self._where.begin(node)
        for made in (text, method, call):
            self._where.given[made] = (start, start + 1)
        return call

    # --- refusing -------------------------------------------------------------------------------

    def _keyword(self, node: ast.AST, length: int) -> SourceRange:
        start = self._where.begin(node)
        return SourceRange(self._where.source, start, start + length)

    def _unsupported(self, node: ast.AST, reason: str = "") -> NoReturn:
        at = self._keyword(node, len(start_token(node)))
        self._refuse(at, f"{feature_name(node)} {reason}aren't supported", advice_for(node))

    def _refuse(self, at: SourceRange, message: str, advice: str) -> NoReturn:
        raise at.error(f"{message}: {advice}" if advice else message)

    _STATEMENTS: ClassVar[dict[type[ast.stmt], Callable[..., Any]]] = {
        ast.Expr: _expression_statement, ast.Assign: _assign, ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented, ast.Delete: _delete, ast.Return: _return,
        ast.Raise: _raise, ast.Assert: _assert, ast.While: _while, ast.For: _for,
        ast.If: _if, ast.With: _with, ast.Pass: _nothing, ast.Break: _nothing,
        ast.Continue: _nothing,
    }  # fmt: skip
    _EXPRESSIONS: ClassVar[dict[type[ast.expr], Callable[..., Any]]] = {
        ast.Name: _name, ast.Constant: _constant, ast.Attribute: _attribute,
        ast.Call: _call, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.BoolOp: _bool,
        ast.IfExp: _conditional, ast.Compare: _compare, ast.Subscript: _subscript,
        ast.List: _sequence, ast.Tuple: _sequence, ast.Dict: _dict,
        ast.ListComp: _comprehension, ast.GeneratorExp: _comprehension,
        ast.DictComp: _dict_comprehension, ast.Starred: _starred, ast.JoinedStr: _formatted,
    }  # fmt: skip
