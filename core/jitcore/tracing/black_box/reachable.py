"""What a program consists of: its own functions, and the objects that outlive a call."""

from __future__ import annotations

import sys
from collections import deque
from functools import lru_cache, partial
from types import CellType, CodeType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

import numpy
import torch

from jitcore.slots.torch_names import TORCH
from jitcore.tracing.black_box.own_files import is_own_class, is_own_file

_MOST_OBJECTS = 100_000
_MOST_ITEMS = 10_000
_UNUSED: str = TORCH._jit_internal.FunctionModifiers.UNUSED
_WALKS = frozenset(("values", "items", "keys", "__iter__", "__reversed__", "__getitem__", "__len__"))
"""Methods of containers of modules for which a script has its own."""
_PLAIN = (int, float, complex, str, bytes, bool, type(None), torch.Tensor, torch.dtype, torch.device)
_CHANGING = (
    numpy.ndarray, GeneratorType, type(iter([])), type(iter(())), type(iter({})), type(iter(range(1))),
)  # fmt: skip


_SEQUENCES: tuple[Any, ...] = (list, tuple, set, frozenset, deque)


class Reachable:
    """What can be reached from some objects.

    Of a module only what some code names: a program of one file is not all that its package has loaded.
    `functions` are those of the person's own files; `objects` those that can change, by their ids. They
    are kept alive so that no other gets the id of one. Where there is more than a bound, the rest is left
    out, and `is_whole` False. `ways_around` are functions, by file and qualified name, that a script
    would not run: why, and whether that is said where they are called. `namespaces` are the globals of the
    modules that they are of.
    """

    def __init__(self, *roots: object) -> None:
        self.functions: list[FunctionType] = []
        self.objects: dict[int, object] = {}
        self.ways_around: dict[tuple[str, str], tuple[str, bool]] = {}
        self.is_whole = True
        self._seen: set[int] = set()
        self._names: set[str] = set()
        self.namespaces: list[dict[str, object]] = []
        self._modules = _own_modules()
        self._waiting: deque[object] = deque(roots)
        modules = TORCH.nn.modules.module
        for hook in (*modules._global_forward_pre_hooks.values(), *modules._global_forward_hooks.values()):
            self._note_way(hook, "a hook of all modules runs, which a script does not call")
            self._waiting.append(hook)
        while self._waiting:
            if len(self._seen) > _MOST_OBJECTS:
                self.is_whole = False
                break
            self._look_at(self._waiting.popleft())

    def _look_at(self, thing: Any) -> None:
        # By its type alone: objects that stand for others may do anything when they are asked what they are.
        kind: type = type(thing)
        if issubclass(kind, _PLAIN) or id(thing) in self._seen:
            return
        self._seen.add(id(thing))
        if kind is FunctionType:
            self._function(thing)
        elif kind is MethodType:
            self._waiting.extend((thing.__func__, thing.__self__))
        elif issubclass(kind, staticmethod | classmethod):
            self._waiting.append(thing.__func__)
        elif issubclass(kind, property):
            self._waiting.extend((thing.fget, thing.fset, thing.fdel))
        elif issubclass(kind, partial):
            self._waiting.extend((thing.func, thing.args, thing.keywords))
        elif kind is CellType:
            self._cell(thing)
        elif issubclass(kind, type):
            self._class(thing)
        elif issubclass(kind, ModuleType):
            if is_own_file(_file_of(thing)):
                self.objects[id(thing)] = thing
                self._namespace(vars(thing))
        elif issubclass(kind, dict):
            self._items(thing, list(dict.values(thing)))
        elif issubclass(kind, _SEQUENCES):
            base = next(each for each in _SEQUENCES if issubclass(kind, each))
            self._items(thing, list(base.__iter__(thing)))
        elif issubclass(kind, _CHANGING):
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
            self._namespace(function.__globals__)
            self._name(_names_in(function.__code__))
        self._waiting.extend(function.__closure__ or ())
        self._waiting.extend(function.__defaults__ or ())
        self._waiting.extend((function.__kwdefaults__ or {}).values())
        self._waiting.extend(function.__dict__.values())

    def _namespace(self, names: dict[str, object]) -> None:
        """Look at what is named so far in the globals of a module, and at what will be."""
        if id(names) not in self._seen:
            self._seen.add(id(names))
            self.namespaces.append(names)
            self._waiting.extend(names[name] for name in self._names if name in names)

    def _name(self, names: frozenset[str]) -> None:
        """Code names something: a global, an attribute of a module, or what is of no concern here."""
        new = names - self._names
        self._names |= new
        for namespace in self.namespaces:
            self._waiting.extend(namespace[name] for name in new if name in namespace)
        for name in new:
            # What a function imports when it runs.
            self._waiting.extend(self._modules.get(name, ()))

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

    def _instance(self, thing: Any) -> None:
        kind: type = type(thing)
        self.objects[id(thing)] = thing
        self._waiting.append(kind)
        is_module = issubclass(kind, torch.nn.Module)
        if kind.__module__ == "functools":
            # What caches or dispatches calls of a function.
            self._waiting.append(getattr(thing, "__wrapped__", None))
        elif is_module or is_own_class(kind):
            # An object without attributes of its own would be asked for them, and may answer with anything.
            held: dict[str, Any] = thing.__dict__ if kind.__dictoffset__ else {}
            if is_module and "forward" in held:
                why = "forward is an attribute of this object: a script compiles one for all of its class"
                self._note_way(held["forward"], why)
            if issubclass(kind, torch.nn.ModuleDict | torch.nn.ModuleList) and is_own_class(kind):
                for name in _WALKS & vars(kind).keys():
                    why = f"{kind.__qualname__}.{name} runs, where a script walks over the modules themselves"
                    self._note_way(vars(kind)[name], why)
            if "__wrapped__" in held:
                why = f"{kind.__qualname__} stands for a function: a script compiles that"
                self._note_way(vars(kind).get("__call__"), why)
            for each in held.values():
                if type(each) is dict and not each:
                    # Empty ones can be filled too.
                    self.objects[id(each)] = each
                else:
                    self._waiting.append(each)
            self._waiting.extend(kind.__mro__[1:])


def _own_modules() -> dict[str, list[object]]:
    """The person's modules that are loaded, by what an import may call them: the whole name, or its end."""
    found: dict[str, list[object]] = {}
    for name, module in list(sys.modules.items()):
        if is_own_file(_file_of(module)):
            for said in {name, name.rpartition(".")[2]}:
                found.setdefault(said, []).append(module)
    return found


@lru_cache(maxsize=10_000)
def _names_in(code: CodeType) -> frozenset[str]:
    """The names of globals and attributes in code, and in what is defined in it."""
    inner = (each for each in code.co_consts if isinstance(each, CodeType))
    return frozenset(code.co_names).union(*map(_names_in, inner))


def _file_of(module: Any) -> str:
    """The file of a module, without having one loaded that waits to be."""
    file = getattr(module, "__dict__", {}).get("__file__")
    return file if isinstance(file, str) else "<none>"
