"""Sorts operators into the groups that the canvas colours."""

from __future__ import annotations

from collections.abc import Collection

_CATEGORY_BY_OPERATOR: dict[str, str] = {}

_OPERATORS: dict[str, str] = {
    "convolution": """
        _convolution convolution conv1d conv2d conv3d conv_transpose1d conv_transpose2d
        conv_transpose3d conv_tbc _convolution_mode cudnn_convolution mkldnn_convolution
    """,
    "matmul": """
        matmul mm bmm addmm addmv mv linear addbmm baddbmm einsum bilinear dot chain_matmul
        scaled_dot_product_attention _native_multi_head_attention _transformer_encoder_layer_fwd
        lstm gru rnn_tanh rnn_relu lstm_cell gru_cell embedding embedding_bag tensordot outer
        ger
    """,
    "normalization": """
        batch_norm layer_norm group_norm instance_norm native_layer_norm native_batch_norm
        local_response_norm rms_norm norm normalize
    """,
    "activation": """
        relu relu_ relu6 gelu sigmoid tanh softmax _softmax log_softmax leaky_relu elu selu silu
        silu_ hardswish hardswish_ hardsigmoid hardtanh hardtanh_ mish prelu rrelu softplus
        softsign threshold celu glu dropout dropout_ feature_dropout alpha_dropout logsigmoid
    """,
    "pooling": """
        max_pool1d max_pool2d max_pool3d max_pool2d_with_indices avg_pool1d avg_pool2d
        avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
        adaptive_max_pool2d upsample_nearest2d upsample_bilinear2d interpolate grid_sampler
        roi_align
    """,
    "reduction": """
        sum mean max min prod var std argmax argmin all any logsumexp cumsum cumprod topk sort
        median count_nonzero amax amin var_mean std_mean
    """,
    "shape": """
        view reshape flatten permute transpose t unsqueeze squeeze expand expand_as cat stack
        split chunk unbind select slice index narrow gather contiguous size dim numel unflatten
        view_as repeat roll flip index_select masked_select to type_as detach clone copy_ pad
        constant_pad_nd movedim swapaxes scatter len
    """,
}
for _category, _names in _OPERATORS.items():
    for _name in _names.split():
        _CATEGORY_BY_OPERATOR["aten::" + _name] = _category

_CONTROL = "If Loop RaiseException With fork Closure Enter Exit"
_CONTAINERS = """
    ListConstruct TupleConstruct DictConstruct ListUnpack TupleUnpack TupleIndex TupleSlice
    CreateObject SetAttr
"""
_BY_KIND = {
    **dict.fromkeys(("prim::" + name for name in _CONTROL.split()), "control"),
    **dict.fromkeys(("prim::" + name for name in _CONTAINERS.split()), "container"),
    "aten::wait": "control",
    "prim::CallMethod": "call",
    "prim::CallFunction": "call",
    "prim::Constant": "constant",
    "prim::GetAttr": "constant",
    "prim::Print": "io",
}

_ELEMENTWISE = """
    add add_ sub sub_ mul mul_ div div_ neg abs exp log sqrt rsqrt pow sin cos clamp clamp_ where eq
    ne lt le gt ge floor ceil round remainder fmod maximum minimum erf reciprocal square masked_fill
    masked_fill_ logical_and logical_or logical_not bitwise_and bitwise_or floor_divide rsub addcmul
    addcdiv
"""
for _name in _ELEMENTWISE.split():
    _CATEGORY_BY_OPERATOR["aten::" + _name] = "elementwise"


_LEADING = (
    "convolution",
    "matmul",
    "normalization",
    "pooling",
    "activation",
    "reduction",
    "elementwise",
    "shape",
)
"""From what usually costs most to what costs least: a scope has the colour of the first it holds."""


def leading_category(categories: Collection[str]) -> str:
    """The colour group of a scope that holds nodes of these groups."""
    return next((name for name in _LEADING if name in categories), "other")


def category_of(kind: str) -> str:
    """The colour group of an operator, "other" when it belongs to none."""
    known = _CATEGORY_BY_OPERATOR.get(kind) or _BY_KIND.get(kind)
    if known is not None:
        return known
    if kind.startswith(("quantized::", "torchvision::")):
        name = "aten::" + kind.partition("::")[2]
        return _CATEGORY_BY_OPERATOR.get(name, "matmul" if "linear" in kind else "other")
    return "other"
