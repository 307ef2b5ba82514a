"""The importer of an archive's code: names to classes, functions and types, file by file as they are "
"asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from jitcore.frontend.annotations import Annotations
from jitcore.frontend.class_import import ClassImport
from jitcore.frontend.code_files import Body, CodeFile, SyntaxCache
from jitcore.frontend.constants import typed
from jitcore.frontend.definitions import lower_function, schema_of
from jitcore.frontend.named_types import import_enum, import_interface, import_named_tuple
from jitcore.frontend.parsing import parse
from jitcore.frontend.positions import ArchivePositions
from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.namespaces import BuiltinModule, ConstantsTable, Namespace, OperatorNamespaces
from jitcore.frontend.sugared.simple import SimpleValue
from jitcore.frontend.sugared.special import SpecialForm
from jitcore.frontend.upgrading import Upgrading
from jitcore.frontend.warning_numbers import WarningNumbers
from jitcore.ir import Function, Siblings
from jitcore.ops import custom_classes
from jitcore.source import Source, SourceError, SourceRange
from jitcore.types import COMPLEX, FLOAT, ClassType, FunctionSchema, Type

if TYPE_CHECKING:
    from jitcore.frontend.lowering import Lowering
    from jitcore.ir import Graph, Value

_NUMBERS: dict[str, float | complex] = {
    "inf": float("inf"), "nan": float("nan"), "infj": complex(0, float("inf")),
    "nanj": complex(0, float("nan")),
}  # fmt: skip


_NO_SCHEMA = FunctionSchema("", "", (), ())


class CodeRecords(Protocol):
    """The code files of an archive."""

    def source(self, qualifier: str) -> Source | None:
        """The file that defines the names under `qualifier` (`__torch__.a.b`), None if there is none."""
        ...


class Unknown:
    """An operator or class that is not known here and was lowered by guess: its name and the first place."""

    __slots__ = ("at", "name")

    def __init__(self, name: str, at: SourceRange | None) -> None:
        self.name = name
        self.at = at


class _Definition:
    """A class or function of a file that was parsed and not asked for yet."""

    __slots__ = ("file", "node")

    def __init__(self, node: ast.ClassDef | ast.FunctionDef, file: CodeFile) -> None:
        self.node = node
        self.file = file


class SourceImporter:
    """Compiles what an archive's code defines.

    Files are parsed when a name in them is asked for, classes get their attributes and signatures
    then, bodies are lowered when a `Function.graph` is asked for. `unknown` lists what had to be
    guessed because nothing here defines it, `constants` are those that the code names by number.
    """

    def __init__(
        self, code: CodeRecords, constants: Sequence[object] = (), version: int | None = None
    ) -> None:
        self._code = code
        self.constants = [typed(c) for c in constants]
        self._pending: dict[str, _Definition] = {}
        self._parsed: set[str] = set()
        self._types: dict[str, Type] = {}
        self._functions: dict[str, Function] = {}
        self._siblings = Siblings()
        self._hooks: dict[tuple[ClassType, str], Function] = {}
        self._syntax = SyntaxCache()
        self._warnings = WarningNumbers()
        self._upgrading = Upgrading.of_version(version)
        self._values: dict[str, SugaredValue] = {
            "torch": BuiltinModule("aten"),
            "ops": OperatorNamespaces(),
            "CONSTANTS": ConstantsTable(self.constants),
            "fork": SpecialForm("prim::fork"),
            "awaitable": SpecialForm("prim::awaitable"),
            "annotate": SpecialForm("prim::annotate"),
            "unchecked_cast": SpecialForm("prim::unchecked_cast"),
            "uninitialized": SpecialForm("prim::Uninitialized"),
            "__torch__": Namespace("__torch__", self),
        }
        self.unknown: dict[str, Unknown] = {}

    # --- what an archive asks for --------------------------------------------------------------

    def add_constants(self, constants: Sequence[object]) -> None:
        """Append to what the code names by number: objects of its classes, which it has to define first."""
        self.constants += [typed(constant) for constant in constants]

    def class_type(self, qualified_name: str) -> ClassType:
        """The class of a qualified name; raises `SourceError` if the code does not define it."""
        found = self.named_type(qualified_name)
        if not isinstance(found, ClassType):
            raise SourceError(f"the code defines no class {qualified_name}")
        return found

    def function(self, qualified_name: str) -> Function:
        """The free function of a qualified name; raises `SourceError` if the code does not define it."""
        found = self.find_function(qualified_name)
        if found is None:
            raise SourceError(f"the code defines no function {qualified_name}")
        return found

    @property
    def functions(self) -> tuple[Function, ...]:
        """The free functions that code lowered so far names, called in its graphs or not."""
        return tuple(self._functions.values())

    def type(self, annotation: str) -> Type:
        """The type that a text such as `List[__torch__.m.Net]` stands for."""
        source = Source(annotation, "")
        module = parse(source)
        if len(module.body) != 1 or not isinstance(module.body[0], ast.Expr):
            raise SourceError(f"'{annotation}' is not a type")
        return Annotations(self, ArchivePositions(source)).type_of(module.body[0].value)

    # --- names ---------------------------------------------------------------------------------

    def named_type(self, name: str) -> Type | None:
        """The class, named tuple, enum or interface of a qualified name, None if there is none."""
        try:
            found = self._find_type(name)
        except RecursionError:
            raise SourceError(f"the types that {name} refers to are nested too deeply") from None
        if isinstance(found, ClassType):
            self._warnings.refer(found)
        return found

    def _find_type(self, name: str) -> Type | None:
        found = self._types.get(name)
        if found is not None:
            return found
        if custom_classes.is_custom(name):
            if not custom_classes.is_known(name):
                self.unknown.setdefault(name, Unknown(name, None))
            return custom_classes.complete_class(name)
        definition = self._take(name, ast.ClassDef)
        if definition is None:
            # Resolving the name may have parsed a file that needed the type itself.
            return self._types.get(name)
        self._import_type(name, definition)
        return self._types.get(name)

    def find_function(self, name: str) -> Function | None:
        """The free function of a qualified name, None if there is none."""
        found = self._find_function(name)
        if found is not None:
            self._warnings.refer(found)
        return found

    def _find_function(self, name: str) -> Function | None:
        found = self._functions.get(name)
        if found is not None:
            return found
        definition = self._take(name, ast.FunctionDef)
        if definition is None:
            return None
        assert isinstance(definition.node, ast.FunctionDef)
        function = self.make_function(name, definition.node, definition.file)
        self._functions[name] = function
        return function

    def _take(self, name: str, kind: type[ast.AST]) -> _Definition | None:
        qualifier = name.rpartition(".")[0]
        if qualifier and qualifier not in self._parsed:
            self._parsed.add(qualifier)
            self._parse(qualifier)
        definition = self._pending.get(name)
        if definition is None or not isinstance(definition.node, kind):
            return None
        del self._pending[name]
        return definition

    def _parse(self, qualifier: str) -> None:
        source = self._code.source(qualifier)
        if source is None:
            # A name may be a namespace only: whether it has definitions shows in there being a file.
            return
        file = self._syntax.parse(source)
        for node in file.definitions:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                self._pending[f"{qualifier}.{node.name}"] = _Definition(node, file)
            elif not isinstance(node, ast.Import | ast.ImportFrom):
                raise file.positions.of(node).error(f"unexpected {type(node).__name__} between definitions")

    # --- definitions ---------------------------------------------------------------------------

    def _import_type(self, name: str, definition: _Definition) -> None:
        node, positions = definition.node, definition.file.positions
        assert isinstance(node, ast.ClassDef)
        if len(node.bases) > 1 or (node.bases and not isinstance(node.bases[0], ast.Name)):
            raise positions.of(node).error("Torchscript does not support class inheritance.")
        base = node.bases[0].id if node.bases and isinstance(node.bases[0], ast.Name) else None
        match base:
            case None | "Module":
                self._import_class(name, node, definition.file, is_module=base is not None)
            case "NamedTuple":
                self._types[name] = import_named_tuple(name, node, self, positions, self.constants)
            case "Enum":
                self._types[name] = import_enum(name, node, positions)
            case "Interface" | "ModuleInterface":
                is_module = base == "ModuleInterface"
                self._types[name] = import_interface(name, node, self, positions, is_module, self.constants)
            case _:
                raise positions.of(node).error("Torchscript does not support class inheritance.")

    def _import_class(self, name: str, node: ast.ClassDef, file: CodeFile, is_module: bool) -> None:
        kind = ClassType(name, is_module)
        imported = ClassImport(kind, node, file)
        with self._warnings.of(kind):
            imported.add_attributes(self)
        # Registered between attributes and methods: methods name the class in their signatures.
        self._types[name] = kind
        imported.add_methods(self)
        for hook in imported.hooks:
            kind.hooks[hook.name] = self._hooks[kind, hook.name] = hook
            self._warnings.add_hook(kind, hook)

    def make_function(
        self,
        qualified_name: str,
        node: ast.FunctionDef,
        file: CodeFile,
        owner: ClassType | None = None,
    ) -> Function:
        """A function or method whose body is lowered when its graph is asked for."""
        # As TorchScript does it: operators in functions outside of classes mean what they mean today.
        upgrading = None if owner is None else self._upgrading
        builder = self._builder(node, file.body_of(node), upgrading)
        function = Function(qualified_name, _NO_SCHEMA, builder, owner, file.range_of(node), self._siblings)
        with self._warnings.of(function):
            function.schema = schema_of(node, self, file.positions, owner, self.constants)
        return function

    def _builder(
        self, node: ast.FunctionDef, body: Body, upgrading: Upgrading | None
    ) -> Callable[[Function], Graph]:
        def build(function: Function) -> Graph:
            with self._warnings.of(function):
                graph = lower_function(
                    function, node, self, body.positions, upgrading, self._warnings.refer, body.statements
                )
            self._warnings.finish(function, graph)
            return graph

        return build

    # --- resolver of lowerings -----------------------------------------------------------------

    def resolve_type(self, name: str, where: SourceRange) -> Type | None:
        """The type of a qualified name, None if there is none."""
        return self.named_type(name) if "." in name else None

    def resolve_value(self, name: str, at: SourceRange, lowering: Lowering) -> SugaredValue | None:
        """`torch`, `ops`, `CONSTANTS`, the special forms of archives, `inf` and `nan`, `__torch__`."""
        found = self._values.get(name)
        if found is None and name in _NUMBERS:
            number = _NUMBERS[name]
            kind = COMPLEX if isinstance(number, complex) else FLOAT
            return SimpleValue(lowering.constant(number, kind, at))
        return found

    def resolve_hook(self, owner: ClassType, name: str) -> Function | None:
        """A hook of a module class."""
        return self._hooks.get((owner, name))

    def own_object(self, value: Value) -> SugaredValue:
        """`self` is a value like any other."""
        return SimpleValue(value)

    def accept_unknown(self, at: SourceRange, what: str) -> bool:
        """Take note of something that is lowered by guess: an archive opens whatever it uses."""
        self.unknown.setdefault(what, Unknown(what, at))
        return True
