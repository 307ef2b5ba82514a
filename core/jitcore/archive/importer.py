"""Loading an archive as a module: its code's classes given the values that its pickles hold."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from jitcore.archive.container import Archive
from jitcore.archive.errors import ArchiveError
from jitcore.archive.typed_values import TypedValues
from jitcore.frontend import SourceImporter
from jitcore.ir import Function
from jitcore.ir.garbage import collection_paused
from jitcore.types.parsing import custom_class

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from jitcore.archive.flat_model import FlatModel
    from jitcore.ir.objects import ScriptObject
    from jitcore.types import ClassType, Type

_CUSTOM_CLASSES: Final = "__torch__.torch.classes."


class LoadedArchive:
    """An open archive with its code and its module, each read when first asked for.

    `archive` is the file; `code` compiles what it defines; `root` is the module that was saved,
    with methods whose graphs are lowered when asked for.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @cached_property
    def code(self) -> SourceImporter:
        """The importer of the archive's code."""
        return _code(self.archive)

    @cached_property
    @collection_paused()
    def root(self) -> ScriptObject:
        """The module; raises `ArchiveError` or `SourceError` if values and code do not fit together."""
        return _root(self.archive, self.code)


def module_of(model: FlatModel) -> ScriptObject:
    """The module in a flatbuffer; raises `ArchiveError` or `SourceError`."""
    return _root(model, _code(model))


def _code(archive: Archive | FlatModel) -> SourceImporter:
    code = SourceImporter(archive.code, (), archive.version)
    # Objects among the constants, as freezing leaves them, are of classes that the code defines.
    values = TypedValues(_ClassesOfConstants(code), f"{archive.file}: the record 'constants.pkl'")
    code.add_constants(
        [values.value(constant, None, f"c{index}") for index, constant in enumerate(archive.constants)]
    )
    return code


def _root(archive: Archive | FlatModel, code: SourceImporter) -> ScriptObject:
    values = TypedValues(code, f"{archive.file}: the record 'data.pkl'")
    saved = archive.root
    try:
        root = values.object(saved)
    except RecursionError:
        raise ArchiveError(
            f"{archive.file}: the record 'data.pkl' nests objects too deeply, as no saved model does"
        ) from None
    if values.restorers:
        _note_what_restoring_calls(values.restorers)
    return root


def _note_what_restoring_calls(restorers: Iterable[object]) -> None:
    """TorchScript runs `__setstate__` while it loads, and never tidies what it runs then."""
    # Few archives restore anything, and opening one should not wait for the passes.
    from jitcore.passes.inline import keep_bodies_as_written

    for restore in restorers:
        if isinstance(restore, Function):
            keep_bodies_as_written(restore)


class _ClassesOfConstants:
    """The types of objects among the constants: classes of the code, and of C++, which it does not define."""

    def __init__(self, code: SourceImporter) -> None:
        self._code = code

    def named_type(self, name: str, /) -> Type | None:
        return custom_class(name) if name.startswith(_CUSTOM_CLASSES) else self._code.named_type(name)


def open_archive(path: str | os.PathLike[str]) -> LoadedArchive:
    """Open the archive at `path`; raises `ArchiveError` if it is no readable TorchScript archive."""
    return LoadedArchive(Archive.open(path))


def open_compiled(path: str | os.PathLike[str]) -> tuple[LoadedArchive, Function | ClassType | None]:
    """Open an archive whose functions and methods have the graphs that are written beside their code.

    Gives the archive, and the function that it was written for if that is none of its methods, or the class
    if it was written for one that is no module. Raises
    `ArchiveError` if there are no such graphs, or they do not fit the code.
    """
    # Who opens a stranger's archive need not wait for it.
    from jitcore.archive.graph_records import RECORD, take_graphs

    loaded = open_archive(path)
    try:
        return loaded, take_graphs(loaded.code, loaded.archive.records.read(RECORD))
    except BaseException:
        loaded.archive.close()
        raise


def load(path: str | os.PathLike[str]) -> ScriptObject:
    """The module in the archive at `path`, its weights still in the file."""
    return open_archive(path).root
