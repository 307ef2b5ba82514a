"""Methods with several declared signatures: each is compiled by itself and the arguments choose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jitcore.frontend.sugared.base import SugaredValue
from jitcore.frontend.sugared.calls import compiled_schema, emit_method_call
from jitcore.ops.matching import NamedValue, match_schemas
from jitcore.types import ClassType

if TYPE_CHECKING:
    from jitcore.frontend.sugared.call_site import CallSite
    from jitcore.ir import Value


class OverloadedMethod(SugaredValue):
    """A method of `owner` that is compiled under several `names`, one for each signature."""

    __slots__ = ("names", "owner")

    def __init__(self, owner: Value, names: Sequence[str]) -> None:
        self.owner = owner
        self.names = names

    @property
    def kind(self) -> str:
        return "overloaded function"

    def call(self, site: CallSite) -> SugaredValue:
        at, lowering = site.at, site.lowering
        graph = lowering.graph
        owner = self.owner.type
        assert isinstance(owner, ClassType)
        schemas = [compiled_schema(at, lowering, owner.methods[name]) for name in self.names]
        chosen, matched = match_schemas(
            schemas, graph, at, (NamedValue(self.owner), *site.arguments), site.keywords
        )
        return emit_method_call(at, lowering, self.names[chosen], matched)
