"""Right calls of operators in which torch trusts its arguments, as arguments in the order of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import torch

Arguments = list[Any]

aten: Any = torch.ops.aten


@cache
def good_calls() -> dict[str, list[Arguments]]:
    """By name and overload, as `aten::_ctc_loss.Tensor`."""
    torch.manual_seed(0)
    calls: dict[str, list[Arguments]] = {}
    for family in _FAMILIES:
        for operator, *arguments in family():
            calls.setdefault(f"aten::{operator}", []).append(arguments)
    return calls


def random(*sizes: int) -> torch.Tensor:
    return torch.randn(*sizes)


def whole(*values: Any) -> torch.Tensor:
    return torch.tensor(values)


def _pooling() -> Iterator[Arguments]:
    x, y = random(2, 3, 6, 8), random(2, 3, 4, 4, 4)
    two, three = [2, 2], [2, 2, 2]
    out, at = aten.max_pool2d_with_indices(x, two)
    yield ["max_pool2d_with_indices_backward", random(*out.shape), x, two, [], [0, 0], [1, 1], False, at]
    out, at = aten.max_pool3d_with_indices(y, three)
    yield ["max_pool3d_with_indices_backward", random(*out.shape), y, three, [], [0] * 3, [1] * 3, False, at]
    out, at = aten.adaptive_max_pool2d(x, [3, 2])
    yield ["adaptive_max_pool2d_backward", random(*out.shape), x, at]
    yield ["adaptive_max_pool2d_backward.grad_input", random(*out.shape), x, at, torch.empty(0)]
    out, at = aten.adaptive_max_pool3d(y, [3, 2, 1])
    yield ["adaptive_max_pool3d_backward", random(*out.shape), y, at]
    out, at = aten.fractional_max_pool2d(x, two, [3, 3], torch.rand(2, 3, 2))
    yield ["fractional_max_pool2d_backward", random(*out.shape), x, two, [3, 3], at]
    out, at = aten.fractional_max_pool3d(y, three, three, torch.rand(2, 3, 3))
    yield ["fractional_max_pool3d_backward", random(*out.shape), y, three, three, at]
    yield ["_adaptive_avg_pool2d_backward", random(2, 3, 2, 2), x]
    yield ["_adaptive_avg_pool3d_backward", random(2, 3, 2, 1, 2), y]
    yield ["adaptive_avg_pool3d_backward.grad_input", random(2, 3, 2, 1, 2), y, torch.empty(0)]
    yield ["avg_pool3d_backward", random(2, 3, 2, 2, 2), y, three, three, [0] * 3, False, True, None]


def _padding() -> Iterator[Arguments]:
    for kind in ("reflection", "replication"):
        for planes in (1, 2, 3):
            x, sides = random(2, 3, *[4] * planes), [1, 2] * planes
            padded = random(2, 3, *[7] * planes)
            yield [f"{kind}_pad{planes}d_backward", padded, x, sides]
    yield ["unfold_backward", random(2, 3, 2), [2, 4], 1, 2, 1]
    yield ["trace_backward", torch.tensor(2.0), [3, 4]]


def _embeddings() -> Iterator[Arguments]:
    weight, indices = random(5, 3), whole(1, 2, 4, 0, 3)
    offsets, each = whole(0, 2), whole(0, 0, 1, 1, 1)
    for mode in (0, 1, 2):
        yield ["_embedding_bag", weight, indices, offsets, False, mode, False, None, False, -1]
        yield ["_embedding_bag_forward_only", weight, indices, offsets, False, mode, False, None, False, -1]
        out, _, sizes, most = aten._embedding_bag(weight, indices, offsets, False, mode)
        gradient = random(*out.shape)
        bags = [gradient, indices, each, sizes, most, 5, False, mode, None, -1]
        yield ["_embedding_bag_dense_backward", *bags]
        with_offsets = [gradient, indices, offsets, each, sizes, most, 5, False, mode]
        yield ["_embedding_bag_backward", *with_offsets, False, None, -1]
        if mode < 2:
            yield ["_embedding_bag_sparse_backward", *with_offsets[:5], 5, False, mode, None, -1]
    each_none, sizes, most = torch.empty(0, dtype=torch.long), torch.zeros(2).long(), torch.zeros(2).long()
    for starts in (offsets, whole(0, 2, 5)):
        several = [random(2, 3), indices, starts, each_none, sizes, most, 5, False, 0]
        yield ["_embedding_bag_backward", *several, False, None, -1]
    yield ["_embedding_bag_per_sample_weights_backward", random(2, 3), weight, indices, offsets, each, 0, -1]
    yield ["embedding_bag", weight, indices, offsets, False, 0, False, None, False]
    for scaled in (False, True):
        yield ["embedding_dense_backward", random(4, 2), whole(0, 1, 2, 2), 3, -1, scaled]
        yield ["embedding_backward", random(4, 2), whole(0, 1, 2, 2), 3, 1, scaled, False]
    yield ["embedding_sparse_backward", random(4, 2), whole(0, 1, 2, 2), 3, -1, False]
    yield ["repeat_interleave.self_Tensor", random(3, 2), whole(1, 2, 3), 0, 6]


def _losses() -> Iterator[Arguments]:
    scores = random(5, 2, 4).log_softmax(-1)
    beside, behind = whole([1, 2, 1], [1, 1, -1]), whole(1, 2, 1, 1, 1)
    for targets in (beside, behind):
        yield ["ctc_loss.IntList", scores, targets, [5, 4], [3, 2], 0, 1, False]
        yield ["ctc_loss.Tensor", scores, targets, whole(5, 4), whole(3, 2), 0, 1, False]
        yield ["_ctc_loss", scores, targets, [5, 4], [3, 2], 0, False]
        yield ["_ctc_loss.Tensor", scores, targets, whole(5, 4), whole(3, 2), 0, False]
        likelihoods, alphas = aten._ctc_loss(scores, targets, [5, 4], [3, 2])
        known = [likelihoods, alphas, 0, False]
        yield ["_ctc_loss_backward", random(2), scores, targets, [5, 4], [3, 2], *known]
        yield ["_ctc_loss_backward.Tensor", random(2), scores, targets, whole(5, 4), whole(3, 2), *known]
    one, x = torch.tensor(1.0), random(2, 3)
    yield ["nll_loss_backward", one, x, whole(0, -100), random(3), 1, -100, torch.tensor(2.0)]
    yield ["nll_loss_backward", random(2), x, whole(0, 2), None, 0, -100, torch.tensor(2.0)]
    image, classes = random(1, 3, 2, 2), torch.ones(1, 2, 2).long()
    yield ["nll_loss2d_backward", one, image, classes, None, 1, -100, torch.tensor(4.0)]
    yield ["multi_margin_loss_backward", random(2), x, whole(0, 2), 1, 1, None, 0]
    labels = whole([0, 1, -1], [2, -1, 0])
    yield ["multilabel_margin_loss_backward", one, x, labels, 1, torch.ones(2, 3)]


def _normalizations() -> Iterator[Arguments]:
    x, each, statistics = random(2, 3, 4), [random(3), random(3)], [torch.zeros(3), torch.ones(3)]
    for trains in (False, True):
        for name in ("native_batch_norm", "_native_batch_norm_legit", "_native_batch_norm_legit_functional"):
            yield [name, x, *each, *statistics, trains, 0.1, 1e-5]
        kept = statistics if trains else [torch.empty(0), torch.empty(0)]
        mask = [True, True, True]
        yield ["native_batch_norm_backward", x, x, each[0], *statistics, *kept, trains, 1e-5, mask]
        none = torch.empty(0, dtype=torch.uint8)
        yield ["batch_norm_backward", x, x, each[0], *statistics, *kept, trains, 1e-5, mask, none]
        known = [each[0], *statistics, *kept, trains, 1e-5, mask, none]
        yield ["_batch_norm_impl_index_backward", 0, x, x, *known]
    yield ["_native_batch_norm_legit.no_stats", x, *each, True, 0.1, 1e-5]
    for name in ("_batch_norm_no_update", "_native_batch_norm_legit_no_training", "_batch_norm_with_update",
                 "_batch_norm_with_update_functional"):  # fmt: skip
        yield [name, x, *each, *statistics, 0.1, 1e-5]
    yield ["batch_norm_update_stats", x, *statistics, 0.1]
    _, mean, deviation = aten.native_layer_norm(x, [3, 4], None, None, 1e-5)
    yield [
        "native_layer_norm_backward", x, x, [3, 4], mean, deviation, random(3, 4), None, [True, True, False],
    ]  # fmt: skip
    v, g = random(3, 4), random(3, 1)
    yield ["_weight_norm", v, g, 0]
    yield ["_weight_norm", v, torch.tensor(2.0), -1]
    yield ["_weight_norm_interface", v, g, 0]
    yield ["_weight_norm_interface_backward", v, v, g, aten._weight_norm_interface(v, g, 0)[1], 0]


def _distances() -> Iterator[Arguments]:
    for p in (1.0, 2.0, float("inf")):
        first, second = random(2, 4, 3), random(5, 3)
        found = aten._cdist_forward(first, second.expand(2, 5, 3), p, None)
        yield ["_cdist_backward", random(2, 4, 5), first, second, p, found]
        rows = random(4, 3)
        yield ["_pdist_forward", rows, p]
        yield ["_pdist_backward", random(6), rows, p, aten._pdist_forward(rows, p)]


def _attention() -> Iterator[Arguments]:
    query = random(2, 4, 5, 8)
    for heads in (4, 2):
        key, value = random(2, heads, 6, 8), random(2, heads, 6, 8)
        yield ["_scaled_dot_product_flash_attention_for_cpu", query, key, value, 0.0, False, None, None]
        given = [None, 0.0, False, None]
        yield ["_scaled_dot_product_attention_math", query, key, value, *given, None, heads < 4]
        yield ["scaled_dot_product_attention", query, key, value, None, 0.0, False, None, heads < 4]
    key, value = random(2, 4, 6, 8), random(2, 4, 6, 8)
    out, sums = aten._scaled_dot_product_flash_attention_for_cpu(query, key, value)
    known = [query, key, value, out, sums, 0.0, False, None, None]
    yield ["_scaled_dot_product_flash_attention_for_cpu_backward", random(*out.shape), *known]
    x, shares = random(2, 3), random(2, 3).softmax(-1)
    yield ["_masked_softmax_backward", x, shares, torch.zeros(2, 3).bool(), 1]
    yield ["_log_softmax_backward_data", x, shares.log(), 1, torch.float32]
    yield ["_softmax_backward_data", x, shares, 1, torch.float32]
    sequence, weights = random(2, 3, 4), [random(12, 4), random(12), random(4, 4), random(4)]
    yield ["_native_multi_head_attention", *[sequence] * 3, 4, 2, *weights, None, True, True, None]
    norms, feed = [random(4)] * 4, [random(8, 4), random(8), random(4, 8), random(4)]
    layer = [4, 2, *weights, False, False, 1e-5, *norms, *feed, None, None]
    yield ["_transformer_encoder_layer_fwd", sequence, *layer]
    yield ["_transform_bias_rescale_qkv", random(2, 3, 12), random(12), 2]


def _sampling() -> Iterator[Arguments]:
    x, grid, gradient = random(2, 3, 4, 5), torch.rand(2, 3, 2, 2), random(2, 3, 3, 2)
    for mode in (0, 1):
        for outside in (0, 1, 2):
            modes = [mode, outside, True]
            yield ["grid_sampler_2d_backward", gradient, x, grid, *modes, [True, True]]
            yield ["_grid_sampler_2d_cpu_fallback_backward", gradient, x, grid, *modes]
    cube, path = random(2, 3, 4, 5, 3), torch.rand(2, 3, 2, 2, 3)
    yield ["grid_sampler_3d_backward", random(2, 3, 3, 2, 2), cube, path, 0, 0, True, [True, True]]
    state = torch.zeros(3, 30).long()
    yield ["_sobol_engine_initialize_state_", state.clone(), 3]
    aten._sobol_engine_initialize_state_(state, 3)
    yield ["_sobol_engine_scramble_", state.clone(), torch.ones(3, 30, 30).long().tril(), 3]
    yield ["_sobol_engine_ff_", torch.zeros(3).long(), 2, state, 3, 0]
    yield ["_sobol_engine_draw", torch.zeros(3).long(), 2, state, 3, 0, torch.float32]


def _places() -> Iterator[Arguments]:
    x = random(5, 2)
    for reduce in ("sum", "mean", "max", "min", "prod"):
        out = torch.segment_reduce(x, reduce, lengths=whole(2, 3), axis=0)
        for lengths, offsets in ((whole(2, 3), None), (None, whole(0, 2, 5))):
            for unsafe in (False, True):
                yield ["segment_reduce", x, reduce, lengths, None, offsets, 0, unsafe, None]
            yield ["_segment_reduce_backward", random(2, 2), out, x, reduce, lengths, offsets, 0, None]
    yield ["_reshape_alias", torch.arange(4.0), [2, 2], [2, 1]]
    yield ["_reshape_alias_copy", torch.arange(4.0), [2, 2], [2, 1]]
    yield ["_convert_indices_from_coo_to_csr", whole(0, 0, 1, 2), 4, False]
    yield ["_convert_indices_from_csr_to_coo", whole(0, 2, 3), whole(0, 1, 2), False, True]
    mask, places = torch.tensor([True, False]), [whole(0, 1), whole(1, 0)]
    yield ["_unsafe_masked_index", x, mask, places, 0]
    yield ["_unsafe_masked_index_put_accumulate", x.clone(), mask, places, random(2)]
    for name in ("_cummax_helper", "_cummin_helper"):
        yield [name, random(4), torch.zeros(4), torch.zeros(4).long(), 0]
    signal = torch.complex(random(3, 4), random(3, 4))
    yield ["_fft_c2c", signal, [0, 1], 0, True]
    yield ["_fft_r2c", random(3, 4), [1], 0, True]
    for size in (6, 7):
        yield ["_fft_c2r", signal, [1], 0, size]
    yield ["_logcumsumexp.out", random(3, 4), 1, random(3, 4)]
    yield ["rrelu_with_noise.out", random(3), random(3), 0.1, 0.3, True, None, random(3)]
    yield ["linalg_eigvals.out", random(3, 3), torch.empty(0, dtype=torch.complex64)]
    yield ["_linalg_eigvals", random(3, 3)]
    yield ["_compute_linear_combination", random(3, 4), random(2, 3)]
    matrix = random(3, 3)
    factors, pivots = torch.linalg.lu_factor(matrix)
    yield ["lu_unpack", factors, pivots, True, True]
    factors, pivots = torch.linalg.ldl_factor(matrix + matrix.T)
    yield ["linalg_ldl_solve", factors, pivots, random(3, 1), False]
    yield ["linalg_ldl_solve", factors, whole(1, -2, -2).int(), random(3, 1), False]
    yield [
        "_cholesky_solve_helper",
        random(3, 1),
        torch.linalg.cholesky(matrix @ matrix.T + torch.eye(3)),
        False,
    ]
    yield ["arange.start_step", 0, 4, 2, 4, None, None, None]
    yield ["arange", 4.5, 4, None, None, None]
    yield ["range.step", 0, 4, 2, 4, None, None, None]


def _others() -> Iterator[Arguments]:
    yield ["to.prim_dtype", random(2), 7, False, False]
    yield ["to.prim_Device", random(2), torch.device("cpu"), 7, False, False]
    yield ["_stack", [random(2), random(2)], 1]
    yield ["_foreach_copy", [random(2)], [random(2)], False]
    image = random(1, 3, 4, 4)
    yield ["__upsample_bilinear.scale_list", image, None, [2, 2]]
    yield ["__interpolate.scale_list", image, None, [2.0, 2.0], "bilinear", None, None, False]
    gradient, weight = random(1, 3, 4, 4), random(3, 2, 3, 3)
    window = [[3, 3], [1, 1], [0, 0]]
    yield ["_slow_conv2d_backward.output_mask", gradient, random(1, 2, 6, 6), weight, *window, [True] * 3]
    if torch.backends.nnpack.is_available():
        yield ["_nnpack_spatial_convolution", random(1, 2, 6, 6), weight, random(3), [0, 0], [1, 1]]
    for kind in ("bilinear", "bicubic", "lanczos"):
        yield [f"_upsample_{kind}2d_aa", image, [6, 6], False, 1.5, None]
        resized = random(1, 3, 6, 6)
        yield [f"_upsample_{kind}2d_aa_backward", resized, [6, 6], [1, 3, 4, 4], False, 1.5, None]


def _recurrence() -> Iterator[Arguments]:
    x, rows, sizes = random(4, 2, 2), random(7, 2), whole(2, 2, 2, 1)
    for both in (False, True):
        states = random(2 if both else 1, 2, 3)
        packed, layer = [True, 1, 0.0, False, both], [True, 1, 0.0, False, both, False]
        for name, gates in (("gru", 3), ("rnn_tanh", 1), ("rnn_relu", 1)):
            yield [f"{name}.input", x, states, _cell(gates, both), *layer]
            yield [f"{name}.data", rows, sizes, states, _cell(gates, both), *packed]
        yield ["lstm.input", x, [states, states], _cell(4, both), *layer]
        yield ["lstm.input", x.transpose(0, 1), [states, states], _cell(4, both), *layer[:-1], True]
        yield ["lstm.data", rows, sizes, [states, states], _cell(4, both), *packed]
    projected = [random(12, 2), random(12, 2), random(12), random(12), random(2, 3)]
    yield ["lstm.input", x, [random(1, 2, 2), random(1, 2, 3)], projected, True, 1, 0.0, False, False, False]


def _cell(gates: int, both: bool) -> list[torch.Tensor]:
    rows = 3 * gates
    return [random(*size) for size in [(rows, 2), (rows, 3), (rows,), (rows,)] * (2 if both else 1)]


def _quantization() -> Iterator[Arguments]:
    on, x = whole(1), random(3, 2)
    for by_row in (False, True):
        rows = 3 if by_row else 1
        state = [torch.zeros(rows), torch.ones(rows), torch.ones(rows), torch.zeros(rows).int()]
        limits = [0.1, 0, 255, 0, by_row, False]
        for name in ("fused_moving_avg_obs_fake_quant", "_fused_moving_avg_obs_fq_helper",
                     "_fused_moving_avg_obs_fq_helper_functional"):  # fmt: skip
            yield [name, x, on, on, *state, *limits]
    yield ["_saturate_weight_to_fp16", random(2, 3)]
    packed = aten._convert_weight_to_int4pack_for_cpu(torch.ones(32, 64).int(), 1)
    scales = random(2, 32, 2).bfloat16()
    yield ["_weight_int4pack_mm_for_cpu", random(2, 64).bfloat16(), packed, 32, scales]
    yield ["_weight_int8pack_mm", random(2, 32).bfloat16(), torch.ones(4, 32).char(), random(4).bfloat16()]
    halves, sizes = torch.ones(32, 32, dtype=torch.uint8), [32, 64, 32]
    packed = aten._dyn_quant_pack_4bit_weight(halves, random(32, 2), None, *sizes)
    yield ["_dyn_quant_matmul_4bit", random(2, 64), packed, *sizes]


def _optimizers() -> Iterator[Arguments]:
    def each(*sizes: int) -> list[torch.Tensor]:
        return [torch.rand(sizes)]

    for suffix in ("", "_"):
        for kind in ("adam", "adamw"):
            moments = [each(3), each(3), [], each()]
            steps = [0.1, 0.9, 0.99, 0.0, 1e-8, False, False, None, None]
            yield [f"_fused_{kind}{suffix}", each(3), each(3), *moments, *steps]
        steps = [0.0, 0.1, 0.1, 0.0, False, False, True, None, None]
        yield [f"_fused_sgd{suffix}", each(3), each(3), each(3), *steps]
        steps = [0.1, 0.0, 0.0, 1e-8, False, None, None]
        yield [f"_fused_adagrad{suffix}", each(3), each(3), each(3), each(), *steps]


_FAMILIES = (
    _pooling, _padding, _embeddings, _losses, _normalizations, _distances, _attention, _sampling, _places,
    _others, _recurrence, _quantization, _optimizers,
)  # fmt: skip
