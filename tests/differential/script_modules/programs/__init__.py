"""Modules written for the compiler: what is compiled and called, and what has to be refused."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from torch import nn

from tests.differential.corpus.language.programs import Program, Programs

Target = TypeVar("Target", bound=Callable[[], nn.Module])


class Refusals(list[Callable[[], nn.Module]]):
    """Module classes, or functions that give a module, that TorchScript does not compile."""

    def refused(self, target: Target) -> Target:
        """Decorates what is refused."""
        self.append(target)
        return target


def _values() -> Iterator[Any]:
    for found in pkgutil.iter_modules(__path__):
        yield from list(vars(importlib.import_module(f"{__name__}.{found.name}")).values())


def programs() -> list[Program]:
    """Every program, file by file."""
    return [program for value in _values() if isinstance(value, Programs) for program in value]


def refusals() -> list[Callable[[], nn.Module]]:
    """Everything that is refused, file by file."""
    return [target for value in _values() if isinstance(value, Refusals) for target in value]
