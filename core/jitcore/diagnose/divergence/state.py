"""All that a program can change while it runs, noted once and put back before every run."""

from __future__ import annotations

import copy
import functools
import inspect
import os
import random
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from operator import is_
from types import CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, cast

import numpy as np
import torch

from jitcore.ir import ScriptObject
from jitcore.tracing.black_box.own_files import is_own_class, is_own_file
from jitcore.tracing.black_box.reachable import Reachable

_PLAIN = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size, range)
_COPIED_ITERATORS = ("itertools", "builtins")
_TRUSTED_BYTES = 1 << 16
"""Tensors up to here are put back before every run; larger ones where they were seen to be written to."""

_MOST_THINGS = 500_000
"""Things that are noted: a program's own state is a few thousand, a data set that hangs on it need not be
copied."""

Undo = Callable[[], None]


class ProgramState:
    """What a program holds, with the values that it had when this was made.

    Tensors, containers and objects keep their identity: `restore` puts the old values into them, so that
    views, closures, hooks and compiled counterparts that share them go on sharing. Attribute `uncopied`:
    descriptions of what cannot be put back, generators for one.
    """

    def __init__(self, roots: Iterable[object]) -> None:
        """Note what is reached from `roots`, from the modules of their code, and the states of generators."""
        self.uncopied: list[str] = []
        self._undo: list[Undo] = []
        self._draws: list[Undo] = []
        self._dicts: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
        self._seen: dict[int, object] = {}
        self._tensors: list[_SavedTensor] = []
        self._named: list[tuple[dict[Any, Any], dict[Any, Any]]] = []
        self._contents: dict[int, _Content] = {}
        self._cells: list[tuple[str, CellType, object]] = []
        self._classes: list[tuple[type, dict[str, object]]] = []
        pending: list[object] = list(roots)
        self._note_modes()
        pending.extend(map(_Names, Reachable(*pending).namespaces))
        self._walk(pending)

    def add(self, roots: Iterable[object]) -> None:
        """Note what else there is, as it is now."""
        self._walk(list(roots))

    def restore(self) -> None:
        """Put everything back as it was."""
        # Thousands of these are looked at before every run, nearly all of them as they were.
        for held, saved in self._dicts:
            if held or saved:
                _put_entries(held, saved)
        for undo in (*self._undo, *self._draws):
            undo()
        for tensor in self._tensors:
            tensor.restore()

    def restore_draws(self) -> None:
        """Put back where all draws of random numbers start, and nothing else."""
        for undo in self._draws:
            undo()

    def changed(self) -> list[Change]:
        """What is not as it was: attributes, global names and variables of closures, each with how to put it
        back alone."""
        found = [
            Change(name, functools.partial(_set_cell, cell, saved))
            for name, cell, saved in self._cells
            if cell.cell_contents is not saved
        ]
        for kind, attributes in self._classes:
            found.extend(
                Change(name, functools.partial(setattr, kind, name, old))
                for name, old in attributes.items()
                if vars(kind).get(name, _NOTHING) is not old
            )
        for held, saved in self._named:
            for name in dict.fromkeys((*saved, *held)):
                if not isinstance(name, str) or name.startswith("__"):
                    continue
                old = saved.get(name, _NOTHING)
                if held.get(name, _NOTHING) is not old:
                    found.append(Change(name, functools.partial(_put_name, held, name, old)))
                    continue
                content = self._contents.get(id(old))
                if content is not None and content.is_changed():
                    found.append(Change(name, content.undo))
        return found

    def functions_of(self, code: CodeType) -> list[FunctionType]:
        """The functions of the program that run this code."""
        return [
            each for each in self._seen.values() if isinstance(each, FunctionType) and each.__code__ is code
        ]

    # --- walking --------------------------------------------------------------------------------

    def _walk(self, pending: list[object]) -> None:
        while pending:
            thing = pending.pop()
            identity = id(thing.names if isinstance(thing, _Names) else thing)
            if isinstance(thing, _PLAIN) or identity in self._seen or len(self._seen) > _MOST_THINGS:
                continue
            # Kept, so that nothing else gets its identity.
            self._seen[identity] = thing
            pending.extend(self._note(thing))

    def _note(self, thing: object) -> Iterable[object]:
        """Note how one thing is put back; what it holds."""
        match thing:
            case torch.Tensor():
                saved = _SavedTensor(thing)
                self._tensors.append(saved)
                self._contents[id(thing)] = _Content(saved.restore, saved.is_written)
                return (thing.grad,) if thing.is_leaf and thing.grad is not None else ()
            case _Names():
                return self._note_names(thing.names)
            case dict():
                return self._note_dict(cast("dict[Any, Any]", thing))
            case list() | deque() | bytearray():
                return self._note_sequence(cast("list[Any]", thing))
            case set():
                return self._note_set(cast("set[Any]", thing))
            case tuple() | frozenset():
                return cast("Iterable[object]", thing)
            case np.ndarray():
                return self._note_array(cast("Any", thing))
            case FunctionType():
                return self._note_function(thing)
            case MethodType():
                return (thing.__self__, thing.__func__)
            case property():
                return (thing.fget, thing.fset, thing.fdel)
            case functools.partial():
                held = cast("functools.partial[Any]", thing)
                return (held.func, held.args, held.keywords)
            case ModuleType():
                return ()
            case type():
                return self._note_class(thing)
            case _:
                return self._note_object(thing)

    def _note_dict(self, held: dict[Any, Any]) -> Iterable[object]:
        saved = dict(held)
        self._dicts.append((held, saved))
        self._named.append((held, saved))
        self._contents[id(held)] = _Content(
            functools.partial(_put_entries, held, saved), lambda: held.keys() != saved.keys()
        )
        self._fresh_iterators(saved, held.__setitem__)
        return list(saved.values())

    def _note_names(self, names: dict[str, object]) -> Iterable[object]:
        saved = {name: value for name, value in names.items() if not name.startswith("__")}

        def undo() -> None:
            for name, value in saved.items():
                if names.get(name, names) is not value:
                    names[name] = value
            for name in [name for name in names if not name.startswith("__") and name not in saved]:
                del names[name]

        self._undo.append(undo)
        self._named.append((names, saved))
        self._fresh_iterators(saved, names.__setitem__)
        return list(saved.values())

    def _note_sequence(self, held: Any) -> Iterable[object]:
        saved = list(held)

        def undo() -> None:
            if not _same_things(list(held), saved):
                held.clear()
                held.extend(saved)

        self._undo.append(undo)
        self._contents[id(held)] = _Content(undo, lambda: not _same_things(list(held), saved))
        if not isinstance(held, bytearray):
            self._fresh_iterators(dict(enumerate(saved)), held.__setitem__)
        return saved

    def _note_set(self, held: set[Any]) -> Iterable[object]:
        saved = set(held)

        def undo() -> None:
            if held != saved:
                held.clear()
                held.update(saved)

        self._undo.append(undo)
        self._contents[id(held)] = _Content(undo, lambda: held != saved)
        return list(saved)

    def _note_array(self, array: Any) -> Iterable[object]:
        saved = array.copy()

        def undo() -> None:
            if array.shape == saved.shape and array.flags.writeable:
                array[...] = saved

        self._undo.append(undo)
        return ()

    def _note_function(self, function: FunctionType) -> Iterable[object]:
        if not is_own_file(function.__code__.co_filename):
            return ()
        held: list[object] = [function.__defaults__, function.__kwdefaults__, vars(function)]
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            try:
                saved = cell.cell_contents
            except ValueError:
                # A variable that has no value yet.
                continue
            self._undo.append(functools.partial(_set_cell, cell, saved))
            self._cells.append((name, cell, saved))
            held.append(saved)
        held.append(_Names(function.__globals__))
        return held

    def _note_class(self, kind: type) -> Iterable[object]:
        if not is_own_class(kind):
            return ()
        saved = {
            name: value
            for name, value in vars(kind).items()
            if not name.startswith("__") and not isinstance(value, FunctionType | property)
        }

        def undo() -> None:
            for name, value in saved.items():
                if vars(kind).get(name, kind) is not value:
                    setattr(kind, name, value)
            for name in [
                name
                for name, value in vars(kind).items()
                if not name.startswith("__")
                and name not in saved
                and not isinstance(value, FunctionType | property)
            ]:
                delattr(kind, name)

        self._undo.append(undo)
        self._classes.append((kind, saved))
        functions = [value for value in vars(kind).values() if isinstance(value, FunctionType | property)]
        return [*saved.values(), *functions]

    def _note_script(self, scripted: Any) -> Iterable[object]:
        """What a module that torch scripted holds, which is no dictionary of Python's."""
        held: list[object] = []
        for module in scripted.modules():
            kind = getattr(module, "_concrete_type", None)
            if kind is None:
                continue
            for name in ("training", *kind.get_attributes()):
                value = getattr(module, name, None)
                if isinstance(value, torch.Tensor):
                    held.append(value)
                # A tensor stays the one that it is, and has its own way back.
                saved = value if isinstance(value, torch.Tensor) else copy.copy(value)
                if value is not None and not isinstance(value, torch.nn.Module):
                    self._undo.append(functools.partial(_put_attribute, module, name, saved))
        return held

    def _note_object(self, thing: Any) -> Iterable[object]:
        if isinstance(thing, ScriptObject):
            return (thing.attributes,)
        if isinstance(thing, torch.jit.ScriptModule):
            return self._note_script(thing)
        if type(thing).__module__.startswith("jitcore."):
            # What compiled programs hold is in their objects; the compiler's own state is none of theirs.
            owner = getattr(thing, "_script_object", None)
            return () if owner is None else (owner,)
        if isinstance(thing, torch.Generator):
            state = thing.get_state()
            self._draws.append(lambda: cast("None", thing.set_state(state)))
            return ()
        if isinstance(thing, random.Random):
            drawn = thing.getstate()
            self._draws.append(lambda: thing.setstate(drawn))
            return ()
        if isinstance(thing, np.random.Generator | np.random.RandomState):
            return self._note_numpy_generator(thing)
        if isinstance(thing, ContextVar):
            return self._note_context(cast("ContextVar[object]", thing))
        if _has(thing, "cache_clear") and _has(thing, "__wrapped__"):
            self._undo.append(thing.cache_clear)
            return (thing.__wrapped__,)
        if inspect.isgenerator(thing) or inspect.iscoroutine(thing):
            self.uncopied.append(f"the generator {thing.__qualname__}")
            return ()
        if inspect.isbuiltin(thing) or inspect.ismethoddescriptor(thing):
            return ()
        held: list[object] = []
        if _has(thing, "__dict__") and not isinstance(thing, type):
            held.append(vars(thing))
        if is_own_class(type(thing)):
            held.append(type(thing))
            held.extend(self._note_slots(thing))
        return held

    def _note_context(self, variable: ContextVar[object]) -> Iterable[object]:
        """What a variable of the context holds; one without any value gets none back."""
        try:
            saved = variable.get()
        except LookupError:
            self.uncopied.append(f"the context variable {variable.name}")
            return ()
        self._undo.append(lambda: None if variable.get() is saved else cast("None", variable.set(saved)))
        return (saved,)

    def _note_numpy_generator(self, thing: Any) -> Iterable[object]:
        if isinstance(thing, np.random.RandomState):
            state = thing.get_state()
            self._draws.append(lambda: thing.set_state(state))
        else:
            generator = thing.bit_generator
            bits = copy.deepcopy(generator.state)

            def undo() -> None:
                generator.state = copy.deepcopy(bits)

            self._draws.append(undo)
        return ()

    def _note_slots(self, thing: object) -> Iterable[object]:
        held: list[object] = []
        for kind in type(thing).__mro__:
            slots = vars(kind).get("__slots__", ())
            for name in (slots,) if isinstance(slots, str) else slots:
                slot = vars(kind).get(name)
                if not inspect.ismemberdescriptor(slot):
                    continue
                try:
                    value = slot.__get__(thing)
                except AttributeError:
                    # It holds nothing yet.
                    continue
                self._undo.append(functools.partial(setattr, thing, name, value))
                held.append(value)
        return held

    def _fresh_iterators(self, saved: dict[Any, Any], put: Callable[[Any, Any], object]) -> None:
        """Iterators move on where they are held: each run gets a copy of them as they were."""
        for key, value in saved.items():
            if not (hasattr(type(value), "__next__") and type(value).__module__ in _COPIED_ITERATORS):
                continue
            if inspect.isgenerator(value):
                continue
            try:
                kept = copy.deepcopy(value)
            except TypeError:
                self.uncopied.append(f"the iterator {type(value).__name__}")
                continue
            self._undo.append(functools.partial(_put_copy, put, key, kept))

    def _note_modes(self) -> None:
        python, numpy, drawn = random.getstate(), np.random.get_state(), torch.get_rng_state()
        grad, kind = torch.is_grad_enabled(), torch.get_default_dtype()
        surroundings = dict(os.environ)

        def undo_draws() -> None:
            random.setstate(python)
            np.random.set_state(numpy)  # what a program without a generator of its own draws from
            torch.set_rng_state(drawn)

        def undo() -> None:
            torch.set_grad_enabled(grad)
            torch.set_default_dtype(kind)
            if os.environ != surroundings:
                os.environ.clear()
                os.environ.update(surroundings)

        self._undo.append(undo)
        self._draws.append(undo_draws)


def _has(thing: object, name: str) -> bool:
    """Whether an object has an attribute, without asking it: its own answer may be any code."""
    return inspect.getattr_static(thing, name, _NOTHING) is not _NOTHING


def _put_attribute(module: Any, name: str, saved: Any) -> None:
    now = getattr(module, name)
    # Lists may hold tensors, which cannot be asked whether they are equal.
    is_plain = isinstance(saved, _PLAIN) and isinstance(now, _PLAIN)
    if now is not saved and not (is_plain and now == saved):
        setattr(module, name, saved)


@dataclass(frozen=True)
class Change:
    """An attribute or global `name` that a program changed, and `undo`, which puts it back alone."""

    name: str
    undo: Undo


@dataclass(frozen=True)
class _Content:
    undo: Undo
    is_changed: Callable[[], bool]


_NOTHING = object()


def _put_name(held: dict[Any, Any], name: str, old: object) -> None:
    if old is _NOTHING:
        held.pop(name, None)
    else:
        held[name] = old


def _put_entries(held: dict[Any, Any], saved: dict[Any, Any]) -> None:
    if (
        len(held) != len(saved)
        or not all(map(is_, held, saved))
        or not all(map(is_, held.values(), saved.values()))
    ):
        held.clear()
        held.update(saved)


def _same_things(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(is_, one, other))


class _Names:
    """The names of a module, of which those that Python makes are left alone."""

    def __init__(self, names: dict[str, object]) -> None:
        self.names = names


class _SavedTensor:
    """A tensor and its values."""

    def __init__(self, tensor: torch.Tensor) -> None:
        self._tensor = tensor
        self._version = _version(tensor)
        self._is_leaf = tensor.is_leaf
        self._grad = tensor.grad if tensor.is_leaf else None
        self._needs_grad = tensor.requires_grad
        with torch.no_grad():
            # A view of the same memory: the tensor itself may be led to other memory.
            self._place = tensor.detach() if _has_memory(tensor) else None
            self._is_small = self._place is not None and _bytes(tensor) <= _TRUSTED_BYTES
            self._values = None if self._place is None else self._place.clone()
        self._checks = 2

    def restore(self) -> None:
        tensor, place, values = self._tensor, self._place, self._values
        if place is None or values is None:
            return
        if (
            tensor.data_ptr() != place.data_ptr()
            or tensor.shape != place.shape
            or tensor.stride() != place.stride()
        ):
            tensor.data = place
        if self.is_written():
            with torch.no_grad():
                place.copy_(values)
        if self._is_leaf and not tensor.is_leaf and not tensor._is_view():
            # What was written to it has a history.
            tensor.detach_()
        if tensor.is_leaf and tensor.grad is not self._grad:
            tensor.grad = self._grad
        if tensor.is_leaf and tensor.requires_grad != self._needs_grad:
            tensor.requires_grad_(self._needs_grad)

    def is_written(self) -> bool:
        """Whether the values are not what they were."""
        place, values = self._place, self._values
        if place is None or values is None:
            return False
        if self._is_small:
            return not torch.equal(place, values)
        if _version(self._tensor) != self._version:
            return True
        # Writes through `.data` or numpy leave no mark; a program that makes them makes them every time.
        if self._checks:
            self._checks -= 1
            if not torch.equal(place, values):
                self._is_small = True
                return True
        return False


def _has_memory(tensor: torch.Tensor) -> bool:
    return (
        tensor.layout is torch.strided
        and not tensor.is_quantized
        and not tensor.is_nested
        and tensor.device.type != "meta"
        and not torch.nn.parameter.is_lazy(tensor)
    )


def _bytes(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def _version(tensor: torch.Tensor) -> int:
    return -1 if tensor.is_inference() else tensor._version


def _set_cell(cell: Any, value: object) -> None:
    cell.cell_contents = value


def _put_copy(put: Callable[[Any, Any], object], key: Any, kept: Any) -> None:
    put(key, copy.deepcopy(kept))
