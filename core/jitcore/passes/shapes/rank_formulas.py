"""What dtype, device and number of dimensions an operator gives, of what its inputs have.

The formulas of ShapePropagator::PropagateTensorShapeOnNode (torch/csrc/jit/passes/shape_analysis.cpp): which
operators there are, and what is told of them, is libtorch's, mistaken as some of it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from jitcore.ops.lookup import fits, schema_of
from jitcore.ops.table import find_overload
from jitcore.passes.constants import NOT_CONSTANT, constant_bool, constant_of
from jitcore.passes.shapes.dtypes import (
    DEFAULT,
    dtype_by_number,
    dtype_of_numbers,
    is_complex,
    is_floating,
    is_integral,
    promoted,
    real_part,
)
from jitcore.passes.shapes.tensor_types import (
    rank_alone,
    rank_of,
    with_dtype,
    with_gradient,
    with_rank,
)
from jitcore.types import NONE, TENSOR, ListType, TensorType, is_subtype

if TYPE_CHECKING:
    from jitcore.ir import Node, Value

Formula = Callable[["Node"], list[TensorType]]
"""Gives the types of the results; none where nothing can be told."""


def tensor_types(node: Node) -> list[TensorType] | None:
    """The types of the inputs that the operator declares tensors; None where it takes lists of them."""
    schema = schema_of(node)
    if schema is None or schema.is_vararg:
        return None
    found: list[TensorType] = []
    for argument, value in zip(schema.arguments, node.inputs, strict=False):
        if is_subtype(argument.type, ListType(TENSOR)):
            return None
        if is_subtype(argument.type, TENSOR):
            if not isinstance(value.type, TensorType):
                return None
            found.append(value.type)
    return found


def infer_ranks(node: Node) -> list[TensorType] | None:
    """The types of all results, sizes unknown; None where nothing is known of the operator."""
    for key in _KEYS.get(node.kind, ()):
        schema = find_overload(key)
        if schema is not None and fits(node, schema):
            return _FORMULAS[key](node) or None
    return None


def named(node: Node, name: str) -> Value | None:
    """The input that the operator calls so."""
    schema = schema_of(node)
    place = None if schema is None else schema.argument_index(name)
    return None if place is None or place >= len(node.inputs) else node.inputs[place]


def length_of_list(value: Value | None) -> int | None:
    """The length of a list that is constant or built in sight."""
    if value is None:
        return None
    found = constant_of(value)
    if isinstance(found, list | tuple):
        return len(found)
    return len(value.node.inputs) if value.node.kind == "prim::ListConstruct" else None


def broadcast(kinds: list[TensorType], dtype: str | None) -> TensorType:
    """The type of what tensors of these types give together, with a dtype."""
    if not kinds:
        return TensorType(dtype=dtype)
    if len(kinds) == 1:
        return with_dtype(rank_alone(kinds[0]), dtype)
    ranks = [rank_of(kind) for kind in kinds]
    known = [rank for rank in ranks if rank is not None]
    rank = max(known) if len(known) == len(ranks) else None
    return with_rank(TensorType(dtype=dtype, device=kinds[0].device), rank)


def chosen_dtype(value: Value | None) -> tuple[bool, str | None]:
    """Whether a constant says which dtype, and which; None: the one that it is anyway."""
    if value is None:
        return False, None
    found = constant_of(value)
    if found is None:
        return True, None
    if isinstance(found, int) and not isinstance(found, bool):
        dtype = dtype_by_number(found)
        return dtype is not None, dtype
    return False, None


def _input(node: Node, place: int) -> TensorType | None:
    kind = node.inputs[place].type
    return kind if isinstance(kind, TensorType) else None


def _any_with_rank(node: Node) -> TensorType | None:
    for value in node.inputs:
        if isinstance(value.type, TensorType) and value.type.sizes is not None:
            return value.type
    return None


# --- formulas of many operators -------------------------------------------------------------------------


def _as_first(node: Node) -> list[TensorType]:
    kind = _input(node, 0)
    return [] if kind is None else [rank_alone(kind)]


def _as_first_but_real(node: Node) -> list[TensorType]:
    kind = _input(node, 0)
    if kind is None:
        return []
    kind = rank_alone(kind)
    return [with_dtype(kind, real_part(kind.dtype)) if kind.dtype and is_complex(kind.dtype) else kind]


def _arithmetic(node: Node) -> list[TensorType]:
    kinds = tensor_types(node)
    return [] if kinds is None else [broadcast(kinds, _promoted_by_rank(kinds[:2]))]


def _promoted_by_rank(kinds: list[TensorType]) -> str | None:
    """The dtype of a sum: tensors without dimensions give way to others, unless of a higher kind."""
    dimmed: str | None = None
    plain: str | None = None
    for kind in kinds:
        if kind.dtype is None:
            return None
        if rank_of(kind):
            dimmed = kind.dtype if dimmed is None else promoted(dimmed, kind.dtype)
        elif not is_floating(dimmed):
            plain = kind.dtype if plain is None else promoted(plain, kind.dtype)
    if is_floating(dimmed):
        return dimmed
    if is_integral(dimmed) and is_floating(plain):
        return plain
    if dimmed == "bool" and plain is not None:
        return plain
    return plain if dimmed is None else dimmed


def _of_common_dtype(node: Node) -> list[TensorType]:
    kinds = tensor_types(node)
    if kinds is None or kinds[0].dtype is None or kinds[1].dtype is None:
        return []
    first, second = kinds[0].dtype, kinds[1].dtype
    return [broadcast(kinds, first if promoted(first, second) == first else second)]


def _accumulated(node: Node) -> list[TensorType]:
    kinds = tensor_types(node)
    return [] if kinds is None or kinds[0].dtype is None else [broadcast(kinds, kinds[0].dtype)]


def dtype_with_number(node: Node, first: TensorType) -> str | None:
    """The dtype of arithmetic with a number; None where one of both is not known."""
    number = dtype_of_numbers(node.inputs[1].type)
    if first.dtype is None or number is None:
        return None
    if is_integral(first.dtype) and is_floating(number):
        return DEFAULT
    if first.dtype == "bool" and number != "bool":
        return promoted(first.dtype, number)
    return first.dtype


def _with_number(node: Node) -> list[TensorType]:
    kinds = tensor_types(node)
    dtype = None if kinds is None else dtype_with_number(node, kinds[0])
    return [] if kinds is None or dtype is None else [broadcast(kinds, dtype)]


def _broadcast_as_first(node: Node) -> list[TensorType]:
    kinds = tensor_types(node)
    return [] if kinds is None else [broadcast(kinds, kinds[0].dtype)]


def _where(node: Node) -> list[TensorType]:
    kinds = tensor_types(node)
    return [] if kinds is None else [broadcast(kinds, kinds[1].dtype)]


def _as_any(node: Node) -> list[TensorType]:
    kind = _any_with_rank(node)
    return [] if kind is None else [kind]


def _compared(node: Node) -> list[TensorType]:
    kinds = tensor_types(node)
    return [] if kinds is None else [broadcast(kinds, "bool")]


def _reduced(node: Node) -> list[TensorType]:
    kind = _input(node, 0)
    return [] if kind is None else [with_rank(kind, 0)]


def _mean(node: Node) -> list[TensorType]:
    kind = _input(node, 0)
    if kind is None:
        return []
    _, dtype = chosen_dtype(named(node, "dtype"))
    kind = with_rank(kind, 0)
    return [kind if dtype is None else with_dtype(kind, dtype)]


def _sum(node: Node) -> list[TensorType]:
    [kind] = _mean(node) or [None]
    if kind is None:
        return []
    _, dtype = chosen_dtype(named(node, "dtype"))
    if dtype is not None or kind.dtype is None or is_floating(kind.dtype):
        return [kind]
    return [with_dtype(kind, "int64")]


def _reduced_by(node: Node, rank: int, integers_grow: bool, dtype: str | None = None) -> list[TensorType]:
    """The first input with `rank` dimensions less."""
    kind = _input(node, 0)
    before = None if kind is None else rank_of(kind)
    if kind is None or kind.dtype is None or before is None:
        return []
    if dtype is not None:
        kind = with_dtype(kind, dtype)
    elif integers_grow and not is_floating(kind.dtype):
        kind = with_dtype(kind, "int64")
    left = before - rank
    return [with_rank(kind, left) if rank > 0 and left >= 0 else kind]


def _reduced_by_one(node: Node) -> list[TensorType]:
    value = named(node, "keepdim")
    keeps = None if value is None else constant_bool(value)
    return [] if keeps is None else _reduced_by(node, 0 if keeps else 1, integers_grow=False)


def _place_of_extreme(node: Node) -> list[TensorType]:
    return _reduced(node) if node.inputs[1].type == NONE else _reduced_by_one(node)


def _reduced_with_places(node: Node) -> list[TensorType]:
    kinds = _reduced_by_one(node)
    if kinds and len(node.outputs) == 2:
        kinds.append(with_dtype(kinds[-1], "int64"))
    return kinds


def _product_by_one(node: Node) -> list[TensorType]:
    value = named(node, "keepdim")
    keeps = None if value is None else constant_bool(value)
    if keeps is None:
        return []
    _, dtype = chosen_dtype(named(node, "dtype"))
    return _reduced_by(node, 0 if keeps else 1, integers_grow=True, dtype=dtype)


def _accumulating(node: Node) -> list[TensorType]:
    _, dtype = chosen_dtype(named(node, "dtype"))
    return _reduced_by(node, 0, integers_grow=True, dtype=dtype)


def _softmax(node: Node) -> list[TensorType]:
    _, dtype = chosen_dtype(named(node, "dtype"))
    return _reduced_by(node, 0, integers_grow=False, dtype=dtype)


def _made(node: Node, dtype: str | None, device: str | None, rank: int | None) -> list[TensorType]:
    """What a factory makes whose options are constants, which may say another dtype and device."""
    layout, place = named(node, "layout"), named(node, "device")
    is_known, wanted = chosen_dtype(named(node, "dtype"))
    if layout is None or place is None or constant_of(layout) is NOT_CONSTANT or not is_known:
        return []
    where = constant_of(place)
    if where is NOT_CONSTANT:
        return []
    made = TensorType(dtype=wanted or dtype, device=device if where is None else str(where))
    return [with_rank(made, rank)]


def _made_like(node: Node) -> list[TensorType]:
    kind = _input(node, 0)
    if kind is None or kind.sizes is None:
        return []
    return _made(node, kind.dtype, kind.device, len(kind.sizes))


def _made_of_size(node: Node) -> list[TensorType]:
    # libtorch takes reals for doubles here, whatever the default is.
    return _of_size(node, "float64")


def _made_of_size_at_random(node: Node) -> list[TensorType]:
    return _of_size(node, "int64")


def _of_size(node: Node, dtype: str) -> list[TensorType]:
    size = named(node, "size")
    found = NOT_CONSTANT if size is None else constant_of(size)
    return _made(node, dtype, "cpu", len(found)) if isinstance(found, list | tuple) else []


def _cast_to(dtype: str) -> Formula:
    def cast(node: Node) -> list[TensorType]:
        kind = _input(node, 0)
        return [] if kind is None else [with_dtype(kind, dtype)]

    return cast


# --- formulas of one operator ---------------------------------------------------------------------------


def _of_rank(rank: int) -> Formula:
    """What has the dtype of any input, and so many dimensions."""

    def formula(node: Node) -> list[TensorType]:
        kind = _any_with_rank(node)
        return [] if kind is None else [with_rank(kind, rank)]

    return formula


def _masked_select(node: Node) -> list[TensorType]:
    kind = _input(node, 0)
    return [] if kind is None else [with_rank(kind, 1)]


def _detach(node: Node) -> list[TensorType]:
    return [with_gradient(kind, False) for kind in _as_first(node)]


def _batch_norm_stats(node: Node) -> list[TensorType]:
    kind = _input(node, 0)
    if kind is None:
        return []
    kind = with_rank(kind, 1)
    return [with_dtype(kind, "float32") if kind.dtype == "float16" else kind] * 2


def _embedding(node: Node) -> list[TensorType]:
    kind, index = _input(node, 0), _input(node, 1)
    if kind is None or index is None or index.sizes is None:
        return []
    return [with_rank(kind, len(index.sizes) + 1)]


def _bilinear(node: Node) -> list[TensorType]:
    return _as_first(node)


def _of_all(told: Callable[[Node, list[TensorType]], TensorType | None]) -> Formula:
    """A formula that needs the types of all tensors."""

    def formula(node: Node) -> list[TensorType]:
        kinds = tensor_types(node)
        found = None if kinds is None else told(node, kinds)
        return [] if found is None else [found]

    return formula


def _rank_by_list(name: str) -> Formula:
    def told(node: Node, kinds: list[TensorType]) -> TensorType | None:
        length = length_of_list(named(node, name))
        return None if length is None else with_rank(kinds[0], length)

    return _of_all(told)


def _rank_by(change: Callable[[int], int | None]) -> Formula:
    def told(_node: Node, kinds: list[TensorType]) -> TensorType | None:
        rank = rank_of(kinds[0])
        new = None if rank is None else change(rank)
        return None if new is None else with_rank(kinds[0], new)

    return _of_all(told)


def _unsqueeze(_node: Node, kinds: list[TensorType]) -> TensorType:
    rank = rank_of(kinds[0])
    return kinds[0] if rank is None else with_rank(kinds[0], rank + 1)


def _matmul(_node: Node, kinds: list[TensorType]) -> TensorType | None:
    ranks = [rank_of(kind) for kind in kinds]
    if ranks[0] is None or ranks[1] is None:
        return None
    if ranks == [1, 1]:
        return with_rank(kinds[0], 0)
    if ranks in ([2, 2], [1, 2]):
        return kinds[0]
    if ranks == [2, 1]:
        return kinds[1]
    kind = broadcast(kinds, kinds[0].dtype)
    rank = rank_of(kind)
    return with_rank(kind, rank - 1) if 1 in ranks and rank is not None else kind


_UNARY: Final = """
    acos neg t sigmoid logit tanh relu asin atan ceil clone contiguous bernoulli celu clamp clamp_max
    clamp_min alpha_dropout bernoulli.p cos cosh digamma dropout elu erf erfc erfinv exp expm1 log log10
    log1p log2 log_sigmoid floor frac flip feature_alpha_dropout feature_dropout hardshrink hardtanh glu
    inverse leaky_relu lgamma mvlgamma normal.float_Tensor normal.Tensor_float permute pin_memory
    pinverse reciprocal round rrelu rsqrt selu gelu sign sin sinh softplus softshrink sqrt tan threshold
    transpose.int tril triu trunc rot90 narrow slice.Tensor alias
"""
_FIRST_PRESERVING: Final = """
    batch_norm conv1d conv2d conv3d conv_tbc conv_transpose1d conv_transpose2d.input
    conv_transpose3d.input convolution _convolution.deprecated _convolution adaptive_avg_pool1d
    adaptive_avg_pool2d adaptive_avg_pool3d avg_pool1d avg_pool2d avg_pool3d max_pool1d max_pool2d
    max_pool3d max_unpool2d max_unpool3d reflection_pad1d reflection_pad2d reflection_pad3d
    replication_pad1d replication_pad2d replication_pad3d upsample_bilinear2d upsample_linear1d
    upsample_nearest1d upsample_nearest2d upsample_nearest3d upsample_trilinear3d prelu hardswish
    hardswish_
"""
FIRST_PRESERVING: Final = tuple(f"aten::{name}" for name in _FIRST_PRESERVING.split())
"""Operators of networks that give tensors like their first input, of other sizes."""

_GROUPS: Final[tuple[tuple[str, Formula], ...]] = (
    (_UNARY, _as_first),
    ("abs", _as_first_but_real),
    ("add.Tensor sub.Tensor mul.Tensor div.Tensor", _arithmetic),
    (
        """pow.Tensor_Tensor fmod.Tensor remainder.Tensor lerp.Scalar lerp.Tensor max.other min.other
        __and__.Tensor __or__.Tensor __xor__.Tensor __lshift__.Tensor __rshift__.Tensor __iand__.Tensor
        __ior__.Tensor __ixor__.Tensor __ilshift__.Tensor __irshift__.Tensor atan2""",
        _of_common_dtype,
    ),
    ("addcdiv addcmul", _accumulated),
    ("add.Scalar sub.Scalar mul.Scalar div.Scalar", _with_number),
    (
        """pow.Tensor_Scalar fmod.Scalar remainder.Scalar pow.Scalar __and__.Scalar __or__.Scalar
        __xor__.Scalar __lshift__.Scalar __rshift__.Scalar __iand__.Scalar __ior__.Scalar __ixor__.Scalar
        __ilshift__.Scalar __irshift__.Scalar""",
        _broadcast_as_first,
    ),
    ("where.self", _where),
    ("normal.Tensor_Tensor mm bmm", _as_any),
    (
        """lt.Tensor le.Tensor gt.Tensor ge.Tensor eq.Tensor ne.Tensor lt.Scalar le.Scalar gt.Scalar
        ge.Scalar eq.Scalar ne.Scalar""",
        _compared,
    ),
    (_FIRST_PRESERVING, _as_first),
    ("det logdet max min median nanmedian norm.Scalar std trace var all any", _reduced),
    ("mean", _mean),
    ("sum prod", _sum),
    ("argmax argmin", _place_of_extreme),
    ("all.dim any.dim kthvalue max.dim min.dim median.dim nanmedian.dim mode", _reduced_with_places),
    ("prod.dim_int", _product_by_one),
    ("cumprod cumsum log_softmax.int", _accumulating),
    ("softmax.int", _softmax),
    (
        "empty_like full_like ones_like rand_like randint_like randint_like.low_dtype randn_like zeros_like",
        _made_like,
    ),
    ("empty.memory_format full ones rand randn zeros", _made_of_size),
    ("randint randint.low", _made_of_size_at_random),
    ("masked_select", _masked_select),
    ("detach", _detach),
    ("batch_norm_stats", _batch_norm_stats),
    ("dot dist", _of_rank(0)),
    ("mv addmv", _of_rank(1)),
    ("addmm addbmm addr", _of_rank(2)),
    ("baddbmm", _of_rank(3)),
    # For index_select and gather libtorch looks for the index where `dim` stands, so that it tells nothing.
    ("embedding", _embedding),
    ("bilinear", _bilinear),
    ("type_as", _of_all(lambda _, kinds: with_dtype(kinds[0], kinds[1].dtype))),
    ("view_as expand_as reshape_as", _of_all(lambda _, kinds: with_rank(kinds[0], rank_of(kinds[1])))),
    ("view expand as_strided", _rank_by_list("size")),
    ("reshape", _rank_by_list("shape")),
    ("repeat", _rank_by_list("repeats")),
    ("unsqueeze", _of_all(_unsqueeze)),
    ("select.int diagonal", _rank_by(lambda rank: rank - 1 if rank > 0 else None)),
    ("matmul", _of_all(_matmul)),
    ("nonzero", _of_all(lambda _, kinds: with_dtype(rank_alone(kinds[0]), "int64"))),
    ("take", _of_all(lambda _, kinds: with_dtype(rank_alone(kinds[1]), kinds[0].dtype))),
    ("diagflat", _of_all(lambda _, kinds: with_rank(kinds[0], 2))),
    ("diag", _rank_by({1: 2, 2: 1}.get)),
    ("unfold", _rank_by(lambda rank: rank + 1)),
    ("polygamma", _of_all(lambda _, kinds: kinds[0])),
)
_CASTS: Final = {
    "Byte": "uint8", "Char": "int8", "Double": "float64", "Float": "float32", "Half": "float16",
    "Int": "int32", "Long": "int64", "Short": "int16",
}  # fmt: skip

_FORMULAS: Final[dict[str, Formula]] = {
    **{f"aten::{name}": formula for group, formula in _GROUPS for name in group.split()},
    **{f"aten::_cast_{name}": _cast_to(dtype) for name, dtype in _CASTS.items()},
}
"""Overload -> its formula."""

_KEYS: Final[dict[str, list[str]]] = {}
for _key in _FORMULAS:
    _KEYS.setdefault(_key.partition(".")[0], []).append(_key)
