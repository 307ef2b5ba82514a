"""What stands behind the objects of the library: functions of the IR."""

from __future__ import annotations

from typing import Any

from jitcore.ir import Function, ScriptObject
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.shared import shared_compiler
from jitcore.slots.wrappers import script_object_of
from jitcore.source import JitError
from jitcore.types import ClassType


def compiled_method(compiled: Any, module_path: str, method: str) -> Function:
    """A function itself, or the method or hook of a class, or of the module at a dotted path ("": the root).

    The method "" is `forward`, `__init__` or the first there is. Raises `JitError` naming what is not there.
    """
    if isinstance(compiled, ScriptFunction):
        if module_path or method not in ("", "forward"):
            raise JitError("a function has no modules and no methods")
        return compiled.compiled
    if isinstance(compiled, type) and not module_path:
        return _method(shared_compiler().script_class(compiled), method)
    root = script_object_of(compiled)
    if root is None or not root.type.is_module:
        raise JitError(f"a {type(compiled).__name__} has no graph of its own; name a function or a module")
    return _method(_find(root, module_path).type, method)


def _method(kind: ClassType, method: str) -> Function:
    methods = kind.functions()
    first = next((known for known in ("forward", "__init__") if known in methods), None)
    name = method or first or next(iter(methods), "forward")
    found = methods.get(name)
    if not isinstance(found, Function):
        known = ", ".join(methods) or "no methods"
        raise JitError(f"{kind.name} has no method '{name}'; it has {known}")
    return found


def _find(root: ScriptObject, module_path: str) -> ScriptObject:
    try:
        return root.find(module_path)
    except KeyError as error:
        raise JitError(f"there is no module '{module_path}' (nothing called {error.args[0]!r})") from error
