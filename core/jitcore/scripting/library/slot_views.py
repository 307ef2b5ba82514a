"""The slots of a compiled module as the dictionaries that `torch.nn.Module` keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

import torch

from jitcore.ops.implementing import why_not_implemented
from jitcore.slots.from_python import script_object_of
from jitcore.types import InterfaceType

if TYPE_CHECKING:
    from jitcore.ir import ScriptObject
    from jitcore.types import Attribute


class TensorSlots(MutableMapping[str, Any]):
    """The parameters, or the buffers, of a module: read and written in place, never added or removed."""

    def __init__(self, owner: ScriptObject, is_shown: Callable[[Attribute], bool]) -> None:
        self._owner = owner
        self._names = [name for name, slot in owner.type.attributes.items() if is_shown(slot)]

    def _shown(self) -> list[str]:
        values = self._owner.attributes
        return [name for name in self._names if isinstance(values.get(name), torch.Tensor)]

    def __getitem__(self, name: str) -> Any:
        if name in self._names:
            value = self._owner.attributes.get(name)
            if isinstance(value, torch.Tensor):
                return value
        raise KeyError(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self:
            raise RuntimeError(
                f"Can't add a new parameter after ScriptModule construction. Tried to add '{name}"
            )
        self._owner.attributes[name] = value

    def __delitem__(self, name: str) -> None:
        raise RuntimeError("cannot delete methods or parameters of a script module")

    def __iter__(self) -> Iterator[str]:
        return iter(self._shown())

    def __len__(self) -> int:
        return len(self._shown())


class ModuleSlots(MutableMapping[str, Any]):
    """The submodules of a module, wrapped; one may be replaced by another of the same class."""

    def __init__(self, owner: ScriptObject, wrapped: dict[str, Any]) -> None:
        self._owner = owner
        self._wrapped = wrapped

    def __getitem__(self, name: str) -> Any:
        return self._wrapped[name]

    def __setitem__(self, name: str, value: Any) -> None:
        found = script_object_of(value)
        if found is None or not found.type.is_module or name not in self._wrapped:
            raise RuntimeError(
                "Cannot re-assign modules in a ScriptModule with non-scripted module, tried to replace "
                f"existing module '{name}': {value}"
            )
        wanted = self._owner.type.attributes[name].type
        if isinstance(wanted, InterfaceType):
            why = why_not_implemented(found.type, wanted)
            if why is not None:
                raise RuntimeError(why)
        elif found.type != wanted:
            raise RuntimeError(
                f"Expected a value of type '{wanted.repr_str}' for field '{name}', but found "
                f"'{found.type.repr_str}'"
            )
        self._owner.attributes[name] = found
        self._wrapped[name] = value

    def __delitem__(self, name: str) -> None:
        raise RuntimeError("cannot delete methods or parameters of a script module")

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._wrapped))

    def __len__(self) -> int:
        return len(self._wrapped)
