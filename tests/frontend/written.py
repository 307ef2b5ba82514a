"""Archive code written in a test: as files for the importer, and as an archive that torch loads."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from jitcore.frontend import SourceImporter
from jitcore.printing import graph_text
from jitcore.source import Source

MODULE = "class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"


class Files:
    """Code files by qualifier (`__torch__.m`), with a note of which were asked for."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self.read: list[str] = []

    def source(self, qualifier: str) -> Source | None:
        text = self.texts.get(qualifier)
        if text is None:
            return None
        self.read.append(qualifier)
        return Source(text, f"code/{qualifier.replace('.', '/')}.py")


def importer_of(text: str, version: int | None = None, **more: str) -> SourceImporter:
    """An importer of `text` as the file of `__torch__`, and of more files by name."""
    texts = {"__torch__": text, **{f"__torch__.{name}": code for name, code in more.items()}}
    return SourceImporter(Files(texts), (), version)


def graph_of(text: str, name: str = "f", version: int | None = None) -> str:
    """The graph, without locations, of the function (or method, `Net.forward`) that `text` defines."""
    importer = importer_of(text, version)
    owner, _, method = name.rpartition(".")
    if owner:
        function = importer.class_type(f"__torch__.{owner}").methods[method]
    else:
        function = importer.function(f"__torch__.{name}")
    return graph_text(function.graph, locations=False)


def write_archive(path: Path, code: str, version: int = 10) -> None:
    """Write an archive whose module is of the class `Net` that `code` defines, with one slot `training`."""
    import torch

    class Net(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x

    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(Net()), buffer)
    with zipfile.ZipFile(buffer) as saved, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as written:
        for record in saved.namelist():
            name = record.partition("/")[2]
            data = saved.read(record)
            if name == "data.pkl":
                written.writestr(record, data.replace(_class_in(data), b"__torch__\nNet"))
            elif name.endswith("version"):
                written.writestr(record, f"{version}\n")
            elif not name.startswith("code/"):
                written.writestr(record, data)
        written.writestr(f"{saved.namelist()[0].partition('/')[0]}/code/__torch__.py", code)


def _class_in(pickled: bytes) -> bytes:
    """The class of the saved module as its pickle names it: module, newline, class."""
    start = pickled.index(b"c") + 1
    end = pickled.index(b"\n", pickled.index(b"\n", start) + 1)
    return pickled[start:end]
