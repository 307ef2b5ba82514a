"""The union of all messages of a kind, so that declaring one is enough."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TypeVar, cast

import msgspec

Message = TypeVar("Message", bound=msgspec.Struct)


def every_kind(base: type[Message]) -> type[Message]:
    """What a decoder of `base` messages takes: the union of the classes that derive from it so far."""
    return cast("type[Message]", reduce(or_, base.__subclasses__()))
