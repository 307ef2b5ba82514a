"""Operators that compiled code computes as torch's own do, for tensors of reals and truth values.

What reads or writes by an index that a tensor holds is not among them, nor what divides or shifts whole
numbers: compiled code ends the process where torch raises. What draws or changes a tensor is not either.
"""

from __future__ import annotations

from typing import Final

_POINTWISE: Final = (
    "abs", "acos", "addcmul", "asin", "atan", "atan2", "ceil", "cos", "cosh", "elu", "erf", "erfc",
    "exp", "expm1", "floor", "frac", "gelu", "hardshrink", "hardsigmoid", "hardswish", "hardtanh",
    "leaky_relu",
    "log", "log10", "log1p", "log2", "mish", "neg", "reciprocal", "relu", "relu6", "round",
    "rsqrt", "sigmoid", "silu", "sin", "sinh", "softplus", "sqrt", "square", "tan", "tanh", "threshold",
    "trunc",
)  # fmt: skip
_OF_TENSORS_AND_SCALARS: Final = ("add", "div", "eq", "ge", "gt", "le", "lt", "mul", "ne", "sub")
_LAYERS: Final = (
    "_convolution", "adaptive_avg_pool2d", "addmm", "avg_pool2d", "baddbmm", "batch_norm", "bmm", "cat",
    "clamp",
    "contiguous", "conv1d", "conv2d", "expand", "layer_norm", "linear", "matmul", "max_pool2d", "mean.dim",
    "mm", "permute", "pow.Tensor_Scalar", "reshape", "scaled_dot_product_attention", "softmax.int",
    "stack", "sum.dim_IntList", "t", "transpose.int", "unsqueeze", "view", "where.self", "flatten.using_ints",
    "select.int", "slice.Tensor", "squeeze.dim", "rsub.Scalar", "chunk", "split.Tensor", "dropout",
    "max.other", "min.other", "maximum", "minimum", "lerp.Scalar", "lerp.Tensor",
)  # fmt: skip

COMPILABLE: Final = frozenset(
    [
        *(f"aten::{name}" for name in (*_POINTWISE, *_LAYERS)),
        *(f"aten::{name}.{kind}" for name in _OF_TENSORS_AND_SCALARS for kind in ("Tensor", "Scalar")),
    ]
)
"""Keys of overloads."""

OFF: Final = {"aten::batch_norm": 5, "aten::dropout": 2, "aten::scaled_dot_product_attention": 4}
"""Key of an overload -> the place of the argument that has to be a constant zero: else it draws or writes."""
