"""What Python holds of things that were compiled already."""

from __future__ import annotations

from typing import Any

import torch

from jitcore.ir import Function, ScriptObject
from jitcore.slots.attribute import Attribute


def script_object_of(value: Any) -> ScriptObject | None:
    """The object that a value is or wraps; None for any other value."""
    found = value if isinstance(value, ScriptObject) else getattr(value, "_script_object", None)
    return found if isinstance(found, ScriptObject) else None


def function_of(value: Any) -> Function | None:
    """The function that a value is or wraps; None for any other value."""
    found = value if isinstance(value, Function) else getattr(value, "_function", None)
    return found if isinstance(found, Function) else None


def is_typed(value: Any) -> bool:
    """Whether a value comes with the type that its attribute is to have."""
    return isinstance(value, torch.jit.Attribute | Attribute)
