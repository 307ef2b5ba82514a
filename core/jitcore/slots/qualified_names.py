"""The qualified names that TorchScript gives to Python functions and classes."""

from __future__ import annotations

from typing import Any

from jitcore.source import JitError

_MANGLED = "___torch_mangle_"


def qualified_name(obj: Any, is_mangled: bool = True) -> str:
    """`__torch__.module.name`; without `is_mangled` only `module.name`, as exceptions are called."""
    override = getattr(obj, "_jit_override_qualname", None)
    if override is not None:
        return override
    name = getattr(obj, "__name__", None)
    if not name:
        raise JitError("Could not get name of python class object")
    if name == "<lambda>":
        name = "_lambda"
    module = obj.__module__
    if module is None:
        raise JitError(f"Could not get qualified name for class '{name}': __module__ can't be None.")
    if module == "torch._classes":
        return obj.qualified_name
    if "." in name:
        raise JitError(f"Could not get qualified name for class '{name}': '{name}' is not a valid identifier")
    if is_mangled:
        module = "__torch__" if module == "__main__" else f"__torch__.{module}"
    return f"{module}.{name}"


def mangled(name: str, number: int) -> str:
    """`name` with a part `___torch_mangle_N` before its last one, or with another number in that part."""
    parts = name.split(".")
    for place, part in enumerate(parts):
        if _MANGLED in part:
            parts[place] = part[: part.index(_MANGLED)] + f"{_MANGLED}{number}"
            return ".".join(parts)
    return ".".join([*parts[:-1], f"{_MANGLED}{number}", parts[-1]])
