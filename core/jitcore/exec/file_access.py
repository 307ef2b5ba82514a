"""Which operators and C++ classes may read or write files, so that a run can refuse them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jitcore.types import STRING, ListType, OptionalType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jitcore.types import FunctionSchema, Type

REACH_FILES: Final = frozenset({
    "aten::save", "aten::from_file", "aten::_from_file", "debugprims::load_tensor", "prim::IgnoredPythonOp",
})  # fmt: skip
"""Operators of torch that can read or write files."""

_TORCHS_OWN: Final = frozenset({
    "aten", "prim", "prims", "quantized", "_quantized", "quantization", "sparse", "prepacked", "onednn",
    "mkldnn", "mkldnn_prepacked", "mkl", "static_runtime", "profiler", "inductor", "inductor_prims",
    "rngprims", "onnx", "c10d", "_c10d_functional", "_c10d_functional_autograd", "symm_mem", "_dtensor",
    "export", "cuda",
    "xnnpack", "cudnn", "rnn", "_nnapi", "backendutils", "profiling", "dist_rpc", "tensorexpr", "metal",
    "vulkan", "vulkan_prepack", "metal_prepack",
})  # fmt: skip
"""Namespaces of operators and classes that come with torch; `REACH_FILES` names all of theirs."""

_FILE_WORDS: Final = frozenset({
    "file", "files", "filename", "filenames", "filepath", "path", "paths", "dir", "directory", "folder",
    "uri", "url", "src", "dst", "source", "destination",
})  # fmt: skip


def may_reach_files(schema: FunctionSchema) -> bool:
    """Whether an operator may read or write files, as `image::read_file(str filename)` does.

    Of packages other than torch nothing is known but the schema: a text that is called a file, or is
    not called anything, may name one.
    """
    if schema.name in REACH_FILES:
        return True
    if schema.name.partition("::")[0] in _TORCHS_OWN:
        return False
    return any(_is_text(a.type) and _may_name_a_file(a.name) for a in schema.arguments)


def class_may_reach_files(namespace: str, arguments: Iterable[Type]) -> bool:
    """Whether making an object of a C++ class of `namespace` from `arguments` may reach files."""
    return namespace not in _TORCHS_OWN and any(_is_text(argument) for argument in arguments)


def _is_text(kind: Type) -> bool:
    if isinstance(kind, OptionalType | ListType):
        return _is_text(kind.element)
    return kind is STRING


def _may_name_a_file(name: str) -> bool:
    return name.lstrip("_").isdigit() or not name or not _FILE_WORDS.isdisjoint(name.lower().split("_"))
