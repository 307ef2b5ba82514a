"""Functions that a text defines, as attributes of one object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jitcore.scripting.library.defining import caller_of, define_functions, names_of
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.library.shared import shared_machine
from jitcore.source import JitError

if TYPE_CHECKING:
    from collections.abc import Callable


class CompilationUnit:
    """Compiled functions by name, defined by texts."""

    def __init__(self, lang: str | None = None, _frames_up: int = 0) -> None:
        self.__dict__.update(_functions={}, _taken=set())
        if lang is not None:
            self.define(lang, _frames_up=_frames_up + 1)

    def define(self, lang: str, rcb: Callable[[str], Any] | None = None, _frames_up: int = 0) -> None:
        """Compile the functions in a text, which are new names and see each other.

        Other names in it are what `rcb` gives for them, without one what the caller sees; a function of an
        earlier text is only seen if it is one of those. Raises what torch raises.
        """
        state = self.__dict__
        try:
            names = names_of(rcb, caller_of(_frames_up + 1))
            state["_functions"].update(define_functions(lang, names, state["_taken"]))
        except JitError as error:
            raise raised(error) from error

    def __getattr__(self, attr: str) -> Any:
        found = self.__dict__["_functions"].get(attr)
        if found is None:
            raise AttributeError(f"'CompilationUnit' has no attribute '{attr}'")
        return ScriptFunction(found, shared_machine())
