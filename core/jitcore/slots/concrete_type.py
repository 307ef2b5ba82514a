"""What tells modules of one Python class apart for the compiler, and the class type that stands for it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from jitcore.ir import Function
from jitcore.types import ClassType, InterfaceType, Type


class ContainerKind(enum.Enum):
    """How a module may be gone through and indexed in a program."""

    NONE = "none"
    LIST = "list"
    DICT = "dict"
    PARAMETER_LIST = "parameter list"
    PARAMETER_DICT = "parameter dict"


class ModuleAttribute:
    """A slot that is no submodule: its type, and whether it is a parameter or a buffer."""

    __slots__ = ("is_buffer", "is_parameter", "type")

    def __init__(self, type: Type, is_parameter: bool, is_buffer: bool) -> None:
        self.type = type
        self.is_parameter = is_parameter
        self.is_buffer = is_buffer

    def equals(self, other: ModuleAttribute) -> bool:
        """Whether both mean the same slot."""
        return (
            self.type == other.type
            and self.is_parameter == other.is_parameter
            and self.is_buffer == other.is_buffer
        )


class ConcreteType:
    """The type of one module instance as far as compiled code can see it.

    Two instances of a class share compiled code exactly if their concrete types are equal. Slots are
    ordered as they are found: parameters, buffers, absent submodules, other attributes; submodules come
    last. `functions` are Python functions held as attributes (with what they were compiled to), `operators`
    operators by name, `failed` what could not become an attribute and why, `ignored` what the class asks to
    leave out. `type` is set when code is first needed for the record.

    A record of something that is no Python module any more (an interface, a compiled module) has no
    `python_class`.
    """

    def __init__(self, python_class: type[Any] | None) -> None:
        self.python_class = python_class
        self.container = ContainerKind.NONE
        self.attributes: dict[str, ModuleAttribute] = {}
        self.submodules: dict[str, ConcreteType] = {}
        self.constants: dict[str, object] = {}
        self.overloads: dict[str, list[str]] = {}
        self.functions: dict[str, tuple[object, Function]] = {}
        self.operators: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        self.ignored: set[str] = set()
        self.hooks: list[Callable[..., Any]] = []
        self.pre_hooks: list[Callable[..., Any]] = []
        self.type: ClassType | InterfaceType | None = None
        self.is_compiled = False

    @classmethod
    def of_type(cls, type: ClassType | InterfaceType) -> ConcreteType:
        """The record of something of which only the type is known."""
        made = cls(None)
        made.type = type
        made.is_compiled = True
        return made

    @property
    def class_type(self) -> ClassType:
        """The class type; only for records that have one already."""
        assert isinstance(self.type, ClassType)
        return self.type

    def equals(self, other: ConcreteType) -> bool:
        """Whether modules of both can share their compiled code."""
        if self is other:
            return True
        if self.python_class is None or other.python_class is None:
            return self.type is other.type
        return (
            self.python_class is other.python_class
            and self.container is other.container
            and self._same_attributes(other)
            and self._same_constants(other)
            and self._same_submodules(other)
            and self.overloads == other.overloads
            and self._same_functions(other)
            and self.operators == other.operators
            and self.hooks == other.hooks
            and self.pre_hooks == other.pre_hooks
        )

    def _same_attributes(self, other: ConcreteType) -> bool:
        # The order of slots counts.
        return list(self.attributes) == list(other.attributes) and all(
            attribute.equals(other.attributes[name]) for name, attribute in self.attributes.items()
        )

    def _same_constants(self, other: ConcreteType) -> bool:
        # 1, 1.0 and True are equal to Python and three different constants here.
        return self.constants.keys() == other.constants.keys() and all(
            _same_constant(value, other.constants[name]) for name, value in self.constants.items()
        )

    def _same_submodules(self, other: ConcreteType) -> bool:
        mine, theirs = list(self.submodules), list(other.submodules)
        if self.container is ContainerKind.NONE:
            # Only in a container does the order in which submodules were set mean something.
            mine.sort()
            theirs.sort()
        return mine == theirs and all(
            submodule.equals(other.submodules[name]) for name, submodule in self.submodules.items()
        )

    def _same_functions(self, other: ConcreteType) -> bool:
        return self.functions.keys() == other.functions.keys() and all(
            function is other.functions[name][0] for name, (function, _) in self.functions.items()
        )


def _same_constant(one: object, other: object) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(_same_constant, one, other))
    return one == other
