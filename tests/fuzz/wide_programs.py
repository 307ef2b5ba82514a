"""Random files of a person's Python: classes, named tuples, modules and functions that use one another."""

import random
from dataclasses import dataclass, field

from tests.fuzz.wide_vocabulary import FORMS, GIVEN, LITERALS, PRELUDE, SPOILT, SPOILT_STATEMENTS, TYPES


@dataclass
class Scope:
    """Where statements stand: the names that are known, what is returned, whether a loop is around."""

    known: dict[str, str]
    result: str
    in_loop: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    def inner(self, **names: str) -> "Scope":
        """The scope of a block within."""
        return Scope({**self.known, **names}, self.result, self.in_loop, self.attributes)


class WideWriter:
    """Writes one file; `spoil` is how often something else than what belongs there is written."""

    def __init__(self, source: random.Random, spoil: float = 0.0) -> None:
        self._random = source
        self._spoil = spoil
        self._lines: list[str] = []
        self._names = 0
        self._small = False
        self.arguments: list[object] = []

    def function_file(self) -> str:
        """A file whose function `f` is compiled; what it is called with is in `arguments`."""
        self._box()
        self._helpers()
        self._function("f", "", 0, self._random.randint(3, 8))
        return PRELUDE + "\n".join(self._lines) + "\n"

    def module_file(self) -> str:
        """A file whose module class `Net` is compiled; what it is called with is in `arguments`."""
        self._box()
        self._helpers()
        choose = self._random
        for kind in ("Leaf", "Twig"):
            self._lines += [f"class {kind}(nn.Module):", "    def __init__(self, k: int = 2):"]
            self._lines += ["        super().__init__()", "        self.k = k", "        self.rate = 0.5"]
            self._lines.append(f"        self.lin = nn.{choose.choice(('Identity', 'ReLU', 'Tanh'))}()")
            self._method(kind, "forward", {"x": "Tensor"}, "Tensor", {"self.k": "int", "self.rate": "float"})
            self._method(
                kind, "extra", {"n": "int"}, choose.choice(("int", "str", "Tensor")), {"self.k": "int"}
            )
        self._lines += ["class Net(nn.Module):"]
        if choose.random() < 0.5:
            self._lines.append("    __constants__ = ['width']")
        self._lines += [
            "    def __init__(self):", "        super().__init__()", "        self.width = 3", "        self.count = 0",
            "        self.leaf = Leaf(3)", "        self.leaves = nn.ModuleList([Leaf(), Twig(), Leaf(4)])",
            "        self.named = nn.ModuleDict({'a': Twig(), 'b': Leaf(2)})",
            "        self.body = nn.Sequential(Leaf(), nn.ReLU(), Twig(5))", "        self.none = None",
            "        self.register_buffer('buffer', torch.ones(3))", "        self.sizes = [1, 2]",
            "        self.weight = nn.Parameter(torch.ones(3))", "        self.table = {'a': 1}",
        ]  # fmt: skip
        state = {"self.width": "int", "self.buffer": "Tensor", "self.weight": "Tensor", "self.sizes": "List[int]",
                 "self.table": "Dict[str, int]"}  # fmt: skip
        if "__constants__" not in "".join(self._lines[-16:]):
            state["self.count"] = "int"
        self._method("Net", "step", {"t": "Tensor", "n": "int"}, "Tensor", state)
        self._function("forward", "self", 1, choose.randint(3, 7), state)
        return PRELUDE + "\n".join(self._lines) + "\n"

    # --- definitions -----------------------------------------------------------------------------

    def _box(self) -> None:
        self._lines += [
            "class Box:", "    def __init__(self, size: int, name: str = 'box'):", "        self.size = size",
            "        self.name = name", "        self.parts: List[int] = [size]", "",
        ]  # fmt: skip
        state = {"self.size": "int", "self.name": "str", "self.parts": "List[int]"}
        self._lines += ["    @staticmethod", "    def made(n: int) -> int:", "        return n + 1", ""]
        self._lines += [
            "    def grown(self, by: int) -> 'Box':",
            "        return Box(self.size + by, self.name)",
            "",
        ]
        self._lines += [
            "    def __add__(self, other: 'Box') -> 'Box':",
            "        return Box(self.size + other.size, 'sum')",
            "",
        ]
        self._lines += [
            "    def __eq__(self, other: 'Box') -> bool:",
            "        return self.size == other.size",
            "",
        ]
        self._lines += [
            "    @property",
            "    def total(self) -> int:",
            "        return self.size + len(self.parts)",
            "",
        ]
        self._small = True
        self._method("Box", "maybe", {"k": "int"}, "Optional[int]", state)
        self._method("Box", "__call__", {"t": "Tensor"}, "Tensor", state)
        self._small = False

    def _helpers(self) -> None:
        self._lines += ["", "def tupled(n: int) -> Tuple[int, float]:", "    return n, n * 0.5", "", ""]
        self._small = True
        self._lines.append("def helper(a: int, b: float = 0.5) -> int:")
        self._body(Scope({"a": "int", "b": "float"}, "int"), 1, self._random.randint(0, 2))
        self._small = False

    def _method(
        self, owner: str, name: str, parameters: dict[str, str], result: str, state: dict[str, str]
    ) -> None:
        written = ", ".join(["self", *(f"{n}: {k}" for n, k in parameters.items())])
        self._lines.append(f"    def {name}({written}) -> {result}:")
        small, self._small = self._small, True
        scope = Scope({**parameters, **state}, result, attributes=state)
        self._body(scope, 2, self._random.randint(0, 2))
        self._small = small

    def _function(
        self, name: str, first: str, depth: int, count: int, state: dict[str, str] | None = None
    ) -> None:
        choose = self._random
        # An object of a class crosses to Python as another object on each side.
        results = [kind for kind in TYPES if "Box" not in kind and kind not in ("Any", "Mode")]
        scope = Scope(dict(state or {}), choose.choice(results), attributes=state or {})
        parameters = [first] if first else []
        for place in range(choose.randint(1, 4)):
            kind = choose.choice(list(GIVEN))
            scope.known[f"p{place}"] = kind
            parameters.append(f"p{place}: {kind}")
            self.arguments.append(GIVEN[kind])
        self._line(depth, f"def {name}({', '.join(parameters)}) -> {scope.result}:")
        if first:
            scope.known["p9"] = "Tensor"
            self._line(depth + 1, "p9 = torch.ones(2, 3)")
            for statement in ("p9 = self.leaf(p9)", "for m in self.leaves:|p9 = m(p9)", "p9 = self.body(p9)",
                              "for i, m in enumerate(self.leaves):|p9 = m(p9) * i|v0 = m.extra(i)",
                              "for k, m in self.named.items():|p9 = m(p9) + len(k)", "p9 = self.leaves[1](p9)",
                              "if self.none is not None:|p9 = self.none(p9)", "p9 = self.named['a'](p9)",
                              "p9 = self.step(p9, 2)", "if self.training:|p9 = p9 + 1", "p9 = p9 + self.leaf.k"):  # fmt: skip
                if choose.random() < 0.3:
                    head, *body = statement.split("|")
                    self._line(depth + 1, head)
                    for each in body:
                        self._line(depth + 2, each)
        self._body(scope, depth + 1, count)

    def _body(self, scope: Scope, depth: int, count: int) -> None:
        self._statements(scope, depth, count)
        self._line(depth, f"return {self._expression(scope.result, scope.known, 2)}")
        self._lines += ["", ""] if depth == 1 else [""]

    # --- statements ------------------------------------------------------------------------------

    def _line(self, depth: int, text: str) -> None:
        self._lines.append("    " * depth + text)

    def _name(self) -> str:
        self._names += 1
        return f"v{self._names}"

    def _statements(self, scope: Scope, depth: int, count: int) -> None:
        for _ in range(count):
            kinds = [self._assign, self._assign, self._change, self._change, self._unpack, self._set_item]
            if depth < 5:
                kinds += [
                    self._branch,
                    self._branch,
                    self._loop,
                    self._while,
                    self._refine,
                    self._refine,
                    self._with,
                ]
            self._random.choice(kinds)(scope, depth)
            if self._random.random() < self._spoil / 2:
                for line in self._random.choice(SPOILT_STATEMENTS).split("|"):
                    self._line(depth, line)

    def _assign(self, scope: Scope, depth: int) -> None:
        # Within the class Box the defaults of its methods are not known. Members of an enum that nobody reads
        # behind a return: torch numbers one value more than we do.
        kind = self._random.choice([k for k in TYPES if k != "Mode" and not (self._small and "Box" in k)])
        name = self._name()
        value = self._expression(kind, scope.known, 2)
        needs = kind.startswith(("Optional", "Union", "Dict", "Any")) or self._random.random() < 0.3
        self._line(depth, f"{name}: {kind} = {value}" if needs else f"{name} = {value}")
        scope.known[name] = kind

    def _change(self, scope: Scope, depth: int) -> None:
        fixed = ("self.buffer", "self.weight", "self.width")
        names = [n for n in scope.known if n not in fixed]
        if not names:
            return self._assign(scope, depth)
        name = self._random.choice(names)
        kind = scope.known[name]
        operators = {
            "int": ("+=", "-=", "*="),
            "float": ("+=", "*=", "/="),
            "str": ("+=",),
            "Tensor": ("+=", "*="),
        }
        if kind in ("List[int]", "List[str]") and self._random.random() < 0.5:
            self._line(depth, f"{name}.append({self._expression(kind[5:-1], scope.known, 1)})")
        elif kind in operators and self._random.random() < 0.5 and not (kind == "Tensor" and "." in name):
            sign = self._random.choice(operators[kind])
            value = self._expression("float" if kind == "Tensor" else kind, scope.known, 1)
            self._line(depth, f"{name} {sign} {value}")
        else:
            self._line(depth, f"{name} = {self._expression(kind, scope.known, 2)}")
        return None

    def _unpack(self, scope: Scope, depth: int) -> None:
        first, second = self._name(), self._name()
        kind, a, b = self._random.choice(
            (("Tuple[int, float]", "int", "float"), ("Tuple[Tensor, int]", "Tensor", "int"))
        )
        self._line(depth, f"{first}, {second} = {self._expression(kind, scope.known, 1)}")
        scope.known |= {first: a, second: b}

    def _set_item(self, scope: Scope, depth: int) -> None:
        targets = [
            n
            for n, k in scope.known.items()
            if k in ("Dict[str, int]", "List[int]", "Box", "Dict[int, List[int]]")
        ]
        if not targets:
            return self._assign(scope, depth)
        name = self._random.choice(targets)
        made = {
            "Dict[str, int]": f"{name}[{self._expression('str', scope.known, 1)}] = {self._expression('int', scope.known, 1)}",
            "List[int]": f"if len({name}) > 0: {name}[0] {self._random.choice(('=', '+='))} {self._expression('int', scope.known, 1)}",
            "Box": f"{name}.size {self._random.choice(('=', '+=', '-='))} {self._expression('int', scope.known, 1)}",
            "Dict[int, List[int]]": f"{name}[{self._expression('int', scope.known, 1)}] = {self._expression('List[int]', scope.known, 1)}",
        }
        self._line(depth, made[scope.known[name]])
        return None

    def _branch(self, scope: Scope, depth: int) -> None:
        choose = self._random
        self._line(depth, f"if {self._expression('bool', scope.known, 2)}:")
        self._block(scope.inner(), depth + 1)
        if choose.random() < 0.3:
            self._line(depth, f"elif {self._expression('bool', scope.known, 1)}:")
            self._block(scope.inner(), depth + 1)
        if choose.random() < 0.5:
            self._line(depth, "else:")
            self._block(scope.inner(), depth + 1)

    def _block(self, scope: Scope, depth: int) -> None:
        choose = self._random
        self._statements(scope, depth, choose.randint(1, 2))
        way = choose.random()
        if way < 0.12:
            self._line(depth, f"raise ValueError({self._expression('str', scope.known, 1)})")
        elif way < 0.24:
            self._line(depth, f"return {self._expression(scope.result, scope.known, 1)}")
        elif way < 0.4 and scope.in_loop:
            self._line(depth, choose.choice(("break", "continue")))

    def _loop(self, scope: Scope, depth: int) -> None:
        choose = self._random
        a, b = self._name(), self._name()
        known = scope.known
        boxes = "[Box(1, 'one')]" if self._small else self._expression("List[Box]", known, 1)
        head, names = choose.choice((
            (f"{a} in range({choose.randint(0, 4)})", {a: "int"}),
            (f"{a} in {self._expression('List[int]', known, 1)}", {a: "int"}),
            (f"{a} in {self._expression('List[str]', known, 1)}", {a: "str"}),
            (f"{a} in {self._expression('Tensor', known, 1)}.reshape([-1])[:3]", {a: "Tensor"}),
            (f"{a}, {b} in {self._expression('Dict[str, int]', known, 1)}.items()", {a: "str", b: "int"}),
            (f"{a}, {b} in enumerate({self._expression('List[str]', known, 1)})", {a: "int", b: "str"}),
            (f"{a}, {b} in zip({self._expression('List[int]', known, 1)}, {boxes})",
             {a: "int", b: "Box"}),
            (f"{a} in ({self._expression('int', known, 1)}, {self._expression('int', known, 1)})", {a: "int"}),
            (f"{a} in {self._expression('Dict[int, List[int]]', known, 1)}", {a: "int"}),
            (f"{a} in range({choose.randint(3, 5)}, 0, -1)", {a: "int"}),
        ))  # fmt: skip
        self._line(depth, f"for {head}:")
        inner = scope.inner(**names)
        inner.in_loop = not head.startswith(f"{a} in (")
        self._block(inner, depth + 1)

    def _while(self, scope: Scope, depth: int) -> None:
        name = self._name()
        self._line(depth, f"{name} = 0")
        self._line(
            depth,
            f"while {name} < {self._random.randint(1, 4)} and {self._expression('bool', scope.known, 1)}:",
        )
        self._line(depth + 1, f"{name} += 1")
        inner = scope.inner()
        inner.in_loop = True
        self._block(inner, depth + 1)

    def _with(self, scope: Scope, depth: int) -> None:
        if self._random.random() < 0.5:
            return self._assign(scope, depth)
        self._line(depth, "with torch.no_grad():")
        self._statements(scope, depth + 1, 1)
        return None

    def _refine(self, scope: Scope, depth: int) -> None:
        choose = self._random
        names = [
            n for n, k in scope.known.items() if k.startswith(("Optional", "Union", "Any")) and "." not in n
        ]
        if not names:
            return self._assign(scope, depth)
        name = choose.choice(names)
        kind = scope.known[name]
        if kind.startswith("Optional"):
            plain = kind[9:-1]
            tests = [
                f"{name} is not None",
                f"not ({name} is None)",
                f"{name} is not None and {self._expression('bool', scope.known, 1)}",
            ]
            refuse, loose = f"{name} is None", f"{name} is None or {self._expression('bool', scope.known, 1)}"
        else:
            plain, other = choose.choice((("int", "str"), ("str", "int")))
            tests = [f"isinstance({name}, {plain})", f"torch.jit.isinstance({name}, {plain})"]
            refuse = f"isinstance({name}, {other})" if kind != "Any" else f"not isinstance({name}, {plain})"
            loose = refuse
        way = choose.random()
        if way < 0.4:
            self._line(depth, f"if {choose.choice(tests)}:")
            self._block(scope.inner(**{name: plain}), depth + 1)
            if choose.random() < 0.4:
                self._line(depth, "else:")
                self._block(scope.inner(), depth + 1)
        elif way < 0.6:
            self._line(depth, f"if {choose.choice((refuse, loose))}:")
            last = ("continue", "break") if scope.in_loop else ("raise RuntimeError('refused')",)
            self._line(
                depth + 1, choose.choice((*last, f"return {self._expression(scope.result, scope.known, 1)}"))
            )
            scope.known[name] = plain
        elif way < 0.75:
            self._line(depth, f"if {name} is None:" if kind.startswith("Opt") else f"if {refuse}:")
            self._line(depth + 1, f"{name} = {self._expression(plain, scope.known, 1)}")
            scope.known[name] = plain
        elif way < 0.9:
            self._line(depth, f"assert {tests[0]}")
            scope.known[name] = plain
        else:
            made = self._name()
            self._line(depth, f"{made} = {name} if {tests[0]} else {self._expression(plain, scope.known, 1)}")
            scope.known[made] = plain
        return None

    # --- expressions -----------------------------------------------------------------------------

    def _expression(self, kind: str, known: dict[str, str], depth: int) -> str:
        choose = self._random
        if choose.random() < self._spoil:
            kind = choose.choice(TYPES)
        if choose.random() < self._spoil / 4:
            return choose.choice(SPOILT)
        names = [n for n, k in known.items() if k == kind]
        if names and choose.random() < 0.5:
            return choose.choice(names)
        if depth <= 0 or choose.random() < 0.25:
            return choose.choice(LITERALS[kind])
        forms = FORMS[kind]
        if self._small:
            forms = tuple(form for form in forms if "helper" not in form and "Box" not in form)
        if not forms:
            return choose.choice(LITERALS[kind])
        self._names += 1
        form = choose.choice(forms)
        made = self._filled(form, known, depth - 1)
        if form.startswith("f'") and "'" in made[2:-1]:
            # Before Python 3.12 no quotes stand in an f-string that are its own.
            return choose.choice(LITERALS[kind])
        return f"({made})"

    def _filled(self, form: str, known: dict[str, str], depth: int) -> str:
        """The form with an expression for each type in braces; doubled braces stand for themselves."""
        made, rest, number = "", form, str(self._names)
        while rest:
            head, brace, rest = rest.partition("{") if "{" in rest else (rest, "", "")
            made += head.replace("}}", "}")
            if not brace:
                break
            if rest.startswith("{"):
                made, rest = made + "{", rest[1:]
                continue
            kind, _, rest = rest.partition("}")
            made += number if kind == "n" else self._expression(kind, known, depth)
        return made
