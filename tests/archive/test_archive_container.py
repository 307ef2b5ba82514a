"""Archives that torch.jit.save writes here and now come back as they were, without torch."""

import hashlib
import subprocess
import sys
import warnings
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from jitcore.archive import (
    Archive,
    ArchiveError,
    Device,
    LazyTensor,
    SavedEnum,
    SavedObject,
    walk_objects,
    walk_tensors,
)


class Color(Enum):
    RED = 1
    GREEN = 2


class Pair(NamedTuple):
    left: int
    right: Tensor


class Child(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.arange(6.0).reshape(2, 3))
        self.register_buffer("count", torch.tensor(7))

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight.t() + self.count


class Everything(nn.Module):
    optional_none: int | None
    optional_int: int | None
    nested: list[list[int]]
    table: dict[str, list[Tensor]]
    numbers: dict[int, float]

    def __init__(self) -> None:
        super().__init__()
        self.child = Child()
        self.again = self.child
        self.flag = True
        self.integer = -(2**40)
        self.real = 0.1
        self.imaginary = 1 + 2j
        self.text = "naïve\n'text'"
        self.device = torch.device("cpu")
        self.optional_none = None
        self.optional_int = 3
        self.ints = [1, 2, 3]
        self.reals = [0.5, float("inf")]
        self.flags = [True, False]
        self.texts = ["a", "b"]
        self.nested = [[1], [], [2, 3]]
        base = torch.arange(24.0).reshape(4, 6)
        self.tensors = [base, base[1:3, ::2]]
        self.table = {"x": [base.t()], "y": []}
        self.numbers = {3: 0.5, -1: 2.0}
        self.tuple = (1, "two", (base[0], 3.0))
        self.pair = Pair(4, base[:, 1])
        self.color = Color.GREEN
        self.expanded = torch.tensor([1.0, 2.0]).unsqueeze(1).expand(2, 3)
        self.empty = torch.zeros(0, 3)
        self.scalar = torch.tensor(5)
        self.last_channels = torch.rand(2, 3, 4, 5).contiguous(memory_format=torch.channels_last)
        self.half = torch.rand(3, 2).half()
        self.brain = torch.rand(3, 2).bfloat16().t()
        self.complexes = torch.rand(2, 3, dtype=torch.complex128).t()
        self.bools = torch.tensor([True, False])
        self.bytes = torch.arange(5, dtype=torch.uint8)
        self.float8 = torch.arange(0, 256, dtype=torch.uint8).view(torch.float8_e4m3fn)
        self.sparse = torch.tensor([[0.0, 2.0], [3.0, 0.0]]).to_sparse()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.quantized = torch.quantize_per_tensor(torch.tensor([0.0, 0.5, 1.0]), 0.1, 3, torch.quint8)
            self.by_channel = torch.quantize_per_channel(
                torch.rand(2, 3), torch.tensor([0.1, 0.2]), torch.tensor([0, 1]), 0, torch.qint8
            )

    def forward(self, x: Tensor) -> Tensor:
        return self.child(x) + self.again(x)


@pytest.fixture(scope="module")
def module() -> Everything:
    torch.manual_seed(0)
    return Everything()


@pytest.fixture(scope="module")
def path(module: Everything, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("saved") / "everything.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(
            torch.jit.script(module), target, _extra_files={"notes.txt": "hello", "sub/raw": b"\x00\xff"}
        )
    return target


@pytest.fixture
def archive(path: Path):
    with Archive.open(path) as opened:
        yield opened


def bytes_of(tensor: Tensor) -> bytes:
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.int_repr()
    return tensor.contiguous().flatten().view(torch.uint8).numpy().tobytes() if tensor.numel() else b""


def assert_same(ours: object, theirs: object, where: str = "") -> None:
    if isinstance(ours, LazyTensor):
        assert isinstance(theirs, Tensor), where
        assert (ours.shape, f"torch.{ours.dtype}") == (tuple(theirs.shape), str(theirs.dtype)), where
        assert ours.requires_grad == theirs.requires_grad, where
        if ours.sparse is not None:
            assert_same(ours.sparse.indices, theirs._indices(), where)
            assert_same(ours.sparse.values, theirs._values(), where)
            return
        assert ours.strides == theirs.stride(), where
        expected = bytes_of(theirs)
        assert bytes(ours.data()) == expected, where
        assert ours.nbytes == len(expected), where
        assert ours.sha256() == hashlib.sha256(expected).hexdigest(), where
    elif isinstance(ours, SavedObject):
        for name, value in ours.attributes.items():
            assert_same(value, getattr(theirs, name), f"{where}.{name}")
    elif isinstance(ours, SavedEnum):
        assert ours.value == theirs.value, where
        assert ours.type_name.endswith(".Color"), where
    elif isinstance(ours, Device):
        assert ours.name == str(theirs), where
    elif isinstance(ours, list | tuple):
        assert len(ours) == len(theirs), where
        for index, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(mine, other, f"{where}[{index}]")
    elif isinstance(ours, dict):
        assert list(ours) == list(theirs), where
        for key, value in ours.items():
            assert_same(value, theirs[key], f"{where}[{key!r}]")
    else:
        assert ours == theirs, where
        assert type(ours) is type(theirs), where


def test_every_attribute_equals_what_was_saved(archive: Archive, module: Everything):
    saved = {name for name in vars(module) if not name.startswith("_")}
    saved |= {"child", "again", "training"}
    assert saved <= set(archive.root.attributes)
    assert_same(archive.root, module)


def test_type_tags_of_containers(archive: Archive):
    tags = {
        name: getattr(archive.root.attributes[name], "type_tag", None)
        for name in ("ints", "reals", "flags", "texts", "nested", "table", "numbers", "tensors", "tuple")
    }
    assert tags == {
        "ints": "List[int]",
        "reals": "List[float]",
        "flags": "List[bool]",
        "texts": "List[str]",
        "nested": "List[List[int]]",
        "table": "Dict[str, List[Tensor]]",
        "numbers": "Dict[int, float]",
        "tensors": "List[Tensor]",
        "tuple": None,
    }


def test_views_share_their_storage(archive: Archive):
    attributes = archive.root.attributes
    base, view = attributes["tensors"]
    assert view.storage is base.storage
    assert attributes["table"]["x"][0].storage is base.storage
    assert attributes["pair"][1].storage is base.storage
    weights = [attributes[name].attributes["weight"] for name in ("child", "again")]
    assert weights[0].storage is weights[1].storage


def test_quantizers(archive: Archive, module: Everything):
    per_tensor = archive.root.attributes["quantized"].quantizer
    assert per_tensor == ("per_tensor_affine", module.quantized.q_scale(), 3, None)
    scheme, scales, zero_points, axis = archive.root.attributes["by_channel"].quantizer
    assert (scheme, axis) == ("per_channel_affine", 0)
    assert_same(scales, module.by_channel.q_per_channel_scales())
    assert_same(zero_points, module.by_channel.q_per_channel_zero_points())


@pytest.mark.parametrize(
    "name",
    [
        "half",
        "brain",
        "complexes",
        "bools",
        "bytes",
        "float8",
        "last_channels",
        "expanded",
        "empty",
        "scalar",
    ],
)
def test_numpy_arrays(archive: Archive, module: Everything, name: str):
    tensor = getattr(module, name)
    if tensor.dtype in (torch.bfloat16, torch.float8_e4m3fn):
        tensor = tensor.float()
    array = archive.root.attributes[name].to_numpy()
    assert array.dtype == tensor.numpy().dtype
    np.testing.assert_array_equal(array, tensor.numpy())


@pytest.mark.parametrize(
    "dtype",
    [
        torch.float8_e4m3fn,
        torch.float8_e5m2,
        torch.float8_e4m3fnuz,
        torch.float8_e5m2fnuz,
        torch.float8_e8m0fnu,
    ],
)
def test_every_code_of_the_8_bit_floats(dtype: torch.dtype):
    from jitcore.archive.dtypes import STORAGE_TYPES
    from jitcore.archive.tensors import LazyStorage

    element = next(element for element in STORAGE_TYPES.values() if f"torch.{element.name}" == str(dtype))
    codes = bytes(range(256))
    storage = LazyStorage(element, "data/0", "cpu", 256, lambda _: memoryview(codes))
    array = LazyTensor(storage, 0, (256,), (1,)).to_numpy()
    expected = torch.frombuffer(bytearray(codes), dtype=torch.uint8).view(dtype).float().numpy()
    np.testing.assert_array_equal(array, expected)


def test_header_records(archive: Archive):
    assert archive.name == "everything"
    assert archive.byteorder == "little"
    assert archive.version == 3
    assert archive.constants == ()
    assert not archive.has_bytecode
    assert archive.extra_files() == {"notes.txt": 5, "sub/raw": 2}
    assert archive.extra_file("sub/raw") == b"\x00\xff"
    archive.verify()


def test_objects_and_tensors_are_walked_with_their_paths(archive: Archive):
    assert [path for path, _ in walk_objects(archive.root)] == ["", "child", "again"]
    paths = dict(walk_tensors(archive.root))
    assert {"child.weight", "again.count", "tensors[1]", "table['x'][0]", "tuple[2][0]"} <= set(paths)


def test_code_is_found_by_qualified_name(archive: Archive):
    source = archive.code.source_of(archive.root.type_name)
    assert source is not None
    assert "class Everything(Module):" in source.text
    assert source is archive.code.source(archive.root.type_name.rpartition(".")[0])
    assert archive.code.source("__torch__.no.such.file") is None
    assert archive.code.find("__torch__.no.such.file") is None
    for qualifier in archive.code.qualifiers():
        found = archive.code.find(qualifier)
        assert found is not None
        assert found[0] == "code/" + qualifier.replace(".", "/") + ".py"


def test_constants_are_tensors(tmp_path: Path):
    example = torch.ones(2, 3)

    def add(x: Tensor) -> Tensor:
        return x + torch.full((2, 3), 2.5)

    class Adding(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x * big

    big = torch.arange(6.0).reshape(2, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.trace(Adding(), example), tmp_path / "c.pt")
    with Archive.open(tmp_path / "c.pt") as archive:
        (constant,) = archive.constants
        assert_same(constant, big)
        assert constant.storage.record == "constants/0"


def test_tensors_without_bytes(tmp_path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(Child().to("meta")), tmp_path / "m.pt")
    with Archive.open(tmp_path / "m.pt") as archive:
        weight = archive.root.attributes["weight"]
        assert (weight.shape, weight.device) == ((2, 3), "meta")
        with pytest.raises(ArchiveError, match="meta device"):
            weight.data()


def test_neither_torch_nor_numpy_is_imported_nor_are_weights_read(path: Path):
    program = """
import sys
from jitcore.archive import Archive, walk_tensors
archive = Archive.open(sys.argv[1])
read = []
plain = archive.records.view
archive.records.view = lambda name: (read.append(name), plain(name))[1]
tensors = list(walk_tensors(archive.root))
assert tensors and archive.code.source_of(archive.root.type_name)
assert not [name for name in read if name.startswith(("data/", "constants/"))], read
assert not {"torch", "numpy"} & set(sys.modules)
"""
    subprocess.run(
        [sys.executable, "-c", program, str(path)], check=True, env={"PYTHONPATH": "core"}, timeout=60
    )
