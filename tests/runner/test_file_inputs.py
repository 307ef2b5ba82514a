"""Inputs that are read from pictures and arrays, and inputs with seeds of their own."""

import numpy as np
import pytest
import torch
from PySide6.QtGui import QColor, QImage

from jitcore.exec import ExecutionError
from jitviewer.protocol.input_spec import FileSpec, SpecError, TensorSpec, parse_spec
from jitviewer.runner.inputs import make_inputs

CPU = torch.device("cpu")


def made(*texts, seed=0):
    return make_inputs(list(texts), seed, CPU)


@pytest.fixture
def picture(tmp_path):
    """Five wide, two high: the left pixel of the upper line is red, all others black."""
    image = QImage(5, 2, QImage.Format.Format_RGB888)
    image.fill(QColor(0, 0, 0))
    image.setPixelColor(0, 0, QColor(255, 0, 0))
    path = tmp_path / "a picture.png"
    image.save(str(path))
    return str(path)


def test_specs_of_files_and_seeds():
    form = TensorSpec("float32", (1, 3, 8, 8), -1, 1)
    assert parse_spec("my cat.JPG as float32[1,3,8,8]:-1..1") == FileSpec("my cat.JPG", form)
    assert parse_spec("x.npy") == FileSpec("x.npy")
    assert parse_spec("float32[2]:0..1@7") == TensorSpec("float32", (2,), 0, 1, 7)
    assert parse_spec("int64[2]@0") == TensorSpec("int64", (2,), None, None, 0)
    for wrong in (
        "x.png as float32",
        "x.png as 3",
        "float32[2]@",
        "float32[2]@1.5",
        "float32[2]@x",
        "x.png as float32[2]@3",
    ):
        with pytest.raises(SpecError):
            parse_spec(wrong)


def test_a_picture_has_its_own_size_or_the_wanted_one(picture):
    (own,) = made(picture)
    assert own.shape == (1, 3, 2, 5)
    assert own.dtype == torch.float32
    assert own[0, :, 0, 0].tolist() == [1.0, 0.0, 0.0]
    assert own.sum() == 1.0
    (wide,) = made(f"{picture} as float32[1,3,4,10]:-1..1")
    assert wide.shape == (1, 3, 4, 10)
    assert wide.min() == -1.0
    assert wide[0, 0, 0, 0] > 0.5
    (gray,) = made(f"{picture} as uint8[2,5]")
    assert gray.dtype == torch.uint8
    assert 0 < gray[0, 0] < 255
    assert gray[1].tolist() == [0] * 5
    (clear,) = made(f"{picture} as float64[4,2,5]")
    assert clear[3].min() == 1.0


@pytest.mark.parametrize("form", ["float32[3,0,5]", "float32[2,2,5]", "float32[7]", "float32[2,3,2,5]"])
def test_a_form_that_no_picture_has_is_refused(picture, form):
    with pytest.raises(ExecutionError, match="cannot become a tensor"):
        made(f"{picture} as {form}")


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    path = tmp_path / "broken.png"
    path.write_bytes(b"not a picture")
    with pytest.raises(ExecutionError, match="cannot be read as a picture"):
        made(str(path))
    with pytest.raises(ExecutionError, match="cannot be read as a picture"):
        made(str(tmp_path / "absent.jpg"))


def test_an_array_is_converted_and_reshaped(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(6.0))
    (x,) = made(f"{path} as float32[1,2,3]")
    assert x.tolist() == [[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]]
    assert x.dtype == torch.float32
    with pytest.raises(ExecutionError, match="6 elements"):
        made(f"{path} as float32[7]")
    torch.save([torch.ones(2)], tmp_path / "x.pt")
    with pytest.raises(ExecutionError, match="holds a list"):
        made(f"{tmp_path / 'x.pt'} as float32[2]")


def test_a_seed_of_its_own_makes_an_input_independent_of_the_others():
    alone = made("float32[3]@5", seed=1)[0]
    _, after = made("float32[10]", "float32[3]@5", seed=2)
    assert torch.equal(alone, after)
    assert not torch.equal(alone, made("float32[3]@6", seed=1)[0])
    plain = made("float32[2]", "float32[2]", seed=3)
    mixed = made("float32[2]", "float32[9]@1", "float32[2]", seed=3)
    assert torch.equal(plain[1], mixed[2])
