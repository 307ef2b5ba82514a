"""Every number, text and list that a process which may be overwritten sends has a bound in its type."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec import inspect

from jitviewer.protocol.bounded import Size, Words
from jitviewer.protocol.events import AnyEvent
from jitviewer.protocol.runner_messages import AnyRunnerReply


def unbounded(kind: inspect.Type, path: str, seen: set[type]) -> Iterator[str]:
    """Paths of fields whose type lets them be as large as the sender likes."""
    match kind:
        case inspect.IntType() | inspect.FloatType():
            if (kind.ge, kind.gt) == (None, None) or (kind.le, kind.lt) == (None, None):
                yield path
        case inspect.StrType() | inspect.BytesType():
            if kind.max_length is None:
                yield path
        case inspect.CollectionType(item_type=item):
            if kind.max_length is None:
                yield path
            yield from unbounded(item, f"{path}[]", seen)
        case inspect.TupleType(item_types=items):
            for index, item in enumerate(items):
                yield from unbounded(item, f"{path}[{index}]", seen)
        case inspect.DictType(key_type=key, value_type=value):
            if kind.max_length is None:
                yield path
            yield from unbounded(key, f"{path}.keys", seen)
            yield from unbounded(value, f"{path}.values", seen)
        case inspect.UnionType(types=types):
            for one in types:
                yield from unbounded(one, path, seen)
        case inspect.StructType(cls=cls, fields=fields):
            if cls not in seen:
                seen.add(cls)
                for field in fields:
                    yield from unbounded(field.type, f"{cls.__name__}.{field.name}", seen)
        case inspect.Metadata(type=inner):
            yield from unbounded(inner, path, seen)
        case inspect.BoolType() | inspect.NoneType():
            return
        case _:
            yield f"{path}: {type(kind).__name__}"


def test_whatever_a_runner_answers_is_bounded() -> None:
    assert list(unbounded(inspect.type_info(AnyRunnerReply), "", set())) == []


def test_whatever_the_engine_tells_is_bounded() -> None:
    assert list(unbounded(inspect.type_info(AnyEvent), "", set())) == []


@pytest.mark.parametrize("kind", [int, str, bytes, float, list[Words], dict[Words, Size], object])
def test_what_has_no_bound_is_found(kind: object) -> None:
    made = msgspec.defstruct("Made", [("field", kind)])
    assert [found.split(":")[0] for found in unbounded(inspect.type_info(made), "", set())] == ["Made.field"]
