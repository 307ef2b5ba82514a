"""Tells the dtypes of tensors, as far as the types of the inputs tell them.

graph(%x : Float(2, 3), %n : int):                graph(%x : Float(2, 3), %n : int):
  %1 : Tensor = aten::add(%x, %x, %n)       ->      %1 : FloatTensor = aten::add(%x, %x, %n)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ops.lookup import matches, schema_of
from jitcore.passes.base import EvaluationError, Pass, PassContext
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic, dtype_of, has_shape, shape_of
from jitcore.passes.shapes.dtypes import is_complex, is_floating
from jitcore.passes.shapes.property_propagation import learn_types
from jitcore.passes.shapes.rank_formulas import FIRST_PRESERVING
from jitcore.passes.shapes.tensor_types import rank_of, with_dtype
from jitcore.source import JitError
from jitcore.types import FLOAT, INT, FunctionSchema, TensorType

if TYPE_CHECKING:
    from jitcore.ir import Block, Graph, Node, Value

_AS_FIRST: Final = (*FIRST_PRESERVING, "aten::flatten.using_ints")
_OF_ELEMENTS: Final = frozenset((
    "aten::nonzero", "aten::masked_select", "aten::unique_consecutive", "aten::_unique2", "aten::bincount",
    "aten::cpu", "aten::dequantize",
))  # fmt: skip
"""Operators that need the elements of their inputs, so that libtorch says nothing of what they give."""


class PropagateDtype(Pass):
    """Note the dtypes of tensors in their types.

    %1 : Tensor = aten::add(%x, %x, 1), %x : Float(2, 3)    ->    %1 : FloatTensor = aten::add(...)

    Layers give tensors like their first input, if all inputs agree. Other operators are computed on tensors
    of one element, of the dtypes and numbers of dimensions that are known, with 1 for numbers; one that
    takes other values, or gives several results, tells nothing, nor does one that would fail. Graphs with
    loops, calls, lists of tensors, attributes or results of an if are refused. As
    torch/csrc/jit/passes/dtype_analysis.cpp, which computes on tensors without memory, where less fails.
    """

    name: ClassVar[str] = "propagate-dtype"
    counterpart: ClassVar[str] = "_jit_pass_propagate_dtype"

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Propagate through all blocks. Raises `JitError` for what libtorch refuses too."""
        return _DtypePropagation(context).block(graph.block)


class _DtypePropagation:
    def __init__(self, context: PassContext) -> None:
        self._context = context
        self._arithmetic = TensorArithmetic(context)

    def block(self, block: Block) -> bool:
        changed = False
        for node in block.nodes():
            changed |= self._node(node)
        return changed

    def _node(self, node: Node) -> bool:
        if node.kind == "prim::If":
            changed = [self.block(inner) for inner in node.blocks]
            if node.outputs:
                raise JitError("Not implemented yet: an if that gives something")
            return any(changed)
        if node.kind in ("prim::Loop", "prim::CallMethod", "prim::CallFunction"):
            raise JitError("Loop/Call not handled now")
        tensors = [value for value in node.outputs if isinstance(value.type, TensorType)]
        if not tensors or node.is_constant:
            return False
        if node.kind in ("prim::ListConstruct", "prim::ListUnpack"):
            raise JitError("List Construct and Unpack is not supported in Dtype Propagation")
        if not node.kind.startswith("aten::"):
            raise JitError(f"{node.kind}Op is not supported in Dtype Propagation")
        if schema_of(node) is None:
            raise JitError(f"Schema not found for node. {node.kind} takes no such inputs")
        dtype = self._dtype_of_result(node)
        return dtype is not None and _learn(node, tensors, dtype)

    def _dtype_of_result(self, node: Node) -> str | None:
        if any(matches(node, name) for name in _AS_FIRST if name.partition(".")[0] == node.kind):
            return _common_dtype(node)
        if len(node.outputs) != 1 or node.kind in _OF_ELEMENTS:
            return None
        if self._context.evaluate is None:
            self._context.note("dtypes of what is computed stay unknown: torch is not there")
            return None
        # Zeros are places in any tensor, and ones divide.
        for of_ones in (False, True):
            try:
                return self._computed(node, [self._example(value, of_ones) for value in node.inputs])
            except EvaluationError:
                continue
        return None

    def _example(self, value: Value, of_ones: bool) -> object:
        """What an operator is computed on to see what it gives; raises `EvaluationError`."""
        kind = value.type
        if isinstance(kind, TensorType):
            rank = rank_of(kind)
            if rank is None or kind.dtype is None:
                raise EvaluationError("too little is known of the tensor")
            zeros = self._arithmetic.zeros([1] * rank, [1] * rank, kind.dtype)
            return self._arithmetic.call("aten::ones_like", zeros) if of_ones else zeros
        if kind is FLOAT:
            return 1.0
        if kind is INT:
            return 1
        raise EvaluationError("its value decides")

    def _computed(self, node: Node, inputs: list[object]) -> str | None:
        """The dtype of what an operator gives; one that writes gives what it writes to."""
        evaluate = self._context.evaluate
        assert evaluate is not None
        written = node.inputs[0].type if node.inputs else None
        writes = node.kind.endswith("_") and not node.kind.endswith("__")
        schema = _schema_without_write(node) if writes else schema_of(node)
        into = written.dtype if writes and isinstance(written, TensorType) else None
        if schema is None:
            return into
        [result] = evaluate(node, schema, inputs)
        dtype = dtype_of(result) if has_shape(result) else None
        if not isinstance(written, TensorType) or into is None or dtype is None:
            return dtype
        fits = len(shape_of(result)) == rank_of(written) and _can_be_cast(dtype, into)
        return into if fits else None


def _schema_without_write(node: Node) -> FunctionSchema | None:
    """The operator that computes what the node writes; None if there is none."""
    alike = node.graph.create(node.kind.removesuffix("_"), node.inputs)
    schema = schema_of(alike)
    alike.destroy()
    return schema


def _common_dtype(node: Node) -> str | None:
    """The dtype of the first input, unless another tensor has another one."""
    dtypes = [value.type.dtype for value in node.inputs if isinstance(value.type, TensorType)]
    first = node.inputs[0].type
    wanted = first.dtype if isinstance(first, TensorType) else None
    return wanted if all(dtype in (None, wanted) for dtype in dtypes) else None


def _can_be_cast(dtype: str, wanted: str) -> bool:
    """Whether what was computed in a dtype can be written to a tensor of another one."""
    if is_complex(dtype):
        return is_complex(wanted)
    if is_floating(dtype):
        return is_floating(wanted) or is_complex(wanted)
    return dtype == "bool" or wanted != "bool"


def _learn(node: Node, tensors: list[Value], dtype: str) -> bool:
    known = [
        (value, with_dtype(value.type, dtype))
        for value in tensors
        if isinstance(value.type, TensorType) and value.type.dtype != dtype
    ]
    if known:
        learn_types(node, list(known))
    return bool(known)
