"""What is compared: a Python function, and the arguments of its calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """A function that is compiled on both sides and called with each of `calls`; `name` is for reports."""

    name: str
    function: Callable[..., Any]
    calls: tuple[tuple[Any, ...], ...] = ()
