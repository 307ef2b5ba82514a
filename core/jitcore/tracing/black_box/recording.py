"""What is noted while a program runs: what was read of tensors, where it went, and what was decided with it.

Values of Python are not touched. What a number came from is kept beside it: for each variable of each call
of the person's functions, for attributes by their names, and for places of expressions that have just been
run.
"""

from __future__ import annotations

import inspect
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy
import torch

from jitcore.slots.torch_names import TORCH
from jitcore.tracing.black_box import interesting_names as names
from jitcore.tracing.black_box.frame_record import FrameRecord, LoopRun
from jitcore.tracing.black_box.instrumented_file import instrumented
from jitcore.tracing.black_box.own_files import is_own_class, is_own_file, is_plain_library
from jitcore.tracing.black_box.program_text import Span, text_of
from jitcore.tracing.black_box.records import MOST_VALUES, NOTHING, Note, ReadRecord, Taint, Tally
from jitcore.tracing.black_box.tensor_origins import DRAWS, FROM_INPUTS, SIZES, STATE, VALUES, TensorOrigins
from jitcore.tracing.black_box.torch_reads import TRANSPARENT

if TYPE_CHECKING:
    from types import CodeType, FrameType

    from jitcore.tracing.black_box.decision import Kind
    from jitcore.tracing.black_box.facts import Expression
    from jitcore.tracing.black_box.reachable import Reachable
    from jitcore.tracing.black_box.sites import (
        Assignment,
        Call,
        Choice,
        Condition,
        Flag,
        FunctionSite,
        Loop,
        Site,
        Store,
    )

_PLAIN = (int, float, complex, bool, str, bytes, type(None))
_LONGEST_VALUE = 80
_MOST_ITEMS = 8
_STORAGES = (torch.UntypedStorage, torch.TypedStorage)
_DRAWING_CLASSES = (random.Random, numpy.random.Generator, numpy.random.RandomState)


class Recording:
    """All that one box notes, of one or several calls of a program.

    `conditions`, `loops` and `choices` count what was decided at their sites; `reads` are places where Python
    learned something; `captured`, `random`, `writes`, `side_effects` and `modes` what else happened.
    """

    def __init__(self) -> None:
        self.conditions: dict[tuple[Condition, bool], Tally] = {}
        self.loops: dict[tuple[Loop, int], Tally] = {}
        self.choices: dict[tuple[Choice, int], Tally] = {}
        self.reads: dict[tuple[Any, ...], ReadRecord] = {}
        self.captured: dict[tuple[Any, ...], Note] = {}
        self.random: dict[tuple[Any, ...], Note] = {}
        self.writes: dict[tuple[Any, ...], Note] = {}
        self.side_effects: dict[tuple[Any, ...], Note] = {}
        self.modes: dict[tuple[Any, ...], Note] = {}
        self.stored_attributes: set[str] = set()
        self.stored_variables: set[str] = set()
        self.origins = TensorOrigins(None)
        self.methods: dict[tuple[Any, ...], Note] = {}
        self.mutable_attributes: set[str] = set()
        self.mutable_variables: dict[str, set[str]] = {}
        self.containers: dict[str, str] = {}
        self.ways_around: dict[tuple[str, str], tuple[str, bool]] = {}
        self.reachable: Reachable | None = None
        self._number = 0
        self._frames: dict[int, FrameRecord] = {}
        self._counts: dict[Loop, int] = {}
        self._outside = FrameRecord(None, None)
        self._attributes: dict[str, Taint] = {}
        self._positions: dict[CodeType, list[Span | None]] = {}

    def next_number(self) -> int:
        """The number of the next record."""
        self._number += 1
        return self._number

    def forget_calls(self) -> None:
        """The program has ended: let go of its objects, and of frames of generators that nobody finished."""
        self._frames.clear()
        self._outside = FrameRecord(None, None)
        self.reachable = None

    # --- calls ------------------------------------------------------------------------------------

    def entered(self, site: FunctionSite, frame: FrameType) -> None:
        """A function of the person's is called."""
        caller: FrameRecord | None = None
        outer = frame.f_back
        direct = True
        while outer is not None:
            caller = self._frames.get(id(outer))
            if caller is not None:
                break
            direct = direct and outer.f_code.co_filename.startswith(_TORCH)
            outer = outer.f_back
        record = FrameRecord(frame, site, caller)
        self._frames[id(frame)] = record
        if caller is not None and outer is not None:
            record.called_at = self.position(outer)
        if site.is_special or self.ways_around:
            self._way_around(record, site, frame)
        span = record.called_at
        if caller is None or span is None:
            self._given_containers(record, site)
            return
        parent = site.parent
        if parent is not None:
            around: FrameRecord | None = caller
            while around is not None and around.site is not parent:
                around = around.caller
            record.outer = around
        if caller.names or caller.events or self._attributes or caller.outer is not None:
            self._pass_arguments(record, site, caller, span, direct)

    def _way_around(self, record: FrameRecord, site: FunctionSite, frame: FrameType) -> None:
        """Note a function that a script would not run."""
        why, is_at_call = self.ways_around.get((site.path, site.function), (None, False))
        caller, span = record.caller, record.called_at
        if (
            why is not None
            and is_at_call
            and caller is not None
            and caller.site is not None
            and span is not None
        ):
            self.note(self.methods, "other-method", caller.site, span, "", why, NOTHING)
            return
        if why is None and site.is_special and site.parameters:
            owner = frame.f_locals.get(site.parameters[0])
            if isinstance(owner, torch.nn.Module):
                why = f"{site.function} runs, which a script of the module does not call"
        if why is not None and site.result is not None:
            self.note(self.methods, "other-method", site, site.result, "", why, NOTHING)

    def _given_containers(self, record: FrameRecord, site: FunctionSite) -> None:
        """Of lists that are inputs a trace knows how long they were."""
        offset = 1 if site.parameters[:1] in (("self",), ("cls",)) else 0
        for number, name in enumerate(site.parameters[offset:]):
            what = self.containers.get(name) or self.containers.get(str(number))
            if what is not None:
                read = self._read(
                    "parts", "shape", site.path, site.expression.span, site.function, False, what
                )
                read.origin |= SIZES
                self._join(record.names, name, frozenset((read,)))

    def _pass_arguments(
        self, record: FrameRecord, site: FunctionSite, caller: FrameRecord, span: Span, direct: bool
    ) -> None:
        assert caller.site is not None
        found = instrumented(caller.site.path).arguments_at(span)
        if found is None:
            return
        positional, keywords, starred = found
        everything = NOTHING
        parameters = site.parameters
        offset = 1 if parameters[:1] in (("self",), ("cls",)) else 0
        for number, expression in enumerate(positional):
            taint = self.taint_of(caller, expression)
            if not taint:
                continue
            everything |= taint
            place = number + offset
            if direct and not starred and place < len(parameters):
                self._join(record.names, parameters[place], taint)
            elif direct and not starred:
                for name in site.star:
                    self._join(record.names, name, taint)
        for name, expression in keywords:
            taint = self.taint_of(caller, expression)
            if taint:
                everything |= taint
                if name in parameters or name in site.keyword_only:
                    self._join(record.names, name, taint)
                else:
                    for each in site.star:
                        self._join(record.names, each, taint)
        if everything and (starred or not direct):
            for name in (*parameters[offset:], *site.keyword_only, *site.star):
                self._join(record.names, name, everything)

    def left(self, frame: FrameType) -> None:
        """A call ends."""
        record = self._frames.pop(id(frame), None)
        if record is None:
            return
        for loop in list(record.loops):
            self._loop_over(loop, record)
        caller, span = record.caller, record.called_at
        if caller is not None and span is not None:
            is_generator = frame.f_code.co_flags & inspect.CO_GENERATOR
            if record.returned or (span in caller.events and not is_generator):
                caller.events[span] = record.returned
            if record.changed:
                self._pass_changes_back(record, caller, span)

    def _pass_changes_back(self, record: FrameRecord, caller: FrameRecord, span: Span) -> None:
        """What a function put into lists and their like that it was given is in those of its caller too."""
        assert record.site is not None
        assert caller.site is not None
        given = instrumented(caller.site.path).arguments_at(span)
        if given is None or given.starred:
            return
        parameters = record.site.parameters
        offset = 1 if parameters[:1] in (("self",), ("cls",)) else 0
        by_name = dict(given.keywords)
        by_name.update(zip(parameters[offset:], given.positional, strict=False))
        for name in record.changed.intersection(by_name):
            expression = by_name[name]
            taint = record.names.get(name, NOTHING)
            # Only a variable, or an attribute of one, is what the caller goes on with.
            for held, place in expression.names:
                if taint and place == expression.span:
                    self._join(caller.names, held, taint)
            for held, place in expression.attributes:
                if taint and place == expression.span:
                    self._join(self._attributes, held, taint)

    def record_for(self, frame: FrameType) -> FrameRecord:
        """The call that a frame belongs to: its own, or that around a comprehension or lambda."""
        found = self._frames.get(id(frame))
        if found is not None:
            return found
        path = frame.f_code.co_filename
        outer = frame.f_back
        while outer is not None:
            found = self._frames.get(id(outer))
            if found is not None and found.site is not None and found.site.path == path:
                return found
            outer = outer.f_back
        return self._outside

    def position(self, frame: FrameType) -> Span:
        """The expression that a frame is at."""
        code = frame.f_code
        known = self._positions.get(code)
        if known is None:
            # Where the next item is asked for, code says the whole of a for statement.
            loops = instrumented(code.co_filename).loops if is_own_file(code.co_filename) else {}
            known = self._positions[code] = [
                None if None in each else loops.get(span := Span(each[0], each[2], each[1], each[3]), span)  # type: ignore[arg-type]
                for each in code.co_positions()
            ]
        found = known[frame.f_lasti // 2] if frame.f_lasti >= 0 else None
        return text_of(code.co_filename).whole_line(frame.f_lineno) if found is None else found

    # --- what values came from --------------------------------------------------------------------

    def taint_of(self, record: FrameRecord, expression: Expression, itself: bool = True) -> Taint:
        """What an expression of a call came from.

        Without `itself` it is an operator that is being run: what was read of its result belongs to the last
        time.
        """
        found = NOTHING
        if record.events:
            span = expression.span
            for place, taint in record.events.items():
                if taint and span.holds(place) and (itself or place != span):
                    found |= taint
        if record.names or record.outer is not None:
            for name, _ in expression.names:
                around: FrameRecord | None = record
                while around is not None:
                    taint = around.names.get(name)
                    if taint is not None:
                        found |= taint
                        break
                    around = around.outer
        if self._attributes:
            for name, _ in expression.attributes:
                taint = self._attributes.get(name)
                if taint:
                    found |= taint
        return found | self.state_of(record, expression)

    def state_of(self, record: FrameRecord, expression: Expression) -> Taint:
        """What an expression reads that may have another value in the next call."""
        found = NOTHING
        site = record.site
        if site is None:
            return found
        if self.mutable_attributes:
            for name, span in expression.attributes:
                if name in self.mutable_attributes:
                    found |= {self._state_read(site, f"attribute {name}", span)}
        if site.kept_defaults:
            for name, span in expression.names:
                if name in site.kept_defaults:
                    found |= {self._state_read(site, f"variable {name}", span)}
        changing = self.mutable_variables.get(site.path)
        if changing:
            for name, span in expression.names:
                if name in changing and not _is_own_variable(record, name):
                    found |= {self._state_read(site, f"variable {name}", span)}
        return found

    def _state_read(self, site: Site, what: str, span: Span) -> ReadRecord:
        made = self._read(what, "python-state", site.path, span, site.function, False, "")
        made.origin |= STATE
        return made

    def _read(
        self, what: str, kind: Kind, path: str, span: Span, function: str, library: bool, tensor: str
    ) -> ReadRecord:
        key = what, path, span, library
        found = self.reads.get(key)
        if found is None:
            found = self.reads[key] = ReadRecord(
                self.next_number(), what, kind, path, span, function, library, tensor
            )
        return found

    @staticmethod
    def _join(taints: dict[str, Taint], name: str, taint: Taint) -> None:
        taints[name] = taints.get(name, NOTHING) | taint

    def _by_control(self, record: FrameRecord, around: tuple[Site, ...]) -> Taint:
        found = NOTHING
        if record.control:
            for site in around:
                taint = record.control.get(site)
                if taint:
                    found |= taint
        return found

    # --- what the sites tell ----------------------------------------------------------------------

    def decided(self, site: Condition, truth: bool, frame: FrameType) -> None:
        """A condition was true or false."""
        record = self.record_for(frame)
        taint = self.taint_of(record, site.expression)
        tally = self.conditions.get((site, truth))
        if tally is None:
            tally = self.conditions[site, truth] = Tally(self.next_number())
        tally.times += 1
        if taint or site in record.control:
            record.control[site] = taint
        if taint:
            tally.reads |= taint
            for name in site.assigned_if_false if truth else site.assigned_if_true:
                self._join(record.names, name, taint)

    def loop_began(self, site: Loop, frame: FrameType) -> None:
        """A while loop begins."""
        record = self.record_for(frame)
        self._loop_over(site, record)
        record.loops[site] = LoopRun(self.next_number())

    def iterated(self, site: Loop, value: Any, frame: FrameType) -> None:
        """A for loop begins."""
        record = self.record_for(frame)
        self._loop_over(site, record)
        record.loops[site] = LoopRun(self.next_number())
        if isinstance(value, torch.Tensor):
            self.tensor_read("iteration", "shape", value, len_of(value), frame)
        taint = self.taint_of(record, site.expression) | self._by_control(record, site.around)
        if taint or site in record.control:
            record.control[site] = taint
        # How many there are says nothing of the numbers of a range, nor of tensors in a list.
        if taint and not (isinstance(value, torch.Tensor | range) or _holds_tensors(value)):
            for name in site.targets:
                record.names[name] = taint
        elif record.names:
            for name in site.targets:
                record.names.pop(name, None)

    def continued(self, site: Loop, frame: FrameType) -> None:
        """The condition of a while loop was looked at."""
        record = self.record_for(frame)
        taint = self.taint_of(record, site.expression)
        if taint:
            self._join_control(record, site, taint)

    @staticmethod
    def _join_control(record: FrameRecord, site: Site, taint: Taint) -> None:
        record.control[site] = record.control.get(site, NOTHING) | taint

    def stepped(self, site: Loop, frame: FrameType) -> None:
        """The body of a loop begins once more."""
        record = self.record_for(frame)
        run = record.loops.get(site)
        if run is None:
            run = record.loops[site] = LoopRun(self.next_number())
        run.steps += 1
        given = record.events.get(site.expression.span) if site.targets else None
        if given:
            # A generator has told what its value came from only now.
            self._join_control(record, site, given)
            for name in site.targets:
                self._join(record.names, name, given)

    def loop_ended(self, site: Loop, frame: FrameType) -> None:
        """A loop has ended."""
        self._loop_over(site, self.record_for(frame))

    def _loop_over(self, site: Loop, record: FrameRecord) -> None:
        run = record.loops.pop(site, None)
        if run is None:
            return
        steps = run.steps
        tally = self.loops.get((site, steps))
        if tally is None:
            counts = self._counts[site] = self._counts.get(site, 0) + 1
            key = (site, steps) if counts <= MOST_VALUES else (site, -1)
            tally = self.loops.setdefault(key, Tally(run.number))
        tally.times += max(steps, 1)
        tally.runs += 1
        tally.reads |= record.control.get(site, NOTHING)

    def chosen(self, site: Choice, arm: int, frame: FrameType) -> None:
        """An arm of a match or a handler runs."""
        record = self.record_for(frame)
        taint = NOTHING if site.source is None else self.taint_of(record, site.source)
        tally = self.choices.get((site, arm))
        if tally is None:
            tally = self.choices[site, arm] = Tally(self.next_number())
        tally.times += 1
        if taint:
            tally.reads |= taint
            record.control[site] = taint

    def assigned(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """Variables or attributes are set."""
        record = self.record_for(frame)
        taint = NOTHING
        if not isinstance(value, torch.Tensor):
            taint = self.taint_of(record, site.expression) | self._by_control(record, site.around)
        else:
            self.state_of(record, site.expression)
        for name in site.names:
            if taint:
                record.names[name] = taint
            elif name in record.names:
                del record.names[name]
        if taint:
            self._change(record, site, taint)
        if site.declared:
            self._variables_set(site, record, value)

    def added(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """Something is joined to what variables or attributes hold."""
        record = self.record_for(frame)
        if record.names:
            for name in site.names:
                held = record.names.get(name, NOTHING)
                if any(each.what == "numpy" for each in held):
                    said = "an array that shares the memory of a tensor is written to, unseen by the graph"
                    span = site.expression.span
                    self.note(self.writes, "aliasing", site, span, name, said, held)
        if not isinstance(value, torch.Tensor):
            taint = self.taint_of(record, site.expression) | self._by_control(record, site.around)
            if taint:
                for name in site.names:
                    self._join(record.names, name, taint)
                self._change(record, site, taint)
        if site.declared:
            self._variables_set(site, record, value)

    def _change(self, record: FrameRecord, site: Assignment, taint: Taint) -> None:
        for name in site.changed:
            self._join(record.names, name, taint)
            record.changed.add(name)
        for name in site.attributes:
            self._join(self._attributes, name, taint)

    def returned(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """A function returns something."""
        record = self.record_for(frame)
        if isinstance(value, torch.Tensor):
            record.returned = NOTHING
            self.state_of(record, site.expression)
        else:
            record.returned = self.taint_of(record, site.expression) | self._by_control(record, site.around)

    def yielded(self, site: Assignment, value: Any, frame: FrameType) -> None:
        """A generator gives a value to who asked for it."""
        record, asking = self._frames.get(id(frame)), frame.f_back
        if record is None or asking is None or isinstance(value, torch.Tensor):
            return
        taint = self.taint_of(record, site.expression) | self._by_control(record, site.around)
        caller = self._frames.get(id(asking))
        if caller is not None and taint:
            place = self.position(asking)
            caller.events[place] = caller.events.get(place, NOTHING) | taint

    def _variables_set(self, site: Assignment, record: FrameRecord, value: Any) -> None:
        if record.outer is not None:
            # A variable of a function that runs itself is gone with the call.
            return
        self.stored_variables.update(site.declared)
        shown = ", ".join(site.declared)
        self.note(
            self.side_effects,
            "python-state",
            site,
            site.expression.span,
            short(value),
            f"{shown}, a variable that outlives the call, is set: the graph does not do that again",
            self.taint_of(record, site.expression),
        )

    def stored(self, site: Store, value: Any, frame: FrameType) -> None:
        """Something is changed in place by Python."""
        if isinstance(value, torch.Tensor):
            assert site.holder_expression is not None
            for name, place in site.holder_expression.names:
                if place == site.holder_expression.span:
                    # What is in a tensor is followed in the graph.
                    self.record_for(frame).names.pop(name, None)
            if site.attribute == "data" and site.action == "set":
                said = "the tensor gets other memory, which the graph does not see"
                span = site.expression.span
                self.note(self.writes, "aliasing", site, span, described(value), said, NOTHING)
            return
        record = self.record_for(frame)
        if isinstance(value, numpy.ndarray):
            self._array_written(site, record)
            return
        if isinstance(value, _STORAGES):
            said = "the memory of a tensor is written to, which the graph does not see"
            self.note(self.writes, "aliasing", site, site.expression.span, "storage", said, NOTHING)
            return
        if not self._outlives(value) or _changes_itself(site, value):
            return
        if site.attribute:
            self.stored_attributes.add(site.attribute)
        assert site.holder_expression is not None
        if not site.attribute and site.holder_expression.names:
            self.stored_variables.update(name for name, _ in site.holder_expression.names[:1])
        holder = text_of(site.path).expression(site.holder_expression.span)
        what = type(value).__name__
        self.note(
            self.side_effects,
            "python-state",
            site,
            site.expression.span,
            what,
            f"{holder} ({what}), which outlives the call, is {site.action}: the graph does not do that again",
            NOTHING,
        )

    def _outlives(self, value: Any) -> bool:
        reachable = self.reachable
        if reachable is None:
            return True
        return id(value) in reachable.objects or not reachable.is_whole

    def _array_written(self, site: Store, record: FrameRecord) -> None:
        assert site.holder_expression is not None
        taint = self.taint_of(record, site.holder_expression)
        if any(each.what == "numpy" for each in taint):
            self.note(
                self.writes,
                "aliasing",
                site,
                site.expression.span,
                "numpy.ndarray",
                "an array that shares the memory of a tensor is written to, which the graph does not see",
                taint,
            )

    def called(self, site: Call, value: Any, frame: FrameType) -> None:
        """Something is called that tells of the surroundings, draws, or shows something."""
        record = self.record_for(frame)
        name = getattr(value, "__name__", site.name)
        home = getattr(value, "__module__", None) or ""
        span = site.expression.span
        owner = getattr(value, "__self__", None)
        if name in names.SHARING and home.startswith(("torch", "numpy")):
            said = f"{name}() gives another way to the memory of a tensor, which the graph does not see"
            self.note(self.writes, "aliasing", site, span, name, said, NOTHING)
        elif isinstance(owner, _DRAWING_CLASSES) or home in ("random", "numpy.random"):
            self._surroundings(record, site, "randomness", "draw", DRAWS)
            said = "random numbers are drawn outside of torch: the graph holds what was drawn"
            self.note(self.random, "randomness", site, span, name, said, NOTHING)
        elif name in names.MODES and home.startswith("torch"):
            self._surroundings(record, site, "mode", name, 0)
            said = "the program asks for a mode, of which the graph knows nothing"
            self.note(self.modes, "mode", site, span, name, said, NOTHING)
        elif name in names.SURROUNDINGS and home.startswith("torch"):
            self._surroundings(record, site, "device-or-dtype", name, 0)
        elif name in ("seed", "manual_seed") and home.startswith("torch"):
            said = "random numbers are started anew: the graph does not do that again"
            self.note(self.random, "randomness", site, span, name, said, NOTHING)
        elif name in names.OUTPUT and home in ("builtins", "io", "_io"):
            said = f"{name}() has an effect that the graph does not have"
            self.note(self.side_effects, "python-state", site, span, name, said, NOTHING, harmless=True)
        elif name in names.CLOCKS and home.partition(".")[0] in (
            "time",
            "datetime",
            "os",
            "uuid",
            "builtins",
            "",
        ):
            self._surroundings(record, site, "python-state", name, STATE)

    def _surroundings(
        self, record: FrameRecord, site: Site, kind: Kind, what: str, origin: int, value: str = ""
    ) -> None:
        span = site.expression.span
        made = self._read(what, kind, site.path, span, site.function, False, "")
        made.origin |= origin
        made.note(value)
        record.events[span] = frozenset((made,))

    def flag_read(self, site: Flag, value: Any, frame: FrameType) -> None:
        """A flag of a module is read by the program itself."""
        record = self.record_for(frame)
        if not isinstance(value, bool):
            return
        self._surroundings(record, site, "mode", site.name, 0, str(value))
        said = f"the program reads {site.name}: the graph holds what follows from {value}"
        self.note(self.modes, "mode", site, site.expression.span, str(value), said, NOTHING)

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

    # --- what torch is asked ----------------------------------------------------------------------

    def place_of(self, frame: FrameType | None, is_for_caller: bool = False) -> tuple[FrameType, bool] | None:
        """The innermost frame of the person's own files, if any, and whether a library is between."""
        library = False
        while frame is not None:
            name = frame.f_code.co_filename
            if is_own_file(name):
                return frame, library
            if name in _AROUND:
                # Further out is who asked for the trace.
                return None
            is_between = name.startswith(_BOX) or (
                is_for_caller and (name in TRANSPARENT or is_plain_library(name))
            )
            library = library or not is_between
            frame = frame.f_back
        return None

    def tensor_read(
        self, what: str, kind: Kind, tensor: torch.Tensor, value: Any, frame: FrameType | None
    ) -> None:
        """Python learns something of a tensor."""
        # Methods of tensors that are written in Python, and libraries that know nothing of tensors, read for
        # who calls them, but for what they check.
        is_for_caller = kind in ("constant", "shape") and what not in ("dim", "stride")
        place = self.place_of(frame, is_for_caller)
        if place is None:
            return
        at, library = place
        if what == "parts" and frame is not None and frame.f_code is _ITERATION:
            what = "iteration"
        span = self.position(at)
        code = at.f_code
        if what in ("parts", "iteration") and isinstance(value, tuple | list):
            value = len(cast("list[Any]", value))
        key = what, code.co_filename, span, library
        made = self.reads.get(key)
        origin = self.origins.of(tensor)
        if kind == "constant" and not origin & (VALUES | DRAWS) and origin & FROM_INPUTS:
            kind = "shape"
        if made is None:
            made = self._read(
                what, kind, code.co_filename, span, code.co_qualname, library, described(tensor)
            )
        made.origin |= origin
        made.note(short(value))
        record = self.record_for(at)
        known = record.events.get(span)
        if known is None or (library and made not in known):
            record.events[span] = frozenset((made,)) if known is None else known | {made}
        elif not library and made not in known:
            record.events[span] = frozenset((made,))


def _holds_tensors(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], torch.Tensor)


def _changes_itself(site: Store, value: Any) -> bool:
    """Whether what is called is a method of the program's own, which tells itself what it changes."""
    return site.action.startswith("changed by") and (
        isinstance(value, torch.nn.Module) or is_own_class(type(value))
    )


def _is_own_variable(record: FrameRecord, name: str) -> bool:
    """Whether a variable is one of a call that is running."""
    around: FrameRecord | None = record
    while around is not None:
        if around.site is not None and name in around.site.variables:
            return True
        around = around.outer
    return False


_TORCH = torch.__file__.removesuffix("__init__.py")
_ITERATION = torch.Tensor.__iter__.__code__
_AROUND = frozenset(str(Path(__file__).parents[up] / name) for up, name in ((0, "box.py"), (1, "session.py")))
_BOX = __file__.removesuffix("recording.py")


def len_of(tensor: torch.Tensor) -> int:
    """The length of the first dimension; 0 where there is none."""
    with TORCH._C.DisableTorchFunction():
        return tensor.size(0) if tensor.dim() else 0


def described(tensor: torch.Tensor) -> str:
    """A tensor in a few words: dtype, shape and device."""
    with TORCH._C.DisableTorchFunction():
        sizes = ", ".join(str(int(size)) for size in TORCH._C.TensorBase.size(tensor))
        return f"{str(tensor.dtype).removeprefix('torch.')}[{sizes}] on {tensor.device}"


def short(value: Any) -> str:
    """A value as text, bounded, without running any code of the program's."""
    if type(value) in _PLAIN:
        text = repr(value)
        return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
    if type(value) in (list, tuple):
        items: list[Any] = list(value[:_MOST_ITEMS])
        inner = ", ".join(map(short, items)) + (", …" if len(value) > _MOST_ITEMS else "")
        return f"[{inner}]" if type(value) is list else f"({inner})"
    if isinstance(value, torch.Tensor):
        return described(value)
    if isinstance(value, numpy.ndarray):
        return f"array of {value.dtype}{list(value.shape)}"
    if isinstance(value, torch.dtype | torch.device):
        return str(value)
    return f"a {type(value).__name__}"
