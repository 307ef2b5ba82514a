"""What a container that stays a TorchScript value has in common, whatever it contains."""

from __future__ import annotations

from typing import Any

from jitcore.types import Type


class Held:
    """Attributes: `held` is the container of the interpreter, `kind` its type.

    As torch's, a container equals itself and no other, whatever they hold.
    """

    __slots__ = ("held", "kind")

    def __init__(self, held: Any, kind: Type) -> None:
        self.held = held
        self.kind = kind

    def __len__(self) -> int:
        return len(self.held)

    def __bool__(self) -> bool:
        return bool(self.held)
