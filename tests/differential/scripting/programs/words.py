"""Strings, numbers and containers as different people use them."""

import math
from typing import Dict, List, Optional, Tuple, Union
import torch
from torch import Tensor
from torch.nn.modules.utils import _pair, _single, _triple
from tests.differential.corpus.language.programs import Programs

programs = Programs()
X = torch.linspace(-1, 1, 12).reshape(3, 4)


@programs.script(("Hello, World",), ("",))
def questions(s: str) -> List[bool]:
    return [s.isalpha(), s.isdigit(), s.islower(), s.isupper(), s.isspace(), s.istitle(), s.isalnum(), s.isidentifier(), s.isprintable(), s.isnumeric(), s.isdecimal()]


@programs.script(("hello, World",))
def cases_of_letters(s: str) -> List[str]:
    return [s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase()]


@programs.script(("ab",))
def justified(s: str) -> List[str]:
    return [s.ljust(5), s.rjust(5), s.center(5), s.zfill(5), s.ljust(5, "*"), s.rjust(5, "*"), s.center(6, "*"), s.expandtabs()]


@programs.script(("  xyx  ",))
def stripped(s: str) -> List[str]:
    return [s.strip(), s.lstrip(), s.rstrip(), s.strip(" x"), s.lstrip(" x"), s.rstrip("x ")]


@programs.script(("a,b,,c",))
def split_ways(s: str) -> List[List[str]]:
    return [s.split(","), s.split(",", 1), s.rsplit(",", 1), s.split(), s.splitlines()]


@programs.script(("a=b=c",), ("abc",))
def partitioned(s: str) -> Tuple[str, str, str, str]:
    head, sign, tail = s.partition("=")
    return head, sign, tail, s.rpartition("=")[0]


@programs.script(("abcabc", "bc"), ("abc", "z"))
def found_at(s: str, part: str) -> List[int]:
    return [s.find(part), s.rfind(part), s.count(part), s.find(part, 2), s.find(part, 0, 2), s.rfind(part, 0, 3)]


@programs.script(("abcabc", "bc"), ("abc", "z"))
def index_of(s: str, part: str) -> int:
    return s.index(part) + s.rindex(part)


@programs.script(("abcabc",))
def starts_and_ends(s: str) -> List[bool]:
    return [s.startswith("ab"), s.endswith("bc"), s.startswith("b", 1), s.endswith("b", 0, 2), "ca" in s, "x" not in s]


@programs.script(("abcabc",))
def replaced(s: str) -> str:
    return s.replace("a", "x") + s.replace("b", "", 1) + s + s


@programs.script(("abcdef",))
def string_slices(s: str) -> List[str]:
    return [s[1], s[-1], s[1:], s[:-1], s[::2], s[4:1:-1], s[::-1], s[1:5:2]]


@programs.script((["a", "b"],), ([],))
def joined(parts: List[str]) -> str:
    return "-".join(parts) + ", ".join([p.upper() for p in parts])


@programs.script((3, 2.5, "x", True))
def formatted(i: int, f: float, s: str, b: bool) -> List[str]:
    return [f"{i} {f} {s} {b}", "{} {}".format(i, f), "%d %f %s" % (i, f, s), "%s" % i, "{}".format([i, i]), f"{{{i}}} {i + 1}"]


@programs.script((3, 2.5))
def percent_formats(i: int, f: float) -> str:
    return "%d%% %i %f %e %g %c %x %s" % (i, i, f, f, f, "c", 255, "s")


@programs.script(("a",), ("c",))
def string_order(s: str) -> List[bool]:
    return [s < "b", s > "b", s <= "b", s >= "b", s == "b", s != "b"]


@programs.script(("12", "-3"))
def parsed(a: str, b: str) -> Tuple[int, float, int, bool]:
    return int(a), float(b), int(b), bool(a)


@programs.script((65, "a"))
def codes(i: int, s: str) -> Tuple[str, int, str, str, str]:
    return chr(i), ord(s), hex(i), oct(i), bin(i)


@programs.script(("abc",))
def over_letters(s: str) -> Dict[str, int]:
    out: Dict[str, int] = {}
    for i, c in enumerate(s):
        out[c] = i
    for c in s:
        out[c + c] = ord(c)
    return out


@programs.script(("abc",))
def letters_listed(s: str) -> List[str]:
    return list(s) + [c for c in s]


@programs.script(("a'b\"c\n",), ("\t\\é",))
def quoted(s: str) -> str:
    return s + 'single\'' + "double\"" + "\n\t\\" + r"raw\n" + """three
lines"""


@programs.script(("x",))
def glued(s: str) -> str:
    return "a" "b" f"{s}" "c"


@programs.script((7, 2), (-7, 2), (7, -2))
def int_arithmetic(a: int, b: int) -> List[float]:
    return [float(a // b), float(a % b), a / b, float(a * b), float(a**2), float(divmod(a, b)[0]), float(divmod(a, b)[1]), float(-a), float(abs(a)), float(pow(a, 2))]


@programs.script((7, 2), (-7, 3))
def bits(a: int, b: int) -> List[int]:
    return [a & b, a | b, a ^ b, a << b, a >> 1]


@programs.script((7.5, 2.0), (-7.5, 2.0))
def float_arithmetic(a: float, b: float) -> List[float]:
    return [a // b, a % b, a / b, a**b, round(a), float(math.floor(a)), float(math.ceil(a)), abs(a), max(a, b), min(a, b)]


@programs.script((0.5,))
def maths(a: float) -> List[float]:
    return [math.sin(a), math.cos(a), math.tan(a), math.asin(a), math.acos(a), math.atan(a), math.sinh(a), math.cosh(a), math.tanh(a), math.exp(a), math.expm1(a), math.log(a), math.log1p(a), math.log10(a), math.sqrt(a), math.erf(a), math.erfc(a), math.gamma(a), math.lgamma(a), math.degrees(a), math.radians(a), math.fabs(a), math.pi, math.e, math.tau, math.inf]


@programs.script((0.5, 3.0))
def maths_of_two(a: float, b: float) -> Tuple[float, float, float, float, float, float, Tuple[float, float]]:
    return math.pow(a, b), math.atan2(a, b), math.fmod(b, a), math.copysign(a, -b), math.ldexp(a, 3), math.remainder(b, a), math.modf(b)


@programs.script((12, 18))
def maths_of_ints(a: int, b: int) -> Tuple[int, int, bool, bool, float]:
    return math.gcd(a, b), math.factorial(5), math.isnan(float(a)), math.isinf(float(b)), math.log(a, b)


@programs.script((1 + 2j,))
def complex_parts(c: complex) -> Tuple[float, float, complex, float, complex]:
    return abs(c), abs(-c), c * 2, abs(c), complex(1.0, 2) - c


@programs.script((3,))
def complex_made(i: int) -> List[complex]:
    a = complex(i)
    b = complex(i, 1.5)
    return [a, b, a + b, a * 1j, a / b, 2j]


@programs.script(([1, 2],))
def list_methods(v: List[int]) -> Tuple[List[int], int, int, int]:
    v.append(3)
    v.extend([4, 5])
    v.insert(0, 9)
    last = v.pop()
    first = v.pop(0)
    v.remove(2)
    v.reverse()
    w = v.copy()
    w.clear()
    return v, last + first, v.count(1), v.index(3)


@programs.script(([3, 1, 2],))
def list_functions(v: List[int]) -> Tuple[List[int], int, int, int, int, bool, bool]:
    return sorted(v), min(v), max(v), sum(v), len(v), any([x > 2 for x in v]), all([x > 2 for x in v])


@programs.script(([2.5, 1.0],), ([float("nan"), 1.0],))
def float_list_functions(v: List[float]) -> Tuple[List[float], float, float, float]:
    return sorted(v), min(v), max(v), sum(v)


@programs.script(([True, False],), ([],))
def any_and_all(v: List[bool]) -> Tuple[bool, bool]:
    return any(v), all(v)


@programs.script((["b", "a"],))
def sorted_words(v: List[str]) -> Tuple[List[str], List[str]]:
    w = sorted(v)
    v.sort(reverse=True)
    return w, v


@programs.script(([1, 2, 3, 4, 5],))
def list_slices(v: List[int]) -> List[List[int]]:
    return [v[:2], v[-2:], v[::2], v[::-1], v[4:1:-2], v[10:], v[-100:2], v[1:1]]


@programs.script(([1, 2, 3, 4, 5],))
def list_slice_assigned(v: List[int]) -> List[int]:
    v[0] += 10
    v[-1] = v[-2]
    return v


@programs.script(([1, 2, 3],))
def deleted(v: List[int]) -> List[int]:
    del v[0]
    d = {"a": 1, "b": 2}
    del d["a"]
    v.append(len(d))
    return v


@programs.script(([1, 2], [2, 3]))
def list_operators(a: List[int], b: List[int]) -> Tuple[List[int], List[int], bool, bool, bool, bool]:
    c = a + b
    a += b
    return c, a * 2, a == b, a != b, 2 in a, 5 not in b


@programs.script(([[1, 2], [3]],))
def nested_lists(v: List[List[int]]) -> List[int]:
    v[0][1] = 5
    v[1].append(4)
    flat: List[int] = []
    for row in v:
        for x in row:
            flat.append(x)
    flat += [len(r) for r in v]
    return flat


@programs.script(({"a": 1, "b": 2},))
def dict_methods(d: Dict[str, int]) -> Tuple[List[str], List[int], int, int, int, bool]:
    x = d.pop("a")
    d.update({"c": 3})
    y = d.setdefault("z", 26)
    z = d.get("q", -1)
    return list(d.keys()), list(d.values()), x, y, z, "b" in d


@programs.script(({"a": 1, "b": 2},))
def dict_loops(d: Dict[str, int]) -> Tuple[str, int]:
    names = ""
    total = 0
    for k in d:
        names += k
    for k in d.keys():
        names += k
    for v in d.values():
        total += v
    for k, v in d.items():
        names += k + str(v)
    return names, total + len(d)


@programs.script(({1: "a"},), ({},))
def maybe_get(d: Dict[int, str]) -> str:
    v = d.get(1)
    if v is None:
        return "none"
    return v + "!"


@programs.script((3,))
def dict_made(n: int) -> Dict[int, List[int]]:
    d = {i: [i] for i in range(n)}
    e = {7: [1]}
    f: Dict[int, List[int]] = dict()
    f[1] = [2]
    d.update(e)
    d.update(f)
    return d


@programs.script(({"a": 1.0},))
def dict_copied(d: Dict[str, float]) -> Tuple[int, int, Dict[str, float]]:
    e = d.copy()
    e["b"] = 2.0
    k = d.popitem()
    d.clear()
    return len(d), len(e), {k[0]: k[1]}


@programs.script(((1, 2.0, "x"),))
def tuples(t: Tuple[int, float, str]) -> Tuple[Tuple[int, float], str, int, Tuple[float, str]]:
    a, b, c = t
    return (a, b), c + t[2], len(t), t[1:]


@programs.script(((1, (2, 3)),))
def nested_tuples(t: Tuple[int, Tuple[int, int]]) -> int:
    a, (b, c) = t
    (d, e), f = t[1], t[0]
    return a + b * c + d - e + f + t[1][-1]


@programs.script(((1, 2), (1, 3)))
def tuple_comparisons(a: Tuple[int, int], b: Tuple[int, int]) -> Tuple[bool, bool]:
    return a == b, a != b


@programs.script(([1, 2, 3], ["a", "b", "c"]))
def zipped(a: List[int], b: List[str]) -> Tuple[List[str], int]:
    out: List[str] = []
    total = 0
    for x, y in zip(a, b):
        out.append(y + str(x))
    for i, (x, y) in enumerate(zip(a, b)):
        total += i * x + len(y)
    for i, x in enumerate(a, 5):
        total += i * x
    return out, total


@programs.script(([1, 2, 3],))
def reversed_list(a: List[int]) -> List[int]:
    return [x for x in reversed(a)] if False else a[::-1]


@programs.script((4,))
def ranges(n: int) -> List[int]:
    out: List[int] = []
    for i in range(n, 0, -1):
        out.append(i)
    for i in range(1, n, 2):
        out.append(i)
    out.extend(list(range(n)))
    return out


@programs.script((X,))
def list_of_rows(x: Tensor) -> List[Tensor]:
    return list(x)


@programs.script((3, 4))
def chained(a: int, b: int) -> List[bool]:
    return [0 < a < b, a < b <= 4 != a, 0 <= a == 3, not a < b < 2, a == 3 == b - 1]


@programs.script((3, None), (3, 0), (0, 4))
def and_or(a: int, b: Optional[int]) -> Tuple[bool, int]:
    c = b if b is not None and b > 0 else a
    d = b is None or b == 0
    return a > 0 and d or not d, c


@programs.script((5,), (0,))
def ternaries(n: int) -> str:
    return "big" if n > 3 else "small" if n > 0 else "none"


@programs.script((2,), (3,))
def truth(n: int) -> List[bool]:
    return [bool(n), bool(0.0), bool(""), not n, bool([1]) if False else True, bool(torch.ones(1))]


@programs.script((3,))
def pairs_of_numbers(n: int) -> Tuple[List[int], List[float], List[int]]:
    return _single(n), _pair(0.5), _triple(n)


@programs.script((3,))
def pairs_of_numbers_again(n: int) -> Tuple[List[int], List[float], List[int]]:
    # What a call comes to is remembered by the types of its arguments.
    return _single(n), _pair(0.5), _triple(n)


@programs.script((torch.arange(6.0),))
def divided_twice(x: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    return x // 2.0, x // 2.0, x // x


@programs.script()
def dict_of_a_literal_in_a_union() -> Union[Dict[str, int], int]:
    table: Union[Dict[str, int], int] = dict({"a": 1, "c": 3}, b=2)
    return table


@programs.script()
def dict_of_pairs_in_a_union() -> Union[Dict[str, int], int]:
    table: Union[Dict[str, int], int] = dict([("a", 1)])
    return table


@programs.script()
def dict_of_keywords_or_none() -> Optional[Dict[str, int]]:
    table: Optional[Dict[str, int]] = dict(a=1)
    return table


@programs.script(({"a": 1},))
def dict_of_a_dict_or_none(given: Dict[str, int]) -> Optional[Dict[str, int]]:
    table: Optional[Dict[str, int]] = dict(given)
    return table
