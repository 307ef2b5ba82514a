"""Functions that a text defines, as attributes of one object."""

from __future__ import annotations

from typing import Any

from jitcore.scripting.library.defining import caller_of, define_functions
from jitcore.scripting.library.errors import raised
from jitcore.scripting.library.machine import shared_machine
from jitcore.scripting.library.script_function import ScriptFunction
from jitcore.scripting.unit import CompilationUnit as Unit
from jitcore.source import JitError


class CompilationUnit:
    """Compiled functions by name, defined by texts."""

    def __init__(self, lang: str | None = None, _frames_up: int = 0) -> None:
        self.__dict__["_unit"] = Unit()
        if lang is not None:
            self.define(lang, _frames_up=_frames_up + 1)

    def define(self, lang: str, rcb: object = None, _frames_up: int = 0) -> None:
        """Compile the functions in a text; other names in it are what the caller sees."""
        try:
            define_functions(self.__dict__["_unit"], lang, caller_of(_frames_up + 1))
        except JitError as error:
            raise raised(error) from error

    def __getattr__(self, attr: str) -> Any:
        found = self.__dict__["_unit"].functions.get(attr)
        if found is None:
            raise AttributeError(f"'CompilationUnit' has no attribute '{attr}'")
        return ScriptFunction(found, shared_machine())
