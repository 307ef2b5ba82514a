"""Quantization: statistics and scales have an element for each row, weights can be packed."""

from __future__ import annotations

import torch

from jitcore.exec.class_states import why_not_packed
from jitcore.exec.contracts.given import Contract, Given


def _prepacked(given: Given) -> None:
    weight = given.get("weight", given.get("W"))
    if isinstance(weight, torch.Tensor) and weight.is_quantized:
        reason = why_not_packed(weight, given.get("output_padding") is not None, given.get("groups", 1))
        if reason:
            given.refuse(f"the weight cannot be packed: {reason}")


def _observed(given: Given) -> None:
    x = given.tensor("self")
    rows = x.shape[0] if given["per_row_fake_quant"] and x.dim() else 1
    for name in ("observer_on", "fake_quant_on"):
        given.count(name, 1)
    for name in ("running_min", "running_max", "scale", "zero_point"):
        given.count(name, rows)
    given.number_between("quant_min", -(1 << 31), given["quant_max"])
    given.number_between("quant_max", given["quant_min"], (1 << 31) - 1)


def _small_blocks(given: Given) -> None:
    block = given["block_size"]
    if block < 1 or given["in_features"] < 1 or given["in_features"] % block:
        given.refuse(f"block_size is {block}, which does not divide {given['in_features']} in_features")


def _four_bits(given: Given) -> None:
    x, weight = given.tensor("self", (2,)), given.tensor("mat2", (2,))
    group = given["qGroupSize"]
    if group < 1 or x.shape[1] % group:
        given.refuse(f"qGroupSize is {group}, which does not divide {x.shape[1]} columns")
    given.shape("qScaleAndZeros", (x.shape[1] // group, weight.shape[0], 2))


def _eight_bits(given: Given) -> None:
    """The kernel for this type reads 16 columns at a time."""
    x = given.tensor("self", (2,))
    if x.dtype == torch.bfloat16 and x.shape[1] % 16:
        given.refuse(f"self has {x.shape[1]} columns, and a multiple of 16 is expected")


def _saturated(given: Given) -> None:
    if not given.tensor("weight").numel():
        given.refuse("weight has no elements")


CONTRACTS: dict[str, Contract] = {
    **dict.fromkeys(
        (
            f"{namespace}::{name}_prepack"
            for namespace in ("quantized", "_quantized")
            for name in (
                "linear", "conv", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
                "conv_transpose3d",
            )
        ),
        _prepacked,
    ),
    **dict.fromkeys(
        ("aten::fused_moving_avg_obs_fake_quant", "aten::_fused_moving_avg_obs_fq_helper",
         "aten::_fused_moving_avg_obs_fq_helper_functional"),
        _observed,
    ),
    "aten::_weight_int4pack_mm_for_cpu": _four_bits,
    "aten::_weight_int8pack_mm": _eight_bits,
    "aten::_saturate_weight_to_fp16": _saturated,
    "aten::_dyn_quant_matmul_4bit": _small_blocks,
}  # fmt: skip
