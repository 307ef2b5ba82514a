"""Torch's Python bindings in place of the same overloads called by schema, where they are quicker.

A call by schema converts each argument by its declared type: half a microsecond or more beyond what the
binding needs, two to three where lists are among them. Only overloads stand here for which the binding can
choose no other one from arguments of the types that the schema declares (a scalar in arithmetic becomes the
tensor that the overload for scalars makes of it, too).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UNARY = (
    "abs", "acos", "asin", "atan", "ceil", "cos", "cosh", "detach", "erf", "exp", "expm1", "floor", "frac",
    "log", "log1p", "log2", "log10", "logical_not", "neg", "reciprocal", "relu", "relu_", "round", "rsqrt",
    "sigmoid", "sigmoid_", "sign", "sin", "sinh", "sqrt", "square", "t", "tan", "tanh", "tanh_", "trunc",
)  # fmt: skip
_BINARY = ("atan2", "bmm", "dot", "logical_and", "logical_or", "matmul", "maximum", "minimum", "mm", "mv")
_BINARY_TENSOR = ("add", "div", "eq", "ge", "gt", "le", "lt", "mul", "ne", "sub")
_BINARY_SCALAR = ("add", "div", "mul", "sub")
_IN_PLACE = ("add_", "div_", "mul_", "sub_")


class _Binding(NamedTuple):
    """What is called, and how few and how many arguments by position it may be given."""

    function: Callable[..., Any]
    fewest: int
    most: int


def _fast() -> dict[str, _Binding]:
    # Activations and pooling are public as wrappers only, which look for overrides first.
    nn: Any = torch._C._nn  # pyright: ignore[reportAttributeAccessIssue,reportPrivateUsage]
    convolution: Any = torch._convolution  # pyright: ignore[reportPrivateUsage,reportPrivateImportUsage]
    tensor = torch.Tensor
    found = {
        **{f"aten::{name}": (getattr(torch, name), 1, 1) for name in _UNARY},
        **{f"aten::{name}": (getattr(torch, name), 2, 2) for name in _BINARY},
        **{f"aten::{name}.Tensor": (getattr(torch, name), 2, 2) for name in _BINARY_TENSOR},
        **{f"aten::{name}.Scalar": (getattr(torch, name), 2, 2) for name in _BINARY_SCALAR},
        **{f"aten::{name}.Tensor": (getattr(tensor, name), 2, 2) for name in _IN_PLACE},
        "aten::_convolution": (convolution, 13, 13),
        "aten::adaptive_avg_pool2d": (nn.adaptive_avg_pool2d, 2, 2),
        "aten::addmm": (torch.addmm, 3, 3),
        "aten::argmax": (torch.argmax, 1, 3),
        "aten::avg_pool2d": (nn.avg_pool2d, 2, 7),
        "aten::baddbmm": (torch.baddbmm, 3, 3),
        "aten::batch_norm": (torch.batch_norm, 9, 9),
        "aten::cat": (torch.cat, 1, 2),
        "aten::clamp": (torch.clamp, 2, 3),
        "aten::contiguous": (tensor.contiguous, 1, 1),
        "aten::conv1d": (torch.conv1d, 2, 7),
        "aten::conv2d": (torch.conv2d, 2, 7),
        "aten::conv3d": (torch.conv3d, 2, 7),
        "aten::cumsum": (torch.cumsum, 2, 2),
        "aten::dropout": (torch.dropout, 3, 3),
        "aten::elu": (nn.elu, 1, 4),
        "aten::embedding": (torch.embedding, 2, 5),
        "aten::expand": (tensor.expand, 2, 2),
        "aten::flatten.using_ints": (torch.flatten, 1, 3),
        "aten::gather": (torch.gather, 3, 3),
        "aten::gelu": (nn.gelu, 1, 1),
        "aten::group_norm": (torch.group_norm, 2, 6),
        "aten::hardsigmoid": (nn.hardsigmoid, 1, 1),
        "aten::hardswish": (nn.hardswish, 1, 1),
        "aten::hardtanh": (nn.hardtanh, 1, 3),
        "aten::hardtanh_": (nn.hardtanh_, 1, 3),
        "aten::index_select": (torch.index_select, 3, 3),
        "aten::layer_norm": (torch.layer_norm, 2, 6),
        "aten::leaky_relu": (nn.leaky_relu, 1, 2),
        "aten::leaky_relu_": (nn.leaky_relu_, 1, 2),
        "aten::linear": (functional.linear, 2, 3),
        "aten::log_softmax.int": (torch.log_softmax, 2, 2),
        "aten::masked_fill.Scalar": (torch.masked_fill, 3, 3),
        "aten::max_pool2d": (torch.max_pool2d, 2, 6),
        "aten::mean.dim": (torch.mean, 2, 3),
        "aten::mish": (nn.mish, 1, 1),
        "aten::permute": (tensor.permute, 2, 2),
        "aten::pow.Tensor_Scalar": (torch.pow, 2, 2),
        "aten::reshape": (tensor.reshape, 2, 2),
        "aten::select.int": (torch.select, 3, 3),
        "aten::silu": (nn.silu, 1, 1),
        "aten::softmax.int": (torch.softmax, 2, 2),
        "aten::squeeze": (torch.squeeze, 1, 1),
        "aten::squeeze.dim": (torch.squeeze, 2, 2),
        "aten::stack": (torch.stack, 1, 2),
        "aten::sum.dim_IntList": (torch.sum, 2, 3),
        "aten::transpose.int": (torch.transpose, 3, 3),
        "aten::unsqueeze": (torch.unsqueeze, 2, 2),
        "aten::view": (tensor.view, 2, 2),
        "aten::where.self": (torch.where, 3, 3),
        "aten::zeros_like": (torch.zeros_like, 1, 1),
    }
    return {key: _Binding(*each) for key, each in found.items()}


FAST: Final = _fast()
"""Key of an overload -> its binding."""

_UNPACKED: Final = frozenset({"aten::view", "aten::reshape", "aten::permute", "aten::expand"})
"""Keys of overloads with a list of sizes whose bindings take them one by one, too, quicker than a list."""


def fast_call(key: str, arguments: Sequence[object]) -> tuple[Callable[..., Any], int] | None:
    """A quicker function for the overload, and how many of the leading arguments it still takes.

    `arguments` are those that are passed by position, as far as they are constants (see `bind`).
    """
    count = len(arguments)
    binding = FAST.get(key)
    if binding is None or not binding.fewest <= count <= binding.most:
        return None
    if key in _UNPACKED:
        sizes = arguments[1]
        if isinstance(sizes, list) and sizes and all(type(size) is int for size in sizes):
            return _with_sizes(binding.function, tuple(sizes)), 1
    return binding.function, count


def _with_sizes(method: Callable[..., Any], sizes: tuple[int, ...]) -> Callable[..., Any]:
    if len(sizes) == 1:
        only = sizes[0]
        return lambda x: method(x, only)

    def with_sizes(x: torch.Tensor) -> Any:
        return method(x, *sizes)

    return with_sizes
