"""Constants come back from the wire as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jitviewer.protocol.constants import TensorParts, UnsendableError, decode_constant, encode_constant

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.complex_numbers(allow_nan=False)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(0, 9), inner)
    ),
    max_leaves=12,
)


@given(values)
def test_round_trip(value: object) -> None:
    wire = encode_constant(value, lambda _: None)
    again = decode_constant(wire, lambda parts: parts)
    assert again == value
    assert type(again) is type(value)


def test_tensors_travel_as_parts() -> None:
    tensor = object()
    parts = TensorParts("float32", (2, 1), b"\0" * 8)
    wire = encode_constant([1, (tensor,)], lambda value: parts if value is tensor else None)
    assert decode_constant(wire, lambda given: ("tensor", given)) == [1, (("tensor", parts),)]


def test_what_cannot_be_sent_is_named() -> None:
    with pytest.raises(UnsendableError, match="a set"):
        encode_constant({1}, lambda _: None)
