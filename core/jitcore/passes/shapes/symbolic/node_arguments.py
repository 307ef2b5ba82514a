"""What is known of the inputs of a node, as the arguments of its shape function.

As getNodeInputShapes (torch/csrc/jit/passes/symbolic_shape_analysis.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.passes.constants import NOT_CONSTANT, constant_int, constant_of, is_tensor
from jitcore.passes.shapes.symbolic.sizes import Argument, Dimension, Given, Listed, listed
from jitcore.source import JitError
from jitcore.types import INT, ListType, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Node, Value
    from jitcore.passes.alias_analysis import AliasDb
    from jitcore.passes.shapes.symbolic.symbols import Symbols


def arguments_of(node: Node, symbols: Symbols, db: AliasDb) -> list[Argument]:
    """One argument for each input of a node; a list of tensors gives one for each of them.

    Raises `JitError` for a list of tensors of which not even the length is known.
    """
    arguments: list[Argument] = []
    for value in node.inputs:
        kind = value.type
        if isinstance(kind, TensorType):
            arguments.append(_tensor(value, symbols))
        elif isinstance(kind, ListType) and isinstance(kind.element, TensorType):
            arguments += _tensors(node, value, symbols, db)
        else:
            arguments.append(_other(value, symbols, db))
    return arguments


def _tensor(value: Value, symbols: Symbols) -> Argument:
    sizes = symbols.sizes_of(value)
    if sizes is not None and all(size >= 0 for size in sizes):
        return Given(list(sizes))
    known = _sizes_of_constant(constant_of(value))
    return listed(sizes) if known is None else Given(known)


def _sizes_of_constant(value: object) -> list[int] | None:
    shape = getattr(value, "shape", None) if is_tensor(value) else None
    return None if shape is None else [int(size) for size in shape]


def _tensors(node: Node, value: Value, symbols: Symbols, db: AliasDb) -> list[Argument]:
    known = constant_of(value)
    if isinstance(known, list):
        sizes = [_sizes_of_constant(item) for item in known]
        return [Listed() if one is None else Given(one) for one in sizes]
    if value.node.kind == "prim::ListConstruct" and not db.value_has_writers(value):
        return [_tensor(item, symbols) for item in value.node.inputs]
    raise JitError(
        f"{node.kind} takes the list %{value.name}, which is not built in sight or is written to, so its "
        "sizes cannot be told; run remove-mutation or inline first"
    )


def _other(value: Value, symbols: Symbols, db: AliasDb) -> Argument:
    known = constant_of(value)
    if known is not NOT_CONSTANT:
        return Given(known)
    kind = value.type
    if isinstance(kind, ListType) and kind.element is INT and not db.value_has_writers(value):
        maker = value.node
        if maker.kind == "prim::ListConstruct":
            return Listed(tuple(_dimension(item, symbols) for item in maker.inputs))
        if maker.kind == "aten::size" and maker.inputs:
            return listed(symbols.sizes_of(maker.inputs[0]))
    return Listed()


def _dimension(value: Value, symbols: Symbols) -> Dimension:
    """An element of a list that is built: `x.size(1)` is a size of x."""
    number = constant_int(value)
    if number is not None:
        return Dimension(number=number)
    maker = value.node
    if maker.kind != "aten::size" or len(maker.inputs) != 2:
        return Dimension()
    sizes = symbols.sizes_of(maker.inputs[0])
    index = constant_int(maker.inputs[1])
    if sizes is None or index is None or not -len(sizes) <= index < len(sizes):
        # Of what, nobody knows; but a size it is.
        return Dimension(symbol=symbols.new())
    size = sizes[index]
    return Dimension(number=size) if size >= 0 else Dimension(symbol=size)
