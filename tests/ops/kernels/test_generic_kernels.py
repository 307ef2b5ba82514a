"""Kernels of lists, dicts, tuples and text give what scripted functions of one line give."""

import copy
import math

import pytest

from jitcore.ops.kernels import TorchScriptError, find

INTS = [[], [1], [3, 1, 2]]
TABLES = [{}, {"a": 1}, {"b": 2, "a": 1}]

# key of the kernel; annotations of the arguments; body of the scripted function; arguments
CASES = [
    ("aten::len.t", "a: List[int]", "return len(a)", INTS),
    (
        "aten::__getitem__.t", "a: List[int], i: int", "return a[i]",
        [(x, i) for x in INTS for i in (0, -1, 2, 3, -4)],
    ),
    ("aten::append.t", "a: List[int], b: int", "a.append(b)\n  return a", [(x, 9) for x in INTS]),
    ("aten::extend.t", "a: List[int], b: List[int]", "a.extend(b)", [(x, [7, 8]) for x in INTS]),
    (
        "aten::insert.t", "a: List[int], i: int, b: int", "a.insert(i, b)",
        [(x, i, 9) for x in INTS for i in (0, 1, -1, 9, -9)],
    ),
    (
        "aten::pop.t", "a: List[int], i: int", "return a.pop(i)",
        [(x, i) for x in INTS for i in (0, -1, 2, 5, -5)],
    ),
    ("aten::Delete.t", "a: List[int], i: int", "del a[i]", [(x, i) for x in INTS for i in (0, -1, 5)]),
    (
        "aten::_set_item.t", "a: List[int], i: int, b: int", "a[i] = b\n  return a",
        [(x, i, 9) for x in INTS for i in (0, -1, 5)],
    ),
    ("aten::clear.t", "a: List[int]", "a.clear()", INTS),
    ("aten::reverse.t", "a: List[int]", "a.reverse()", INTS),
    ("aten::copy.t", "a: List[int]", "return a.copy()", INTS),
    ("aten::list.t", "a: List[int]", "return list(a)", INTS),
    ("aten::add.t", "a: List[int], b: List[int]", "return a + b", [(x, [5]) for x in INTS]),
    ("aten::add_.t", "a: List[int], b: List[int]", "a += b\n  return a", [(x, [5]) for x in INTS]),
    ("aten::mul.left_t", "a: List[int], n: int", "return a * n", [(x, n) for x in INTS for n in (0, 1, 3)]),
    (
        "aten::mul_.t", "a: List[int], n: int", "a *= n\n  return a",
        [(x, n) for x in INTS for n in (-1, 0, 1, 3)],
    ),
    (
        "aten::slice.t", "a: List[int], b: Optional[int], c: Optional[int], d: int", "return a[b:c:d]",
        [
            (x, b, c, d)
            for x in INTS for b in (None, 0, 1, -1, 9) for c in (None, 2, -1, -9) for d in (1, 2, -1, -2, 0)
        ],
    ),
    ("aten::len.Dict_str", "a: Dict[str, int]", "return len(a)", TABLES),
    ("aten::keys.str", "a: Dict[str, int]", "return list(a.keys())", TABLES),
    ("aten::values.str", "a: Dict[str, int]", "return list(a.values())", TABLES),
    ("aten::items.str", "a: Dict[str, int]", "return list(a.items())", TABLES),
    ("aten::__getitem__.Dict_str", "a: Dict[str, int], k: str", "return a[k]", [(x, "a") for x in TABLES]),
    ("aten::__getitem__.Dict_int", "a: Dict[int, int], k: int", "return a[k]", [({1: 2}, 1), ({1: 2}, 3)]),
    (
        "aten::__getitem__.Dict_float", "a: Dict[float, int], k: float", "return a[k]",
        [({1.5: 2}, 1.5), ({1.5: 2}, 3.0)],
    ),
    ("aten::get.str", "a: Dict[str, int], k: str", "return a.get(k)", [(x, "a") for x in TABLES]),
    (
        "aten::get.default_str", "a: Dict[str, int], k: str, d: int", "return a.get(k, d)",
        [(x, "a", 7) for x in TABLES],
    ),
    (
        "aten::setdefault.str", "a: Dict[str, int], k: str, d: int", "return a.setdefault(k, d)",
        [(x, "a", 7) for x in TABLES],
    ),
    ("aten::_set_item.str", "a: Dict[str, int], k: str, d: int", "a[k] = d", [(x, "a", 7) for x in TABLES]),
    ("aten::Delete.Dict_str", "a: Dict[str, int], k: str", "del a[k]", [(x, "a") for x in TABLES]),
    ("aten::pop.Dict_str", "a: Dict[str, int], k: str", "return a.pop(k)", [(x, "a") for x in TABLES]),
    (
        "aten::pop.Dict_default_str", "a: Dict[str, int], k: str, d: int", "return a.pop(k, d)",
        [(x, "a", 7) for x in TABLES],
    ),
    ("aten::popitem.str", "a: Dict[str, int]", "return a.popitem()", TABLES),
    ("aten::clear.str", "a: Dict[str, int]", "a.clear()", TABLES),
    (
        "aten::update.str", "a: Dict[str, int], b: Dict[str, int]", "a.update(b)",
        [(x, {"a": 5, "z": 6}) for x in TABLES],
    ),
    ("aten::copy.Dict_str", "a: Dict[str, int]", "return a.copy()", TABLES),
    ("aten::dict.str", "a: List[Tuple[str, int]]", "return dict(a)", [[], [("x", 1), ("y", 2), ("x", 3)]]),
    ("aten::__contains__.str", "a: Dict[str, int], k: str", "return k in a", [(x, "a") for x in TABLES]),
    (
        "aten::str", "a: float", "return str(a)",
        [0.0, -0.0, 1.0, 0.1, 1 / 3, 1e16, 1e19, 5e-324, 1e-7, math.inf, -math.inf, math.nan],
    ),
    ("aten::str", "a: int", "return str(a)", [0, -5, 2**62]),
    ("aten::str", "a: bool", "return str(a)", [True, False]),
    (
        "aten::str", "a: complex", "return str(a)",
        [1 + 2j, 1.5 - 0.1j, complex(0, -0.0), complex(1, math.inf)],
    ),
    ("aten::str", "a: List[str]", "return str(a)", [["a", "b"], []]),
    ("aten::str", "a: List[float]", "return str(a)", [[1.0, 0.5], []]),
    ("aten::str", "a: Tuple[int]", "return str(a)", [((1,),)]),
    ("aten::str", "a: Tuple[int, str]", "return str(a)", [((1, "x"),)]),
    ("aten::str", "a: Dict[str, float]", "return str(a)", [{"a": 1.0, "b": 0.25}, {}]),
    ("aten::str", "a: Optional[int]", "return str(a)", [None, 3]),
    (
        "aten::format", "s: str, a: int, b: float", "return s.format(a, b)",
        [(s, 3, 0.5) for s in ("{} {}", "{}", "{}{}{}", "", "x{ }{}")],
    ),
    ("aten::percentFormat", "s: str, a: Tuple[int, float, str]", "return s % a", [
        (s, (65, 2.7, "x")) for s in (
            "%d %d %s", "%i|%f|%s", "%e %E %c", "%c %F %s", "%s%s%s", "%%%d %d %s", "%d %d",
            "%d %d %s %d", "%d %d %", "%5d %d %s", "%g %d %s", "%d %d %d", "%f %f %f", "%d %c %s",
        )
    ]),
    (
        "aten::percentFormat", "s: str, a: float", "return s % a",
        [("%d", 1e10), ("%f", 1e10), ("%e", 0.1), ("%s", 0.1), ("%d", -2.5)],
    ),
    ("aten::percentFormat", "s: str, a: bool", "return s % a", [("%d", True), ("%s", True), ("%f", False)]),
    ("aten::hash.generic", "a: int", "return hash(a)", [0, 5, -1, 2**62]),
    ("aten::hash.generic", "a: float", "return hash(a)", [0.0, -0.0, 1.5, math.inf]),
    ("aten::hash.generic", "a: bool", "return hash(a)", [True, False]),
    ("aten::hash.generic", "a: str", "return hash(a)", ["", "abc", "12345678", "longer than a word", "é"]),
    ("aten::hash.generic", "a: Tuple[int, str]", "return hash(a)", [((1, "a"),), ((-1, ""),)]),
    ("aten::hash.generic", "a: Optional[int]", "return hash(a)", [None, 3]),
    (
        "aten::__is__", "a: Optional[int], b: Optional[int]", "return a is b",
        [(None, None), (1, None), (1, 1), (1, 2)],
    ),
    (
        "aten::__isnot__", "a: Optional[int], b: Optional[int]", "return a is not b",
        [(None, None), (1, None), (1, 1)],
    ),
]  # fmt: skip


def scripted(annotations, body):
    import torch

    return torch.jit.CompilationUnit(f"def f({annotations}):\n  {body}\n").f


def outcome(function, arguments):
    import torch

    arguments = copy.deepcopy(arguments)
    try:
        result = function(*arguments)
    except TorchScriptError as error:
        return "refused", str(error), arguments
    except (torch.jit.Error, RuntimeError, IndexError) as error:
        return "refused", str(error).strip().rpartition("\n")[2].rpartition("RuntimeError: ")[2], arguments
    return "result", result, arguments


@pytest.mark.parametrize(("key", "annotations", "body", "arguments"), CASES)
def test_a_generic_kernel_does_what_a_scripted_function_does(key, annotations, body, arguments):
    changes_only = "return" not in body
    function = scripted(annotations, body + ("\n  return a" if changes_only else ""))
    kernel = find(key)
    for given in arguments:
        values = list(given) if isinstance(given, tuple) else [given]
        kind, ours, changed = outcome(kernel, values)
        their_kind, theirs, _ = outcome(function, values)
        assert kind == their_kind, (values, ours, theirs)
        if kind == "refused":
            assert ours in theirs, (values, ours, theirs)
        else:
            assert repr(changed[0] if changes_only else ours) == repr(theirs), values
