"""Tells shapes, dtypes and devices of all tensors, as far as those of the inputs tell them.

graph(%x : Float(2, 3, strides=[3, 1], device=cpu)):         graph(%x : Float(2, 3, strides=[3, 1], device=cpu)):
  %1 : Tensor = aten::t(%x)                            ->      %1 : Float(3, 2, strides=[1, 3], device=cpu) = aten::t(%x)
"""  # noqa: E501  # types of tensors are long

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from jitcore.ir import made_from
from jitcore.ops.effects import has_side_effects
from jitcore.ops.lookup import matches, schema_of
from jitcore.passes.alias_analysis import AliasDb
from jitcore.passes.base import EvaluationError, Pass, PassContext
from jitcore.passes.constants import (
    NOT_CONSTANT,
    constant_of,
    insert_constant,
    is_tensor,
    type_of_tensor,
)
from jitcore.passes.freezing.tensor_arithmetic import TensorArithmetic
from jitcore.passes.options import PassOption
from jitcore.passes.rules import count, rule
from jitcore.passes.shapes.dtypes import dtype_of_numbers, is_integral
from jitcore.passes.shapes.given_types import given_texts
from jitcore.passes.shapes.property_propagation import PropertyPropagation
from jitcore.passes.shapes.rank_formulas import chosen_dtype, infer_ranks, named, tensor_types
from jitcore.passes.shapes.shape_formulas import NotPropagatedError, broadcast_sizes, infer_shapes
from jitcore.passes.shapes.tensor_types import in_order, known_shape, rank_alone, with_gradient, with_rank
from jitcore.source import JitError
from jitcore.types import (
    BOOL,
    FLOAT,
    INT,
    NUMBER,
    TENSOR,
    ClassType,
    ListType,
    TensorType,
    TupleType,
    Type,
    is_subtype,
    rebuilt,
    unshaped,
)
from jitcore.types.parsing import parse_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jitcore.ir import Block, Graph, Node, Value
    from jitcore.passes.shapes.property_propagation import Known

PROPOSED: Final = "proposed"
"""Stands for the types of inputs that whoever knows the program proposes; they are put in its place first."""

_RUN: Final = ("aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor")
_BROADCAST: Final = (
    "aten::pow.Tensor_Tensor", "aten::min.other", "aten::max.other", "aten::lt.Tensor", "aten::le.Tensor",
    "aten::gt.Tensor", "aten::ge.Tensor", "aten::eq.Tensor", "aten::ne.Tensor",
)  # fmt: skip
_ALREADY_TYPED: Final = frozenset(
    (
        "aten::Bool", "aten::Int", "aten::Float", "aten::ScalarImplicit", "aten::FloatImplicit",
        "aten::IntImplicit",
    )
)  # fmt: skip
_RESIZING: Final = frozenset(
    (
        "aten::resize_", "aten::resize_as_", "aten::copy_", "aten::set_", "aten::unsqueeze_", "aten::t_",
        "aten::transpose_",
    )
)  # fmt: skip


class CompleteShapeAnalysis(Pass):
    """Note shapes, dtypes and devices of tensors in their types, from those of the graph's inputs on.

    %1 : Tensor = aten::t(%x), %x : Float(2, 3)    ->    %1 : Float(*, *) = aten::t(%x)

    Where all is known of what a sum or product reads, it is computed of zeros, which takes torch; inputs
    that a comparison broadcasts are expanded by nodes of their own. Where less is known, so is of the result:
    dtype, device and the number of dimensions. What tensors that are resized may be is forgotten. As
    torch/csrc/jit/passes/shape_analysis.cpp. Raises `JitError` where an operator refuses its inputs.
    """

    name: ClassVar[str] = "complete-shape-analysis"
    counterpart: ClassVar[str] = "_jit_pass_complete_shape_analysis"
    options: ClassVar[tuple[PassOption, ...]] = (
        PassOption(
            "inputs",
            "",
            "types of what is given, modules left out, such as Float(2, 3);Long(4); or proposed, for inputs "
            "that fit the program",
        ),
    )

    def __init__(self, inputs: str = "") -> None:
        self._inputs = inputs.strip()

    def run(self, graph: Graph, context: PassContext) -> bool:
        """Propagate through all blocks."""
        if self._inputs == PROPOSED:
            raise JitError(
                f'no inputs are {PROPOSED} here: write their types, such as inputs="Float(2, 3);Long(4)"'
            )
        changed = bool(self._inputs) and give_types(graph, self._given(graph))
        return propagate_shapes(graph, context) or changed

    def _given(self, graph: Graph) -> Known:
        return [
            (value, _complete(parse_type(text, graph_spelling=True)))
            for value, text in given_texts(graph, self._inputs)
        ]


def _complete(kind: Type) -> Type:
    """A type as a tensor has it that lies on a CPU, its elements in order, unless it says otherwise."""
    if not isinstance(kind, TensorType) or kind.sizes is None:
        return kind
    placed = TensorType(
        kind.dtype,
        kind.sizes,
        kind.strides,
        kind.requires_grad or False,
        kind.device or "cpu",
        kind.undefined,
    )
    sizes = [size for size in kind.sizes if size is not None]
    if kind.strides is not None or len(sizes) < len(kind.sizes):
        return placed
    return in_order(placed, sizes)


def propagate_shapes(graph: Graph, context: PassContext) -> bool:
    """Propagate shapes through all blocks; says whether a type changed. Raises `JitError`."""
    return _ShapePropagation(graph, context).run()


class _ShapePropagation(PropertyPropagation):
    def __init__(self, graph: Graph, context: PassContext) -> None:
        super().__init__(graph)
        self._arithmetic = TensorArithmetic(context)
        self._can_compute = context.evaluate is not None
        self._context = context
        self._db = AliasDb(graph)
        self._resized = list(_resized_in(graph.block, self._db))
        self._depends: dict[Node, bool] = {}
        self._left = 0

    def run(self) -> bool:
        changed = super().run()
        if self._left:
            self._context.note(f"without torch, shapes of {count(self._left, 'node')} are not known")
        return changed

    def before_node(self, node: Node) -> bool:
        """Forget what inputs are that may be resized; says whether there are any."""
        resized = [
            value for value in node.inputs if self._resized and self._db.may_alias([value], self._resized)
        ]
        if not resized:
            return False
        self._forget(node, resized)
        self._forget(node, node.outputs)
        return True

    def node(self, node: Node) -> None:
        try:
            self._propagate(node)
        except NotPropagatedError:
            self._forget(node, node.outputs)

    def _forget(self, node: Node, values: Iterable[Value]) -> None:
        self.assign(node, [(value, unshaped(value.type)) for value in values])

    def _propagate(self, node: Node) -> None:
        special = _special(node)
        if special is not None:
            self.assign(node, special)
            return
        if node.kind in _ALREADY_TYPED or has_side_effects(node):
            return
        if matches(node, "aten::cat") or node.kind == "prim::FusedConcat":
            self.assign(node, [(node.output, _concatenated(node) or unshaped(node.output.type))])
            return
        kinds = tensor_types(node)
        is_complete = kinds is not None and all(known_shape(kind) is not None for kind in kinds)
        if kinds is not None and is_complete and self._propagate_complete(node, kinds):
            return
        ranks = infer_ranks(node)
        if ranks is not None:
            self.assign(node, zip(node.outputs, ranks, strict=True))
        elif any(_contains_tensors(value.type) for value in node.outputs):
            self._forget(node, node.outputs)

    def _propagate_complete(self, node: Node, kinds: list[TensorType]) -> bool:
        """Tell all of the results, as all is known of the inputs; says whether that could be done."""
        if matches(node, *_RUN):
            return self._run(node, node.kind)
        if matches(node, "aten::div.Tensor"):
            # Division of whole numbers by zero fails, and a product is of the same shape.
            return self._run(node, "aten::mul")
        if self.are_types_final and matches(node, *_BROADCAST):
            self._expand_inputs(node, kinds)
            return self._run(node, node.kind)
        if matches(node, "aten::chunk"):
            # It gives a list, which libtorch then calls a tensor.
            return False
        found = infer_shapes(node, kinds)
        if found is None:
            self._forget(node, node.outputs)
            return False
        self.assign(node, zip(node.outputs, found, strict=True))
        return True

    def _expand_inputs(self, node: Node, kinds: list[TensorType]) -> None:
        shapes = [known_shape(kind) for kind in kinds[:2]]
        known = [shape[0] for shape in shapes if shape is not None]
        if len(known) < 2:
            # A number, which fits everything, or a tensor of which nothing is known.
            return
        sizes = broadcast_sizes(*known)
        for place, shape in enumerate(shapes):
            if shape is not None and shape[0] != sizes:
                self.node(expand_input(node, place, sizes))

    # --- by running --------------------------------------------------------------------------------------

    def _run(self, node: Node, kind: str) -> bool:
        """Compute a node of zeros that are like its inputs, by the operator `kind`."""
        if self._depends_on_writes(node) or not all(map(_can_stand_for, node.inputs)):
            return False
        if not all(is_subtype(v.type, TENSOR) or is_subtype(v.type, NUMBER) for v in node.outputs):
            return False
        if not self._can_compute:
            self._left += 1
            return False
        schema = schema_of(node)
        if schema is None:
            return False
        overload = "" if kind == "aten::mul" and node.kind != kind else schema.overload
        operator = f"{kind}.{overload or 'Tensor'}"
        try:
            values = [self._representative(value) for value in node.inputs]
            result = self._arithmetic.call(operator, *values)
        except EvaluationError as error:
            raise JitError(
                f"{error}\nThe above operation failed shape propagation in this context: %{node.output.name}"
            ) from error
        kept = node.output.type
        if is_tensor(result) and isinstance(kept, TensorType):
            self.assign(node, [(node.output, with_gradient(type_of_tensor(result), kept.requires_grad))])
        return True

    def _depends_on_writes(self, node: Node) -> bool:
        """Whether something writes to what the node reads, or to what that was computed from."""
        pending = [node]
        while pending:
            current = pending[-1]
            if current in self._depends:
                pending.pop()
                continue
            if self._db.has_writers(current):
                self._depends[current] = True
                continue
            makers = [value.node for value in current.inputs]
            unknown = [maker for maker in makers if maker not in self._depends]
            if unknown:
                pending += unknown
            else:
                self._depends[current] = any(self._depends[maker] for maker in makers)
        return self._depends[node]

    def _representative(self, value: Value) -> object:
        constant = constant_of(value)
        if constant is not NOT_CONSTANT:
            return constant
        if not isinstance(value.type, TensorType):
            return 0.0
        shape = known_shape(value.type)
        if shape is None or value.type.dtype is None:
            raise JitError(f"unable to create representative value for: {value.type}, %{value.name}")
        return self._arithmetic.zeros(*shape, value.type.dtype)


def _can_stand_for(value: Value) -> bool:
    """Whether a value of this type may be replaced by zeros: whole numbers often are places in a tensor."""
    if constant_of(value) is not NOT_CONSTANT:
        return True
    if isinstance(value.type, TensorType):
        return value.type.dtype is not None and not is_integral(value.type.dtype)
    return is_subtype(value.type, FLOAT)


def _resized_in(block: Block, db: AliasDb) -> Iterable[Value]:
    """Values that nodes of a block, or inside of it, may give another size."""
    for node in block.nodes():
        for inner in node.blocks:
            yield from _resized_in(inner, db)
        if _resizes(node):
            for value in node.inputs:
                if db.writes_to(node, [value]):
                    yield value


def _resizes(node: Node) -> bool:
    if node.kind in _RESIZING:
        return True
    schema = schema_of(node)
    place = None if schema is None else schema.argument_index("out")
    if schema is None or place is None:
        return False
    argument = schema.arguments[place]
    return argument.kwarg_only and is_subtype(argument.type, TENSOR)


def _contains_tensors(kind: Type) -> bool:
    """Whether values of a type contain tensors; libtorch says of a tensor that it does not."""
    parts = kind.parts
    if len(parts) == 1:
        return is_subtype(parts[0], TENSOR)
    return any(map(_contains_tensors, parts))


# --- nodes that are no operators -----------------------------------------------------------------------


def _special(node: Node) -> Known | None:
    """The types that a node gives which needs no formula; None for all others."""
    kind = node.kind
    if kind == "prim::NumToTensor":
        given = node.inputs[0].type
        dtype = "int64" if given in (INT, BOOL) else "float64" if given == FLOAT else None
        return [(node.output, with_rank(TensorType(dtype=dtype, device="cpu"), 0))] if dtype else []
    if kind in ("aten::tensor", "aten::as_tensor") and not is_subtype(node.inputs[0].type, TENSOR):
        return _made_of_numbers(node)
    if kind == "prim::TupleConstruct" and isinstance(node.output.type, TupleType):
        return [(node.output, rebuilt(node.output.type, tuple(value.type for value in node.inputs)))]
    if kind == "prim::TupleUnpack" and isinstance(node.inputs[0].type, TupleType):
        return list(zip(node.outputs, node.inputs[0].type.elements, strict=True))
    if kind == "prim::Constant":
        value = constant_of(node.output)
        is_known = is_subtype(node.output.type, TENSOR) and is_tensor(value)
        known = is_known and getattr(value, "shape", None) is not None and not hasattr(value, "text")
        return [(node.output, type_of_tensor(value))] if known else []
    if kind in ("prim::unchecked_unwrap_optional", "aten::_unwrap_optional"):
        given = node.inputs[0].type
        return [(node.output, given)] if is_subtype(given, node.output.type) else []
    if kind == "prim::ConstantChunk":
        given = node.inputs[0].type
        whole = rank_alone(given) if isinstance(given, TensorType) else None
        return [(value, whole or unshaped(value.type)) for value in node.outputs]
    if kind == "prim::grad":
        return [(node.output, TENSOR)]
    if kind in ("prim::CallFunction", "prim::CallMethod", "prim::AutogradZero"):
        return [(value, unshaped(value.type)) for value in node.outputs]
    if kind == "prim::GetAttr":
        held = node.inputs[0].type
        attribute = (
            held.attributes.get(str(node.attributes.get("name"))) if isinstance(held, ClassType) else None
        )
        return [] if attribute is None else [(node.output, attribute.type)]
    return None


def _made_of_numbers(node: Node) -> Known:
    kind: Type = node.inputs[0].type
    rank = 0
    while isinstance(kind, ListType):
        kind = kind.element
        rank += 1
    dtype = dtype_of_numbers(kind)
    device: object = "cpu"
    value = named(node, "dtype")
    if value is not None:
        is_known, chosen = chosen_dtype(value)
        if not is_known:
            return []
        dtype = chosen or dtype
    value = named(node, "device")
    if value is not None:
        found = constant_of(value)
        if found is NOT_CONSTANT:
            return []
        device = found or device
    return [(node.output, with_rank(TensorType(dtype=dtype, device=str(device)), rank))]


def _concatenated(node: Node) -> TensorType | None:
    """The type of tensors that are concatenated; None where nothing is known of them."""
    listed = node if node.kind == "prim::FusedConcat" else node.inputs[0].node
    if listed is not node and listed.kind != "prim::ListConstruct":
        return None
    kinds = [value.type for value in listed.inputs]
    tensors = [kind for kind in kinds if isinstance(kind, TensorType)]
    whole = _concatenated_whole(node, tensors) if len(tensors) == len(kinds) else None
    if whole is not None:
        return whole
    return rank_alone(tensors[0]) if tensors else None


def _concatenated_whole(node: Node, kinds: Sequence[TensorType]) -> TensorType | None:
    shapes = [known_shape(kind) for kind in kinds]
    dim = node.attributes.get("dim") if node.kind == "prim::FusedConcat" else constant_of(node.inputs[1])
    if not shapes or not isinstance(dim, int):
        return None
    all_sizes = [shape[0] for shape in shapes if shape is not None]
    if len(all_sizes) < len(shapes):
        return None
    sizes = list(all_sizes[0])
    place = dim + len(sizes) if dim < 0 else dim
    if not 0 <= place < len(sizes):
        return None
    sizes[place] = 0
    for others in all_sizes:
        if len(others) != len(sizes):
            return None
        if any(a != b for at, (a, b) in enumerate(zip(sizes, others, strict=True)) if at != place):
            return None
        sizes[place] += others[place]
    return in_order(kinds[0], sizes)


# --- rules -----------------------------------------------------------------------------------------------


@rule
def give_types(graph: Graph, known: Known) -> bool:
    """x : Tensor -> x : Float(2, 3), as somebody says"""
    with give_types.step(graph, lambda: f"the types of {count(len(known), 'input')} are given"):
        for value, kind in known:
            value.set_type(kind)
    return bool(known)


@rule
def expand_input(node: Node, place: int, sizes: list[int]) -> Node:
    """lt(x, y) -> lt(expand(x, sizes, False), y)"""
    graph = node.graph
    value = node.inputs[place]
    with (
        expand_input.step(
            graph, lambda: f"%{value.name} is broadcast to {sizes}, which a node of its own does", (node,)
        ),
        graph.inserting_before(node),
    ):
        size = insert_constant(graph, list(sizes), ListType(INT), node)
        implicit = insert_constant(graph, False, BOOL, node)
        new = graph.create("aten::expand", [value, size, implicit])
        new.set_provenance(made_from(node))
        graph.insert(new)
        node.replace_input(place, new.output)
    return new
