"""A pickle machine that builds only what TorchScript writes, and runs nothing."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from jitcore.archive.errors import ArchiveError
from jitcore.archive.pickle_globals import (
    ClassReference,
    Reconstructor,
    StorageReference,
    resolve_global,
)
from jitcore.archive.tensors import LazyStorage, LazyTensor
from jitcore.archive.values import SavedDict, SavedEnum, SavedList, SavedObject, Value

StorageOpener = Callable[[StorageReference], LazyStorage]
"""Gives the storage that a pickle refers to; raises `ArchiveError` when the archive lacks it."""

_INT16: Final = struct.Struct("<H").unpack_from
_INT32: Final = struct.Struct("<i").unpack_from
_UINT32: Final = struct.Struct("<I").unpack_from
_FLOAT64: Final = struct.Struct(">d").unpack_from
_INT64_RANGE: Final = range(-(1 << 63), 1 << 63)

_PROTOCOL: Final = b"\x80\x02"
_KEY_TYPES: Final = frozenset((str, int, float, bool, complex, LazyTensor))


def unpickle(
    data: bytes,
    where: str,
    open_storage: StorageOpener | None = None,
    tensor_table: Sequence[LazyTensor] = (),
) -> Value:
    """The value of a pickle of protocol 2, with shared values shared.

    `where` names the record in errors. Raises `ArchiveError` for bytes that are no such pickle and
    for any global other than those TorchScript writes. Values may be nested deeply or contain
    themselves: see `nesting.check_nesting`.
    """
    return PickleMachine(data, where, open_storage, tensor_table).run()


class PickleMachine:
    """The stack, the marks and the memo of one pickle being read.

    Frequent opcodes are handled in the loop of `run`, since tables of source ranges hold hundreds
    of thousands of them; the others have a method each. `writer`, `opcodes`, `resolve` and `is_key` say
    what a pickle may hold: here what TorchScript writes.
    """

    writer: ClassVar[str] = "TorchScript"
    opcodes: ClassVar[Mapping[int, Callable[[Any], None]]]

    def __init__(
        self,
        data: bytes,
        where: str,
        open_storage: StorageOpener | None,
        tensor_table: Sequence[LazyTensor] = (),
    ) -> None:
        self.data = data
        self.where = where
        self.open_storage = open_storage
        self.tensor_table = tensor_table
        self.stack: list[object] = []
        self.marks: list[int] = []
        self.memo: dict[int, object] = {}
        self.position = 0

    def run(self) -> Value:
        """The value of the pickle; `position` is then behind it."""
        self.skip_header()
        try:
            self._loop()
        except (IndexError, KeyError, struct.error):
            # The stack, the marks, the memo or the bytes ended early.
            raise self.damaged("it ends or refers to something missing") from None
        if len(self.stack) != 1:
            raise self.damaged(f"it leaves {len(self.stack)} values instead of one")
        return self.stack[0]  # pyright: ignore[reportReturnType]  # checked by check_nesting

    def skip_header(self) -> None:
        """Go behind the bytes that say what the pickle is. Raises `ArchiveError` if it is another."""
        if self.data[:2] != _PROTOCOL:
            raise ArchiveError(f"{self.where} is not a pickle of protocol 2, which TorchScript writes")
        self.position = 2

    def resolve(self, module: str, name: str) -> object:
        """What a global stands for. Raises `ArchiveError` if it may not be named."""
        return resolve_global(module, name, self.where)

    def is_key(self, value: object) -> bool:
        """Whether a dict may have this key; one whose hash is not a matter of a few steps may not."""
        return type(value) in _KEY_TYPES

    def _loop(self) -> None:
        data, stack, marks, memo = self.data, self.stack, self.marks, self.memo
        push = stack.append
        position = self.position
        rare = self.opcodes
        try:
            while True:
                opcode = data[position]
                position += 1
                if opcode == 0x4B:  # BININT1
                    push(data[position])
                    position += 1
                elif opcode == 0x87:  # TUPLE3
                    triple = (stack[-3], stack[-2], stack[-1])
                    del stack[-2:]
                    stack[-1] = triple
                elif opcode == 0x4D:  # BININT2
                    push(_INT16(data, position)[0])
                    position += 2
                elif opcode == 0x71:  # BINPUT
                    memo[data[position]] = stack[-1]
                    position += 1
                elif opcode == 0x68:  # BINGET
                    push(memo[data[position]])
                    position += 1
                elif opcode == 0x28:  # MARK
                    marks.append(len(stack))
                elif opcode == 0x74:  # TUPLE
                    start = marks.pop()
                    items = tuple(stack[start:])
                    del stack[start:]
                    push(items)
                elif opcode == 0x4A:  # BININT
                    push(_INT32(data, position)[0])
                    position += 4
                elif opcode == 0x72:  # LONG_BINPUT
                    memo[_UINT32(data, position)[0]] = stack[-1]
                    position += 4
                elif opcode == 0x6A:  # LONG_BINGET
                    push(memo[_UINT32(data, position)[0]])
                    position += 4
                elif opcode == 0x5D:  # EMPTY_LIST
                    push(SavedList())
                elif opcode == 0x58:  # BINUNICODE
                    start = position + 4
                    position = start + _UINT32(data, position)[0]
                    if position > len(data):
                        raise IndexError
                    push(data[start:position].decode("utf-8", "surrogateescape"))
                elif opcode == 0x4E:  # NONE
                    push(None)
                elif opcode == 0x89:  # NEWFALSE
                    push(False)
                elif opcode == 0x88:  # NEWTRUE
                    push(True)
                elif opcode == 0x29:  # EMPTY_TUPLE
                    push(())
                elif opcode == 0x2E:  # STOP
                    return
                else:
                    self.position = position
                    action = rare.get(opcode)
                    if action is None:
                        raise self.damaged(
                            f"the byte {opcode:#04x} is no instruction that {self.writer} writes"
                        )
                    action(self)
                    position = self.position
        finally:
            # Where an error is reported; a method that raised one has gone further.
            self.position = max(self.position, position)

    def damaged(self, what: str) -> ArchiveError:
        """The error for what is wrong at `position`."""
        # A length that was read may lead far beyond the end.
        place = min(self.position, len(self.data))
        return ArchiveError(f"{self.where} is damaged near byte {place}: {what}; save the file again")

    def take(self, size: int) -> bytes:
        """The next bytes; raises `IndexError` where there are fewer."""
        start = self.position
        self.position = start + size
        if self.position > len(self.data):
            raise IndexError
        return self.data[start : self.position]

    def take_line(self) -> str:
        """The text up to the end of the line; raises `IndexError` where it has none."""
        end = self.data.find(b"\n", self.position)
        if end < 0:
            raise IndexError
        line = self.data[self.position : end]
        self.position = end + 1
        return line.decode("utf-8", "surrogateescape")

    def take_marked(self) -> list[object]:
        """The values above the last mark, which are taken off the stack."""
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    # --- numbers and tuples -------------------------------------------------------------------

    def op_binfloat(self) -> None:
        """A number of 64 bits, most significant byte first."""
        self.stack.append(_FLOAT64(self.data, self.position)[0])
        self.position += 8

    def op_long1(self) -> None:
        """An integer of a few bytes, which has to fit 64 bits."""
        number = int.from_bytes(self.take(self.take(1)[0]), "little", signed=True)
        if number not in _INT64_RANGE:
            raise self.damaged(f"an integer of {number.bit_length()} bits does not fit 64 bits")
        self.stack.append(number)

    def op_tuple1(self) -> None:
        """A tuple of the value on top."""
        self.stack[-1] = (self.stack[-1],)

    def op_tuple2(self) -> None:
        """A tuple of the two values on top."""
        second = self.stack.pop()
        self.stack[-1] = (self.stack[-1], second)

    # --- lists and dicts ----------------------------------------------------------------------

    def op_list(self) -> None:
        """A list of what is above the mark."""
        items = SavedList()
        items.extend(self.take_marked())  # pyright: ignore[reportArgumentType]
        self.stack.append(items)

    def op_append(self) -> None:
        """Put the value on top at the end of the list below it."""
        item = self.stack.pop()
        self._top_list().append(item)  # pyright: ignore[reportArgumentType]

    def op_appends(self) -> None:
        """Put what is above the mark at the end of the list below it."""
        items = self.take_marked()
        self._top_list().extend(items)  # pyright: ignore[reportArgumentType]

    def op_empty_dict(self) -> None:
        """A dict without items."""
        self.stack.append(SavedDict())

    def op_dict(self) -> None:
        """A dict of what is above the mark."""
        items = self.take_marked()
        self.stack.append(SavedDict())
        self.set_items(items)

    def op_setitem(self) -> None:
        """Put a key and its value into the dict below them."""
        item = self.stack.pop()
        key = self.stack.pop()
        self.set_items([key, item])

    def op_setitems(self) -> None:
        """Put what is above the mark into the dict below it."""
        self.set_items(self.take_marked())

    def _top_list(self) -> SavedList:
        target = self.stack[-1]
        if type(target) is not SavedList:
            raise self.damaged(f"it appends to a {_name(target)}")
        return target

    def set_items(self, items: list[object]) -> None:
        """Put keys and values, in turn, into the dict on top of the stack."""
        target = self.stack[-1]
        if type(target) is not SavedDict:
            raise self.damaged(f"it sets an item of a {_name(target)}")
        if len(items) % 2:
            raise self.damaged("a dict's last key lacks its value")
        for key, item in zip(items[::2], items[1::2], strict=True):
            if not self.is_key(key):
                raise self.damaged(f"a {_name(key)} is the key of a dict")
            target[key] = item  # pyright: ignore[reportArgumentType]

    # --- globals and objects ------------------------------------------------------------------

    def op_global(self) -> None:
        """What a name stands for."""
        module = self.take_line()
        name = self.take_line()
        self.stack.append(self.resolve(module, name))

    def op_newobj(self) -> None:
        """An object of a class of the archive, which has no attributes yet."""
        arguments = self.stack.pop()
        reference = self.stack[-1]
        if not isinstance(reference, ClassReference) or arguments != ():
            raise self.damaged(f"it makes an object of a {_name(reference)}")
        self.stack[-1] = SavedObject(reference.type_name)

    def op_build(self) -> None:
        """The attributes of an object, or the state that its class saved."""
        state = self.stack.pop()
        target = self.stack[-1]
        if not isinstance(target, SavedObject):
            raise self.damaged(f"it gives a state to a {_name(target)}")
        if target.has_state or target.attributes:
            raise self.damaged(f"it gives an object of {target.type_name} two states")
        if type(state) is SavedDict and state.type_tag is None and all(type(key) is str for key in state):
            target.attributes = dict(state)  # pyright: ignore[reportAttributeAccessIssue]
        else:
            target.state = state  # pyright: ignore[reportAttributeAccessIssue]
            target.has_state = True

    def op_reduce(self) -> None:
        """What a function that is known here makes of its arguments; a member of an enum."""
        arguments = self.stack.pop()
        function = self.stack[-1]
        if isinstance(function, Reconstructor):
            try:
                self.stack[-1] = function.build(arguments, self.tensor_table)
            except ArchiveError as error:
                raise self.damaged(f"{function.name}: {error}") from None
        elif isinstance(function, ClassReference):
            self.stack[-1] = SavedEnum(function.type_name, arguments)  # pyright: ignore[reportArgumentType]
        else:
            raise self.damaged(f"it calls a {_name(function)}")

    def op_binpersid(self) -> None:
        """The storage that a reference leads to."""
        if self.open_storage is None:
            raise self.damaged("it refers to a tensor's storage, which this record cannot hold")
        reference = StorageReference.from_pickled(self.stack.pop())
        if reference is None:
            raise self.damaged("a reference to a tensor's storage is malformed")
        self.stack.append(self.open_storage(reference))


def _name(value: object) -> str:
    return type(value).__name__


PickleMachine.opcodes = {
    0x47: PickleMachine.op_binfloat,
    0x8A: PickleMachine.op_long1,
    0x85: PickleMachine.op_tuple1,
    0x86: PickleMachine.op_tuple2,
    0x6C: PickleMachine.op_list,
    0x61: PickleMachine.op_append,
    0x65: PickleMachine.op_appends,
    0x7D: PickleMachine.op_empty_dict,
    0x64: PickleMachine.op_dict,
    0x73: PickleMachine.op_setitem,
    0x75: PickleMachine.op_setitems,
    0x63: PickleMachine.op_global,
    0x81: PickleMachine.op_newobj,
    0x62: PickleMachine.op_build,
    0x52: PickleMachine.op_reduce,
    0x51: PickleMachine.op_binpersid,
}
