"""A file that was opened: an archive, IR text or tensors, and the functions that can be shown of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jitcore.archive import Archive, LoadedArchive, OpenedFile, open_compiled
from jitcore.archive.opened_file import place_of
from jitcore.archive.tensor_files.opening import open_archive_or_tensors
from jitcore.ir import Function, Graph, ScriptObject
from jitcore.source import JitError, Source
from jitcore.types import Argument, ClassType, FunctionSchema
from jitviewer.launching.surroundings import File, surroundings
from jitviewer.plain_files import MOST_TEXT, read_plain_text, reason_of

if TYPE_CHECKING:
    from jitcore.archive.tensor_files import TensorFile

IR_SUFFIXES = (".ir",)


class Document:
    """An opened file.

    `archive` and `code` (its importer) are None for IR text, which has one function called `graph`; `module`
    is None for that and for a function that was compiled; of a class that was compiled it is an object
    without values. `tensors` is set for a file that holds tensors and no program, and then nothing of all
    these. `path` is as given, `title` its last part; `file` is what it
    is read by.
    """

    def __init__(
        self,
        file: File,
        loaded: LoadedArchive | None,
        function: Function | ClassType | None,
        tensors: TensorFile | None = None,
    ) -> None:
        self.file = file
        self.path = path = str(file)
        self.title = Path(path).name
        self.archive = loaded.archive if loaded is not None else None
        self.code = loaded.code if loaded is not None else None
        self.tensors = tensors
        self.module: ScriptObject | None = None
        if isinstance(function, ClassType):
            self.module = ScriptObject(function)
        elif loaded is not None and function is None:
            self.module = loaded.root
        self._only_function = function if isinstance(function, Function) else None

    @classmethod
    def open(cls, path: File) -> Document:
        """Open an archive, tensors, or a text with the suffix `.ir`. Raises `JitError` with one sentence."""
        file = file_to_read(path) if isinstance(path, str) else path
        name = str(file)
        try:
            if Path(name).suffix in IR_SUFFIXES:
                # Only a text needs the parser of graphs.
                from jitcore.printing import parse_graph

                return cls(file, None, _function_of(parse_graph(read_text(file), filename=name)))
            opened = open_archive_or_tensors(file)
            if isinstance(opened, LoadedArchive):
                return cls(file, opened, None)
            return cls(file, None, None, opened)
        except BaseException:
            if isinstance(file, OpenedFile):
                file.close()
            raise

    @classmethod
    def open_compiled(cls, file: File) -> Document:
        """Open an archive that holds graphs as they were compiled. Raises `JitError` with one sentence."""
        return cls(file, *open_compiled(file))

    @property
    def summary(self) -> str:
        """What kind of file it is, and how large, in a line."""
        if self.tensors is not None:
            count = len(self.tensors.tensors)
            return (
                f"Tensors without a program, written by {self.tensors.kind}, {count:,} "
                f"tensor{'' if count == 1 else 's'}, {self.tensors.size:,} bytes"
            )
        if self.archive is None:
            return "IR text"
        records = list(self.archive.records)
        parts = [
            f"TorchScript archive, format version {self.archive.version}",
            f"{len(records)} records",
            f"{sum(record.size for record in records):,} bytes",
        ]
        if self.archive.producer:
            parts.insert(1, f"written by {self.archive.producer}")
        return ", ".join(parts)

    def close(self) -> None:
        """Give the file up."""
        if self.archive is not None:
            self.archive.close()
        if self.tensors is not None:
            self.tensors.close()
        if isinstance(self.file, OpenedFile):
            self.file.close()

    def function(self, module_path: str, method: str) -> Function:
        """The method or hook of the module at a dotted path, or a function by its qualified name.

        Raises `JitError` naming what is not there.
        """
        self._check_program()
        if self.module is None:
            if module_path or method not in ("forward", "graph") or self._only_function is None:
                raise JitError(f"{self.path} is IR text: it has one graph and no modules or methods")
            return self._only_function
        if not module_path and "." in method and self.code is not None:
            return self.code.function(method)
        module = self.find_module(module_path)
        found = module.type.functions().get(method)
        if not isinstance(found, Function):
            raise JitError(f"{self.path}: {_name(module_path)} has no method '{method}'; {_known(module)}")
        return found

    def receiver(self, module_path: str, method: str) -> ScriptObject | None:
        """The module whose method or hook `function` gives for the same names; None for a function.

        A class that was compiled by itself has no object, so its methods have no module either.
        """
        if self.module is None or (not module_path and "." in method):
            return None
        found = self.find_module(module_path)
        return found if found.type.is_module else None

    def find_module(self, module_path: str) -> ScriptObject:
        """The module at a dotted path. Raises `JitError` naming the part that is missing."""
        self._check_program()
        if self.module is None:
            raise JitError(f"{self.path} is IR text and has no modules")
        try:
            return self.module.find(module_path)
        except KeyError as error:
            raise JitError(
                f"{self.path}: there is no module '{module_path}' (nothing called {error.args[0]!r}); "
                "the tree of the archive lists the modules"
            ) from error

    def _check_program(self) -> None:
        """Raise `JitError` for a file that holds tensors and no program."""
        if self.tensors is not None:
            raise JitError(self.tensors.advice)

    def first_method(self) -> tuple[str, str] | None:
        """Module path and name of the method to show first: `forward`, or the first there is."""
        if self.tensors is not None:
            return None
        if self.module is None:
            return "", "graph"
        for path, module in self.module.named_modules():
            methods = module.type.methods
            usual = next((name for name in ("forward", "__init__") if name in methods), None)
            if methods:
                return path, usual or next(iter(methods))
        return None


def _name(module_path: str) -> str:
    return f"module '{module_path}'" if module_path else "the root module"


def _known(module: ScriptObject) -> str:
    names = ", ".join(module.type.functions())
    return f"it has {names}" if names else "it has no methods"


def file_to_read(path: str) -> File:
    """The file, from whoever may open it. Raises `JitError` with one sentence."""
    try:
        return surroundings().open(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise JitError(f"{path} cannot be opened: {reason}") from None


def read_text(file: File) -> str:
    """The text of a file. Raises `JitError` with one sentence."""
    try:
        return read_plain_text(place_of(file), MOST_TEXT)
    except UnicodeDecodeError as error:
        raise JitError(f"{file} is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise JitError(f"{file} cannot be read: {reason_of(error)}") from error


def _function_of(graph: Graph) -> Function:
    arguments = tuple(Argument(value.name, value.type) for value in graph.inputs)
    returns = tuple(Argument("", value.type) for value in graph.outputs)
    return Function("graph", FunctionSchema("graph", "", arguments, returns), graph)


def source_of(document: Document, record: str) -> Source:
    """A record of the archive as text (code as it is, other bytes as a hex dump)."""
    if document.tensors is not None:
        raise JitError(document.tensors.advice)
    if document.archive is None:
        return Source(read_text(document.file), document.path)
    return Source(record_text(document.archive, record), record)


def record_text(archive: Archive, record: str) -> str:
    """A record as text: code as it is, other bytes as a hex dump."""
    data = archive.records.read(record)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return hex_dump(data)


def hex_dump(data: bytes, limit: int = 64 * 1024) -> str:
    """Offset, sixteen bytes in hexadecimal, and their ASCII, a line each; `limit` bytes at most."""
    lines: list[str] = []
    for start in range(0, min(len(data), limit), 16):
        part = data[start : start + 16]
        letters = "".join(chr(b) if 32 <= b < 127 else "." for b in part)
        lines.append(f"{start:08x}  {part.hex(' '):<47}  {letters}")
    if len(data) > limit:
        lines.append(f"... {len(data) - limit:,} more bytes")
    return "\n".join(lines)
