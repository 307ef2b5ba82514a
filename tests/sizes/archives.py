"""Archives, made at test time, in which one thing is much too long, or is there much too often."""

from __future__ import annotations

from collections.abc import Callable

from tests.archive.handmade import Entry, HandmadeZip, module_of, number, pickled, text

LONG = 300_000
MANY = 60_000
_HEAD = "class {name}(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
_TRAINING = (text("training"), b"\x88")


def archive(
    code: str, *slots: bytes, files: dict[str, bytes] | None = None, constants: bytes = pickled(b")")
) -> bytes:
    """A module `__torch__.M` with these methods and attributes."""
    records = {
        "data.pkl": module_of(*_TRAINING, *slots),
        "code/__torch__.py": (_HEAD.format(name="M") + code).encode(),
        "constants.pkl": constants,
        "version": b"3\n",
        **(files or {}),
    }
    return HandmadeZip([Entry(f"m/{name}", content) for name, content in records.items()]).to_bytes()


def method(body: str, arguments: str = "x: Tensor", returns: str = "Tensor") -> str:
    """The text of `forward`."""
    return f"  def forward(self: __torch__.M, {arguments}) -> {returns}:\n{body}"


_RETURN = "    return x\n"


def _attribute_name() -> bytes:
    name = "a" * LONG
    return archive(f"  {name} : int\n" + method(_RETURN), text(name), number(1))


def _attribute_text() -> bytes:
    return archive("  a : str\n" + method(_RETURN), text("a"), text("w" * LONG))


def _attribute_list() -> bytes:
    items = b"](" + b"".join(number(n) for n in range(MANY)) + b"e"
    return archive("  a : List[int]\n" + method(_RETURN), text("a"), items)


def _many_attributes() -> bytes:
    code = "".join(f"  a{n} : int\n" for n in range(MANY))
    slots = [part for n in range(MANY) for part in (text(f"a{n}"), number(n))]
    return archive(code + method(_RETURN), *slots)


def _method_name() -> bytes:
    name = "m" * LONG
    return archive(f"  def {name}(self: __torch__.M, x: Tensor) -> Tensor:\n{_RETURN}")


def _argument_name() -> bytes:
    return archive(method("    return " + "x" * LONG + "\n", arguments=f"{'x' * LONG}: Tensor"))


def _many_arguments() -> bytes:
    arguments = ", ".join(["x: Tensor", *(f"x{n}: int" for n in range(30_000))])
    return archive(method(_RETURN, arguments=arguments))


def _long_default() -> bytes:
    return archive(method(_RETURN, arguments=f'x: Tensor, s: str="{"d" * LONG}"'))


def _many_outputs() -> bytes:
    count = 2_000
    body = f"    return ({', '.join(['x'] * count)})\n"
    return archive(method(body, returns=f"Tuple[{', '.join(['Tensor'] * count)}]"))


def _value_name() -> bytes:
    name = "v" * LONG
    return archive(method(f"    {name} = torch.neg(x)\n    return torch.relu({name})\n"))


def _long_constant() -> bytes:
    return archive(method(f'    ops.prim.Print("{"c" * LONG}")\n{_RETURN}'))


def _one_list() -> bytes:
    return archive(method(f"    y = torch.cat([{', '.join(['x'] * 5_000)}])\n    return y\n"))


def _class_name() -> bytes:
    name = "C" * LONG
    code = method(f"    y = __torch__.{name}(x, )\n    return y.a\n")
    after = f"class {name}(NamedTuple):\n  a : Tensor\n"
    return archive(code + after)


def _function_name() -> bytes:
    name = "f" * LONG
    code = method(f"    return __torch__.{name}(x, )\n")
    return archive(code + f"def {name}(x: Tensor) -> Tensor:\n  return torch.neg(x)\n")


def _record_names() -> bytes:
    files = {"extra/" + "r" * 60_000: b"x", **{f"extra/{n}": b"x" for n in range(MANY)}}
    return archive(method(_RETURN), files=files)


def _long_line_of_a_record() -> bytes:
    return archive(method(_RETURN), files={"extra/line.txt": b"w" * 10_000_000})


def _producer() -> bytes:
    return archive(method(_RETURN), files={".data/serialization_id": b"9" * LONG, "producer": b"p" * LONG})


def _unknown_operator() -> bytes:
    return archive(method(f"    return ops.{'n' * LONG}.op(x)\n"))


def _undefined_name() -> bytes:
    return archive(method(f"    return {'u' * LONG}\n"))


HOSTILE: dict[str, Callable[[], bytes]] = {
    made.__name__.strip("_"): made
    for made in (
        _attribute_name, _attribute_text, _attribute_list, _many_attributes, _method_name, _argument_name,
        _many_arguments, _long_default, _many_outputs, _value_name, _long_constant, _one_list, _class_name,
        _function_name, _record_names, _long_line_of_a_record, _producer, _unknown_operator, _undefined_name,
    )
}  # fmt: skip
"""Makers of archives by what is too large in each."""

_DOUBLED = '    s = "aaaaaaaaaaaaaaaa"\n    for i in range(15):\n      s = torch.add(s, s)\n'
RUNS: dict[str, str] = {
    "message": _DOUBLED + '    ops.prim.RaiseException(s, "builtins.ValueError")\n    return x\n',
    "class of an exception": _DOUBLED + '    ops.prim.RaiseException("no", s)\n    return x\n',
    "printed text": _DOUBLED + "    for j in range(20):\n      ops.prim.Print(s)\n    return x\n",
    "printed lines": '    for j in range(100000):\n      ops.prim.Print("l")\n    return x\n',
    "text": _DOUBLED + "    return s\n",
    "key": _DOUBLED
    + "    d = annotate(Dict[str, int], {})\n    torch._set_item(d, s, 1)\n    return d\n",
    "keys": "    d = annotate(Dict[str, int], {})\n    for j in range(5000):\n"
    "      torch._set_item(d, str(j), j)\n    return d\n",
    "texts": _DOUBLED
    + "    l = annotate(List[str], [])\n    for j in range(2000):\n"
    + "      _0 = torch.append(l, s)\n    return l\n",
    "tensors": "    l = annotate(List[Tensor], [])\n    for j in range(5000):\n"
    "      _0 = torch.append(l, x)\n    return l\n",
    "lists in lists": "    l0 = [x]\n" + "".join(f"    l{n + 1} = [l{n}, l{n}]\n" for n in range(24))
    + "    return l24\n",
}  # fmt: skip
"""Bodies of programs that give, print or raise much."""
RETURNS = {
    "text": "str", "key": "Dict[str, int]", "keys": "Dict[str, int]", "texts": "List[str]",
    "tensors": "List[Tensor]", "lists in lists": "List[" * 25 + "Tensor" + "]" * 25,
}  # fmt: skip
