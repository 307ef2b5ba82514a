"""Makes a program anew from a changed text of one of its files, on the side, and leaves all else as it
was."""

from __future__ import annotations

import itertools
import linecache
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import torch
from torch.nn import Module

from jitcore.diagnose.divergence.sides import quiet, seed_all
from jitcore.diagnose.divergence.source_places import text_of
from jitcore.source import JitError
from jitcore.tracing.black_box.own_files import is_own_file


@dataclass(frozen=True)
class Recipe:
    """Where a program is found: the module of Python that has it, under which name, and whether it is made by
    calling that."""

    module: str
    file: str
    name: str
    is_called: bool

    @classmethod
    def of(cls, target: Callable[..., Any]) -> Recipe | None:
        """The recipe of a program; None where it is no name of a person's file."""
        kind: Any = type(target) if isinstance(target, Module) else target
        own = _own_modules()
        home = getattr(kind, "__module__", "") or ""
        # An object of a library's class may stand in any of the files.
        for name in sorted(own, key=lambda each: each != home):
            module, file = own[name]
            for held, value in vars(module).items():
                if value is target:
                    return cls(name, file, held, False)
        if isinstance(target, Module) and home in own and vars(own[home][0]).get(kind.__name__) is kind:
            return cls(home, own[home][1], kind.__name__, True)
        return None


def _own_modules() -> dict[str, tuple[ModuleType, str]]:
    """The modules of a person's files, by name, with the file.

    Without the script that runs, under whichever name it stands there (`multiprocessing` calls it
    `__mp_main__` too): executed anew it would ask for the same diagnosis.
    """
    running = sys.modules.get("__main__")
    running_file = _file_of(running)
    running_path = None if running_file is None else Path(running_file).resolve()
    return {
        name: (module, file)
        for name, module in list(sys.modules.items())
        if (file := _file_of(module)) is not None
        and module is not running
        and is_own_file(file)
        and Path(file).resolve() != running_path
    }


def _file_of(module: ModuleType | None) -> str | None:
    file = getattr(module, "__file__", None)
    return file if isinstance(file, str) else None


def rebuilt(recipe: Recipe, target: Callable[..., Any], file: str, text: str) -> Callable[..., Any]:
    """The program as it is with `text` in the place of a file, with the parameters of `target` where they
    fit.

    Raises `JitError` where that is no program any more.
    """
    try:
        with quiet():
            made = _made(recipe, file, text)
    except (Exception, SystemExit) as error:
        # Whatever a person's own code raises once it is changed.
        raise JitError(f"{type(error).__name__}: {error}") from error
    if isinstance(made, Module) and isinstance(target, Module):
        _take_over(made, target)
    return cast("Callable[..., Any]", made)


def _made(recipe: Recipe, file: str, text: str) -> Any:
    seed_all(0)
    modules = _own_modules()
    changed = [name for name, (_, path) in modules.items() if path == file]
    for name in (*changed, recipe.module):
        path = modules[name][1] if name in modules else recipe.file
        if name == recipe.module and name in changed and name in sys.modules and _is_new(name, modules):
            continue
        # Compilers know classes by the names of their modules, and what they made of one before.
        made = ModuleType(f"{name}_rebuilt{next(_TURNS)}")
        made.__file__ = path
        sys.modules[name] = sys.modules[made.__name__] = made
        source = text if path == file else text_of(path)
        exec(compile(source, path, "exec", dont_inherit=True), vars(made))  # noqa: S102  # as the file itself was
    found: Any = getattr(sys.modules[recipe.module], recipe.name)
    return found() if recipe.is_called else found


_TURNS = itertools.count(1)


def _is_new(name: str, before: dict[str, tuple[ModuleType, str]]) -> bool:
    return name in before and sys.modules[name] is not before[name][0]


def _take_over(made: Module, target: Module) -> None:
    """Give a module the values and the mode of another, as far as both have the same."""
    old, new = target.state_dict(), made.state_dict()
    for prefix in ("", "scripted."):
        named = {f"{prefix}{name}": value for name, value in old.items()}
        # What became a buffer only now keeps what it starts with.
        if all(name in new and new[name].shape == value.shape for name, value in named.items()):
            with torch.no_grad():
                made.load_state_dict({**new, **named})
            break
    if not target.training:
        made.eval()


@contextmanager
def on_the_side(file: str, text: str) -> Generator[None]:
    """Context in which a file has another text, for whoever asks Python for its source."""
    modules = dict(sys.modules)
    entry = linecache.cache.get(file)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name not in modules]:
            if is_own_file(str(getattr(sys.modules[name], "__file__", ""))):
                del sys.modules[name]
        sys.modules.update(modules)
        if entry is None:
            linecache.cache.pop(file, None)
        else:
            linecache.cache[file] = entry
