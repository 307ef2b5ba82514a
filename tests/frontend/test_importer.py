"""Classes, named tuples, enums, interfaces and functions of an archive's code."""

from __future__ import annotations

import re

import pytest

from jitcore.frontend import SourceImporter
from jitcore.source import SourceError
from jitcore.types import (
    FLOAT,
    INT,
    NONE,
    STRING,
    TENSOR,
    EnumType,
    InterfaceType,
    ListType,
    TupleType,
    is_subtype,
    make_optional,
)
from tests.frontend.written import Files, importer_of

NET = """\
class Net(Module):
  __parameters__ = ["weight", "0", ]
  __buffers__ = ["mean", ]
  __annotations__ = []
  __annotations__["0"] = Tensor
  weight : Tensor
  mean : Tensor
  training : bool
  child : __torch__.parts.Child
  sizes : Final[List[int]] = [1, 2]
  rate : Final[float] = 3
  nothing : Final[NoneType] = None
  def forward(self: __torch__.Net,
    x: Tensor,
    scale: float=2,
    flags: Optional[List[int]]=None) -> Tensor:
    return torch.mul(x, scale)
  def helper(self: __torch__.Net) -> int:
    return 1
"""
CHILD = """\
class Child(Module):
  __parameters__ = []
  def forward(self: __torch__.parts.Child) -> NoneType:
    return None
"""


def test_slots_keep_their_order_and_kind() -> None:
    net = importer_of(NET, parts=CHILD).class_type("__torch__.Net")
    assert net.is_module
    assert list(net.attributes) == ["0", "weight", "mean", "training", "child"]
    assert [a.name for a in net.attributes.values() if a.is_parameter] == ["0", "weight"]
    assert [a.name for a in net.attributes.values() if a.is_buffer] == ["mean"]
    assert str(net.attributes["child"].type) == "__torch__.parts.Child"


def test_final_attributes_are_constants_of_their_type() -> None:
    net = importer_of(NET, parts=CHILD).class_type("__torch__.Net")
    assert net.constants == {"sizes": [1, 2], "rate": 3.0, "nothing": None}
    assert isinstance(net.constants["rate"], float)


def test_schemas_come_from_signatures_without_compiling() -> None:
    net = importer_of(NET.replace("torch.mul", "torch.no_such_name(["), parts=CHILD)
    with pytest.raises(SourceError):
        net.class_type("__torch__.Net")
    # Only a body that cannot be parsed stops the file; one that cannot be compiled stops itself.
    net = importer_of(NET.replace("torch.mul(x, scale)", "undefined_name"), parts=CHILD)
    forward = net.class_type("__torch__.Net").methods["forward"]
    arguments = forward.schema.arguments
    assert [a.name for a in arguments] == ["self", "x", "scale", "flags"]
    assert [a.type for a in arguments[1:]] == [TENSOR, FLOAT, make_optional(ListType(INT))]
    assert arguments[2].default == 2.0
    assert arguments[3].default is None
    with pytest.raises(SourceError, match="undefined value undefined_name"):
        forward.graph  # type: ignore[attr-defined]  # noqa: B018


def test_files_are_read_when_a_name_leads_to_them() -> None:
    files = Files(
        {"__torch__": NET, "__torch__.parts": CHILD, "__torch__.other": "def f() -> int:\n  return 1\n"}
    )
    importer = SourceImporter(files)
    assert files.read == []
    importer.class_type("__torch__.Net")
    assert files.read == ["__torch__", "__torch__.parts"]
    importer.function("__torch__.other.f")
    assert files.read == ["__torch__", "__torch__.parts", "__torch__.other"]


def test_a_type_is_one_object() -> None:
    importer = importer_of(NET, parts=CHILD)
    net = importer.class_type("__torch__.Net")
    assert importer.class_type("__torch__.Net") is net
    assert net.methods["forward"].schema.arguments[0].type is net
    assert importer.type("List[__torch__.Net]") == ListType(net)


def test_named_tuples_enums_and_interfaces() -> None:
    importer = importer_of(
        """\
class Point(NamedTuple):
  x : Tensor
  y : int = 3
class Color(Enum):
  RED = -1
  GREEN = 2
class Mode(Enum):
  FAST = "fast"
class Sized(Interface):
  def size(self: __torch__.Sized) -> int:
    pass
class Box:
  n : int
  def size(self: __torch__.Box) -> int:
    return self.n
"""
    )
    point = importer.named_type("__torch__.Point")
    assert isinstance(point, TupleType)
    assert (point.field_names, point.elements, point.defaults) == (("x", "y"), (TENSOR, INT), {"y": 3})
    color, mode = importer.named_type("__torch__.Color"), importer.named_type("__torch__.Mode")
    assert isinstance(color, EnumType)
    assert isinstance(mode, EnumType)
    assert (color.value_type, color.members) == (INT, (("RED", -1), ("GREEN", 2)))
    assert (mode.value_type, mode.members) == (STRING, (("FAST", "fast"),))
    sized = importer.named_type("__torch__.Sized")
    assert isinstance(sized, InterfaceType)
    assert not sized.is_module
    assert is_subtype(importer.class_type("__torch__.Box"), sized)


def test_hooks_are_no_methods() -> None:
    importer = importer_of(
        """\
class Net(Module):
  __parameters__ = []
  __forward_hooks__ = ["after", ]
  __forward_pre_hooks__ = ["before", "before", ]
  def forward(self: __torch__.Net, x: Tensor) -> Tensor:
    return x
  def before(self: __torch__.Net, x: Tuple[Tensor]) -> NoneType:
    return None
  def after(self: __torch__.Net, x: Tuple[Tensor], y: Tensor) -> Tensor:
    return torch.neg(y)
def call(net: __torch__.Net, x: Tensor) -> Tensor:
  return __torch__.Net.after(net, (x,), x, )
"""
    )
    net = importer.class_type("__torch__.Net")
    assert list(net.methods) == ["forward"]
    assert net.forward_hooks == ["after"]
    assert net.forward_pre_hooks == ["before", "before"]
    called = [n.kind for n in importer.function("__torch__.call").graph.nodes()]
    assert "prim::CallFunction" in called


def test_old_files_with_a_version_and_imports() -> None:
    importer = importer_of(
        "op_version_set = 1\nimport __torch__.parts\nclass Net(Module):\n  __parameters__ = []\n"
        "  def forward(self: __torch__.Net) -> NoneType:\n    return None\n"
    )
    forward = importer.class_type("__torch__.Net").methods["forward"]
    assert forward.schema.returns[0].type is NONE


def test_packed_weights_that_were_tensors_are_objects() -> None:
    name = "torch.nn.quantized.modules.linear.___torch_mangle_7"
    code = "class Linear(Module):\n  __parameters__ = []\n  _packed_params : Tensor\n"
    importer = importer_of("", **{name: code})
    linear = importer.class_type(f"__torch__.{name}.Linear")
    assert str(linear.attributes["_packed_params"].type).endswith("quantized.LinearPackedParamsBase")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("class Net(Module):\n  x : __torch__.gone.Thing\n", "Unknown type name '__torch__.gone.Thing'"),
        ("class Net(Module):\n  x : __torch__.Net\n", "Unknown type name '__torch__.Net'"),
        ("class Net(Module):\n  x = 3\n", "unexpected assignment of x"),
        ("class Net(Module):\n  x : int = 3\n", "Base type must be Final"),
        ("class Net(Base):\n  pass\n", "does not support class inheritance"),
        ("class Net(Module):\n  for i in x:\n    pass\n", "Unexpected statement kind in class body: For"),
        ("class Net(Enum):\n  A = 1\n  B = 'b'\n", "varying value types"),
        ("class Net(Enum):\n  pass\n", "only enum attribute definitions"),
        ("class Net(NamedTuple):\n  x = 1\n", "only attribute annotations"),
        ("class Net(Interface):\n  def f(self: __torch__.Net):\n    pass\n", "must have a return type"),
        ("class Net(Module):\n  x : List[int, int]\n", "expected exactly one element type but found 2"),
        ("class Net(Module):\n  x : Shelf[int]\n", "Unknown type constructor Shelf"),
        (
            "class Net(Module):\n  def f(self: __torch__.Net, *a) -> int:\n    return 1\n",
            r"\*args and \*\*kwargs",
        ),
        ("x = 3\n", "unexpected Assign between definitions"),
        ("class Net(:\n", "not valid code"),
        ("def f(\0): pass\n", "not valid code|cannot be parsed"),
    ],
)
def test_what_cannot_be_imported_says_where_and_why(code: str, message: str) -> None:
    importer = importer_of(code)
    with pytest.raises(SourceError, match=message):
        importer.class_type("__torch__.Net")


def test_what_is_not_defined_is_said() -> None:
    importer = importer_of(NET, parts=CHILD)
    with pytest.raises(SourceError, match=re.escape("defines no class __torch__.gone.Net")):
        importer.class_type("__torch__.gone.Net")
    with pytest.raises(SourceError, match=re.escape("defines no function __torch__.f")):
        importer.function("__torch__.f")
    with pytest.raises(SourceError, match=re.escape("defines no class __torch__.helper")):
        importer.class_type("__torch__.helper")


def test_classes_nested_without_end_are_refused_in_a_sentence() -> None:
    chain = "".join(f"class C{i}(Module):\n  x : __torch__.C{i + 1}\n" for i in range(2000))
    with pytest.raises(SourceError, match="nested too deeply"):
        importer_of(chain).class_type("__torch__.C0")
