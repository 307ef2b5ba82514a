"""Parser of types as schemas and graphs spell them (`Tensor(a!)?[]`, `Float(2, 3, strides=[3, 1])`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from jitcore.source import JitError
from jitcore.types.base import (
    ANY,
    ANY_CLASS,
    ANY_ENUM,
    ANY_LIST,
    ANY_TUPLE,
    BOOL,
    CAPSULE,
    COMPLEX,
    DEVICE,
    FLOAT,
    GENERATOR,
    INT,
    LAYOUT,
    MEMORY_FORMAT,
    NONE,
    NUMBER,
    PY_OBJECT,
    QSCHEME,
    QUANTIZER,
    SCALAR_TYPE,
    STORAGE,
    STREAM,
    STRING,
    SYM_BOOL,
    SYM_FLOAT,
    SYM_INT,
    Type,
    VarType,
)
from jitcore.types.classes import ClassType
from jitcore.types.containers import (
    AwaitType,
    DictType,
    FutureType,
    ListType,
    RRefType,
    TupleType,
)
from jitcore.types.relations import make_optional, make_union
from jitcore.types.schema import AliasInfo
from jitcore.types.tensor import SCALAR_TYPE_NAMES, TENSOR, TensorType

TypeResolver = Callable[[str], Type]

_BASE_TYPES: dict[str, Type] = {
    "Any": ANY, "AnyClassType": ANY_CLASS, "AnyEnumType": ANY_ENUM, "Capsule": CAPSULE,
    "ConstQuantizerPtr": INT, "Device": DEVICE, "Dimname": STRING, "Generator": GENERATOR,
    "Layout": LAYOUT, "MemoryFormat": MEMORY_FORMAT, "None": NONE, "NoneType": NONE, "PyObject": PY_OBJECT,
    "QScheme": QSCHEME, "Quantizer": QUANTIZER, "Scalar": NUMBER, "ScalarType": SCALAR_TYPE,
    "Storage": STORAGE, "Stream": STREAM, "SymBool": SYM_BOOL, "SymFloat": SYM_FLOAT, "SymInt": SYM_INT,
    "Tensor": TENSOR, "bool": BOOL, "complex": COMPLEX, "float": FLOAT, "int": INT, "list": ANY_LIST,
    "number": NUMBER, "str": STRING, "tuple": ANY_TUPLE,
}  # fmt: skip

# In schemas these are integers to the compiler; only the schema remembers what they stand for.
_FAKED_TYPES: dict[Type, Type] = {SCALAR_TYPE: INT, MEMORY_FORMAT: INT, LAYOUT: INT, SYM_INT: INT}
_WRAPPERS: dict[str, type[FutureType | RRefType | AwaitType]] = {
    "Future": FutureType,
    "RRef": RRefType,
    "Await": AwaitType,
}
_DTYPES = {shown: dtype for dtype, shown in SCALAR_TYPE_NAMES.items()}

_WORD = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_QUALIFIED = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(?:\.[A-Za-z_$][A-Za-z0-9_$]*)*")
_NUMBER = re.compile(r"-?[0-9]+")
_LONGEST_NUMBER = 20
"""Characters of a whole number of 64 bits, with its sign."""

_LONGEST_INDEX = 9
_DEVICE = re.compile(r"[a-z]+(?::[0-9]+)?")
_ALIAS_SET = re.compile(r"\s*\*|\s*[A-Za-z_$][A-Za-z0-9_$]*")

_custom_classes: dict[str, ClassType] = {}


def custom_class(qualified_name: str) -> ClassType:
    """The one type of a class that an extension registers (`__torch__.torch.classes.quantized.X`)."""
    found = _custom_classes.get(qualified_name)
    if found is None:
        found = _custom_classes[qualified_name] = ClassType(qualified_name)
    return found


class ParsedType(NamedTuple):
    """A type as the compiler sees it, as it was written, and the alias annotation that went with it."""

    type: Type
    real_type: Type
    alias: AliasInfo | None


class TypeParser:
    """Reads types from `text`, starting at `position`, which moves behind what was read.

    `resolve` gives the type of a qualified class name. With `graph_spelling` tensor types carry
    their properties and named tuples their fields, as in `.graph`, and nothing is faked.
    """

    __slots__ = ("_fresh", "graph_spelling", "position", "resolve", "text")

    def __init__(
        self,
        text: str,
        position: int = 0,
        resolve: TypeResolver = custom_class,
        graph_spelling: bool = False,
    ) -> None:
        self.text = text
        self.position = position
        self.resolve = resolve
        self.graph_spelling = graph_spelling
        self._fresh = 0

    # --- cursor --------------------------------------------------------------------------------

    def skip_spaces(self) -> None:
        """Move to the next character that is not a blank."""
        text, position = self.text, self.position
        while position < len(text) and text[position] in " \t\n":
            position += 1
        self.position = position

    def accept(self, token: str) -> bool:
        """Move behind `token` if it comes next."""
        self.skip_spaces()
        if self.text.startswith(token, self.position):
            self.position += len(token)
            return True
        return False

    def expect(self, token: str) -> None:
        """Move behind `token`, which must come next."""
        if not self.accept(token):
            raise self.error(f"{token!r} expected")

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """The text that matches `pattern` here, and move behind it; None if it does not match."""
        self.skip_spaces()
        match = pattern.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        return match.group()

    def error(self, message: str) -> JitError:
        """An error for this place in the text."""
        return JitError(f"cannot read a type: {message} at column {self.position} of {self.text!r}")

    # --- types ---------------------------------------------------------------------------------

    def parse(self) -> ParsedType:
        """The type that starts here, with its suffixes `[]` and `?` and their alias annotations."""
        shown, real, alias = self._parse_base()
        text = self.text
        while True:
            if text.startswith("[]", self.position):
                self.position += 2
                same = real is shown
                shown = ListType(shown)
                real = shown if same else ListType(real)
                alias = wrap_alias(alias, self.parse_alias())
            elif text.startswith("?", self.position):
                self.position += 1
                same = real is shown
                shown = make_optional(shown)
                real = shown if same else make_optional(real)
            else:
                return ParsedType(shown, real, alias)

    def parse_type(self) -> Type:
        """The type that starts here, without what was annotated."""
        return self.parse().type

    def _parse_base(self) -> ParsedType:
        self.skip_spaces()
        if self.text.startswith("(", self.position):
            return self._plain(TupleType(tuple(self._parse_list("(", ")"))))
        word = self.take(_WORD)
        if word is None:
            raise self.error("a type expected")
        base = _BASE_TYPES.get(word)
        if base is not None:
            if self.graph_spelling:
                return self._plain(self._parse_tensor(word) if base is TENSOR else base)
            return ParsedType(_FAKED_TYPES.get(base, base), base, self.parse_alias())
        if word == "Dict":
            key, value = self._parse_pair()
            return self._plain(DictType(key, value), self.parse_alias())
        if word in _WRAPPERS:
            return self._plain(_WRAPPERS[word](self._parse_wrapped()))
        if word == "Union":
            return self._plain(make_union(self._parse_list("(", ")")), self.parse_alias())
        if word == "NamedTuple" and self.accept("("):
            return self._plain(self._parse_named_tuple())
        if word in ("Enum", "InterfaceType") and self.accept("<"):
            name = self._parse_qualified("")
            self.expect(">")
            return self._plain(self.resolve(name))
        if self.graph_spelling and (word in _DTYPES or word.removesuffix("Tensor") in _DTYPES):
            return self._plain(self._parse_tensor(word))
        if self.text.startswith(".", self.position) or self.graph_spelling:
            return self._plain(self.resolve(self._parse_qualified(word)), self.parse_alias())
        if word[0].islower():
            variable = VarType(word)
            return ParsedType(variable, variable, self.parse_alias())
        raise self.error(f"unknown type {word!r}")

    @staticmethod
    def _plain(t: Type, alias: AliasInfo | None = None) -> ParsedType:
        return ParsedType(t, t, alias)

    def _parse_qualified(self, first: str) -> str:
        rest = ""
        if not first or self.text.startswith(".", self.position):
            if first:
                self.position += 1
            rest = self.take(_QUALIFIED) or ""
        return f"{first}.{rest}" if first and rest else first or rest

    def _parse_list(self, opening: str, closing: str) -> list[Type]:
        self.expect(opening)
        types: list[Type] = []
        if self.accept(closing):
            return types
        while True:
            types.append(self.parse_type())
            if self.accept(closing):
                return types
            self.expect(",")

    def _parse_pair(self) -> tuple[Type, Type]:
        parts = self._parse_list("(", ")")
        if len(parts) != 2:
            raise self.error("a dict needs a key type and a value type")
        return parts[0], parts[1]

    def _parse_wrapped(self) -> Type:
        opening, closing = ("[", "]") if self.text.startswith("[", self.position) else ("(", ")")
        parts = self._parse_list(opening, closing)
        if len(parts) != 1:
            raise self.error("one type expected")
        return parts[0]

    def _parse_named_tuple(self) -> TupleType:
        names: list[str] = []
        types: list[Type] = []
        while not self.accept(")"):
            if names:
                self.expect(",")
            name = self.take(_WORD)
            if name is None:
                raise self.error("a field name expected")
            self.expect(":")
            names.append(name)
            types.append(self.parse_type())
        return TupleType(tuple(types), None, tuple(names))

    def _parse_tensor(self, word: str) -> TensorType:
        dtype = _DTYPES.get(word) or _DTYPES.get(word.removesuffix("Tensor"))
        sizes: list[int | None] = []
        strides: tuple[int | None, ...] | None = None
        requires_grad: bool | None = None
        device: str | None = None
        # Of no dimensions are all that print none, whether their type of elements is known or not.
        known_rank = self.text.startswith("()" if word not in _DTYPES else "(", self.position)
        if self.text.startswith("(", self.position):
            self.position += 1
            while not self.accept(")"):
                if self.accept("strides=["):
                    strides = tuple(self._parse_numbers())
                elif self.accept("requires_grad="):
                    requires_grad = self._parse_number() != 0
                elif self.accept("device="):
                    device = self._parse_device()
                elif self.accept("*"):
                    sizes.append(None)
                    known_rank = True
                else:
                    sizes.append(self._parse_number())
                    known_rank = True
                self.accept(",")
        undefined = True if self.accept("[Undefined]") else None
        known = (requires_grad, device, undefined)
        if dtype is None and not known_rank and known == (None, None, None):
            return TENSOR
        shape = tuple(sizes) if known_rank else None
        return TensorType(dtype, shape, strides, requires_grad, device, undefined)

    def _parse_device(self) -> str | None:
        device = self.take(_DEVICE)
        if device is not None and len(device.partition(":")[2]) > _LONGEST_INDEX:
            self.position -= len(device)
            raise self.error("Device index is too long")
        return device

    def _parse_number(self) -> int:
        number = self.take(_NUMBER)
        if number is None:
            raise self.error("a number expected")
        if len(number) > _LONGEST_NUMBER or not -(1 << 63) <= int(number) < 1 << 63:
            self.position -= len(number)
            raise self.error("Number is too big")
        return int(number)

    def _parse_numbers(self) -> list[int]:
        numbers: list[int] = []
        while not self.accept("]"):
            numbers.append(self._parse_number())
            self.accept(",")
        return numbers

    # --- alias annotations ---------------------------------------------------------------------

    def parse_alias(self) -> AliasInfo | None:
        """The annotation `(a!)`, `(a -> *)`, `(a|b)` or `!` that follows immediately, None without one."""
        if self.text.startswith("!", self.position):
            self.position += 1
            self._fresh += 1
            return AliasInfo(frozenset({f"${self._fresh - 1}"}), is_write=True)
        if not self.text.startswith("(", self.position):
            return None
        self.position += 1
        before = self._parse_alias_sets()
        is_write = self.accept("!")
        after = self._parse_alias_sets() if self.accept("->") else before
        self.expect(")")
        return AliasInfo(before, after, is_write)

    def _parse_alias_sets(self) -> frozenset[str]:
        found: set[str] = set()
        while True:
            name = self.take(_ALIAS_SET)
            if name is None:
                raise self.error("an alias set expected")
            found.add(name)
            if not self.accept("|"):
                return frozenset("*") if "*" in found else frozenset(found)


def wrap_alias(element: AliasInfo | None, container: AliasInfo | None) -> AliasInfo | None:
    """Annotation of a list, from that of its elements and the one that is its own."""
    if element is None:
        return container
    if container is None:
        return AliasInfo(is_write=element.is_write, contained=(element,))
    return AliasInfo(container.before, container.after, container.is_write, (*container.contained, element))


def parse_type(text: str, resolve: TypeResolver = custom_class, graph_spelling: bool = False) -> Type:
    """The type that `text` spells; raises `JitError` if it is not one."""
    parser = TypeParser(text, 0, resolve, graph_spelling)
    parsed = parser.parse()
    parser.skip_spaces()
    if parser.position != len(text):
        raise parser.error("the end expected")
    return parsed.real_type
