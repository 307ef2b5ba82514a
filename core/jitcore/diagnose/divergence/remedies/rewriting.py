"""Rewrites expressions from the inside out, by rules that give the text of what they match."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from jitcore.diagnose.divergence.remedies.edits import Edits

Rule = Callable[["Rewriter", ast.AST], str | None]
"""Gives what to write in the place of a node, None where it stays; asks the rewriter for parts."""


class Rewriter:
    """A rule applied to parts of a text, nodes within what it replaces included."""

    def __init__(self, text: str, tree: ast.Module, rule: Rule) -> None:
        self.text, self.tree, self._rule = text, tree, rule

    def apply(self, edits: Edits, roots: Iterator[ast.AST] | list[ast.AST]) -> None:
        """Rewrite all in some nodes, each once."""
        done: set[int] = set()
        for root in roots:
            self._walk(edits, root, done)

    def source(self, node: ast.AST) -> str:
        """The text of a node with all rewritten that is in it, itself included."""
        return self._within(node, [node])

    def inside(self, node: ast.AST) -> str:
        """The text of a node with all rewritten that is below it."""
        return self._within(node, list(ast.iter_child_nodes(node)))

    def _within(self, node: ast.AST, roots: list[ast.AST]) -> str:
        inner = Edits(self.text, self.tree)
        self.apply(inner, roots)
        changed = inner.changed()
        first = inner.at(node.lineno, node.col_offset)  # type: ignore[attr-defined]  # an expression or statement
        last = inner.at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        # Nothing outside of the node is changed, so that what stands behind it is as long as it was.
        return changed[first : len(changed) - (len(self.text) - last)]

    def _walk(self, edits: Edits, node: ast.AST, done: set[int]) -> None:
        if id(node) in done:
            return
        done.add(id(node))
        new = self._rule(self, node)
        if new is not None:
            edits.replace(node, new)
            return
        for each in ast.iter_child_nodes(node):
            self._walk(edits, each, done)
