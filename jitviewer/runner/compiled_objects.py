"""What a program compiled, traced or loaded: what it is, and what it is called."""

from __future__ import annotations

from typing import Any

import torch

import jitcore
from jitcore.scripting.modules.torch_modules import original_of
from jitcore.slots.torch_names import TORCH


def compiled_kind(value: Any) -> str:
    """`module` or `function` of what is compiled already, by torch or by us; empty for anything else."""
    if isinstance(value, torch.jit.ScriptModule | jitcore.ScriptModule):
        return "module"
    return "function" if isinstance(value, torch.jit.ScriptFunction | jitcore.ScriptFunction) else ""


def name_of(value: Any) -> str:
    """The name of a function, or of the class of a module."""
    if isinstance(value, torch.nn.Module):
        return str(getattr(value, "original_name", type(value).__name__))
    return str(getattr(value, "name", "") or getattr(value, "__name__", type(value).__name__))


def is_traced(value: Any) -> bool:
    """Whether torch traced a module or a function."""
    if isinstance(value, torch.jit.ScriptFunction):
        return original_of(value) is None
    return isinstance(value, TORCH.jit.TracedModule)
