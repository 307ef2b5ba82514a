"""Random programs of a person's Python: well-typed ones, and ones in which something has been exchanged."""

import random
from collections.abc import Callable

TYPES = (
    "int",
    "float",
    "bool",
    "str",
    "List[int]",
    "Tensor",
    "Optional[int]",
    "Tuple[int, float]",
    "Dict[str, int]",
)
SPOILT = ("unknown", "lambda q: q", "{1, 2}", "None", "p0.frob", "len", "torch", "f(1)", "...")
LITERALS = {
    "int": ("0", "1", "3", "-2", "7"),
    "float": ("0.5", "2.0", "-1.25"),
    "bool": ("True", "False"),
    "str": ("'a'", "'text'", "''"),
    "List[int]": ("[1, 2]", "[3]", "[0, 5, 2]"),
    "Tensor": ("torch.ones(2, 3)", "torch.zeros([2, 3])"),
    "Optional[int]": ("None", "4"),
    "Tuple[int, float]": ("(1, 2.5)",),
    "Dict[str, int]": ("{'a': 1}", "{'b': 2, 'c': 3}"),
}
ARGUMENTS = {
    "int": 3, "float": 1.5, "bool": True, "str": "word", "List[int]": [4, 5, 6], "Optional[int]": None,
    "Tuple[int, float]": (7, 0.25), "Dict[str, int]": {"a": 1, "z": 9},
}  # fmt: skip
# How to make an expression of a type from expressions of others; a letter stands for one of that type.
FORMS = {
    "int": ("{int} + {int}", "{int} * {int}", "{int} - {int}", "len({list})", "{list}[0]", "int({float})",
            "{int} if {bool} else {int}", "max({int}, {int})", "{tuple}[0]", "abs({int})", "len({str})",
            "sum({list})", "{tensor}.dim()", "-{int}", "({int} + {int}) % 7", "{int} // 3", "{dict}['a']",
            "len({dict})", "sorted({list})[0]"),
    "float": ("{float} + {float}", "{float} * {int}", "{int} / 2", "float({int})", "{tuple}[1]",
              "math.sqrt(abs({float}))", "{float} if {bool} else {float}", "{float} ** 2", "-{float}"),
    "bool": ("{int} < {int}", "{int} == {int}", "{bool} and {bool}", "{bool} or {bool}", "not {bool}",
             "{int} in {list}", "{int} not in {list}", "{int} < {int} < {int}", "{str} == {str}",
             "{optional} is None", "{float} >= {float}", "bool({int})", "{str} in {dict}"),
    "str": ("{str} + {str}", "str({int})", "f'{{{int}}} and {{{str}}}'", "{str}.upper()", "'%d' % {int}",
            "'{{}}'.format({float})", "{str} if {bool} else {str}", "{str}[1:]", "{str} * 2"),
    "List[int]": ("[{int}, {int}]", "{list} + {list}", "[x{n} + 1 for x{n} in {list}]",
                  "[i{n} for i{n} in range({int} % 5)]", "{list}[1:]", "sorted({list})"),
    "Tensor": ("{tensor} + {tensor}", "{tensor} * {float}", "torch.relu({tensor})", "{tensor}.sum()",
               "{tensor}.abs()", "torch.add({tensor}, {tensor}, alpha={int})",
               "F.softmax({tensor}, dim=-1)", "{tensor} if {bool} else {tensor}", "-{tensor}",
               "torch.clamp({tensor}, min={float})", "{tensor}.mean(dim=0, keepdim=True)"),
    "Optional[int]": ("{int} if {bool} else None", "{optional}"),
    "Tuple[int, float]": ("({int}, {float})",),
    "Dict[str, int]": ("{{{str}: {int}}}", "{{'k{n}': {int}, 'a': {int}}}"),
}  # fmt: skip
WORDS = {
    "int": "int", "float": "float", "bool": "bool", "str": "str", "list": "List[int]", "tensor": "Tensor",
    "optional": "Optional[int]", "tuple": "Tuple[int, float]", "dict": "Dict[str, int]",
}  # fmt: skip


class Writer:
    """Writes one function; `spoil` may exchange what stands in an expression."""

    def __init__(self, source: random.Random, spoil: float = 0.0) -> None:
        self._random = source
        self._spoil = spoil
        self._lines: list[str] = []
        self._names = 0
        self.arguments: list[object] = []

    def program(self) -> str:
        """The text of a function `f`; its arguments are in `arguments`."""
        choose = self._random
        known: dict[str, str] = {}
        parameters: list[str] = []
        for place in range(choose.randint(1, 4)):
            kind = choose.choice([t for t in TYPES if t in ARGUMENTS])
            known[f"p{place}"] = kind
            parameters.append(f"p{place}: {kind}")
            self.arguments.append(ARGUMENTS[kind])
        self._statements(known, 1, choose.randint(2, 6))
        result = choose.choice(TYPES)
        self._line(1, f"return {self._expression(result, known, 2)}")
        head = f"def f({', '.join(parameters)}) -> {result}:"
        return "\n".join([head, *self._lines]) + "\n"

    def _line(self, depth: int, text: str) -> None:
        self._lines.append("    " * depth + text)

    def _name(self) -> str:
        self._names += 1
        return f"v{self._names}"

    def _statements(self, known: dict[str, str], depth: int, count: int) -> None:
        for _ in range(count):
            kinds: list[Callable[[dict[str, str], int], None]] = [self._assign, self._assign, self._change]
            if depth < 4:
                kinds += [self._branch, self._loop, self._refine]
            self._random.choice(kinds)(known, depth)

    def _assign(self, known: dict[str, str], depth: int) -> None:
        kind = self._random.choice(TYPES)
        name = self._name()
        value = self._expression(kind, known, 2)
        needs_type = kind in ("Optional[int]", "Dict[str, int]") or self._random.random() < 0.3
        self._line(depth, f"{name}: {kind} = {value}" if needs_type else f"{name} = {value}")
        known[name] = kind

    def _change(self, known: dict[str, str], depth: int) -> None:
        targets = [n for n, k in known.items() if k in ("int", "float", "str", "Tensor", "List[int]")]
        if not targets:
            return self._assign(known, depth)
        name = self._random.choice(targets)
        kind = known[name]
        if kind == "List[int]" and self._random.random() < 0.5:
            self._line(depth, f"{name}.append({self._expression('int', known, 1)})")
        elif self._random.random() < 0.5:
            # A list that is added to itself is more than torch can take.
            value = "[8, 9]" if kind == "List[int]" else self._expression(kind, known, 1)
            self._line(depth, f"{name} += {value}")
        else:
            self._line(depth, f"{name} = {self._expression(kind, known, 2)}")
        return None

    def _branch(self, known: dict[str, str], depth: int) -> None:
        self._line(depth, f"if {self._expression('bool', known, 2)}:")
        self._statements(dict(known), depth + 1, self._random.randint(1, 2))
        if self._random.random() < 0.15:
            self._line(depth + 1, f"raise ValueError({self._expression('str', known, 1)})")
        if self._random.random() < 0.5:
            self._line(depth, "else:")
            self._statements(dict(known), depth + 1, self._random.randint(1, 2))

    def _loop(self, known: dict[str, str], depth: int) -> None:
        inner = dict(known)
        name = self._name()
        inner[name] = "int"
        ranges = f"range({self._random.randint(0, 4)})"
        over = self._random.choice((ranges, self._expression("List[int]", known, 1)))
        self._line(depth, f"for {name} in {over}:")
        self._statements(inner, depth + 1, self._random.randint(1, 2))
        if self._random.random() < 0.3:
            self._line(depth + 1, f"if {self._expression('bool', inner, 1)}:")
            self._line(depth + 2, self._random.choice(("break", "continue")))

    def _refine(self, known: dict[str, str], depth: int) -> None:
        optionals = [n for n, k in known.items() if k == "Optional[int]"]
        if not optionals:
            return self._assign(known, depth)
        name = self._random.choice(optionals)
        self._line(depth, f"if {name} is not None:")
        self._statements({**known, name: "int"}, depth + 1, 1)
        return None

    def _expression(self, kind: str, known: dict[str, str], depth: int) -> str:
        choose = self._random
        if choose.random() < self._spoil:
            kind = choose.choice(TYPES)
        if choose.random() < self._spoil / 4:
            return choose.choice(SPOILT)
        names = [n for n, k in known.items() if k == kind]
        if names and choose.random() < 0.5:
            return choose.choice(names)
        if depth == 0:
            return choose.choice(LITERALS[kind])
        if choose.random() < 0.25:
            return choose.choice(LITERALS[kind])
        form = choose.choice(FORMS[kind])
        self._names += 1
        parts = {word: _Parts(self, other, known, depth - 1) for word, other in WORDS.items()}
        return f"({form.format(n=self._names, **parts)})"


class _Parts:
    """Formats as another expression of its type each time."""

    def __init__(self, writer: Writer, kind: str, known: dict[str, str], depth: int) -> None:
        self._writer = writer
        self._kind = kind
        self._known = known
        self._depth = depth

    def __format__(self, specification: str) -> str:
        return self._writer._expression(self._kind, self._known, self._depth)
