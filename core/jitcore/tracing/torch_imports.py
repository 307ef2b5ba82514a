"""Modules of torch that are first imported while something is traced, such as `torch._dynamo` by a kernel."""

from __future__ import annotations

import sys
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from types import ModuleType, TracebackType


class TorchImports:
    """Finds torch's modules, and executes them in a context in which torch is as it was.

    A module keeps for good what it reads of others while it is executed, and some refuse what is no function
    of torch's own. `as_it_was` gives the context, which is entered once however many modules one imports. It
    is a context itself, in which the import system asks it.
    """

    def __init__(self, as_it_was: Callable[[], AbstractContextManager[None]]) -> None:
        self._as_it_was = as_it_was
        self._is_executing = False

    def __enter__(self) -> TorchImports:
        sys.meta_path.insert(0, self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """importlib: where a module is; None for what is not torch's, which others find."""
        if not name.startswith("torch."):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            # By an attribute of this one loader that goes again: what a module says of its loader stays true.
            loader: Any = spec.loader
            loader.exec_module = partial(self._execute, loader)
        return spec

    def _execute(self, loader: Any, module: ModuleType) -> None:
        del loader.exec_module
        if self._is_executing:
            loader.exec_module(module)
            return
        self._is_executing = True
        try:
            with self._as_it_was():
                loader.exec_module(module)
        finally:
            self._is_executing = False
