"""What torch.save writes is read as torch.load reads it, in every form that it has, and lazily."""

from __future__ import annotations

import collections
import tracemalloc
import warnings
from typing import Any

import numpy
import pytest
import torch

from jitcore.archive import ArchiveError, LazyTensor
from jitcore.archive.digests import named_digests
from jitcore.archive.tensor_files import SavedNote, TensorFile, open_archive_or_tensors
from jitcore.archive.tensors import LazyStorage
from jitcore.archive.values import Device
from tests.archive.tensor_files.making import rewritten, saved

FORMS = {
    "zip": {},
    "zip, protocol 4": {"pickle_protocol": 4},
    "before 1.6": {"_use_new_zipfile_serialization": False},
    "before 1.6, protocol 5": {"_use_new_zipfile_serialization": False, "pickle_protocol": 5},
}


def trained() -> tuple[torch.nn.Module, torch.optim.Optimizer]:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 2), torch.nn.BatchNorm2d(3))
    model.tied = model[0].weight
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(2, 2, 3, 3)).sum().backward()
    optimizer.step()
    return model, optimizer


def checkpoint() -> dict[str, Any]:
    model, optimizer = trained()
    return {
        "model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "best": 0.5,
        "name": "run é", "done": False, "none": None, "history": [1.0, 2.0], "pair": (1, ("a", 2)),
        "size": torch.Size([2, 3]), "c": 1 + 2j, "large": 10**30, ("a", 1): 2, 7: torch.ones(1),
        "bytes": b"\x00\xff", "count": collections.Counter("abca"), "nothing": {}, "empty": [],
    }  # fmt: skip


def views() -> dict[str, torch.Tensor]:
    base = torch.arange(24.0).reshape(4, 6)
    return {
        "base": base, "turned": base.t(), "stepped": base[1:, ::2], "expanded": base[0].expand(3, 6),
        "offset": base.view(-1)[5:9], "zero sized": torch.zeros(0, 3), "scalar": torch.tensor(1.5),
        "conjugated": torch.tensor([1 + 2j, 3j]).conj(), "negated": torch.tensor([1 + 2j, 3j]).conj().imag,
        "permuted": torch.arange(24).reshape(2, 3, 4).permute(2, 0, 1),
    }  # fmt: skip


def of_all_types() -> dict[str, torch.Tensor]:
    raw = torch.arange(16, dtype=torch.uint8)
    known = torch.storage._dtype_to_storage_type_map().keys() | torch.storage._new_dtypes()
    plain = sorted((kind for kind in known if not str(kind).startswith("torch.q")), key=str)
    return {str(kind): (raw % 2 if kind == torch.bool else raw.clone()).view(kind) for kind in plain}


def parameters() -> dict[str, torch.Tensor]:
    marked = torch.nn.Parameter(torch.ones(3))
    marked.note = "mine"
    fixed = torch.nn.Parameter(torch.ones(2), requires_grad=False)
    return {"w": torch.nn.Parameter(torch.ones(2)), "fixed": fixed, "marked": marked,
            "buffer": torch.nn.Buffer(torch.ones(1))}  # fmt: skip


VALUES = {
    "state_dict": trained()[0].state_dict, "checkpoint": checkpoint, "views": views,
    "types": of_all_types, "parameters": parameters,
    "list": lambda: [torch.ones(2), (torch.zeros(3), 4), [5, [6]]],
    "tensor": lambda: torch.arange(3), "number": lambda: 5,
}  # fmt: skip


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Tensors and values by the names that they are to have."""
    items: Any = None
    if isinstance(value, dict) and value:
        items = ((key if isinstance(key, str) else repr(key), part) for key, part in value.items())
    elif isinstance(value, list | tuple) and any(isinstance(part, dict | torch.Tensor) for part in value):
        items = ((str(at), part) for at, part in enumerate(value))
    if items is None:
        return {name or "(value)": value}
    return {
        inner: found
        for key, part in items
        for inner, found in flat(part, f"{name}.{key}".lstrip(".")).items()
    }


def assert_same(ours: LazyTensor, theirs: torch.Tensor) -> None:
    assert ours.dtype == str(theirs.dtype).removeprefix("torch.")
    assert ours.shape == tuple(theirs.shape)
    assert ours.strides == theirs.stride()
    assert ours.offset == theirs.storage_offset()
    assert ours.requires_grad == theirs.requires_grad
    assert ours.device == str(theirs.device)
    assert ours.is_parameter == isinstance(theirs, torch.nn.Parameter)
    assert (ours.is_conjugated, ours.is_negated) == (theirs.is_conj(), theirs.is_neg())
    plain = torch._neg_view(theirs) if theirs.is_neg() else theirs
    plain = plain.conj() if theirs.is_conj() else plain
    assert bytes(ours.data()) == plain.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes()


@pytest.mark.filterwarnings("ignore:ComplexHalf")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", VALUES)
def test_everything_is_as_torch_loads_it(tmp_path, name, form):
    value = VALUES[name]()
    if name == "types" and form.startswith("before"):
        # Of types that no storage is named after torch.load does not read there what torch.save writes.
        value = {key: t for key, t in value.items() if t.dtype not in torch.storage._new_dtypes()}
    path = saved(value, tmp_path, **FORMS[form])
    theirs = flat(torch.load(path, weights_only=FORMS[form].get("pickle_protocol") is None))
    opened = open_archive_or_tensors(path)
    assert isinstance(opened, TensorFile)
    ours = {entry.name: entry.value for entry in opened.entries}
    assert list(ours) == list(theirs)
    for key, value in theirs.items():
        if isinstance(value, torch.Tensor):
            assert_same(opened.tensors[key], value)
        else:
            assert ours[key] == value, key
    opened.verify()


@pytest.mark.filterwarnings("ignore:ComplexHalf")
def test_numpy_counts_with_what_it_has_no_type_for(tmp_path):
    """Elements are told as floats where numpy has no such type, as torch converts them."""
    path = saved(of_all_types(), tmp_path)
    opened = open_archive_or_tensors(path)
    compared = 0
    for name, theirs in torch.load(path).items():
        kind = str(theirs.dtype)
        if "bits" in kind or "float4" in kind:
            with pytest.raises(ArchiveError, match="no numpy form"):
                opened.tensors[name].to_numpy()
            continue
        wide = theirs.to(torch.complex64) if theirs.dtype == torch.complex32 else theirs
        if "float8" in kind or theirs.dtype == torch.bfloat16:
            wide = theirs.float()
        assert numpy.array_equal(opened.tensors[name].to_numpy(), wide.numpy(), equal_nan=True), kind
        compared += 1
    assert compared > 20


def test_what_torch_does_not_take_with_weights_only_is_told(tmp_path):
    with warnings.catch_warnings():
        # Nested tensors are called a prototype.
        warnings.simplefilter("ignore")
        nested = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
    value = {
        "half": numpy.float16(0.5), "whole": numpy.int64(-3), "is": numpy.bool_(True),
        "complex": numpy.complex128(1 - 2j), "array": numpy.zeros((2, 3), numpy.float32),
        "numbers": {1, 2}, "type": torch.bfloat16, "device": torch.device("cuda", 1),
        "nested": nested, "bytes": b"x" * 2000,
        "storage": torch.ones(3).untyped_storage(),
    }  # fmt: skip
    path = saved(value, tmp_path)
    found = {entry.name: entry.value for entry in open_archive_or_tensors(path).entries}
    assert (found["half"], found["whole"], found["is"], found["complex"]) == (0.5, -3, True, 1 - 2j)
    assert repr(found["array"]) == "numpy array float32[2, 3]"
    assert list(found["numbers"]) == [1, 2]
    assert repr(found["type"]) == "torch.bfloat16"
    assert found["device"] == Device("cuda:1")
    assert repr(found["nested"]) == "nested tensor, 5 elements of float32 in all"
    assert isinstance(found["bytes"], SavedNote)
    assert repr(found["bytes"]) == "2,000 bytes"
    assert isinstance(found["storage"], LazyStorage)
    assert found["storage"].numel == 12


@pytest.mark.parametrize("form", FORMS)
def test_sparse_and_quantized_tensors_are_known_for_what_they_are(tmp_path, form):
    dense = torch.eye(3)
    with warnings.catch_warnings():
        # torch says of these kinds that they are new, or old.
        warnings.simplefilter("ignore")
        value = {
            "coo": dense.to_sparse(), "csr": dense.to_sparse_csr(), "bsr": torch.eye(4).to_sparse_bsr((2, 2)),
            "q": torch.quantize_per_tensor(torch.ones(3), 0.1, 2, torch.qint8),
            "channels": torch.quantize_per_channel(
                torch.ones(2, 2), torch.tensor([0.1, 0.2]), torch.tensor([0, 1]), 0, torch.quint8
            ),
        }  # fmt: skip
        path = saved(value, tmp_path, **FORMS[form])
    tensors = open_archive_or_tensors(path).tensors
    assert tensors["coo"].layout == "sparse_coo"
    assert tensors["coo"].sparse.indices.to_numpy().tolist() == value["coo"].coalesce().indices().tolist()
    assert tensors["csr"].sparse.plain_indices.to_numpy().tolist() == value["csr"].col_indices().tolist()
    assert tensors["bsr"].sparse.values.to_numpy().tolist() == value["bsr"].values().tolist()
    assert tensors["q"].to_numpy().tolist() == value["q"].int_repr().tolist()
    assert tensors["q"].quantizer[:3] == ("per_tensor_affine", 0.1, 2)
    assert tensors["channels"].quantizer.scale.to_numpy().tolist() == pytest.approx([0.1, 0.2])
    assert tensors["channels"].quantizer.axis == 0


def test_tensors_on_the_meta_device_have_shapes_and_no_bytes(tmp_path):
    path = saved({"m": torch.ones(1 << 40, 3, device="meta"), "w": torch.ones(2)}, tmp_path)
    opened = open_archive_or_tensors(path)
    assert (opened.tensors["m"].shape, opened.tensors["m"].device) == ((1 << 40, 3), "meta")
    with pytest.raises(ArchiveError, match="meta device"):
        opened.tensors["m"].data()
    digests = dict(named_digests(list(opened.tensors.items()), opened.size, "x"))
    assert digests["m"] == ""
    assert len(digests["w"]) == 64


def test_the_bytes_of_tensors_on_a_gpu_are_read(tmp_path):
    path = saved({"w": torch.arange(4.0)}, tmp_path)
    rewritten(path, lambda _, data: data.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:1"))
    found = open_archive_or_tensors(path).tensors["w"]
    assert found.device == "cuda:1"
    assert found.to_numpy().tolist() == torch.load(path, map_location="cpu")["w"].tolist()


def test_bytes_of_a_machine_with_another_order_are_read_as_torch_does(tmp_path):
    kinds = (torch.int16, torch.float32, torch.float64, torch.complex64, torch.bfloat16, torch.uint16)
    path = saved({str(kind): torch.arange(16, dtype=torch.uint8).view(kind) for kind in kinds}, tmp_path)
    rewritten(path, lambda _, data: data, byteorder=b"big")
    theirs = torch.load(path)
    ours = open_archive_or_tensors(path).tensors
    assert not torch.equal(theirs["torch.int16"], torch.arange(16, dtype=torch.uint8).view(torch.int16))
    for name, tensor in theirs.items():
        assert_same(ours[name], tensor)
    rewritten(path, lambda _, data: data, byteorder=b"middle")
    with pytest.raises(ArchiveError, match="neither little nor big"):
        open_archive_or_tensors(path)


def test_tensors_of_one_storage_are_known_to_share_it(tmp_path):
    base = torch.arange(16, dtype=torch.uint8).view(torch.uint16)
    tied = torch.ones(2)
    for form in FORMS.values():
        tensors = open_archive_or_tensors(
            saved(
                {"a": tied, "b": tied, "half": base[:4], "rest": base[4:], "c": torch.ones(2)},
                tmp_path,
                **form,
            )
        ).tensors
        assert tensors["a"].storage is tensors["b"].storage
        assert tensors["half"].storage is tensors["rest"].storage
        assert tensors["a"].storage is not tensors["c"].storage


def test_metadata_of_a_state_dict_is_kept_beside_it(tmp_path):
    opened = open_archive_or_tensors(saved(trained()[0].state_dict(), tmp_path))
    assert opened.root.type_tag == "OrderedDict"
    assert opened.root.beside["_metadata"]["1"] == {"version": 2}


def test_names_that_would_be_the_same_are_told_apart(tmp_path):
    value = {"a": {"b": torch.zeros(1)}, "a.b": torch.ones(1), "": torch.ones(2), 1: torch.ones(3)}
    tensors = open_archive_or_tensors(saved(value, tmp_path)).tensors
    assert list(tensors) == ["a.b", "a.b (2)", "(empty)", "1"]
    assert tensors["a.b (2)"].to_numpy().tolist() == [1.0]


@pytest.mark.parametrize("form", ["zip", "before 1.6"])
def test_opening_needs_no_more_memory_for_more_weights(tmp_path, form):
    def peak(elements: int) -> int:
        path = saved({"w": torch.empty(elements, dtype=torch.uint8)}, tmp_path, **FORMS[form])
        open_archive_or_tensors(path)
        tracemalloc.start()
        opened = open_archive_or_tensors(path)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert opened.tensors["w"].numel == elements
        opened.close()
        return found

    assert peak(1 << 26) < peak(1 << 10) + 10_000
