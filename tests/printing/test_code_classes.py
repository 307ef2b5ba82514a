"""Code files printed from a loaded archive are those that torch writes when it saves the archive again."""

import io
import zipfile

import corpus
import pytest
import torch

from jitcore.archive.importer import LoadedArchive, open_archive
from jitcore.ir import ScriptObject
from jitcore.printing import CodePrinter
from jitcore.printing.code_classes import print_named_type
from jitcore.printing.code_constants import ConstantTable
from jitcore.printing.code_dependencies import Dependencies
from jitcore.types import FLOAT, STRING, EnumType


class Gate(torch.nn.Module):
    limit: torch.jit.Final[int]

    def __init__(self):
        super().__init__()
        self.limit = 3
        self.label = "gate \u00e9"
        self.counter = corpus.Counter(2)

    def forward(self, x: torch.Tensor, c: corpus.Color, p: corpus.Pair):
        label = "caf\u00e9"
        m: corpus.Measure = corpus.Rank(self.limit)
        if c == corpus.Color.RED:
            x = x + self.counter.bump(m.measure(x))
        return corpus.Pair(x, p.right), label, corpus.helper(x), [corpus.Mood.GOOD]


def hook(module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> torch.Tensor:
    return output + 1


def pre_hook(module, inputs: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
    return (inputs[0] * 2,)


class Hooked(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = torch.nn.Linear(2, 2)
        self.inner.register_forward_hook(hook)
        self.inner.register_forward_pre_hook(pre_hook)

    def forward(self, x):
        return self.inner(x)


def reloaded(module):
    """torch's archive of `module`, and the one it writes when it has loaded that."""
    first, second = io.BytesIO(), io.BytesIO()
    torch.jit.save(module, first)
    first.seek(0)
    torch.jit.save(torch.jit.load(first), second)
    return first.getvalue(), second


def printed(loaded: LoadedArchive) -> dict[str, str]:
    dependencies, constants = Dependencies(), ConstantTable()
    printers: dict[str, CodePrinter] = {}
    pending: list[object] = [loaded.root]
    while pending:
        value = pending.pop(0)
        if isinstance(value, ScriptObject):
            dependencies.add(value.type)
            pending[:0] = value.attributes.values()
    for declared in dependencies.types:
        file = declared.annotation().rpartition(".")[0]
        printer = printers.setdefault(file, CodePrinter(constants, dependencies, importable=True))
        print_named_type(printer, declared, loaded.code.resolve_hook)
    return {file: printer.text for file, printer in printers.items()}


@pytest.mark.parametrize("name", ["gate", "hooked", "outer", "recurrent", "traced_small", "traced_constants"])
def test_code_files_are_those_of_torch(tmp_path, script_modules, name):
    module = (
        torch.jit.script({"gate": Gate, "hooked": Hooked}[name]()) if name in ("gate", "hooked") else None
    )
    first, second = reloaded(module or script_modules[name])
    path = tmp_path / "m.pt"
    path.write_bytes(first)
    mine = printed(open_archive(path))
    with zipfile.ZipFile(second) as archive:
        theirs = {
            entry.partition("/code/")[2][:-3].replace("/", "."): archive.read(entry).decode()
            for entry in archive.namelist()
            if entry.endswith(".py")
        }
    assert mine == theirs


def test_members_of_enums_are_written_with_their_values():
    printer = CodePrinter()
    print_named_type(printer, EnumType("__torch__.A", STRING, (("X", "x"), ("Y", "why"))))
    print_named_type(printer, EnumType("__torch__.B", FLOAT, (("HALF", 0.5),)))
    assert printer.text == 'class A(Enum):\n  X = "x"\n  Y = "why"\nclass B(Enum):\n  HALF = 0.5\n'
