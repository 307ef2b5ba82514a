"""Archives with code and objects put together by hand, and runs of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jitcore.archive import load
from jitcore.exec import Interpreter, Materializer
from tests.archive.handmade import ArchiveMaker, name, pickled, text

HEAD = "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
CLASSES = "__torch__.torch.classes."


def custom_object(class_name: str, state: bytes) -> bytes:
    """The operations that push an object of the C++ class, as `aten.OpaqueObject`, with a state."""
    namespace, _, short = class_name.rpartition(".")
    return name(CLASSES + namespace, short) + b")\x81" + state + b"b"


def write_program(
    folder: Path, code: str, slots: dict[str, bytes] | None = None, constants: bytes = b")"
) -> Path:
    """An archive of a module with the lines `code`; `slots` are the operations of its attributes."""
    items = b"".join(text(key) + value for key, value in {"training": b"\x89", **(slots or {})}.items())
    data = pickled(name("__torch__", "M"), b")\x81}(", items, b"ub")
    records: dict[str, bytes | None] = {
        "code/__torch__.py": (HEAD + code).encode(),
        "constants.pkl": pickled(constants),
    }
    return ArchiveMaker(folder).archive(data, records)


def run_program(path: Path, *inputs: Any, allow_files: bool = False) -> Any:
    """What `forward` gives."""
    interpreter = Interpreter(allow_files=allow_files)
    interpreter.materializer = Materializer("cpu", str(path), interpreter.call, allow_files)
    module = interpreter.materializer.object(load(path))
    return interpreter.run(module.method("forward"), [module, *inputs])
