"""The pickle machine builds values as they were shared, and nothing that could run."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest

from jitcore.archive.errors import ArchiveError
from jitcore.archive.nesting import DEEPEST, check_nesting
from jitcore.archive.unpickler import unpickle
from jitcore.archive.values import Device, SavedDict, SavedEnum, SavedList, SavedObject
from tests.archive.handmade import EMPTY_MODULE, module_of, name, number, pickled, text


def load(*operations: bytes):
    return unpickle(pickled(*operations), "m.pt: the record 'data.pkl'")


def refused(data: bytes) -> str:
    with pytest.raises(ArchiveError) as caught:
        check_nesting(unpickle(data, "'data.pkl'"), "'data.pkl'")
    message = str(caught.value)
    assert "'data.pkl'" in message
    assert "\n" not in message
    return message


def called(function: bytes, *arguments: bytes) -> bytes:
    return function + b"(" + b"".join(arguments) + b"tR"


PICKLE = "torch.jit._pickle"


@pytest.mark.parametrize(
    ("operations", "value"),
    [
        (b"N", None),
        (b"\x88", True),
        (b"\x89", False),
        (b"K\xff", 255),
        (b"M\xff\xff", 65535),
        (b"J\xff\xff\xff\xff", -1),
        (number(-(1 << 63)), -(1 << 63)),
        (b"G?\xf8\x00\x00\x00\x00\x00\x00", 1.5),
        (text("grün"), "grün"),
        (b")", ()),
        (b"K\x01\x85", (1,)),
        (b"K\x01K\x02\x86", (1, 2)),
        (b"K\x01K\x02K\x03\x87", (1, 2, 3)),
        (b"(K\x01K\x02K\x03K\x04t", (1, 2, 3, 4)),
        (b"](K\x01K\x02e", [1, 2]),
        (b"]K\x01a", [1]),
        (b"(K\x01l", [1]),
        (b"}(" + text("a") + b"K\x01" + text("b") + b"K\x02u", {"a": 1, "b": 2}),
        (b"}K\x05" + text("x") + b"s", {5: "x"}),
        (b"(K\x05" + text("x") + b"d", {5: "x"}),
        (called(name("builtins", "complex"), b"G" + bytes(8), b"G?\xf0" + bytes(6)), 1j),
        (called(name("torch", "device"), text("cuda:1")), Device("cuda:1")),
        (called(name("collections", "OrderedDict")), None),
    ],
)
def test_values(operations, value):
    loaded = load(operations)
    assert loaded == value
    assert not isinstance(loaded, bool) or loaded is value


def test_infinite_and_undefined_numbers():
    assert load(b"G\x7f\xf0" + bytes(6)) == math.inf
    assert math.isnan(load(b"G\x7f\xf8" + bytes(6)))


def test_text_that_is_not_utf8_keeps_its_bytes():
    assert load(text(b"\xff\x00a")).encode("utf-8", "surrogateescape") == b"\xff\x00a"


def test_type_tags():
    assert load(called(name(PICKLE, "build_intlist"), b"](K\x01e")).type_tag == "List[int]"
    tagged = load(called(name(PICKLE, "restore_type_tag"), b"}", text("Dict[str, List[int]]")))
    assert type(tagged) is SavedDict
    assert tagged.type_tag == "Dict[str, List[int]]"
    assert load(b"]").type_tag is None


def test_objects_have_attributes_in_order():
    module = unpickle(module_of(text("b"), b"K\x01", text("a"), b"N"), "'data.pkl'")
    assert type(module) is SavedObject
    assert module.type_name == "__torch__.M"
    assert list(module.attributes.items()) == [("b", 1), ("a", None)]
    assert not module.has_state


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (b"K\x01N\x86", (1, None)),
        (called(name(PICKLE, "restore_type_tag"), b"}", text("Dict[str, int]")), {}),
    ],
)
def test_a_state_is_kept_and_not_given_to_anything(state, expected):
    made = load(name("__torch__.a", "C"), b")\x81", state, b"b")
    assert made.has_state
    assert made.state == expected
    assert made.attributes == {}


def test_enum_members():
    member = load(name("__torch__.m", "Color"), b"K\x02R")
    assert member == SavedEnum("__torch__.m.Color", 2)
    assert member != SavedEnum("__torch__.m.Color", 3)


def test_shared_values_stay_one():
    outer = load(b"(]q\x00K\x01ah\x00r\x00\x01\x00\x00j\x00\x01\x00\x00t")
    assert outer[0] is outer[1] is outer[2]
    assert outer[0] == [1]


def test_a_list_in_itself_is_built_and_then_refused():
    data = pickled(b"]q\x00h\x00a")
    value = unpickle(data, "x")
    assert isinstance(value, SavedList)
    assert value[0] is value
    assert "contains itself" in refused(data)


@pytest.mark.parametrize(
    ("module", "attribute"),
    [
        ("os", "system"),
        ("posix", "system"),
        ("builtins", "eval"),
        ("builtins", "getattr"),
        ("torch", "load"),
        ("torch", "FloatTensor"),
        ("torch.jit._pickle", "build_anything"),
        ("__torch", "M"),
        ("__torch__x", "M"),
        ("torch._utils", "_rebuild_device_tensor_from_numpy"),
        ("collections", "Counter"),
        ("__builtin__", "exec"),
    ],
)
def test_other_globals_are_named_and_refused(module, attribute):
    message = refused(pickled(name(module, attribute), text("touch /x"), b"\x85R"))
    assert f"names {module}.{attribute}" in message


@pytest.mark.parametrize(
    ("operations", "reason"),
    [
        (b"", "leaves 0 values"),
        (b"NN", "leaves 2 values"),
        (b"\x93", "byte 0x93"),
        (b"h\x05", "missing"),
        (b"t", "missing"),
        (b"q\x00", "missing"),
        (b"e", "missing"),
        (b"\x86", "missing"),
        (b"N(K\x01e", "appends to a NoneType"),
        (b"NK\x01K\x02s", "sets an item of a NoneType"),
        (b"}(K\x01u", "lacks its value"),
        (b"})K\x01s", "a tuple is the key"),
        (b"}N]s", "a NoneType is the key"),
        (b"N)\x81", "makes an object of a NoneType"),
        (name("__torch__", "M") + b"K\x01\x85\x81", "makes an object"),
        (b"N}b", "gives a state to a NoneType"),
        (name("__torch__", "M") + b")\x81Nb}b", "two states"),
        (b"N)R", "calls a NoneType"),
        (name("__torch__", "M") + b")\x81)R", "calls a SavedObject"),
        (name("__torch__", "M"), "a ClassReference where a value"),
        (name("torch", "FloatStorage"), "a ElementType where a value"),
        (name("torch", "per_tensor_affine"), "a QuantizationScheme where a value"),
        (name("torch", "device"), "a Reconstructor where a value"),
        (b"NQ", "cannot hold"),
        (b"\x8a\xff" + b"\x7f" * 255, "does not fit 64 bits"),
        (b"X\xff\xff\xff\x7fabc", "missing"),
        (b"cno line end", "missing"),
        (called(name(PICKLE, "build_intlist"), b"](Ne"), "not a List[int]"),
        (called(name(PICKLE, "build_intlist"), b"](\x88e"), "not a List[int]"),
        (called(name(PICKLE, "build_tensorlist"), b"](K\x01e"), "not a List[Tensor]"),
        (called(name(PICKLE, "build_tensor_from_id"), b"K\x00"), "no tensor 0"),
        (called(name(PICKLE, "restore_type_tag"), b"N", text("List[int]")), "only lists and dicts"),
        (called(name("torch", "device"), text("cpu; rm")), "is no device"),
        (called(name("builtins", "complex"), b"K\x01", b"K\x02"), "wrong types"),
        (called(name("torch._utils", "_rebuild_tensor_v2")), "wrong number of arguments"),
        (name("torch._utils", "_rebuild_tensor_v2") + b"NR", "wrong number of arguments"),
        (
            called(name("torch._utils", "_rebuild_sparse_tensor"), b"K\x01", b")", b"\x89", b"N"),
            "sparse layout",
        ),
        (called(name("torch._utils", "_rebuild_sparse_tensor"), b"N"), "wrong types"),
        (called(name("torch._utils", "_rebuild_parameter"), b"N", b"\x89", b"N"), "wrong types"),
    ],
)
def test_pickles_that_make_no_sense(operations, reason):
    assert reason in refused(pickled(operations))


def test_other_protocols():
    assert "protocol 2" in refused(b"\x80\x04N.")
    assert "protocol 2" in refused(b"")


def test_every_truncation_is_told():
    data = module_of(
        text("a"),
        number(5),
        text("b"),
        called(name(PICKLE, "build_intlist"), b"](K\x01M\x00\x01e"),
        text("c"),
        b"G" + bytes(8),
    )
    for length in range(len(data)):
        refused(data[:length])
    assert unpickle(data, "x").attributes["b"] == [1, 256]


def test_every_changed_byte_is_told_or_harmless():
    data = bytearray(
        module_of(text("a"), number(5), text("b"), called(name(PICKLE, "build_intlist"), b"](K\x01e"))
    )
    for position in range(len(data)):
        for value in (0x00, 0x28, 0x2E, 0x52, 0x74, 0x80, 0xFF):
            changed = bytes(data[:position]) + bytes([value]) + bytes(data[position + 1 :])
            with suppress(ArchiveError):
                check_nesting(unpickle(changed, "'data.pkl'"), "'data.pkl'")


@pytest.mark.parametrize("deep", [b"]" * 100_000 + b"a" * 99_999, b")" + b"\x85" * 100_000])
def test_deep_nesting_is_refused_without_recursion(deep):
    assert f"more than {DEEPEST} deep" in refused(pickled(deep))


def test_depth_counts_the_longest_way_down():
    # The outer list holds every level, so the shortest way to each is short.
    levels = b")q\x01" + b"h\x01\x85q\x01" * 300
    assert "deep" in refused(pickled(b"(", levels, b"t"))


def test_references_that_double_are_refused():
    doubling = b")q\x00" + b"h\x00h\x00\x86q\x00" * 40
    assert "never end" in refused(pickled(b"(", doubling, b"t"))


def test_a_memo_number_costs_no_memory():
    assert load(b"Nr\xff\xff\xff\xffj\xff\xff\xff\xff\x86") == (None, None)


def test_a_plain_module_is_fine():
    check_nesting(unpickle(EMPTY_MODULE, "x"), "x")


def test_a_length_beyond_the_end_is_said_to_be_at_the_end():
    data = b"\x80\x02X\xff\xff\xff\xffabc."
    assert f"damaged near byte {len(data)}: " in refused(data)
