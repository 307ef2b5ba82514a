"""Archives that we write are those that torch writes of the same module, record by record."""

import io
import subprocess
import sys

import pytest
import torch

from jitcore.archive import ArchiveError, open_archive
from jitcore.archive.writing import save_module, write_module
from tests.archive.writing import programs
from tests.archive.writing.records import meaning, records, saved_by_torch, texts_of
from tests.differential.oracle import declare_torchvision

NAMES = ["Holder", "Restored", "Sparse", "Bits", "Quantized"]
SAMPLES = ["attention", "constants", "gate", "loop", "lstm", "repeats", "resnet_small", "tuples"]
QUANTIZED_WARNING = "ignore:torch.quantize_per_tensor"


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """What torch writes of every program, by name."""
    folder = tmp_path_factory.mktemp("archives")
    for name, module in programs.modules().items():
        torch.jit.save(torch.jit.script(module), str(folder / f"{name}.pt"))
    return folder


def check(path, folder):
    """Our archive of what is at `path` says what torch's does, and saving it again changes nothing."""
    ours, again = folder / "saved.pt", folder / "again" / "saved.pt"
    again.parent.mkdir(exist_ok=True)
    save_module(open_archive(path).root, ours)
    mine, theirs = records(ours), records(saved_by_torch(path, folder / "torch.pt"))
    assert list(mine) == list(theirs)
    for name, content in theirs.items():
        assert meaning(name, mine[name]) == meaning(name, content), name
    save_module(open_archive(ours).root, again)
    assert again.read_bytes() == ours.read_bytes()
    return ours


@pytest.mark.filterwarnings(QUANTIZED_WARNING)
@pytest.mark.parametrize("name", NAMES)
def test_records_are_those_of_torch(archives, tmp_path, name):
    check(archives / f"{name}.pt", tmp_path)


@pytest.mark.parametrize("name", SAMPLES)
def test_records_of_samples_are_those_of_torch(samples, tmp_path, name):
    path = samples / f"{name}.pt"
    ours = check(path, tmp_path)
    assert texts_of(torch.jit.load(ours)) == texts_of(torch.jit.load(path))


@pytest.mark.models
@pytest.mark.filterwarnings(QUANTIZED_WARNING)
def test_records_of_models_are_those_of_torch(models, tmp_path):
    libraries = declare_torchvision()
    assert libraries
    paths = sorted(models.glob("*.pt"))
    assert paths
    for path in paths:
        check(path, tmp_path)


def test_values_and_tied_weights_come_back(archives, tmp_path):
    path = archives / "Holder.pt"
    ours = tmp_path / "ours.pt"
    save_module(open_archive(path).root, ours)
    theirs, mine = torch.jit.load(path), torch.jit.load(ours)
    assert texts_of(mine) == texts_of(theirs)
    theirs.eval()
    mine.eval()
    x = torch.ones(2, 4)
    for _ in range(2):
        (a, n), (b, m) = mine(x), theirs(x)
        assert torch.equal(a, b)
        assert n == m
    assert mine.weight.data_ptr() == mine.tied.data_ptr()
    assert mine.view.untyped_storage().data_ptr() == mine.weight.untyped_storage().data_ptr()
    assert mine.frozen.requires_grad is False
    assert mine.weight.requires_grad is True
    assert mine.spin == 2 - 3j


def test_writing_reads_no_more_than_it_must_and_needs_no_torch(archives, tmp_path):
    program = (
        "import sys; from jitcore.archive import open_archive;"
        "from jitcore.archive.writing import save_module;"
        f"save_module(open_archive({str(archives / 'Restored.pt')!r}).root, {str(tmp_path / 'o.pt')!r});"
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert torch.jit.load(tmp_path / "o.pt").total.tolist() == [1.0, 2.0]


def test_the_source_may_be_the_target(archives, tmp_path):
    path = tmp_path / "m.pt"
    path.write_bytes((archives / "Holder.pt").read_bytes())
    path.chmod(0o640)
    root = open_archive(path).root
    save_module(root, path)
    first = path.read_bytes()
    save_module(root, path)
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.pt"]
    assert torch.jit.load(path).ints == [1, 300, 70000, -1]


def test_nothing_is_left_of_a_failed_save(archives, tmp_path):
    root = open_archive(archives / "Holder.pt").root
    target = tmp_path / "m.pt"
    target.write_bytes(b"before")
    root.attributes["ints"] = [object()]
    with pytest.raises(ArchiveError, match=r"'ints\[0\]' is a object, which archives cannot hold"):
        save_module(root, target)
    assert target.read_bytes() == b"before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.pt"]


def test_extra_files_and_streams(archives):
    stream = io.BytesIO()
    write_module(
        open_archive(archives / "Bits.pt").root, stream, extra_files={"notes/a.txt": b"hello", "b": b""}
    )
    extra = {"notes/a.txt": "", "b": "x"}
    stream.seek(0)
    torch.jit.load(stream, _extra_files=extra)
    assert extra == {"notes/a.txt": b"hello", "b": b""}
    assert all(name.startswith("archive/") for name in _paths(stream))


def _paths(stream):
    import zipfile

    with zipfile.ZipFile(stream) as file:
        assert file.testzip() is None
        for entry in file.infolist():
            stream.seek(entry.header_offset + 26)
            name, extra = int.from_bytes(stream.read(2), "little"), int.from_bytes(stream.read(2), "little")
            if not entry.compress_type:
                assert (entry.header_offset + 30 + name + extra) % 64 == 0
        return file.namelist()


def gelu(x):
    return torch.nn.functional.gelu(x)


def div(x):
    return x / x


def full(x):
    return x + torch.full([1], 2.0)


def linspace(x):
    return x + torch.linspace(0, 1, 1)


def absolute(x):
    return x.abs() // 2


@pytest.mark.parametrize(
    ("function", "version"), [(gelu, 10), (div, 4), (full, 5), (linspace, 8), (absolute, 3)]
)
def test_the_version_is_that_of_the_newest_operator(tmp_path, function, version):
    torch.jit.save(torch.jit.script(function), str(tmp_path / "in.pt"))
    ours = records(check(tmp_path / "in.pt", tmp_path))
    assert ours.get(".data/version", ours.get("version")) == f"{version}\n".encode()
