"""Saved values become values of the types that classes declare, or are refused with their path."""

from __future__ import annotations

import pytest

from jitcore.archive import ArchiveError, LazyTensor
from jitcore.archive.dtypes import STORAGE_TYPES
from jitcore.archive.modules import named_buffers, named_parameters
from jitcore.archive.tensors import LazyStorage
from jitcore.archive.typed_values import TypedValues
from jitcore.archive.values import Device, SavedDict, SavedEnum, SavedList, SavedObject
from jitcore.ir.objects import EnumValue, ScriptObject
from jitcore.types import (
    ANY,
    BOOL,
    COMPLEX,
    DEVICE,
    FLOAT,
    INT,
    NONE,
    STRING,
    TENSOR,
    Argument,
    ClassType,
    DictType,
    EnumType,
    FunctionSchema,
    InterfaceType,
    ListType,
    OptionalType,
    TupleType,
)  # fmt: skip

COLOR = EnumType("__torch__.Color", INT, (("RED", 1), ("BLUE", 2)))
CHILD = ClassType("__torch__.Child", is_module=True)
CHILD.add_attribute("weight", TENSOR, is_parameter=True)
CHILD.add_attribute("mean", TENSOR, is_buffer=True)
LOOK = InterfaceType("__torch__.Look", is_module=True)


class Types:
    """The types that a test declares, in place of an archive's code."""

    def __init__(self, *types) -> None:
        self.by_name = {named.qualified_name: named for named in (COLOR, CHILD, *types)}

    def named_type(self, qualified_name):
        return self.by_name.get(qualified_name)


def listed(*items) -> SavedList:
    saved = SavedList()
    saved.extend(items)
    return saved


def keyed(**items) -> SavedDict:
    saved = SavedDict()
    saved.update(items)
    return saved


def vector(*_) -> LazyTensor:
    storage = LazyStorage(STORAGE_TYPES["FloatStorage"], "data/0", "cpu", 2, lambda _: memoryview(bytes(8)))
    return LazyTensor(storage, 0, (2,), (1,))


def child() -> SavedObject:
    saved = SavedObject("__torch__.Child")
    saved.attributes = {"mean": vector(), "weight": vector(), "extra": 1}
    return saved


def convert(saved, declared):
    return TypedValues(Types(), "m.pt: 'data.pkl'").value(saved, declared, "a.b")


@pytest.mark.parametrize(
    ("saved", "declared", "value"),
    [
        (1, INT, 1),
        (1.5, FLOAT, 1.5),
        (True, BOOL, True),
        (1j, COMPLEX, 1j),
        ("x", STRING, "x"),
        (None, NONE, None),
        (None, OptionalType(INT), None),
        (3, OptionalType(INT), 3),
        (Device("cuda:0"), DEVICE, "cuda:0"),
        (Device("cuda:0"), ANY, Device("cuda:0")),
        (listed(listed(1), listed()), ListType(ListType(INT)), [[1], []]),
        (keyed(a=listed(1.0)), DictType(STRING, ListType(FLOAT)), {"a": [1.0]}),
        ((1, ("x", None)), TupleType((INT, TupleType((STRING, NONE)))), (1, ("x", None))),
        (SavedEnum("__torch__.Color", 2), COLOR, EnumValue(COLOR, "BLUE", 2)),
        (SavedEnum("__torch__.Color", 2), ANY, EnumValue(COLOR, "BLUE", 2)),
        (listed(SavedEnum("__torch__.Color", 1), 5), ANY, listed(EnumValue(COLOR, "RED", 1), 5)),
        (keyed(a=(1, Device("cpu"))), ANY, keyed(a=(1, Device("cpu")))),
    ],
)
def test_values(saved, declared, value):
    converted = convert(saved, declared)
    assert converted == value
    assert type(converted) is type(value)


@pytest.mark.parametrize(
    ("saved", "declared", "reason"),
    [
        (True, INT, "int but was saved as bool"),
        (1, FLOAT, "float but was saved as int"),
        (1, NONE, "NoneType but was saved as int"),
        (None, TENSOR, "Tensor but was saved as None"),
        ("cpu", DEVICE, "Device but was saved as str"),
        (1, ListType(INT), "List[int] but was saved as int"),
        (1, DictType(INT, INT), "Dict[int, int] but was saved as int"),
        ((1,), TupleType((INT, INT)), "Tuple[int, int] but was saved as tuple"),
        (1, CHILD, "__torch__.Child but was saved as int"),
        (SavedObject("__torch__.Other"), CHILD, "__torch__.Child but was saved as __torch__.Other"),
        (1, LOOK, "__torch__.Look but was saved as int"),
        (1, COLOR, "__torch__.Color but was saved as int"),
        (SavedEnum("__torch__.Color", 3), COLOR, "'a.b' is 3, which is no value of __torch__.Color"),
        (SavedEnum("__torch__.Shape", 3), ANY, "the enum __torch__.Shape"),
        (SavedObject("__torch__.Other"), ANY, "the class __torch__.Other"),
        (listed(1, "x"), ListType(INT), "'a.b[1]' is declared as int but was saved as str"),
        (keyed(k=1), DictType(STRING, STRING), "'a.b['k']' is declared as str"),
    ],
)
def test_values_of_other_types_are_refused(saved, declared, reason):
    with pytest.raises(ArchiveError) as caught:
        convert(saved, declared)
    assert reason in str(caught.value)
    assert str(caught.value).startswith("m.pt: 'data.pkl': the attribute 'a.b")


def test_objects_take_the_order_of_their_class():
    converted = convert(child(), CHILD)
    assert isinstance(converted, ScriptObject)
    assert converted.type is CHILD
    assert list(converted.attributes) == ["weight", "mean"]
    assert converted.attributes["weight"].is_parameter
    assert not converted.attributes["mean"].is_parameter


def test_a_missing_attribute():
    saved = child()
    del saved.attributes["mean"]
    with pytest.raises(ArchiveError, match=r"'a\.b\.mean' is missing, though __torch__\.Child declares it"):
        convert(saved, CHILD)


def test_what_was_shared_stays_shared():
    same, numbers = child(), listed(1)
    first, second, third, fourth = convert(
        (same, same, numbers, numbers), TupleType((CHILD, LOOK, ANY, ListType(INT)))
    )
    assert first is second
    assert third is fourth


def test_a_state_is_converted_but_not_restored():
    packed = ClassType("__torch__.Packed")
    schema = FunctionSchema("__setstate__", "", (Argument("self", packed), Argument("state", DEVICE)), ())
    packed.methods["__setstate__"] = type("Method", (), {"name": "__setstate__", "schema": schema})()
    saved = SavedObject("__torch__.Packed")
    saved.has_state, saved.state = True, Device("cpu")
    restored = TypedValues(Types(packed), "x").object(saved)
    assert (restored.has_state, restored.state, restored.attributes) == (True, "cpu", {})


def test_an_untagged_dict_is_a_state_when_the_class_says_so():
    packed = ClassType("__torch__.Packed")
    schema = FunctionSchema(
        "__setstate__", "", (Argument("self", packed), Argument("state", DictType(STRING, INT))), ()
    )
    packed.methods["__setstate__"] = packed.methods["__getstate__"] = type("Method", (), {"schema": schema})()
    saved = SavedObject("__torch__.Packed")
    saved.attributes = {"a": 1}
    assert TypedValues(Types(packed), "x").object(saved).state == {"a": 1}


def test_parameters_and_buffers_have_their_paths():
    parent = ClassType("__torch__.Parent", is_module=True)
    parent.add_attribute("bias", OptionalType(TENSOR), is_parameter=True)
    parent.add_attribute("left", CHILD)
    parent.add_attribute("right", CHILD)
    saved, shared = SavedObject("__torch__.Parent"), child()
    saved.attributes = {"bias": None, "left": shared, "right": shared}
    root = TypedValues(Types(parent), "x").object(saved)
    assert [path for path, _ in named_parameters(root)] == ["left.weight", "right.weight"]
    assert [path for path, _ in named_buffers(root)] == ["left.mean", "right.mean"]
    assert root.find("left") is root.find("right")


def test_what_is_not_declared_keeps_the_type_it_was_saved_with():
    saved = listed()
    saved.type_tag = "List[int]"
    assert convert(saved, ANY).type_tag == "List[int]"
    assert type(convert(saved, ListType(INT))) is list
