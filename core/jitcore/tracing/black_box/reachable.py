"""What a program consists of: its own functions, and the objects that outlive a call."""

from __future__ import annotations

import sys
from collections import deque
from functools import partial
from types import CellType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any, cast

import numpy
import torch

from jitcore.slots.torch_names import TORCH
from jitcore.tracing.black_box.own_files import is_own_class, is_own_file

_MOST_OBJECTS = 100_000
_MOST_ITEMS = 10_000
_UNUSED: str = TORCH._jit_internal.FunctionModifiers.UNUSED
_PLAIN = (int, float, complex, str, bytes, bool, type(None), torch.Tensor, torch.dtype, torch.device)
_CHANGING = (
    numpy.ndarray, GeneratorType, type(iter([])), type(iter(())), type(iter({})), type(iter(range(1))),
)  # fmt: skip


class Reachable:
    """What can be reached from some objects.

    `functions` are those of the person's own files; `objects` those that can change, by their ids. They
    are kept alive so that no other gets the id of one. Where there is more than a bound, the rest is left
    out, and `is_whole` False. `ways_around` are functions, by file and qualified name, that a script
    would not run: why, and whether that is said where they are called.
    """

    def __init__(self, *roots: object) -> None:
        self.functions: list[FunctionType] = []
        self.objects: dict[int, object] = {}
        self.ways_around: dict[tuple[str, str], tuple[str, bool]] = {}
        self.is_whole = True
        self._seen: set[int] = set()
        self._namespaces: list[object] = []
        self._waiting: deque[object] = deque(roots)
        for module in list(sys.modules.values()):
            if is_own_file(getattr(module, "__file__", None) or "<none>"):
                self._waiting.append(module)
        while self._waiting:
            if len(self._seen) > _MOST_OBJECTS:
                self.is_whole = False
                break
            self._look_at(self._waiting.popleft())

    def _look_at(self, thing: object) -> None:
        if isinstance(thing, _PLAIN) or id(thing) in self._seen:
            return
        self._seen.add(id(thing))
        if isinstance(thing, FunctionType):
            self._function(thing)
        elif isinstance(thing, MethodType):
            self._waiting.extend((thing.__func__, thing.__self__))
        elif isinstance(thing, staticmethod | classmethod):
            self._waiting.append(cast("Any", thing).__func__)
        elif isinstance(thing, property):
            self._waiting.extend((thing.fget, thing.fset, thing.fdel))
        elif isinstance(thing, partial):
            described = cast("partial[Any]", thing)
            self._waiting.extend((described.func, described.args, described.keywords))
        elif isinstance(thing, CellType):
            self._cell(thing)
        elif isinstance(thing, type):
            self._class(thing)
        elif isinstance(thing, ModuleType):
            if is_own_file(getattr(thing, "__file__", None) or "<none>"):
                self.objects[id(thing)] = thing
                self._waiting.extend(vars(thing).values())
        elif isinstance(thing, dict):
            self._items(thing, list(cast("dict[Any, Any]", thing).values()))
        elif isinstance(thing, list | set | tuple | deque | frozenset):
            self._items(thing, list(cast("list[Any]", thing)))
        elif isinstance(thing, _CHANGING):
            self.objects[id(thing)] = thing
        else:
            self._instance(thing)

    def _function(self, function: FunctionType) -> None:
        if is_own_file(function.__code__.co_filename):
            self.functions.append(function)
            if hasattr(function, "__wrapped__"):
                self._note_way(
                    function, f"{function.__qualname__} is wrapped: a script compiles what is inside"
                )
            elif vars(function).get("_torchscript_modifier") == _UNUSED:
                why = f"{function.__qualname__} is marked as one that a script does not run"
                self._note_way(function, why, is_at_call=True)
            names = function.__globals__
            if id(names) not in self._seen:
                self._seen.add(id(names))
                self._namespaces.append(names)
                self._waiting.extend(names.values())
        self._waiting.extend(function.__closure__ or ())
        self._waiting.extend(function.__defaults__ or ())
        self._waiting.extend((function.__kwdefaults__ or {}).values())
        self._waiting.extend(function.__dict__.values())

    def _note_way(self, function: object, why: str, is_at_call: bool = False) -> None:
        if isinstance(function, MethodType):
            function = function.__func__
        if isinstance(function, FunctionType):
            code = function.__code__
            self.ways_around[code.co_filename, code.co_qualname] = why, is_at_call

    def _cell(self, cell: CellType) -> None:
        try:
            self._waiting.append(cell.cell_contents)
        except ValueError:
            # A variable that has no value yet.
            return

    def _class(self, kind: type) -> None:
        if is_own_class(kind):
            self.objects[id(kind)] = kind
            self._waiting.extend(vars(kind).values())
            self._waiting.extend(kind.__bases__)

    def _items(self, thing: object, items: list[object]) -> None:
        if not isinstance(thing, tuple | frozenset):
            self.objects[id(thing)] = thing
        if len(items) > _MOST_ITEMS:
            self.is_whole = False
            items = items[:_MOST_ITEMS]
        self._waiting.extend(items)

    def _instance(self, thing: object) -> None:
        kind = type(thing)
        wrapped = getattr(thing, "__wrapped__", None) if kind.__module__ == "functools" else None
        if wrapped is not None:
            self._waiting.append(wrapped)
        is_module = isinstance(thing, torch.nn.Module)
        self._waiting.append(kind)
        if is_module or is_own_class(kind):
            self.objects[id(thing)] = thing
            held = getattr(thing, "__dict__", None)
            if is_module and "forward" in vars(thing):
                self._note_way(
                    vars(thing)["forward"], "forward of an object: a script compiles that of the class"
                )
            if isinstance(held, dict):
                values = cast("dict[str, object]", held).values()
                self._waiting.extend(each for each in values if not (isinstance(each, dict) and not each))
                # Empty ones can be filled too.
                for each in values:
                    if isinstance(each, dict):
                        self.objects[id(each)] = each
            self._waiting.extend(kind.__mro__[1:])
        else:
            self.objects[id(thing)] = thing
