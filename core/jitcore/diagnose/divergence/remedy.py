"""Changes of a person's file that cure a divergence, tried before they are offered."""

from __future__ import annotations

import difflib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jitcore.diagnose.divergence import variations
from jitcore.diagnose.divergence.cause_finder import CauseFinder
from jitcore.diagnose.divergence.changes import changes_for
from jitcore.diagnose.divergence.outcome import difference_of
from jitcore.diagnose.divergence.rebuilding import Recipe, on_the_side, rebuilt
from jitcore.diagnose.divergence.remedies.change import Change
from jitcore.diagnose.divergence.remedies.repairs.repaired import OTHER_VALUES, repaired
from jitcore.diagnose.divergence.remedies.situation import Situation, observed
from jitcore.diagnose.divergence.search import Search
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.source_places import text_of
from jitcore.diagnose.divergence.subject import Subject
from jitcore.source import JitError

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.cause import Cause
    from jitcore.diagnose.divergence.outcome import Difference, Outcome
    from jitcore.diagnose.divergence.search import Found
    from jitcore.diagnose.divergence.trial import Trial

_TRIED: Final = 16
"""Diverging trials that a change must cure."""
_AGREEING: Final = 6
"""Trials in which all agreed, and must with the change."""
_CALLS, _SIZES = 2, 8
"""Trials of other values from call to call, and of other sizes, which it must take too."""
_SECONDS: Final = 12.0
"""Of processor time, besides those that so many calls of the program take."""
_EAGER_RUNS: Final = 60
_ATTEMPTS: Final = 150
_NOT_WRITTEN: Final = (AttributeError, IndexError, KeyError, SyntaxError, TypeError, ValueError)
"""What comes up where a change does not fit the text that it is written for: then there is none."""
_REPAIRS: Final = 5
"""How many things in a row are mended of what the compiler stumbles over."""


@dataclass(frozen=True)
class Remedy:
    """A change that was tried: retraced and compared again.

    Attributes: `summary`, one sentence; `file`, what it changes; `patch`, a unified diff; `text`, the whole
    file with the change.
    """

    summary: str
    file: str
    patch: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The change as plain values."""
        return {"summary": self.summary, "file": self.file, "patch": self.patch}


@dataclass(frozen=True)
class Attempt:
    """A change that was tried. `failure` is why it does not cure; empty where it does."""

    change: Change
    failure: str


def remedy_for(
    sides: Sides, search: Search, cause: Cause, told: Callable[[Attempt], None] = lambda _: None
) -> Remedy | None:
    """The first change that cures, with all that diverged before; None where none does. `told` hears of each
    that was tried."""
    recipe = Recipe.of(sides.subject.target)
    if recipe is None:
        return None
    made = recipe.name if recipe.is_called else ""
    situation = observed(sides, cause, made, (recipe.file, recipe.name))
    trying = _RemedySearch(sides, search, recipe, situation, told)
    found = trying.run() or trying.in_two_steps()
    return None if found is None else Remedy(found.summary, found.file, _patch(found), found.text)


class _RemedySearch:
    """Tries changes within a bound of processor time."""

    def __init__(
        self,
        sides: Sides,
        search: Search,
        recipe: Recipe,
        situation: Situation,
        told: Callable[[Attempt], None],
    ) -> None:
        self._sides, self._search = sides, search
        self._recipe, self._situation, self._told = recipe, situation, told
        self._text = text_of(recipe.file)
        self._seen: set[tuple[str, str]] = set()
        self._part: Change | None = None
        self._limit = max(_SECONDS, _EAGER_RUNS * sides.eager_seconds)
        self._begun = time.process_time()

    def run(self) -> Change | None:
        """The first change that cures."""
        changes = changes_for(self._situation, bool(self._search.by_trace))
        for change in self._written(changes, self._situation.cause.file):
            found = self._cure(change, _REPAIRS)
            if found is not None:
                return found
            if self._is_over():
                return None
        return None

    def in_two_steps(self) -> Change | None:
        """What cures, after a change that cured what the cause was told from, where another cause is left."""
        first = self._part
        if first is None:
            return None
        sides, recipe = self._sides, self._recipe
        sides.state.restore()
        try:
            with on_the_side(first.file, first.text):
                anew = self._anew(first)
                search = Search(anew)
                search.run()
                causes = CauseFinder(anew, search).causes() if search.by_trace else []
                if not causes:
                    return None
                situation = observed(anew, causes[0], self._situation.made, self._situation.place)
                second = _RemedySearch(anew, search, recipe, situation, self._told).run()
        except JitError:
            # What the first step left cannot be traced otherwise.
            return None
        if second is None or second.file != first.file:
            return None
        is_other = first.is_other or second.is_other
        both = Change(f"{first.summary}; {second.summary}", first.file, second.text, is_other)
        failure, _ = self._failure(both)
        self._told(Attempt(both, failure))
        return None if failure else both

    def _written(self, changes: Iterator[Change], file: str) -> Iterator[Change]:
        """Changes until one of them cannot be written, which is told as an attempt that failed."""
        while True:
            try:
                change = next(changes)
            except StopIteration:
                return
            except _NOT_WRITTEN as error:
                none = Change("a change that cannot be written", file, text_of(file))
                self._told(Attempt(none, f"{type(error).__name__}: {error}"))
                return
            yield change

    def _is_over(self) -> bool:
        return len(self._seen) > _ATTEMPTS or time.process_time() - self._begun > self._limit

    def _cure(self, change: Change, repairs: int) -> Change | None:
        """A change, or it with what the compiler stumbles over mended, if that cures."""
        key = change.file, change.text
        if key in self._seen or self._is_over() or change.text == text_of(change.file):
            return None
        self._seen.add(key)
        failure, said = self._failure(change)
        self._told(Attempt(change, failure))
        if not failure:
            return change
        if not said or not repairs:
            return None
        for each in self._written(repaired(change, said, self._situation), change.file):
            found = self._cure(each, repairs - 1)
            if found is not None:
                return found
        return None

    def _failure(self, change: Change) -> tuple[str, str]:
        """Why a change does not cure, and what a compiler said of it."""
        sides, search = self._sides, self._search
        sides.state.restore()
        by_trace = bool(search.by_trace)
        diverging = self._diverging()
        try:
            with on_the_side(change.file, change.text):
                anew = self._anew(change)
                if not by_trace and anew.scripted is None:
                    return f"no script: {anew.script_refusal}", anew.script_refusal
                trials = (*diverging, *search.agreed[:_AGREEING], *self._others())
                for at, each in enumerate(trials):
                    differing = anew.differences(each)
                    if differing is None and sides.differences(each) is None:
                        # Neither program takes such values.
                        continue
                    if differing is None:
                        return f"raises with {each.made}", ""
                    if differing[1] is not None:
                        if at and by_trace and self._part is None:
                            self._part = change
                        return _unlike(each, "trace", differing[1])
                    if not by_trace and differing[2] is not None:
                        return _unlike(each, "script", differing[2])
                    for old, new in zip(self._expected(each), differing[0], strict=False):
                        other = difference_of(old, new)
                        if other is not None and not (change.is_other and other.what == "values"):
                            # A part that is compiled may mean something else than in Python.
                            return f"with {each.made} {OTHER_VALUES}: {other.how}", OTHER_VALUES
        except JitError as error:
            # The changed program is none, or cannot be traced.
            said = str(error.__cause__ or error)
            return f"{error}", said
        return "", ""

    def _expected(self, trial: Trial) -> list[Outcome]:
        """What the program as it is gives."""
        sides, recipe = self._sides, self._recipe
        if not sides.state.uncopied:
            return sides.eager(trial)
        # A generator that went on cannot be led back: the program is made anew instead.
        with on_the_side(recipe.file, self._text):
            return sides.eager_of(rebuilt(recipe, sides.subject.target, recipe.file, self._text), trial)

    def _anew(self, change: Change) -> Sides:
        """The sides of the changed program; what is scripted now reads its mode as what it was made of."""
        sides = self._sides
        made = rebuilt(self._recipe, sides.subject.target, change.file, change.text)
        anew = Sides(Subject(made, sides.subject.arguments))
        within = frozenset(f"scripted.{path}".rstrip(".") for path in sides.mode_readers)
        anew.mode_readers |= sides.mode_readers | within
        return anew

    def _others(self) -> Iterator[Trial]:
        """Trials that a search may have stopped before: calls in a row with other values, by which what is
        kept from call to call shows, and other sizes."""
        arguments = self._sides.subject.arguments
        if not self._search.by_trace:
            return
        if self._sides.subject.module is not None:
            yield from itertools.islice(variations.other_calls(arguments), _CALLS)
        tried = [each.made for each in (*self._search.agreed, *(one.trial for one in self._search.by_trace))]
        for trial in itertools.islice(variations.other_sizes(arguments), _SIZES):
            if trial.made not in tried:
                yield trial

    def _diverging(self) -> list[Trial]:
        """Trials that are to be cured: that of the cause, the first of each sort, then others."""
        all_found = self._search.by_trace or self._search.by_script
        # What a trace never takes is cured by no change of the program.
        found = [each for each in all_found if not _is_of_length(each)] or all_found
        firsts = {each.trial.change: each.trial for each in reversed(found)}
        own = [each.trial for each in found if each is self._situation.cause.found]
        trials = dict.fromkeys([*own, *firsts.values(), *(each.trial for each in found)])
        return list(trials)[:_TRIED]


def _unlike(trial: Trial, side: str, difference: Difference) -> tuple[str, str]:
    """That a side differs still, and all that it said."""
    return f"with {trial.made} the {side}: {difference.how}", difference.words or difference.how


def _is_of_length(found: Found) -> bool:
    """Whether a trace only refuses a list of another length than it was made with, as all traces do."""
    return "elements in a list but found" in found.difference.how


def _patch(change: Change) -> str:
    """A unified diff. The ending of the last line stays as it is, so lines are compared without theirs."""
    name = Path(change.file).name
    old, new = (each.removesuffix("\n").split("\n") for each in (text_of(change.file), change.text))
    lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")
    return "".join(f"{line}\n" for line in lines)
