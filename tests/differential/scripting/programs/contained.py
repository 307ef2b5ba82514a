"""Classes that contain themselves, and operators that assign."""

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple, Union
import torch
from torch import Tensor, nn
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.ones(2)


class ListsItself:
    def __init__(self):
        self.next = torch.jit.annotate(List[ListsItself], [])


class ListsItselfInBranch:
    def __init__(self):
        if True:
            self.next = torch.jit.annotate(List[ListsItselfInBranch], [])


class HoldsItself:
    def __init__(self):
        self.me = self


class Links:
    def __init__(self, n: int):
        self.me = n
    def other(self) -> "Links":
        return Links(2)


class HoldsLinks:
    def __init__(self, n: Links):
        self.me = n


@programs.script((X,))
def class_makes_itself(x: Tensor) -> int:
    return HoldsLinks(Links(1).other()).me.me


class DeclaresItself:
    next: Optional["DeclaresItself"]
    def __init__(self):
        self.next = None


@programs.script((X,))
def class_declares_itself(x: Tensor) -> int:
    DeclaresItself()
    return 1


class AnnotatesItself:
    def __init__(self):
        self.next: Optional[AnnotatesItself] = None


@programs.script((X,))
def class_annotates_itself(x: Tensor) -> int:
    AnnotatesItself()
    return 1


class MapsToItself:
    def __init__(self):
        self.table: Dict[str, Tuple[int, MapsToItself]] = {}


@programs.script((torch.tensor([4,8]),))
def shifts(y: Tensor) -> Tensor:
    y <<= 1
    y >>= y
    y <<= y
    a = 3
    a <<= 1
    a >>= 1
    a |= 4
    a &= 6
    a ^= 1
    a **= 2
    a %= 7
    b = [1]
    b *= 2
    s = "a"
    s += "b"
    return y * a + len(b)
