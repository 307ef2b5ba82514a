"""Methods of compiled modules and objects, bound to what they are methods of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from jitcore.scripting.library.calls import call
from jitcore.scripting.library.texts import FunctionTexts

if TYPE_CHECKING:
    from jitcore.ir import Function, ScriptObject
    from jitcore.scripting.library.machine import Machine


class ScriptMethod(FunctionTexts):
    """A method that is called as in Python, its arguments checked and converted as TorchScript does it.

    `owner` is the object that it is a method of.
    """

    __slots__ = ("_function", "_machine", "owner")

    def __init__(self, function: Function, owner: ScriptObject, machine: Machine) -> None:
        self._function = function
        self._machine = machine
        self.owner = owner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the method."""
        return call(self._machine, self._function, self.owner, args, kwargs)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")

    @property
    def code_with_constants(self) -> tuple[str, dict[str, Any]]:
        """The code, and the constants that it refers to."""
        text, constants = self.code_and_constants()
        value = self._machine.interpreter.materializer.value
        return text, {name: value(constant) for name, constant in constants.items()}
