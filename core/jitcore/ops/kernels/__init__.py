"""The operators that are not tensor operators, each stated once: for folding, running and checking.

A kernel takes the operator's arguments by position, all of them, as Python values, and gives its
result: one value, a tuple for several returns, None for none. Lists and dicts are changed in place
where the operator writes. What TorchScript refuses raises `TorchScriptError` with its message.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.registry import Kernel, declared

__all__ = ["NOT_FOLDED", "Kernel", "TorchScriptError", "all_kernels", "find"]

NOT_FOLDED = frozenset({"aten::device.with_index"})
"""Overloads that libtorch cannot compute outside of a running program, so that no pass folds them."""

# The modules that declare kernels, those that most programs need first.
_FAMILIES = (
    "arithmetic", "comparisons", "lists", "booleans", "structures", "conversions", "string_search",
    "formatting", "list_reductions", "dicts", "real_math", "shapes", "devices", "bits", "powers",
    "complex_math", "scalar_math", "list_sorting", "hashing", "string_tests", "string_padding",
    "string_splitting",
)  # fmt: skip


@cache
def find(key: str) -> Callable[..., Any] | None:
    """The kernel of the overload `aten::floordiv.int`, None if there is none.

    Families are imported one after the other until one declares the operator.
    """
    kernels = declared()
    for family in _FAMILIES:
        if key in kernels:
            break
        importlib.import_module(f"jitcore.ops.kernels.{family}")
    found = kernels.get(key)
    return None if found is None else found[0]


def all_kernels() -> Mapping[str, Kernel]:
    """Every kernel by the key of its schema (`aten::add.int`)."""
    for family in _FAMILIES:
        importlib.import_module(f"jitcore.ops.kernels.{family}")
    return {key: kernel for key, (kernel, _) in declared().items()}
