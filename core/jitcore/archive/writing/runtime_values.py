"""What the writer must be told of values that only a process with torch has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jitcore.archive.tensors import LazyTensor
    from jitcore.ir import ScriptObject
    from jitcore.types import Type


class RuntimeValues(Protocol):
    """Describes running values in the terms of an archive."""

    def tensor(self, value: object, /) -> LazyTensor | None:
        """The tensor as one whose bytes can be read, equal storages shared; None for what is no tensor."""
        ...

    def device(self, value: object, /) -> str | None:
        """The name of a device; None for what is no device."""
        ...

    def native_object(self, value: object, /) -> tuple[str, object, Type | None] | None:
        """Of an object of a C++ class the qualified name, the state and its type; None for anything else."""
        ...

    def state_of(self, value: ScriptObject, /) -> object:
        """What the object's `__getstate__` returns."""
        ...
