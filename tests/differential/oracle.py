"""torch.jit's answers: every function of an archive, its texts, pass results and values."""

import re
import warnings
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch

from jitcore import ops
from jitcore.passes import catalogue
from tests.differential.counterparts import ON_FROZEN_GRAPHS, can_be_asked, may_end_the_process, rewritten

_COMPARED = {
    name: kind.counterpart
    for name, kind in catalogue().items()
    if can_be_asked(kind.counterpart) and name not in ON_FROZEN_GRAPHS
}

PASSES = {
    name: partial(rewritten, counterpart)
    for name, counterpart in _COMPARED.items()
    if not may_end_the_process(counterpart)
}
"""Passes of ours, as functions that give the graph after their counterpart in libtorch."""

TRIED_PASSES = {
    name: partial(rewritten, counterpart, careful=True)
    for name, counterpart in _COMPARED.items()
    if may_end_the_process(counterpart)
}
"""Those that are tried in a process of their own first, which takes longer: `report` compares them too."""

PIPELINE = [
    "inline", "dce", "cse", "constant-propagation", "constant-pooling", "peephole", "lower-all-tuples",
]  # fmt: skip
"""Passes that are compared one after the other too."""

OBJECT = re.compile(r"(?<= : )(\S+) = prim::Constant\[value=object\(0x[0-9a-f]+\)")
"""Objects print as their class here; torch prints an address in memory."""
WARNING = re.compile(r"\[warn_id=(\d+)\]")


def _next_warning() -> int:
    """The number that this process gives to the next warning that it compiles."""
    unit = torch._C.CompilationUnit()
    unit.define("def probe():\n    warnings.warn('probe')\n", {"warnings": warnings}.get)
    found = WARNING.search(str(unit.find_function("probe").graph))
    assert found is not None
    return int(found[1]) + 1


def imported(archive: Path) -> tuple[Any, Any]:
    """A compilation unit of its own and the archive's module in it, so that no name meets another's."""
    unit = torch._C.CompilationUnit()
    return unit, torch._C.import_ir_module(unit, str(archive), torch.device("cpu"), {}, False)


@cache
def declare_torchvision() -> list[torch.library.Library]:
    """Tell torch the schemas of torchvision's operators: enough to load and print, not to run.

    Gives the libraries, which keep the declarations alive.
    """
    libraries: dict[str, torch.library.Library] = {}
    schemas = Path(ops.__file__).with_name("torchvision_schemas.txt").read_text(encoding="utf-8")
    for line in schemas.splitlines():
        namespace, _, schema = line.partition("::")
        if namespace not in libraries:
            libraries[namespace] = torch.library.Library(namespace, "FRAGMENT")
        libraries[namespace].define(schema)
    return list(libraries.values())


def undeclare_torchvision() -> None:
    """Take back what `declare_torchvision` told torch."""
    for library in declare_torchvision():
        library._destroy()
    declare_torchvision.cache_clear()


class Oracle:
    """An archive as torch.jit sees it.

    `functions` maps qualified names to every function and method that loading compiled. Raises
    RuntimeError when torch refuses the archive.
    """

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._first_warning = _next_warning()
        try:
            self._unit, self._root = imported(archive)
        except RuntimeError as error:
            if "Unknown builtin op: torchvision::" not in str(error):
                raise
            declare_torchvision()
            # What was compiled before the refusal took numbers too.
            self._first_warning = _next_warning()
            self._unit, self._root = imported(archive)
        self.root_name: str = self._root._type().qualified_name()
        self._modules: dict[str, Any] = {}
        self._collect(self._root)
        self.functions = {function.qualified_name: function for function in self._unit.get_functions()}

    def _collect(self, module: Any) -> None:
        self._modules.setdefault(module._type().qualified_name(), module)
        for _, child in torch._C.ModuleDict(module).items():
            self._collect(child)

    def graph(self, name: str) -> str:
        """`.graph` as printed."""
        return self._text(self.functions[name].graph)

    def inlined(self, name: str) -> str:
        """`.inlined_graph` as printed."""
        return self._text(self.functions[name].inlined_graph)

    def code(self, name: str) -> str | None:
        """`.code`; None for methods of classes that are not modules, whose code torch shows nowhere."""
        owner, _, method = name.rpartition(".")
        if owner in self._modules and self._modules[owner]._has_method(method):
            return self._modules[owner]._get_method(method).code
        # Hooks of modules are functions of their class, but no methods.
        function = self.functions[name]
        arguments = function.schema.arguments
        if arguments and arguments[0].name == "self" and str(arguments[0].type) == owner:
            return None
        return function.code

    def after(self, name: str, passes: list[str], copies: int = 0) -> str:
        """The graph after `passes`; inlined first unless inlining is the first of them, then copied."""
        function = self.functions[name]
        graph = function.graph.copy() if passes[0] == "inline" else function.inlined_graph
        for _ in range(copies):
            graph = graph.copy()
        for each in passes:
            graph = PASSES[each](graph)
        return self._text(graph)

    def breaks(self, name: str, passes: list[str]) -> bool:
        """Whether libtorch's passes make a graph of the inlined one that libtorch itself calls broken."""
        graph = self.functions[name].inlined_graph
        try:
            for each in passes:
                graph = PASSES[each](graph)
            torch._C._jit_pass_lint(graph)
        except RuntimeError:
            return True
        return False

    def _text(self, graph: Any) -> str:
        """The graph as printed by a process that has loaded nothing else: it counts warnings from 0."""
        text = OBJECT.sub(r"\1 = prim::Constant[value=object(\1)", str(graph))
        if "[warn_id=" not in text or not self._first_warning:
            return text
        return WARNING.sub(lambda match: f"[warn_id={int(match[1]) - self._first_warning}]", text)

    def argument_types(self) -> list[str]:
        """Types of the arguments of `forward`, without self."""
        return [str(argument.type) for argument in self._root._get_method("forward").schema.arguments[1:]]

    def has_forward(self) -> bool:
        """Whether the archive's module can be called."""
        return self._root._has_method("forward")

    def call(self, method: str, inputs: tuple[Any, ...]) -> Any:
        """What a method of the archive's module gives; the module keeps its state from call to call."""
        return self._root._get_method(method)(*inputs)

    def twin(self) -> "Oracle":
        """The archive loaded once more, with a state of its own."""
        return Oracle(self._archive)
