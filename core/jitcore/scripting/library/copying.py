"""Copies of compiled modules."""

from __future__ import annotations

import copy
from typing import Any, cast

import torch

from jitcore.ir import EnumValue, ScriptObject


def shallow_copy(source: ScriptObject) -> ScriptObject:
    """A module with submodules of its own that holds the same tensors and other values."""
    made = ScriptObject(source.type)
    for name, value in source.attributes.items():
        is_module = isinstance(value, ScriptObject) and value.type.is_module
        made.attributes[name] = shallow_copy(cast("ScriptObject", value)) if is_module else value
    return made


def deep_copy(source: ScriptObject, memo: dict[int, Any]) -> ScriptObject:
    """A module that shares nothing with `source` but its class; what is shared in it stays shared."""
    known = memo.get(id(source))
    if known is not None:
        return known
    made = memo[id(source)] = ScriptObject(source.type)
    for name, value in source.attributes.items():
        made.attributes[name] = _deep(value, memo)
    return made


def _deep(value: object, memo: dict[int, Any]) -> object:
    if isinstance(value, ScriptObject):
        return deep_copy(value, memo)
    if isinstance(value, list):
        return [_deep(item, memo) for item in cast("list[object]", value)]
    if isinstance(value, tuple):
        return tuple(_deep(item, memo) for item in cast("tuple[object, ...]", value))
    if isinstance(value, dict):
        entries = cast("dict[object, object]", value)
        return {_deep(key, memo): _deep(item, memo) for key, item in entries.items()}
    if isinstance(value, torch.Tensor) and not value.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the "
            "moment."
        )
    if isinstance(value, EnumValue | torch.Generator):
        return value
    return copy.deepcopy(value, memo)
