"""Torch's Python bindings in place of the same overloads called by schema, where they are quicker.

A call by schema converts each argument by its declared type, half a microsecond or more beyond what
the binding needs. Only overloads stand here for which the binding can choose no other one (a scalar
in arithmetic becomes the tensor that the overload for scalars makes of it, too).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UNARY = (
    "abs", "ceil", "cos", "detach", "erf", "exp", "expm1", "floor", "log", "log1p", "log2", "log10",
    "logical_not", "neg", "reciprocal", "relu", "relu_", "round", "rsqrt", "sigmoid", "sigmoid_", "sign",
    "sin", "sqrt", "square", "t", "tan", "tanh", "tanh_",
)  # fmt: skip
_BINARY = ("atan2", "bmm", "dot", "logical_and", "logical_or", "matmul", "maximum", "minimum", "mm", "mv")
_BINARY_TENSOR = ("add", "div", "eq", "ge", "gt", "le", "lt", "mul", "ne", "sub")
_BINARY_SCALAR = ("add", "div", "mul", "sub")

_FAST: dict[str, tuple[Callable[..., Any], int, int]] = {
    **{f"aten::{name}": (getattr(torch, name), 1, 1) for name in _UNARY},
    **{f"aten::{name}": (getattr(torch, name), 2, 2) for name in _BINARY},
    **{f"aten::{name}.Tensor": (getattr(torch, name), 2, 2) for name in _BINARY_TENSOR},
    **{f"aten::{name}.Scalar": (getattr(torch, name), 2, 2) for name in _BINARY_SCALAR},
    "aten::cat": (torch.cat, 1, 2),
    "aten::linear": (functional.linear, 2, 3),
    "aten::select.int": (torch.select, 3, 3),
    "aten::transpose.int": (torch.transpose, 3, 3),
    "aten::unsqueeze": (torch.unsqueeze, 2, 2),
}
"""Key of an overload -> its binding, and how few and how many arguments it may be given."""

_UNPACKED: dict[str, Callable[..., Any]] = {
    "aten::view": torch.Tensor.view,
    "aten::reshape": torch.Tensor.reshape,
    "aten::permute": torch.Tensor.permute,
    "aten::expand": torch.Tensor.expand,
}
"""Key of an overload with a list of sizes -> the method that takes them one by one, quicker than a list."""


def fast_call(key: str, arguments: Sequence[object]) -> tuple[Callable[..., Any], int] | None:
    """A quicker function for the overload, and how many of the leading arguments it still takes.

    `arguments` are those that are passed by position, as far as they are constants (see `bind`).
    """
    count = len(arguments)
    found = _FAST.get(key)
    if found is not None:
        binding, fewest, most = found
        return (binding, count) if fewest <= count <= most else None
    method = _UNPACKED.get(key)
    if method is None or count != 2:
        return None
    sizes = arguments[1]
    if not isinstance(sizes, list) or not sizes or not all(type(size) is int for size in sizes):
        return None
    return _with_sizes(method, tuple(sizes)), 1


def _with_sizes(method: Callable[..., Any], sizes: tuple[int, ...]) -> Callable[..., Any]:
    if len(sizes) == 1:
        only = sizes[0]
        return lambda x: method(x, only)
    return partial(_apply, method, sizes)


def _apply(method: Callable[..., Any], sizes: tuple[int, ...], x: torch.Tensor) -> Any:
    return method(x, *sizes)
