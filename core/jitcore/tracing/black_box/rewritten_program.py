"""A file that is being rewritten: where in it the rewriting is, and the sites that were put in."""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from jitcore.tracing.black_box.sites import FunctionSite, Site

MARK = "\0black box "
"""How the constants begin that stand for sites until code is compiled; the number of the site follows."""


class _Scope:
    """A function that is being rewritten; `site` is None for what has no variables of its own in calls."""

    def __init__(self, site: FunctionSite | None, declared: frozenset[str]) -> None:
        self.site = site
        self.declared = declared
        self.around: list[Site] = []


class RewrittenProgram:
    """Makes the calls of sites in the file `path`; `sites` are all, by their numbers."""

    def __init__(self, path: str) -> None:
        self.sites: list[Site] = []
        self.path = path
        self._numbers: dict[Site, int] = {}
        self._scopes: list[_Scope] = []
        self._names: list[str] = []

    # --- where the rewriting is -------------------------------------------------------------------

    @property
    def is_in_function(self) -> bool:
        """Whether the rewriting is in a function: what is outside of all tells of nothing."""
        return bool(self._scopes)

    @property
    def declared(self) -> frozenset[str]:
        """The variables that the function says are not its own."""
        return self._scopes[-1].declared

    @property
    def function(self) -> FunctionSite | None:
        """The site of the function; None in what has no variables of its own in calls."""
        return self._scopes[-1].site if self._scopes else None

    @property
    def outer_function(self) -> FunctionSite | None:
        """The innermost function around that has variables of its own in calls."""
        return next((scope.site for scope in reversed(self._scopes) if scope.site is not None), None)

    def here(self) -> tuple[str, str]:
        """The file, and the qualified name of the function."""
        return self.path, "".join(self._names).removesuffix(".").removesuffix(".<locals>")

    def around(self) -> tuple[Site, ...]:
        """The conditions, loops and choices around, outermost first."""
        return tuple(self._scopes[-1].around)

    @contextmanager
    def in_class(self, name: str) -> Generator[None]:
        """Context in which a class is rewritten."""
        outer, self._scopes = self._scopes, []
        with self.named(f"{name}."):
            yield
        self._scopes = outer

    @contextmanager
    def named(self, name: str) -> Generator[None]:
        """Context in which a function with this name is looked at."""
        self._names.append(name)
        yield
        self._names.pop()

    @contextmanager
    def in_function(self, site: FunctionSite | None, declared: frozenset[str]) -> Generator[None]:
        """Context in which the inside of a function is rewritten."""
        self._scopes.append(_Scope(site, declared))
        with self.named(".<locals>."):
            yield
        self._scopes.pop()

    @contextmanager
    def inside(self, site: Site) -> Generator[None]:
        """Context in which what a site decides over is rewritten."""
        around = self._scopes[-1].around
        around.append(site)
        yield
        around.pop()

    # --- calls of sites ---------------------------------------------------------------------------

    def call(self, site: Site, method: str, at: ast.expr | ast.stmt, *given: ast.expr) -> ast.Call:
        """A call of a method of a site, which has the place of `at`."""
        number = self._numbers.setdefault(site, len(self.sites))
        if number == len(self.sites):
            self.sites.append(site)
        holder = ast.copy_location(ast.Constant(f"{MARK}{number}"), at)
        callee = ast.copy_location(ast.Attribute(holder, method, ast.Load()), at)
        for each in (holder, callee):
            # Attributes that end on another line than they begin would move the place of the call.
            each.end_lineno, each.end_col_offset = at.lineno, at.col_offset
        return ast.copy_location(ast.Call(callee, list(given), []), at)

    def statement(self, site: Site, method: str, at: ast.stmt, *given: ast.expr) -> ast.Expr:
        """Such a call as a statement, which stands where `at` begins."""
        place = ast.copy_location(ast.Constant(None), at)
        place.end_lineno, place.end_col_offset = at.lineno, at.col_offset
        return ast.copy_location(ast.Expr(self.call(site, method, place, *given)), place)
