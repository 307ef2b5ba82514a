"""Archives that ask for more than they may have, in a folder with things that are none of their business."""

from __future__ import annotations

import base64
import os
import pickle
import sys
import zipfile
from pathlib import Path

import torch

SECRET = "this is nobody else's business"


class Touch:
    """Unpickled, it makes a folder."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


class Adds(torch.nn.Module):
    """A program to begin with."""

    def forward(self, x):
        return x + 1


def with_record_of_markup(folder: Path) -> Path:
    """Records that are called like pictures of the folder, and like commands to a terminal."""
    names = {f'<img src="{folder}/secret.png">': "", "a\x1b[31mb\x07\u202e.txt": "", "<b>&amp;</b>": ""}
    target = folder / "markup.pt"
    torch.jit.script(Adds()).save(str(target), _extra_files=names)
    return target


def warning_from(folder: Path, place: Path, name: str) -> Path:
    """A warning whose debug records say that it stands in the file `place`."""
    long = folder / ("w" * (len(str(place)) + 10) + ".py")
    long.write_text(
        "import warnings\nimport torch\nclass W(torch.nn.Module):\n    def forward(self, x):\n"
        "        warnings.warn('from the model')\n        return x\n"
    )
    sys.path.insert(0, str(folder))
    try:
        made = __import__(long.stem)
    finally:
        sys.path.remove(str(folder))
    plain, target = folder / "plain.pt", folder / name
    torch.jit.script(made.W()).save(str(plain))
    before, after = str(long).encode(), str(place).encode()
    after = b"/" * (len(before) - len(after)) + after
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w") as copy:
        for record in source.namelist():
            data = source.read(record)
            copy.writestr(record, data.replace(before, after) if record.endswith(".debug_pkl") else data)
    for made_here in (long, plain):
        made_here.unlink()
    return target


def state_that_executes(mark: Path) -> str:
    """The state of a custom class that unpickles it, in base64 as torch has it."""
    return base64.b64encode(pickle.dumps(Touch(mark))).decode()


def executing_attribute(folder: Path) -> Path:
    """An attribute whose state is unpickled by a class of C++, which executes what it says."""
    name = "__torch__.torch.classes.aten.OpaqueObject"
    state = state_that_executes(folder / "EXECUTED")
    text = b"X" + len(state).to_bytes(4, "little") + state.encode()
    held = b"c__torch__.torch.classes.aten\nOpaqueObject\n)\x81" + text + b"b"
    data = (
        b"\x80\x02c__torch__\nM\n)\x81}(X\x08\x00\x00\x00training\x88X\x01\x00\x00\x00p" + held + b"ub."
    )  # fmt: skip
    code = (
        "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
        f"  p : {name}\n"
        "  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    return torch.add(x, 1)\n"
    )
    target = folder / "executing.pt"
    with zipfile.ZipFile(target, "w") as file:
        records = {
            "data.pkl": data,
            "code/__torch__.py": code,
            "constants.pkl": b"\x80\x02).",
            "version": "3\n",
        }
        for record, content in records.items():
            file.writestr(f"x/{record}", content)
    return target


def reading_beyond(folder: Path, offset: int = 100) -> Path:
    """A program that looks behind the end of a tensor, whose constants a pass would compute."""
    code = (
        "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
        "  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    t = torch.zeros([4], dtype=6)\n"
        f"    u = ops.inductor._reinterpret_tensor(t, [8], [1], {offset})\n"
        "    return torch.add(x, torch.sum(torch.fill_(u, 7.)))\n"
    )
    target = folder / "beyond.pt"
    data = b"\x80\x02c__torch__\nM\n)\x81}(X\x08\x00\x00\x00training\x88ub."
    with zipfile.ZipFile(target, "w") as file:
        records = {
            "data.pkl": data,
            "code/__torch__.py": code,
            "constants.pkl": b"\x80\x02).",
            "version": "3\n",
        }
        for record, content in records.items():
            file.writestr(f"x/{record}", content)
    return target
