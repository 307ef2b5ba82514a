"""Types of inputs as a person gives them, with symbols for sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jitcore.passes.shapes.complete_shape_analysis import give_types
from jitcore.passes.shapes.given_types import given_texts
from jitcore.types import TensorType
from jitcore.types.parsing import parse_type

if TYPE_CHECKING:
    from jitcore.ir import Graph, Value
    from jitcore.passes.shapes.symbolic.symbols import Symbols
    from jitcore.types import Type

_SYMBOL: Final = re.compile(r"SS\((-\d{1,9})\)")
_OPEN: Final = re.compile(r"SS\(-\d{1,9}\)|\*")


def give_sizes(graph: Graph, text: str, symbols: Symbols) -> bool:
    """Give inputs of a graph the types of a text, modules left out; says whether a type changed.

    Types stand between semicolons. `SS(-2)` is a size that is the same wherever it stands. Raises `JitError`
    for a text that is no types, or more than there are inputs.
    """
    named: dict[str, int] = {}
    known: list[tuple[Value, Type]] = []
    for value, one in given_texts(graph, text):
        kind = parse_type(_SYMBOL.sub("*", one), graph_spelling=True)
        if value.type != kind:
            known.append((value, kind))
        if isinstance(kind, TensorType) and kind.sizes is not None:
            spelled = iter(_OPEN.findall(one))
            sizes = [next(spelled, "*") if size is None else size for size in kind.sizes]
            symbols.set_sizes(value, tuple(_size(size, symbols, named) for size in sizes))
    if known:
        give_types(graph, known)
    return bool(known)


def _size(size: int | str, symbols: Symbols, named: dict[str, int]) -> int:
    if isinstance(size, int):
        return size
    if size == "*":
        return symbols.new()
    if size not in named:
        named[size] = symbols.new()
    return named[size]
