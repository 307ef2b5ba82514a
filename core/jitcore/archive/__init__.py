"""Reading TorchScript archives without torch: records, values, lazy tensors, code and its origins."""

from jitcore.archive.code_records import CodeRecords
from jitcore.archive.container import Archive
from jitcore.archive.debug_info import DebugTable
from jitcore.archive.digests import tensor_digests
from jitcore.archive.errors import ArchiveError
from jitcore.archive.importer import LoadedArchive, load, open_archive, open_compiled
from jitcore.archive.opened_file import OpenedFile, open_to_read
from jitcore.archive.tensors import LazyStorage, LazyTensor, Quantizer, SparseParts
from jitcore.archive.values import Device, SavedDict, SavedEnum, SavedList, SavedObject, Value
from jitcore.archive.walking import walk_objects, walk_tensors

__all__ = [
    "Archive",
    "ArchiveError",
    "CodeRecords",
    "DebugTable",
    "Device",
    "LazyStorage",
    "LazyTensor",
    "LoadedArchive",
    "OpenedFile",
    "Quantizer",
    "SavedDict",
    "SavedEnum",
    "SavedList",
    "SavedObject",
    "SparseParts",
    "Value",
    "load",
    "open_archive",
    "open_compiled",
    "open_to_read",
    "tensor_digests",
    "walk_objects",
    "walk_tensors",
]
