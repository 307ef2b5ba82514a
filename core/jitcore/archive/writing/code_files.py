"""The code of a module and all that it refers to, as the files of an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.ir import Function
from jitcore.ops.custom_classes import NativeStaticMethod
from jitcore.ops.lookup import key_of_schema, schema_of
from jitcore.ops.upgraders import first_version_of_today
from jitcore.printing.code_classes import print_named_type
from jitcore.printing.code_constants import ConstantTable
from jitcore.printing.code_dependencies import Dependencies
from jitcore.printing.code_printer import CodePrinter
from jitcore.source import JitError
from jitcore.types import ClassType, FunctionType, NominalType, TupleType, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST_ATOM: Final = "__torch__"
_MANGLING: Final = "___torch_mangle_"


class CodeFiles:
    """Prints classes, functions and all that they name, each once, into a file for each qualifier.

    `constants` are the values that the code refers to as `CONSTANTS.cN`; `version` is the oldest version of
    the file format in which the operators that are used mean what they mean today. With `has_stand_ins` the
    code may call Python functions, and does not do what its graphs do.
    """

    def __init__(self, has_stand_ins: bool = False) -> None:
        self._has_stand_ins = has_stand_ins
        self.constants = ConstantTable()
        self.version = 0
        self._dependencies = Dependencies()
        self._printers: dict[str, CodePrinter] = {}
        self._converted: dict[object, Type] = {}
        self._names = _UniqueNames()

    @property
    def types(self) -> list[Type]:
        """The classes, functions, enums and named tuples that were printed."""
        return list(self._converted.values())

    def name_of(self, declared: Type, /) -> str:
        """The qualified name that a class, function, enum or named tuple has in the files."""
        return self._names.of(declared)

    def position(self, value: object, /) -> int:
        """The place of a value among the constants, to which it is added if it is not there."""
        return self.constants.position(value)

    def add(self, declared: Type) -> None:
        """Print a class."""
        self._convert(declared)

    def add_all_from(self, root: Type) -> None:
        """Print a class and, in the order in which printing meets them, all that it leads to."""
        self._dependencies.add(root)
        # Printing adds to the list that is walked.
        for declared in self._dependencies.types:
            self._convert(declared)

    def printed(self) -> Iterator[tuple[str, CodePrinter]]:
        """The files' names without an ending, as `__torch__/torch/nn/modules/conv`, and what is in them."""
        for qualifier, printer in self._printers.items():
            yield qualifier.replace(".", "/"), printer

    def _convert(self, declared: Type) -> None:
        key = _identity(declared)
        if key in self._converted:
            return
        if isinstance(declared, FunctionType) and isinstance(declared.function, NativeStaticMethod):
            raise JitError(
                f"the code calls {declared.qualified_name}, a static method of a C++ class, which archives "
                "have no place for; call it before, and pass its result"
            )
        self._converted[key] = declared
        qualifier = self._names.of(declared).rpartition(".")[0]
        printer = self._printers.get(qualifier)
        if printer is None:
            printer = self._printers[qualifier] = CodePrinter(
                self.constants, self._dependencies, self._written_name, importable=True,
                has_stand_ins=self._has_stand_ins,
            )  # fmt: skip
        print_named_type(printer, declared, _hook)
        for function in _functions_of(declared):
            self.version = max(self.version, _version_of(function))

    def _written_name(self, declared: Type) -> str | None:
        if isinstance(declared, NominalType) or (
            isinstance(declared, TupleType) and declared.name is not None
        ):
            return self._names.of(declared)
        return None


class _UniqueNames:
    """Gives types and functions of one name, as several programs may have them, names of their own."""

    def __init__(self) -> None:
        self._names: dict[object, str] = {}
        self._kept: list[Type] = []
        self._used: set[str] = set()
        self._count = 0

    def of(self, declared: Type) -> str:
        key = _identity(declared)
        known = self._names.get(key)
        if known is None:
            self._kept.append(declared)
            known = self._names[key] = self._free_name(_qualified_name(declared))
            self._used.add(known)
        return known

    def _free_name(self, name: str) -> str:
        if name not in self._used:
            return name
        atoms = [atom for atom in name.split(".") if not atom.startswith(_MANGLING)]
        while True:
            candidate = ".".join([*atoms[:-1], f"{_MANGLING}{self._count}", atoms[-1]])
            self._count += 1
            if candidate not in self._used:
                return candidate


def _identity(declared: Type) -> object:
    if isinstance(declared, FunctionType):
        return declared.function
    return declared


def _qualified_name(declared: Type) -> str:
    name = declared.name if isinstance(declared, TupleType) else None
    if isinstance(declared, NominalType):
        name = declared.qualified_name
    if name is None:
        raise ValueError(f"{declared} has no name")
    return name if "." in name else f"{_FIRST_ATOM}.{name}"


def _hook(owner: ClassType, name: str) -> Function | None:
    found = owner.hooks.get(name)
    return found if isinstance(found, Function) else None


def _functions_of(declared: Type) -> Iterable[Function]:
    if isinstance(declared, FunctionType):
        found: Iterable[object] = (declared.function,)
    elif isinstance(declared, ClassType):
        found = (*declared.methods.values(), *declared.hooks.values())
    else:
        return ()
    return [function for function in found if isinstance(function, Function)]


def _version_of(function: Function) -> int:
    first_versions = first_version_of_today()
    operators = {key.partition(".")[0] for key in first_versions}
    version = 0
    for node in function.graph.all_nodes():
        if node.kind in operators:
            schema = schema_of(node)
            if schema is not None:
                version = max(version, first_versions.get(key_of_schema(schema), 0))
    return version
