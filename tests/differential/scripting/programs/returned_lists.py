"""Lists of texts, made in different ways, that a function gives back early."""

from typing import List
import torch
from torch import Tensor
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script((["a"], 1))
def lit_lit(x: List[str], n: int) -> List[str]:
    if n > 1:
        return ["a"]
    return ["a"]


@programs.script((["a"], 1))
def lit_add_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return ["a"]
    if n > 3:
        return x + x
    return ["a"]


@programs.script((["a"], 1))
def lit_list_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return ["a"]
    else:
        for i in range(n):
            return list(x)
    return ["a"]


@programs.script((["a"], 1))
def lit_copy(x: List[str], n: int) -> List[str]:
    if n > 1:
        return ["a"]
    return x.copy()


@programs.script((["a"], 1))
def split_sorted_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return "".split("a")
    if n > 3:
        return sorted("a")
    return "".split("a")


@programs.script((["a"], 1))
def split_mul_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return "".split("a")
    else:
        for i in range(n):
            return ["a"] * 2
    return "".split("a")


@programs.script((["a"], 1))
def split_list(x: List[str], n: int) -> List[str]:
    if n > 1:
        return "".split("a")
    return list(x)


@programs.script((["a"], 1))
def comp_comp_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return [str(i) for i in range(1)]
    if n > 3:
        return [str(i) for i in range(1)]
    return [str(i) for i in range(1)]


@programs.script((["a"], 1))
def comp_slice_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return [str(i) for i in range(1)]
    else:
        for i in range(n):
            return x[1:]
    return [str(i) for i in range(1)]


@programs.script((["a"], 1))
def comp_mul(x: List[str], n: int) -> List[str]:
    if n > 1:
        return [str(i) for i in range(1)]
    return ["a"] * 2


@programs.script((["a"], 1))
def sorted_split_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return sorted("a")
    if n > 3:
        return "".split("a")
    return sorted("a")


@programs.script((["a"], 1))
def sorted_var_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return sorted("a")
    else:
        for i in range(n):
            return x
    return sorted("a")


@programs.script((["a"], 1))
def sorted_slice(x: List[str], n: int) -> List[str]:
    if n > 1:
        return sorted("a")
    return x[1:]


@programs.script((["a"], 1))
def add_lit_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return x + x
    if n > 3:
        return ["a"]
    return x + x


@programs.script((["a"], 1))
def add_add_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x + x
    else:
        for i in range(n):
            return x + x
    return x + x


@programs.script((["a"], 1))
def add_var(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x + x
    return x


@programs.script((["a"], 1))
def add_copy_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return x + x
    if n > 3:
        return x.copy()
    return x + x


@programs.script((["a"], 1))
def var_sorted_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x
    else:
        for i in range(n):
            return sorted("a")
    return x


@programs.script((["a"], 1))
def var_add(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x
    return x + x


@programs.script((["a"], 1))
def var_list_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return x
    if n > 3:
        return list(x)
    return x


@programs.script((["a"], 1))
def slice_comp_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x[1:]
    else:
        for i in range(n):
            return [str(i) for i in range(1)]
    return x[1:]


@programs.script((["a"], 1))
def slice_sorted(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x[1:]
    return sorted("a")


@programs.script((["a"], 1))
def slice_mul_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return x[1:]
    if n > 3:
        return ["a"] * 2
    return x[1:]


@programs.script((["a"], 1))
def mul_split_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return ["a"] * 2
    else:
        for i in range(n):
            return "".split("a")
    return ["a"] * 2


@programs.script((["a"], 1))
def mul_comp(x: List[str], n: int) -> List[str]:
    if n > 1:
        return ["a"] * 2
    return [str(i) for i in range(1)]


@programs.script((["a"], 1))
def mul_slice_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return ["a"] * 2
    if n > 3:
        return x[1:]
    return ["a"] * 2


@programs.script((["a"], 1))
def list_lit_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return list(x)
    else:
        for i in range(n):
            return ["a"]
    return list(x)


@programs.script((["a"], 1))
def list_split(x: List[str], n: int) -> List[str]:
    if n > 1:
        return list(x)
    return "".split("a")


@programs.script((["a"], 1))
def list_var_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return list(x)
    if n > 3:
        return x
    return list(x)


@programs.script((["a"], 1))
def list_copy_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return list(x)
    else:
        for i in range(n):
            return x.copy()
    return list(x)


@programs.script((["a"], 1))
def copy_lit(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x.copy()
    return ["a"]


@programs.script((["a"], 1))
def copy_add_2(x: List[str], n: int) -> List[str]:
    if n > 1:
        if n > 2:
            return x.copy()
    if n > 3:
        return x + x
    return x.copy()


@programs.script((["a"], 1))
def copy_list_3(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x.copy()
    else:
        for i in range(n):
            return list(x)
    return x.copy()


@programs.script((["a"], 1))
def copy_copy(x: List[str], n: int) -> List[str]:
    if n > 1:
        return x.copy()
    return x.copy()
