"""Peephole rules about numbers, bools, None and types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import CONSTANT, made_from
from jitcore.passes.constants import constant_bool, constant_int
from jitcore.passes.rules import rule
from jitcore.types import (
    BOOL,
    FLOAT,
    INT,
    NONE,
    DictType,
    ListType,
    OptionalType,
    Type,
    UnionType,
    can_hold,
    is_subtype,
    unify,
    unshaped,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jitcore.ir import Node, Value

_COMPARED_BY_VALUE: Final = (BOOL, INT, FLOAT, NONE)


def optimize_scalar_idioms(nodes: Iterable[Node]) -> bool:
    """Apply the rules to the nodes in turn; says whether one applied."""
    changed = False
    for node in nodes:
        kind = node.kind
        if kind == CONSTANT:
            continue
        for output in node.outputs:
            if output.type is NONE:
                changed |= constant_none(node, output)
        apply = _BY_KIND.get(kind)
        if apply is not None:
            changed |= apply(node)
    return changed


def _compare_with_none(node: Node) -> bool:
    return compare_with_none(node, 0) or compare_with_none(node, 1)


def _simplify_integer(node: Node) -> bool:
    return len(node.inputs) == 1 and node.inputs[0].type is INT and integer_of_integer(node)


def must_not_be_none(value: Value) -> bool:
    """Whether no run can give None here."""
    t = value.type
    if value.node.kind == "prim::AutogradAdd" or t is NONE or isinstance(t, OptionalType):
        return False
    return not (isinstance(t, UnionType) and can_hold(t, NONE))


@rule
def constant_none(node: Node, output: Value) -> bool:
    """a value that can only be None -> the constant None"""
    graph = node.graph
    with constant_none.step(graph, lambda: f"%{output.name} can only be None", (node,)):
        with graph.inserting_before(node):
            constant = graph.insert_constant(None, NONE)
        constant.node.provenance = made_from(node)
        output.replace_all_uses_with(constant)
    return True


def _simplify_if(node: Node) -> bool:
    changed = False
    then, otherwise = node.blocks
    for index, output in enumerate(node.outputs):
        if output.type is not BOOL:
            continue
        if constant_bool(then.outputs[index]) is True and constant_bool(otherwise.outputs[index]) is False:
            changed |= condition_itself(node, output)
    for index, output in enumerate(node.outputs):
        if not isinstance(output.type, OptionalType):
            continue
        first, second = then.outputs[index].type, otherwise.outputs[index].type
        if not isinstance(first, OptionalType) and not isinstance(second, OptionalType):
            unified = unify(first, second)
            if unified is not None:
                changed |= narrow_optional(node, output, unified)
    return changed


@rule
def condition_itself(node: Node, output: Value) -> bool:
    """True if c else False -> c"""
    condition = node.inputs[0]
    with condition_itself.step(
        node.graph,
        lambda: f"%{output.name} is True where %{condition.name} is, and False where that is",
        (node,),
    ):
        output.replace_all_uses_with(condition)
    return True


@rule
def narrow_optional(node: Node, output: Value, t: Type) -> bool:
    """a result of prim::If declared optional that no branch makes None -> the same without the option"""
    with narrow_optional.step(
        node.graph, lambda: f"neither branch gives None, so %{output.name} is {t}", (node,)
    ):
        output.set_type(t)
    return True


@rule
def compare_with_none(node: Node, index: int) -> bool:
    """x is None -> False, if x cannot be None"""
    none, other = node.inputs[index], node.inputs[1 - index]
    if not none.node.must_be_none() or not must_not_be_none(other):
        return False
    return compare_with_none.replace_with_constant(
        node, node.kind == "aten::__isnot__", lambda: f"%{other.name} is {other.type}, so it is never None",
        declared=BOOL,
    )  # fmt: skip


@rule
def unwrap_what_is_there(node: Node) -> bool:
    """unwrap_optional(x) -> x, if x cannot be None"""
    x = node.inputs[0]
    if not must_not_be_none(x):
        return False
    return unwrap_what_is_there.replace(
        node, x, lambda: f"%{x.name} is {x.type}, so there is nothing to unwrap"
    )


@rule
def cast_to_wider_type(node: Node) -> bool:
    """unchecked_cast(x) -> x, if x is of the type anyway"""
    x = node.inputs[0]
    if not is_subtype(unshaped(x.type), unshaped(node.output.type)):
        return False
    return cast_to_wider_type.replace(
        node, x, lambda: f"%{x.name} is {x.type}, which can be used as {node.output.type}"
    )


@rule
def integer_of_integer(node: Node) -> bool:
    """aten::Int(n), aten::ceil(n) -> n, if n is an integer"""
    number = node.inputs[0]
    return integer_of_integer.replace(node, number, lambda: f"%{number.name} is an integer already")


@rule
def compare_with_itself(node: Node) -> bool:
    """x == x -> True, x != x -> False"""
    if len(node.inputs) != 2 or node.inputs[0] is not node.inputs[1]:
        return False
    x = node.inputs[0]
    t = x.type
    simple = t.parts if isinstance(t, ListType | DictType) else (t,)
    if any(part not in _COMPARED_BY_VALUE for part in simple):
        return False
    return compare_with_itself.replace_with_constant(
        node, node.kind == "aten::eq", lambda: f"%{x.name} is compared with itself", declared=BOOL
    )


def _constant_operand(node: Node) -> int | None:
    """The constant of an operation on two integers; of a sum or product it is then the second operand."""
    if len(node.inputs) != 2 or node.inputs[0].type is not INT or node.inputs[1].type is not INT:
        return None
    if node.kind == "aten::mul" or node.kind == "aten::add":
        first = constant_int(node.inputs[0])
        if first is not None:
            constant_goes_second(node)
            return first
    return constant_int(node.inputs[1])


@rule
def constant_goes_second(node: Node) -> None:
    """1 + n -> n + 1"""
    with constant_goes_second.step(
        node.graph, lambda: f"%{node.inputs[0].name} is constant, and the order does not matter", (node,)
    ):
        node.permute_inputs((1, 0))


def _simplify_product(node: Node) -> bool:
    return _constant_operand(node) == 1 and product_with_one(node)


@rule
def product_with_one(node: Node) -> bool:
    """n * 1, n // 1 -> n"""
    x, one = node.inputs
    return product_with_one.replace(node, x, lambda: f"%{one.name} is 1, so the result is %{x.name}")


def _simplify_sum(node: Node) -> bool:
    constant = _constant_operand(node)
    if constant is None:
        return False
    if constant == 0:
        return sum_with_zero(node)
    inner = node.inputs[0].node
    if inner.kind != "aten::add" and inner.kind != "aten::sub":
        return False
    delta = _constant_operand(inner)
    if delta is None:
        return False
    merged = constant + delta if inner.kind == node.kind else constant - delta
    if merged == 0:
        return sum_that_cancels(node, inner)
    merge_sums(node, inner, merged)
    return True


@rule
def sum_with_zero(node: Node) -> bool:
    """n + 0, n - 0 -> n"""
    x, zero = node.inputs
    return sum_with_zero.replace(node, x, lambda: f"%{zero.name} is 0, so the result is %{x.name}")


@rule
def sum_that_cancels(node: Node, inner: Node) -> bool:
    """(n + 1) - 1 -> n"""
    x = inner.inputs[0]
    return sum_that_cancels.replace(
        node, x, lambda: f"what is added to %{x.name} is taken away again, so the result is %{x.name}", inner
    )


@rule
def merge_sums(node: Node, inner: Node, merged: int) -> None:
    """(n + 1) + 2 -> n + 3"""
    graph = node.graph
    x = inner.inputs[0]
    sign = "+" if node.kind == "aten::add" else "-"
    with merge_sums.step(
        graph,
        lambda: f"both constants together make %{node.output.name} = %{x.name} {sign} {merged}",
        (node, inner),
    ):
        node.replace_input(0, x)
        with graph.inserting_before(node):
            constant = graph.insert_constant(merged, INT)
        constant.node.provenance = made_from(node, inner)
        node.replace_input(1, constant)


_BY_KIND: Final[dict[str, Callable[[Node], bool]]] = {
    "prim::If": _simplify_if,
    "aten::__is__": _compare_with_none,
    "aten::__isnot__": _compare_with_none,
    "prim::unchecked_unwrap_optional": unwrap_what_is_there,
    "aten::_unwrap_optional": unwrap_what_is_there,
    "prim::unchecked_cast": cast_to_wider_type,
    "aten::Int": _simplify_integer,
    "aten::ceil": _simplify_integer,
    "aten::ne": compare_with_itself,
    "aten::eq": compare_with_itself,
    "aten::mul": _simplify_product,
    "aten::floordiv": _simplify_product,
    "aten::div": _simplify_product,
    "aten::add": _simplify_sum,
    "aten::sub": _simplify_sum,
}
