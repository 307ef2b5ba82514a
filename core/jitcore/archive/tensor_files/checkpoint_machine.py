"""The pickle machine for what torch.save writes of tensors and plain values; it runs nothing either."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from jitcore.archive.errors import ArchiveError
from jitcore.archive.other_kinds import what_else_was_saved
from jitcore.archive.tensor_files.checkpoint_globals import TensorClass, checkpoint_global
from jitcore.archive.tensor_files.numpy_values import NumpyArray, NumpyType
from jitcore.archive.unpickler import PickleMachine, StorageOpener
from jitcore.archive.values import SavedDict, SavedList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jitcore.archive.tensors import LazyStorage
    from jitcore.archive.zip_directory import Buffer

_PROTOCOL: Final = 0x80
_PROTOCOLS: Final = range(2, 6)
_UINT32: Final = struct.Struct("<I").unpack
_UINT64: Final = struct.Struct("<Q").unpack
_PLAIN_KEYS: Final = frozenset((str, int, float, bool, bytes, type(None)))


class CheckpointMachine(PickleMachine):
    """Reads one pickle of a file that torch.save wrote, from `start` on.

    Pickles of the protocols 2 to 5 are read: torch.save writes the first unless it is told otherwise. A name
    of anything but tensors and plain values ends it with what the file holds.
    """

    writer: ClassVar[str] = "torch.save"
    opcodes: ClassVar[Mapping[int, Callable[[Any], None]]]

    def __init__(
        self, data: Buffer, file: str, open_storage: StorageOpener | None = None, start: int = 0
    ) -> None:
        super().__init__(cast("bytes", data), f"{file}: the pickle in it", open_storage)
        self.file = file
        self.position = start

    def skip_header(self) -> None:
        """See `PickleMachine`."""
        start = self.data[self.position : self.position + 2]
        if len(start) < 2 or start[0] != _PROTOCOL or start[1] not in _PROTOCOLS:
            raise self.damaged("no pickle of protocol 2 to 5 begins there")
        self.position += 2

    def resolve(self, module: str, name: str) -> object:
        """See `PickleMachine`."""
        known = checkpoint_global(module, name)
        if known is None:
            raise ArchiveError(f"{self.file} {what_else_was_saved(f'{module}.{name}')}")
        return known

    def is_key(self, value: object) -> bool:
        """See `PickleMachine`. No key is a tuple in a tuple: to hash one nested deep ends the process."""
        if type(value) is tuple:
            return all(type(part) in _PLAIN_KEYS for part in cast("tuple[object, ...]", value))
        return type(value) in _PLAIN_KEYS

    def op_long1(self) -> None:
        """Of any size that a byte counts."""
        self.stack.append(int.from_bytes(self.take(self.take(1)[0]), "little", signed=True))

    def op_build(self) -> None:
        """The state of a dict is what its class holds beside the items, as `_metadata` of a state_dict."""
        state = self.stack.pop()
        target = self.stack[-1]
        try:
            if isinstance(target, NumpyType | NumpyArray):
                target.take_state(state)
                return
        except ArchiveError as error:
            raise self.damaged(str(error)) from None
        if type(target) is not SavedDict or type(state) is not SavedDict:
            raise self.damaged(f"it gives a state to a {type(target).__name__}")
        target.beside = state

    def op_newobj(self) -> None:
        """Only an empty dict is made this way among what may be named."""
        self.op_reduce()

    def op_reduce(self) -> None:
        """A call of a class of tensors gives its data another class, which counts for nothing here."""
        if isinstance(self.stack[-2], TensorClass):
            raise self.damaged("it makes a tensor without a storage")
        super().op_reduce()

    def op_binpersid(self) -> None:
        """The storage, or the part of one that a view was in files of before 0.4."""
        reference = self.stack[-1]
        super().op_binpersid()
        storage = cast("LazyStorage", self.stack[-1])
        match reference:
            case (_, _, _, _, _, (str(), int() as offset, int() as numel)):
                try:
                    self.stack[-1] = storage.part(offset, numel)
                except ArchiveError as error:
                    raise self.damaged(str(error)) from None
            case (_, _, _, _, _, None) | (_, _, _, _, _):
                return
            case _:
                raise self.damaged("a reference to a part of a storage is malformed")

    def op_pop(self) -> None:
        """Forget the value on top."""
        self.stack.pop()

    def op_memoize(self) -> None:
        """Keep the value on top under the next number."""
        self.memo[len(self.memo)] = self.stack[-1]

    def op_frame(self) -> None:
        """How many bytes follow together, which only a reader of streams needs."""
        self.take(8)

    def op_short_text(self) -> None:
        """A text of up to 255 bytes."""
        self._push_text(self.take(1)[0])

    def op_long_text(self) -> None:
        """A text with a size of 64 bits."""
        self._push_text(_UINT64(self.take(8))[0])

    def op_short_bytes(self) -> None:
        """Up to 255 bytes."""
        self.stack.append(self.take(self.take(1)[0]))

    def op_bytes(self) -> None:
        """Bytes with a size of 32 bits."""
        self.stack.append(self.take(_UINT32(self.take(4))[0]))

    def op_long_bytes(self) -> None:
        """Bytes with a size of 64 bits."""
        self.stack.append(self.take(_UINT64(self.take(8))[0]))

    def op_stack_global(self) -> None:
        """A name whose parts are on the stack."""
        name, module = self.stack.pop(), self.stack.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise self.damaged("the parts of a name are no texts")
        self.stack.append(self.resolve(module, name))

    def op_empty_set(self) -> None:
        """A set, kept as a list."""
        made = SavedList()
        made.type_tag = "set"
        self.stack.append(made)

    def op_frozenset(self) -> None:
        """A set of what is above the mark."""
        items = self.take_marked()
        self.op_empty_set()
        cast("list[object]", self.stack[-1]).extend(items)

    def _push_text(self, size: int) -> None:
        self.stack.append(self.take(size).decode("utf-8", "surrogateescape"))


CheckpointMachine.opcodes = {
    **PickleMachine.opcodes,
    0x8A: CheckpointMachine.op_long1,
    0x62: CheckpointMachine.op_build,
    0x81: CheckpointMachine.op_newobj,
    0x52: CheckpointMachine.op_reduce,
    0x51: CheckpointMachine.op_binpersid,
    0x30: CheckpointMachine.op_pop,
    0x94: CheckpointMachine.op_memoize,
    0x95: CheckpointMachine.op_frame,
    0x8C: CheckpointMachine.op_short_text,
    0x8D: CheckpointMachine.op_long_text,
    0x43: CheckpointMachine.op_short_bytes,
    0x55: CheckpointMachine.op_short_text,
    0x42: CheckpointMachine.op_bytes,
    0x8E: CheckpointMachine.op_long_bytes,
    0x96: CheckpointMachine.op_long_bytes,
    0x93: CheckpointMachine.op_stack_global,
    0x8F: CheckpointMachine.op_empty_set,
    0x90: PickleMachine.op_appends,
    0x91: CheckpointMachine.op_frozenset,
}
