"""What `torch.autocast` casts in compiled code: the lists of libtorch's pass autocast.

torch/csrc/jit/passes/autocast.cpp; operators are named without `aten::`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jitcore.types import ClassType, TensorType

if TYPE_CHECKING:
    from jitcore.types import Type

_MANGLE = re.compile(r"\.___torch_mangle_\d+")
_CLASSES = frozenset(
    f"__torch__.torch.{module}autocast_mode.autocast" for module in ("", "amp.", "cpu.amp.", "cuda.amp.")
)

REDUCED = frozenset({
    "_convolution", "_convolution_nogroup", "_thnn_fused_gru_cell", "_thnn_fused_lstm_cell", "addbmm",
    "addmm", "addmv", "addr", "baddbmm", "bmm", "chain_matmul", "conv1d", "conv2d", "conv3d", "conv_tbc",
    "conv_transpose1d", "convolution", "cudnn_convolution", "cudnn_convolution_transpose", "gru_cell",
    "linear", "lstm_cell", "matmul", "mm", "mv", "prelu", "rnn_relu_cell", "rnn_tanh_cell",
})  # fmt: skip
"""Operators that compute in the dtype of the autocast."""

FULL = frozenset({
    "acos", "asin", "binary_cross_entropy_with_logits", "cdist", "cosh", "cosine_embedding_loss",
    "cosine_similarity", "dist", "erfinv", "exp", "expm1", "frobenius_norm", "gelu", "group_norm",
    "hinge_embedding_loss", "kl_div", "l1_loss", "layer_norm", "log", "log10", "log1p", "log2", "logsumexp",
    "margin_ranking_loss", "mse_loss", "multi_margin_loss", "multilabel_margin_loss", "native_layer_norm",
    "nll_loss", "nll_loss2d", "nuclear_norm", "pdist", "pow", "reciprocal", "renorm", "rsqrt", "sinh",
    "smooth_l1_loss", "soft_margin_loss", "softplus", "tan", "triplet_margin_loss",
})  # fmt: skip
"""Operators that compute in float32."""

FULL_WITHOUT_DTYPE = frozenset({
    "cumprod", "cumsum", "log_softmax", "prod", "sum",
})  # fmt: skip
"""Those that do unless a dtype is asked for; on CUDA `softmax` too."""

WIDEST = frozenset({
    "_cat", "add", "addcdiv", "addcmul", "atan2", "bilinear", "cat", "cross", "div", "dot", "equal",
    "index_put", "mul", "stack", "sub", "tensordot",
})  # fmt: skip
"""Operators that compute in float32 if an input may be that."""


def is_autocast(kind: Type) -> bool:
    """Whether values of this type are autocast objects."""
    return isinstance(kind, ClassType) and _MANGLE.sub("", kind.qualified_name) in _CLASSES


def may_be_float(kind: Type) -> bool:
    """Whether values of this type may be tensors of float32."""
    return isinstance(kind, TensorType) and kind.dtype in (None, "float32")
