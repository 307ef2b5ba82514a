"""Names what sets a trace apart from its program, by experiment: what another run decides, reads and
records."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jitcore.diagnose.divergence import source_places
from jitcore.diagnose.divergence.cause import Cause, CauseName
from jitcore.diagnose.divergence.cause_words import constant_of, paragraph, shown, words_of_jump
from jitcore.diagnose.divergence.changed_steps import first_changed_step
from jitcore.diagnose.divergence.effect_lines import first_line, first_store, standard_layer, writes_around
from jitcore.diagnose.divergence.graph_rows import Row, first_unlike, frames_of
from jitcore.diagnose.divergence.lost_writes import first_lost_write
from jitcore.diagnose.divergence.observing import (
    Observed,
    decisions_of,
    depends_on_draws,
    harmful_state,
    observe_eager,
    observe_trace,
)
from jitcore.diagnose.divergence.other_way import changes_nothing
from jitcore.diagnose.divergence.path import extent, is_loop
from jitcore.diagnose.divergence.script_steps import first_other_step, first_rounded_step
from jitcore.diagnose.divergence.sides import Sides
from jitcore.diagnose.divergence.source_places import Statement, statement_at
from jitcore.diagnose.divergence.trial import Trial
from jitcore.diagnose.divergence.variations import OTHER_SEED
from jitcore.diagnose.divergence.watch import Spot, same_values
from jitcore.tracing.black_box.own_files import is_own_file

if TYPE_CHECKING:
    from jitcore.diagnose.divergence.search import Found, Search
    from jitcore.tracing.black_box import Decision

_ANALYSED: Final = 8
"""Diverging trials whose cause is looked for."""
_COMPARED: Final = 16
"""Trials in which all agrees whose ways are followed, to tell what does not matter."""
_SLIGHTLY: Final = 1.0009765625
"""By what a number is multiplied that should decide as it did."""
_STEPS: Final = (1, -1, 2)
"""By how much a number is moved to tell whether it matters by itself."""
_SMALL: Final = 2e-3
"""A relative difference that other kernels and orders of the same operators may make."""

_OF_SIZES: Final = frozenset(("prim::Constant", "prim::ListConstruct", "aten::view", "aten::expand"))
"""What a tracer makes of the sizes of what is written to a part of a tensor."""


class CauseFinder:
    """Explains diverging trials of a search."""

    def __init__(self, sides: Sides, search: Search) -> None:
        self._sides = sides
        self._search = search
        first = Trial((sides.subject.arguments,), "given", "the inputs of the trace")
        self._traced = observe_trace(sides, first)
        self._eager = observe_eager(sides, first)
        self._harmless: dict[Spot, int] | None = None

    def causes(self) -> list[Cause]:
        """All causes that were found, what hurts first before the others."""
        found: dict[tuple[str, int], Cause] = {}
        for each in self._chosen():
            cause = self._explain(each)
            if cause is not None and cause.key not in found:
                found[cause.key] = cause
        for each in self._search.by_script[:_ANALYSED]:
            cause = self._explain_script(each)
            if cause is not None:
                found.setdefault(cause.key, cause)
                break
        return list(found.values())

    def flipped(self) -> dict[tuple[str, int], Trial]:
        """File and line of the conditions and loops that some of the trials decided otherwise, each with the
        first of these trials."""
        found: dict[tuple[str, int], Trial] = {}
        trials = [*(each.trial for each in self._search.by_trace[:_ANALYSED]), *self._search.agreed]
        for trial in trials[: _ANALYSED + _COMPARED]:
            for spot, _ in self._traced.path.partings(observe_eager(self._sides, trial).path):
                found.setdefault((spot[0].co_filename, statement_at(spot).line), trial)
        return found

    def _explain_script(self, found: Found) -> Cause | None:
        """Why the script differs from Python where the trace need not."""
        decisions = self._sides.decisions
        flags = [each for each in decisions if any(_tells_scripting(read.what) for read in each.reads)]
        asking = [each for each in flags if "is_scripting" in each.expression or each.kind == "mode"]
        if asking:
            return self._of_decision(found, asking[0], "mode", "script")
        others = [each for each in decisions if each.kind == "other-method"]
        if others:
            return self._of_decision(found, others[0], "other-method", "script")
        place = first_other_step(self._sides, found.trial) or _place_of_error(found.difference.words)
        if place is None:
            return None
        file, line = place
        cause = Cause("semantics", file, line, source_places.line_text(file, line), "", found)
        what = f"'{cause.expression}' gives something else in TorchScript than in Python"
        return replace(cause, explanation=paragraph(cause, what, "", found, "script"))

    def _chosen(self) -> list[Found]:
        """Diverging trials, the first of each sort of change before others."""
        all_found = self._search.by_trace
        firsts: dict[str, Found] = {}
        for each in all_found:
            firsts.setdefault(each.trial.change, each)
        chosen = list(firsts.values())
        rest = [each for each in all_found if each not in chosen]
        return [*chosen, *rest][:_ANALYSED]

    # --- one trial ------------------------------------------------------------------------------

    def _explain(self, found: Found) -> Cause | None:
        trial = found.trial
        if trial.within == "the executor":
            products = (
                each.frames[0] for each in self._traced.rows if each.kind == "aten::mm" and each.frames
            )
            what = "products of matrices are added up in another order once the graph is optimized"
            return self._at(found, "numeric", next(products, None), what)
        eager = observe_eager(self._sides, trial)
        traced = observe_trace(self._sides, trial)
        unlike = first_unlike(self._traced.rows, traced.rows) if traced.rows else None
        by_tracing = self._traced.path.partings(self._eager.path)
        if by_tracing and self._is_first_call(trial):
            return self._of_jump(found, by_tracing[0], "mode")
        changed = self._changed(trial)
        read = self._guilty_read(trial, traced, unlike)
        if trial.change == "calls" and len(trial.calls) > 1 and read not in traced.of_buffers:
            by_state = self._of_state(found, eager, changed)
            if by_state is not None:
                return by_state
        if trial.change == "dtype":
            fixed = [each for each in changed if each.kind == "device-or-dtype"]
            if fixed:
                return self._of_decision(found, fixed[0], "device-or-dtype")
        parted = self._parted(trial, eager)
        handled = self._handled(eager)
        is_first = handled is not None and (parted is None or handled[1] < self._traced.path.time_of(parted))
        if handled is not None and is_first and not self._matters_anyway(trial, traced, read):
            return self._of_error(found, handled[0])
        if parted is not None and not self._is_of_constant(parted, read, unlike):
            truth = self._truth_behind(parted[0], changed)
            if truth is not None:
                return self._of_decision(found, truth, self._kind_by_change(found, frozenset()) or "branch")
            return self._of_jump(found, parted, self._kind_of_jump(found, parted[0]))
        if read is not None:
            return self._of_read(found, read, traced)
        if unlike is not None and not unlike[1]:
            within = self._of_loop_within(found, changed)
            if within is not None:
                return within
        if unlike is not None:
            return self._of_row(found, traced, unlike, changed)
        cause = self._of_effect(found, eager, traced)
        if cause is None and (passed := self._parted(trial, eager, or_idle=True)) is not None:
            return self._of_jump(found, passed, self._kind_of_jump(found, passed[0]))
        return cause

    def _truth_behind(self, spot: Spot, changed: list[Decision]) -> Decision | None:
        """What decided how many things a loop goes through: a truth that a library read, as `filter` does."""
        if not is_loop(spot):
            return None
        here = spot[0].co_filename, statement_at(spot).line
        places = {
            (read.file, read.line)
            for each in self._sides.decisions
            if (each.file, each.line) == here
            for read in each.reads
            if read.what in ("bool", "comparison")
        } - {here}
        return next((each for each in changed if (each.file, each.line) in places), None)

    def _changed(self, trial: Trial) -> list[Decision]:
        """Decisions of the trace that another trace decides otherwise, in their order."""
        others: dict[tuple[object, ...], list[str]] = {}
        for each in decisions_of(self._sides, trial):
            others.setdefault(_place_of(each), []).append(each.value)
        changed: list[Decision] = []
        for each in self._sides.decisions:
            left = others.get(_place_of(each), [])
            if each.value in left:
                left.remove(each.value)
            else:
                changed.append(each)
        return changed

    def _of_state(self, found: Found, eager: Observed, changed: list[Decision]) -> Cause | None:
        """The first use of what earlier calls changed and this one depends on."""
        if self._depends_on_seed(found):
            return None
        names = harmful_state(self._sides, found.trial)
        if not names:
            return None
        reading = [
            each
            for each in self._sides.decisions
            if each.reads and any(read.what.rpartition(" ")[2] in names for read in each.reads)
        ]
        stated = [each for each in reading if each.kind == "python-state"]
        passed: set[tuple[str, int]] = set()
        for spot, _ in self._traced.path.partings(eager.path):
            here = spot[0].co_filename, statement_at(spot).line
            decided = next((each for each in reading if (each.file, each.line) == here), None)
            # A condition of a log changes no more than what is logged.
            if decided is not None and changes_nothing(self._sides, found.trial, spot, self._traced.path):
                passed.add(here)
            elif decided is not None:
                return self._of_decision(found, decided, "python-state")
        # A counter is read to be counted up, and read to be used: what uses it is what the graph holds.
        used = [each for each in stated if not self._only_counts(each, names)] or stated
        # What is read for a call whose result nobody takes, as that of a log, is not what the graph holds.
        used = [each for each in used if not self._only_calls(each)] or used
        used = [each for each in used if (each.file, each.line) not in passed] or used
        moved = [each for each in used if each in changed] or used or reading
        return self._of_decision(found, moved[0], "python-state") if moved else None

    def _only_counts(self, decision: Decision, names: list[str]) -> bool:
        """Whether a state is read only to be set anew, by Python alone."""
        here = decision.file, decision.line
        return source_places.updates(*here, names) and all(
            each.frames[:1] != (here,) for each in self._traced.rows
        )

    def _only_calls(self, decision: Decision) -> bool:
        """Whether a state is read for a call of Python whose result is dropped, and that records nothing."""
        here = decision.file, decision.line
        return source_places.drops(*here) and all(here not in each.frames for each in self._traced.rows)

    def _of_decision(self, found: Found, decision: Decision, kind: CauseName, side: str = "trace") -> Cause:
        """A decision of the black box that sets a side apart."""
        cause = Cause(kind, decision.file, decision.line, decision.expression, "", found, decision.function)
        what = f"'{decision.expression}' was looked at once, while it was traced: {decision.decided}"
        if kind == "other-method" and decision.decided:
            what = decision.decided
        return replace(cause, explanation=paragraph(cause, what, "", found, side))

    def _is_first_call(self, trial: Trial) -> bool:
        return (
            len(trial.calls) == 1 and trial.calls[0] is self._sides.subject.arguments and trial.seed is None
        )

    def _handled(self, eager: Observed) -> tuple[Spot, int] | None:
        """The first place at which an error came up that the program handles, and none did in the trace; or
        the other way round."""
        apart = self._traced.path.first_handled(eager.path)
        by_tracing = self._traced.path.first_handled(self._eager.path)
        return None if by_tracing is not None else apart

    def _matters_anyway(self, trial: Trial, traced: Observed, read: Spot | None) -> bool:
        """Whether the read that is guilty makes another graph whichever errors are handled, as where they
        only decide what is logged."""
        if read is None:
            return False
        before, now = self._traced.reads.get(read, []), traced.reads.get(read, [])
        answered = observe_trace(self._sides, trial, {read: before})
        if answered.rows and answered.path.first_handled(traced.path) is None:
            # The errors are those of the trial, and what first differed in its graph does no more.
            return True
        if not now or not all(type(each) in (int, float) for each in now):
            return False
        for step in _STEPS:
            other = observe_trace(self._sides, trial, {read: [each + step for each in now]})
            is_same_way = other.path.first_handled(traced.path) is None and not traced.path.partings(
                other.path
            )
            if other.rows and is_same_way and first_unlike(traced.rows, other.rows) is not None:
                return True
        return False

    def _parted(self, trial: Trial, eager: Observed, or_idle: bool = False) -> tuple[Spot, int] | None:
        """The first jump that went another way than in the trace, one that matters if there is any.

        None where no jump matters to what is given; with `or_idle` one of those then.
        """
        partings = self._traced.path.partings(eager.path)
        # That a program is traced sends some jumps another way too: sizes are tensors then.
        by_tracing = {spot for spot, _ in self._traced.path.partings(self._eager.path)}
        partings = [each for each in partings if each[0] not in by_tracing]
        harmless = self._harmless_jumps() if len(partings) > 1 else {}
        partings = sorted(partings, key=lambda each: harmless.get(each[0], 0))
        traced = self._traced.path
        mattering = (each for each in partings if not changes_nothing(self._sides, trial, each[0], traced))
        return next(mattering, partings[0] if partings and or_idle else None)

    def _harmless_jumps(self) -> dict[Spot, int]:
        """How often each jump went another way in trials in which the trace was right nevertheless."""
        if self._harmless is None:
            self._harmless = {}
            for trial in self._search.agreed[:_COMPARED]:
                if trial.change in ("mode", "grad"):
                    continue
                for spot, _ in self._traced.path.partings(observe_eager(self._sides, trial).path):
                    self._harmless[spot] = self._harmless.get(spot, 0) + 1
        return self._harmless

    def _guilty_read(self, trial: Trial, traced: Observed, unlike: tuple[int, bool] | None) -> Spot | None:
        """The first read without which the trace of these inputs would begin to differ later, or nowhere."""
        if unlike is None:
            return None
        for spot, values in traced.reads.items():
            before = self._traced.reads.get(spot)
            if before is None or same_values(before, values):
                continue
            answered = observe_trace(self._sides, trial, {spot: before})
            if not answered.rows:
                continue
            later = first_unlike(self._traced.rows, answered.rows)
            if later is None or later[0] > unlike[0]:
                return spot
        return None

    def _is_of_constant(
        self, parted: tuple[Spot, int], read: Spot | None, unlike: tuple[int, bool] | None
    ) -> bool:
        """Whether what differs first is a constant, and the jump is no part of how it came to be."""
        if unlike is None or not unlike[1]:
            return False
        statement = statement_at(parted[0])
        file = parted[0][0].co_filename
        if read is not None and read[0].co_filename == file:
            line = extent(read)[0]
            if statement.line <= line <= statement.end_line:
                return False
        frames = self._traced.rows[unlike[0]].frames if unlike[0] < len(self._traced.rows) else ()
        arms = [each for each in (statement.body, statement.other) if each is not None]
        for where, line in frames:
            if where == file and any(first <= line <= last for first, last in arms):
                return False
        if read is not None and self._only_decides(read):
            return False
        return read is not None or bool(self._harmless_jumps().get(parted[0]))

    def _only_decides(self, spot: Spot) -> bool:
        """Whether a number that is read has an influence by decisions alone: a slightly other one, with which
        Python goes the same way, makes the same graph."""
        values = self._traced.reads.get(spot, [])
        if not values or not all(isinstance(each, float) and each for each in values):
            return False
        first = Trial((self._sides.subject.arguments,), "given", "the inputs of the trace")
        other = observe_trace(self._sides, first, {spot: [each * _SLIGHTLY for each in values]})
        return (
            bool(other.rows)
            and not self._traced.path.partings(other.path)
            and first_unlike(self._traced.rows, other.rows) is None
        )

    # --- sorts of causes ------------------------------------------------------------------------

    def _kind_of_jump(self, found: Found, spot: Spot) -> CauseName:
        statement = statement_at(spot)
        words = source_places.words_at(spot[0].co_filename, statement.line, statement.end_line)
        by_change = self._kind_by_change(found, words)
        if by_change is not None:
            return by_change
        if not is_loop(spot):
            return "branch"
        # What `all` and `any` go through ends with a truth, unless there is more or less of it.
        file, other_sizes = spot[0].co_filename, found.trial.change == "sizes"
        ended = source_places.ends_by_truth(file, statement.line, statement.column, other_sizes)
        return "branch" if ended else "loop-count"

    def _kind_by_change(self, found: Found, words: frozenset[str]) -> CauseName | None:
        """The cause where the change of the inputs leaves only one."""
        change = found.trial.change
        if change in ("mode", "grad"):
            return "mode"
        if change == "seed":
            return "randomness"
        if change == "dtype":
            return "device-or-dtype"
        if change == "calls" or (
            change == "given" and len(found.trial.calls) > 1 and self._same_calls(found.trial)
        ):
            if source_places.draws(words) or self._depends_on_seed(found):
                return "randomness"
            return "randomness" if depends_on_draws(self._sides, found.trial) else "python-state"
        return None

    def _same_calls(self, trial: Trial) -> bool:
        return all(each is trial.calls[0] for each in trial.calls)

    def _depends_on_seed(self, found: Found) -> bool:
        """Whether the same call from another seed parts the sides, and only from another."""
        unseeded = Trial((self._sides.subject.arguments,), "given", "")
        alone = self._sides.differences(unseeded)
        if alone is not None and alone[1] is not None:
            return False
        for seed in range(OTHER_SEED, OTHER_SEED + 4):
            one = Trial((self._sides.subject.arguments,), "seed", "", seed=seed)
            differing = self._sides.differences(one)
            if differing is not None and differing[1] is not None:
                return True
        return False

    def _of_error(self, found: Found, spot: Spot) -> Cause:
        """An error that a program handles, which decides on its way as a condition does."""
        file, line, expression = spot[0].co_filename, extent(spot)[0], source_places.expression_at(spot)
        kind = self._kind_by_change(found, source_places.words_at(file, line)) or "branch"
        cause = Cause(kind, file, line, expression, "", found, spot[0].co_qualname, None, spot)
        came = spot in self._traced.path.handled
        what = f"'{expression}' raised {'an' if came else 'no'} error while it was traced"
        rest = "and the trace keeps the way that was taken " + ("after it" if came else "without one")
        return replace(cause, explanation=paragraph(cause, what, rest, found))

    def _of_jump(self, found: Found, parted: tuple[Spot, int], kind: CauseName) -> Cause:
        spot, _ = parted
        statement = statement_at(spot)
        file = spot[0].co_filename
        cause = Cause(
            kind, file, statement.line, statement.expression, "", found, spot[0].co_qualname, statement, spot
        )
        return replace(
            cause, explanation=words_of_jump(cause, self._traced.path.outcomes.get(spot, []), found)
        )

    def _of_read(self, found: Found, spot: Spot, traced: Observed) -> Cause:
        """A number that Python read, and the graph holds as it was."""
        holding = self._statement_of_read(spot)
        file = spot[0].co_filename
        line = extent(spot)[0]
        expression = source_places.expression_at(spot)
        words = source_places.words_at(file, line)
        # What a buffer holds is part of the graph, and a number that was read out of it is not.
        kind = None if spot in traced.of_buffers else self._kind_by_change(found, words)
        if kind is None and holding is not None:
            kind = "loop-count" if holding.what in ("for", "comprehension") else "branch"
            cause = Cause(
                kind, file, holding.line, holding.expression, "", found, spot[0].co_qualname, holding, spot
            )
            what = f"Python decided '{holding.expression}' once, while it was traced"
            return replace(cause, explanation=paragraph(cause, what, "and the trace keeps that way", found))
        if kind is None:
            kind = self._kind_of_number(spot)
        cause = Cause(kind, file, line, expression, "", found, spot[0].co_qualname, None, spot)
        if kind == "branch":
            read = shown(self._traced.reads.get(spot, []))
            what = f"Python read {read} from '{expression}' while it was traced, and went on with it"
            rest = "and the trace keeps what followed"
            return replace(cause, explanation=paragraph(cause, what, rest, found))
        before, now = self._traced.reads.get(spot, []), traced.reads.get(spot, [])
        what = f"Python read {shown(before)} from '{expression}' while it was traced"
        rest = f"which the graph holds as a constant; with {found.trial.made} it is {shown(now)}"
        return replace(cause, explanation=paragraph(cause, what, rest, found))

    def _kind_of_number(self, spot: Spot) -> CauseName:
        """Whether a number is of sizes or of values, or a truth that Python only went on with."""
        here = (spot[0].co_filename, extent(spot)[0])
        told = [each for each in self._sides.decisions if (each.file, each.line) == here]
        kinds = {each.kind for each in told}
        read = self._traced.reads.get(spot, [])
        if read and all(isinstance(each, bool) for each in read) and "branch" in kinds:
            return "branch"
        if spot in self._traced.of_sizes:
            return "shape"
        return "shape" if "shape" in kinds and "constant" not in kinds else "constant"

    def _statement_of_read(self, spot: Spot) -> Statement | None:
        """What a read decides, where it is part of a test itself."""
        line = extent(spot)[0]
        for jump in self._traced.path.outcomes:
            if jump[0] is spot[0]:
                statement = statement_at(jump)
                if statement.what == "comprehension" and " for " in statement.expression:
                    # It is in the body, which decides nothing.
                    continue
                if (
                    statement.line <= line <= statement.end_line
                    and extent(jump)[0] == line
                    and _is_within(extent(spot), statement)
                ):
                    return statement
        return None

    def _of_loop_within(self, found: Found, changed: list[Decision]) -> Cause | None:
        """A decision without a jump in a person's file: a function of Python that goes through a tensor."""
        decided = [each for each in changed if each.kind in ("branch", "loop-count") and not each.harmless]
        if not decided:
            return None
        kind = self._kind_by_change(found, frozenset())
        return self._of_decision(found, decided[0], kind or decided[0].kind)

    def _of_row(
        self, found: Found, traced: Observed, unlike: tuple[int, bool], changed: list[Decision]
    ) -> Cause | None:
        """A constant or an operator that another trace has otherwise, though Python read nothing else."""
        place, by_constant = unlike
        rows = self._traced.rows
        row = rows[place] if place < len(rows) else rows[-1] if rows else None
        if row is not None and row.kind == "prim::ListUnpack":
            # What takes a list apart is recorded without a place, behind what made the list.
            row = next((each for each in reversed(rows[:place]) if each.frames), row)
        if row is None or not row.frames:
            row = next((each for each in rows[place:] if each.frames), None)
        if row is None:
            return None
        file, line = row.frames[0]
        decision = self._decision_behind(row, changed)
        drawn = self._drawn_outside()
        if decision is None and drawn is not None and self._depends_on_draws(found):
            return self._of_decision(found, drawn, "randomness")
        if decision is not None:
            words = source_places.words_at(decision.file, decision.line, decision.end_line)
            by_change = self._kind_by_change(found, words)
            if by_change == "randomness" and decision.kind != "randomness" and drawn is not None:
                # What was drawn went through Python on its way into the constant.
                return self._of_decision(found, drawn, "randomness")
            own = "constant" if decision.kind in ("branch", "loop-count") else decision.kind
            return self._of_decision(found, decision, by_change or own)
        words = source_places.words_at(file, line)
        kind = self._kind_by_change(found, words)
        if kind in ("python-state", "randomness"):
            stepped = first_changed_step(self._sides, found.trial)
            what = "Python gets another value in each call, and the graph holds the one of the trace"
            if stepped is not None:
                return self._at(found, kind, stepped, what)
        holds_sizes = kind is None and row.kind in _OF_SIZES and source_places.writes_part(file, line)
        if kind is None:
            kind = "shape" if found.trial.change == "sizes" or holds_sizes else "constant"
        cause = Cause(kind, file, line, source_places.line_text(file, line), "", found)
        if holds_sizes:
            what = f"'{cause.expression}' writes to a part, which the graph does with the sizes that it had"
            rest = "while it was traced"
        elif by_constant:
            what = f"the graph holds {constant_of(row)} as it was when '{cause.expression}' was traced"
            rest = "and another call makes another one of it"
        else:
            what = f"'{cause.expression}' was recorded as {row.kind}"
            rest = "and with these inputs another operator is run"
        return replace(cause, explanation=paragraph(cause, what, rest, found))

    def _drawn_outside(self) -> Decision | None:
        """The first draw that no operator of the graph makes."""
        return next(
            (
                each
                for each in self._sides.decisions
                if each.kind == "randomness" and not each.value.startswith("aten::")
            ),
            None,
        )

    def _depends_on_draws(self, found: Found) -> bool:
        return found.trial.change in ("calls", "seed") and self._depends_on_seed(found)

    def _decision_behind(self, row: Row, changed: list[Decision]) -> Decision | None:
        """The decision that a constant came from: one that another trace decides otherwise, and leads
        there."""
        numbers = [each for each in changed if each.kind not in ("branch", "loop-count", "other-method")]
        linked = [each for each in numbers if _leads_to(each, row)]
        unlinked = [each for each in numbers if not each.nodes and not each.harmless]
        all_linked = [
            each
            for each in self._sides.decisions
            if not each.harmless and each.kind not in ("branch", "loop-count") and _leads_to(each, row)
        ]
        for group in (linked, unlinked, all_linked):
            if group:
                return group[0]
        return None

    def _of_effect(self, found: Found, eager: Observed, traced: Observed) -> Cause | None:
        """The graph would be the same one: what it does not record at all makes the difference."""
        lines = list(eager.path.lines)
        is_same_way = not self._traced.path.partings(self._eager.path)
        rounded = first_rounded_step(self._sides, found.trial) if is_same_way else None
        if rounded is not None:
            what = "sizes are tensors while it is traced, and what is computed of them is rounded otherwise"
            return self._at(found, "numeric", rounded, what)
        if found.trial.change in ("mode", "grad") and self._needs_mode(found.trial):
            place = first_line(lines, source_places.reads_mode) or standard_layer(self._sides, lines)
            return self._at(
                found, "mode", place, "what this line does depends on the mode, which a trace does not know"
            )
        seeding = [each for each in lines if source_places.draws(source_places.called_at(*each))] or [
            each for each in lines if source_places.draws(source_places.words_at(*each))
        ]
        if seeding and (found.trial.change == "seed" or self._depends_on_seed(found)):
            return self._at(
                found, "randomness", seeding[0], "a trace records no seeds, and no draws of Python's"
            )
        lost = first_lost_write(self._sides, found.trial)
        if lost is not None:
            return self._at(
                found,
                "aliasing",
                lost,
                "a tensor is written to past its own operators, which is not recorded",
            )
        aliases = [each for each in self._sides.decisions if each.kind == "aliasing"]
        if aliases:
            # A write by an operator of the tensor itself is recorded: ways around it come first.
            around = [each for each in aliases if writes_around(_words_of(each))]
            return self._of_decision(found, (around or aliases)[0], "aliasing")
        writing = first_line(lines, writes_around)
        if writing is not None:
            return self._at(
                found,
                "aliasing",
                writing,
                "a write that goes around the tensor's own operators is not recorded",
            )
        if found.trial.change == "dtype":
            place = first_line(lines, source_places.reads_kind)
            return self._at(found, "device-or-dtype", place, "the trace keeps the type that it was made with")
        if found.difference.what == "values" and found.difference.size < _SMALL:
            return self._at(
                found, "numeric", first_line(lines, bool), "the same operators give slightly other numbers"
            )
        if len(found.trial.calls) > 1:
            stored = first_store(lines)
            return self._at(
                found, "python-state", stored, "what is kept from call to call is no part of the graph"
            )
        return None

    def _needs_mode(self, trial: Trial) -> bool:
        """Whether the trace is right in the mode in which it was made, so that it is the other mode that
        sets the sides apart."""
        plain = replace(trial, training=None, grad=None, within=None, change="calls")
        differing = self._sides.differences(plain)
        return differing is None or differing[1] is None

    def _at(self, found: Found, kind: CauseName, place: tuple[str, int] | None, what: str) -> Cause | None:
        if place is None:
            return None
        file, line = place
        cause = Cause(kind, file, line, source_places.line_text(file, line), "", found)
        return replace(cause, explanation=paragraph(cause, f"at '{cause.expression}' {what}", "", found))


_SCRIPTING: Final = ("is_scripting", "is_tracing")


def _tells_scripting(what: str) -> bool:
    return any(each in what for each in _SCRIPTING)


_ERROR_PLACE: Final = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')


def _place_of_error(words: str) -> tuple[str, int] | None:
    """The innermost place of a person's file that an error of a script names."""
    found = [(each["file"], int(each["line"])) for each in _ERROR_PLACE.finditer(words)]
    own = [each for each in found if is_own_file(each[0])]
    return own[-1] if own else None


def _place_of(decision: Decision) -> tuple[object, ...]:
    read = decision.reads[0].what if decision.reads else ""
    return decision.file, decision.line, decision.column, decision.kind, decision.end_column, read


def _leads_to(decision: Decision, row: Row) -> bool:
    """Whether a node of a decision stands at the place of a row."""
    here = row.frames[:1]
    return any(frames_of(node)[:1] == here for node in decision.nodes) or (
        (decision.file, decision.line) == row.frames[0]
    )


def _words_of(decision: Decision) -> frozenset[str]:
    return source_places.words_at(decision.file, decision.line, decision.end_line)


def _is_within(place: tuple[int, int, int, int], statement: Statement) -> bool:
    """Whether an instruction belongs to the expression that a statement decides; yes where no columns are
    known."""
    line, column, end_line, end_column = place
    return not end_column or (
        (statement.line, statement.column) <= (line, column)
        and (end_line, end_column) <= (statement.end_line, statement.end_column)
    )
