"""Branches, loops and calls, held against torch.jit."""

import torch


def branch_on_data(x: torch.Tensor, flag: bool) -> torch.Tensor:
    if bool(x.sum() > 0):
        y = x + 1
        if flag:
            y = y * 2
    else:
        y = x - 1
    return y


def test_branches(agree):
    for sign in (1.0, -1.0):
        for flag in (True, False):
            agree(branch_on_data, torch.full((3,), sign), flag)


def early_returns(x: int) -> tuple[int, str]:
    if x < 0:
        return -x, "negative"
    elif x == 0:
        return 0, "zero"
    for i in range(x):
        if i * i >= x:
            return i, "root"
    return x, "small"


def test_early_returns(agree):
    for number in (-3, 0, 1, 2, 17):
        agree(early_returns, number)


def break_and_continue(xs: list[int], limit: int) -> tuple[int, list[int]]:
    total = 0
    taken: list[int] = []
    for x in xs:
        if x % 2 == 0:
            continue
        if total > limit:
            break
        total += x
        taken.append(x)
    return total, taken


def test_break_and_continue(agree):
    agree(break_and_continue, [1, 2, 3, 4, 5], 100)
    agree(break_and_continue, [1, 2, 3, 4, 5, 7, 9], 3)
    agree(break_and_continue, [], 3)


def while_with_carried(x: torch.Tensor) -> tuple[torch.Tensor, int, torch.Tensor | None]:
    steps = 0
    last: torch.Tensor | None = None
    while bool(x.norm() > 1.0) and steps < 50:
        last = x
        x = x * 0.5
        steps += 1
    return x, steps, last


def test_while(agree):
    agree(while_with_carried, torch.full((4,), 8.0))
    agree(while_with_carried, torch.zeros(4))


def swap_in_loop(a: int, b: int, n: int) -> tuple[int, int]:
    for _ in range(n):
        a, b = b, a + b
    return a, b


def test_carried_values_move_together(agree):
    agree(swap_in_loop, 0, 1, 20)
    agree(swap_in_loop, 0, 1, 0)


def loop_constant_list(x: torch.Tensor, n: int) -> list[torch.Tensor]:
    found: list[torch.Tensor] = []
    for i in range(n):
        found.append(x.reshape([3, 2]) + torch.zeros([3, 2]) + i)
    return found


def test_constant_lists_last_for_all_iterations(agree):
    agree(loop_constant_list, torch.randn(2, 3), 4)


def list_constant_is_fresh(n: int) -> list[list[int]]:
    found: list[list[int]] = []
    for i in range(n):
        row = [1, 2]
        row.append(i)
        found.append(row)
    return found


def test_constructed_lists_are_fresh(agree):
    agree(list_constant_is_fresh, 3)


def helper(x: torch.Tensor, scale: float = 2.0) -> torch.Tensor:
    if scale > 2:
        return x * scale
    return x + scale


def calls_functions(x: torch.Tensor) -> torch.Tensor:
    return helper(helper(x), 3.0) + helper(x, scale=0.5)


def test_function_calls(agree):
    agree(calls_functions, torch.randn(3))


def forks(x: torch.Tensor) -> torch.Tensor:
    future = torch.jit.fork(helper, x, 4.0)
    y = helper(x)
    return torch.jit.wait(future) + y


def test_fork_and_wait(agree):
    agree(forks, torch.randn(3))


def nested_loops(n: int, m: int) -> int:
    total = 0
    for i in range(n):
        for j in range(i, m, 2):
            if j == 3:
                break
            total += i * j
    return total


def test_nested_loops(agree):
    agree(nested_loops, 4, 9)


def if_with_outer_results(x: torch.Tensor, flag: bool) -> tuple[torch.Tensor, torch.Tensor]:
    a, b = x, x + 1
    if flag:
        a, b = b, a
    return a, b


def test_results_from_outside_a_branch(agree):
    agree(if_with_outer_results, torch.randn(2), True)
    agree(if_with_outer_results, torch.randn(2), False)
