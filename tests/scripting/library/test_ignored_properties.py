"""What modules keep of their Python class: ignored properties, and annotations that hide those of all modules."""

import io
import zipfile

import pytest
import torch
from torch import nn

import jitcore
from tests.differential.script_modules.comparison import renumbered


def ignoring_class(library):
    class Ignoring(nn.Module):
        __jit_ignored_attributes__ = ["fails", "number", "plain"]

        def __init__(self):
            super().__init__()
            self.plain = object
            self.v = 2

        @property
        def fails(self):
            raise ValueError("is never read")

        @property
        def number(self):
            return 1

        @number.setter
        def number(self, v: int):
            self.v = v

        @library.ignore
        def reads(self):
            return type(self.number).__name__, type(self.fails).__name__, self.plain

        @library.ignore
        def writes(self):
            self.number = 4
            return self.v

    return Ignoring


def test_ignored_properties_are_there_as_properties():
    theirs, ours = (library.script(ignoring_class(library)()) for library in (torch.jit, jitcore))
    assert ours.reads() == theirs.reads() == ("property", "property", object)
    assert ours.writes() == theirs.writes() == 2


def marked_class(library, annotated):
    class Marked(library.ScriptModule):
        if annotated:
            n: int

        def __init__(self):
            super().__init__()
            self.n = 2

        @library.script_method
        def forward(self, x):
            return x + self.n

    return Marked


@pytest.mark.parametrize("annotated", [False, True])
def test_archives_declare_the_slots_of_marked_modules(annotated):
    texts = []
    for library in (torch.jit, jitcore):
        stream = io.BytesIO()
        library.save(marked_class(library, annotated)(), stream)
        archive = zipfile.ZipFile(stream)
        code = next(archive.read(name) for name in archive.namelist() if name.endswith(".py"))
        texts.append(renumbered(code.decode()))
    assert texts[1].partition("def forward")[2] == texts[0].partition("def forward")[2]
    slots = [
        [line for line in text.splitlines() if line.startswith("  ") and " : " in line] for text in texts
    ]
    assert slots[1] == slots[0]
