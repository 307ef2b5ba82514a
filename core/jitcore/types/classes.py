"""Nominal types: classes and modules, interfaces, enums and functions as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jitcore.types.base import Type, TypePrinter

if TYPE_CHECKING:
    from jitcore.types.schema import FunctionSchema


class MethodLike(Protocol):
    """What a class type knows of its methods: their name and schema."""

    @property
    def name(self) -> str:
        """Unqualified name."""
        ...

    @property
    def schema(self) -> FunctionSchema:
        """Arguments and returns."""
        ...


class NominalType(Type):
    """A type equal only to itself, known by its qualified name (`__torch__.m.Net`)."""

    __slots__ = ("qualified_name",)

    def __init__(self, qualified_name: str) -> None:
        super().__init__()
        self.qualified_name = qualified_name

    @property
    def name(self) -> str:
        """Last part of the qualified name."""
        return self.qualified_name.rpartition(".")[2]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return self.qualified_name


class Attribute:
    """A declared attribute of a class: name, type, and whether it is a parameter or a buffer."""

    __slots__ = ("is_buffer", "is_parameter", "name", "type")

    def __init__(self, name: str, type: Type, is_parameter: bool = False, is_buffer: bool = False) -> None:
        self.name = name
        self.type = type
        self.is_parameter = is_parameter
        self.is_buffer = is_buffer


class ClassType(NominalType):
    """A class or module type: slots in declaration order, constants, methods, hooks, properties.

    `forward_hooks` and `forward_pre_hooks` are names, in the order of their calls, of functions in `hooks`,
    which are not among the methods. `properties` maps a name to (getter, setter or None). `constants` hold
    values that `Final` attributes have, `constant_types` their types. `class_attributes` are names that only
    the Python class has, which compiled code does not see. The type is filled in while its source is read.
    """

    __slots__ = (
        "attributes", "class_attributes", "constant_types", "constants", "forward_hooks", "forward_pre_hooks",
        "hooks", "is_module", "methods", "properties", "static_methods",
    )  # fmt: skip
    kind = "ClassType"
    order = 24

    def __init__(self, qualified_name: str, is_module: bool = False) -> None:
        super().__init__(qualified_name)
        self.is_module = is_module
        self.attributes: dict[str, Attribute] = {}
        self.constants: dict[str, object] = {}
        self.constant_types: dict[str, Type] = {}
        self.methods: dict[str, MethodLike] = {}
        self.static_methods: dict[str, MethodLike] = {}
        self.hooks: dict[str, MethodLike] = {}
        self.forward_hooks: list[str] = []
        self.forward_pre_hooks: list[str] = []
        self.properties: dict[str, tuple[str, str | None]] = {}
        self.class_attributes: frozenset[str] = frozenset()

    def add_attribute(
        self, name: str, type: Type, is_parameter: bool = False, is_buffer: bool = False
    ) -> None:
        """Append a slot."""
        self.attributes[name] = Attribute(name, type, is_parameter, is_buffer)

    def add_constant(self, name: str, value: object, type: Type) -> None:
        """Append a constant."""
        self.constants[name] = value
        self.constant_types[name] = type

    def functions(self) -> dict[str, MethodLike]:
        """Methods, then hooks in the order of their calls; no two have one name."""
        called = (*self.forward_pre_hooks, *self.forward_hooks)
        return {**self.methods, **{name: self.hooks[name] for name in called if name in self.hooks}}

    def attribute_type(self, name: str) -> Type | None:
        """Declared type of the slot `name`, None if there is no such slot."""
        attribute = self.attributes.get(name)
        return attribute.type if attribute else None


class InterfaceType(NominalType):
    """An interface: methods that a class must have. `is_module` for module interfaces."""

    __slots__ = ("is_module", "methods")
    kind = "InterfaceType"
    order = 27

    def __init__(self, qualified_name: str, is_module: bool = False) -> None:
        super().__init__(qualified_name)
        self.is_module = is_module
        self.methods: dict[str, FunctionSchema] = {}

    def __str__(self) -> str:
        return f"InterfaceType<{self.name}>"

    def _annotation(self, printer: TypePrinter | None) -> str:
        return self.qualified_name


class EnumType(NominalType):
    """An enum of `value_type`; `members` are (name, value) in order.

    A program's compiler makes the type anew for each mention, as torch does, which tells placeholders apart
    by that; all mentions are equal. `first` is the one that the others are made from.
    """

    # Classes that are made in Python for an enum of an archive live as long as it.
    __slots__ = ("__weakref__", "first", "members", "value_type")
    kind = "EnumType"
    order = 1

    def __init__(
        self, qualified_name: str, value_type: Type, members: tuple[tuple[str, object], ...]
    ) -> None:
        super().__init__(qualified_name)
        self.value_type = value_type
        self.members = members
        self.first = self

    def mention(self) -> EnumType:
        """The same type as an object of its own."""
        made = EnumType(self.qualified_name, self.value_type, self.members)
        made.first = self.first
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EnumType) and other.first is self.first

    def __hash__(self) -> int:
        return id(self.first)

    def __str__(self) -> str:
        return f"Enum<{self.qualified_name}>"

    @property
    def repr_str(self) -> str:
        """Spelling in error messages."""
        return str(self)

    def _annotation(self, printer: object) -> str:
        return self.qualified_name


class FunctionType(NominalType):
    """The type of a function used as a value (the callee of `prim::CallFunction`); equal for one function."""

    __slots__ = ("function",)
    kind = "FunctionType"
    order = 23

    def __init__(self, qualified_name: str, function: MethodLike) -> None:
        super().__init__(qualified_name)
        self.function = function

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FunctionType) and other.function is self.function

    def __hash__(self) -> int:
        return id(self.function)

    def __str__(self) -> str:
        return "Function"

    def _annotation(self, printer: object) -> str:
        return self.qualified_name
