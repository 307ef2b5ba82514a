"""Whole archives: the records that torch writes for a module, in its order."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.archive.errors import ArchiveError
from jitcore.archive.graph_records import RECORD, graphs_record
from jitcore.archive.writing.code_files import CodeFiles
from jitcore.archive.writing.debug_records import DebugRecords
from jitcore.archive.writing.value_pickler import ValuePickler
from jitcore.archive.writing.zip_writer import ZipWriter
from jitcore.whole_file import WholeFile

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from typing import BinaryIO

    from jitcore.archive.tensors import LazyStorage
    from jitcore.archive.writing.runtime_values import RuntimeValues
    from jitcore.archive.writing.zip_writer import Sink
    from jitcore.ir import Function, ScriptObject
    from jitcore.types import ClassType, Type

_OLDEST_VERSION: Final = 3
"""What an archive says whose operators mean what they always meant."""

_VERSION_IN_DATA: Final = 6
"""From this version on the record of the version lies in `.data`."""

_WORTH_COMPRESSING: Final = 200

FOLDER_OF_STREAMS: Final = "archive"
"""The folder in archives that have no file name."""


class CompiledGraphs(NamedTuple):
    """Asks for the graphs to be written as they are; `root` is a function that the archive has no code of, or
    the class that the archive was written for.

    They may call Python functions, which the code beside them cannot.
    """

    root: Function | ClassType | None = None


def save_module(
    root: ScriptObject,
    path: str | os.PathLike[str],
    extra_files: Mapping[str, bytes] | None = None,
    runtime: RuntimeValues | None = None,
    graphs: CompiledGraphs | None = None,
) -> None:
    """Write the module to the file `path`, which may be the archive that its weights still lie in.

    Nothing is at `path` before all is written. `extra_files` go with it, and with `graphs` a record of the
    graphs as they are, which torch does not read. Raises `ArchiveError` for what an
    archive cannot hold, `SourceError` for code that could not be loaded, `OSError` as the file system does.
    """
    file = os.path.realpath(path)
    folder = Path(file).name
    if not folder:
        raise ArchiveError(f"{os.fspath(path)} is a folder; give the path of a file in it")
    with _replacing(file) as target:
        write_module(root, target, Path(os.fspath(path)).stem or folder, extra_files, runtime, graphs)


def write_module(
    root: ScriptObject,
    sink: Sink,
    folder: str = FOLDER_OF_STREAMS,
    extra_files: Mapping[str, bytes] | None = None,
    runtime: RuntimeValues | None = None,
    graphs: CompiledGraphs | None = None,
) -> None:
    """Write the module to anything that takes bytes; see `save_module`."""
    writer = ZipWriter(sink, folder)
    for name, content in (extra_files or {}).items():
        writer.write(f"extra/{name}", content)
    code = CodeFiles(has_stand_ins=graphs is not None)
    for kind in _write_values(writer, code, "data", root, None, runtime):
        code.add(kind)
    code.add_all_from(root.type)
    _write_code(writer, code)
    if graphs is not None:
        # Before the constants, of which it may need more than the code does.
        writer.write(RECORD, graphs_record(code, graphs.root), compress=True)
    _write_values(writer, code, "constants", tuple(code.constants.values), None, runtime)
    version = max(code.version, _OLDEST_VERSION)
    writer.write(".data/version" if version >= _VERSION_IN_DATA else "version", f"{version}\n".encode())
    writer.write("byteorder", b"little")
    writer.write(".data/serialization_id", _fingerprint(writer).encode())
    writer.finish()


def _write_values(
    writer: ZipWriter,
    code: CodeFiles,
    name: str,
    value: object,
    declared: Type | None,
    runtime: RuntimeValues | None,
) -> list[Type]:
    """Write a pickle and the storages that it refers to; gives the classes of its objects."""
    pickler = ValuePickler(code.name_of, runtime, f"the record '{name}.pkl'")
    try:
        data = pickler.pickle(value, declared)
    except RecursionError:
        raise ArchiveError(
            f"the record '{name}.pkl' cannot be written: "
            "its values contain themselves or are nested too deeply"
        ) from None
    for index, storage in enumerate(pickler.storages):
        _write_storage(writer, f"{name}/{index}", storage)
    writer.write(f"{name}.pkl", data)
    return list(pickler.classes)


def _write_storage(writer: ZipWriter, name: str, storage: LazyStorage) -> None:
    if storage.device == "meta":
        writer.write(name, b"")
    else:
        writer.stream(name, storage.nbytes, lambda: (storage.bytes(),))


def _write_code(writer: ZipWriter, code: CodeFiles) -> None:
    debug = DebugRecords()
    for path, printer in code.printed():
        text = printer.text.encode("utf-8", "surrogateescape")
        table = debug.table(printer.body.ranges())
        writer.write(f"code/{path}.py", text, compress=len(text) > _WORTH_COMPRESSING)
        writer.write(f"code/{path}.py.debug_pkl", table, compress=len(table) > _WORTH_COMPRESSING)


def _fingerprint(writer: ZipWriter) -> str:
    """Forty digits that are equal for equal archives: of the records' names, and of their checksums."""
    names = hashlib.blake2b("\0".join(sorted(writer.names)).encode(), digest_size=8).digest()
    return f"{int.from_bytes(names, 'little'):020}{writer.combined_crc:020}"


@contextmanager
def _replacing(path: str) -> Generator[BinaryIO]:
    """A file that takes the place of another once all is written, and is gone if anything fails."""
    made = WholeFile(path)
    try:
        with os.fdopen(made.descriptor, "wb", closefd=False) as target:
            yield target
    except BaseException:
        made.drop()
        raise
    made.keep()
