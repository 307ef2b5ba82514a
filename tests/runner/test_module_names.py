"""Names that files get as modules: however a file is called, torch and we read what it was compiled to."""

import io
import keyword
import sys

import pytest
import torch

import jitcore
from jitviewer.runner.module_names import module_name
from jitviewer.runner.script_files import ScriptFile

PROGRAM = """
import enum
import math
import torch

class Kind(enum.Enum):
    One = 1

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.kind = Kind.One
    def forward(self, x):
        return x * 2 + math.pi
"""

ODD = [
    "01_intro", "1", "class", "None", "NoneType", "__main__", "global", "async", "match", "mod\u00e8le",
    "modele\u0300le", "my-net", "my_net", "my net", "my.net", "net", "\u65e5\u672c", "_file_class",
    "_file_01_intro", "_chars_my_2d_net", "_chars_", "_file_", "_", "__", ".hidden", "math", "torch",
    "enum", "jitcore", "a\udcff", "\u0967", "x\u00b2", "_chars_mod_e8_le", "_file__chars_", "my-_net",
    "my_-net", "e8", "-", "--", "2d", "_2d_",
]  # fmt: skip


def test_names_are_identifiers_that_nothing_else_has():
    stems = {*ODD, *keyword.kwlist, *keyword.softkwlist}
    names = {stem: module_name(f"/some/folder/{stem}.py") for stem in stems}
    for name in names.values():
        assert name.isascii()
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert name not in ("torch", "math", "NoneType", "__main__")
    assert len(set(names.values())) == len(stems)
    assert names["net"] == "net"
    assert names["my_net"] == "my_net"
    assert names["01_intro"] == "_file_01_intro"
    assert names["my-net"] == "_chars_my_2d_net"


@pytest.mark.parametrize(
    "stem", ["01_intro", "class", "mod\u00e8le", "NoneType", "my net", "math", "torch", "__main__"]
)
def test_an_archive_of_any_file_is_read_by_torch_and_by_us(stem, tmp_path):
    path = tmp_path / f"{stem}.py"
    path.write_text(PROGRAM)
    before = sys.modules.get(stem)
    script = ScriptFile(str(path), None)
    assert sys.modules.get(stem) is before
    archive = io.BytesIO()
    jitcore.save(jitcore.script(script.object("Net", "")), archive)
    x = torch.ones(2)
    expected = script.module.Net()(x)
    for load in (torch.jit.load, jitcore.load):
        archive.seek(0)
        assert torch.equal(load(archive)(x), expected)
