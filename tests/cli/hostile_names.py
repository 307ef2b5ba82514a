"""An archive in which every text is made to be taken for more than text."""

import pickle
import struct
import zipfile
from pathlib import Path

from jitcore.archive.writing.debug_records import DebugRecords
from jitcore.source import Source, SourceRange

HIDDEN = "\x1b]0;title\x07\x1b[31m\x9b32m\x7f\r\u202e\u2066\u200f\u2028\u200b\U000e0041"
"""Sets a terminal's title and colours, turns the direction, ends a line, and takes no room."""

_FILE = """class M(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  __annotations__ = []
  __annotations__["{name}"] = Tensor
  __annotations__["{part}"] = __torch__.N
  def forward(self: __torch__.M,
    x: Tensor,
    \u05d0\u05d1: int) -> Tensor:
    # a comment \x1b[31m\u202e
    print("printed \\xff {name}")
    y = torch.mul((getattr(self, "{part}")).forward(x), getattr(self, "{name}"))
    _0 = ops.foo_\u05d0.bar(y)
    return y
  def fail(self: __torch__.M,
    x: Tensor) -> Tensor:
    ops.prim.RaiseException("failed {name}", "builtins.ValueError")
    return x
  def run(self: __torch__.M,
    x: Tensor) -> Tensor:
    print("printed {name}")
    return (getattr(self, "{part}")).forward(x)
class N(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.N,
    x: Tensor) -> Tensor:
    if bool(torch.gt(torch.sum(x), 0)):
      y = torch.relu(x)
    else:
      y = torch.add(x, 1)
    return y
"""


def write_hostile_names(path: Path, planted: str) -> Path:
    """Write the archive; names and messages ask for the file `planted` to be shown as a picture."""
    name = f"<img src='{planted}'>&lt;a&b=1{HIDDEN}"
    part = f"<b>part</b><img src='{planted}'>{HIDDEN}"
    code = _FILE.format(name=_literal(name), part=_literal(part))
    source = Source(f"program {HIDDEN}\n<img src='{planted}'>\n", f"<img src='{planted}'>{HIDDEN}.py", 0)
    inner = _module("N", [("training", b"\x88")])
    tensor = _tensor()
    records = {
        "data.pkl": b"\x80\x02" + _module("M", [("training", b"\x88"), (name, tensor), (part, inner)]) + b".",
        "code/__torch__.py": code,
        "code/__torch__.py.debug_pkl": DebugRecords().table([(0, SourceRange(source, 0, 7))]),
        "constants.pkl": b"\x80\x02).",
        "data/0": struct.pack("<2f", 1.0, 2.0),
        "version": "3\n",
        f"extra/{name}": "text" + HIDDEN,
        f"extra/<img src='{planted}'>": "",
    }
    with zipfile.ZipFile(path, "w") as file:
        for record, content in records.items():
            file.writestr(f"x/{record}", content)
    return path


def _literal(words: str) -> str:
    """As between quotes of code, where an escape stands for a byte."""
    return "".join(repr(sign)[1:-1] if sign < " " else sign for sign in words)


def _text(words: str) -> bytes:
    data = words.encode()
    return pickle.BINUNICODE + struct.pack("<I", len(data)) + data


def _module(kind: str, slots: list[tuple[str, bytes]]) -> bytes:
    state = b"}(" + b"".join(_text(name) + value for name, value in slots) + b"u"
    return b"c__torch__\n" + kind.encode() + b"\n)\x81" + state + b"b"


def _tensor() -> bytes:
    storage = b"(" + _text("storage") + b"ctorch\nFloatStorage\n" + _text("0") + _text("cpu") + b"K\x02tQ"
    sizes = b"(K\x02t(K\x01t"
    rebuild, hooks = b"ctorch._utils\n_rebuild_tensor_v2\n(", b"ccollections\nOrderedDict\n)R"
    return rebuild + storage + b"K\x00" + sizes + b"\x89" + hooks + b"tR"
