"""The formulas that libtorch differentiates operators by: `python -m tests.differential.libtorch_formulas`.

libtorch compiles them of programs of its own and gives them to nobody in Python. It exports a function that
is asked for those of a schema; what it gives is read as `tests/differential/libtorch_functions.py` calls
passes, and written to `jitcore/ops/gradient_formulas.txt`, where the package reads it.
"""

import ctypes
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import torch

from jitcore.ops.gradient_formulas import BACKWARD, FORMULAS, HEADING
from jitcore.ops.releases import USUAL, table_of

_NAME = re.compile(r'name="(\w+)"')

_FIND = "_ZN5torch3jit21gradientInfoForSchemaERKN3c1014FunctionSchemaE"
_PAIR_SIZE = 64
"""Bytes that hold an optional pair of shared pointers, with some to spare."""
_WORD = ctypes.sizeof(ctypes.c_void_p)
_HAS_VALUE = 4 * _WORD


def formulas_text() -> str:
    """The table: functions that formulas call, then for every operator how it runs and how its gradients."""
    functions: dict[str, str] = {}
    entries: list[str] = []
    for key, forward, backward in _formulas():
        for call in (
            *forward.findAllNodes("prim::CallFunction"),
            *backward.findAllNodes("prim::CallFunction"),
        ):
            found = _NAME.search(str(next(call.inputs()).node()))
            assert found is not None, "a formula calls what has no name"
            functions.setdefault(found.group(1), str(_body_of(call)))
        entries.append(f"{HEADING}{key}\n{_without_closures(str(forward))}{BACKWARD}\n{backward}")
    called = [f"{HEADING}{name}\n{text}" for name, text in sorted(functions.items())]
    return "".join(called + entries)


def _formulas() -> Iterator[tuple[str, Any, Any]]:
    for schema in _schemas():
        found = _formula_of(schema)
        if found is not None:
            key = f"{schema.name}.{schema.overload_name}" if schema.overload_name else schema.name
            yield key, *found


@cache
def _schemas() -> list[Any]:
    """All schemas, none of which goes: libtorch remembers answers by their addresses."""
    names = sorted({schema.name for schema in torch._C._jit_get_all_schemas()})
    return [schema for name in names for schema in torch._C._jit_get_schemas_for_operator(name)]


@cache
def _finder() -> Any:
    library = ctypes.PyDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
    function = library[_FIND]
    function.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    function.restype = None
    return function


def _formula_of(schema: Any) -> tuple[Any, Any] | None:
    answer = (ctypes.c_char * _PAIR_SIZE)()
    address = ctypes.c_void_p.from_address(id(schema) + object.__basicsize__).value
    _finder()(ctypes.addressof(answer), address)
    if not answer.raw[_HAS_VALUE]:
        return None
    start = ctypes.addressof(answer)
    return _graph_at(start), _graph_at(start + 2 * _WORD)


def _graph_at(address: int) -> Any:
    """An object of Python for the graph that a shared pointer leads to; neither of them ever goes."""
    pointer, owner = (ctypes.c_void_p * 2).from_address(address)
    graph = torch._C.Graph()
    words = (ctypes.c_void_p * 3).from_address(id(graph) + object.__basicsize__)
    if words[0] != words[1]:
        raise AssertionError("pybind11 lays objects out otherwise than this was written for")
    words[0], words[1], words[2] = pointer, pointer, owner
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(graph))
    return graph


def _body_of(call: Any) -> Any:
    """What stands in the place of a call once it is inlined."""
    graph = torch._C.Graph()
    function, *arguments = call.inputs()
    values = {
        function.debugName(): graph.insertNode(
            graph.createClone(function.node(), lambda value: value)
        ).output()
    }
    for argument in arguments:
        values[argument.debugName()] = parameter = graph.addInput()
        parameter.setType(argument.type())
    copy = graph.insertNode(graph.createClone(call, lambda value: values[value.debugName()]))
    for output in copy.outputs():
        # Inlining gives the names of what is called to what stands there then.
        output.setDebugName("")
        graph.registerOutput(output)
    torch._C._jit_pass_inline(graph)
    # The constant that was called is the caller's.
    next(graph.nodes()).destroy()
    return graph


def _without_closures(text: str) -> str:
    """Without the bodies of closures, which nobody reads and which are the backward graphs."""
    return text.partition("with prim::Closure")[0].replace("prim::Closure_0()", "prim::Uninitialized()")


if __name__ == "__main__":
    # Of another release than the usual one only what differs is kept, which this does not sort out.
    table_of(FORMULAS, USUAL).write_text(formulas_text(), encoding="utf-8")
    sys.stdout.flush()
    # Graphs that libtorch keeps are owned twice here, so nothing may be taken down in order.
    os._exit(0)
