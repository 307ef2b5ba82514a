"""Types as callers of the library look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jitcore.types import Type


class ScriptType:
    """A type whose text is that of an annotation, as torch's types have it; all else is asked of `type`."""

    __slots__ = ("type",)

    def __init__(self, type: Type) -> None:
        self.type = type

    @property
    def annotation_str(self) -> str:
        """The spelling of Python, as `Dict[str, int]`."""
        return self.type.annotation()

    def str(self) -> str:
        """The spelling of schemas, as `Dict(str, int)`."""
        return f"{self.type}"

    def kind(self) -> str:
        """The sort of type, as `DictType`."""
        return self.type.kind

    def __getattr__(self, name: str) -> Any:
        return getattr(self.type, name)

    def __eq__(self, other: object) -> bool:
        return self.type == (other.type if isinstance(other, ScriptType) else other)

    def __hash__(self) -> int:
        return hash(self.type)

    def __repr__(self) -> str:
        return self.type.annotation()

    __str__ = __repr__
