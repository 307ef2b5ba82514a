"""Only C++ classes that compute with their state get one from an archive, wherever it stands."""

from __future__ import annotations

import base64
import os
import pickle

import pytest
import torch

from jitcore.exec import ExecutionError
from jitcore.exec.class_states import check_state
from jitcore.exec.custom_classes import call_custom_method
from tests.archive.handmade import number, text
from tests.exec.hostile_programs import CLASSES, custom_object, run_program, write_program

OPAQUE = CLASSES + "aten.OpaqueObject"
RETURNS = "  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    return x\n"


class Evidence:
    """Unpickled, it makes a folder."""

    def __init__(self, path) -> None:
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.fixture
def evidence(tmp_path):
    return tmp_path / "executed"


@pytest.fixture
def opaque(evidence) -> bytes:
    state = base64.b64encode(pickle.dumps(Evidence(evidence))).decode()
    return custom_object("aten.OpaqueObject", text(state))


def refusal(*arguments, **options) -> str:
    with pytest.raises(ExecutionError) as caught:
        run_program(*arguments, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("declared", "before", "after"),
    [
        (OPAQUE, b"", b""),
        (f"Optional[{OPAQUE}]", b"", b""),
        (f"Tuple[{OPAQUE}, int]", b"", b"K\x01\x86"),
        (f"Dict[str, {OPAQUE}]", b"}" + text("a"), b"s"),
        (f"List[{OPAQUE}]", b"]", b"a"),
    ],
)
@pytest.mark.parametrize("allow_files", [False, True])
def test_an_attribute_that_would_be_unpickled(
    tmp_path, opaque, evidence, declared, before, after, allow_files
):
    path = write_program(tmp_path, f"  p : {declared}\n{RETURNS}", {"p": before + opaque + after})
    sentence = refusal(path, torch.ones(1), allow_files=allow_files)
    assert sentence == (
        "the attribute p holds a C++ class aten.OpaqueObject, whose state may execute code; "
        "it is not restored"
    )
    assert not evidence.exists()


def test_a_constant_that_would_be_unpickled(tmp_path, opaque, evidence):
    code = f"""  def forward(self: __torch__.M, x: Tensor) -> Tuple[Tensor, {OPAQUE}]:
    return (x, CONSTANTS.c0)
"""
    path = write_program(tmp_path, code, constants=opaque + b"\x85")
    assert "a constant holds a C++ class aten.OpaqueObject, whose state may execute code" in refusal(
        path, torch.ones(1)
    )
    assert not evidence.exists()


def test_an_object_that_the_code_makes(tmp_path, evidence):
    state = base64.b64encode(pickle.dumps(Evidence(evidence))).decode()
    code = f"""  def forward(self: __torch__.M, x: Tensor) -> Tensor:
    p = {OPAQUE}.__new__({OPAQUE})
    _ = (p).__setstate__("{state}", )
    return x
"""
    refusal(write_program(tmp_path, code), torch.ones(1))
    assert not evidence.exists()


@pytest.mark.parametrize(
    "state",
    [
        text("!"), b"N", number(7), b")", b"]", b"}", b"N" + b"N\x86", text("2") + b"]]\x87",
        text("2") + b"]" + number(5) + b"a]\x87", text("9") + b"]" + text("a") + b"a]\x87",
        number(3) + b"]" + number(2) + b"a]\x87", number(3) + b"]]\x87",
    ],
)  # fmt: skip
def test_garbage_in_an_allowed_class_is_a_sentence(tmp_path, state):
    convolution = "quantized.Conv2dPackedParamsBase"
    slots = {"p": custom_object(convolution, state)}
    path = write_program(tmp_path, f"  p : {CLASSES}{convolution}\n{RETURNS}", slots)
    assert f"the C++ class {convolution}" in refusal(path, torch.ones(1))


def test_classes_of_other_libraries_want_files_allowed(tmp_path):
    path = write_program(
        tmp_path, f"  p : {CLASSES}mine.Thing\n{RETURNS}", {"p": custom_object("mine.Thing", text("a"))}
    )
    assert "the attribute p holds a C++ class mine.Thing, whose library may reach files" in refusal(
        path, torch.ones(1)
    )
    assert "mine.Thing cannot be restored on this machine" in refusal(path, torch.ones(1), allow_files=True)


WEIGHT = torch.ones(4, 4, 3, 3)


@pytest.mark.parametrize(
    ("padding", "stride", "dilation", "groups", "size"),
    [
        ([0, 0], [0, 0], [1, 1], 1, [1, 4, 8, 8]),
        ([0, 0], [1, 1], [1, 1], 0, [1, 4, 8, 8]),
        ([0, 0], [1, 1], [1, 1], 3, [1, 12, 8, 8]),
        ([], [], [], 1, [1, 4, 8, 8]),
        ([-9, 0], [1, 1], [1, 1], 1, [1, 4, 8, 8]),
        ([0, 0], [1, 1], [1, 1], 1, []),
    ],
)
def test_convolutions_that_would_divide_by_nothing(padding, stride, dilation, groups, size):
    with pytest.raises(ExecutionError, match="a state that is none of its own"):
        check_state("mkldnn.ConvOpContext", (WEIGHT, None, padding, stride, dilation, groups, size, "none"))


def test_a_packed_convolution_with_a_short_configuration():
    for numbers in ([2, 1, 1], [], [30000] * 11, [2, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0]):
        state = ("2", [torch.tensor(numbers, dtype=torch.int16), WEIGHT], [None])
        with pytest.raises(ExecutionError, match="a state that is none of its own"):
            check_state("quantized.Conv2dPackedParamsBase", state)


def sparse_state(rows, columns):
    index = torch.int32
    return (
        2, None, 1, 4, torch.ones(1), torch.zeros(1, dtype=index), True, torch.tensor(rows, dtype=index),
        torch.tensor(columns, dtype=index), torch.zeros(4 * len(columns), dtype=torch.int8), 2, 8,
    )  # fmt: skip


def test_sparse_weights_whose_columns_lead_beyond_the_input():
    check_state("sparse.LinearPackedParamsBase", sparse_state([0, 1, 2], [0, 1]))
    for rows, columns in (([0, 1, 2], [0, 2]), ([0, 1, 2], [0, -1]), ([0, 9, 2], [0, 1]), ([0, 1], [0])):
        with pytest.raises(ExecutionError, match="a state that is none of its own"):
            check_state("sparse.LinearPackedParamsBase", sparse_state(rows, columns))


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor:UserWarning")
def test_weights_without_a_scale_for_each_output_channel():
    zeros = torch.zeros(2, dtype=torch.long)
    weight = torch.quantize_per_channel(torch.ones(64, 2), torch.ones(2), zeros, 1, torch.qint8)
    with pytest.raises(ExecutionError, match="not of its output channels"):
        check_state("quantized.LinearPackedParamsBase", (weight, None))
    fitting = torch.quantize_per_channel(torch.ones(2, 64), torch.ones(2), zeros, 0, torch.qint8)
    check_state("quantized.LinearPackedParamsBase", (fitting, None))
    check_state("quantized.LinearPackedParamsBase", (torch.ones(2, 2), None))


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor:UserWarning")
def test_an_object_that_is_there_gets_no_garbage_either():
    weight = torch.quantize_per_tensor(WEIGHT, 0.1, 0, torch.qint8)
    packed = torch.ops.quantized.conv2d_prepack(weight, None, [1, 1], [0, 0], [1, 1], 1)
    config = torch.zeros(11, dtype=torch.int16)
    with pytest.raises(ExecutionError, match="a state that is none of its own"):
        call_custom_method(packed, "__setstate__", [("2", [config, weight], [None])], allows_files=False)
    call_custom_method(packed, "__setstate__", [call_custom_method(packed, "__getstate__", [], False)], False)
