"""Attributes of random values have the types and values that torch gives them, or fail alike."""

import enum
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Dict, List, Optional, Tuple, Union

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from jitcore.ir import EnumValue
from jitcore.scripting.compiled_program import CompiledProgram
from jitcore.scripting.compiler import ScriptCompiler
from jitcore.scripting.modules.compiler import ModuleCompiler
from jitcore.source import JitError


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Holder(nn.Module):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        return x


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(-2, 2),
    st.text("ab", max_size=2),
    st.sampled_from([1j, torch.device("cpu"), torch.float32, torch.strided, Color.RED, object(), b"x"]),
    st.builds(lambda: torch.ones(2)),
)
KEYS = st.one_of(st.text("ab", max_size=2), st.integers(0, 3), st.booleans(), st.floats(0, 1), st.none())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(KEYS, inner, max_size=2),
        st.tuples(KEYS, inner).map(lambda pair: {pair[0]: pair[1]}),
        inner.map(lambda value: [value, value]),
    ),
    max_leaves=6,
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def plain(value: Any) -> Any:
    """A value in a form that can be compared."""
    if isinstance(value, Tensor):
        return value.tolist()
    if isinstance(value, EnumValue | enum.Enum):
        return value.name
    if isinstance(value, dict):
        return [(plain(k), plain(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, torch.device) else value


ANNOTATIONS = st.sampled_from([
    int, float, bool, str, complex, Tensor, torch.device, Color, Any, Optional[int], Optional[float],
    Optional[Tensor], List[int], List[float], List[Tensor], List[Optional[int]], List[List[int]],
    Dict[str, int], Dict[str, float], Dict[int, Tensor], Tuple[int, str], Tuple[float, ...], Tuple[int],
    Union[int, str], Union[int, float, None], Optional[List[float]], Optional[Dict[str, int]],
])  # fmt: skip


def compare(make: Callable[[], nn.Module]) -> None:
    try:
        theirs = torch.jit.script(make())
    except Exception:
        theirs = None
    try:
        ours = ModuleCompiler(ScriptCompiler(CompiledProgram())).compile(make())
    except JitError as error:
        if theirs is not None:
            pytest.fail(f"only we refuse it: {error}")
        return
    assert theirs is not None
    expected = theirs._concrete_type.get_attributes().get("value")
    found = ours.type.attribute_type("value")
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found.annotation() == expected[0].annotation_str
    mine, other = plain(ours.attributes["value"]), plain(theirs._c.getattr("value"))
    assert (repr(mine), type(mine)) == (repr(other), type(other))


@settings(max_examples=150)
@given(VALUES)
def test_an_attribute_is_typed_and_kept_as_torch_does(value: Any) -> None:
    compare(lambda: Holder(value))


@settings(max_examples=200)
@given(ANNOTATIONS, VALUES)
def test_an_annotated_attribute_is_converted_as_torch_does(annotation: Any, value: Any) -> None:
    members = {"__annotations__": {"value": annotation}, "__module__": __name__}
    kind = type("Annotated", (Holder,), members)
    compare(lambda: kind(value))
