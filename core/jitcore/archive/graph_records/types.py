"""What the writer and the reader of graphs agree about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jitcore.types import Type

Record = None | bool | int | float | str | list["Record"]
"""What a record of graphs is made of."""


class CodeNames(Protocol):
    """The code that graphs are written beside."""

    @property
    def types(self) -> Sequence[Type]:
        """Its classes and functions."""
        ...

    def name_of(self, declared: Type, /) -> str:
        """The name that a class, function, enum or named tuple has in it."""
        ...

    def position(self, value: object, /) -> int:
        """The place of a tensor or an object among its constants."""
        ...
