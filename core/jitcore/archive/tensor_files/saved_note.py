"""What is told of a value that a file of tensors holds and that is neither tensor nor number nor text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jitcore.archive.dtypes import ElementType


class SavedNote:
    """A value by its description, as `torch.float32`. Attributes: `text`; `element`, what a dtype names."""

    __slots__ = ("element", "text")

    def __init__(self, text: str, element: ElementType | None = None) -> None:
        self.text = text
        self.element = element

    def __repr__(self) -> str:
        return self.text
