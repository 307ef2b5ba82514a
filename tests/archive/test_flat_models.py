"""Modules in the form of a flatbuffer load as in torch.jit; what is damaged is refused in a sentence."""

import io
import random

import pytest
import torch
from torch import nn

import jitcore


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.arange(6.0).reshape(2, 3))
        self.register_buffer("b", torch.tensor([1, 2, 3]).t())
        self.sub = nn.Linear(3, 2)
        self.n = 3

    def forward(self, x):
        return self.sub(x) @ self.w + self.n + self.b + torch.tensor([1.5, 2.5, 3.5])


class Values(nn.Module):
    d: dict[str, list[int]]
    e: dict[int, float | None]
    t: tuple[int, str, list[bool]]
    o: torch.Tensor | None

    def __init__(self):
        super().__init__()
        self.d = {"a": [1, 2], "ä": []}
        self.e = {1: None, 2: 2.5}
        self.t = (1, "x", [True, False])
        self.o = None
        self.c = 1 + 2j
        self.f = [1.5, 2.5]
        self.shared = torch.ones(4)
        self.view = self.shared[1:3]
        self.half = torch.ones(2, dtype=torch.bfloat16)
        self.q = torch.quantize_per_tensor(torch.ones(3), 0.5, 2, torch.qint8)
        self.channels = torch.quantize_per_channel(
            torch.ones(2, 2), torch.tensor([0.5, 1.0]), torch.tensor([0, 1]), 1, torch.quint8
        )

    def forward(self, x):
        texts = [str(self.d), str(self.e), str(self.t), str(self.c), str(self.f)]
        tensors = [self.shared, self.view, self.half, self.q.dequantize(), self.channels.dequantize(), x]
        return texts, tensors, self.o is None


class Restores(nn.Module):
    def __init__(self):
        super().__init__()
        self.n = 2

    @torch.jit.export
    def __getstate__(self):
        return self.n + 1, self.training

    @torch.jit.export
    def __setstate__(self, state: tuple[int, bool]):
        self.n = state[0]
        self.training = state[1]

    def forward(self, x):
        return x * self.n


def flatbuffer(module):
    return torch._C._save_jit_module_to_bytes(torch.jit.script(module)._c, {"note.txt": "hello"})


@pytest.mark.filterwarnings("ignore:.*quantize:UserWarning")
@pytest.mark.parametrize("kind", [Plain, Values, Restores])
def test_modules_load_as_in_torch(kind, tmp_path):
    data = flatbuffer(kind())
    path = tmp_path / "model.ff"
    path.write_bytes(data)
    theirs = torch.jit.load(io.BytesIO(data))
    x = torch.ones(2, 3)
    for ours in (jitcore.load(io.BytesIO(data)), jitcore.load(str(path))):
        assert ours.code == theirs.code
        assert str(ours.graph) == str(theirs.graph)
        with torch.no_grad():
            assert repr(ours(x)) == repr(theirs(x))
        assert list(ours.state_dict()) == list(theirs.state_dict())
        assert [p.requires_grad for p in ours.parameters()] == [p.requires_grad for p in theirs.parameters()]
    jitcore.save(ours, str(tmp_path / "ours.pt"))
    torch.jit.save(theirs, str(tmp_path / "theirs.pt"))
    with torch.no_grad():
        again = [repr(torch.jit.load(str(tmp_path / name))(x)) for name in ("ours.pt", "theirs.pt")]
    assert again[0] == again[1]


def test_extra_files():
    files = {"note.txt": "", "other.txt": ""}
    jitcore.load(io.BytesIO(flatbuffer(Plain())), _extra_files=files)
    assert files == {"note.txt": b"hello", "other.txt": b""}


def test_without_code():
    data = torch._C._save_mobile_module_to_bytes(
        torch._C._load_mobile_module_from_bytes(flatbuffer(Plain())), {}
    )
    with pytest.raises(RuntimeError, match="holds instructions for mobile devices and no code"):
        jitcore.load(io.BytesIO(bytes(data)))


def is_refused(data):
    try:
        jitcore.load(io.BytesIO(data))
    except RuntimeError:
        return True
    return False


@pytest.mark.filterwarnings("ignore:.*quantize:UserWarning")
def test_damaged_files_are_refused_or_read():
    data = flatbuffer(Values())
    chance = random.Random(7)
    damaged: list[bytes] = []
    for attempt in range(300):
        changed = bytearray(data[: chance.randrange(12, len(data)) if attempt % 3 == 0 else len(data)])
        for _ in range(chance.randrange(1, 20)):
            place = chance.randrange(len(changed))
            if not 4 <= place < 8:
                changed[place] = chance.choice([0, 1, 127, 255])
        damaged.append(bytes(changed))
    assert sum(map(is_refused, damaged)) > 100
