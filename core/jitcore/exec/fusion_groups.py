"""Compiles groups that are computed as one, the guards in front of them, and the graphs behind those.

What a group holds is computed operator by operator, or by compiled code where `SETTINGS.compiling` says so.
As TypeCheck of libtorch's interpreter
(torch/csrc/jit/runtime/interpreter.cpp) and prim::ChunkSizes (register_prim_ops_fulljit.cpp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jitcore.exec.errors import MissingOperatorError
from jitcore.exec.executor.settings import SETTINGS
from jitcore.exec.expected_layout import ExpectedLayout
from jitcore.exec.expected_tensor import ExpectedTensor
from jitcore.exec.plan_builder import PlanBuilder, handles
from jitcore.types import TensorType

if TYPE_CHECKING:
    from jitcore.ir import Graph, Node


def _types_of(node: Node) -> list[TensorType]:
    """The types that a guard compares with, one for each of its tensors."""
    types = cast("list[object]", node.attributes["types"])
    found = [kind for kind in types if isinstance(kind, TensorType)]
    if len(found) != len(types) or len(found) != len(node.inputs):
        raise MissingOperatorError("it needs a type for each of its tensors", node.kind)
    return found


@handles("prim::TypeCheck")
def check_types(builder: PlanBuilder, node: Node) -> None:
    """Gives its tensors as they are, and whether each is like its type."""
    expected = [ExpectedTensor(kind) for kind in _types_of(node)]
    if len(node.outputs) != len(node.inputs) + 1:
        raise MissingOperatorError("it gives its tensors and whether they fit", node.kind)
    names = [value.name for value in node.inputs]
    tally = builder.program.tally_of(node)

    def check(*tensors: Any) -> tuple[Any, ...]:
        for place, tensor in enumerate(tensors):
            if not expected[place].fits(tensor):
                if tally is not None:
                    tally.fail(f"%{names[place]} {expected[place].difference(tensor)}")
                return (*tensors, False)
        if tally is not None:
            tally.passed += 1
        return (*tensors, True)

    builder.call(node, check)


@handles("prim::TensorExprDynamicGuard")
def check_layouts(builder: PlanBuilder, node: Node) -> None:
    """Whether ranks, strides and sizes that have to be equal are those that a group was made for."""
    types = _types_of(node)
    strides = node.attributes.get("striding_inputs_desc")
    if not isinstance(strides, list) or len(cast("list[object]", strides)) != len(types):
        raise MissingOperatorError("nobody says how its tensors lie", node.kind)
    words = cast("list[list[str]]", strides)
    expected = [ExpectedLayout(kind, each) for kind, each in zip(types, words, strict=True)]
    names = [value.name for value in node.inputs]
    tally = builder.program.tally_of(node)

    def check(*tensors: Any) -> bool:
        symbols: dict[int, int] = {}
        for place, tensor in enumerate(tensors):
            difference = expected[place].difference(tensor, symbols)
            if difference:
                if tally is not None:
                    tally.fail(f"%{names[place]} {difference}")
                return False
        if tally is not None:
            tally.passed += 1
        return True

    builder.call(node, check)


@handles("prim::TensorExprGroup", "prim::FallbackGraph")
def run_group(builder: PlanBuilder, node: Node) -> None:
    """Runs the graph of a group."""
    graph = cast("Graph", node.attributes["Subgraph"])
    name = f"{builder.function}.<{node.kind.removeprefix('prim::')} {node.id}>"
    plan = PlanBuilder(graph, builder.program, name).build()
    inputs = len(graph.inputs)

    def run(*values: Any) -> Any:
        return plan.run_for_value([*values[:inputs]])

    compiling = SETTINGS.compiling
    if compiling is None or node.kind == "prim::FallbackGraph" or builder.program.observer is not None:
        builder.call(node, run)
    else:
        builder.call(node, compiling.compiled(name, graph, builder.program.constant, run))


@handles("prim::ChunkSizes")
def chunk_sizes(builder: PlanBuilder, node: Node) -> None:
    """The sizes of the parts that a tensor of these sizes is split into, and those of the last part."""
    chunks, dim = (cast("int", node.attributes[name]) for name in ("chunks", "dim"))

    def split(sizes: list[int]) -> tuple[list[int], list[int]]:
        whole = sizes[dim]
        regular, last = list(sizes), list(sizes)
        part = (whole + chunks - 1) // chunks
        regular[dim] = part
        last[dim] = (
            part if whole % chunks == 0 else part - (part * max((whole + part - 1) // part, 1) - whole)
        )
        return regular, last

    builder.call(node, split)
