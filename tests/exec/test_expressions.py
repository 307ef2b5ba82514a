"""What is written as an expression of Python means what the kernel of the operator means."""

import itertools
import math
from functools import partial

import pytest
import torch

from jitcore.exec import Interpreter
from jitcore.exec import expressions as written
from jitcore.exec.operators import find
from jitcore.exec.plan_places import FAILURES
from jitcore.ops import kernels, parse_schema
from jitcore.ops.kernels.registry import declared
from jitcore.printing import parse_graph

INTS = [0, 1, -1, 2, 7, -7, 17, 1 << 31, (1 << 53) + 1, (1 << 62) + 3, (1 << 63) - 1, -(1 << 63)]
FLOATS = [0.0, -0.0, 1.5, -2.5, 3.0, 1e308, 5e-324, math.inf, -math.inf, math.nan]
TEXTS = ["", "a", "ab", "b", "é", "\udcc3", "\udca9x", "日"]
VALUES = {
    "int": INTS,
    "float": FLOATS,
    "bool": [True, False],
    "str": TEXTS,
    "int[]": [[], [1], [4, 5, 6]],
    "str[]": [[], ["a"], ["ab", "", "\udcc3"]],
    "Any[]": [[], [1]],
    "Tensor": [torch.zeros(2, 3), torch.zeros(())],
    "NoneType": [None],
}
OTHERS = (
    "aten::__is__", "aten::__isnot__", "aten::remainder.int", "aten::floordiv.int", "aten::add.str",
    "aten::startswith", "aten::endswith", "aten::Float.Scalar", "aten::Int.Scalar", "aten::str",
)  # fmt: skip
OF_ANY_TYPE = {
    "aten::__is__": ["int", "float", "NoneType"],
    "aten::__isnot__": ["int", "float", "NoneType"],
    "aten::str": ["int", "str"],
}
AFFIXES = ("aten::startswith", "aten::endswith")
KEYS = sorted({*written.PURE, *written.IMPURE, *written.STATEMENTS, *written.WRAPPING, *OTHERS})


def schema_of(key):
    kernels.all_kernels()
    if key in declared():
        return parse_schema(declared()[key][1])
    texts = (str(schema) for schema in torch._C._jit_get_schemas_for_operator(key.partition(".")[0]))
    return parse_schema(next(text for text in texts if text.startswith(f"{key}(")))


def types_of(key, schema):
    """For each argument the types that are tried, by their names in IR."""
    found = []
    for argument in schema.arguments:
        text = str(argument.type)
        if text in ("t", "t1", "t2"):
            # Whether equal texts are one object is Python's to say.
            found.append(
                ["int", "float", "NoneType"]
                if "__is" in key
                else ["int", "str"]
                if key == "aten::str"
                else ["int"]
            )
        elif text == "t[]":
            found.append(["int[]"])
        elif text == "Scalar":
            # Of a float, another overload makes an integer.
            found.append(["int"] if key == "aten::Int.Scalar" else ["int", "float"])
        else:
            found.append([text.replace("Dict(", "Dict(").replace(", t)", ", int)")])
    return list(itertools.product(*found))


def values_of(kind):
    if kind.startswith("Dict("):
        keys = VALUES[kind[5:].partition(",")[0]][:4]
        return [{}, {key: number for number, key in enumerate(keys)}]
    return VALUES[kind]


def literal(kind, value):
    if isinstance(value, bool):
        return f"prim::Constant[value={int(value)}]()"
    if isinstance(value, float):
        return f"prim::Constant[value={value!r}]()" if math.isfinite(value) else None
    if isinstance(value, int):
        return f"prim::Constant[value={value}]()"
    return 'prim::Constant[value="a"]()' if value == "a" else None


def result_type(schema):
    """In IR; "" where what the operator writes to is looked at in place of what it gives."""
    if schema.is_mutable or not schema.returns:
        return ""
    text = str(schema.returns[0].type).replace("(a)", "").replace("(*)", "").replace("t[]", "int[]")
    return {"t": "int", "Scalar": "int"}.get(text, text)


def graphs(schema, kinds, values):
    """The operator with all arguments given, and with the last of them as constants."""
    result, names = result_type(schema), [f"%i{number}" for number in range(len(kinds))]

    def text(given, lines):
        inputs = ", ".join(f"{names[i]} : {kinds[i]}" for i in given)
        head = f"%r : {result} = " if result else ""
        body = "".join(f"  {line}\n" for line in lines)
        call = f"  {head}{schema.name}({', '.join(names)})\n"
        return f"graph({inputs}):\n{body}{call}  return ({'%r' if result else names[0]})\n"

    every = list(range(len(kinds)))
    if schema.name in AFFIXES:
        ends = [(2, "prim::Constant[value=0]()"), (3, "prim::Constant[value=-1]()")]
        yield text([0, 1], [f"{names[i]} : int = {constant}" for i, constant in ends]), [0, 1]
    yield text(every, []), every
    last = every[-1]
    constant = literal(kinds[last], values[last])
    if constant is not None and len(every) > 1:
        yield text(every[:-1], [f"{names[last]} : {kinds[last]} = {constant}"]), every[:-1]


def copied(value):
    return value.copy() if isinstance(value, list | dict) else value


def outcome(work, values, is_mutable):
    """What `work` gives of copies of the values, or what it writes to the first of them, or why it fails."""
    given = [copied(value) for value in values]
    try:
        found = work(given)
    except FAILURES as error:
        return "fails", str(getattr(error, "reason", error)).partition("\n")[0]
    seen = given[0] if is_mutable else found
    return type(seen).__name__, repr(seen)


@pytest.mark.parametrize("key", KEYS)
def test_it_gives_and_refuses_what_the_kernel_does(key, monkeypatch):
    schema, kernel, tried, expressed = schema_of(key), find(key).function, 0, 0
    asked = written.Expressions.of

    def counted(self, node, schema):
        nonlocal expressed
        found = asked(self, node, schema)
        expressed += found is not None
        return found

    monkeypatch.setattr(written.Expressions, "of", counted)
    for kinds in types_of(key, schema):
        choices = [values_of(kind) for kind in kinds]
        if schema.name in AFFIXES:
            choices[2:] = [[0], [-1]]
        for values in itertools.product(*choices):
            wanted = outcome(lambda given: kernel(*given), values, schema.is_mutable)
            for text, given in graphs(schema, kinds, values):
                plan = Interpreter().plan_graph(parse_graph(text))
                work = partial(run_on, plan, given)
                assert outcome(work, values, schema.is_mutable) == wanted, f"{text}{values}"
                tried += 1
    assert tried
    assert expressed, "no expression was written for it"


def run_on(plan, places, values):
    return plan.run_for_value([values[place] for place in places])
