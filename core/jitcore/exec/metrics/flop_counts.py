"""Counts floating point operations of matrix products and convolutions, as torch's flop counter does.

The formulas are those of torch's own registry where it has one for the operator. Convolutions, linear layers,
recurrent layers and attention, which torch composes of such operators, have the sum here in closed form.
`aten::matmul`, `aten::einsum` and their like are composed once more, of tensors without memory, and what has
a formula in that counts. All numbers are those of `torch.utils.flop_counter`; the rest has none: pointwise
operators, reductions, products of a matrix and a vector, and on the CPU attention and LSTMs where torch
computes them by one kernel, since torch's counter knows none of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import conv_flop_count, flop_registry

from jitcore.exec.plan_places import FAILURES
from jitcore.ops.lookup import schema_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.ir import Node
    from jitcore.types import FunctionSchema

Values = tuple[Any, ...]
FlopCount = Callable[[Values, Values], "int | None"]
"""Operations of one execution, of its arguments and results; None where nothing counts them."""

_MOST_KNOWN: Final = 10_000
"""Shapes for which counts are remembered, of all operators."""

_FORMULAS: Final[dict[Any, Callable[..., int]]] = cast("dict[Any, Callable[..., int]]", flop_registry)

_COMPOSED: Final = frozenset(
    f"aten::{name}"
    for name in (
        "matmul", "einsum", "tensordot", "inner", "chain_matmul", "linalg_multi_dot", "linalg_matmul",
        "matrix_power", "linalg_matrix_power", "__matmul__", "linear_cross_entropy",
    )
)  # fmt: skip
"""What torch composes of products in a way that depends on the shapes."""

_CONVOLUTIONS: Final = {
    f"aten::{name}{dimensions}d": name == "conv_transpose"
    for name in ("conv", "conv_transpose")
    for dimensions in (1, 2, 3)
} | {"aten::_convolution_mode": False}
"""Convolutions -> whether they are transposed."""

_RECURRENT: Final = frozenset({"aten::lstm", "aten::gru", "aten::rnn_tanh", "aten::rnn_relu"})
_CELLS: Final = frozenset({"aten::lstm_cell", "aten::gru_cell", "aten::rnn_tanh_cell", "aten::rnn_relu_cell"})

_COVARIANCES: Final = frozenset({"aten::cov", "aten::corrcoef"})

_ONE_KERNEL_DTYPES: Final = frozenset({torch.float32, torch.bfloat16, torch.float16})
"""Types for which oneDNN computes an LSTM by one kernel."""

_OF_PRODUCTS: Final = 0
"""What torch answers where attention is composed of products, and not computed by one kernel."""


class FlopCounts:
    """Counts for the nodes of a run; remembers what was counted for a shape."""

    def __init__(self) -> None:
        self._known: dict[object, int | None] = {}

    def of(self, node: Node) -> FlopCount | None:
        """What counts for an operator; None for one in which nothing is ever counted."""
        schema = schema_of(node)
        # Where torch is told where to write, it composes nothing that its counter would see.
        if schema is None or not schema.name.startswith("aten::") or schema.overload == "out":
            return None
        name, split = schema.name, _Splitter(schema)
        if name in _CONVOLUTIONS:
            return _guarded(lambda given, made: _of_convolution(_CONVOLUTIONS[name], given, made))
        if name == "aten::linear":
            return _guarded(lambda given, _: _of_linear(given[0], given[1]))
        if name in _RECURRENT:
            return _guarded(lambda given, _: _of_recurrent(name == "aten::lstm", given))
        if name in _CELLS:
            return _guarded(lambda given, _: _of_matrices(math.prod(given[0].shape[:-1]), given[2:]))
        if name in _COVARIANCES:
            return _guarded(lambda given, _: _of_covariance(given[0]))
        if name == "aten::scaled_dot_product_attention":
            return _guarded(lambda given, _: _of_attention(*split(given)))
        packet = getattr(torch.ops.aten, name.removeprefix("aten::"), None)
        formula = _FORMULAS.get(packet)
        if formula is not None:

            def by_formula(given: Values, made: Values) -> int | None:
                positional, named = split(given)
                return formula(*positional, **named, out_val=made[0] if len(made) == 1 else made)

            return _guarded(by_formula)
        if name not in _COMPOSED or packet is None:
            return None
        overload = getattr(packet, schema.overload or "default")
        return _guarded(lambda given, _: self._composed(overload, *split(given)))

    def _composed(self, overload: Any, given: list[Any], named: dict[str, Any]) -> int | None:
        key: object = overload, _key(given), _key(list(named.values()))
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = _compose(overload, given, named)
        return self._known[key]


class _Splitter:
    """Splits the values of a node into positional arguments and those that have to be named."""

    def __init__(self, schema: FunctionSchema) -> None:
        self._names = [argument.name for argument in schema.arguments]
        keywords = (i for i, argument in enumerate(schema.arguments) if argument.kwarg_only)
        self._positional = next(keywords, len(self._names))

    def __call__(self, given: Values) -> tuple[list[Any], dict[str, Any]]:
        at = self._positional
        return list(given[:at]), dict(zip(self._names[at:], given[at:], strict=False))


class _CountingMode(TorchDispatchMode):
    """Counts what reaches torch's dispatcher. Attributes: `flops`, None until something was counted."""

    def __init__(self) -> None:
        super().__init__()
        self.flops: int | None = None

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """torch: nothing is compiled here, and keeping the compiler out would first import all of it."""
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """torch: compute one operator."""
        named = kwargs or {}
        formula = _FORMULAS.get(func.overloadpacket)
        if formula is None:
            return func(*args, **named)
        # Made here, since torch's own rules for shapes of products import a compiler first.
        left, right = args[-2:]
        out = left.new_empty((*left.shape[:-1], right.shape[-1]))
        self.flops = (self.flops or 0) + formula(*args, **named, out_val=out)
        return out


def _guarded(count: FlopCount) -> FlopCount:
    """`count`, such that what does not fit its formula is not counted."""

    def counted(given: Values, made: Values) -> int | None:
        try:
            return count(given, made)
        except FAILURES:
            return None

    return counted


def _compose(overload: Any, given: list[Any], named: dict[str, Any]) -> int | None:
    arguments = [_without_memory(value) for value in given]
    keywords = {name: _without_memory(value) for name, value in named.items()}
    mode = _CountingMode()
    with torch.no_grad(), mode:
        overload(*arguments, **keywords)
    return mode.flops


def _of_convolution(is_transposed: bool, given: Values, made: Values) -> int:
    x, weight, (out,) = given[0], given[1], made
    if x.dim() == weight.dim() - 1:
        # A picture alone is a batch of one.
        return conv_flop_count([1, *x.shape], list(weight.shape), [1, *out.shape], is_transposed)
    return conv_flop_count(list(x.shape), list(weight.shape), list(out.shape), is_transposed)


def _of_linear(x: Any, weight: Any) -> int | None:
    # By a vector of weights it is a product of a matrix and a vector.
    return 2 * math.prod(x.shape) * weight.shape[0] if weight.dim() == 2 else None


def _of_recurrent(is_lstm: bool, given: Values) -> int | None:
    """Every matrix of every layer is applied once for each word of the input."""
    data = given[0]
    if is_lstm and _is_one_kernel(data, given):
        return None
    # The state of an LSTM is a list too, and stands before the weights. Of packed sequences the words stand
    # in one row, with the sizes of batches behind them.
    *_, weights = (value for value in given if isinstance(value, list | tuple))
    return _of_matrices(math.prod(data.shape[:-1]), cast("list[Any]", weights))


def _of_matrices(rows: int, weights: Sequence[Any]) -> int:
    found = [weight for weight in weights if isinstance(weight, torch.Tensor) and weight.dim() == 2]
    return 2 * rows * sum(weight.numel() for weight in found)


def _of_covariance(x: Any) -> int:
    rows = x.shape[0] if x.dim() == 2 else 1
    return 2 * rows * x.numel()


def _of_attention(given: list[Any], named: dict[str, Any]) -> int | None:
    query, key, value = given[:3]
    chosen: int = torch.ops.aten._fused_sdp_choice(*given, **named)
    if chosen != _OF_PRODUCTS and query.device.type == "cpu":
        return None
    *batch, words, features = query.shape
    return 2 * math.prod(batch) * words * key.shape[-2] * (features + value.shape[-1])


def _is_one_kernel(data: Any, given: Sequence[Any]) -> bool:
    if data.device.type != "cpu" or data.dtype not in _ONE_KERNEL_DTYPES:
        return False
    hidden, cell = next(value for value in given[1:] if isinstance(value, list | tuple))
    # With projections of the hidden state it is composed.
    return torch.backends.mkldnn.is_available() and hidden.shape[-1] == cell.shape[-1]


def _without_memory(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return torch.empty_strided(value.shape, value.stride(), dtype=value.dtype, device="meta")
    if isinstance(value, list | tuple):
        return [_without_memory(item) for item in cast("list[Any]", value)]
    return torch.device("meta") if isinstance(value, torch.device) else value


def _key(value: Any) -> object:
    if isinstance(value, torch.Tensor):
        return value.shape, value.stride(), value.dtype
    if isinstance(value, list | tuple):
        return tuple(_key(item) for item in cast("list[Any]", value))
    return value
