"""Objects of modules whose methods nobody compiles, with the slots that torch.jit.script gives them."""

import re
import typing
from typing import Any, NoReturn

import pytest
import torch
from torch import nn

from jitcore.frontend.constants import TypedConstant
from jitcore.ir import ScriptObject
from jitcore.slots.attribute_types import AttributeTypes
from jitcore.slots.concrete_type import ConcreteType, ContainerKind
from jitcore.slots.inference import ModuleInference
from jitcore.slots.module_objects import class_of_module, object_of_module
from jitcore.slots.qualified_names import qualified_name
from jitcore.source import JitError
from jitcore.types import BOOL, FLOAT, INT, TENSOR, ClassType, Type, make_optional

KINDS = {
    int: INT,
    bool: BOOL,
    float: FLOAT,
    torch.Tensor: TENSOR,
}
"""What torch's own modules say of their attributes."""


class CompilesNothing:
    """A `SlotCompiler` for modules that hold neither functions nor objects of classes."""

    def class_of(self, cls: type) -> None:
        return None

    def python_class(self, qualified_name: str) -> None:
        return None

    def instance_type(self, cls: type) -> None:
        return None

    def annotation_range(self, cls: type, name: str) -> None:
        return None

    def method_variants(self, module: Any) -> dict[str, list[str]]:
        return {}

    def constant(self, value: Any) -> TypedConstant:
        return TypedConstant(value, KINDS[type(value)])

    def function_in_slot(self, function: Any) -> str:
        return f"{function.__name__} is not compiled here"

    def type_of(self, annotation: Any, at: object) -> Type:
        wanted, *nothing = typing.get_args(annotation) or (annotation,)
        return make_optional(KINDS[wanted]) if nothing else KINDS[wanted]

    def enum_type(self, cls: type, at: object) -> NoReturn:
        raise AssertionError

    recompiled = enum_type


class Slots:
    """What a tracer needs of modules."""

    def __init__(self) -> None:
        self.compiler = CompilesNothing()
        self.inference = ModuleInference(self.compiler, AttributeTypes(self.compiler), self.concrete_type)

    def concrete_type(self, module: nn.Module) -> ConcreteType:
        found = self.inference.infer(module)
        found.type = class_of_module(found, qualified_name(type(module)), self.compiler)
        return found

    def object_of(self, module: nn.Module, concrete: ConcreteType) -> ScriptObject:
        return object_of_module(module, concrete, self.compiler, self.object_of)

    def read(self, module: nn.Module) -> ScriptObject:
        return self.object_of(module, self.concrete_type(module))


class Net(nn.Module):
    __constants__ = ("count",)

    def __init__(self) -> None:
        super().__init__()
        self.scale = 2.0
        self.names = ["a", "b"]
        self.sizes = {"a": (1, 2.5)}
        self.count = 3
        self.missing = None
        self.absent: nn.Module | None = None
        self.helper = lambda x: x
        self.first = nn.Linear(4, 4)
        self.rest = nn.ModuleList([nn.BatchNorm1d(4), nn.Dropout()])
        self.register_buffer("offset", torch.ones(4))
        self.register_parameter("bias", None)
        self.gain = nn.Parameter(torch.ones(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.first(x) * self.gain + self.offset
        for each in self.rest:
            x = each(x)
        return x


def mine(found: ScriptObject, path: str = "") -> dict[str, Any]:
    slots = found.type.attributes
    tensors = {name for name, value in found.attributes.items() if isinstance(value, torch.Tensor)}
    told: dict[str, Any] = {
        path: (
            [plain(slot.type.annotation()) for slot in slots.values()],
            {name: found.attributes[name] for name in tensors if slots[name].is_parameter},
            {name: found.attributes[name] for name in tensors if slots[name].is_buffer},
        )
    }
    for name, child in found.submodules().items():
        told |= mine(child, f"{path}.{name}")
    return told


def theirs(module: Any, path: str = "") -> dict[str, Any]:
    told: dict[str, Any] = {
        path: (
            [plain(kind.annotation_str) for kind in module._type().containedTypes()],
            dict(torch._C.ParameterDict(module).items()),
            dict(torch._C.BufferDict(module).items()),
        )
    }
    for name, child in torch._C.ModuleDict(module).items():
        told |= theirs(child, f"{path}.{name}")
    return told


def plain(annotation: str) -> str:
    """Without the numbers by which torch tells classes of one name apart."""
    return re.sub(r"___torch_mangle_\d+\.", "", annotation)


def test_slots_are_those_of_torch():
    net = Net()
    scripted = torch.jit.script(net)
    ours, other = mine(Slots().read(net)), theirs(scripted._c)
    assert ours.keys() == other.keys()
    for path, (kinds, parameters, buffers) in ours.items():
        their_kinds, their_parameters, their_buffers = other[path]
        assert kinds == their_kinds
        for own, given in ((parameters, their_parameters), (buffers, their_buffers)):
            assert own.keys() == given.keys()
            assert all(value.data_ptr() == given[name].data_ptr() for name, value in own.items())


def test_a_record_says_what_is_no_slot():
    found = Slots().concrete_type(Net())
    assert found.constants == {"count": 3}
    assert isinstance(found.type, ClassType)
    assert found.type.constants == {"count": 3}
    assert "<lambda> is not compiled here" in found.failed["helper"]
    assert found.submodules["rest"].container is ContainerKind.LIST


def test_containers_are_copied_and_tensors_shared():
    net = Net()
    made = Slots().read(net)
    assert made.attributes["names"] == net.names
    assert made.attributes["names"] is not net.names
    assert made.attributes["offset"] is net.offset


def test_a_value_that_is_not_of_the_type_of_its_slot_is_named():
    slots = Slots()
    net = Net()
    concrete = slots.concrete_type(net)
    net.scale = "two"  # type: ignore[assignment]
    with pytest.raises(JitError, match="Could not cast attribute 'scale' of Net to type float"):
        slots.object_of(net, concrete)
