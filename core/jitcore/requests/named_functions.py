"""The functions that a program calls by their qualified names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.ir import CONSTANT, Function
from jitcore.types import FunctionType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jitcore.ir import ScriptObject


def functions_of(module: ScriptObject) -> Iterator[Function]:
    """The free functions that methods and hooks of a module call, those below it too, and what these call."""
    methods = [
        method
        for _, part in module.named_modules()
        for method in part.type.functions().values()
        if isinstance(method, Function)
    ]
    return _called_by(methods)


def _called_by(callers: Iterable[Function]) -> Iterator[Function]:
    waiting, seen = list(callers), set[Function]()
    while waiting:
        for node in waiting.pop().graph.all_nodes():
            kind = node.output.type if node.kind == CONSTANT else None
            called = kind.function if isinstance(kind, FunctionType) else None
            if isinstance(called, Function) and called not in seen:
                seen.add(called)
                waiting.append(called)
                yield called
