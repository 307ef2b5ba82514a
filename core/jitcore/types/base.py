"""Base of all TorchScript types, and the types that have no parts.

Three spellings exist, as in TorchScript: `str(t)` is the short schema form (`int[]`), `repr_str`
the form of error messages, `t.annotation()` the Python form (`List[int]`), and
`jitcore.types.printing.ir_text` the form of `.graph`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from jitcore.source import JitError

MOST_PARTS: Final = 50_000
"""Parts of the largest type: `t = (t, t)` doubles it with every line, and each value shows its type."""

TypePrinter = Callable[["Type"], "str | None"]


class Type:
    """An immutable TorchScript type; equality is structural.

    `kind` names the sort of type (`"ListType"`), `parts` are the contained types in order, and
    `order` is the place of the kind in TorchScript's own listing (unions are sorted by it), and `size` how
    many types it is made of. `has_shapes` says that something is known of tensors inside it, `unshaped_form`
    what it is without, once that was asked for. Raises `JitError` for a type of more than `MOST_PARTS`.
    """

    __slots__ = ("_hash", "has_free_variables", "has_shapes", "parts", "size", "unshaped_form")

    kind: str = "Type"
    order: int = -1

    def __init__(self, parts: tuple[Type, ...] = ()) -> None:
        self.parts = parts
        self.has_free_variables = any(part.has_free_variables for part in parts)
        self.size = 1 + sum([part.size for part in parts])
        if self.size > MOST_PARTS:
            raise JitError(f"a type is made of more than {MOST_PARTS:,} others")
        self._hash: int | None = None
        self.has_shapes = any(part.has_shapes for part in parts)
        self.unshaped_form: Type | None = None

    def over_exactly(self, parts: tuple[Type, ...]) -> Type:
        """The same sort of type over just these parts; `rebuilt` gives what TorchScript makes of them."""
        if parts:
            raise TypeError(f"{self.kind} has no parts")
        return self

    def annotation(self, printer: TypePrinter | None = None) -> str:
        """Python spelling; `printer` may name types its own way by returning a string."""
        if printer is not None:
            named = printer(self)
            if named is not None:
                return named
        return self._annotation(printer)

    def _annotation(self, printer: TypePrinter | None) -> str:
        return str(self)

    @property
    def repr_str(self) -> str:
        """Spelling in error messages."""
        return self.annotation()

    def key(self) -> tuple[object, ...]:
        """What makes two types of one kind equal."""
        return self.parts

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Type) and self.kind == other.kind and self.key() == other.key()

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash((self.kind, self.key()))
        return self._hash

    def __repr__(self) -> str:
        return f"<{self.kind} {self}>"


class SimpleType(Type):
    """A type without parts; one instance of each exists, in `jitcore.types`."""

    __slots__ = ("_annotation_text", "_text", "kind", "order")

    def __init__(self, kind: str, order: int, text: str, annotation: str | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.order = order
        self._text = text
        self._annotation_text = annotation or text

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return self._text

    def _annotation(self, printer: TypePrinter | None) -> str:
        return self._annotation_text


class VarType(Type):
    """A free type variable of a schema, `t` in `t[]`."""

    __slots__ = ("name",)
    kind = "VarType"
    order = 20

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.has_free_variables = True

    def key(self) -> tuple[object, ...]:
        """What makes two types of this kind equal."""
        return (self.name,)

    def __str__(self) -> str:
        return self.name


ANY = SimpleType("AnyType", 0, "Any")
ANY_ENUM = SimpleType("AnyEnumType", 2, "AnyEnumType")
STORAGE = SimpleType("StorageType", 4, "Storage")
NUMBER = SimpleType("NumberType", 8, "Scalar", "number")
FLOAT = SimpleType("FloatType", 9, "float")
COMPLEX = SimpleType("ComplexType", 10, "complex")
INT = SimpleType("IntType", 13, "int")
NONE = SimpleType("NoneType", 14, "NoneType")
STRING = SimpleType("StringType", 15, "str")
GENERATOR = SimpleType("GeneratorType", 16, "Generator")
QUANTIZER = SimpleType("QuantizerType", 17, "Quantizer")
BOOL = SimpleType("BoolType", 18, "bool")
DEVICE = SimpleType("DeviceObjType", 21, "Device")
STREAM = SimpleType("StreamObjType", 22, "Stream")
PY_OBJECT = SimpleType("PyObjectType", 25, "PyObject")
CAPSULE = SimpleType("CapsuleType", 26, "Capsule")
QSCHEME = SimpleType("QSchemeType", 28, "QScheme")
SCALAR_TYPE = SimpleType("ScalarTypeType", 29, "ScalarType")
LAYOUT = SimpleType("LayoutType", 30, "Layout")
MEMORY_FORMAT = SimpleType("MemoryFormatType", 31, "MemoryFormat")
ANY_LIST = SimpleType("AnyListType", 32, "list")
ANY_TUPLE = SimpleType("AnyTupleType", 33, "tuple")
ANY_CLASS = SimpleType("AnyClassType", 34, "AnyClassType")
SYM_INT = SimpleType("SymIntType", 35, "SymInt", "int")
SYM_FLOAT = SimpleType("SymFloatType", 36, "SymFloat", "float")
SYM_BOOL = SimpleType("SymBoolType", 37, "SymBool", "bool")

NUMERIC_TYPES: tuple[Type, ...] = (INT, FLOAT, COMPLEX)
