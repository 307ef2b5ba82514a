"""Functions that leave early: from branches, from loops, with lists, tuples, dicts and members of enums."""

from enum import Enum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


class Pair(NamedTuple):
    first: int
    second: Tensor
    label: str = "none"


def helper(n: int) -> List[Tensor]:
    return []


@programs.script((1, "a"))
def lists_1(n: int, p0: str) -> List[Tensor]:
    if n > 1:
        if n > 2:
            return [torch.ones(2)]
    else:
        for i in range(4):
            return [torch.ones(2)]
    return [torch.ones(2)]


@programs.script((1, "a"))
def lists_2(n: int, p0: str) -> List[Tensor]:
    if n > 1:
        return p0.split(" ") if False else [torch.ones(2)]
    else:
        for i in range(4):
            return [torch.ones(2)]
    return [torch.ones(2)]


@programs.script((1, "a"))
def lists_3(n: int, p0: str) -> List[Tensor]:
    if n > 1:
        return torch.ones(2).split(1)
    else:
        for i in range(4):
            return [torch.ones(2)]
    return [torch.ones(2)]


@programs.script((1, "a"))
def lists_4(n: int, p0: str) -> List[Tensor]:
    if n > 1:
        return torch.ones(2).split(1)
    if n > 1:
        return torch.ones(2).unbind()
    if n > 4:
        return torch.unbind(torch.ones(2))
    return torch.split(torch.ones(2), 1)


@programs.script((1, "a"))
def lists_5(n: int, p0: str) -> List[Tensor]:
    if n > 1:
        return torch.ones(2).chunk(1)
    for i in range(3):
        if n > 4:
            return torch.unbind(torch.ones(2))
    return helper(n)


@programs.script((1, "a"))
def lists_6(n: int, p0: str) -> List[int]:
    if n > 1:
        return torch.ones(2).size()
    for i in range(3):
        if n > 4:
            return torch.ones(2).stride()
    return torch.ones(2).shape


@programs.script((1, "a"))
def lists_7(n: int, p0: str) -> Optional[int]:
    if n > 1:
        return {"a": 1}.get("b")
    for i in range(3):
        if n > 4:
            return torch.ones(2).device.index
    return None


@programs.script((1, "a"))
def lists_8(n: int, p0: str) -> Pair:
    if n > 1:
        return Pair(1, torch.ones(2))
    for i in range(3):
        if n > 4:
            return Pair(1, torch.ones(2), "b")
    return Pair(2, torch.ones(2))


@programs.script((1, "a"))
def lists_9(n: int, p0: str) -> Tuple[Tensor, Tensor]:
    if n > 1:
        return torch.ones(2).max(0)
    for i in range(3):
        if n > 4:
            return torch.ones(2).min(0)
    return torch.sort(torch.ones(2))


@programs.script(("a", 1))
def mixed_1(p0: str, p1: int) -> List[Tensor]:
    if torch.ones(2).size()[0] > 0:
        return [torch.ones(1)]
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        v33 = 1
    return [torch.ones(2)]


@programs.script(("a", 1))
def mixed_2(p0: str, p1: int) -> List[Tensor]:
    if p1 > 0:
        return [torch.ones(1)]
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        v33 = 1
    return [torch.ones(2)]


@programs.script(("a", 1))
def mixed_3(p0: str, p1: int) -> List[Tensor]:
    if p1 > 0:
        return [torch.ones(1)]
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        p1 = 3
    return [torch.ones(2)]


@programs.script(("a", 1))
def mixed_4(p0: str, p1: int) -> List[Tensor]:
    for v17 in range(4):
        return [torch.ones(2)]
    v33 = 1
    return [torch.ones(2)]


@programs.script(("a", 1))
def mixed_5(p0: str, p1: int) -> int:
    if p1 > 0:
        return 4
    else:
        for v17 in range(4):
            return p1
        v33 = 1
    return 3


@programs.script(("a", 1))
def mixed_6(p0: str, p1: int) -> int:
    if p1 > 0:
        return 4
    else:
        if p1 > 4:
            return p1
        v33 = 1
    return 3


@programs.script(("a", 1))
def mixed_7(p0: str, p1: int) -> List[int]:
    if p1 > 0:
        return [4]
    else:
        if p1 > 4:
            return [2]
        v33 = 1
    return [3]


@programs.script(("a", 1))
def kinds_1(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return torch.zeros(2).split(2)
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        v33 = 1
    return [torch.ones(2)]


@programs.script(("a", 1))
def kinds_2(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return torch.zeros(2).split(2)
    else:
        if p1 > 4:
            return [torch.ones(2)]
        v33 = 1
    return [torch.ones(2)]


@programs.script(("a", 1))
def kinds_3(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return torch.zeros(2).split(2)
    else:
        if p1 > 4:
            return torch.zeros(2).split(2)
        v33 = 1
    return torch.zeros(2).split(2)


@programs.script(("a", 1))
def kinds_4(p0: str, p1: int) -> List[str]:
    if p1 > 3:
        return p0.split(",")
    else:
        if p1 > 4:
            return p0.split(",")
        v33 = 1
    return p0.split(",")


@programs.script(("a", 1))
def kinds_5(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return torch.zeros(2).split(2)
    if p1 > 4:
        return [torch.zeros(2)]
    return torch.zeros(2).split(2)


@programs.script(("a", 1))
def kinds_6(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return torch.zeros(2).split(2)
    return [torch.zeros(2)]


class Mode(Enum):
    FAST = 1


@programs.script(("a", 1))
def held_3(p0: str, p1: int) -> List[Tensor]:
    if [1, 2]:
        return [torch.ones(1)]
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        v33 = 1
    return [torch.ones(2)]


@programs.script(("a", 1))
def held_4(p0: str, p1: int) -> List[Tensor]:
    if torch.zeros(2).split(2):
        return torch.zeros(2).split(2)
    return [torch.ones(2)]


@programs.script(("a", 1))
def held_5(p0: str, p1: int) -> int:
    if p1 > 1:
        return 1
    else:
        if p1 > 4:
            return 3
        v33 = Mode.FAST
    return 2


@programs.script(("a", 1))
def held_6(p0: str, p1: int) -> int:
    if p1 > 1:
        p1 = 4
    else:
        v33 = Mode.FAST
    return 2


@programs.script(("a", 1))
def guarded_1(p0: str, p1: int) -> int:
    for v17 in range(4):
        return 2
    v33 = Mode.FAST
    return 4


@programs.script(("a", 1))
def guarded_2(p0: str, p1: int) -> int:
    if p1 > 3:
        return 3
    else:
        for v17 in range(4):
            return 2
        v33 = Mode.FAST
    return 4


@programs.script(("a", 1))
def guarded_3(p0: str, p1: int) -> int:
    if p1 > 3:
        return 3
    else:
        if p1 > 1:
            return 2
        v33 = Mode.FAST
    return 4


@programs.script(("a", 1))
def guarded_4(p0: str, p1: int) -> int:
    if p1 > 3:
        return 3
    else:
        for v17 in range(4):
            return 2
        v33 = "a"
    return 4


@programs.script(("a", 1))
def guarded_5(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return [torch.ones(1)]
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        v33 = "a"
    return [torch.ones(2)]


@programs.script(("a", 1))
def guarded_6(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return [torch.ones(1)]
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        v33: str = "a"
    return [torch.ones(2)]


@programs.script(("a", 1))
def guarded_7(p0: str, p1: int) -> List[Tensor]:
    if p1 > 3:
        return [torch.ones(1)]
    else:
        for v17 in range(4):
            return [torch.ones(2)]
        v33 = Mode.FAST
    return [torch.ones(2)]


@programs.script(("a", 1))
def guarded_8(p0: str, p1: int) -> Tensor:
    if p1 > 3:
        return torch.ones(1)
    else:
        for v17 in range(4):
            return torch.ones(2)
        v33 = Mode.FAST
    return torch.ones(2)


class Box:
    def __init__(self, a: int):
        self.a = a


@programs.script((1,))
def annotated_1(p1: int) -> int:
    v33: Mode = Mode.FAST
    return v33.value + p1


@programs.script((1,))
def annotated_2(p1: int) -> int:
    v33: Mode = Mode.FAST
    if p1 > 1:
        return 4
    return v33.value + p1


@programs.script((1,))
def annotated_3(p1: int) -> List[int]:
    if p1 > 2:
        v33: Mode = Mode.FAST
        return [1]
    return [2]


@programs.script((1,))
def annotated_4(p1: int) -> List[int]:
    if p1 > 3:
        return [1]
    else:
        for i in range(4):
            return [2]
        v33: Box = Box(2)
    return [3]


@programs.script((1,))
def annotated_5(p1: int) -> List[int]:
    if p1 > 3:
        return [1]
    else:
        for i in range(4):
            return [2]
        v33: int = p1
    return [3]


@programs.script((1,))
def annotated_6(p1: int) -> List[int]:
    if p1 > 3:
        return [1]
    else:
        for i in range(4):
            return [2]
        v33 = Mode.FAST
    return [3]


@programs.script((1,))
def annotated_9(p1: int) -> int:
    if p1 > 3:
        return 1
    elif p1 > 2:
        return 2
    v33: Mode = Mode.FAST
    return 3


@programs.script((1,))
def loops_1(n: int) -> int:
    while 4:
        n += 1
        break
    return n


@programs.script((1,))
def loops_2(n: int) -> int:
    a: Any = 3
    while n < 3:
        if not isinstance(a, str):
            n += 1
    return 2


@programs.script((1,))
def loops_3(n: int) -> int:
    a: Any = 3
    while n < 3:
        n += 1
        if isinstance(a, str):
            return 2
    return 2


@programs.script((1,))
def loops_4(n: int) -> int:
    a: Any = n
    for i in range(n):
        if isinstance(a, str):
            break
        n += 1
    return n


@programs.script((1,))
def loops_5(n: int) -> int:
    a: Union[int, str] = 1
    for i in range(n):
        if isinstance(a, str):
            break
        else:
            n += a
    return n


@programs.script((1,))
def loops_6(n: int) -> int:
    a: Optional[int] = 3
    while n < 3:
        n += 1
        if a is None:
            return 2
    return 2


@programs.script((1,))
def loops_7(n: int) -> int:
    a: Optional[int] = 3
    while n < 3:
        n += 1
        assert a is not None
        n += a
    return 2


@programs.script((1,))
def loops_8(n: int) -> int:
    a: Any = 3
    while n < 3:
        n += 1
        assert isinstance(a, int)
    return 2
