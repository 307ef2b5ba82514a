"""Rows of a diagnosis: why a trace of a person's function or module differs from it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitviewer.protocol.bounded import Count, Few, OfFacts, Text, Whole, Words
from jitviewer.protocol.comparison_rows import ComparisonRow
from jitviewer.protocol.trust import TrustedContent


class SourceFileRow(msgspec.Struct, frozen=True):
    """A Python file as it was when the program was run."""

    path: Words
    text: Text


class FoundCauseRow(msgspec.Struct, frozen=True):
    """Something that sets a trace and its program apart.

    `kind` is branch, loop-count, constant and the like; `expression` stands at `line` of `file`, counted from
    1.
    """

    kind: Words
    file: Words
    line: Count
    expression: Words
    explanation: Words


class DecidedRow(msgspec.Struct, frozen=True):
    """A decision that a trace burnt in.

    `value` is what `expression` gave, `decided` what came of it in words, `times` how often it was decided.
    `harmless` is one with nothing of the inputs in it, `flipped` whether an input was found that decides
    otherwise; None where none was looked for. `inputs` are those, a line for each call.
    """

    kind: Words
    file: Words
    line: Count
    expression: Words
    value: Words
    decided: Words
    times: Count
    harmless: bool
    flipped: bool | None
    inputs: Annotated[list[Words], Few] = []


class RemedyRow(msgspec.Struct, frozen=True):
    """A change that was tried and cures: `patch` is a unified diff of `file`, "" if it was too long to send;
    `summary` one sentence."""

    summary: Words
    file: Words
    patch: Words


class DiagnosisRow(msgspec.Struct, frozen=True):
    """What came out for the object `name` of the file that held `content`.

    `causes` come in the order of how they hurt, and `explanation` is of the first. `inputs` are what sets the
    sides apart, a line for each call, `made` how these were found and `difference` what it makes of the
    results. `sides` are pairs of them in words, with whether they agree. `more_decisions` come after those
    that are listed. `report` is all of it as a page of HTML. `comparison` are the graphs of script and trace
    beside each other; where there are none `why_no_graphs` is a sentence. `sources` are the files that
    causes and decisions are in.
    """

    name: Words
    content: TrustedContent
    diverged: bool
    explanation: Words
    causes: Annotated[list[FoundCauseRow], Few]
    inputs: Annotated[list[Words], Few]
    made: Words
    difference: Words
    sides: Annotated[list[tuple[Words, bool]], Few]
    tried: Count
    refused: Count
    decisions: Annotated[list[DecidedRow], OfFacts]
    more_decisions: Count
    remedy: RemedyRow | None
    script_refusal: Words
    notes: Annotated[list[Words], Few]
    report: Whole
    comparison: ComparisonRow | None = None
    why_no_graphs: Words = ""
    sources: Annotated[list[SourceFileRow], Few] = []
