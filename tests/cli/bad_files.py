"""Archives that are broken, or meant to harm, made from a sound one."""

import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

KINDS = ("truncated", "not_zip", "evil", "missing", "no_data", "empty", "cyclic")


class _System:
    def __reduce__(self):
        return os.system, ("echo pwned",)


def bad_file(kind: str, good: Path, folder: Path) -> Path:
    """A file called after its fault."""
    file = folder / f"{kind}.pt"
    if kind == "truncated":
        file.write_bytes(good.read_bytes()[:9000])
    elif kind == "not_zip":
        file.write_text("this is not an archive\n" * 50)
    elif kind == "empty":
        file.write_bytes(b"")
    elif kind == "evil":
        evil = pickle.dumps(_System(), protocol=2)
        rewrite(good, file, lambda name, data: evil if name == "data.pkl" else data)
    elif kind == "missing":
        rewrite(good, file, lambda name, data: None if name == "data/0" else data)
    elif kind == "no_data":
        rewrite(good, file, lambda name, data: None if name == "data.pkl" else data)
    elif kind == "cyclic":
        # A list that holds itself: ']' EMPTY_LIST, 'q\0' memo, 'h\0' get, 'a' append.
        cyclic = b"\x80\x02]q\x00h\x00a."
        rewrite(good, file, lambda name, data: cyclic if name == "data.pkl" else data)
    return file


def rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Copy an archive record by record; `change` gives the new bytes of a record, or None to drop it."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            data = change(name.partition("/")[2], old.read(name))
            if data is not None:
                new.writestr(name, data)
