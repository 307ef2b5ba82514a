"""Tracing two networks, against torch.jit.trace, with a black box and without; nothing is checked."""

import warnings
from collections.abc import Callable

from tests.benchmarks.alternating import in_turn


def table(repeats: int) -> list[str]:
    """Markdown rows: milliseconds of each, and how often what torch takes."""
    import torch

    import jitcore
    from jitcore.tracing.black_box import black_box
    from tests.benchmarks import networks

    cases = (
        ("50-layer residual network", networks.ResidualNetwork().eval(), torch.rand(1, 3, 32, 32)),
        ("12-layer transformer", networks.Transformer().eval(), torch.rand(2, 8, 32)),
    )
    rows = ["| network | torch | jitcore | ratio | with a black box | ratio |", "|---|---|---|---|---|---|"]
    for name, network, given in cases:

        def boxed(network: torch.nn.Module = network, given: torch.Tensor = given) -> None:
            with black_box():
                jitcore.trace(network, given, check_trace=False)

        sides: dict[str, Callable[[], object]] = {
            "torch": lambda n=network, x=given: torch.jit.trace(n, x, check_trace=False),
            "jitcore": lambda n=network, x=given: jitcore.trace(n, x, check_trace=False),
            "boxed": boxed,
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seconds = in_turn(sides, repeats)
        torch_s, ours, with_box = (seconds[side] for side in sides)
        rows.append(
            f"| {name} | {torch_s * 1e3:.0f} ms | {ours * 1e3:.0f} ms | {ours / torch_s:.2f} | "
            f"{with_box * 1e3:.0f} ms | {with_box / torch_s:.2f} |"
        )
    return rows
