"""Moves what a graph keeps on the device that it was traced on to another one.

%1 : Device = prim::Constant[value="cuda:0"]()        %1 : Device = prim::Constant[value="cpu"]()
%2 : Tensor = aten::zeros(%s, %n, %n, %1, %n)    ->   %2 : Tensor = aten::zeros(%s, %n, %n, %1, %n)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jitcore.ir import made_from
from jitcore.ops.kernels.devices import device_of_text, device_with_index
from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constants import NOT_CONSTANT, constant_of, insert_constant
from jitcore.passes.options import PassOption
from jitcore.passes.rules import names, rule
from jitcore.source import JitError
from jitcore.types import BOOL, DEVICE, NONE, TensorType, Type, rebuilt

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value


class MoveDevice(Pass):
    """Make a graph that was written or traced for one device run on another.

    prim::Constant[value="cuda:0"]    ->    prim::Constant[value="cpu"]

    A trace keeps the device of each tensor that the program made while it was traced, wherever its weights
    are loaded later. All devices in the graph become `to`: constants, devices that are named by constant
    texts, `x.cuda()`, and those noted in types. A device that is computed from an input stays as it is.
    Raises `JitError` for a text that is no device.
    """

    name: ClassVar[str] = "move-device"
    assumes: ClassVar[str] = "whoever runs the graph gives all inputs and weights on that device"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption("to", "cpu", "the device that everything is to run on, such as cpu or cuda:1"),
    )

    def __init__(self, to: str = "cpu") -> None:
        self._to = to

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Move everything in all blocks."""
        try:
            to = device_of_text(self._to)
        except TorchScriptError as error:
            raise JitError(f"move-device cannot move to {self._to!r}: {error}") from error
        return _move_in(graph.block, to)


def _move_in(block: Block, to: str) -> bool:
    changed = note_device(block.param_node, to)
    for node in block.nodes():
        for inner in node.blocks:
            changed |= _move_in(inner, to)
        if node.is_constant:
            changed |= move_constant(node, to)
        elif node.kind == "aten::device":
            changed |= move_named_device(node, to)
        elif matches(node, "aten::cuda") and to != "cuda":
            changed |= move_call(node, to)
            continue
        if node.kind != "prim::NumToTensor":  # of a number, which is on the CPU everywhere
            changed |= note_device(node, to)
    return changed


def _named_device(node: Node) -> str | None:
    """The device that `aten::device` of constants gives; None for one that is computed, or is none."""
    given = [constant_of(value) for value in node.inputs]
    if any(value is NOT_CONSTANT for value in given):
        return None
    kind, *index = given
    try:
        return device_of_text(str(kind)) if not index else device_with_index(str(kind), int(str(index[0])))
    except TorchScriptError:
        # It raises when it runs, and goes on to do so.
        return None


def _on(kind: Type, to: str) -> Type:
    """The type with every device that is noted in it replaced."""
    if isinstance(kind, TensorType):
        if kind.device is None or kind.device == to:
            return kind
        return TensorType(kind.dtype, kind.sizes, kind.strides, kind.requires_grad, to, kind.undefined)
    if not kind.has_shapes:
        return kind
    return rebuilt(kind, tuple(_on(part, to) for part in kind.parts))


@rule
def move_constant(node: Node, to: str) -> bool:
    """Constant[value="cuda:0"] : Device -> Constant[value="cpu"] : Device"""
    device = constant_of(node.output)
    if node.output.type is not DEVICE or str(device) == to:
        return False
    with move_constant.step(
        node.graph, lambda: f"{device} is written in the graph, which is to run on {to}", (node,)
    ):
        _put_constant(node, to)
    return True


@rule
def move_named_device(node: Node, to: str) -> bool:
    """aten::device("cuda") -> Constant[value="cpu"] : Device"""
    device = _named_device(node)
    if device is None or device == to:
        return False
    with move_named_device.step(
        node.graph, lambda: f"{device} is named in the graph, which is to run on {to}", (node,)
    ):
        _put_constant(node, to)
    return True


def _put_constant(node: Node, to: str) -> None:
    with node.graph.inserting_before(node):
        moved = insert_constant(node.graph, to, DEVICE, node)
    moved.node.scope = node.scope
    moved.copy_metadata(node.output)
    node.output.replace_all_uses_with(moved)
    node.destroy()


@rule
def move_call(node: Node, to: str) -> bool:
    """aten::cuda(x) -> aten::to(x, "cpu")"""
    graph, output = node.graph, node.output
    with (
        move_call.step(
            graph,
            lambda: f"aten::cuda moves %{node.inputs[0].name} away from {to}, where the graph is to run",
            (node,),
        ),
        graph.inserting_before(node),
    ):
        device = insert_constant(graph, to, DEVICE, node)
        same_dtype = insert_constant(graph, None, NONE, node)
        no = insert_constant(graph, False, BOOL, node)
        call = graph.insert(graph.create("aten::to", [node.inputs[0], device, same_dtype, no, no]))
        call.provenance = made_from(node)
        call.scope = node.scope
        call.output.set_type(_on(output.type, to))
        call.output.copy_metadata(output)
        output.replace_all_uses_with(call.output)
        node.destroy()
    return True


@rule
def note_device(node: Node, to: str) -> bool:
    """x : Float(2, 3, device=cuda:0) -> x : Float(2, 3, device=cpu)"""
    moved: list[tuple[Value, Type]] = []
    for value in node.outputs:
        kind = _on(value.type, to)
        if kind is not value.type and kind != value.type:
            moved.append((value, kind))
    if not moved:
        return False
    with note_device.step(node.graph, lambda: f"{names(v for v, _ in moved)} will be on {to}", (node,)):
        for value, kind in moved:
            value.set_type(kind)
    return True
