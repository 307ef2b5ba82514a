"""What differs between two archives, or files of tensors: all from modules and code to weights and files."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

from jitcore.archive import LazyTensor, walk_tensors
from jitcore.archive.digests import most_viewed
from jitcore.archive.tensor_files import TensorFile
from jitcore.diagnose.node_diff import node_changes
from jitcore.diagnose.tensor_diff import TensorChange, TensorComparison, describe_tensor
from jitcore.ir import EnumValue, Function, ScriptObject
from jitcore.printing import code_text, graph_text
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jitcore.archive import LoadedArchive

_MANGLING = re.compile(r"\.___torch_mangle_\d+")


class MethodChange(NamedTuple):
    """A method whose code or graph changed; the diffs are unified, lines of text, "" where equal.

    `nodes` are lines on what the graph has otherwise: nodes of one side only, and pairs of nodes that are not
    the same, as the alignment of both finds them, whatever their order and names.
    """

    path: str
    code: str
    graph: str
    nodes: str = ""


class ValueChange(NamedTuple):
    """An attribute, constant or file that changed: both sides as text."""

    path: str
    before: str
    after: str


class ArchiveDiff(NamedTuple):
    """Everything that differs between two archives; empty lists all through when nothing does.

    Paths of modules are dotted, "(root)" for the module itself. Names that TorchScript mangles to
    keep classes apart (`___torch_mangle_3`) count as equal. A method that only one side has is in
    `methods_added` or `methods_removed`. `tensors_not_compared` are those on both sides whose elements were
    not looked at, because a small file claims views of so many bytes that reading them would not end.
    """

    modules_added: list[str]
    modules_removed: list[str]
    classes_changed: list[ValueChange]
    methods_added: list[str]
    methods_removed: list[str]
    methods_changed: list[MethodChange]
    tensors_added: list[str]
    tensors_removed: list[str]
    tensors_changed: list[TensorChange]
    tensors_not_compared: list[str]
    attributes_changed: list[ValueChange]
    files_changed: list[ValueChange]

    @property
    def is_empty(self) -> bool:
        """Whether the two archives are the same as far as is compared."""
        return not any(self)


def compare_archives(before: LoadedArchive, after: LoadedArchive) -> ArchiveDiff:
    """Compare two open archives. Raises `JitError` if one of them cannot be read."""
    old, new = _modules(before.root), _modules(after.root)
    common = [path for path in new if path in old]
    methods = _Methods()
    for path in common:
        methods.compare(path, old[path], new[path])
    old_tensors, new_tensors = _tensors(before), _tensors(after)
    comparison = TensorComparison(most_viewed(_held(before) + _held(after)))
    return ArchiveDiff(
        modules_added=[path for path in new if path not in old],
        modules_removed=[path for path in old if path not in new],
        classes_changed=_changed(
            {path: unmangled(old[path].type.qualified_name) for path in common},
            {path: unmangled(new[path].type.qualified_name) for path in common},
        ),
        methods_added=methods.added,
        methods_removed=methods.removed,
        methods_changed=methods.changed,
        tensors_added=[f"{n}: {describe_tensor(t)}" for n, t in new_tensors.items() if n not in old_tensors],
        tensors_removed=[
            f"{n}: {describe_tensor(t)}" for n, t in old_tensors.items() if n not in new_tensors
        ],
        tensors_changed=_changed_tensors(comparison, old_tensors, new_tensors),
        tensors_not_compared=comparison.not_compared,
        attributes_changed=_changed(_attributes(old), _attributes(new)),
        files_changed=_changed(_files(before), _files(after)),
    )


def compare_weights(before: LoadedArchive | TensorFile, after: LoadedArchive | TensorFile) -> ArchiveDiff:
    """Compare tensors by their names, and plain values where neither side is a program.

    Raises `JitError` if one of them cannot be read.
    """
    old, new = _weights(before), _weights(after)
    comparison = TensorComparison(most_viewed(_held(before) + _held(after)))
    attributes: list[ValueChange] = []
    if isinstance(before, TensorFile) and isinstance(after, TensorFile):
        attributes = _changed(_plain_values(before), _plain_values(after))
    return ArchiveDiff(
        [], [], [], [], [], [],
        tensors_added=[f"{n}: {describe_tensor(t)}" for n, t in new.items() if n not in old],
        tensors_removed=[f"{n}: {describe_tensor(t)}" for n, t in old.items() if n not in new],
        tensors_changed=_changed_tensors(comparison, old, new),
        tensors_not_compared=comparison.not_compared,
        attributes_changed=attributes,
        files_changed=[],
    )  # fmt: skip


def _changed_tensors(
    comparison: TensorComparison, old: Mapping[str, LazyTensor], new: Mapping[str, LazyTensor]
) -> list[TensorChange]:
    changes = (comparison.compare(name, old[name], tensor) for name, tensor in new.items() if name in old)
    return [change for change in changes if change is not None]


def _held(opened: LoadedArchive | TensorFile) -> int:
    """Bytes that the file holds, those of compressed records unpacked."""
    if isinstance(opened, TensorFile):
        return opened.size
    return sum(record.size for record in opened.archive.records)


def _weights(opened: LoadedArchive | TensorFile) -> dict[str, LazyTensor]:
    return opened.tensors if isinstance(opened, TensorFile) else dict(walk_tensors(opened.archive.root))


def _plain_values(opened: TensorFile) -> dict[str, str]:
    values = {entry.name: entry.value for entry in opened.entries if entry.name not in opened.tensors}
    return {name: repr(value) for name, value in {**values, **opened.metadata}.items()}


def unmangled(text: str) -> str:
    """The text without the parts that TorchScript adds to keep classes of one name apart."""
    return _MANGLING.sub("", text)


def _modules(root: ScriptObject) -> dict[str, ScriptObject]:
    return {path or "(root)": module for path, module in root.named_modules()}


class _Methods:
    """Compares methods and hooks class by class: modules that share their classes on both sides once."""

    def __init__(self) -> None:
        self.added: list[str] = []
        self.removed: list[str] = []
        self.changed: list[MethodChange] = []
        self._compared: set[tuple[object, object]] = set()

    def compare(self, path: str, old: ScriptObject, new: ScriptObject) -> None:
        if (old.type, new.type) in self._compared:
            return
        self._compared.add((old.type, new.type))
        were, are = old.type.functions(), new.type.functions()
        for name, method in are.items():
            place = f"{path}.{name}"
            former = were.get(name)
            if former is None:
                self.added.append(place)
            elif isinstance(former, Function) and isinstance(method, Function):
                self._compare_method(place, former, method)
        self.removed.extend(f"{path}.{name}" for name in were if name not in are)

    def _compare_method(self, place: str, old: Function, new: Function) -> None:
        code = _text_diff(_code(old), _code(new))
        graph = _text_diff(_graph(old), _graph(new))
        if code or graph:
            nodes = "\n".join(node_changes(old.graph, new.graph)) if graph else ""
            self.changed.append(MethodChange(place, code, graph, nodes))


def _code(function: Function) -> str:
    try:
        return unmangled(code_text(function))
    except JitError as error:
        return f"cannot be compiled: {error}\n"


def _graph(function: Function) -> str:
    try:
        return unmangled(graph_text(function.graph, locations=False))
    except JitError as error:
        return f"cannot be compiled: {error}\n"


def _text_diff(old: str, new: str) -> str:
    if old == new:
        return ""
    return "\n".join(
        difflib.unified_diff(old.splitlines(), new.splitlines(), "before", "after", lineterm="", n=2)
    )


def _tensors(loaded: LoadedArchive) -> dict[str, LazyTensor]:
    archive = loaded.archive
    found = dict(walk_tensors(archive.root))
    found.update((f"CONSTANTS{name}", tensor) for name, tensor in walk_tensors(archive.constants))
    return found


def _attributes(modules: Mapping[str, ScriptObject]) -> dict[str, str]:
    """Every attribute and class constant that holds no tensor and no module, as text."""
    found: dict[str, str] = {}
    for path, module in modules.items():
        for name, value in [*module.attributes.items(), *module.type.constants.items()]:
            if not isinstance(value, ScriptObject | LazyTensor):
                found[f"{path}.{name}"] = _value_text(value)
    return found


def _value_text(value: object) -> str:
    if isinstance(value, LazyTensor):
        return describe_tensor(value)
    if isinstance(value, ScriptObject):
        return unmangled(value.type.qualified_name)
    if isinstance(value, EnumValue):
        return f"{value.type.name}.{value.name}"
    if isinstance(value, list):
        return f"[{', '.join(_value_text(v) for v in value)}]"
    if isinstance(value, tuple):
        return f"({', '.join(_value_text(v) for v in value)},)"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value_text(k)}: {_value_text(v)}" for k, v in value.items()) + "}"
    return repr(value)


def _files(loaded: LoadedArchive) -> dict[str, str]:
    archive = loaded.archive
    texts = {"format version": str(archive.version), "byte order": archive.byteorder}
    for name in archive.extra_files():
        data = archive.extra_file(name)
        texts[f"extra/{name}"] = f"{len(data)} bytes, CRC {archive.records.record(f'extra/{name}').crc:08x}"
    return texts


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[ValueChange]:
    return list(_changes(old, new))


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[ValueChange]:
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(name), new.get(name)
        if before != after:
            yield ValueChange(name, before or "(not there)", after or "(not there)")
