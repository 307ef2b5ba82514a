"""Hooks and pre-hooks of a module, called around its `forward` as calling the module in Python does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.exec.interpreter import Interpreter
    from jitcore.ir import Function
    from jitcore.types import ClassType


class ForwardHooks:
    """What `torch.nn.Module.__call__` calls before and after the `forward` of a class.

    Arguments and results are runnable values; those of `forward` stand without the module.
    """

    def __init__(self, kind: ClassType) -> None:
        self._kind = kind

    def note(self) -> str:
        """What is run beside `forward`, in a sentence; "" if nothing."""
        called = [
            f"{', '.join(names)} {where} it"
            for where, names in (
                ("before", self._kind.forward_pre_hooks),
                ("after", self._kind.forward_hooks),
            )
            if names
        ]
        if not called:
            return ""
        return f"Calling the module runs forward, and {' and '.join(called)}; times are those of forward."

    def before(self, interpreter: Interpreter, module: Any, arguments: Sequence[Any]) -> list[Any]:
        """The arguments of `forward`: those given, or what the pre-hooks make of them."""
        given = tuple(arguments)
        for name in self._kind.forward_pre_hooks:
            made = interpreter.call(self._hook(name), [module, given])
            if made is not None:
                given = cast("tuple[Any, ...]", made) if isinstance(made, tuple) else (made,)
        return list(given)

    def after(self, interpreter: Interpreter, module: Any, arguments: Sequence[Any], result: Any) -> Any:
        """The result of the call: that of `forward`, or what the hooks make of it."""
        given = tuple(arguments)
        for name in self._kind.forward_hooks:
            made = interpreter.call(self._hook(name), [module, given, result])
            if made is not None:
                result = made
        return result

    def _hook(self, name: str) -> Function:
        return cast("Function", self._kind.hooks[name])
