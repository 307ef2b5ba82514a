"""What a match in a line of a graph is: an operator, a value that is given there, its type, or other text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jitviewer.ui.editors.text_lines import Span

_ORDER = ("operators", "values", "types", "text")


class GraphLine(NamedTuple):
    """A line taken apart: columns where the operator and its inputs begin, -1 where there are none."""

    text: str
    operator: int
    inputs: int
    comment: int

    @classmethod
    def of(cls, text: str) -> GraphLine:
        """Take a line apart."""
        comment = text.rfind(" # ")
        if comment < 0:
            comment = len(text)
        equals = text.find(" = ", 0, comment)
        if equals >= 0:
            operator = equals + 3
        elif 0 <= text.find("::", 0, comment) < text.find("("):
            operator = len(text) - len(text.lstrip())
        else:
            return cls(text, -1, -1, comment)
        inputs = text.find("(", operator, comment)
        attributes = text.find("[", operator, comment)
        if 0 <= attributes < inputs or inputs < 0:
            inputs = attributes
        return cls(text, operator, inputs if inputs >= 0 else comment, comment)

    def kind(self, spans: Sequence[Span]) -> str:
        """What the most telling of these matches is."""
        if len(spans) == 1:
            return self._kind_of(spans[0])
        return min((self._kind_of(span) for span in spans), key=_ORDER.index)

    def title(self, kind: str) -> tuple[str, int]:
        """The words that stand for the line in a list, and the column at which they begin."""
        if kind == "operators" and self.operator >= 0:
            return self.text[self.operator : self.comment].rstrip(), self.operator
        begin = len(self.text) - len(self.text.lstrip())
        end = (
            self.operator - 3 if kind in ("values", "types") and self.operator > begin + 3 else len(self.text)
        )
        return self.text[begin:end], begin

    def detail(self, kind: str) -> str:
        """What else is told in the list."""
        begin = len(self.text) - len(self.text.lstrip())
        if kind == "operators":
            return self.text[begin : max(begin, self.operator - 3)]
        return self.text[self.operator : self.inputs] if kind != "text" and self.operator >= 0 else ""

    def _kind_of(self, span: Span) -> str:
        if span.start >= self.comment or (self.operator <= 0 and " : " not in self.text):
            return "text"
        if self.operator < 0 or span.start < self.operator:
            # A value is given where a type follows it; the match may lie anywhere in its name.
            begin = self.text.rfind("%", 0, span.end)
            end = self.text.find(" :", begin) if begin >= 0 else -1
            return "values" if begin >= 0 and span.start < end else "types"
        return "operators" if span.start < self.inputs else "text"
