"""Passes that libtorch has and its Python does not offer, called by their C++ names.

libtorch exports `void f(std::shared_ptr<Graph>&)` under a name that tells the types; an object of
`torch._C.Graph` holds such a pointer, with whose address it is called. Before each call it is looked at that
pybind11 lays objects out so: the object's pointer is the one in its holder.
"""

import ctypes
import sys
from functools import cache
from pathlib import Path
from typing import Any

import torch

PREFIX = "torch::jit::"

_TAKES_CONST = frozenset(
    {
        "LowerSimpleTuples", "NormalizeOps", "PeelProfilingLoops", "PropagateInputShapes",
        "RemoveListMutationAndUseVariadicCat",
        "RemoveListMutationAndUseVariadicStack", "UseVariadicCat", "UseVariadicStack",
    }
)  # fmt: skip
"""Functions whose parameter is `const`, which their mangled names tell."""

_TAKES_GRAPH = frozenset({"LowerGradOf"})
"""Functions that take the graph itself."""


def can_be_called() -> bool:
    """Whether libtorch's names are mangled here as they are called below."""
    return sys.platform == "linux"


def call(name: str, graph: Any) -> None:
    """Let a function `torch::jit::NAME` rewrite a graph.

    Raises RuntimeError for a graph that libtorch cannot analyse: out of C++, that would end the process.
    """
    graph.alias_db()
    words = ctypes.sizeof(ctypes.c_void_p)
    start = id(graph) + object.__basicsize__
    held, pointer = (ctypes.c_void_p * 2).from_address(start)
    if held != pointer:
        raise AssertionError("pybind11 lays objects out otherwise than this was written for")
    name = name.removeprefix(PREFIX)
    _function(name)(held if name in _TAKES_GRAPH else start + words)


@cache
def _function(name: str) -> Any:
    library = ctypes.PyDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
    const = "K" if name in _TAKES_CONST else ""
    taken = "NS0_5GraphE" if name in _TAKES_GRAPH else f"{const}St10shared_ptrINS0_5GraphEE"
    function = library[f"_ZN5torch3jit{len(name)}{name}ER{taken}"]
    function.argtypes = [ctypes.c_void_p]
    function.restype = None
    return function
