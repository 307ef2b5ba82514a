"""Collects the programs of a file: what is compiled, and what it is called with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Target = TypeVar("Target")


@dataclass(frozen=True)
class Program:
    """A function, or a module class made without arguments, and the arguments of its calls in order.

    `way` is script, trace or build; a trace is made with the first call's arguments, and a function that
    builds gives the compiled module itself, or the bytes of its archive.
    """

    target: Any
    calls: tuple[tuple[Any, ...], ...]
    way: str

    @property
    def name(self) -> str:
        """The file's and the target's name."""
        return f"{self.target.__module__.rpartition('.')[2]}.{self.target.__name__}"


class Programs(list[Program]):
    """The programs of one file."""

    def script(self, *calls: tuple[Any, ...]) -> Callable[[Target], Target]:
        """Decorates what is scripted."""
        return self._collector(calls, "script")

    def trace(self, *calls: tuple[Any, ...]) -> Callable[[Target], Target]:
        """Decorates what is traced."""
        return self._collector(calls, "trace")

    def build(self, *calls: tuple[Any, ...]) -> Callable[[Target], Target]:
        """Decorates functions that give what is saved."""
        return self._collector(calls, "build")

    def _collector(self, calls: tuple[tuple[Any, ...], ...], way: str) -> Callable[[Target], Target]:
        def collect(target: Target) -> Target:
            self.append(Program(target, calls, way))
            return target

        return collect
