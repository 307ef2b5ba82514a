"""jitcore's answers to the same questions that `oracle` asks torch, through its public interface only.

Each question imports what it needs when it is asked, so that texts are compared while nothing executes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jitcore.archive import open_archive
from jitcore.ir import Function, Graph
from jitcore.printing import graph_text
from jitcore.types import ClassType, FunctionType


class Subject:
    """An archive as jitcore sees it.

    `functions` maps qualified names to every method of every class that the modules, and functions reached
    from them, use, and to these functions.
    """

    def __init__(self, archive: Path) -> None:
        self._archive = open_archive(archive)
        self._root = self._archive.root
        self.functions: dict[str, Function] = {}
        for _, module in self._root.named_modules():
            self._add_class(module.type)

    def _add_class(self, type: ClassType) -> None:
        for method in (*type.methods.values(), *type.static_methods.values()):
            # The methods of classes that torch implements itself have no body.
            if isinstance(method, Function):
                self._add(method)
        for name in (*type.forward_pre_hooks, *type.forward_hooks):
            hook = self._archive.code.resolve_hook(type, name)
            assert hook is not None
            self._add(hook)

    def _add(self, function: Function) -> None:
        if function.qualified_name not in self.functions:
            self.functions[function.qualified_name] = function

    def reach(self) -> dict[str, str]:
        """Compile everything, following calls into functions and classes; gives what failed and why."""
        failed: dict[str, str] = {}
        done: set[str] = set()
        while pending := self.functions.keys() - done:
            for name in pending:
                done.add(name)
                try:
                    self._follow(self.functions[name].graph)
                except Exception as error:
                    failed[name] = f"{type(error).__name__}: {error}"
            # Those too that stand in branches which are never taken.
            for function in self._archive.code.functions:
                self._add(function)
        return failed

    def _follow(self, graph: Graph) -> None:
        for node in graph.all_nodes():
            for value in node.outputs:
                if isinstance(value.type, FunctionType):
                    self._add(value.type.function)
                elif isinstance(value.type, ClassType):
                    self._add_class(value.type)
            subgraph = node.attributes.get("Subgraph")
            if isinstance(subgraph, Graph):
                self._follow(subgraph)

    def graph(self, name: str) -> str:
        """`.graph` as printed."""
        return graph_text(self.functions[name].graph)

    def inlined(self, name: str) -> str:
        """`.inlined_graph` as printed."""
        from jitcore.passes.inline import inlined_graph

        return graph_text(inlined_graph(self.functions[name]))

    def code(self, name: str) -> str:
        """`.code`."""
        from jitcore.printing import code_text

        return code_text(self.functions[name])

    def after(self, name: str, passes: list[str], copies: int = 0) -> str:
        """The graph after `passes`; inlined first unless inlining is the first of them, then copied."""
        from jitcore.exec import evaluator
        from jitcore.frontend.shape_functions import shape_function_graph
        from jitcore.passes import PassContext, run_pipeline
        from jitcore.passes.inline import inlined_graph

        function = self.functions[name]
        graph = function.graph.copy() if passes[0] == "inline" else inlined_graph(function)
        for _ in range(copies):
            graph = graph.copy()
        run_pipeline(graph, passes, PassContext(evaluator(), shape_functions=shape_function_graph))
        return graph_text(graph)

    def callable(self) -> Callable[[str, tuple[Any, ...]], Any]:
        """Calls methods of the archive's module by name; the module keeps its state from call to call."""
        from jitcore.exec import Interpreter

        interpreter = Interpreter()
        # Some classes restore themselves, by running.
        module = interpreter.materializer.object(self._root)

        def call(method: str, inputs: tuple[Any, ...]) -> Any:
            return interpreter.run(self._root.method(method), [module, *inputs])

        return call
