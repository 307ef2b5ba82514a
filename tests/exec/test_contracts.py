"""Calls that would lead torch beyond its tensors are refused in a sentence; right ones are as in torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from jitcore.exec import ExecutionError
from jitcore.exec.bounds import CONTRACTS, checked, checker
from jitcore.exec.operators import UNKNOWN, bind
from jitcore.ops import find_overload
from jitcore.types import FunctionSchema
from tests.exec.good_calls import good_calls, random, whole

NONE = torch.empty(0)
FAR = 10**9

REFUSED: dict[str, list[dict[str, Any]]] = {
    "aten::max_pool2d_with_indices_backward": [{"indices": torch.full((2, 3, 3, 4), FAR)}, {"indices": NONE}],
    "aten::max_pool3d_with_indices_backward": [{"indices": torch.full((2, 3, 2, 2, 2), -1)}],
    "aten::adaptive_max_pool2d_backward": [
        {"indices": torch.full((2, 3, 3, 2), 48)}, {"self": random(2, 1, 6, 8)},
        {"grad_output": random(2, 3, 9, 9)},
    ],
    "aten::adaptive_max_pool2d_backward.grad_input": [{"indices": torch.full((2, 3, 3, 2), 48)}],
    "aten::adaptive_max_pool3d_backward": [{"indices": torch.full((2, 3, 3, 2, 1), FAR)}],
    "aten::fractional_max_pool2d_backward": [
        {"indices": torch.full((2, 3, 3, 3), FAR)}, {"output_size": [9, 9]},
    ],
    "aten::fractional_max_pool3d_backward": [{"indices": torch.full((2, 3, 2, 2, 2), FAR)}],
    "aten::_adaptive_avg_pool2d_backward": [{"self": random(3, 6, 8)}, {"self": random(2, 1, 6, 8)}],
    "aten::_adaptive_avg_pool3d_backward": [{"self": random(2, 1, 4, 4, 4)}],
    "aten::adaptive_avg_pool3d_backward.grad_input": [{"self": random(2, 1, 4, 4, 4)}],
    "aten::avg_pool3d_backward": [{"grad_output": random(0, 3, 2, 2, 2)}],
    **{
        f"aten::{kind}_pad{planes}d_backward": [{"padding": []}, {"grad_output": random(2, 3, *[4] * planes)}]
        for kind in ("reflection", "replication") for planes in (1, 2, 3)
    },
    "aten::unfold_backward": [{"size": 100000}, {"grad_in": random(2)}],
    "aten::trace_backward": [{"sizes": [-(2**63), -2]}, {"sizes": []}],
    "aten::_embedding_bag": [{"offsets": whole(0, 9)}, {"offsets": NONE.long()}],
    "aten::_embedding_bag_forward_only": [{"offsets": whole(-1, 1)}, {"indices": whole([1, 2], [0, 1])}],
    "aten::embedding_bag": [{"offsets": whole(3, 1)}],
    "aten::_embedding_bag_dense_backward": [
        {"indices": whole(1, 2, 4, 0, FAR)}, {"offset2bag": whole(0, 0, 1, 1, 2)},
        {"offset2bag": NONE.long()},
        {"num_weights": -1}, {"mode": 1, "bag_size": whole(1)},
        {"mode": 2, "bag_size": whole(2, 3), "maximum_indices": torch.full((2, 3), FAR)},
    ],
    "aten::_embedding_bag_backward": [
        {"indices": whole(1, 2, 4, 0, -1)}, {"offset2bag": NONE.long(), "offsets": whole(0)},
    ],
    "aten::_embedding_bag_sparse_backward": [{"indices": whole(1, 2, 4, 0, 5)}],
    "aten::_embedding_bag_per_sample_weights_backward": [
        {"indices": whole(1, 2, 4, 0, FAR)}, {"grad": random(2, 5)}, {"offset2bag": whole(0, 0, 1, 1, FAR)},
    ],
    "aten::embedding_dense_backward": [{"indices": whole(0, 1, 2, FAR)}, {"num_weights": -1}],
    "aten::embedding_sparse_backward": [{"indices": whole(0, 1, 2, 3)}],
    "aten::embedding_backward": [{"indices": whole(0, 1, 2, -7)}],
    "aten::repeat_interleave.self_Tensor": [{"output_size": 2}],
    **{
        f"aten::{name}": [{"targets": torch.full((2, 3), FAR)}, {"targets": torch.full((2, 3), -FAR)}]
        for name in ("ctc_loss.IntList", "ctc_loss.Tensor", "_ctc_loss", "_ctc_loss.Tensor")
    },
    "aten::_ctc_loss_backward": [
        {"targets": torch.full((2, 3), FAR)}, {"blank": 40}, {"log_alpha": random(2, 5, 1)}, {"grad": NONE},
        {"input_lengths": [FAR, 4]}, {"input_lengths": [5, -4]}, {"target_lengths": [-2, 2]},
        {"target_lengths": [3]}, {"neg_log_likelihood": NONE},
    ],
    "aten::_ctc_loss_backward.Tensor": [{"input_lengths": whole(FAR, 4)}, {"target_lengths": whole(9, 9)}],
    "aten::nll_loss_backward": [
        {"target": whole(0, 3)}, {"weight": random(1)}, {"reduction": 0, "grad_output": random(1)},
    ],
    "aten::nll_loss2d_backward": [{"target": torch.full((1, 2, 2), FAR)}],
    "aten::multi_margin_loss_backward": [{"grad_output": NONE}, {"target": whole(0, 3)}],
    "aten::multilabel_margin_loss_backward": [{"grad_output": NONE}],
    "aten::native_batch_norm": [{"weight": random(1)}, {"running_mean": None}],
    "aten::_native_batch_norm_legit": [{"bias": NONE}],
    "aten::_native_batch_norm_legit.no_stats": [{"training": False}],
    "aten::_native_batch_norm_legit_functional": [{"running_var": random(1)}],
    "aten::_native_batch_norm_legit_no_training": [{"running_var": random(1)}],
    "aten::_batch_norm_no_update": [{"running_var": None}],
    "aten::_batch_norm_with_update": [{"running_var": random(1)}],
    "aten::_batch_norm_with_update_functional": [{"input": random(3)}],
    "aten::batch_norm_update_stats": [{"running_var": random(1)}],
    "aten::native_batch_norm_backward": [
        {"grad_out": NONE}, {"train": True}, {"running_mean": None}, {"weight": random(1)},
        {"input": random(3)},
    ],
    "aten::batch_norm_backward": [{"grad_out": NONE}, {"update": True, "save_mean": None}],
    "aten::_batch_norm_impl_index_backward": [{"grad_output": NONE}, {"train": True}],
    "aten::native_layer_norm_backward": [{"grad_out": NONE}, {"mean": NONE}, {"rstd": NONE}],
    "aten::_weight_norm": [{"g": NONE}],
    "aten::_weight_norm_interface": [{"g": torch.tensor(1.0)}, {"dim": 7}],
    "aten::_weight_norm_interface_backward": [{"saved_norms": NONE}, {"grad_w": NONE}],
    "aten::_cdist_backward": [{"cdist": random(1, 1)}, {"grad": NONE}, {"x1": random(2, 4, 9)}],
    "aten::_pdist_forward": [{"self": random(2, 2, 2)}],
    "aten::_pdist_backward": [
        {"pdist": NONE}, {"grad": NONE}, {"self": random(0, 3), "grad": NONE, "pdist": NONE},
    ],
    "aten::_scaled_dot_product_flash_attention_for_cpu": [
        {"key": random(2, 0, 6, 8)}, {"key": random(1, 4, 6, 8)}, {"value": random(2, 4, 1, 8)},
        {"query": random(2, 4, 0, 8), "is_causal": True},
    ],
    "aten::_scaled_dot_product_flash_attention_for_cpu_backward": [{"logsumexp": NONE}, {"out": NONE}],
    "aten::_scaled_dot_product_attention_math": [{"key": random(2, 0, 6, 8), "enable_gqa": True}],
    "aten::scaled_dot_product_attention": [{"value": random(2, 0, 6, 8), "enable_gqa": True}],
    "aten::_masked_softmax_backward": [{"output": NONE}, {"mask": NONE.bool()}],
    "aten::_log_softmax_backward_data": [{"output": random(2, 1)}],
    "aten::_softmax_backward_data": [{"output": random(2, 1)}],
    "aten::_native_multi_head_attention": [{"num_head": 0}, {"qkv_bias": random(1)}],
    "aten::_transformer_encoder_layer_fwd": [{"qkv_bias": random(12).half()}, {"num_heads": -1}],
    "aten::_transform_bias_rescale_qkv": [{"qkv_bias": NONE}, {"num_heads": 0}, {"qkv": random(0, 3, 12)}],
    "aten::grid_sampler_2d_backward": [
        {"grad_output": random(2, 3, 1, 1)}, {"padding_mode": 2**62}, {"grid": random(1, 3, 2, 2)},
    ],
    "aten::_grid_sampler_2d_cpu_fallback_backward": [{"interpolation_mode": -1}],
    "aten::grid_sampler_3d_backward": [{"input": random(2, 3, 0, 5, 3)}],
    "aten::_sobol_engine_initialize_state_": [{"dimension": 5}],
    "aten::_sobol_engine_scramble_": [{"ltm": NONE.long()}],
    "aten::_sobol_engine_ff_": [{"dimension": 4}, {"num_generated": 2**40}],
    "aten::_sobol_engine_draw": [{"quasi": torch.zeros(1, 3).long()}, {"n": -1}],
    "aten::segment_reduce": [
        {"lengths": whole(FAR), "unsafe": True}, {"lengths": None, "offsets": whole(0, 9)},
        {"axis": 3, "unsafe": True},
    ],
    "aten::_segment_reduce_backward": [
        {"lengths": whole(-1, 3)}, {"output": NONE}, {"data": random(1, 2)}, {"offsets": whole(0, FAR)},
    ],
    "aten::_reshape_alias": [{"size": [99]}, {"size": [99, 1]}, {"stride": [-1, 1]}],
    "aten::_reshape_alias_copy": [{"size": [99, 1]}],
    "aten::_convert_indices_from_coo_to_csr": [{"self": whole(0, 0, 1, 4)}, {"size": -1}],
    "aten::_convert_indices_from_csr_to_coo": [
        {"crow_indices": whole(0, 2, 8)}, {"crow_indices": whole(2, 0, 3)}, {"crow_indices": whole(1, 2, 3)},
    ],
    "aten::_unsafe_masked_index": [{"self": random(0, 2)}],
    "aten::_unsafe_masked_index_put_accumulate": [{"self": random(0, 2)}],
    "aten::_cummax_helper": [{"values": NONE}, {"indices": NONE.long()}, {"dim": 4}],
    "aten::_cummin_helper": [{"self": random(9)}],
    "aten::_logcumsumexp.out": [{"out": NONE}, {"out": torch.ones(3, 4).bool()}],
    "aten::rrelu_with_noise.out": [{"out": NONE}],
    "aten::linalg_eigvals.out": [{"self": torch.full((3, 3), float("inf"))}],
    "aten::_linalg_eigvals": [{"self": torch.full((3, 3), float("nan"))}],
    "aten::arange.start_step": [{"start": 0.5, "end": -(2**63), "step": -1}],
    "aten::_fft_c2c": [{"dim": [64]}, {"dim": [0, 0]}, {"normalization": 9}],
    "aten::_fft_r2c": [{"dim": [2]}],
    "aten::_fft_c2r": [
        {"dim": [-(2**63)]}, {"last_dim_size": FAR}, {"last_dim_size": 0}, {"last_dim_size": 4},
    ],
    "aten::_compute_linear_combination": [{"coefficients": random(2, 9)}, {"input": torch.ones(3, 4).long()}],
    "aten::lu_unpack": [{"LU_pivots": NONE.int()}],
    "aten::linalg_ldl_solve": [{"pivots": whole(-1, -1, -1).int()}],
    "aten::_cholesky_solve_helper": [{"A": NONE}, {"A": random(2, 2)}],
    "aten::range.step": [{"step": 0.5}, {"step": -1, "end": -(2**63), "start": 1}],
    "aten::to.prim_dtype": [{"dtype": 200}, {"dtype": -1}, {"dtype": None, "copy": True}],
    "aten::to.prim_Device": [{"dtype": -100}, {"device": None, "dtype": None, "copy": True}],
    "aten::_stack": [{"tensors": []}, {"tensors": [random(2, 3).t()]}],
    "aten::_stack.out": [{"tensors": []}],
    "aten::_foreach_copy": [{"self": []}],
    "aten::__upsample_bilinear.scale_list": [{"scale_factor": []}, {"scale_factor": [2]}],
    "aten::__interpolate.scale_list": [{"scale_factor": []}],
    "aten::_slow_conv2d_backward.output_mask": [
        {"stride": []}, {"weight": random(3, 9, 3, 3)}, {"grad_output": NONE},
    ],
    "aten::_upsample_bilinear2d_aa": [{"scales_h": 0.1}],
    "aten::_upsample_bicubic2d_aa": [{"scales_w": 0.1}],
    "aten::_upsample_lanczos2d_aa": [{"scales_w": 0.1}],
    "aten::_upsample_bilinear2d_aa_backward": [{"scales_h": 0.1}],
    "aten::_upsample_bicubic2d_aa_backward": [{"scales_h": 0.1}],
    "aten::_upsample_lanczos2d_aa_backward": [{"scales_h": 0.1}],
    **{
        f"aten::{name}.data": [
            {"batch_sizes": NONE.long()}, {"batch_sizes": whole(2, 2, 3)}, {"batch_sizes": whole(100000)},
            {"hx": random(1, 5, 3)}, {"batch_sizes": whole([2, 2, 2, 1])},
        ]
        for name in ("gru", "rnn_tanh", "rnn_relu")
    },
    "aten::lstm.input": [
        {"hx": [random(1, 1, 3), random(1, 2, 3)]}, {"hx": [random(2, 1, 3)] * 2},
        {"hx": [random(1, 2, 5)] * 2},
        {"params": []}, {"params": [random(12, 2)] * 4}, {"num_layers": 0}, {"input": random(2, 2, 2, 2)},
    ],
    "aten::lstm.data": [{"hx": [random(1, 1, 3)] * 2}, {"batch_sizes": whole(7, 9)}],
    **{
        f"aten::{name}": [
            {"running_min": NONE}, {"observer_on": NONE}, {"zero_point": NONE.int()}, {"quant_min": 300},
        ]
        for name in ("fused_moving_avg_obs_fake_quant", "_fused_moving_avg_obs_fq_helper",
                     "_fused_moving_avg_obs_fq_helper_functional")
    },
    "aten::_saturate_weight_to_fp16": [{"weight": NONE}],
    "aten::_weight_int4pack_mm_for_cpu": [{"qScaleAndZeros": NONE}, {"qGroupSize": 0}],
    "aten::_weight_int8pack_mm": [{"self": random(2, 8).bfloat16()}],
    "aten::_dyn_quant_matmul_4bit": [{"block_size": 0}],
    **{
        f"aten::_fused_{kind}{suffix}": [{"grads": [NONE]}, {"grads": []}]
        for kind in ("adam", "adamw", "sgd", "adagrad") for suffix in ("", "_")
    },
}  # fmt: skip
"""By name and overload: what stands in place of arguments of a right call."""


def schema_of(key: str) -> FunctionSchema:
    schema = find_overload(key)
    assert schema is not None, key
    return schema


def called(key: str, arguments: list[Any]) -> Any:
    """What a run gives for the call."""
    schema = schema_of(key)
    check = checker(schema, [UNKNOWN] * len(arguments))
    assert check is not None, key
    return checked(check, bind(schema, [UNKNOWN] * len(arguments)))(*arguments)


def copied(value: Any) -> Any:
    """The same with tensors of its own, as some operators write to theirs."""
    if isinstance(value, torch.Tensor):
        return value.clone(memory_format=torch.preserve_format)
    return [copied(item) for item in value] if isinstance(value, list) else value


TORCH_SAYS: dict[str, list[dict[str, Any]]] = {
    **{
        f"aten::{name}.data": [
            {"hx": random(2, 2, 3)}, {"hx": random(0, 2, 3)}, {"params": []}, {"params": [random(9, 2)] * 7},
            {"num_layers": 2}, {"num_layers": -1}, {"batch_sizes": whole(100000), "num_layers": 3},
            {"bidirectional": True},
        ]
        for name in ("gru", "rnn_tanh", "rnn_relu")
    },
    "aten::lstm.input": [
        {"hx": []}, {"hx": [random(1, 2, 3)]}, {"hx": [random(1, 2, 3)] * 3},
        {"hx": [random(1, 2, 3), random(9)]}, {"hx": [random(2, 3)] * 2}, {"input": random(2, 2)},
        {"params": [random(12, 2)] * 7}, {"hx": [random(1, 2, 3), random(1, 2, 4)]},
        {"hx": [random(3, 2, 3), random(3, 2, 4)]}, {"hx": [random(0, 2, 3)] * 2},
    ],
    "aten::lstm.data": [
        {"hx": []}, {"hx": [random(2, 3)] * 2}, {"hx": [random(2, 2, 3)] * 2}, {"num_layers": 5},
        {"params": [random(12, 2)] * 7}, {"hx": [random(1, 2, 3), random(1, 2, 4)]},
        {"bidirectional": True}, {"batch_sizes": whole(7, 9), "hx": [random(1, 2, 3)] * 3},
    ],
}  # fmt: skip
"""What torch refuses itself before it reads anything: no contract comes before its words."""


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors_in(item)


def right_call(key: str) -> dict[str, Any]:
    """Arguments of a right call by name; those of another overload where this one has none of its own."""
    calls = good_calls()
    name = key.partition(".")[0]
    base = key if key in calls else next((other for other in calls if other.partition(".")[0] == name), "")
    named = {}
    if base:
        named = dict(zip([a.name for a in schema_of(base).arguments], calls[base][0], strict=True))
    return {a.name: named.get(a.name, a.default) for a in schema_of(key).arguments}


def names(keys: Any) -> set[str]:
    return {name for key in keys for name in (key, key.partition(".")[0])}


def test_every_contract_has_a_right_and_a_refused_call():
    of_torch = {name for name in CONTRACTS if name.startswith("aten::")}
    # That library is in no build of torch for some machines.
    elsewhere = {"aten::_nnpack_spatial_convolution"}
    assert not of_torch - names(good_calls()) - elsewhere
    assert not of_torch - names(REFUSED) - elsewhere


@pytest.mark.parametrize("key", good_calls())
def test_right_calls_give_what_torch_gives(key):
    # What is not set in these is nobody's.
    first_only = key.startswith("aten::_ctc_loss") and "backward" not in key
    name, _, overload = key.partition(".")
    registered = torch._C._get_operation_overload(name, overload)[0]
    by_name = [argument.name if argument.kwarg_only else "" for argument in schema_of(key).arguments]
    for arguments in good_calls()[key]:
        theirs, ours = copied(arguments), copied(arguments)
        positional = [value for value, word in zip(theirs, by_name, strict=True) if not word]
        named = {word: value for value, word in zip(theirs, by_name, strict=True) if word}
        torch.manual_seed(0)
        expected = list(tensors_in(registered(*positional, **named)))
        torch.manual_seed(0)
        found = list(tensors_in(called(key, ours)))
        assert len(found) == len(expected)
        pairs = [*zip(found, expected, strict=True)][: 1 if first_only else None]
        for ours_now, theirs_now in [*pairs, *zip(tensors_in(ours), tensors_in(theirs), strict=True)]:
            torch.testing.assert_close(ours_now, theirs_now, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("key", TORCH_SAYS)
def test_what_torch_refuses_by_itself_is_told_in_its_words(key):
    name, _, overload = key.partition(".")
    registered = torch._C._get_operation_overload(name, overload)[0]
    for changed in TORCH_SAYS[key]:
        arguments = right_call(key) | changed
        with pytest.raises((RuntimeError, IndexError)) as theirs:
            registered(*copied(list(arguments.values())))
        with pytest.raises((RuntimeError, IndexError)) as ours:
            called(key, copied(list(arguments.values())))
        assert (type(ours.value), str(ours.value)) == (type(theirs.value), str(theirs.value)), changed


@pytest.mark.parametrize("key", REFUSED)
def test_what_would_lead_beyond_a_tensor_is_refused(key):
    for changed in REFUSED[key]:
        arguments = right_call(key)
        assert changed.keys() <= arguments.keys()
        check = checker(schema_of(key), [UNKNOWN] * len(arguments))
        assert check is not None
        # Where the shapes of the forward operator are worked out, it says what is wrong itself.
        with pytest.raises((ExecutionError, RuntimeError)) as caught:
            check(list((arguments | changed).values()))
        sentence = str(caught.value).partition("\n")[0]
        assert len(sentence.split()) > 2, sentence


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("states", [3, 4, 7])
def test_states_for_more_layers_than_there_are_are_read_by_none(states, both):
    layer = torch.nn.LSTM(3, 3, bidirectional=both)
    given = [random(5, 2, 3), [random(states, 2, 3)] * 2, list(layer.parameters())]
    options = [True, 1, 0.0, False, both, False]
    theirs = torch._VF.lstm(*given, *options)
    ours = called("aten::lstm.input", [*given, *options])
    for found, expected in zip(ours, theirs, strict=True):
        torch.testing.assert_close(found, expected, rtol=0, atol=0)
