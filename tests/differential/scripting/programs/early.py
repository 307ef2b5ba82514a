"""Functions that leave early: from branches, from loops, with values of all kinds."""

from enum import Enum
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((1,))
def exit_1(n: int) -> int:
    a: Any = 2
    if isinstance(a, str):
        pass
    elif n > 2:
        return 1
    return 2


@programs.script((1,))
def exit_2(n: int) -> int:
    a: Any = 2
    if n > 1:
        pass
    elif isinstance(a, str):
        return 1
    return 2


@programs.script((1,))
def exit_3(n: int) -> int:
    a: Any = 2
    if n > 1:
        n = 2
    elif n > 3:
        return 1
    return n


@programs.script((None,))
def exit_4(n: Optional[int]) -> int:
    if n is None:
        return 2
    elif n > 3:
        return 1
    return n


@programs.script((None,))
def exit_5(n: Optional[int]) -> int:
    if n is not None:
        pass
    elif n is not None:
        return 1
    return 2


@programs.script((None,))
def exit_6(n: Optional[int]) -> int:
    if n is not None and n > 3:
        pass
    else:
        if n is not None:
            return 1
    return 2


@programs.script((None,))
def exit_7(n: Optional[int]) -> Dict[str, int]:
    a: Any = 2
    if isinstance(a, str):
        pass
    elif isinstance(a, str):
        return {"a": 1}
    return {"b": 1}


@programs.script((None,))
def exit_8(n: Optional[int]) -> Dict[str, int]:
    a: Any = 2
    if n is None:
        pass
    elif isinstance(a, str):
        return {"a": 1}
    return {"b": 1}


@programs.script((None,))
def exit_9(n: Optional[int]) -> int:
    a: Any = 2
    if isinstance(a, str):
        pass
    elif isinstance(a, str):
        return 1
    return 2


@programs.script((1,))
def exit_10(n: int) -> Dict[str, int]:
    if n > 1:
        return {"a": 1}
    return {"b": 1}


@programs.script((1,))
def exit_11(n: int) -> List[int]:
    if n > 1:
        return [1]
    return [2]


@programs.script((1,))
def exit_12(n: int) -> Tuple[int, str]:
    if n > 1:
        return (1, "a")
    return (n, "b")


@programs.script((1,))
def exit_13(n: int) -> Dict[str, int]:
    if n > 1:
        pass
    elif n > 3:
        return {"a": 1}
    return {"b": 1}


@programs.script((1,))
def exit_14(n: int) -> Dict[str, int]:
    d = {"b": 1}
    if n > 1:
        return d
    return d


@programs.script((1,))
def exit_15(n: int) -> Dict[str, int]:
    if n > 1:
        return {"c": 1}
    if n > 3:
        return {"a": 1}
    return {"b": 1}


@programs.script((1,))
def exit_16(n: int) -> Dict[str, int]:
    for i in range(n):
        if i > 3:
            return {"a": 1}
    return {"b": 1}


@programs.script((1,))
def exit_17(n: int) -> Optional[int]:
    if n > 1:
        return n
    elif n > 0:
        return None
    if n > -1:
        return 3
    return None


@programs.script((1,))
def exit_18(n: int) -> Dict[str, int]:
    a: Any = 2
    if isinstance(a, str):
        return {"a": 1}
    return {"b": 1}


@programs.script((1, 2))
def exit_19(n: int, a: Any) -> Dict[str, int]:
    if isinstance(a, str):
        return {"a": 1}
    return {"b": 1}


@programs.script((1, 2))
def exit_20(n: int, a: Any) -> Dict[str, int]:
    if n > 3:
        pass
    if n > 1:
        return {"a": 1}
    return {"b": 1}


@programs.script((1, 2))
def exit_21(n: int, a: Any) -> Dict[str, int]:
    a = 2
    if isinstance(a, str):
        pass
    elif n > 1:
        return {"a": 1}
    return {"b": 1}


@programs.script((1,))
def exit_22(n: int) -> Dict[str, int]:
    a: Any = n
    if isinstance(a, str):
        pass
    if n > 1:
        return {"a": 1}
    return {"b": 1}


@programs.script((1,))
def exit_23(n: int) -> Dict[str, int]:
    a, b = (2, 3)
    if n > 1:
        return {"a": 1, "b": b}
    return {"b": 1}
