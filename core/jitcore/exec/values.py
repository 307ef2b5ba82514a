"""Turns what an archive holds lazily into what runs: torch tensors and objects, shared as they were saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy
import torch

from jitcore.archive import Device, LazyTensor
from jitcore.exec.bounds import checker
from jitcore.exec.custom_classes import build_custom_object, is_custom_class
from jitcore.exec.errors import ExecutionError
from jitcore.exec.operators import find
from jitcore.exec.plan_places import FAILURES
from jitcore.exec.private_map import PrivateMap
from jitcore.ir import DeviceName, EnumValue, Function, GeneratorValue, PackedObject, ScriptObject
from jitcore.ops import find_overload
from jitcore.types import DEVICE, DictType, ListType, OptionalType, TupleType

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from jitcore.archive import LazyStorage, Quantizer
    from jitcore.types import Type


class Materializer:
    """Makes runnable values; equal inputs (by identity) give one output, storages stay shared.

    `file` is the archive's path: its plainly stored tensors are then not read but mapped, copy on
    write. `device` is where tensors go, None for where each was saved. `call` runs the `__setstate__`
    of classes that have one. Without `allow_files` no C++ class of a library other than torch gets a
    state. Kept values live as long as the materializer.
    """

    def __init__(
        self,
        device: str | torch.device | None = "cpu",
        file: str | os.PathLike[str] | None = None,
        call: Callable[[Function, list[object]], object] | None = None,
        allow_files: bool = False,
    ) -> None:
        self._device = None if device is None else usable_device(device)
        self._map = PrivateMap(file) if file is not None else None
        self._call = call
        self._allows_files = allow_files
        self._path: list[str] = []
        self._storages: dict[int, tuple[LazyStorage, torch.UntypedStorage]] = {}
        self._made: dict[int, tuple[object, object]] = {}

    def value(self, value: object, declared: Type | None = None) -> object:
        """The runnable form of any value of an archive; scalars and text are themselves.

        `declared` is its type where that is known: a device is saved as its name.
        """
        if isinstance(value, DeviceName) or (isinstance(value, str) and _element(declared) is DEVICE):
            return torch.device(value)
        if value is None or isinstance(value, bool | int | float | complex | str | torch.Tensor):
            return value
        known = self._made.get(id(value))
        if known is not None:
            return known[1]
        if isinstance(value, ScriptObject):
            return self.object(value)
        made = self._make(value, _element(declared))
        self._made[id(value)] = value, made
        return made

    def _make(self, value: object, declared: Type | None) -> object:
        if isinstance(value, LazyTensor):
            return self.tensor(value)
        if isinstance(value, list):
            item_type = declared.element if isinstance(declared, ListType) else None
            return [self.value(item, item_type) for item in cast("list[object]", value)]
        if isinstance(value, tuple):
            items = cast("tuple[object, ...]", value)
            types = declared.parts if isinstance(declared, TupleType) else (None,) * len(items)
            return tuple(self.value(item, t) for item, t in zip(items, types, strict=True))
        if isinstance(value, dict):
            key_type, item_type = declared.parts if isinstance(declared, DictType) else (None, None)
            pairs = cast("dict[object, object]", value).items()
            return {self.value(key, key_type): self.value(item, item_type) for key, item in pairs}
        if isinstance(value, Device):
            return torch.device(value.name)
        if isinstance(value, GeneratorValue):
            return torch.Generator(value.device).manual_seed(value.seed)
        if isinstance(value, EnumValue | bytes | torch.device | torch.ScriptObject):
            return value
        raise ExecutionError(f"a constant is only known as a text ({value!r}), which cannot be computed with")

    def object(self, source: ScriptObject) -> ScriptObject:
        """The object with its attributes made runnable; a custom C++ object becomes torch's own."""
        known = self._made.get(id(source))
        if known is not None:
            return cast(ScriptObject, known[1])
        if isinstance(source, PackedObject):
            made = self._packed(source)
            self._made[id(source)] = source, made
            return cast(ScriptObject, made)
        if is_custom_class(source.type):
            made = build_custom_object(
                source.type, self.value(source.state), self._holder(), self._allows_files
            )
            self._made[id(source)] = source, made
            return cast(ScriptObject, made)
        target = ScriptObject(source.type)
        self._made[id(source)] = source, target
        declared = source.type.attributes
        for name, value in source.attributes.items():
            slot = declared.get(name)
            self._path.append(name)
            try:
                target.attributes[name] = self.value(value, slot.type if slot is not None else None)
            finally:
                self._path.pop()
        if source.has_state:
            if self._call is None:
                raise ExecutionError(
                    f"{source.type.qualified_name} restores itself, which needs an interpreter"
                )
            for name in source.type.attributes:
                target.attributes.setdefault(name, None)
            restore = source.method("__setstate__")
            self._call(restore, [target, self.value(source.state, restore.schema.arguments[1].type)])
        return target

    def _packed(self, source: PackedObject) -> object:
        schema = find_overload(source.operator)
        if schema is None:
            raise ExecutionError(f"there is no operator {source.operator}, which packs {self._holder()}")
        values = [
            self.value(value, argument.type)
            for value, argument in zip(cast("list[object]", source.state), schema.arguments, strict=True)
        ]
        try:
            check = checker(schema, values)
            if check is not None:
                check(values)
            return find(source.operator).function(*values)
        except FAILURES as error:
            first_line = str(error).strip().partition("\n")[0]
            raise ExecutionError(
                f"{self._holder()} cannot be packed by {source.operator} on this machine: {first_line}"
            ) from error

    def _holder(self) -> str:
        return f"the attribute {'.'.join(self._path)}" if self._path else "a constant"

    def tensor(self, lazy: LazyTensor) -> torch.Tensor:
        """The tensor, over a storage that all tensors of the same lazy storage share."""
        if lazy.sparse is not None:
            return self._sparse(lazy)
        if lazy.storage is None:
            raise ExecutionError("a tensor of the archive has neither storage nor sparse parts")
        storage = self._storage(lazy.storage)
        if lazy.quantizer is not None:
            empty = _empty_quantized(lazy, lazy.quantizer, self, storage.device)
        else:
            empty = torch.empty(0, dtype=dtype_named(lazy.dtype), device=storage.device)
        tensor = empty.set_(cast("Any", storage), lazy.offset, lazy.shape, lazy.strides)
        if lazy.is_conjugated:
            tensor = tensor.conj()
        if lazy.is_negated:
            tensor = torch.ops.aten._neg_view(tensor)
        return tensor.requires_grad_() if lazy.requires_grad else tensor

    def _storage(self, lazy: LazyStorage) -> torch.UntypedStorage:
        known = self._storages.get(id(lazy))
        if known is not None:
            return known[1]
        device = self._device if self._device is not None else usable_device(lazy.device)
        if lazy.device == "meta" or device.type == "meta":
            made = torch.empty(lazy.nbytes, dtype=torch.uint8, device="meta").untyped_storage()
        else:
            flat = self._bytes(lazy)
            made = (flat if device.type == "cpu" else flat.to(device)).untyped_storage()
        self._storages[id(lazy)] = lazy, made
        return made

    def _bytes(self, lazy: LazyStorage) -> torch.Tensor:
        if not lazy.nbytes:
            return torch.empty(0, dtype=torch.uint8)
        view = lazy.bytes()
        mapped = self._map.window(view) if self._map is not None else None
        if mapped is not None:
            return mapped
        flat = torch.empty(view.nbytes, dtype=torch.uint8)
        flat.numpy()[:] = numpy.frombuffer(view, numpy.uint8)
        return flat

    def _sparse(self, lazy: LazyTensor) -> torch.Tensor:
        parts = lazy.sparse
        if parts is None:
            raise ValueError("not a sparse tensor")
        indices, values = self.tensor(parts.indices), self.tensor(parts.values)
        if parts.layout == "sparse_coo":
            made = torch.sparse_coo_tensor(indices, values, lazy.shape, check_invariants=True)
        else:
            if parts.plain_indices is None:
                raise ExecutionError(f"a {parts.layout} tensor of the archive lacks its plain indices")
            layout = cast(torch.layout, getattr(torch, parts.layout))
            plain = self.tensor(parts.plain_indices)
            made = torch.sparse_compressed_tensor(
                indices, plain, values, lazy.shape, layout=layout, check_invariants=True
            )
        return made.requires_grad_() if lazy.requires_grad else made


def _element(declared: Type | None) -> Type | None:
    """The type of a value that is not None."""
    return declared.element if isinstance(declared, OptionalType) else declared


def _empty_quantized(
    lazy: LazyTensor, quantizer: Quantizer, owner: Materializer, device: torch.device
) -> torch.Tensor:
    dtype = dtype_named(lazy.dtype)
    if not isinstance(quantizer.scale, LazyTensor):
        return find("aten::_empty_affine_quantized").function(
            lazy.shape, dtype=dtype, device=device, scale=quantizer.scale, zero_point=quantizer.zero_point
        )
    return find("aten::_empty_per_channel_affine_quantized").function(
        lazy.shape,
        scales=owner.value(quantizer.scale),
        zero_points=owner.value(quantizer.zero_point),
        axis=quantizer.axis,
        dtype=dtype,
        device=device,
    )


def dtype_named(name: str) -> torch.dtype:
    """torch's dtype of that name, as `float32`; an error if this torch has none."""
    dtype = getattr(torch, name, None)
    if not isinstance(dtype, torch.dtype):
        raise ExecutionError(f"this torch ({torch.__version__}) has no element type {name}")
    return dtype


def usable_device(device: str | torch.device) -> torch.device:
    """The device; an error in one sentence if its name is unknown or nothing is there."""
    try:
        found = torch.device(device)
    except RuntimeError:
        raise ExecutionError(f"{device!s} is not a device; give cpu, cuda or cuda:N") from None
    _, colon, number = str(device).partition(":")
    # Torch keeps numbers in eight bits: of 300 it makes 44.
    index = int(number) if colon and number.isascii() and number.isdigit() else 0
    why = why_no_cuda(index) if found.type == "cuda" else _why_no_device(found)
    if why or (found.index or 0) != index:
        raise ExecutionError(f"{device!s} cannot be used: {why or 'no device has such a number'}")
    return found


def _why_no_device(device: torch.device) -> str:
    """Why nothing can be computed on a device that is no CUDA device; "" if something can."""
    if device.type in ("cpu", "meta"):
        return ""
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, ImportError):
        # What torch says of it is for its own developers, and has many lines.
        return f"the installed torch ({torch.__version__}) has nothing for it, or this machine has none"
    return ""


def why_no_cuda(index: int = 0) -> str:
    """Why the CUDA device of that number cannot be used; "" if it can."""
    if not torch.backends.cuda.is_built():
        return f"the installed torch ({torch.__version__}) was built without CUDA"
    if not torch.cuda.is_available():
        return "torch finds no CUDA driver or no GPU on this machine"
    count = torch.cuda.device_count()
    if index >= count:
        return f"this machine has {count} CUDA device{'s' if count != 1 else ''}, numbered from 0"
    return ""


def materialize(
    module: ScriptObject,
    device: str | torch.device | None = "cpu",
    file: str | os.PathLike[str] | None = None,
    call: Callable[[Function, list[object]], object] | None = None,
    allow_files: bool = False,
) -> ScriptObject:
    """A runnable copy of `module`; see `Materializer`. The module itself is not changed."""
    return Materializer(device, file, call, allow_files).object(module)
