"""Random programs with dicts, texts, optionals, exceptions, writes to views, and loops that are left."""

from __future__ import annotations

from tests.passes.programs import RandomProgram

Scope = dict[str, list[str]]


class WideProgram(RandomProgram):
    """A `RandomProgram` with statements of all kinds among its own."""

    def _block(self, scope: Scope, depth: int, statements: int) -> None:
        for _ in range(statements):
            if self._random.random() < 0.6:
                super()._block(scope, depth, 1)
                continue
            kinds = [
                self._dict, self._dict, self._list, self._view, self._view, self._optional, self._text,
                self._tuple,
            ]  # fmt: skip
            if depth < 3:
                kinds += [self._while, self._raise]
            self._random.choice(kinds)(scope, "    " * depth, depth)

    def _name(self) -> str:
        self._names += 1
        return f"w{self._names}"

    def _add(self, indent: str, *lines: str) -> None:
        self._lines.extend(indent + line for line in lines)

    def _dict(self, scope: Scope, indent: str, _depth: int) -> None:
        known = scope.setdefault("Dict[str, Tensor]", [])
        key = self._random.choice(("'a'", "'b'"))
        what = self._random.random() if known else 0.0
        if what < 0.3:
            name, one, other = self._name(), self._pick(scope, "Tensor"), self._pick(scope, "Tensor")
            self._add(indent, f"{name} = {{'a': {one}, 'b': {other}}}")
            known.append(name)
        elif what < 0.6:
            self._add(indent, f"{self._random.choice(known)}[{key}] = {self._pick(scope, 'Tensor')}")
        elif what < 0.8:
            name = self._name()
            self._add(indent, f"{name} = {self._random.choice(known)}[{key}]")
            scope["Tensor"].append(name)
        else:
            name = self._name()
            self._add(indent, f"{name} = len({self._random.choice(known)})")
            scope["int"].append(name)

    def _list(self, scope: Scope, indent: str, _depth: int) -> None:
        lists = scope["List[Tensor]"]
        if not lists:
            name = self._name()
            self._add(indent, f"{name} = [{self._pick(scope, 'Tensor')}, {self._pick(scope, 'Tensor')}]")
            lists.append(name)
            return
        chosen, held = self._random.choice(lists), self._pick(scope, "Tensor")
        match self._random.randrange(4):
            case 0:
                self._add(indent, f"{chosen}[0] = {held}")
            case 1:
                self._add(indent, f"{chosen} = {chosen} + [{held}]")
            case 2:
                self._add(indent, f"{chosen}.insert(0, {held})")
            case _:
                name = self._name()
                self._add(indent, f"{name} = {chosen}.pop()", f"{chosen}.append({name})")
                scope["Tensor"].append(name)

    def _view(self, scope: Scope, indent: str, _depth: int) -> None:
        of, other = self._pick(scope, "Tensor"), self._pick(scope, "Tensor")
        view = self._random.choice(
            (f"{of}[0]", f"{of}.t()", f"{of}[:, 1]", f"{of}.unsqueeze(0)", f"{of}.detach()")
        )
        if self._random.random() < 0.5:
            self._add(indent, f"{view}.{self._random.choice(('add_(1)', 'mul_(2)', 'zero_()', 'neg_()'))}")
        elif self._random.random() < 0.5:
            self._add(indent, f"{of}[0] = {other}[1]")
        else:
            name = self._name()
            self._add(indent, f"{name} = {of}.t()", f"{name}.add_({other})")
            scope["Tensor"].append(name)

    def _optional(self, scope: Scope, indent: str, _depth: int) -> None:
        name, found = self._name(), self._name()
        self._add(
            indent,
            f"{name} = torch.jit.annotate(Optional[Tensor], None)",
            f"if {self._expression(scope, 'bool')}:",
            f"    {name} = {self._pick(scope, 'Tensor')}",
            f"if {name} is not None:",
            f"    {found} = {name}.neg()",
            "else:",
            f"    {found} = {self._pick(scope, 'Tensor')}",
        )
        scope["Tensor"].append(found)

    def _text(self, scope: Scope, indent: str, _depth: int) -> None:
        name, length = self._name(), self._name()
        self._add(
            indent,
            f"{name} = 'é\\n' + str({self._pick(scope, 'int')}) + '{{}}'.format({self._pick(scope, 'int')})",
            f"{length} = len({name})",
        )
        scope["int"].append(length)

    def _tuple(self, scope: Scope, indent: str, _depth: int) -> None:
        name, first, second = self._name(), self._name(), self._name()
        inner = f"({self._pick(scope, 'Tensor')}, {self._pick(scope, 'int')})"
        self._add(
            indent,
            f"{name} = ({inner}, {self._pick(scope, 'Tensor')})",
            f"({first}, {second}), _ = {name}",
        )
        scope["Tensor"].append(first)
        scope["int"].append(second)

    def _while(self, scope: Scope, indent: str, depth: int) -> None:
        count = self._name()
        self._add(indent, f"{count} = 0", f"while {count} < {self._random.choice((0, 1, 3))}:")
        self._add(indent, f"    {count} += 1")
        inner = {kind: list(names) for kind, names in scope.items()}
        self._block(inner, depth + 1, self._random.randint(1, 2))
        if self._random.random() < 0.6:
            leaving = self._random.choice(("break", "continue"))
            self._add(indent, f"    if {self._expression(inner, 'bool')}:", f"        {leaving}")
            self._block(inner, depth + 1, 1)

    def _raise(self, scope: Scope, indent: str, _depth: int) -> None:
        condition = f"{self._pick(scope, 'int')} > {self._random.choice((5, 40))}"
        self._add(indent, f"if {condition}:", "    raise ValueError('no')")
