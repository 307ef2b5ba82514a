"""The archive tree as rows: modules with methods, parameters, buffers, attributes; files; records."""

from __future__ import annotations

from msgspec.structs import replace

from jitcore.archive import Archive, LazyTensor
from jitcore.ir import Function, ScriptObject
from jitviewer.engine.code_rows import definitions, device_constants
from jitviewer.engine.document import Document
from jitviewer.engine.schema_text import signature
from jitviewer.protocol.bounds import DETAIL, LARGEST, NAME, PATH, TREE_ROWS, cut, more, within
from jitviewer.protocol.rows import TreeRow


def tree_rows(document: Document) -> list[TreeRow]:
    """All rows, parents before children; row ids count from 1 and 0 is no parent."""
    if document.tensors is not None:
        # Who opens a program does not wait for it.
        from jitviewer.engine.tensor_file_rows import tensor_file_rows

        return tensor_file_rows(document.tensors)
    builder = _Builder()
    if document.module is not None:
        builder.note_sharing(document.module)
        builder.add_module(0, "", type_name(document.module), "", document.module)
    else:
        function = document.find("", "").function
        builder.add(0, "method", "graph", "", signature(function), 0)
    if document.archive is not None:
        builder.add_files(document)
    return builder.rows


def bounded_tree(rows: list[TreeRow]) -> list[TreeRow]:
    """The rows that the window is told of. Names up to `NAME` and paths up to `PATH` are keys of requests;
    what has longer ones can be seen and not opened."""
    shown = within(map(_bounded, rows), TREE_ROWS, _weight)
    left_out = len(rows) - len(shown)
    if left_out:
        shown.append(TreeRow(len(shown) + 1, 0, "more", more(left_out), "", "not listed here", 0))
    return shown


def _bounded(row: TreeRow) -> TreeRow:
    if (
        len(row.name) <= NAME
        and len(row.path) <= PATH
        and len(row.detail) <= DETAIL
        and max(row.bytes, row.elements) <= LARGEST
    ):
        return row
    return replace(
        row, name=cut(row.name, NAME), path=cut(row.path, PATH), detail=cut(row.detail, DETAIL),
        bytes=min(row.bytes, LARGEST), elements=min(row.elements, LARGEST),
    )  # fmt: skip


def _weight(row: TreeRow) -> int:
    return len(row.name) + len(row.path) + len(row.detail) + len(row.parameters)


def type_name(value: ScriptObject) -> str:
    """The class's own name."""
    return value.type.qualified_name.rpartition(".")[2]


def tensor_text(tensor: LazyTensor) -> str:
    """`float32[64, 3, 7, 7]`, and where it was when it was saved unless that is the CPU."""
    text = f"{tensor.dtype}[{', '.join(str(n) for n in tensor.shape)}]"
    return text if tensor.device == "cpu" else f"{text} on {tensor.device}"


class _Builder:
    def __init__(self) -> None:
        self.rows: list[TreeRow] = []
        self._uses_of_storage: dict[int, int] = {}

    def add(
        self, parent: int, kind: str, name: str, path: str, detail: str, size: int, elements: int = 0
    ) -> int:
        number = len(self.rows) + 1
        told = min(size, LARGEST), "", min(elements, LARGEST)
        self.rows.append(TreeRow(number, parent, kind, name, path, detail, *told))
        return number

    def note_sharing(self, root: ScriptObject) -> None:
        """Count by how many attributes each storage is held."""
        for _, module in root.named_modules():
            for value in module.attributes.values():
                if isinstance(value, LazyTensor) and value.storage is not None:
                    key = id(value.storage)
                    self._uses_of_storage[key] = self._uses_of_storage.get(key, 0) + 1

    def add_module(self, parent: int, name: str, detail: str, path: str, root: ScriptObject) -> None:
        """Add a module and what it holds; a module reached twice is listed where it is first."""
        pending: list[tuple[int, str, str, ScriptObject]] = [(parent, name, path, root)]
        sizes, counts = _module_sizes(root), _parameter_counts(root)
        seen: set[ScriptObject] = set()
        order: list[tuple[int, str, str, ScriptObject]] = []
        # Rows of one module stand together and its submodules follow; a stack keeps that order.
        while pending:
            parent, name, path, module = pending.pop()
            order.append((parent, name, path, module))
            number = self.add(
                parent, "module", name or "(root)", path, type_name(module), sizes.get(module, 0),
                counts.get(module, 0),
            )  # fmt: skip
            if module in seen:
                continue
            seen.add(module)
            self._add_members(number, path, module)
            below = [
                (number, child_name, f"{path}.{child_name}" if path else child_name, child)
                for child_name, child in module.submodules().items()
            ]
            pending.extend(reversed(below))

    def _add_members(self, parent: int, path: str, module: ScriptObject) -> None:
        for name, method in module.type.methods.items():
            if isinstance(method, Function):
                self.add(parent, "method", name, path, signature(method), 0)
        kind = module.type
        for called, names in (("pre-hook", kind.forward_pre_hooks), ("hook", kind.forward_hooks)):
            for name in names:
                hook = kind.hooks.get(name)
                if isinstance(hook, Function):
                    self.add(parent, called, name, path, signature(hook), 0)
        for name, attribute in module.type.attributes.items():
            value = module.attributes.get(name)
            if isinstance(value, ScriptObject) and value.type.is_module:
                continue
            if isinstance(value, LazyTensor):
                kind = (
                    "parameter"
                    if attribute.is_parameter
                    else "buffer"
                    if attribute.is_buffer
                    else "attribute"
                )
                is_shared = self._uses_of_storage.get(id(value.storage), 0) > 1
                text = tensor_text(value) + (", shares its storage" if is_shared else "")
                elements = value.numel if attribute.is_parameter else 0
                self.add(parent, kind, name, path, text, value.nbytes, elements)
            else:
                kind = attribute.type.annotation()
                # A class has no values, and an object none yet that its `__setstate__` sets when it runs.
                text = f"{kind} = {value_text(value)}" if name in module.attributes else kind
                self.add(parent, "attribute", name, path, text, 0)
        for name, constant in module.type.constants.items():
            self.add(parent, "constant", name, path, value_text(constant), 0)

    def add_files(self, document: Document) -> None:
        """Add the groups of constants, extra files and records."""
        archive = document.archive
        if archive is None:
            return
        if archive.constants:
            group = self.add(0, "group", "Constants", "", f"{len(archive.constants)}", 0)
            for index, value in enumerate(archive.constants):
                size = value.nbytes if isinstance(value, LazyTensor) else 0
                self.add(group, "constant", f"CONSTANTS.c{index}", "", value_text(value), size)
        devices = list(device_constants(archive))
        if devices:
            group = self.add(0, "group", "Devices in the code", "", f"{len(devices)}", 0)
            for device in devices:
                more = f", and {device.more} times more" if device.more else ""
                where = f"{device.record}, line {device.line + 1}{more}"
                self.add(group, "constant", device.name, "", where, 0)
        extra = archive.extra_files()
        if extra:
            group = self.add(0, "group", "Extra files", "", f"{len(extra)}", 0)
            for name, size in extra.items():
                self.add(group, "extra", name, f"extra/{name}", f"{size:,} bytes", size)
        self._add_code(archive)
        records = list(archive.records)
        total = sum(record.size for record in records)
        group = self.add(0, "group", "Records", "", f"{len(records)}", total)
        for record in records:
            note = f"{record.size:,} bytes" + (", compressed" if record.compressed else "")
            self.add(group, "record", record.name, record.name, note, record.size)

    def _add_code(self, archive: Archive) -> None:
        """Functions by their qualified names; classes, those of modules last, by their files."""
        found = list(definitions(archive))
        functions = [known for known in found if known.kind == "function"]
        if functions:
            group = self.add(0, "group", "Functions", "", f"{len(functions)}", 0)
            for known in functions:
                self.add(group, "function", known.qualified_name, "", f"line {known.line + 1}", 0)
        classes = sorted((k for k in found if k.kind == "class"), key=lambda known: known.base == "Module")
        if classes:
            group = self.add(0, "group", "Classes", "", f"{len(classes)}", 0)
            for known in classes:
                detail = " ".join(part for part in (known.base, known.qualified_name) if part)
                self.add(group, "class", known.name, known.record, detail, 0)


def value_text(value: object, limit: int = 80) -> str:
    """A value on one line, cut at `limit` characters."""
    if isinstance(value, LazyTensor):
        return tensor_text(value)
    if isinstance(value, ScriptObject):
        return type_name(value)
    # Of a long value no more is written out than is shown.
    text = repr(value[:limit]) if isinstance(value, str | bytes | list | tuple) else repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _module_sizes(root: ScriptObject) -> dict[ScriptObject, int]:
    """Bytes of the tensors at and below each module; a storage shared inside a module counts once."""
    sizes: dict[ScriptObject, int] = {}
    storages: dict[ScriptObject, dict[int, int]] = {}
    for module in reversed(_modules(root)):
        own: dict[int, int] = {}
        for value in module.attributes.values():
            if isinstance(value, LazyTensor):
                key = id(value.storage) if value.storage is not None else id(value)
                own[key] = max(own.get(key, 0), value.nbytes)
        for child in module.submodules().values():
            own.update(storages.get(child, {}))
        storages[module] = own
        sizes[module] = sum(own.values())
    return sizes


def _parameter_counts(root: ScriptObject) -> dict[ScriptObject, int]:
    """Elements of the parameters at and below each module; one that is reached twice inside counts once."""
    counts: dict[ScriptObject, int] = {}
    found: dict[ScriptObject, dict[object, int]] = {}
    for module in reversed(_modules(root)):
        own: dict[object, int] = {}
        for name, attribute in module.type.attributes.items():
            value = module.attributes.get(name)
            if attribute.is_parameter and isinstance(value, LazyTensor):
                # Several may be parts of one storage, as the weights of an LSTM are.
                shared = (id(value.storage), value.offset, tuple(value.shape))
                own[id(value) if value.storage is None else shared] = value.numel
        for child in module.submodules().values():
            own.update(found.get(child, {}))
        found[module] = own
        counts[module] = sum(own.values())
    return counts


def _modules(root: ScriptObject) -> list[ScriptObject]:
    """Each module once, those above before those below."""
    order: list[ScriptObject] = []
    pending = [root]
    seen: set[ScriptObject] = set()
    while pending:
        module = pending.pop()
        if module in seen:
            continue
        seen.add(module)
        order.append(module)
        pending.extend(module.submodules().values())
    return order
