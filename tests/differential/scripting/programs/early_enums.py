"""Members of enums that are returned early: each mention of an enum is a type of its own to torch."""

import enum
from typing import List, Optional

from tests.differential.corpus.language.programs import Programs

programs = Programs()


class Mode(enum.Enum):
    FIRST = "a"
    SECOND = "b"


@programs.script()
def from_three_places(x: int):
    if x > 1: return Mode.FIRST
    for i in range(x):
        if i == 3: return Mode.SECOND
    return Mode.FIRST

@programs.script()
def parameter_or_member(x: int, m: Mode):
    for i in range(x):
        if i == 3: return m
    return Mode.FIRST

@programs.script()
def member_or_parameter(x: int, m: Mode):
    for i in range(x):
        if i == 3: return Mode.FIRST
    return m

@programs.script()
def one_parameter_or_another(x: int, m: Mode, n: Mode):
    for i in range(x):
        if i == 3: return m
    return n

@programs.script()
def parameters_as_declared(x: int, m: Mode, n: Mode) -> Mode:
    for i in range(x):
        if i == 3: return m
    return n

@programs.script()
def members_as_declared(x: int) -> Mode:
    for i in range(x):
        if i == 3: return Mode.FIRST
    return Mode.SECOND

@programs.script()
def refined_one_after_another(x: int, m: Optional[Mode], n: Optional[Mode]):
    if m is None: raise ValueError("a")
    if n is None: raise ValueError("b")
    return m == n

@programs.script()
def refined_alone(x: int, m: Optional[Mode]):
    if m is None: raise ValueError("a")
    return m

@programs.script()
def variable_of_a_loop(x: int):
    m = Mode.FIRST
    for i in range(x):
        m = Mode.SECOND
        if i == 3: return m
    return m

@programs.script()
def from_a_list(x: int, l: List[Mode]):
    for m in l:
        if m == Mode.SECOND: return m
    return Mode.FIRST

@programs.script()
def from_all_members(x: int):
    for m in Mode:
        if m == Mode.SECOND: return m
    return Mode.FIRST

@programs.script()
def from_nested_members(x: int):
    for m in Mode:
        for n in Mode:
            if m == n: return m
    return Mode.FIRST

@programs.script()
def left_and_gone_on(x: int):
    for i in range(x):
        m = Mode.FIRST
        if i == 2:
            continue
        m = Mode.SECOND
        if i == 3: break
    else_ = 1
    return else_
