"""Attention and softmax: batches, heads and rows of all that takes part agree."""

from __future__ import annotations

from jitcore.exec.contracts.given import Contract, Given


def _attention(given: Given) -> None:
    query, key = given.tensor("query", (4,)), given.tensor("key", (4,))
    batch, heads, rows, size = query.shape
    if not key.shape[1] or heads % key.shape[1]:
        given.refuse(f"key has {key.shape[1]} heads, which do not share {heads} of query")
    if given["is_causal"] and not rows:
        given.refuse("query has no rows")
    given.shape("key", (batch, key.shape[1], key.shape[2], size))
    given.shape("value", key.shape)
    given.shape("out", query.shape)
    given.shape("grad_out", query.shape)
    given.shape("logsumexp", (batch, heads, rows))


def _softmax_gradient(given: Given) -> None:
    output = given.tensor("output")
    given.shape("grad_output", output.shape)
    given.shape("mask", output.shape)


def _grouped(given: Given) -> None:
    """Heads of the query are divided among those of key and value."""
    for name in ("key", "value") if given["enable_gqa"] else ():
        x = given.tensor(name)
        if x.dim() >= 3 and not x.shape[-3]:
            given.refuse(f"{name} has no heads")


def _projected(given: Given) -> None:
    """Query, key and value of all heads share columns and a bias, all of one type."""
    heads = given["num_head"] if given.named("num_head") else given["num_heads"]
    projected = (
        given.tensor("qkv")
        if given.has("qkv")
        else given.tensor("qkv_weight" if given.has("qkv_weight") else "src")
    )
    bias = "qkv_bias" if given.has("qkv_bias") else "bias"
    width = projected.shape[-1 if given.has("qkv") else 0] if projected.dim() else 0
    if heads < 1 or not width or width % (3 * heads):
        given.refuse(f"{heads} heads do not share the {width} columns of queries, keys and values")
    given.count(bias, width)
    if given.has("qkv") and not projected.numel():
        given.refuse("qkv has no elements")
    for name in _OF_ONE_TYPE:
        given.same_type(name, projected.dtype)


_OF_ONE_TYPE = (
    "qkv", "qkv_bias", "query", "key", "value", "src", "proj_weight", "proj_bias", "norm_weight_1",
    "norm_bias_1", "norm_weight_2", "norm_bias_2", "ffn_weight_1", "ffn_bias_1", "ffn_weight_2", "ffn_bias_2",
)  # fmt: skip


CONTRACTS: dict[str, Contract] = {
    "aten::_scaled_dot_product_flash_attention_for_cpu": _attention,
    "aten::_scaled_dot_product_flash_attention_for_cpu_backward": _attention,
    "aten::_masked_softmax_backward": _softmax_gradient,
    "aten::_log_softmax_backward_data": _softmax_gradient,
    "aten::_softmax_backward_data": _softmax_gradient,
    **dict.fromkeys(
        ("aten::_native_multi_head_attention", "aten::_transformer_encoder_layer_fwd",
         "aten::_transform_bias_rescale_qkv"),
        _projected,
    ),
    **dict.fromkeys(
        ("aten::scaled_dot_product_attention", "aten::_scaled_dot_product_attention_math"), _grouped
    ),
}  # fmt: skip
