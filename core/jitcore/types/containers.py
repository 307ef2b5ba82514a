"""List, dict, tuple, optional, union, future, await and remote-reference types."""

from __future__ import annotations

from jitcore.types.base import COMPLEX, FLOAT, INT, NUMBER, Type, TypePrinter


class _Unary(Type):
    __slots__ = ()

    def __init__(self, element: Type) -> None:
        super().__init__((element,))

    @property
    def element(self) -> Type:
        """The contained type."""
        return self.parts[0]

    def over_exactly(self, parts: tuple[Type, ...]) -> Type:
        """The same sort of type over other parts."""
        return type(self)(parts[0])


class ListType(_Unary):
    """`List[element]`."""

    __slots__ = ()
    kind = "ListType"
    order = 6

    def __str__(self) -> str:
        return f"{self.element}[]"

    def _annotation(self, printer: TypePrinter | None) -> str:
        return f"List[{self.element.annotation(printer)}]"


class FutureType(_Unary):
    """`Future[element]`, what `torch.jit.fork` gives."""

    __slots__ = ()
    kind = "FutureType"
    order = 11

    def __str__(self) -> str:
        return f"Future({self.element})"

    def _annotation(self, printer: TypePrinter | None) -> str:
        return f"Future[{self.element.annotation(printer)}]"


class AwaitType(_Unary):
    """`Await[element]`, what `torch.jit._awaitable` gives."""

    __slots__ = ()
    kind = "AwaitType"
    order = 12

    def __str__(self) -> str:
        return f"Await({self.element})"

    def _annotation(self, printer: TypePrinter | None) -> str:
        return f"Await[{self.element.annotation(printer)}]"


class RRefType(_Unary):
    """`RRef[element]`, a remote reference."""

    __slots__ = ()
    kind = "RRefType"
    order = 12

    def __str__(self) -> str:
        return f"RRef({self.element})"

    def _annotation(self, printer: TypePrinter | None) -> str:
        return f"RRef[{self.element.annotation(printer)}]"


class DictType(Type):
    """`Dict[key_type, value_type]`."""

    __slots__ = ()
    kind = "DictType"
    order = 7

    def __init__(self, key_type: Type, value_type: Type) -> None:
        super().__init__((key_type, value_type))

    @property
    def key_type(self) -> Type:
        """Type of the keys."""
        return self.parts[0]

    @property
    def value_type(self) -> Type:
        """Type of the values."""
        return self.parts[1]

    def over_exactly(self, parts: tuple[Type, ...]) -> Type:
        """The same sort of type over other parts."""
        return DictType(parts[0], parts[1])

    def __str__(self) -> str:
        return f"Dict({self.parts[0]}, {self.parts[1]})"

    def _annotation(self, printer: TypePrinter | None) -> str:
        return f"Dict[{self.parts[0].annotation(printer)}, {self.parts[1].annotation(printer)}]"


KEY_KINDS = frozenset((
    "AnyType", "IntType", "BoolType", "FloatType", "ComplexType", "StringType", "TensorType", "DeviceObjType",
))  # fmt: skip
"""Kinds of types that the keys of a dict can have."""


def why_no_key(key: Type) -> str | None:
    """Why there is no dict with keys of that type; None if there is."""
    if key.kind in KEY_KINDS or key.has_free_variables:
        return None
    return (
        f"Cannot create dict for key type '{key}', only int, float, complex, Tensor, device and string keys "
        "are supported"
    )


class TupleType(Type):
    """A tuple; with `name` and `field_names` a named tuple. `defaults` maps field to value.

    `text` is how graphs spell it, once it was printed: of a deep one each part is printed by itself too.
    """

    __slots__ = ("defaults", "field_names", "name", "text")
    kind = "TupleType"
    order = 5

    def __init__(
        self,
        elements: tuple[Type, ...],
        name: str | None = None,
        field_names: tuple[str, ...] | None = None,
        defaults: dict[str, object] | None = None,
    ) -> None:
        super().__init__(elements)
        self.name = name
        self.field_names = field_names
        self.defaults: dict[str, object] = defaults or {}
        self.text: str | None = None

    @property
    def elements(self) -> tuple[Type, ...]:
        """Types of the fields in order."""
        return self.parts

    def over_exactly(self, parts: tuple[Type, ...]) -> Type:
        """The same sort of type over other parts."""
        return TupleType(parts, self.name, self.field_names, self.defaults)

    def key(self) -> tuple[object, ...]:
        """What makes two types of this kind equal."""
        return (self.parts, self.name if self.field_names else None, self.field_names)

    def __str__(self) -> str:
        if self.field_names is not None and self.name:
            return self.name
        return f"({', '.join(str(e) for e in self.parts)})"

    def _annotation(self, printer: TypePrinter | None) -> str:
        if self.field_names is not None and self.name:
            return self.name
        if not self.parts:
            return "Tuple[()]"
        return f"Tuple[{', '.join(e.annotation(printer) for e in self.parts)}]"


class UnionType(Type):
    """`Union[...]` of at least two members, flattened and sorted; build it with `make_union`."""

    __slots__ = ()
    kind = "UnionType"
    order = 38

    def over_exactly(self, parts: tuple[Type, ...]) -> Type:
        """A union of other parts, which are taken as they are."""
        return UnionType(parts)

    def key(self) -> tuple[object, ...]:
        """What makes two types of this kind equal."""
        return (frozenset(self.parts),)

    def _spell(self, names: list[str], number: str, brackets: str) -> str:
        shown = names
        if {INT, FLOAT, COMPLEX} <= set(self.parts):
            shown = [n for n, t in zip(names, self.parts, strict=True) if t not in (INT, FLOAT, COMPLEX)]
            shown.append(number)
        return f"Union{brackets[0]}{', '.join(shown)}{brackets[1]}"

    def __str__(self) -> str:
        return self._spell([str(t) for t in self.parts], str(NUMBER), "()")

    def _annotation(self, printer: TypePrinter | None) -> str:
        return self._spell([t.annotation(printer) for t in self.parts], NUMBER.annotation(printer), "[]")


class OptionalType(_Unary):
    """`Optional[element]`; build it with `make_optional`, in which nested optionals collapse."""

    __slots__ = ()
    kind = "OptionalType"
    order = 19

    def __str__(self) -> str:
        return f"{self.element}?"

    def _annotation(self, printer: TypePrinter | None) -> str:
        return f"Optional[{self.element.annotation(printer)}]"
