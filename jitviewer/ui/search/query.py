"""What was typed into search everywhere: a sign in front may choose the kinds, the rest is the pattern."""

from __future__ import annotations

from jitviewer.ui.search.pattern import Pattern
from jitviewer.ui.search.results import KINDS

SIGNS = {
    ">": ("commands",), "@": ("modules",), "%": ("values",), ":": ("types",), "#": ("text",),
}  # fmt: skip


class Query:
    """Attributes: `kinds` that are looked for; `words` without the sign; `problem` of an expression."""

    def __init__(self, typed: str, is_regex: bool = False, is_exact: bool = False, kind: str = "") -> None:
        sign = typed[:1] if not is_regex else ""
        self.kinds = SIGNS.get(sign) or ((kind,) if kind else KINDS)
        # The sign of values is a part of their names.
        rest = typed[1:] if sign in SIGNS and sign != "%" else typed
        self.words = rest.strip() if not is_regex else rest
        parts = [self.words] if is_regex else sorted(self.words.split(), key=len, reverse=True)
        self._patterns = [Pattern(part, is_regex, is_exact) for part in parts]
        self.problem = next((p.problem for p in self._patterns if p.problem), "")

    def __bool__(self) -> bool:
        return bool(self.words) and not self.problem

    @property
    def longest(self) -> Pattern:
        """The pattern that is the most telling: the whole expression, or the longest word."""
        return self._patterns[0]

    @property
    def is_single(self) -> bool:
        """Whether `longest` is all there is."""
        return len(self._patterns) == 1

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in a short text; nothing unless all of them do."""
        found: list[tuple[int, int]] = []
        for pattern in self._patterns:
            spans = list(pattern.spans(text))
            if not spans:
                return []
            found += spans
        return sorted(found)
