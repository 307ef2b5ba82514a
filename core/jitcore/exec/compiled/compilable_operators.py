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
_BELOW_AUTOGRAD: Final = (
    "_adaptive_avg_pool2d", "_log_softmax", "_softmax", "_to_copy", "_unsafe_view", "addcdiv", "alias",
    "amax", "amin", "argmax", "bitwise_and.Tensor", "bitwise_not", "bitwise_or.Tensor", "clone",
    "constant_pad_nd",
    "convolution", "detach", "glu", "clamp_min", "clamp_max", "clamp.Tensor", "logical_and", "logical_not",
    "logical_or", "masked_fill.Scalar", "max_pool2d_with_indices", "mean",
    "native_group_norm", "native_layer_norm", "pixel_shuffle", "pow.Tensor_Tensor", "split_with_sizes",
    "squeeze", "squeeze.dims", "sum", "unbind.int", "upsample_nearest2d", "var.correction", "view_as",
    "native_batch_norm", "_native_batch_norm_legit_no_training", "isnan", "isinf", "sign", "addmv", "mv",
    "log_sigmoid_forward", "celu", "selu", "hardswish", "roll", "flip", "repeat", "diagonal", "unfold",
    "linalg_vector_norm", "norm.ScalarOpt_dim", "log_softmax.int", "unflatten.int", "reflection_pad2d",
    "replication_pad2d", "upsample_bilinear2d", "adaptive_avg_pool1d", "scalar_tensor", "full", "zeros",
    "ones", "zeros_like", "ones_like", "full_like", "new_zeros", "new_ones", "new_full", "arange.start_step",
    "_scaled_dot_product_flash_attention_for_cpu", "_safe_softmax",
)  # fmt: skip
"""What `StepRecorder` sees beside those above: operators as torch takes them apart."""

COMPILABLE: Final = frozenset(
    [
        *(f"aten::{name}" for name in (*_POINTWISE, *_LAYERS)),
        *(f"aten::{name}.{kind}" for name in _OF_TENSORS_AND_SCALARS for kind in ("Tensor", "Scalar")),
    ]
)
"""Keys of overloads, as graphs call them."""

COMPILABLE_BELOW_AUTOGRAD: Final = COMPILABLE | {f"aten::{name}" for name in _BELOW_AUTOGRAD}
"""Keys of overloads, as they are where torch dispatches to kernels."""

OFF: Final = {
    "aten::batch_norm": 5,
    "aten::native_batch_norm": 5,
    "aten::dropout": 2,
    "aten::scaled_dot_product_attention": 4,
    "aten::_scaled_dot_product_flash_attention_for_cpu": 3,
}
"""Key of an overload -> the place of the argument that has to be a constant zero: else it draws or writes."""

WORDS: Final = ("none", "tanh")
"""Texts that may be arguments: what else there is never becomes part of a source that is compiled."""
