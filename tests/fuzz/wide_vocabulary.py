"""What random files are made of: types, and how to make expressions of them."""

PRELUDE = """\
class Mode(Enum):
    FAST = 1
    SLOW = 2


class Pair(NamedTuple):
    first: int
    second: Tensor
    label: str = "none"


class Point(NamedTuple):
    x: float
    names: List[str]
    inner: Optional[int] = None


"""
TYPES = (
    "int", "float", "bool", "str", "Tensor", "List[int]", "List[str]", "List[Tensor]", "List[List[int]]",
    "Dict[str, int]", "Dict[int, List[int]]", "Dict[str, Tensor]", "Optional[int]", "Optional[Tensor]",
    "Optional[str]", "Union[int, str]", "Tuple[int, float]", "Tuple[Tensor, int]", "Tuple[int, Tuple[str, int]]",
    "Pair", "Point", "Box", "List[Box]", "Optional[Box]", "Mode", "complex", "Any",
)  # fmt: skip
GIVEN = {
    "int": 3, "float": 1.5, "bool": True, "str": "word", "List[int]": [4, 5, 6], "Optional[int]": None,
    "Tuple[int, float]": (7, 0.25), "Dict[str, int]": {"a": 1, "z": 9}, "List[str]": ["x", "yz"],
    "List[List[int]]": [[1], [2, 3]], "Dict[int, List[int]]": {1: [2], 0: []}, "Optional[str]": "maybe",
    "Union[int, str]": "either", "Tuple[int, Tuple[str, int]]": (1, ("t", 2)), "complex": 1 + 2j,
}  # fmt: skip
"""What parameters are called with."""
LITERALS = {
    "int": ("0", "1", "3", "-2", "7"), "float": ("0.5", "2.0", "-1.25"), "bool": ("True", "False"),
    "str": ("'a'", "'text'", "''"), "Tensor": ("torch.ones(2, 3)", "torch.zeros([2, 3])", "torch.tensor(2.0)"),
    "List[int]": ("[1, 2]", "[3]"), "List[str]": ("['a', 'b']", "['c']"), "List[Tensor]": ("[torch.ones(2)]",),
    "List[List[int]]": ("[[1, 2], [3]]",), "Dict[str, int]": ("{'a': 1}", "{'b': 2, 'c': 3}"),
    "Dict[int, List[int]]": ("{1: [2]}",), "Dict[str, Tensor]": ("{'a': torch.ones(2)}",),
    "Optional[int]": ("None", "4"), "Optional[Tensor]": ("None", "torch.ones(1)"), "Optional[str]": ("None", "'o'"),
    "Union[int, str]": ("1", "'u'"), "Tuple[int, float]": ("(1, 2.5)",), "Tuple[Tensor, int]": ("(torch.ones(2), 1)",),
    "Tuple[int, Tuple[str, int]]": ("(1, ('a', 2))",), "Pair": ("Pair(1, torch.ones(2))",),
    "Point": ("Point(0.5, ['a'])", "Point(x=1.5, names=['b'], inner=2)"), "Box": ("Box(1)", "Box(2, 'named')"),
    "List[Box]": ("[Box(1), Box(2)]",), "Optional[Box]": ("None", "Box(3)"), "Mode": ("Mode.FAST", "Mode.SLOW"),
    "complex": ("1j", "complex(1.0, 2.0)"), "Any": ("1", "'any'", "torch.ones(2)"),
}  # fmt: skip
# How to make an expression of a type of others: what stands in braces is an expression of that type.
FORMS = {
    "int": ("{int} + {int}", "{int} * {int}", "{int} - {int}", "len({List[int]})", "int({float})", "abs({int})",
            "{int} if {bool} else {int}", "max({int}, {int})", "{Tuple[int, float]}[0]", "len({str})", "-{int}",
            "sum({List[int]})", "{Tensor}.dim()", "{int} % 7", "{int} // 3", "{Dict[str, int]}.get('a', {int})",
            "len({Dict[int, List[int]]})", "{Pair}.first", "{Box}.size", "{Box}.grown({int}).size", "{Box}.total",
            "{Tuple[int, Tuple[str, int]]}[1][1]", "helper({int}, {float})", "helper({int})", "{Tensor}.numel()",
            "helper(b={float}, a={int})", "{Mode}.value", "len({List[Box]})", "ord('x')", "int({int} ** 2)",
            "min([{int}, {int}])", "int({str} == {str})", "{int} & {int}", "{int} | 4", "{int} << 1",
            "{List[List[int]]}[0][0]", "Box.made({int})", "int(round({float}))", "{str}.find({str})", "{str}.count('a')"),
    "float": ("{float} + {float}", "{float} * {int}", "{int} / 2", "float({int})", "{Tuple[int, float]}[1]",
              "math.sqrt(abs({float}))", "{float} if {bool} else {float}", "{float} ** 2", "-{float}", "{Point}.x",
              "max({float}, {float})", "float({Tensor}.sum())", "{Tensor}.mean().item()", "abs({complex})", "math.pi",
              "min({float}, 0.5)", "math.floor({float}) * 1.0"),
    "bool": ("{int} < {int}", "{int} == {int}", "{bool} and {bool}", "{bool} or {bool}", "not {bool}",
             "{int} in {List[int]}", "{int} not in {List[int]}", "0 < {int} <= {int}", "{str} == {str}",
             "{Optional[int]} is None", "{float} >= {float}", "bool({int})", "{str} in {Dict[str, int]}",
             "{Mode} == Mode.FAST", "{str}.startswith({str})", "bool(({Tensor} > 0).any())", "any([{bool}, {bool}])",
             "{Box} == {Box}", "{List[int]} == {List[int]}", "isinstance({Union[int, str]}, int)", "all([{bool}])",
             "{Optional[Box]} is not None", "{str} != {str}", "{str} < {str}", "hasattr({Box}, 'size')"),
    "str": ("{str} + {str}", "str({int})", "f'{{{int}}} and {{{bool}}}'", "{str}.upper()", "'%d' % {int}",
            "'{{}}'.format({float})", "{str} if {bool} else {str}", "{str}[1:]", "{Pair}.label", "{Box}.name",
            "','.join({List[str]})", "{Tuple[int, Tuple[str, int]]}[1][0]", "{str}.replace('a', {str})",
            "{Mode}.name", "str({bool})", "{str}[::2]", "{str}.strip()", "'%s-%s' % ({str}, {int})"),
    "Tensor": ("{Tensor} + {Tensor}", "{Tensor} * {float}", "torch.relu({Tensor})", "{Tensor}.sum()", "-{Tensor}",
               "torch.add({Tensor}, {Tensor}, alpha={int})", "F.relu({Tensor})", "torch.tensor({List[int]})",
               "{Tensor} if {bool} else {Tensor}", "torch.clamp({Tensor}, min={float})", "{Pair}.second", "{int} - {Tensor}",
               "torch.full([2, {int} % 3 + 1], {float})", "{Box}({Tensor})", "{Tuple[Tensor, int]}[0]", "{Tensor}.to(torch.float)",
               "{Dict[str, Tensor]}['a']", "{Tensor}.flatten()[0]", "{Tensor}[..., None]", "torch.arange({int})", "{Tensor}.abs().max()",
               "torch.stack([{Tensor}.sum(), {Tensor}.sum()])", "{Tensor}.reshape([-1])[:2]", "{Tensor}.unsqueeze(0)",
               "torch.zeros_like({Tensor})", "({Tensor} > {float})", "{List[Tensor]}[0]", "{Tensor} ** 2", "~({Tensor} > 0)"),
    "List[int]": ("[{int}, {int}]", "{List[int]} + {List[int]}", "[x{n} + {int} for x{n} in {List[int]}]",
                  "[i{n} for i{n} in range({int} % 5)]", "{List[int]}[1:]", "sorted({List[int]})", "{List[int]}[::-1]",
                  "list(range({int} % 4))", "[len(s{n}) for s{n} in {List[str]}]", "{Tensor}.size()", "[{int}] * 2",
                  "[b{n}.size for b{n} in {List[Box]}]", "list({Dict[str, int]}.values())", "{List[int]}.copy()"),
    "List[str]": ("[{str}, {str}]", "{str}.split({str} + ',')", "list({Dict[str, int]}.keys())", "{Point}.names",
                  "[str(i{n}) for i{n} in {List[int]}]", "{List[str]} + {List[str]}", "sorted({List[str]})"),
    "List[Tensor]": ("[{Tensor}, {Tensor}]", "[t{n} * {float} for t{n} in {List[Tensor]}]", "list({Tensor}.reshape([-1]).unbind())",
                     "{Tensor}.reshape([-1]).split(2)"),
    "List[List[int]]": ("[{List[int]}, {List[int]}]", "[[{int}] for x{n} in {List[int]}]", "[r{n}[:1] for r{n} in {List[List[int]]}]"),
    "Dict[str, int]": ("{{{str}: {int}}}", "{{'k{n}': {int}, 'a': {int}}}", "{{str(i{n}): i{n} for i{n} in {List[int]}}}",
                       "{Dict[str, int]}.copy()"),
    "Dict[int, List[int]]": ("{{{int}: {List[int]}}}", "{{i{n}: [{int}] for i{n} in {List[int]}}}"),
    "Dict[str, Tensor]": ("{{'a': {Tensor}, {str}: {Tensor}}}",),
    "Optional[int]": ("{int} if {bool} else None", "{int}", "{Dict[str, int]}.get({str})", "{Point}.inner", "{Box}.maybe({int})"),
    "Optional[Tensor]": ("{Tensor} if {bool} else None", "{Tensor}"),
    "Optional[str]": ("{str} if {bool} else None", "{str}"),
    "Union[int, str]": ("{int}", "{str}"),
    "Tuple[int, float]": ("({int}, {float})", "tupled({int})"),
    "Tuple[Tensor, int]": ("({Tensor}, {int})",),
    "Tuple[int, Tuple[str, int]]": ("({int}, ({str}, {int}))",),
    "Pair": ("Pair({int}, {Tensor})", "Pair({int}, second={Tensor}, label={str})"),
    "Point": ("Point({float}, {List[str]})", "Point({float}, {List[str]}, inner={int})"),
    "Box": ("Box({int})", "Box({int}, name={str})", "{Box}.grown({int})", "{Box} + {Box}"),
    "List[Box]": ("[{Box}, {Box}]", "[Box(i{n}) for i{n} in {List[int]}]"),
    "Optional[Box]": ("{Box} if {bool} else None", "{Box}"),
    "Mode": ("Mode.FAST if {bool} else Mode.SLOW",),
    "complex": ("{complex} + {complex}", "{complex} * {float}", "complex({float}, {int})", "{complex} - {int}"),
    # A list for Any ends torch's process.
    "Any": ("{int}", "{str}", "{Tensor}"),
}  # fmt: skip
SPOILT = (
    "unknown", "lambda q: q", "{1, 2}", "None", "len", "torch", "...", "self", "Box", "Pair()", "Mode.NONE", "[]", "{}",
    "()", "(yield)", "[*[1]]", "b'x'", "print", "x if x else y", "Box(1).nothing", "helper()", "helper(1, 2, 3)", "math",
    "Pair(1, 2)", "(1).real", "'a'[0:'b']", "torch.nothing(1)", "torch.ones", "Optional[int]", "not", "1 2", "f'{1!r}'",
    "super()", "type(1)", "[1, 'a']", "{'a': 1, 'b': 'c'}", "[i for i in range(3) if i]", "(i for i in [1])", "{i for i in [1]}",
    "helper(*[1])", "helper(**{})", "Mode", "Mode.FAST.nothing", "1 if True else 'a'", "None + 1", "[None, 1]", "1 @ 2",
    "torch.ones(2) @ torch.ones(2)", "1 is 1", "'a' is None", "int", "int()", "int('a', 2)", "round(1.5, 1)", "sorted([1], key=None)",
    "max()", "max([1], 2)", "sum(1)", "enumerate([1])", "zip([1])", "range(3)", "reversed([1])", "[1][0, 1]", "(1, 2)[5]", "(1, 2)[0:1]",
    "torch.ones(2)[None, ..., ...]", "torch.ones(2)['a']", "{'a': 1}[0]", "'%d' % 'a'", "'{} {}'.format(1)", "[[]]", "[1] * 1.5",
    "-'a'", "~1.5", "not []", "1 < 'a'", "1 < 2 < 'a'", "None == 1", "1 and 2", "1 or None", "[1] + ['a']", "[1] + (1,)", "(1,) + (2,)",
    "1j < 2j", "Box(1) < Box(2)", "Box(1)[0]", "Box('a')", "Box(size=1, size2=2)", "Pair(1, torch.ones(1), 'a', 2)", "Point", "abs",
    "print(1)", "torch.float", "torch.device('cpu')", "torch.Size([1])", "(1).bit_length()", "'a'.nothing()", "'a'.join([1])",
    "[1].append(2)", "[1].pop(0, 1)", "{'a': 1}.get()", "{'a': 1}.items()", "{}.keys()", "isinstance(1, 2)", "isinstance(1)", "hasattr(1, 'a')",
    "getattr(Box(1), 'size')", "id(1)", "open('a')", "eval('1')", "input()", "math.nothing", "math.sqrt('a')", "math.sqrt()", "F.nothing",
    "F.relu()", "F.relu(1)", "torch.jit.annotate(int, 'a')", "torch.jit.annotate(List[int], [])", "torch.jit.is_scripting()", "torch.Tensor", "any(1)",
)  # fmt: skip
SPOILT_STATEMENTS = ("pass", "break", "continue", "return", "global a", "import os", "x: int", "del v1", "assert False, 1",
    "raise ValueError", "raise 1", "yield 1", "def g(): pass", "class A: pass", "v1 += 'a'", "v1.size = 2",
    "v1, v2 = 1", "v1 = v2 = 3", "v1[0] = 'a'", "(v1) = 2", "[v1, v2] = 1, 2", "v1, *v2 = (1, 2, 3)", "v3: List = []",
    "with torch.no_grad() as g: pass", "return 1", "return None", "try: pass|except: pass",
    "for i in range(2): pass|else: v1 = 1", "for i in 3: pass", "for i, j in [1, 2]: pass",
    "for i in {'a': 1}.items(): v9 = i[0]", "while 'a': break", "if []: pass", "if None: pass", "assert None", "print(1, sep='')",
    "v8: int = 'a'", "v8: Optional[int] = None", "v8: Union[int, str] = 1.5", "v8: nothing = 1", "nonlocal q", "async def g(): pass")  # fmt: skip
