"""Values of a module, lazy or running, pickled by the types that are declared for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from jitcore.archive.errors import ArchiveError
from jitcore.archive.tensors import LazyTensor
from jitcore.archive.values import Device, SavedDict, SavedList
from jitcore.archive.writing.packed_states import packed_state
from jitcore.archive.writing.pickle_stream import (
    APPENDS,
    BUILD,
    EMPTY_DICT,
    EMPTY_LIST,
    EMPTY_TUPLE,
    MARK,
    NEW_OBJECT,
    NONE,
    REDUCE,
    SET_ITEMS,
    STOP,
    PickleStream,
)
from jitcore.archive.writing.tensor_pickling import TensorPickler
from jitcore.archive.writing.union_members import union_member
from jitcore.frontend.constants import type_of_value
from jitcore.ir import EnumValue, PackedObject, ScriptObject
from jitcore.types import (
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    ClassType,
    DictType,
    ListType,
    OptionalType,
    TensorType,
    TupleType,
    Type,
    UnionType,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jitcore.archive.tensors import LazyStorage
    from jitcore.archive.writing.runtime_values import RuntimeValues

_SPECIAL_LISTS: Final[dict[Type, str]] = {
    INT: "build_intlist",
    FLOAT: "build_doublelist",
    BOOL: "build_boollist",
}
_TAGS: Final = {
    "List[int]": "build_intlist",
    "List[float]": "build_doublelist",
    "List[bool]": "build_boollist",
    "List[Tensor]": "build_tensorlist",
}
_LIST_GLOBALS: Final = "torch.jit._pickle"


class ValuePickler:
    """Writes one record of values.

    `name_of` gives the name under which a class is written; `runtime` knows running values. Afterwards
    `storages` are those that the record refers to, in the order of their records, and `classes` the
    classes of the objects met, in order.
    """

    def __init__(
        self, name_of: Callable[[ClassType], str], runtime: RuntimeValues | None, where: str
    ) -> None:
        self._name_of = name_of
        self._runtime = runtime
        self._where = where
        self._stream = PickleStream()
        self._tensors = TensorPickler(self._stream)
        self._kept: list[object] = []
        self.classes: list[ClassType] = []

    @property
    def storages(self) -> list[LazyStorage]:
        """The storages that the record refers to by their place in this list."""
        return self._tensors.storages

    def pickle(self, value: object, declared: Type | None = None) -> bytes:
        """The record that holds `value`."""
        if isinstance(value, tuple):
            # The table of constants, which nothing can refer to.
            self._push_parts(value, declared, "")
        else:
            self.push(value, declared, "")
        self._stream.op(STOP)
        return bytes(self._stream.data)

    def push(self, value: object, declared: Type | None, path: str) -> None:
        """Append a value, or a reference to it where it was written before."""
        if isinstance(declared, OptionalType):
            declared = None if value is None else declared.element
        if isinstance(declared, UnionType):
            declared = union_member(declared, value)
        if self._push_simple(value, declared):
            return
        key = id(value)
        if self._stream.recall(("value", key)):
            return
        self._push_parts(value, declared, path)
        if not (isinstance(value, tuple) and not value):
            # Kept, so that no other value gets the same identity.
            self._kept.append(value)
            self._stream.remember(("value", key))

    def _push_simple(self, value: object, declared: Type | None) -> bool:
        """Append a value that has no identity; False if it has one."""
        stream = self._stream
        if value is None:
            stream.op(NONE)
        elif isinstance(value, bool):
            stream.boolean(value)
        elif isinstance(value, int | float) and declared is COMPLEX:
            self._push_complex(complex(value))
        elif isinstance(value, int) and declared is not FLOAT:
            stream.integer(value)
        elif isinstance(value, int | float):
            stream.number(float(value))
        elif isinstance(value, complex):
            self._push_complex(value)
        elif isinstance(value, str) and declared is not DEVICE:
            stream.text(value)
        else:
            device = self._device_name(value, declared)
            if device is None:
                return False
            self._push_device(device)
        return True

    def _device_name(self, value: object, declared: Type | None) -> str | None:
        if isinstance(value, Device):
            return value.name
        if isinstance(value, str) and declared is DEVICE:
            return value
        return None if self._runtime is None else self._runtime.device(value)

    def _push_complex(self, value: complex) -> None:
        self._stream.reference("builtins", "complex")
        self._stream.number(value.real)
        self._stream.number(value.imag)
        self._stream.end_tuple(2)
        self._stream.op(REDUCE)

    def _push_device(self, name: str) -> None:
        if self._stream.recall(("device", name)):
            return
        self._stream.reference("torch", "device")
        self._stream.text(name)
        self._stream.end_tuple(1)
        self._stream.op(REDUCE)
        self._stream.remember(("device", name))

    def _push_parts(self, value: object, declared: Type | None, path: str) -> None:
        if isinstance(value, ScriptObject):
            self._push_object(value, path)
        elif isinstance(value, LazyTensor):
            self._tensors.push(value)
        elif isinstance(value, list):
            self._push_list(cast("list[object]", value), declared, path)
        elif isinstance(value, dict):
            self._push_dict(cast("dict[object, object]", value), declared, path)
        elif isinstance(value, tuple):
            self._push_tuple(cast("tuple[object, ...]", value), declared, path)
        elif isinstance(value, EnumValue):
            self._stream.reference(*_split(value.type.qualified_name))
            self.push(value.value, value.type.value_type, path)
            self._stream.op(REDUCE)
        else:
            self._push_running(value, path)

    def _push_running(self, value: object, path: str) -> None:
        runtime = self._runtime
        if runtime is not None:
            tensor = runtime.tensor(value)
            if tensor is not None:
                self._tensors.push(tensor)
                return
            native = runtime.native_object(value)
            if native is not None:
                self._push_state(*native, path)
                return
        place = f"the attribute '{path}'" if path else "the module"
        raise ArchiveError(f"{self._where}: {place} is a {type(value).__name__}, which archives cannot hold")

    # --- containers ---------------------------------------------------------------------------

    def _push_list(self, items: list[object], declared: Type | None, path: str) -> None:
        if isinstance(declared, ListType):
            element: Type | None = declared.element
            special = _SPECIAL_LISTS.get(declared.element)
            if special is None and isinstance(declared.element, TensorType):
                special = "build_tensorlist"
            tag = declared.annotation()
        else:
            element = None
            tag = _tag(items)
            special = _TAGS.get(tag)
        if special is None:
            self._stream.reference(_LIST_GLOBALS, "restore_type_tag")
        else:
            self._stream.reference(_LIST_GLOBALS, special)
            self._stream.op(MARK)
        self._stream.op(EMPTY_LIST, MARK)
        for index, item in enumerate(items):
            self.push(item, element, f"{path}[{index}]")
        self._stream.op(APPENDS)
        if special is None:
            self._end_tagged(tag)
        else:
            self._stream.op(b"t", REDUCE)

    def _push_dict(self, entries: dict[object, object], declared: Type | None, path: str) -> None:
        key_type, value_type = declared.parts if isinstance(declared, DictType) else (None, None)
        tag = declared.annotation() if isinstance(declared, DictType) else _tag(entries)
        self._stream.reference(_LIST_GLOBALS, "restore_type_tag")
        self._stream.op(EMPTY_DICT)
        if entries:
            self._stream.op(MARK)
            for key, item in entries.items():
                self.push(key, key_type, f"{path}.keys")
                self.push(item, value_type, f"{path}[{key!r}]")
            self._stream.op(SET_ITEMS)
        self._end_tagged(tag)

    def _end_tagged(self, tag: str) -> None:
        self._stream.text(tag)
        self._stream.end_tuple(2)
        self._stream.op(REDUCE)

    def _push_tuple(self, items: tuple[object, ...], declared: Type | None, path: str) -> None:
        types = declared.parts if isinstance(declared, TupleType) else (None,) * len(items)
        self._stream.begin_tuple(len(items))
        for index, (item, kind) in enumerate(zip(items, types, strict=True)):
            self.push(item, kind, f"{path}[{index}]")
        self._stream.end_tuple(len(items))

    # --- objects ------------------------------------------------------------------------------

    def _push_object(self, value: ScriptObject, path: str) -> None:
        kind = value.type
        self.classes.append(kind)
        restore = cast("Any", kind.methods.get("__setstate__"))
        if isinstance(value, PackedObject):
            self._push_state(self._name_of(kind), *packed_state(value), path)
            return
        if value.has_state:
            declared = restore.schema.arguments[1].type if restore is not None else None
            self._push_state(self._name_of(kind), value.state, declared, path)
            return
        save = kind.methods.get("__getstate__")
        if save is not None and restore is not None:
            if self._runtime is None:
                raise ArchiveError(f"{self._where}: {kind.qualified_name} saves itself, which needs torch")
            self._push_state(
                self._name_of(kind), self._runtime.state_of(value), save.schema.returns[0].type, path
            )
            return
        self._begin_object(self._name_of(kind))
        self._stream.op(EMPTY_DICT, MARK)
        for name, attribute in kind.attributes.items():
            below = f"{path}.{name}" if path else name
            if name not in value.attributes:
                raise ArchiveError(f"{self._where}: the attribute '{below}' has no value")
            self._stream.text(name)
            self.push(value.attributes[name], attribute.type, below)
        self._stream.op(SET_ITEMS, BUILD)

    def _push_state(self, class_name: str, state: object, declared: Type | None, path: str) -> None:
        self._begin_object(class_name)
        self.push(state, declared, f"{path}.__state__" if path else "__state__")
        self._stream.op(BUILD)

    def _begin_object(self, class_name: str) -> None:
        self._stream.reference(*_split(class_name))
        self._stream.op(EMPTY_TUPLE, NEW_OBJECT)


def _split(qualified_name: str) -> tuple[str, str]:
    module, _, name = qualified_name.rpartition(".")
    return module, name


def _tag(container: list[object] | dict[object, object]) -> str:
    """The type of a container of which nothing is declared: as it was saved, or else as its parts are."""
    if isinstance(container, SavedList | SavedDict) and container.type_tag is not None:
        return container.type_tag
    return type_of_value(container).annotation()
