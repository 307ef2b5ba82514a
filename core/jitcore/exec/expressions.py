"""Operators on numbers, lists and texts as expressions of Python, where these mean the same to the last bit.

A kernel (`jitcore.ops.kernels`) says what each operator means; what stands here is the same without a call.
TorchScript's integers wrap around at 64 bits, so a sum, difference or product is followed by a check, unless
its operands are known to be small: lengths, numbers of turns, constants and what is computed of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jitcore.exec.operators import UNKNOWN, find, schema_key
from jitcore.ops.kernels.byte_strings import mended
from jitcore.ops.kernels.machine_numbers import INT_MAX, INT_MIN, divide, wrap
from jitcore.types import BOOL, FLOAT, INT, NONE, STRING

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.exec.plan_builder import PlanBuilder
    from jitcore.ir import Node, Value
    from jitcore.types import FunctionSchema, Type


class Expression(NamedTuple):
    """What computes an operator.

    `check` is a line that follows, with `{0}` for the result. `is_pure` says that it cannot fail and changes
    nothing, so that it may stand inside of another expression. `kernel` computes the same, and tells in
    TorchScript's words what failed.
    """

    text: str
    check: str = ""
    is_pure: bool = False
    kernel: Callable[..., Any] | None = None


_SMALL: Final = 1 << 61
"""Small numbers lie between this and its negative: two of them add up to 63 bits. Nobody counts that far."""

_COMPARED: Final = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
_COMPUTED: Final = {"add": "+", "sub": "-", "mul": "*"}
_KEYS: Final = ("str", "int", "bool", "float")


def _pure() -> dict[str, str]:
    found = {
        "aten::__not__": "not {0}",
        "aten::__and__.bool": "{0} and {1}",
        "aten::__or__.bool": "{0} or {1}",
        "aten::__xor__.bool": "{0} != {1}",
        "aten::neg.float": "-{0}",
        "aten::len.t": "{len}({0})",
        "aten::len.any": "{len}({0})",
        "aten::len.str": "{len}({0}) if {0}.isascii() else {kernel}({0})",
        "aten::__contains__.int_list": "{1} in {0}",
        "aten::__contains__.str_list": "{1} in {0}",
        "aten::Bool.int": "{0} != 0",
        "aten::Bool.float": "{0} != 0",
        "aten::div.int": "{float}({0}) / {1} if {1} else {divide}({float}({0}), {float}({1}))",
        "aten::div.float": "{0} / {1} if {1} else {divide}({0}, {1})",
    }
    for name, sign in _COMPARED.items():
        kinds = ("int", "float", "str", "bool") if name in ("eq", "ne") else ("int", "float")
        found |= {f"aten::{name}.{kind}": f"{{0}} {sign} {{1}}" for kind in kinds}
        # C++ converts the integer, which may round.
        found[f"aten::{name}.int_float"] = f"{{float}}({{0}}) {sign} {{1}}"
        found[f"aten::{name}.float_int"] = f"{{0}} {sign} {{float}}({{1}})"
    for name, sign in _COMPUTED.items():
        kinds = ("float", "int_float", "float_int")
        found |= {f"aten::{name}.{kind}": f"{{0}} {sign} {{1}}" for kind in kinds}
    for key in _KEYS:
        found[f"aten::len.Dict_{key}"] = "{len}({0})"
        found[f"aten::__contains__.{key}"] = "{1} in {0}"
    return found


def _impure() -> dict[str, str]:
    found = {
        "aten::__getitem__.t": "{0}[{1}]",
        "aten::select.t": "{0}[{1}]",
        "aten::add.t": "{0} + {1}",
        "aten::dim": "{0}.dim()",
        "aten::size.int": "{0}.size({1})",
        "aten::size": "[*{0}.shape]",
        "prim::device": "{0}.device",
        "prim::requires_grad": "{0}.requires_grad",
    }
    for key in _KEYS:
        found[f"aten::__getitem__.Dict_{key}"] = "{0}[{1}]"
    return found


def _statements() -> dict[str, str]:
    """Forms that give no value."""
    found = {"aten::append.t": "{0}.append({1})", "aten::_set_item.t": "{0}[{1}] = {2}"}
    return found | {f"aten::_set_item.{key}": "{0}[{1}] = {2}" for key in _KEYS}


PURE: Final = _pure()
IMPURE: Final = _impure()
STATEMENTS: Final = _statements()
WRAPPING: Final = {f"aten::{name}.int": f"{{0}} {sign} {{1}}" for name, sign in _COMPUTED.items()}
"""Keys of overloads to forms of Python, in which `{0}` and so on are the arguments, and words our helpers."""

HELPERS: Final[dict[str, Any]] = {"len": len, "float": float, "divide": divide, "str": str, "int": int}

_CONVERTED: Final[dict[tuple[str, Type], str]] = {
    ("aten::Float.Scalar", INT): "{float}({0})",
    ("aten::Float.Scalar", FLOAT): "{0}",
    ("aten::Int.Scalar", INT): "{0}",
    ("aten::str", INT): "{str}({0})",
    ("aten::str", STRING): "{0}",
}
"""Forms of conversions by the type of what is converted."""

_COUNTS: Final = frozenset({
    "aten::len.t", "aten::len.any", "aten::len.str", "aten::len.Tensor", "aten::dim",
    *(f"aten::len.Dict_{key}" for key in _KEYS),
})  # fmt: skip
"""Operators that give numbers that memory bounds."""


class Expressions:
    """Writes operators of one graph as expressions."""

    def __init__(self, builder: PlanBuilder) -> None:
        self._builder = builder
        self._small: set[Value] = set()

    def of(self, node: Node, schema: FunctionSchema) -> Expression | None:
        """What computes the node; None if only a call of the operator can."""
        key = schema_key(schema)
        if key in _COUNTS:
            self._small.add(node.outputs[0])
        if len(node.inputs) != len(schema.arguments) or not self._is_object(node):
            return None
        if key in PURE:
            return self._pure(key, node)
        if key in IMPURE:
            return Expression(self._written(key, IMPURE[key], node), kernel=find(key).function)
        if key in STATEMENTS:
            if any(value.has_uses() for value in node.outputs):
                return None
            return Expression(self._written(key, STATEMENTS[key], node), kernel=find(key).function)
        if key in WRAPPING:
            return self._wrapped(key, node)
        match key:
            case "aten::__is__":
                return self._identity(node, "is")
            case "aten::__isnot__":
                return self._identity(node, "is not")
            case "aten::remainder.int":
                return self._divided(node, "%")
            case "aten::floordiv.int":
                return self._divided(node, "//")
            case "aten::add.str":
                check = f"if not {{0}}.isascii(): {{0}} = {self._builder.bind(mended)}({{0}})"
                return Expression(self._written(key, "{0} + {1}", node), check)
            case "aten::startswith" | "aten::endswith":
                return self._affix(key, node)
            case _:
                form = _CONVERTED.get((key, node.inputs[0].type)) if node.inputs else None
                return None if form is None else Expression(self._written(key, form, node), is_pure=True)

    def _pure(self, key: str, node: Node) -> Expression:
        form = PURE[key]
        if key in ("aten::div.int", "aten::div.float"):
            divisor = self._builder.known(node.inputs[1])
            # The other arm is for a divisor of zero.
            form = form.partition(" if ")[0] if divisor is not UNKNOWN and divisor else form
        return Expression(self._written(key, form, node), is_pure=True)

    def _written(self, key: str, form: str, node: Node) -> str:
        builder = self._builder
        helpers = {name: builder.bind(held) for name, held in HELPERS.items() if f"{{{name}}}" in form}
        if "{kernel}" in form:
            helpers["kernel"] = builder.bind(find(key).function)
        return form.format(*builder.names(node.inputs), **helpers)

    def _identity(self, node: Node, word: str) -> Expression | None:
        if not any(value.type is NONE for value in node.inputs):
            return None
        if any(type(self._builder.known(value)) in (int, float) for value in node.inputs):
            return None
        return Expression(self._written("", f"{{0}} {word} {{1}}", node), is_pure=True)

    def _wrapped(self, key: str, node: Node) -> Expression:
        text = self._written(key, WRAPPING[key], node)
        is_small = [self._is_small(value) for value in node.inputs]
        if key != "aten::mul.int" and all(is_small):
            return Expression(text, is_pure=True)
        again = f"{{0}} = {self._builder.bind(wrap)}({{0}})"
        added = self._builder.known(node.inputs[1])
        if key != "aten::mul.int" and added is not UNKNOWN and is_small[1] and type(added) is int:
            goes_up = (added >= 0) == (key == "aten::add.int")
            return Expression(text, f"if {{0}} {f'> {INT_MAX}' if goes_up else f'< ({INT_MIN})'}: {again}")
        return Expression(text, f"if not ({INT_MIN}) <= {{0}} <= {INT_MAX}: {again}")

    def _divided(self, node: Node, sign: str) -> Expression | None:
        divisor = self._builder.known(node.inputs[1])
        if type(divisor) is not int or not 0 < divisor < _SMALL:
            return None
        if sign == "%" or self._is_small(node.inputs[0]):
            self._small.add(node.outputs[0])
        return Expression(self._written("", f"{{0}} {sign} {{1}}", node), is_pure=True)

    def _affix(self, key: str, node: Node) -> Expression | None:
        if [self._builder.known(value) for value in node.inputs[2:]] != [0, -1]:
            return None
        method = key.removeprefix("aten::")
        form = f"{{0}}.{method}({{1}}) if {{0}}.isascii() else {{kernel}}({{0}}, {{1}}, 0, -1)"
        return Expression(self._written(key, form, node), is_pure=True)

    def _is_object(self, node: Node) -> bool:
        """Whether the first argument, if it must have items or methods, may have them."""
        is_container = bool(node.inputs) and node.inputs[0].type not in (INT, FLOAT, BOOL, NONE)
        return not is_container or self._builder.known(node.inputs[0]) is not None

    def _is_small(self, value: Value) -> bool:
        if value in self._small:
            return True
        known = self._builder.known(value)
        if known is not UNKNOWN:
            return type(known) is int and -_SMALL < known < _SMALL
        block = value.node.block
        # The number of a turn.
        return (
            block is not None
            and block.owner is not None
            and block.owner.kind == "prim::Loop"
            and value is block.inputs[0]
        )
