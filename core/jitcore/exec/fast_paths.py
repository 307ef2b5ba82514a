"""Torch's Python bindings in place of the same overloads called by schema, where they are quicker.

A call by schema converts each argument by its declared type, half a microsecond more than the
binding needs. Only overloads whose arguments are all tensors stand here: for them the binding can
choose no other overload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

_UNARY = (
    "abs", "ceil", "cos", "detach", "erf", "exp", "expm1", "floor", "log", "log1p", "log2", "log10",
    "logical_not", "neg", "reciprocal", "relu", "relu_", "round", "rsqrt", "sigmoid", "sigmoid_", "sign",
    "sin", "sqrt", "square", "t", "tan", "tanh", "tanh_",
)  # fmt: skip
_BINARY = ("atan2", "bmm", "dot", "logical_and", "logical_or", "matmul", "maximum", "minimum", "mm", "mv")
_BINARY_TENSOR = ("add", "div", "eq", "ge", "gt", "le", "lt", "mul", "ne", "sub")

FAST_PATHS: dict[str, tuple[Callable[..., Any], int]] = {
    **{f"aten::{name}": (getattr(torch, name), 1) for name in _UNARY},
    **{f"aten::{name}": (getattr(torch, name), 2) for name in _BINARY},
    **{f"aten::{name}.Tensor": (getattr(torch, name), 2) for name in _BINARY_TENSOR},
}
"""Key of an overload -> its binding, and the number of arguments that the binding stands for."""
