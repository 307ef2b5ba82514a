"""Archive values made runnable: what was shared stays shared, and the file stays as it is."""

import hashlib
from pathlib import Path

import pytest
import torch

from jitcore.archive import load
from jitcore.exec import ExecutionError, Interpreter, Materializer, materialize
from jitcore.exec.values import usable_device


class Shares(torch.nn.Module):
    def __init__(self):
        super().__init__()
        base = torch.arange(4096, dtype=torch.float32)
        self.weight = torch.nn.Parameter(base.view(64, 64))
        self.register_buffer("row", self.weight.detach()[3])
        self.register_buffer("transposed", self.weight.detach().t())
        self.register_buffer("narrow", torch.ones(5, dtype=torch.bfloat16))
        self.register_buffer("empty", torch.zeros(0, 3))
        self.register_buffer("mask", torch.tensor([True, False]))
        self.child = torch.nn.Linear(2, 2)
        self.other_child = torch.nn.Linear(2, 2)

    def forward(self, x):
        return x


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "shares.pt"
    torch.jit.save(torch.jit.script(Shares()), str(path))
    return path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_tensors_equal_torchs(archive):
    module = materialize(load(archive), file=str(archive))
    oracle = torch.jit.load(archive)
    for name, theirs in {**dict(oracle.named_buffers()), **dict(oracle.named_parameters())}.items():
        holder = module
        *path, last = name.split(".")
        for part in path:
            holder = holder.attributes[part]
        ours = holder.attributes[last]
        assert torch.equal(ours, theirs), name
        assert (ours.dtype, ours.stride(), ours.requires_grad) == (
            theirs.dtype,
            theirs.stride(),
            theirs.requires_grad,
        )


def test_storages_and_modules_stay_shared(archive):
    root = load(archive)
    materializer = Materializer("cpu", str(archive))
    attributes = materializer.object(root).attributes
    attributes["row"].fill_(-1)
    assert attributes["weight"][3].tolist() == [-1.0] * 64
    assert attributes["transposed"][:, 3].tolist() == [-1.0] * 64
    assert materializer.object(root.find("child")) is attributes["child"]
    assert materializer.object(root.find("child")) is not attributes["other_child"]


def test_writes_never_reach_the_file(archive):
    before = digest(archive)
    attributes = materialize(load(archive), file=str(archive)).attributes
    with torch.no_grad():
        attributes["weight"].zero_()
    assert digest(archive) == before
    assert materialize(load(archive), file=str(archive)).attributes["weight"].sum() > 0


def test_weights_are_mapped_not_read(tmp_path):
    path = tmp_path / "big.pt"
    torch.jit.save(torch.jit.trace(torch.nn.Linear(2000, 2000), torch.zeros(1, 2000)), str(path))
    storage = materialize(load(path), file=str(path)).attributes["weight"].untyped_storage()
    with Path("/proc/self/maps").open() as maps:
        spans = [line.split() for line in maps if line.rstrip().endswith(str(path))]
    address = storage.data_ptr()
    inside = [s for s in spans if int(s[0].split("-")[0], 16) <= address < int(s[0].split("-")[1], 16)]
    assert inside
    assert inside[0][1] == "rw-p"


def test_without_the_file_tensors_are_copied(archive):
    assert torch.equal(materialize(load(archive)).attributes["row"], torch.arange(192.0, 256.0))


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_quantized_and_sparse_tensors(tmp_path):
    class Holds(torch.nn.Module):
        def __init__(self):
            super().__init__()
            values = torch.tensor([[0.5, -1.0], [2.0, 0.25]])
            per_channel = (torch.tensor([0.1, 0.2]), torch.tensor([0, 1]))
            self.register_buffer("q", torch.quantize_per_tensor(values, 0.1, 3, torch.quint8))
            self.register_buffer("c", torch.quantize_per_channel(values, *per_channel, 0, torch.qint8))
            self.register_buffer("s", torch.eye(3).to_sparse())

        def forward(self, x):
            return x

    path = tmp_path / "holds.pt"
    holds = Holds()
    torch.jit.save(torch.jit.script(holds), str(path))
    attributes = materialize(load(path), file=str(path)).attributes
    assert torch.equal(attributes["q"].int_repr(), holds.q.int_repr())
    assert (attributes["q"].q_scale(), attributes["q"].q_zero_point()) == (0.1, 3)
    assert torch.equal(attributes["c"].dequantize(), holds.c.dequantize())
    assert attributes["c"].q_per_channel_axis() == 0
    assert torch.equal(attributes["s"].to_dense(), torch.eye(3))


class Restores(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.value = torch.zeros(2)
        self.restored = 0

    @torch.jit.export
    def __getstate__(self):
        return (self.value + 1, self.training)

    @torch.jit.export
    def __setstate__(self, state: tuple[torch.Tensor, bool]):
        self.value = state[0] * 10
        self.training = state[1]
        self.restored = 7

    def forward(self, x):
        return x + self.value, self.restored


def test_modules_that_restore_themselves(agree):
    value, restored = agree(Restores(), torch.ones(2))
    assert value.tolist() == [11.0, 11.0]
    assert restored == 7


def test_devices_that_are_not_there_are_explained():
    with pytest.raises(ExecutionError, match="cuda:5 cannot be used"):
        usable_device("cuda:5")
    with pytest.raises(ExecutionError, match="is not a device"):
        usable_device("toaster")


def test_meta_device_allocates_nothing(archive):
    attributes = Materializer("meta", str(archive)).object(load(archive)).attributes
    assert attributes["weight"].device.type == "meta"
    assert attributes["weight"].shape == (64, 64)


def test_interpreter_shares_constants_with_the_module(agree):
    def constant(x: torch.Tensor) -> torch.Tensor:
        return x

    traced = torch.jit.trace(lambda x: x + torch.arange(3), torch.zeros(3))
    agree(traced, torch.ones(3))
    assert isinstance(Interpreter().materializer, Materializer)
