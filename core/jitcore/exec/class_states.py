"""What a state of a C++ class must hold before torch is given it: kernels trust its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import torch

from jitcore.exec.errors import ExecutionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def check_state(name: str, state: object) -> None:
    """Raise `ExecutionError` where the state of the class, as `mkldnn.ConvOpContext`, is none of its own.

    Arity and types are torch's to check; what stands here would end the process or lead beyond a tensor.
    """
    check = _CHECKS.get(name)
    if check is None:
        return
    try:
        reason = check(state)
    except (TypeError, ValueError, LookupError, AttributeError, RuntimeError, OverflowError):
        reason = "it has other parts"
    if reason:
        raise ExecutionError(f"the C++ class {name} has a state that is none of its own: {reason}")


def why_not_packed(weight: object, transposed: bool = False, groups: int = 1) -> str:
    """Why a quantized weight cannot be packed; "" if it can.

    Some of torch's engines read a scale for each output channel, however many there are.
    """
    if not isinstance(weight, torch.Tensor) or weight.qscheme() == torch.per_tensor_affine:
        return ""
    axis = 1 if transposed else 0
    if weight.dim() <= axis or weight.q_per_channel_axis() != axis or (transposed and groups != 1):
        return "its scales are not of its output channels"
    counts = {weight.q_per_channel_scales().numel(), weight.q_per_channel_zero_points().numel()}
    return "" if counts == {weight.shape[axis]} else "it has not one scale for each channel"


def _packed_linear(state: Any) -> str:
    weight = state[0]
    return why_not_packed(weight) if weight.is_quantized else ""


def _packed_conv(state: Any) -> str:
    """Configuration of a quantized convolution: kernels divide by its strides and groups."""
    if not isinstance(state, tuple) or len(state) < 2:
        return "it has other parts"
    first, second = cast("tuple[Any, ...]", state)[:2]
    if isinstance(first, torch.Tensor):
        # Of torch before 1.6: weight, bias, stride, padding, dilation, groups.
        return why_not_packed(first)
    numbers = list(second if isinstance(first, int) else second[0].tolist())
    dims = int(numbers[0])
    if dims not in (1, 2, 3) or len(numbers) < 4 * dims + 3:
        return "its configuration is cut short"
    runs = [numbers[1 + i * dims : 1 + (i + 1) * dims] for i in range(4)]
    groups, transposed = int(numbers[1 + 4 * dims]), bool(numbers[2 + 4 * dims])
    reason = _numbers_of_convolution(*runs[:3], groups=groups, output_padding=runs[3])
    weight = state[2][1] if isinstance(first, int) else second[1]
    return reason or why_not_packed(weight, transposed, groups)


def _conv_context(state: Any) -> str:
    """`(weight, bias, padding, stride, dilation, groups, input size, attribute)`."""
    weight, _, padding, stride, dilation, groups, size, _ = state
    if weight.dim() != 4 or len(size) != 4 or min(size) < 1 or 0 in weight.shape:
        return "weight and input are not of four dimensions"
    if not len(padding) == len(stride) == len(dilation) == 2:
        return "it is not of two dimensions"
    reason = _numbers_of_convolution(stride, padding, dilation, groups)
    if reason or weight.shape[0] % groups or size[1] != weight.shape[1] * groups:
        return reason or "its groups do not divide the channels"
    return ""


_MOST: Final = 1 << 15


def _numbers_of_convolution(
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
    output_padding: Sequence[int] = (),
) -> str:
    if not all(0 < number <= _MOST for number in (*stride, *dilation, groups)):
        return "stride, dilation and groups are positive"
    if not all(0 <= number <= _MOST for number in (*padding, *output_padding)):
        return "padding is not negative"
    return ""


def _sparse_linear(state: Any) -> str:
    """Blocks of a sparse weight: rows point into columns, columns into the input."""
    _, bias, rows_of_block, columns_of_block, scales, zeros, _, rows, columns, weights, outputs, inputs = (
        state
    )
    if rows_of_block < 1 or columns_of_block < 1 or outputs < 1 or inputs < 1:
        return "sizes are positive"
    starts = [int(number) for number in rows.flatten().tolist()]
    places = [int(number) for number in columns.flatten().tolist()]
    if len(starts) != -(-outputs // rows_of_block) + 1 or starts[0] != 0 or starts[-1] != len(places):
        return "its rows do not fit its columns"
    if starts != sorted(starts):
        return "its rows overlap"
    if any(not 0 <= place < -(-inputs // columns_of_block) for place in places):
        return "a column lies beyond the input"
    if weights.numel() != len(places) * rows_of_block * columns_of_block:
        return "its weights do not fit its blocks"
    if scales.numel() not in (1, outputs) or zeros.numel() != scales.numel():
        return "its scales do not fit its rows"
    return "" if bias is None or bias.numel() == outputs else "its bias does not fit its rows"


_CHECKS: Final[dict[str, Callable[[Any], str]]] = {
    "quantized.LinearPackedParamsBase": _packed_linear,
    "quantized.Conv2dPackedParamsBase": _packed_conv,
    "quantized.Conv3dPackedParamsBase": _packed_conv,
    "mkldnn.ConvOpContext": _conv_context,
    "sparse.LinearPackedParamsBase": _sparse_linear,
}
