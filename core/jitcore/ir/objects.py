"""Values of class and enum types: what an archive's pickles hold and what the interpreter makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.ir.function import Function
    from jitcore.types import ClassType, EnumType


class DeviceName(str):
    """The name of a device, where no declared type tells it from any other text."""

    __slots__ = ()


class ScriptObject:
    """An instance of a TorchScript class; a module when its type says so. Equal only to itself.

    `attributes` are in slot order. `state` is what `__setstate__` is still to be called with, for
    an object whose class defines it; nothing calls it while an archive is opened.
    """

    __slots__ = ("attributes", "has_state", "state", "type")

    def __init__(self, type: ClassType, attributes: dict[str, object] | None = None) -> None:
        self.type = type
        self.attributes: dict[str, object] = attributes if attributes is not None else {}
        self.state: object = None
        self.has_state = False

    def method(self, name: str) -> Function:
        """The method `name`; KeyError if the class has none."""
        return self.type.methods[name]  # type: ignore[return-value]  # class types are filled with ir.Function

    def submodules(self) -> dict[str, ScriptObject]:
        """Direct submodules by attribute name, in slot order."""
        return {
            name: value
            for name, value in self.attributes.items()
            if isinstance(value, ScriptObject) and value.type.is_module
        }

    def find(self, path: str) -> ScriptObject:
        """The submodule at a dotted path ("" is the module itself); KeyError names a missing part."""
        module = self
        for part in path.split(".") if path else ():
            child = module.attributes.get(part)
            if not isinstance(child, ScriptObject):
                raise KeyError(part)
            module = child
        return module

    def named_modules(self, prefix: str = "") -> list[tuple[str, ScriptObject]]:
        """This module and all below it with their dotted paths, parents first; shared ones once per path."""
        found: list[tuple[str, ScriptObject]] = []
        stack: list[tuple[str, ScriptObject]] = [(prefix, self)]
        while stack:
            path, module = stack.pop()
            found.append((path, module))
            children = [
                (f"{path}.{name}" if path else name, child) for name, child in module.submodules().items()
            ]
            stack.extend(reversed(children))
        return found

    def __repr__(self) -> str:
        return f"<{self.type.qualified_name}>"


class PackedObject(ScriptObject):
    """An object of C++ that nobody has made yet: what the operator `operator` makes of the list `state`.

    Such are packed weights of quantized layers. `operator` is a key of a schema: `quantized::linear_prepack`.
    """

    __slots__ = ("operator",)

    def __init__(self, type: ClassType, operator: str, arguments: list[object]) -> None:
        super().__init__(type)
        self.operator = operator
        self.state = arguments
        self.has_state = True


def is_native_object(value: object) -> bool:
    """Whether the value is an object of a C++ class, as torch gives it to Python."""
    return hasattr(value, "_type") and hasattr(value, "_has_method")


class GeneratorValue:
    """A generator of random numbers as a constant: its device and what it starts from; like no other."""

    __slots__ = ("device", "seed")

    def __init__(self, device: str, seed: int) -> None:
        self.device = device
        self.seed = seed


class EnumValue:
    """A member of an enum."""

    __slots__ = ("name", "type", "value")

    def __init__(self, type: EnumType, name: str, value: object) -> None:
        self.type = type
        self.name = name
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EnumValue) and self.type == other.type and self.name == other.name

    def __hash__(self) -> int:
        return hash((self.type, self.name))


class Await:
    """What `torch.jit._awaitable` gives: work that is done when somebody first asks for its result."""

    __slots__ = ("_value", "_work")

    def __init__(self, work: Callable[[], Any] | None, value: Any = None) -> None:
        self._work = work
        self._value = value

    def result(self) -> Any:
        """The result."""
        if self._work is not None:
            self._value = self._work()
            self._work = None
        return self._value
