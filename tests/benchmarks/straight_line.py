"""Programs without branches, of any length: a tenth of the operators is dead, a tenth is repeated."""

from typing import NamedTuple


class Step(NamedTuple):
    """One operator of one operand."""

    name: str
    operator: str
    read: str


def steps(operators: int) -> list[Step]:
    """The operators; the last one gives the result."""
    made: list[Step] = []
    last, before = "x", "x"
    for index in range(operators):
        name = f"v{index}"
        if index % 10 == 3:
            made.append(Step(name, "neg", last))
        elif index % 10 == 7:
            # The same as the operator that gave `last`.
            made.append(Step(name, "tanh", before))
        else:
            made.append(Step(name, "tanh", last))
            before, last = last, name
    made.append(Step("result", "relu", last))
    return made


def source(operators: int) -> str:
    """The program as a method in TorchScript."""
    program = steps(operators)
    lines = [f"    {step.name} = torch.{step.operator}({step.read})" for step in program]
    return "\n".join(
        ["def forward(self, x: Tensor) -> Tensor:", *lines, f"    return {program[-1].name}", ""]
    )
