"""Takes operators apart that others can be fused with, or batched, only by halves.

%1 = aten::addmm(%a, %b, %c, %one, %one)    ->    %2 = aten::mm(%b, %c)
                                                  %1 = aten::add(%a, %2, %one)
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ops.lookup import matches
from jitcore.passes.base import Pass, PassContext
from jitcore.passes.constant_propagation import propagate_constants
from jitcore.passes.constants import constant_of
from jitcore.passes.dead_code_elimination import eliminate_dead_code_with_aliases
from jitcore.passes.inserting import insert_call, mark_origin
from jitcore.passes.rules import rule
from jitcore.passes.shapes.complete_shape_analysis import propagate_shapes
from jitcore.printing import parse_graph
from jitcore.types import TENSOR, TensorType, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

# The graphs that libtorch's compiler makes of its formulas, with the places of these in their text.
_PRODUCT_AND_SUM: Final = """graph(%self : Tensor, %mat1 : Tensor, %mat2 : Tensor, %beta : float,
      %alpha : float):
  %9 : int = prim::Constant[value=1]()
  %8 : Tensor = aten::mm(%mat1, %mat2) # <string>:3:24
  %10 : Tensor = aten::add(%self, %8, %9) # <string>:3:17
  return (%10)
"""
_BATCH_NORM: Final = """graph(%input : Tensor, %mean : Tensor?, %var : Tensor?, %training : bool, %momentum : float,
      %eps : float):
  %35 : int = prim::Constant[value=1]() # <string>:13:24
  %norm_mean : Tensor, %norm_var : Tensor = prim::If(%training) # <string>:6:10
    block0():
      %norm_mean.1 : Tensor, %norm_var.1 : Tensor = aten::batch_norm_update_stats(%input, %mean, %var, %momentum) # <string>:7:36
      -> (%norm_mean.1, %norm_var.1)
    block1():
      %norm_mean.3 : Tensor = aten::_unwrap_optional(%mean) # <string>:9:26
      %norm_var.3 : Tensor = aten::_unwrap_optional(%var) # <string>:10:25
      -> (%norm_mean.3, %norm_var.3)
  %29 : int = aten::dim(%input) # <string>:11:54
  %norm_mean.15 : Tensor = aten::_ncf_unsqueeze(%norm_mean, %29) # <string>:11:22
  %33 : int = aten::dim(%input) # <string>:12:52
  %norm_var.15 : Tensor = aten::_ncf_unsqueeze(%norm_var, %33) # <string>:12:21
  %39 : Tensor = aten::add(%norm_var.15, %eps, %35) # <string>:13:40
  %40 : Tensor = aten::sqrt(%39) # <string>:13:29
  %41 : Tensor = aten::reciprocal(%40) # <string>:13:9
  %norm_invstd.1 : Tensor = aten::mul(%41, %35) # <string>:13:9
  %46 : Tensor = aten::sub(%input, %norm_mean.15, %35) # <string>:14:19
  %48 : Tensor = aten::mul(%46, %norm_invstd.1) # <string>:14:19
  return (%48)
"""  # noqa: E501  # a node stands on one line
_LAYER_NORM: Final = """graph(%input : Tensor, %shape : int[], %eps : float, %cudnn : bool):
  %23 : int = prim::Constant[value=0]()
  %14 : bool = prim::Constant[value=1]() # <string>:20:10
  %n.1 : int = prim::Constant[value=1]() # <string>:19:14
  %26 : int = prim::Constant[value=-1]() # <string>:22:57
  %input_ndim.1 : int = aten::dim(%input) # <string>:17:23
  %normalized_ndim.1 : int = aten::len(%shape) # <string>:18:28
  %11 : int = aten::sub(%input_ndim.1, %normalized_ndim.1) # <string>:20:25
  %n : int = prim::Loop(%11, %14, %n.1) # <string>:20:10
    block0(%i.1 : int, %n.11 : int):
      %19 : int = aten::size(%input, %i.1) # <string>:21:19
      %n.5 : int = aten::mul(%n.11, %19) # <string>:21:14
      -> (%14, %n.5)
  %24 : Tensor = aten::contiguous(%input, %23) # <string>:22:26
  %27 : int[] = prim::ListConstruct(%n.1, %n, %26)
  %input_reshape.1 : Tensor = aten::view(%24, %27) # <string>:22:26
  %mean.1 : Tensor, %invstd.1 : Tensor = aten::batch_norm_stats(%input_reshape.1, %eps) # <string>:23:25
  %input_shape.1 : int[] = aten::size(%input) # <string>:24:24
  %mean.5 : Tensor = aten::_ncf_view(%mean.1, %input_shape.1, %normalized_ndim.1) # <string>:25:17
  %invstd.5 : Tensor = aten::_ncf_view(%invstd.1, %input_shape.1, %normalized_ndim.1) # <string>:26:19
  %47 : Tensor = aten::sub(%input, %mean.5, %n.1) # <string>:28:18
  %49 : Tensor = aten::mul(%47, %invstd.5) # <string>:28:18
  return (%49)
"""


class DecomposeOps(Pass):
    """Compute `addmm` by a product and a sum, and norms of tensors that are not on a CPU by their formulas.

    aten::addmm(%a, %b, %c, 1, 1)    ->    aten::add(%a, aten::mm(%b, %c), 1)

    Norms whose weight or bias may be None, or not, stay. Where anything at the top was taken apart, shapes
    and constants are propagated, and what became dead is dropped. As
    torch/csrc/jit/passes/decompose_ops.cpp.
    """

    name: ClassVar[str] = "decompose-ops"
    counterpart: ClassVar[str] = "_jit_pass_decompose_ops"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Take operators of all blocks apart."""
        at_the_top, inside = decompose(graph.block)
        if at_the_top:
            propagate_shapes(graph, context)
            propagate_constants(graph, context)
            eliminate_dead_code_with_aliases(graph)
        return at_the_top or inside


def decompose(block: Block) -> tuple[bool, bool]:
    """Take operators apart; says whether one of the block itself was, and whether one inside of it was.

    Shapes are not propagated, and nothing is tidied up.
    """
    changed = inside = False
    for node in list(block.nodes()):
        for inner in node.blocks:
            inside |= any(decompose(inner))
        if matches(node, "aten::addmm"):
            if _is_one(node.inputs[3]) and _is_one(node.inputs[4]):
                multiply_and_add(node)
                changed = True
        elif matches(node, "aten::batch_norm"):
            if _is_decomposable(node, weight=1, bias=2):
                normalize_batch(node)
                changed = True
        elif matches(node, "aten::layer_norm") and _is_decomposable(node, weight=2, bias=3):
            normalize_layer(node)
            changed = True
    return changed, inside


def _is_one(value: Value) -> bool:
    number = constant_of(value)
    return isinstance(number, int | float | complex) and number == 1


def _is_decomposable(node: Node, weight: int, bias: int) -> bool:
    """Whether a norm is elsewhere than on a CPU, and it is known whether it has a weight and a bias."""
    kind = node.inputs[0].type
    if not isinstance(kind, TensorType) or kind.device is None or kind.device.startswith("cpu"):
        return False
    return None not in (_is_there(node.inputs[weight]), _is_there(node.inputs[bias]))


def _is_there(value: Value) -> bool | None:
    """Whether a value is a tensor and not None; None where that shows in a run."""
    if is_subtype(value.type, TENSOR):
        return True
    return False if value.node.must_be_none() else None


@cache
def _formula(text: str) -> Graph:
    return parse_graph(text)


def _insert(node: Node, text: str, given: list[Value]) -> Value:
    graph = node.graph
    before = graph.insert_point.prev
    [result], _ = graph.insert_graph(_formula(text), given)
    mark_origin(graph, before, node)
    return result


@rule
def multiply_and_add(node: Node) -> None:
    """addmm(a, b, c, 1, 1) -> add(a, mm(b, c), 1)"""
    graph = node.graph
    with (
        multiply_and_add.step(
            graph, lambda: f"%{node.output.name} is a product and a sum without factors", (node,)
        ),
        graph.inserting_before(node),
    ):
        result = _insert(node, _PRODUCT_AND_SUM, node.inputs)
        result.set_type(node.output.type)
        node.output.replace_all_uses_with(result)
        node.destroy()


@rule
def normalize_batch(node: Node) -> None:
    """batch_norm(x, w, b, mean, var, ...) -> (x - mean) / sqrt(var + eps) * w + b"""
    graph = node.graph
    given, weight, bias, mean, var, training, momentum, eps, _ = node.inputs
    with (
        normalize_batch.step(
            graph, lambda: f"%{given.name} is not on a CPU, where a formula can be fused", (node,)
        ),
        graph.inserting_before(node),
    ):
        rank = insert_call(graph, "aten::dim", [given], node)
        result = _insert(node, _BATCH_NORM, [given, mean, var, training, momentum, eps])
        for value, kind in ((weight, "aten::mul"), (bias, "aten::add")):
            if _is_there(value):
                spread = insert_call(graph, "aten::_ncf_unsqueeze", [value, rank], node)
                result = insert_call(graph, kind, [result, spread], node)
        node.output.replace_all_uses_with(result)
        node.destroy()


@rule
def normalize_layer(node: Node) -> None:
    """layer_norm(x, shape, w, b, eps) -> (x - mean) * invstd * w + b"""
    graph = node.graph
    given, shape, weight, bias, eps, cudnn = node.inputs
    with (
        normalize_layer.step(
            graph, lambda: f"%{given.name} is not on a CPU, where a formula can be fused", (node,)
        ),
        graph.inserting_before(node),
    ):
        result = _insert(node, _LAYER_NORM, [given, shape, eps, cudnn])
        for value, kind in ((weight, "aten::mul"), (bias, "aten::add")):
            if _is_there(value):
                result = insert_call(graph, kind, [result, value], node)
        node.output.replace_all_uses_with(result)
        node.destroy()
