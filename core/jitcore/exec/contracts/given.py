"""The arguments of one call of an operator, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import torch

from jitcore.exec.errors import OutsideContractError


class Given:
    """Arguments by name. What does not hold raises `OutsideContractError`, which names the argument.

    Values of tensors on the meta device are nobody's, and are not looked at.
    """

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The argument, `default` where the overload has none of this name."""
        return self._values.get(name, default)

    def has(self, name: str) -> bool:
        """Whether the overload has the argument and it is not None."""
        return self._values.get(name) is not None

    def named(self, name: str) -> bool:
        """Whether the overload has an argument of this name."""
        return name in self._values

    def tensor(self, name: str, dimensions: Sequence[int] = ()) -> torch.Tensor:
        """The tensor, which must be there, with one of these numbers of dimensions (any if empty)."""
        value = self._values.get(name)
        if not isinstance(value, torch.Tensor):
            self.refuse(f"{name} is missing")
        if dimensions and value.dim() not in dimensions:
            allowed = " or ".join(map(str, dimensions))
            self.refuse(f"{name} has {value.dim()} dimensions where {allowed} are expected")
        return value

    def shape(self, name: str, expected: Sequence[int]) -> None:
        """The tensor has this shape, if it is there."""
        value = self._values.get(name)
        if isinstance(value, torch.Tensor) and tuple(value.shape) != tuple(expected):
            self.refuse(
                f"{name} has the shape {list(value.shape)}; the other arguments call for {list(expected)}"
            )

    def count(self, name: str, expected: int) -> None:
        """The tensor has this many elements, if it is there."""
        value = self._values.get(name)
        if isinstance(value, torch.Tensor) and value.numel() != expected:
            self.refuse(f"{name} has {value.numel()} elements; the other arguments call for {expected}")

    def values_between(self, name: str, least: int, most: int, among: torch.Tensor | None = None) -> None:
        """All elements of the tensor (of `among`, a part of it) are from `least` to `most`."""
        value = self._values.get(name) if among is None else among
        if not isinstance(value, torch.Tensor) or value.device.type == "meta" or not value.numel():
            return
        low, high = (bound.item() for bound in value.detach().aminmax())
        for found in (low, high):
            if not least <= found <= most:
                self.refuse(f"{name} holds {found}, and only {least} to {most} lie within the tensors")

    def rising(self, name: str, last: int | None = None) -> None:
        """The elements along the last dimension do not fall, and stay from 0 to `last`."""
        value = self.tensor(name)
        if value.device.type == "meta" or not value.numel():
            return
        if last is not None:
            self.values_between(name, 0, last)
        if value.dim() and bool((value.detach().diff(dim=-1) < 0).any()):
            self.refuse(f"{name} does not rise")

    def same_type(self, name: str, like: torch.dtype) -> None:
        """The tensor, if it is there, has elements of this type."""
        value = self._values.get(name)
        if isinstance(value, torch.Tensor) and value.dtype != like:
            self.refuse(f"{name} is of {value.dtype} where {like} is expected")

    def length(self, name: str, expected: int, items: str = "numbers") -> None:
        """The list has this many items."""
        value = self._values[name]
        if len(value) != expected:
            self.refuse(f"{name} has {len(value)} {items} where {expected} are expected")

    def number_between(self, name: str, least: int, most: int) -> int:
        """The number, which lies in these bounds."""
        value: int = self._values[name]
        if not least <= value <= most:
            self.refuse(f"{name} is {value} where {least} to {most} is expected")
        return value

    def refuse(self, why: str) -> NoReturn:
        """Say what does not hold."""
        raise OutsideContractError(why)


Contract = Callable[[Given], None]
"""Raises `OutsideContractError` unless the arguments are such that the operator stays within its tensors."""


def on_meta(x: torch.Tensor) -> torch.Tensor:
    """A tensor of the same shape and type without elements: what is computed of it is a shape."""
    return torch.empty(x.shape, dtype=x.dtype, device="meta")
