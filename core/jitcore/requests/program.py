"""A program that was opened or compiled, and how a method of it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from jitcore.archive import LoadedArchive, open_compiled
from jitcore.archive.tensor_files.opening import open_archive_or_tensors
from jitcore.ir import Function, ScriptObject
from jitcore.requests.method import Method
from jitcore.requests.program_name import ProgramName
from jitcore.requests.text_file import read_text
from jitcore.source import JitError
from jitcore.types import Argument, ClassType, FunctionSchema

if TYPE_CHECKING:
    from jitcore.archive import OpenedFile
    from jitcore.archive.tensor_files import TensorFile
    from jitcore.ir import Graph


class Program:
    """A module, a class, or one function alone; or tensors, with no program at all.

    `name` is what sentences call it, "" where who tells them names it. `archive` and `code`, its importer,
    are None where there is no archive. `module` is what has the methods: of a class an object without values,
    of a function None. `tensors` is set for a file that holds tensors only, and whatever is asked for then
    is refused with what to do. `file` is what it was read from, "" if from none; `is_compiled` says
    that the graphs of an archive are those that were compiled.
    """

    def __init__(
        self,
        name: str,
        subject: ScriptObject | ClassType | Function | TensorFile,
        loaded: LoadedArchive | None = None,
        file: str | OpenedFile = "",
        is_compiled: bool = False,
    ) -> None:
        self.name = name
        self.is_compiled = is_compiled
        self.file = file
        self.archive = loaded.archive if loaded is not None else None
        self.code = loaded.code if loaded is not None else None
        self.is_class = isinstance(subject, ClassType)
        self.is_ir_text = isinstance(subject, Function) and loaded is None and bool(str(file))
        self.module: ScriptObject | None = None
        if isinstance(subject, ClassType):
            self.module = ScriptObject(subject)
        elif isinstance(subject, ScriptObject):
            self.module = subject
        self._only_function = subject if isinstance(subject, Function) else None
        is_program = isinstance(subject, (ScriptObject, ClassType, Function))
        self.tensors: TensorFile | None = None if is_program else subject

    @classmethod
    def open(cls, file: str | OpenedFile) -> Self:
        """Open an archive, tensors, or a text called `.ir`. Raises `JitError` with one sentence."""
        name = str(file)
        if ProgramName(name).is_ir_text:
            # Only a text needs the parser of graphs.
            from jitcore.requests.graph_file import read_graph

            return cls(name, function_of(read_graph(read_text(file), name)), file=file)
        opened = open_archive_or_tensors(file)
        if not isinstance(opened, LoadedArchive):
            return cls(name, opened, file=file)
        try:
            return cls(name, opened.root, opened, file)
        except BaseException:
            opened.archive.close()
            raise

    @classmethod
    def open_compiled(cls, file: str | OpenedFile, name: str) -> Self:
        """Open an archive that holds graphs as they were compiled, from what sentences call `name`.

        Raises `JitError` with one sentence.
        """
        loaded, subject = open_compiled(file)
        try:
            return cls(name, subject if subject is not None else loaded.root, loaded, file, True)
        except BaseException:
            loaded.archive.close()
            raise

    def close(self) -> None:
        """Give the file up."""
        for opened in (self.archive, self.tensors):
            if opened is not None:
                opened.close()

    def find(self, module_path: str, method: str) -> Method:
        """The method or hook of the module at a dotted path, or a free function by its qualified name.

        The method "" is `forward`, `__init__`, or the first there is; a function alone goes by "" and
        `forward`. Raises `JitError` naming what is not there.
        """
        if self.module is None:
            return Method(self._function_alone(module_path, method), None)
        if not module_path and "." in method:
            return Method(self._free_function(method), None)
        module = self.find_module(module_path)
        methods = module.type.functions()
        found = methods.get(method or usual_method(module.type) or "forward")
        if not isinstance(found, Function):
            known = f"it has {', '.join(methods)}" if methods else "it has no methods"
            raise self._error(f"{self._place(module_path)} has no method '{method or 'forward'}'; {known}")
        return Method(found, None if self.is_class else module)

    def find_module(self, module_path: str) -> ScriptObject:
        """The module at a dotted path. Raises `JitError` naming the part that is missing."""
        if self.module is None:
            raise self._no_parts()
        try:
            return self.module.find(module_path)
        except KeyError as error:
            raise self._error(
                f"there is no module '{module_path}' (nothing called {error.args[0]!r}); the tree lists "
                "the modules"
            ) from error

    def first_method(self) -> tuple[str, str] | None:
        """Module path and name of the method to show first: `forward`, or the first there is."""
        if self.tensors is not None:
            return None
        if self.module is None:
            return "", "graph" if self.is_ir_text else "forward"
        for path, module in self.module.named_modules():
            usual = usual_method(module.type)
            if usual:
                return path, usual
        return None

    def refuse_class(self) -> None:
        """Raise `JitError` for a class, which cannot be run without an object of it."""
        if self.is_class and self.module is not None:
            raise JitError(
                f"{self.module.type.name} is a class, whose methods need an object of it: run a function or "
                "a module that makes one"
            )

    def _function_alone(self, module_path: str, method: str) -> Function:
        names = ("", "forward", "graph") if self.is_ir_text else ("", "forward")
        if module_path or method not in names or self._only_function is None:
            raise self._no_parts()
        return self._only_function

    def _free_function(self, name: str) -> Function:
        if self.code is not None:
            found = self.code.find_function(name)
        else:
            # Only who asks for a function by such a name waits until all is looked through.
            from jitcore.requests.named_functions import functions_of

            called = functions_of(self.module) if self.module is not None else ()
            found = next((function for function in called if function.qualified_name == name), None)
        if found is None:
            raise self._error(f"the code defines no function {name}")
        return found

    def _place(self, module_path: str) -> str:
        if module_path:
            return f"module '{module_path}'"
        return self.module.type.name if self.is_class and self.module is not None else "the root module"

    def _no_parts(self) -> JitError:
        if self.tensors is not None:
            return JitError(self.tensors.advice)
        if self.is_ir_text:
            return JitError(f"{self.name} is IR text: it has one graph and no modules or methods")
        return self._error("a function has no modules and no methods")

    def _error(self, what: str) -> JitError:
        return JitError(f"{self.name}: {what}" if self.name else what)


def usual_method(kind: ClassType) -> str:
    """The method that is meant where none is named: `forward`, `__init__`, or the first; else ""."""
    usual = (name for name in ("forward", "__init__") if name in kind.methods)
    return next(usual, None) or next(iter(kind.methods), "")


def function_of(graph: Graph) -> Function:
    """A function alone that has a graph for its body, called `graph`."""
    arguments = tuple(Argument(value.name, value.type) for value in graph.inputs)
    returns = tuple(Argument("", value.type) for value in graph.outputs)
    return Function("graph", FunctionSchema("graph", "", arguments, returns), graph)
