"""What can be handed to `save` and `load`, and what they say of everything else, against torch's."""

import copy
import io
import pickle
from pathlib import Path
from typing import Tuple

import pytest
import torch
from torch import nn

import jitcore
from tests.scripting.library.side_by_side import outcome

pytestmark = pytest.mark.filterwarnings("ignore")


def increased(x):
    return x + 1


class Case:
    """A compiled module `m`, a folder to save into, and where it is saved already."""

    def __init__(self, jit, folder: Path):
        torch.manual_seed(0)
        self.jit = jit
        self.folder = folder
        self.m = jit.script(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
        self.file = folder / "there.pt"
        jit.save(self.m, str(self.file))

    def extra(self, files, wanted):
        """The extra files that come back."""
        path = self.folder / "extra.pt"
        self.jit.save(self.m, path, _extra_files=files)
        self.jit.load(path, _extra_files=wanted)
        return wanted

    def through(self, stream):
        """What comes back out of a stream."""
        with stream:
            self.jit.save(self.m, stream)
            stream.seek(0)
            return self.jit.load(stream).code

    def function(self):
        """A compiled function, saved and loaded."""
        path = str(self.folder / "function.pt")
        self.jit.script(increased).save(path, _extra_files={"note": "1"})
        return self.jit.load(path)(torch.ones(1)), self.jit.load(path).code

    def load(self, **how):
        """Where the weights are after loading."""
        return str(self.jit.load(self.file, **how).state_dict()["0.weight"].device)


USES = {
    "text": lambda c: c.extra({"a.txt": "hello"}, {"a.txt": ""}),
    "bytes": lambda c: c.extra({"a.bin": b"\xff\x00"}, {"a.bin": ""}),
    "nested": lambda c: c.extra({"x/y.json": "{}"}, {"x/y.json": ""}),
    "letters": lambda c: c.extra({"\u00fc.txt": "\u00e4"}, {"\u00fc.txt": ""}),
    "not there": lambda c: c.extra({"a.txt": "hello"}, {"other": "kept"}),
    "path": lambda c: c.jit.save(c.m, c.folder / "p.pt"),
    "stream": lambda c: c.through(io.BytesIO()),
    "open file": lambda c: c.through((c.folder / "f.pt").open("w+b")),
    "no folder": lambda c: c.jit.save(c.m, str(c.folder / "none" / "p.pt")),
    "plain module": lambda c: c.jit.save(nn.Linear(1, 1), str(c.folder / "p.pt")),
    "text for module": lambda c: c.jit.save("text", str(c.folder / "p.pt")),
    "stream for path": lambda c: c.m.save(io.BytesIO()),
    "method": lambda c: c.m.save(c.folder / "p.pt", _extra_files={"k": "v"}),
    "no file": lambda c: c.jit.load("there_is_no_such.pt"),
    "folder": lambda c: c.jit.load("."),
    "bytes for stream": lambda c: c.jit.load(b"xx"),
    "to cpu": lambda c: c.load(map_location="cpu"),
    "to meta": lambda c: c.load(map_location="meta"),
    "to device": lambda c: c.load(map_location=torch.device("cpu")),
    "to number": lambda c: c.load(map_location=3),
    "to nowhere": lambda c: c.load(map_location="nonsense"),
    "to several": lambda c: c.load(map_location={"cpu": "cpu"}),
    "torch.save": lambda c: torch.save(c.m, io.BytesIO()),
    "pickle": lambda c: pickle.dumps(c.m),
    "copy of loaded": lambda c: repr(copy.deepcopy(c.jit.load(c.file))),
    "function": lambda c: c.function(),
}


@pytest.mark.parametrize("use", USES)
def test_saving_and_loading(use, tmp_path):
    found = {}
    for jit in (torch.jit, jitcore):
        folder = tmp_path / jit.__name__
        folder.mkdir()
        case = Case(jit, folder)
        kind, said = outcome(lambda case=case: USES[use](case))
        found[jit] = kind, str(said).replace(str(folder), "folder")
    assert found[jitcore] == found[torch.jit]


def test_extra_files_are_text_or_bytes(tmp_path):
    for jit in (torch.jit, jitcore):
        with pytest.raises(TypeError):
            Case(jit, tmp_path).extra({"a.txt": 3}, {"a.txt": ""})


class HasTensorsAsDefaults(torch.nn.Module):
    def forward(
        self,
        x: torch.Tensor,
        s: torch.Tensor = torch.ones(2),
        t: Tuple[torch.Tensor, int] = (torch.full([2], 3.0), 1),
    ):
        return x + s + t[0]


def test_defaults_of_a_loaded_module_can_be_computed_with(tmp_path):
    for jit in (torch.jit, jitcore):
        jit.script(HasTensorsAsDefaults()).save(str(tmp_path / "m.pt"))
        for reader in (torch.jit, jitcore):
            assert torch.equal(reader.load(str(tmp_path / "m.pt"))(torch.ones(2)), torch.full([2], 5.0))
