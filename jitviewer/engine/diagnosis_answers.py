"""The JSON of a diagnosis, as the runner of a person's file tells it, made into rows for the window."""

from __future__ import annotations

from typing import Annotated

import msgspec

from jitcore.diagnose.divergence.report import page_of
from jitcore.source import JitError
from jitviewer.protocol.bounded import Count
from jitviewer.protocol.bounds import BLOCK, DETAIL, FACTS, NAME, PATH, SENTENCE, VALUES, cut, cut_block
from jitviewer.protocol.diagnosis_rows import DecidedRow, DiagnosisRow, FoundCauseRow, RemedyRow
from jitviewer.protocol.script_messages import ScriptableDiagnosed
from jitviewer.protocol.trust import TrustedContent

_MOST_REPORT = 1 << 24
"""Characters of a report that are sent along; the longest that people need are some hundred times shorter."""
_SIDES = {
    "eager-trace": "program, trace",
    "eager-script": "program, script",
    "trace-script": "trace, script",
}

_Kind = Annotated[str, msgspec.Meta(max_length=NAME)]


class _Cause(msgspec.Struct):
    cause: _Kind
    file: str
    line: Count
    expression: str
    explanation: str


class _Decision(msgspec.Struct):
    file: str
    line: Count
    kind: _Kind
    value: str
    expression: str
    decided: str
    times: Count
    harmless: bool
    flipped: bool | None
    inputs: list[list[str]]


class _Remedy(msgspec.Struct):
    summary: str
    file: str
    patch: str


class _Answer(msgspec.Struct):
    """What `Diagnosis.as_json` gives."""

    name: str
    diverged: bool
    cause: str | None
    file: str | None
    line: int | None
    expression: str | None
    explanation: str
    causes: list[_Cause]
    remedy: _Remedy | None
    inputs: list[list[str]] | None
    made: str | None
    difference: str | None
    tried: Count
    refused: Count
    decisions: list[_Decision]
    sides: dict[str, bool | None]
    script_refusal: str | None
    notes: list[str]


def diagnosis_row(name: str, found: ScriptableDiagnosed, content: TrustedContent) -> DiagnosisRow:
    """The rows of a diagnosis of the object `name`. Raises `JitError` for a text that is no diagnosis."""
    try:
        told = msgspec.json.decode(found.answer, type=_Answer)
    except msgspec.MsgspecError as error:
        raise JitError(f"{name}: the process of the program told what is no diagnosis: {error}") from error
    page = page_of(msgspec.to_builtins(told))
    remedy = told.remedy
    return DiagnosisRow(
        name=cut(name, NAME),
        content=content,
        diverged=told.diverged,
        explanation=cut_block(told.explanation),
        causes=[_cause(each) for each in told.causes[:VALUES]],
        inputs=[cut(", ".join(call), SENTENCE) for call in (told.inputs or [])[:VALUES]],
        made=cut(told.made or "", SENTENCE),
        difference=cut(told.difference or "", SENTENCE),
        sides=[
            (words, agrees) for pair, words in _SIDES.items() if (agrees := told.sides.get(pair)) is not None
        ],
        tried=told.tried,
        refused=told.refused,
        decisions=[_decision(each) for each in told.decisions[: FACTS // 2]],
        more_decisions=max(0, len(told.decisions) - FACTS // 2),
        remedy=None if remedy is None else _remedy(remedy),
        script_refusal=cut(told.script_refusal or "", SENTENCE),
        notes=[cut(each, SENTENCE) for each in told.notes[:VALUES]],
        report=page if len(page) <= _MOST_REPORT else "",
        comparison=found.comparison,
        why_no_graphs=found.why_no_graphs,
        sources=found.sources,
    )


def _cause(told: _Cause) -> FoundCauseRow:
    return FoundCauseRow(
        told.cause, cut(told.file, PATH), told.line, cut(told.expression, DETAIL), cut_block(told.explanation)
    )


def _decision(told: _Decision) -> DecidedRow:
    return DecidedRow(
        told.kind, cut(told.file, PATH), told.line, cut(told.expression, DETAIL), cut(told.value, DETAIL),
        cut(told.decided, SENTENCE), told.times, told.harmless, told.flipped,
        [cut(", ".join(call), SENTENCE) for call in told.inputs[:VALUES]],
    )  # fmt: skip


def _remedy(told: _Remedy) -> RemedyRow:
    # Of a patch that is cut another file would come.
    patch = told.patch if len(told.patch) <= BLOCK else ""
    return RemedyRow(cut(told.summary, SENTENCE), cut(told.file, PATH), patch)
