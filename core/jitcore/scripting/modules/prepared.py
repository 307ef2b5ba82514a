"""Modules that put something else in their place when they are compiled."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import Module

_PREPARE = "__prepare_scriptable__"


def prepared(module: Any) -> Any:
    """What `module` wants compiled instead of itself: what its `__prepare_scriptable__` gives.

    Modules within are replaced where they are, as torch does it.
    """
    is_initialized = isinstance(module, Module) and "_modules" in vars(module)
    is_wanted = is_initialized and any(hasattr(each, _PREPARE) for each in module.modules())
    return _prepared(module, {}) if is_wanted else module


def _prepared(module: Any, done: dict[int, Any]) -> Any:
    if not isinstance(module, Module) or isinstance(module, torch.jit.ScriptModule):
        return module
    known = done.get(id(module))
    if known is not None:
        return known
    prepare = getattr(module, _PREPARE, None)
    made: Any = module if prepare is None else prepare()
    done[id(module)] = made
    for name, child in list(getattr(made, "_modules", {}).items()):
        made._modules[name] = _prepared(child, done)
    return made
