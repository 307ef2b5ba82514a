"""The alias annotations of a schema, prepared once for all nodes that call it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from jitcore.ops.effects import CONSERVATIVE, traits
from jitcore.ops.lookup import key_of_schema

if TYPE_CHECKING:
    from jitcore.types import AliasInfo, FunctionSchema

_WILDCARD: Final = "*"


class ArgumentAlias(NamedTuple):
    """Annotation of an argument: its alias set, whether it is written, whether it is unknown afterwards."""

    name: str
    is_write: bool
    escapes: bool


class ReturnAlias(NamedTuple):
    """Annotation of a return: the alias sets it may belong to, whether it is written, or unknown."""

    names: tuple[str, ...]
    is_write: bool
    is_wildcard: bool


class SchemaPlan(NamedTuple):
    """What a schema says about memory.

    `arguments` are the annotated ones with their positions; `returns` has None for fresh objects;
    `all_fresh` when nothing is annotated; `is_conservative` when the schema does not tell the truth.
    """

    arguments: tuple[tuple[int, ArgumentAlias], ...]
    returns: tuple[ReturnAlias | None, ...]
    all_fresh: bool
    is_conservative: bool


@lru_cache(maxsize=4096)
def plan_of(schema: FunctionSchema) -> SchemaPlan:
    """The plan of a schema (schemas are compared by identity)."""
    arguments = tuple(
        (index, _argument(argument.alias))
        for index, argument in enumerate(schema.arguments)
        if argument.alias is not None
    )
    returns = tuple(None if r.alias is None else _return(r.alias) for r in schema.returns)
    all_fresh = not arguments and not any(returns)
    return SchemaPlan(arguments, returns, all_fresh, key_of_schema(schema) in traits()[CONSERVATIVE])


def _of_element(alias: AliasInfo) -> AliasInfo:
    """`Tensor(a!)[]` annotates the elements of the list only; the list stands for them."""
    return alias.contained[0] if not alias.before and alias.contained else alias


def _argument(alias: AliasInfo) -> ArgumentAlias:
    alias = _of_element(alias)
    return ArgumentAlias(next(iter(alias.before), ""), alias.is_write, _WILDCARD in alias.after)


def _return(alias: AliasInfo) -> ReturnAlias:
    alias = _of_element(alias)
    return ReturnAlias(tuple(sorted(alias.before)), alias.is_write, _WILDCARD in alias.before)
