"""Evaluates the graph of a shape function as far as what is known of its arguments goes.

As SymbolicShapeOpAnalyzer (torch/csrc/jit/passes/symbolic_shape_analysis.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import PassContext
from jitcore.passes.common_subexpression_elimination import eliminate_common_subexpressions
from jitcore.passes.constant_pooling import pool_constants
from jitcore.passes.constant_propagation import propagate_constants
from jitcore.passes.constants import NOT_CONSTANT, constant_int, constant_of, insert_constant
from jitcore.passes.control_flow.unrolling import unroll_loops
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.mutation.mutation_remover import MutationRemover
from jitcore.passes.peephole.scalar_idioms import optimize_scalar_idioms
from jitcore.passes.refinement.peephole_list_idioms import PeepholeListIdioms
from jitcore.passes.refinement.refine_integer_values import RefineIntegerValues
from jitcore.passes.shapes.symbolic.sizes import Given, Listed
from jitcore.types import INT, NONE, NUMBER, ListType, OptionalType, is_subtype

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Graph, Node, Value
    from jitcore.passes.shapes.symbolic.sizes import Argument
    from jitcore.types import Type

_MOST_ROUNDS: Final = 8
_INTS: Final = ListType(INT)
_COMPARISONS: Final = frozenset(("aten::ge", "aten::le", "aten::ne", "aten::eq", "aten::lt", "aten::gt"))

OpenSizes = tuple[int | None, ...]
"""A size, below zero a symbol, or None where it is neither known nor one of the symbols that were given."""


def evaluate_shapes(
    graph: Graph, arguments: Sequence[Argument], kinds: Sequence[Type]
) -> list[OpenSizes | None]:
    """The sizes of each result of a shape function, None where not even their number comes out.

    `graph` is a copy of the function's graph and becomes the part of it that only a run can compute. Each
    tensor of a list of tensors is an argument of its own. `kinds` are the types of the node's inputs.
    """
    _refine_inputs(graph, kinds)
    _take_lists_apart(graph, len(arguments), len(kinds))
    _substitute_values(graph, arguments)
    for _ in range(_MOST_ROUNDS):
        _substitute_sizes(graph, arguments, None)
        if not tidy_shape_graph(graph):
            break
    symbols: dict[Value, int] = {}
    _substitute_sizes(graph, arguments, symbols)
    db = AliasDb(graph)
    return [_listed_sizes(value, symbols, db) for value in graph.outputs]


def tidy_shape_graph(graph: Graph) -> bool:
    """Compute what can be in a graph that computes sizes; says whether a round more may find something."""
    changed = MutationRemover(graph).remove_from_lists(graph.block)
    changed |= unroll_loops(graph, constant_only=True)
    changed |= propagate_constants(graph, PassContext())
    changed |= optimize_scalar_idioms(graph.block.nodes_inside_out())
    changed |= PeepholeListIdioms(refine_list_len=True).run(graph, PassContext())
    changed |= RefineIntegerValues().run(graph, PassContext())
    changed |= propagate_constants(graph, PassContext())
    pool_constants(graph)
    changed |= eliminate_common_subexpressions(graph)
    eliminate_dead_code_with_aliases(graph)
    return changed


def _refine_inputs(graph: Graph, kinds: Sequence[Type]) -> None:
    """Say of inputs that may be None, or any number, what they are."""
    for value, kind in zip(graph.inputs, kinds, strict=False):
        if isinstance(value.type, OptionalType):
            if not isinstance(kind, OptionalType) and not is_subtype(NONE, kind):
                value.set_type(value.type.element)
        elif value.type is NUMBER:
            value.set_type(kind)


def _take_lists_apart(graph: Graph, given: int, declared: int) -> None:
    """Give the tensors of a list one by one, and build the list in the graph."""
    for index, value in enumerate(list(graph.inputs)):
        kind = value.type
        if not (isinstance(kind, ListType) and isinstance(kind.element, ListType)):
            continue
        length = given - (declared - 1)
        items = [graph.block.insert_input(index + place, type=kind.element) for place in range(length)]
        built = graph.create("prim::ListConstruct", items)
        built.output.set_type(kind)
        graph.block.prepend(built)
        value.replace_all_uses_with(built.output)
        graph.block.erase_input(index + length)


def _substitute_values(graph: Graph, arguments: Sequence[Argument]) -> None:
    for value, argument in zip(graph.inputs, arguments, strict=False):
        if isinstance(argument, Given):
            _put_constant(value, argument.value)
        elif argument.dimensions is not None:
            value.set_type(_INTS)


def _put_constant(value: Value, known: object) -> None:
    graph = value.graph
    block = value.node.block or graph.block
    with graph.inserting_after(block.param_node):
        constant = insert_constant(graph, known, value.type, value.node)
    value.replace_all_uses_with(constant)


def _substitute_sizes(graph: Graph, arguments: Sequence[Argument], symbols: dict[Value, int] | None) -> None:
    """Put in lengths and elements of the lists that are given; equal symbols are read at one place.

    With `symbols`, note there which values are symbols, instead of reading them at one place.
    """
    same: dict[int, list[Value]] = {}
    for value, argument in zip(list(graph.inputs), arguments, strict=False):
        if not isinstance(argument, Listed) or argument.dimensions is None:
            continue
        for reader, _ in value.uses:
            if reader.kind == "aten::len":
                _put_constant(reader.output, len(argument.dimensions))
            elif reader.kind == "aten::__getitem__":
                _substitute_element(reader, argument, same, symbols)
        for values in same.values():
            _read_at_one_place(values)


def _substitute_element(
    reader: Node, argument: Listed, same: dict[int, list[Value]], symbols: dict[Value, int] | None
) -> None:
    dimensions = argument.dimensions or ()
    index = constant_int(reader.inputs[1])
    if index is None or not -len(dimensions) <= index < len(dimensions):
        return
    dimension = dimensions[index]
    if dimension.number is not None:
        _put_constant(reader.output, dimension.number)
        return
    if dimension.symbol is None:
        return
    if symbols is not None:
        symbols[reader.output] = dimension.symbol
    else:
        same.setdefault(dimension.symbol, []).append(reader.output)
    for user, place in reader.output.uses:
        if user.kind not in _COMPARISONS:
            # As in libtorch, which does not look at the readers behind that one either.
            break
        _compare_size(user, place)


def _compare_size(user: Node, place: int) -> None:
    """Decide a comparison of a size, which is never below zero, with a number."""
    number = constant_int(user.inputs[1 - place])
    if number is None:
        return
    is_left = place == 0
    kind = user.kind
    if number == 0 and ((kind == "aten::ge" and is_left) or (kind == "aten::le" and not is_left)):
        _put_constant(user.output, True)
    elif number < 0:
        if kind in ("aten::eq", "aten::ne"):
            _put_constant(user.output, kind == "aten::ne")
        else:
            _put_constant(
                user.output, kind in ("aten::ge", "aten::gt") if is_left else kind in ("aten::le", "aten::lt")
            )


def _read_at_one_place(values: list[Value]) -> None:
    """Read values that are the same from the first of them that is there wherever another one is."""
    for value in values:
        first = value
        for other in values:
            if first.node.is_dominated_by(other.node):
                first = other
        if first is not value:
            value.replace_all_uses_with(first)


def _listed_sizes(value: Value, symbols: dict[Value, int], db: AliasDb) -> OpenSizes | None:
    known = constant_of(value)
    if isinstance(known, list):
        return tuple(map(_size, known))
    if known is not NOT_CONSTANT or value.node.kind != "prim::ListConstruct" or db.value_has_writers(value):
        return None
    return tuple(symbols.get(item, _size(constant_int(item))) for item in value.node.inputs)


def _size(number: int | None) -> int | None:
    """A number as a size; below zero there is none, so that nobody knows which it is."""
    return number if number is not None and number >= 0 else None
