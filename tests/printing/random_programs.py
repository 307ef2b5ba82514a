"""Makes up TorchScript functions, for properties that must hold of any program."""

from hypothesis import strategies as st

TENSOR_OPERATIONS = ["relu", "neg", "sigmoid", "abs_", "exp", "add_", "mul_"]
INT_OPERATORS = ["+", "-", "*", "//", "%"]
COMPARISONS = ["<", ">", "==", "!=", "<=", ">="]


class Writer:
    """Writes one function, drawing every choice; `ints` and `tensors` are the names in scope."""

    def __init__(self, draw) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.ints = ["n", "m"]
        self.tensors = ["x", "y"]

    def pick(self, options):
        return self.draw(st.sampled_from(options))

    def int_expression(self, depth: int = 2) -> str:
        choice = self.draw(st.integers(0, 5))
        if choice <= 1 or depth == 0:
            return self.pick([*self.ints, "0", "1", "7", "-3"])
        if choice == 2:
            return f"len([{self.int_expression(0)}, {self.int_expression(depth - 1)}])"
        if choice == 3:
            return f"{self.tensor_expression(1)}.dim()"
        left, operator = self.int_expression(depth - 1), self.pick(INT_OPERATORS)
        # torch dies of a division by zero that it folds while it compiles.
        right = self.pick(["3", "-7"]) if operator in ("//", "%") else self.int_expression(depth - 1)
        return f"({left} {operator} {right})"

    def bool_expression(self, depth: int = 1) -> str:
        left, right = self.int_expression(1), self.int_expression(1)
        compared = f"{left} {self.pick(COMPARISONS)} {right}"
        if depth and self.draw(st.booleans()):
            return f"({compared} {self.pick(['and', 'or'])} {self.bool_expression(depth - 1)})"
        return compared

    def tensor_expression(self, depth: int = 3) -> str:
        choice = self.draw(st.integers(0, 7))
        if choice <= 1 or depth == 0:
            return self.pick(self.tensors)
        inner = self.tensor_expression(depth - 1)
        if choice == 2:
            return f"{inner}[{self.int_expression(1)}]"
        if choice == 3:
            return (
                f"torch.cat([{inner}, {self.tensor_expression(depth - 1)}, {self.tensor_expression(1)}], 0)"
            )
        if choice == 4:
            other = self.tensor_expression(depth - 1)
            return f"torch.add({inner}, {other}, alpha={self.int_expression(1)})"
        if choice == 5:
            operation = self.pick(TENSOR_OPERATIONS)
            argument = self.tensor_expression(1) if operation in ("add_", "mul_") else ""
            return f"{inner}.{operation}({argument})"
        return f"({inner} {self.pick(['+', '*', '-'])} {self.tensor_expression(depth - 1)})"

    def block(self, indent: str, depth: int, in_loop: bool) -> None:
        start = len(self.lines)
        outer_ints, outer_tensors = list(self.ints), list(self.tensors)
        for _ in range(self.draw(st.integers(1, 4))):
            self.statement(indent, depth, in_loop)
        if in_loop and self.draw(st.integers(0, 4)) == 0:
            self.lines.append(f"{indent}if {self.bool_expression()}:")
            self.lines.append(f"{indent}    {self.pick(['break', 'continue'])}")
        assert len(self.lines) > start
        # What was first assigned inside may not be defined outside.
        self.ints, self.tensors = outer_ints, outer_tensors

    def statement(self, indent: str, depth: int, in_loop: bool) -> None:
        choice = self.draw(st.integers(0, 9 if depth else 4))
        if choice <= 1:
            name = self.pick([*self.ints, "k", "_", "as_", "k_1"])
            self.lines.append(f"{indent}{name} = {self.int_expression()}")
            if name not in self.ints and name != "_":
                self.ints.append(name)
        elif choice <= 4:
            name = self.pick([*self.tensors, "z", "x0", "z1"])
            self.lines.append(f"{indent}{name} = {self.tensor_expression()}")
            if name not in self.tensors:
                self.tensors.append(name)
        elif choice <= 6:
            self.lines.append(f"{indent}if {self.bool_expression()}:")
            self.block(indent + "    ", depth - 1, in_loop)
            if self.draw(st.booleans()):
                self.lines.append(f"{indent}else:")
                self.block(indent + "    ", depth - 1, in_loop)
        elif choice == 7:
            self.lines.append(f"{indent}for i{depth} in range({self.int_expression(1)}):")
            self.block(indent + "    ", depth - 1, True)
        elif choice == 8:
            self.lines.append(f"{indent}while {self.bool_expression()}:")
            self.block(indent + "    ", depth - 1, True)
        else:
            self.lines.append(f"{indent}print({self.tensor_expression(1)}, {self.int_expression()})")


@st.composite
def programs(draw) -> str:
    """The text of a function `f(x: Tensor, y: Tensor, n: int, m: int)`; it compiles, and need not stop."""
    writer = Writer(draw)
    for _ in range(draw(st.integers(1, 5))):
        writer.statement("    ", 2, False)
    tensors = [writer.tensor_expression() for _ in range(draw(st.integers(1, 3)))]
    returned = ", ".join([*tensors, writer.int_expression()])
    return "\n".join(
        ["def f(x: Tensor, y: Tensor, n: int, m: int):", *writer.lines, f"    return {returned}", ""]
    )
