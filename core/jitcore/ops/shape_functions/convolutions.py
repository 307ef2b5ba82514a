"""Convolutions, pooling and resampling."""

from __future__ import annotations

from typing import Any, Optional

from jitcore.ops.shape_functions.pointwise import same


def has_negative(numbers: list[int]) -> bool:
    """Whether one of some numbers is below zero."""
    found = False
    for one in numbers:
        if one < 0:
            found = True
    return found


def check_convolution(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> None:
    """Fail where a convolution refuses what it is given."""
    rank = len(given)
    weight_rank = len(weight)
    assert not has_negative(padding)
    assert not has_negative(stride)
    assert weight_rank == rank
    assert weight[0] >= groups
    assert (weight[0] % groups) == 0
    assert given[1] == weight[1] * groups
    assert bias is None or (len(bias) == 1 and bias[0] == weight[0])
    for place in range(2, rank):
        padded = given[place] + 2 * padding[place - 2]
        assert padded >= (dilation[place - 2] * (weight[place] - 1) + 1)


def convolve(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> list[int]:
    """Sizes of a convolution in any number of dimensions."""
    check_convolution(given, weight, bias, stride, padding, dilation, groups)
    is_dilated = len(dilation) > 0
    rank = len(given)
    sizes: list[int] = []
    sizes.append(given[0])
    sizes.append(weight[0])
    for place in range(2, rank):
        step = dilation[place - 2] if is_dilated else 1
        covered = step * (weight[place] - 1) + 1
        sizes.append((given[place] + (2 * padding[place - 2]) - covered) // stride[place - 2] + 1)
    return sizes


def conv1d(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> list[int]:
    """Sizes of `aten::conv1d`."""
    assert len(weight) == 3
    assert len(given) == 3
    return convolve(given, weight, bias, stride, padding, dilation, groups)


def conv2d(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> list[int]:
    """Sizes of `aten::conv2d`."""
    assert len(weight) == 4
    assert len(given) == 4
    return convolve(given, weight, bias, stride, padding, dilation, groups)


def conv3d(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    groups: int,
) -> list[int]:
    """Sizes of `aten::conv3d`."""
    assert len(weight) == 5
    assert len(given) == 5
    return convolve(given, weight, bias, stride, padding, dilation, groups)


def convolve_either_way(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    transposed: bool,
    output_padding: list[int],
    groups: int,
) -> list[int]:
    """Sizes of `aten::convolution`, which may be transposed."""
    is_dilated = len(dilation) > 0
    is_padded = len(output_padding) > 0
    rank = len(given)
    sizes: list[int] = []
    channels = 1 if transposed else 0
    sizes.append(given[0])
    if transposed:
        sizes.append(weight[channels] * groups)
    else:
        sizes.append(weight[channels])
    for place in range(2, rank):
        step = dilation[place - 2] if is_dilated else 1
        added = output_padding[place - 2] if is_padded else 0
        if transposed:
            covered = step * (weight[place] - 1)
            sizes.append(
                (given[place] - 1) * stride[place - 2] - 2 * padding[place - 2] + covered + added + 1
            )
        else:
            covered = step * (weight[place] - 1) + 1
            sizes.append((given[place] + (2 * padding[place - 2]) - covered) // stride[place - 2] + 1)
    return sizes


def convolve_with_settings(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    transposed: bool,
    output_padding: list[int],
    groups: int,
    benchmark: Any,
    deterministic: Any,
    cudnn: Any,
    tf32: Any,
) -> list[int]:
    """Sizes of `aten::_convolution`."""
    return convolve_either_way(
        given, weight, bias, stride, padding, dilation, transposed, output_padding, groups
    )


def transposed_convolution(
    given: list[int],
    weight: list[int],
    bias: Optional[list[int]],
    stride: Optional[list[int]],
    padding: Optional[list[int]],
    output_padding: Optional[list[int]],
    groups: int,
    dilation: Optional[list[int]],
) -> list[int]:
    """Sizes of `aten::conv_transpose2d.input`."""
    if stride is None:
        stride = [1, 1]
    if padding is None:
        padding = [0, 0]
    if output_padding is None:
        output_padding = [0, 0]
    if dilation is None:
        dilation = [1, 1]
    is_dilated = len(dilation) > 0
    rank = len(given)
    sizes: list[int] = []
    sizes.append(given[0])
    sizes.append(weight[1] * groups)
    for place in range(2, rank):
        step = dilation[place - 2] if is_dilated else 1
        covered = step * (weight[place] - 1)
        added = output_padding[place - 2]
        sizes.append((given[place] - 1) * stride[place - 2] - 2 * padding[place - 2] + covered + added + 1)
    return sizes


def gradients_of_convolution(
    gradient: list[int], given: list[int], weight: list[int], bias: Optional[list[int]]
) -> tuple[list[int], list[int], list[int]]:
    """Sizes of `aten::convolution_backward`: gradients of input, weight and bias."""
    return same(given), same(weight), [gradient[1]]


def pooled(size: int, kernel: int, padding: int, stride: int, dilation: int, rounds_up: bool) -> int:
    """How many windows fit into a padded dimension."""
    assert stride != 0
    count = (
        size + padding + padding - dilation * (kernel - 1) - 1 + (stride - 1 if rounds_up else 0)
    ) // stride + 1
    if rounds_up:
        if (count - 1) * stride >= size + padding:
            count = count - 1
    return count


def max_pool2d(
    given: list[int],
    kernel: list[int],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    rounds_up: bool,
) -> list[int]:
    """Sizes of `aten::max_pool2d`; one number stands for both dimensions, no stride for the kernel's size."""
    assert len(kernel) == 1 or len(kernel) == 2
    kernel_height = kernel[0]
    kernel_width = kernel_height if len(kernel) == 1 else kernel[1]
    assert len(stride) == 0 or len(stride) == 1 or len(stride) == 2
    stride_height = kernel_height if len(stride) == 0 else stride[0]
    if len(stride) == 0:
        stride_width = kernel_width
    elif len(stride) == 1:
        stride_width = stride_height
    else:
        stride_width = stride[1]
    assert len(padding) == 1 or len(padding) == 2
    padding_height = padding[0]
    padding_width = padding_height if len(padding) == 1 else padding[1]
    assert len(dilation) == 1 or len(dilation) == 2
    dilation_height = dilation[0]
    dilation_width = dilation_height if len(dilation) == 1 else dilation[1]
    assert len(given) == 3 or len(given) == 4
    batch = given[-4] if len(given) == 4 else 1
    channels = given[-3]
    height = pooled(given[-2], kernel_height, padding_height, stride_height, dilation_height, rounds_up)
    width = pooled(given[-1], kernel_width, padding_width, stride_width, dilation_width, rounds_up)
    rank = len(given)
    assert kernel_width > 0 and kernel_height > 0
    assert stride_width > 0 and stride_height > 0
    assert dilation_height > 0 and dilation_width > 0
    is_filled = given[1] != 0 and given[2] != 0
    assert rank == 3 and given[0] != 0 and is_filled or (rank == 4 and is_filled and given[3] != 0)
    assert kernel_width // 2 >= padding_width and kernel_height // 2 >= padding_height
    assert width >= 1 and height >= 1
    if len(given) == 3:
        return [channels, height, width]
    else:
        return [batch, channels, height, width]


def max_pool2d_with_places(
    given: list[int],
    kernel: list[int],
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    rounds_up: bool,
) -> tuple[list[int], list[int]]:
    """Sizes of `aten::max_pool2d_with_indices`."""
    sizes = max_pool2d(given, kernel, stride, padding, dilation, rounds_up)
    return sizes, sizes


def adaptive_pool2d(given: list[int], wanted: list[int]) -> list[int]:
    """Sizes of `aten::adaptive_avg_pool2d`: the last two are what is wanted."""
    assert len(wanted) == 2
    assert len(given) == 3 or len(given) == 4
    for place in range(1, len(given)):
        assert given[place] != 0
    sizes: list[int] = []
    for place in range(0, len(given) - 2):
        sizes.append(given[place])
    for size in wanted:
        sizes.append(size)
    return sizes


def upsample2d(given: list[int], wanted: Optional[list[int]], factors: Optional[list[float]]) -> list[int]:
    """Sizes of `aten::upsample_nearest2d.vec`, by sizes or by factors."""
    sizes: list[int] = []
    sizes.append(given[0])
    sizes.append(given[1])
    if factors is None and wanted is None:
        raise AssertionError("neither sizes nor factors")
    if wanted is not None:
        assert factors is None, "both sizes and factors"
        assert len(wanted) == 2
        sizes.append(wanted[0])
        sizes.append(wanted[1])
    if factors is not None:
        assert wanted is None, "both sizes and factors"
        assert len(factors) == 2
        sizes.append(int(given[2] * factors[0]))
        sizes.append(int(given[3] * factors[1]))
    return sizes
