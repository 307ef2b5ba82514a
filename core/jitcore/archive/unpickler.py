"""A pickle machine that builds only what TorchScript writes, and runs nothing."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Final

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
    return _Machine(data, where, open_storage, tensor_table).run()


class _Machine:
    """The stack, the marks and the memo of one pickle being read.

    Frequent opcodes are handled in the loop of `run`, since tables of source ranges hold hundreds
    of thousands of them; the others have a method each.
    """

    def __init__(
        self, data: bytes, where: str, open_storage: StorageOpener | None, tensor_table: Sequence[LazyTensor]
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
        if self.data[:2] != _PROTOCOL:
            raise ArchiveError(f"{self.where} is not a pickle of protocol 2, which TorchScript writes")
        self.position = 2
        try:
            self._loop()
        except (IndexError, KeyError, struct.error):
            # The stack, the marks, the memo or the bytes ended early.
            raise self._damaged("it ends or refers to something missing") from None
        if len(self.stack) != 1:
            raise self._damaged(f"it leaves {len(self.stack)} values instead of one")
        return self.stack[0]  # pyright: ignore[reportReturnType]  # checked by check_nesting

    def _loop(self) -> None:
        data, stack, marks, memo = self.data, self.stack, self.marks, self.memo
        push = stack.append
        position = self.position
        rare = _RARE_OPCODES
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
                        raise self._damaged(
                            f"the byte {opcode:#04x} is no instruction that TorchScript writes"
                        )
                    action(self)
                    position = self.position
        finally:
            # Where an error is reported; a method that raised one has gone further.
            self.position = max(self.position, position)

    def _damaged(self, what: str) -> ArchiveError:
        return ArchiveError(f"{self.where} is damaged near byte {self.position}: {what}; save the file again")

    def _take(self, size: int) -> bytes:
        start = self.position
        self.position = start + size
        if self.position > len(self.data):
            raise IndexError
        return self.data[start : self.position]

    def _take_line(self) -> str:
        end = self.data.find(b"\n", self.position)
        if end < 0:
            raise IndexError
        line = self.data[self.position : end]
        self.position = end + 1
        return line.decode("utf-8", "surrogateescape")

    def _take_marked(self) -> list[object]:
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    # --- numbers and tuples -------------------------------------------------------------------

    def op_binfloat(self) -> None:
        self.stack.append(_FLOAT64(self.data, self.position)[0])
        self.position += 8

    def op_long1(self) -> None:
        number = int.from_bytes(self._take(self._take(1)[0]), "little", signed=True)
        if number not in _INT64_RANGE:
            raise self._damaged(f"an integer of {number.bit_length()} bits does not fit 64 bits")
        self.stack.append(number)

    def op_tuple1(self) -> None:
        self.stack[-1] = (self.stack[-1],)

    def op_tuple2(self) -> None:
        second = self.stack.pop()
        self.stack[-1] = (self.stack[-1], second)

    # --- lists and dicts ----------------------------------------------------------------------

    def op_list(self) -> None:
        items = SavedList()
        items.extend(self._take_marked())  # pyright: ignore[reportArgumentType]
        self.stack.append(items)

    def op_append(self) -> None:
        item = self.stack.pop()
        self._top_list().append(item)  # pyright: ignore[reportArgumentType]

    def op_appends(self) -> None:
        items = self._take_marked()
        self._top_list().extend(items)  # pyright: ignore[reportArgumentType]

    def op_empty_dict(self) -> None:
        self.stack.append(SavedDict())

    def op_dict(self) -> None:
        items = self._take_marked()
        self.stack.append(SavedDict())
        self._set_items(items)

    def op_setitem(self) -> None:
        item = self.stack.pop()
        key = self.stack.pop()
        self._set_items([key, item])

    def op_setitems(self) -> None:
        self._set_items(self._take_marked())

    def _top_list(self) -> SavedList:
        target = self.stack[-1]
        if type(target) is not SavedList:
            raise self._damaged(f"it appends to a {_name(target)}")
        return target

    def _set_items(self, items: list[object]) -> None:
        target = self.stack[-1]
        if type(target) is not SavedDict:
            raise self._damaged(f"it sets an item of a {_name(target)}")
        if len(items) % 2:
            raise self._damaged("a dict's last key lacks its value")
        for key, item in zip(items[::2], items[1::2], strict=True):
            if type(key) not in _KEY_TYPES:
                raise self._damaged(f"a {_name(key)} is the key of a dict")
            target[key] = item  # pyright: ignore[reportArgumentType]

    # --- globals and objects ------------------------------------------------------------------

    def op_global(self) -> None:
        module = self._take_line()
        name = self._take_line()
        self.stack.append(resolve_global(module, name, self.where))

    def op_newobj(self) -> None:
        arguments = self.stack.pop()
        reference = self.stack[-1]
        if not isinstance(reference, ClassReference) or arguments != ():
            raise self._damaged(f"it makes an object of a {_name(reference)}")
        self.stack[-1] = SavedObject(reference.type_name)

    def op_build(self) -> None:
        state = self.stack.pop()
        target = self.stack[-1]
        if not isinstance(target, SavedObject):
            raise self._damaged(f"it gives a state to a {_name(target)}")
        if target.has_state or target.attributes:
            raise self._damaged(f"it gives an object of {target.type_name} two states")
        if type(state) is SavedDict and state.type_tag is None and all(type(key) is str for key in state):
            target.attributes = dict(state)  # pyright: ignore[reportAttributeAccessIssue]
        else:
            target.state = state  # pyright: ignore[reportAttributeAccessIssue]
            target.has_state = True

    def op_reduce(self) -> None:
        arguments = self.stack.pop()
        function = self.stack[-1]
        if isinstance(function, Reconstructor):
            try:
                self.stack[-1] = function.build(arguments, self.tensor_table)
            except ArchiveError as error:
                raise self._damaged(f"{function.name}: {error}") from None
        elif isinstance(function, ClassReference):
            self.stack[-1] = SavedEnum(function.type_name, arguments)  # pyright: ignore[reportArgumentType]
        else:
            raise self._damaged(f"it calls a {_name(function)}")

    def op_binpersid(self) -> None:
        if self.open_storage is None:
            raise self._damaged("it refers to a tensor's storage, which this record cannot hold")
        reference = StorageReference.from_pickled(self.stack.pop())
        if reference is None:
            raise self._damaged("a reference to a tensor's storage is malformed")
        self.stack.append(self.open_storage(reference))


def _name(value: object) -> str:
    return type(value).__name__


_RARE_OPCODES: Final[dict[int, Callable[[_Machine], None]]] = {
    0x47: _Machine.op_binfloat,
    0x8A: _Machine.op_long1,
    0x85: _Machine.op_tuple1,
    0x86: _Machine.op_tuple2,
    0x6C: _Machine.op_list,
    0x61: _Machine.op_append,
    0x65: _Machine.op_appends,
    0x7D: _Machine.op_empty_dict,
    0x64: _Machine.op_dict,
    0x73: _Machine.op_setitem,
    0x75: _Machine.op_setitems,
    0x63: _Machine.op_global,
    0x81: _Machine.op_newobj,
    0x62: _Machine.op_build,
    0x52: _Machine.op_reduce,
    0x51: _Machine.op_binpersid,
}
