"""The source files of an archive's `code` folder, by the qualified names of what they define."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jitcore.archive.debug_info import DebugTable
from jitcore.archive.errors import ArchiveError
from jitcore.source import OriginMap, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jitcore.archive.zip_records import ZipRecords

_PREFIX = "code/"
_SUFFIX = ".py"


class CodeRecords:
    """Finds and decodes code files, each once, when first asked for.

    A qualifier is a qualified name without its last part: `__torch__.torch.nn.modules.conv` for
    the class `__torch__.torch.nn.modules.conv.Conv2d`.
    """

    def __init__(self, records: ZipRecords) -> None:
        self._records = records
        self._sources: dict[str, Source | None] = {}

    def qualifiers(self) -> Iterator[str]:
        """The qualifiers of all code files, in the archive's order."""
        for record in self._records:
            name = record.name
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                path = name[len(_PREFIX) : -len(_SUFFIX)]
                # A path with a dot of its own is that of no qualifier.
                if "." not in path:
                    yield path.replace("/", ".")

    def source(self, qualifier: str) -> Source | None:
        """The file that defines the names under `qualifier`, with its origins; None if there is none.

        The file name of the source is the record's name. Raises `ArchiveError` for text that is not UTF-8.
        """
        if qualifier not in self._sources:
            self._sources[qualifier] = self._load(_PREFIX + qualifier.replace(".", "/") + _SUFFIX)
        return self._sources[qualifier]

    def find(self, qualifier: str) -> tuple[str, str, OriginMap | None] | None:
        """The record's name, text and origins of the file for `qualifier`; None if there is none."""
        source = self.source(qualifier)
        return None if source is None else (source.filename or "", source.text, source.origins)

    def source_of(self, qualified_name: str) -> Source | None:
        """The file that defines `qualified_name`, as in `__torch__.torch.nn.modules.conv.Conv2d`."""
        return self.source(qualified_name.rpartition(".")[0])

    def _load(self, name: str) -> Source | None:
        records = self._records
        if name not in records:
            return None
        where = f"{records.file}: the record '{name}'"
        try:
            text = records.read(name).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ArchiveError(f"{where} is not UTF-8 at its byte {error.start}; save it again") from None
        table = name + ".debug_pkl"
        origins = None
        if table in records:
            origins = DebugTable(lambda: records.read(table), f"{records.file}: the record '{table}'", text)
        return Source(text, name, 0, origins)
