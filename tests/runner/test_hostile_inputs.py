"""Files of inputs that are no such files, or lie about what they hold, are refused in a sentence."""

import io
import os
import pickle
import struct
import warnings
import zipfile
import zlib

import numpy as np
import pytest
import torch
from PySide6.QtGui import QColor, QImage

from jitcore.exec import ExecutionError
from jitviewer.runner.inputs import make_inputs, read_arguments

CPU = torch.device("cpu")


def refused(path):
    """The sentence in which an input is refused."""
    with pytest.raises(ExecutionError) as raised:
        make_inputs([str(path)], 0, CPU)
    assert str(raised.value).startswith(f"{path} ")
    assert "\n" not in str(raised.value)
    return str(raised.value)


def picture(color):
    image = QImage(4, 4, QImage.Format.Format_RGB888)
    image.fill(QColor(color))
    return image


# --- pictures -------------------------------------------------------------------------------------

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="4" height="4">'
    '<image xlink:href="{}" width="4" height="4"/></svg>'
)
ENDINGS = ("png", "jpg", "jpeg", "bmp", "gif", "webp", "PNG")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("content", [SVG, "\n" + SVG, "<?xml version='1.0'?>" + SVG, "%PDF-1.4\n{}"])
def test_a_picture_that_would_open_other_files_is_refused(tmp_path, ending, content):
    secret = tmp_path / "secret.png"
    picture("red").save(str(secret))
    path = tmp_path / f"input.{ending}"
    path.write_text(content.format(secret))
    assert "cannot be read as a picture: it is no" in refused(path)


@pytest.mark.qt_log_ignore("Unsupported marker type")
def test_the_right_first_bytes_do_not_make_a_picture(tmp_path):
    secret = tmp_path / "secret.png"
    picture("red").save(str(secret))
    for ending, first in (("png", b"\x89PNG\r\n\x1a\n"), ("jpg", b"\xff\xd8\xff"), ("gif", b"GIF89a")):
        path = tmp_path / f"input.{ending}"
        path.write_bytes(first + SVG.format(secret).encode())
        assert "cannot be read as a picture" in refused(path)


@pytest.mark.qt_log_ignore("JPEG")
@pytest.mark.parametrize("ending", ["png", "jpg", "jpeg", "bmp", "webp"])
def test_a_damaged_picture_is_said_in_a_sentence_and_nowhere_else(tmp_path, capfd, ending):
    path = tmp_path / f"cut.{ending}"
    picture("red").scaled(64, 64).save(str(path))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 if ending != "bmp" else 30])
    said = refused(path)
    assert "cannot be read as a picture: " in said
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("name", "written"), [("a.png", "jpg"), ("a.jpg", "png"), ("a.bmp", "png")])
def test_a_picture_of_another_format_than_its_name_says_is_refused(tmp_path, name, written):
    picture("red").save(str(tmp_path / "made"), written)
    path = (tmp_path / "made").rename(tmp_path / name)
    assert "it is no" in refused(path)


@pytest.mark.parametrize("kind", ["png", "jpg", "bmp"])
def test_pictures_are_read_as_before(tmp_path, kind):
    path = tmp_path / f"a.{kind.upper()}"
    picture("white").save(str(path), kind)
    (made,) = make_inputs([str(path)], 0, CPU)
    assert made.shape == (1, 3, 4, 4) or made.shape == (1, 1, 4, 4)
    assert made.min() > 0.99


def test_a_picture_with_too_many_pixels_is_not_decoded(tmp_path):
    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")
    )
    assert "more than" in refused(path)
    bitmap = (
        b"BM"
        + struct.pack("<IHHI", 0, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
    )
    path = tmp_path / "bomb.bmp"
    path.write_bytes(bitmap)
    refused(path)


# --- arrays ---------------------------------------------------------------------------------------


def npy(header, data=b"", version=b"\x01\x00"):
    text = header.encode()
    length = struct.pack("<H" if version == b"\x01\x00" else "<I", len(text))
    return b"\x93NUMPY" + version + length + text + data


HEADERS = [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (True, 2), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 9999999999, 9999999999), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': ('<f8', (1000000000,)), 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '|S1000000000', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<M8[s]', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': (1,), }",
    "(" * 5000 + ")" * 5000,
    "-" * 9000 + "1",
    "[" * 60_000,
    "",
    "{",
]


@pytest.mark.parametrize("header", HEADERS)
def test_an_array_whose_header_is_none_is_refused(tmp_path, header):
    path = tmp_path / "x.npy"
    path.write_bytes(npy(header, b"\0" * 64, b"\x02\x00"))
    refused(path)


def test_other_contents_of_an_array_are_refused(tmp_path):
    path = tmp_path / "x.npy"
    for content in (b"", b"PK\x03\x04", b"\x80\x04N.", b"\x93NUMPY\x01\x00\xff\xff{", b"\x93NUMPY\x03\x00"):
        path.write_bytes(content)
        refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"")
    refused(path)


def test_arrays_of_the_other_byte_order_and_of_fortran_are_read(tmp_path):
    path = tmp_path / "x.npy"
    for array in (np.arange(6, dtype=">f4"), np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.array(3)):
        np.save(path, array)
        (made,) = make_inputs([str(path)], 0, CPU)
        assert made.tolist() == array.tolist()


# --- what torch.save writes -----------------------------------------------------------------------


def saved(value):
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


def changed(content, change):
    """The archive with another pickle."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, change(data) if name.endswith("data.pkl") else data)
    return made.getvalue()


def test_values_are_read_as_they_were_saved(tmp_path):
    shared = torch.arange(6.0)
    value = (
        [shared, shared[2:4], torch.ones(2, 3).t()], {"a": 1, "b": (None, True, 2.5, "text", 1j)},
        torch.tensor([True]), torch.ones(2, dtype=torch.bfloat16), torch.nn.Parameter(torch.zeros(2)),
        torch.tensor(3), torch.empty(0),
    )  # fmt: skip
    path = tmp_path / "x.pt"
    torch.save(value, path)
    made = read_arguments(str(path), CPU)
    expected = torch.load(path, weights_only=True)
    assert made[0][1].tolist() == [2.0, 3.0]
    assert made[0][1].data_ptr() == made[0][0].data_ptr() + 8
    assert made[0][2].stride() == (1, 3)
    assert made[1] == expected[1]
    for ours, theirs in zip(made[2:], expected[2:], strict=True):
        assert ours.dtype == theirs.dtype
        assert torch.equal(ours, theirs)
    link = tmp_path / "link.pt"
    link.symlink_to(path)
    assert len(read_arguments(str(link), CPU)) == 7


def test_a_tensor_that_claims_more_than_its_record_holds_is_refused(tmp_path):
    """Torch's own reader would take memory beside it."""
    path = tmp_path / "x.pt"
    content = saved(torch.zeros(4))
    assert b"K\x04" in zipfile.ZipFile(io.BytesIO(content)).read("archive/data.pkl")
    path.write_bytes(changed(content, lambda data: data.replace(b"K\x04", b"K\x40")))
    assert "which holds 16" in refused(path) or "reaches element" in refused(path)


def test_what_is_no_value_is_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "made"),)

    path = tmp_path / "x.pt"
    contents = [
        b"", b"PK", b"garbage", b"\x80\x02N.", pickle.dumps(Evil()), saved(torch.ones(2))[:-40],
        changed(saved(torch.ones(2)), lambda _: pickle.dumps(Evil(), protocol=2)),
        changed(saved(torch.ones(2)), lambda _: b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b"."),
        changed(saved(torch.ones(2)), lambda _: b"\x80\x02ctorch\nTensor\n(J\x00\x00\x00\x7ftR."),
        changed(saved(torch.ones(2)), lambda _: b"\x80\x02ctorch._utils\n_rebuild_nested_tensor\n(tR."),
        changed(saved(torch.ones(2)), lambda _: b"\x80\x02]q\x00h\x00a."),
        changed(saved(torch.ones(2)), lambda data: data[:-30]),
    ]  # fmt: skip
    for content in contents:
        path.write_bytes(content)
        refused(path)
        with pytest.raises(ExecutionError):
            read_arguments(str(path), CPU)
    assert not (tmp_path / "made").exists()


def test_old_formats_and_programs_are_refused(tmp_path):
    path = tmp_path / "x.pt"
    torch.save(torch.ones(2), path, _use_new_zipfile_serialization=False)
    assert "no archive such as torch.save writes" in refused(path)
    torch.jit.save(torch.jit.script(torch.nn.ReLU()), str(path))
    assert "it is a TorchScript archive" in refused(path)


def test_sparse_tensors_that_reach_beyond_themselves_are_refused(tmp_path):
    path = tmp_path / "x.pt"
    made = torch.sparse_coo_tensor(torch.tensor([[0, 500]]), torch.ones(2), (2,), check_invariants=False)
    torch.save(made, path)
    refused(path)


@pytest.mark.parametrize("ending", ["pt", "npy", "png", "gif"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "absent", "loop"])
def test_what_is_no_file_is_refused_at_once(tmp_path, ending, kind):
    path = tmp_path / f"x.{ending}"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    assert "cannot be read" in refused(path)


def test_a_picture_of_a_terabyte_is_not_read(tmp_path):
    path = tmp_path / "x.png"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert "more than" in refused(path)


def test_a_picture_that_claims_too_much_is_said_in_a_sentence_and_nowhere_else(tmp_path, capfd):
    path = tmp_path / "large.png"

    def part(name: bytes, content: bytes) -> bytes:
        sum_ = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", sum_)

    header = struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IEND", b""))
    assert "cannot be read as a picture" in refused(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**500])
def test_an_integer_that_no_program_takes_is_refused(tmp_path, value):
    path = tmp_path / "large.pt"
    torch.save([torch.zeros(1), {"n": value}], path)
    said = "holds no tensors that can be read safely: it holds an integer of more than 64 bits"
    assert said in refused(path)
    with pytest.raises(ExecutionError, match=said):
        read_arguments(str(path), CPU)


@pytest.mark.filterwarnings("ignore:torch.quantize")
def test_torch_remarks_nothing_on_its_own_reading(tmp_path):
    path = tmp_path / "quantized.pt"
    torch.save(torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8), path)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        (read,) = make_inputs([str(path)], 0, CPU)
    assert read.is_quantized
    assert not [str(one.message) for one in said]
