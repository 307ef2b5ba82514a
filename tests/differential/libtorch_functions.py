"""Passes that libtorch has and its Python does not offer, called by their C++ names.

libtorch exports `void f(std::shared_ptr<Graph>&)` under a name that tells the types; an object of
`torch._C.Graph` holds such a pointer, with whose address it is called. Before each call it is looked at that
pybind11 lays objects out so: the object's pointer is the one in its holder.
"""

import ctypes
import os
import sys
import warnings
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

MAY_THROW = frozenset({"EliminateExceptions", "PropagateInputShapes"})
"""Functions that refuse some graphs that are well formed."""

_TAKES_GRAPH = frozenset({"LowerGradOf"})
"""Functions that take the graph itself."""


def can_be_called() -> bool:
    """Whether libtorch's names are mangled here as they are called below."""
    return sys.platform == "linux"


def call(name: str, graph: Any, careful: bool = False) -> None:
    """Let a function `torch::jit::NAME` rewrite a graph.

    Raises RuntimeError for a graph that libtorch cannot analyse, and, with `careful`, for others at which it
    throws: out of C++, that would end the process. It takes a while to try.
    """
    graph.alias_db()
    name = name.removeprefix(PREFIX)
    if careful and name in MAY_THROW and not _survives(name, graph):
        raise RuntimeError(f"{name} ends the process")
    _call(name, graph)


def fuse_tensorexprs(graph: Any, fewest: int, is_dynamic: bool) -> None:
    """Let `torch::jit::FuseTensorExprs` rewrite a graph, with parameters that Python does not offer."""
    library = ctypes.PyDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
    function = library["_ZN5torch3jit15FuseTensorExprsERSt10shared_ptrINS0_5GraphEEmbb"]
    function.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_bool, ctypes.c_bool]
    function.restype = None
    function(_pointer(graph), fewest, False, is_dynamic)
    # What Python offers does this, too.
    _call("RemoveTensorTypeSpecializations", graph)


def fuse_dynamically_quantized(graph: Any) -> None:
    """Let `torch::jit::QuantFusion` look for layers that quantize their inputs while they run."""
    library = ctypes.PyDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
    function = library["_ZN5torch3jit11QuantFusionERSt10shared_ptrINS0_5GraphEENS0_9QuantTypeE"]
    function.argtypes = [ctypes.c_void_p, ctypes.c_uint8]
    function.restype = None
    function(_pointer(graph), 0)


def _pointer(graph: Any) -> int:
    """The address of the `shared_ptr` that an object of Python holds."""
    words = ctypes.sizeof(ctypes.c_void_p)
    start = id(graph) + object.__basicsize__
    held, pointer = (ctypes.c_void_p * 2).from_address(start)
    if held != pointer:
        raise AssertionError("pybind11 lays objects out otherwise than this was written for")
    return start + words


def _call(name: str, graph: Any) -> None:
    pointer = _pointer(graph)
    held = ctypes.c_void_p.from_address(pointer).value
    _function(name)(held if name in _TAKES_GRAPH else pointer)


def _survives(name: str, graph: Any) -> bool:
    """Whether a call ends without throwing, which would end the process: tried in one of its own."""
    with warnings.catch_warnings():
        # Newer Pythons warn of threads; the child only calls one function.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _call(name, graph)
        os._exit(0)
    return not os.waitpid(child, 0)[1]


@cache
def _function(name: str) -> Any:
    library = ctypes.PyDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
    const = "K" if name in _TAKES_CONST else ""
    taken = "NS0_5GraphE" if name in _TAKES_GRAPH else f"{const}St10shared_ptrINS0_5GraphEE"
    function = library[f"_ZN5torch3jit{len(name)}{name}ER{taken}"]
    function.argtypes = [ctypes.c_void_p]
    function.restype = None
    return function
