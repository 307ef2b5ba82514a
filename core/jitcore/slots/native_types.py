"""The types of C++'s classes that libraries registered with torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.ops import custom_classes
from jitcore.slots.torch_names import TORCH

if TYPE_CHECKING:
    from jitcore.types import ClassType

_CLASS = TORCH._C.ScriptClass


def native_class(obj: Any) -> ClassType | None:
    """The type of a class of C++; None for everything else."""
    if not isinstance(obj, _CLASS):
        return None
    # Only torch's own reader of annotations tells what the class is called.
    where = TORCH._jit_internal.fake_range()
    return class_named(TORCH._C._resolve_type_from_object(obj, where, lambda _: None).qualified_name())


def class_named(qualified_name: str) -> ClassType:
    """The type of a class of C++ with all the methods that torch knows of it."""
    if not custom_classes.is_known(qualified_name):
        custom_classes.learn(str(schema) for schema in TORCH._C._jit_get_custom_class_schemas())
    return custom_classes.complete_class(qualified_name)
