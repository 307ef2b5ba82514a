"""Methods of compiled modules and objects, bound to what they are methods of."""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any, NoReturn

from jitcore.scripting.library.calls import call
from jitcore.scripting.library.debug_state import graph_for
from jitcore.scripting.library.texts import FunctionTexts

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir import Function, ScriptObject
    from jitcore.scripting.library.machine import Machine
    from jitcore.scripting.library.texts import ScriptGraph


_TAKEN_OVER = ("__name__", "__qualname__", "_torchscript_modifier")


class ScriptMethod(FunctionTexts):
    """A method that is called as in Python, its arguments checked and converted as TorchScript does it.

    `owner` is the object that it is a method of, `original` the function of Python that was compiled, whose
    name, signature and docstring it has.
    """

    def __init__(
        self,
        function: Function,
        owner: ScriptObject,
        machine: Machine,
        original: Callable[..., Any] | None = None,
    ) -> None:
        self._function = function
        self._machine = machine
        self._original = original
        self.owner = owner
        self.__doc__ = None if original is None else original.__doc__

    def __getattr__(self, name: str) -> Any:
        original = self.__dict__.get("_original")
        if original is not None:
            if name == "__wrapped__":
                # Bound, so that a signature of it has no `self`.
                return MethodType(original, self.owner)
            if name in _TAKEN_OVER:
                return getattr(original, name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method."""
        return call(self._machine, self._function, self.owner, args, kwargs)

    def graph_for(self, parent: Any, *args: Any, **kwargs: Any) -> ScriptGraph | None:
        """The graph that is run for such arguments by `parent`, the module whose method this is.

        As in torch that is the graph of its `forward` once that is optimized, whatever method is asked.
        """
        return graph_for(self, parent, args, kwargs)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")

    @property
    def code_with_constants(self) -> tuple[str, dict[str, Any]]:
        """The code, and the constants that it refers to."""
        text, constants = self.code_and_constants()
        value = self._machine.interpreter.materializer.value
        return text, {name: value(constant) for name, constant in constants.items()}
