"""Function schemas: names, types, defaults and alias annotations of arguments and returns."""

from __future__ import annotations

from jitcore.types.base import Type


class _NoDefault:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_DEFAULT"


NO_DEFAULT = _NoDefault()
"""Marks an argument that must be given (None is a legal default)."""


class AliasInfo:
    """Alias annotation of one argument or return.

    `before` and `after` are the alias sets (`a` in `Tensor(a!)`; `*` is the wildcard), `is_write`
    is the `!`, `contained` the annotations of a container's elements.
    """

    __slots__ = ("after", "before", "contained", "is_write")

    def __init__(
        self,
        before: frozenset[str] = frozenset(),
        after: frozenset[str] | None = None,
        is_write: bool = False,
        contained: tuple[AliasInfo, ...] = (),
    ) -> None:
        self.before = before
        self.after = before if after is None else after
        self.is_write = is_write
        self.contained = contained


class Argument:
    """One argument or return of a schema.

    `size` is N of `int[N]` (a single int is then broadcast to a list), `real_type` keeps the
    unfaked type (`ScalarType` where `type` is int).
    """

    __slots__ = ("alias", "default", "kwarg_only", "name", "real_type", "size", "type")

    def __init__(
        self,
        name: str,
        type: Type,
        default: object = NO_DEFAULT,
        kwarg_only: bool = False,
        size: int | None = None,
        alias: AliasInfo | None = None,
        real_type: Type | None = None,
    ) -> None:
        self.name = name
        self.type = type
        self.default = default
        self.kwarg_only = kwarg_only
        self.size = size
        self.alias = alias
        self.real_type = real_type or type

    @property
    def has_default(self) -> bool:
        """Whether the argument may be left out."""
        return self.default is not NO_DEFAULT


class FunctionSchema:
    """Schema of an operator, function or method.

    `name` is qualified (`aten::add`), `overload` may be empty. `is_vararg`/`is_varret` stand for
    `...` in arguments or returns.
    """

    __slots__ = ("arguments", "is_vararg", "is_varret", "known_returns", "name", "overload", "returns")

    def __init__(
        self,
        name: str,
        overload: str,
        arguments: tuple[Argument, ...],
        returns: tuple[Argument, ...],
        is_vararg: bool = False,
        is_varret: bool = False,
    ) -> None:
        self.name = name
        self.overload = overload
        self.arguments = arguments
        self.returns = returns
        self.is_vararg = is_vararg
        self.is_varret = is_varret
        # What matching keeps here; a table of schemas would keep whole programs alive.
        self.known_returns: object = None

    @property
    def is_mutable(self) -> bool:
        """Whether some argument is written to."""
        return any(a.alias is not None and a.alias.is_write for a in self.arguments)

    def argument_index(self, name: str) -> int | None:
        """Place of the argument called `name`, None if there is none."""
        for index, argument in enumerate(self.arguments):
            if argument.name == name:
                return index
        return None
