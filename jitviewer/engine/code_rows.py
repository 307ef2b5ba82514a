"""The classes and functions that an archive's code defines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from jitcore.archive import Archive

_PREFIX, _SUFFIX = "code/", ".py"
_DEFINITION = re.compile(rb"^(?:class (\w+)(?:\((\w+)\))?:|def (\w+)\()", re.MULTILINE)

_DEVICE = re.compile(rb"torch\.device\(\"([^\"\n]{1,40})\"\)")


class Definition(NamedTuple):
    """`kind` is class or function; `base` the base class in brackets, "" for none."""

    kind: str
    name: str
    base: str
    record: str
    line: int

    @property
    def qualified_name(self) -> str:
        """As in `__torch__.net.Gate`."""
        return f"{self.record.removeprefix(_PREFIX).removesuffix(_SUFFIX).replace('/', '.')}.{self.name}"


class DeviceConstant(NamedTuple):
    """A device that code names: where first, line from 0, and how often `more`."""

    name: str
    record: str
    line: int
    more: int


def device_constants(archive: Archive) -> Iterator[DeviceConstant]:
    """Devices other than the CPU that the code names, in the order in which it does; nothing is parsed."""
    found: dict[str, DeviceConstant] = {}
    for name, text in _code(archive):
        for match in _DEVICE.finditer(text):
            device = match[1].decode("utf-8", "replace")
            first = found.get(device)
            if first is None:
                found[device] = DeviceConstant(device, name, text.count(b"\n", 0, match.start()), 0)
            else:
                found[device] = first._replace(more=first.more + 1)
    yield from (constant for device, constant in found.items() if device != "cpu")


def definitions(archive: Archive) -> Iterator[Definition]:
    """What the code files define at their top, in the order of the files; nothing is parsed."""
    for record, text in _code(archive):
        for match in _DEFINITION.finditer(text):
            name, base, function = (part.decode() if part else "" for part in match.groups())
            line = text.count(b"\n", 0, match.start())
            kind = "function" if function else "class"
            yield Definition(kind, function or name, base, record, line)


def _code(archive: Archive) -> Iterator[tuple[str, bytes]]:
    """Names and texts of the code files."""
    for record in archive.records:
        if record.name.startswith(_PREFIX) and record.name.endswith(_SUFFIX):
            yield record.name, bytes(archive.records.read(record.name))


def line_of(text: str, name: str) -> int:
    """The line (from 0) on which a text defines a class or function, -1 if it does not."""
    match = re.search(rf"^(?:class|def) {re.escape(name)}\b", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) if match is not None else -1
