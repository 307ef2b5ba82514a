"""What was found at the places of a program, each place once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.tracing.black_box.records import Note, ReadRecord, Taint, Tally

if TYPE_CHECKING:
    from jitcore.tracing.black_box.decision import Kind
    from jitcore.tracing.black_box.program_text import Span
    from jitcore.tracing.black_box.sites import Choice, Condition, Loop, Site


class Findings:
    """All that one box keeps, of one or several calls of a program.

    `conditions`, `loops` and `choices` count what was decided at their sites, `counts` how many different
    numbers of times each loop ran; `reads` are places where Python learned something; `captured`, `random`,
    `writes`, `side_effects`, `modes` and `methods` what else happened. `stored_attributes` and
    `stored_variables` are the names of what outlives the call and was set.
    """

    def __init__(self) -> None:
        self.conditions: dict[tuple[Condition, bool], Tally] = {}
        self.loops: dict[tuple[Loop, int], Tally] = {}
        self.counts: dict[Loop, int] = {}
        self.choices: dict[tuple[Choice, int], Tally] = {}
        self.reads: dict[tuple[Any, ...], ReadRecord] = {}
        self.captured: dict[tuple[Any, ...], Note] = {}
        self.random: dict[tuple[Any, ...], Note] = {}
        self.writes: dict[tuple[Any, ...], Note] = {}
        self.side_effects: dict[tuple[Any, ...], Note] = {}
        self.modes: dict[tuple[Any, ...], Note] = {}
        self.methods: dict[tuple[Any, ...], Note] = {}
        self.stored_attributes: set[str] = set()
        self.stored_variables: set[str] = set()
        self._number = 0

    def next_number(self) -> int:
        """The number of the next record."""
        self._number += 1
        return self._number

    def read(
        self, what: str, kind: Kind, path: str, span: Span, function: str, library: bool, tensor: str
    ) -> ReadRecord:
        """The record of something that Python learns at a place, made where there is none."""
        key = what, path, span, library
        found = self.reads.get(key)
        if found is None:
            found = self.reads[key] = ReadRecord(
                self.next_number(), what, kind, path, span, function, library, tensor
            )
        return found

    def note(
        self,
        notes: dict[tuple[Any, ...], Note],
        kind: Kind,
        site: Site,
        span: Span,
        value: str,
        said: str,
        reads: Taint,
        harmless: bool = False,
    ) -> Note:
        """Count something that happened at a place."""
        return self.note_at(notes, kind, site.path, site.function, span, value, said, reads, harmless, False)

    def note_at(
        self,
        notes: dict[tuple[Any, ...], Note],
        kind: Kind,
        path: str,
        function: str,
        span: Span,
        value: str,
        said: str,
        reads: Taint,
        harmless: bool,
        library: bool,
    ) -> Note:
        """Count something that happened at a place that is no site."""
        key = kind, path, span, said, library
        found = notes.get(key)
        if found is None:
            found = notes[key] = Note(
                self.next_number(), kind, path, span, function, value, said, harmless, library
            )
        found.times += 1
        found.reads |= reads
        return found
