"""Dicts, which keep the order in which keys came."""

from __future__ import annotations

from typing import Any

from jitcore.ops.kernels.errors import TorchScriptError
from jitcore.ops.kernels.formatting import value_text
from jitcore.ops.kernels.registry import declare

Table = dict[Any, Any]


def get_item(self: Table, key: Any) -> Any:
    """The value under a key; raises if there is none."""
    try:
        return self[key]
    except KeyError:
        raise TorchScriptError(f"KeyError: {value_text(key)}") from None


def set_item(table: Table, idx: Any, v: Any) -> None:
    """Put a value under a key."""
    table[idx] = v


def delete(self: Table, key: Any) -> None:
    """Remove a key; raises if there is none."""
    get_item(self, key)
    del self[key]


def pop(self: Table, key: Any) -> Any:
    """Remove a key and give its value; raises if there is none."""
    value = get_item(self, key)
    del self[key]
    return value


def pop_item(self: Table) -> tuple[Any, Any]:
    """Remove the key that came first, and give it with its value."""
    if not self:
        raise TorchScriptError("popitem(): dictionary is empty")
    key = next(iter(self))
    return key, self.pop(key)


def update(self: Table, to_add: Table) -> None:
    """Take over all that is in another dict."""
    self.update(to_add)


def items(self: Table) -> list[tuple[Any, Any]]:
    """Keys with their values."""
    return list(self.items())


def from_pairs(inputs: list[tuple[Any, Any]]) -> Table:
    """A dict of (key, value) pairs; of equal keys the last counts."""
    return dict(inputs)


def contains(dict: Table, key: Any) -> bool:
    """Whether there is a value under a key."""
    return key in dict


def _declare_for(k: str) -> None:
    d = f"Dict({k}, t)"
    declare(len, f"aten::len.Dict_{k}({d} self) -> int")
    declare(list, f"aten::keys.{k}({d} self) -> {k}[](*)")
    declare(lambda self: list(self.values()), f"aten::values.{k}({d} self) -> t[](*)")
    declare(items, f"aten::items.{k}({d} self) -> (({k}, t)[])")
    declare(get_item, f"aten::__getitem__.Dict_{k}({d} self, {k} key) -> t(*)")
    declare(lambda self, key: self.get(key), f"aten::get.{k}({d} self, {k} key) -> t(*)?")
    declare(
        lambda self, key, default_value: self.get(key, default_value),
        f"aten::get.default_{k}({d} self, {k} key, t default_value) -> t(*)",
    )
    declare(
        lambda self, key, default_value: self.setdefault(key, default_value),
        f"aten::setdefault.{k}({d}(a!) self, {k}(b -> *) key, t(c -> *) default_value) -> t(*)",
    )
    declare(set_item, f"aten::_set_item.{k}({d}(a!) l, {k}(b -> *) idx, t(c -> *) v) -> ()")
    declare(delete, f"aten::Delete.Dict_{k}({d}(a!) self, {k} key) -> ()")
    declare(pop, f"aten::pop.Dict_{k}({d}(a!) self, {k} key) -> t(*)")
    declare(
        lambda self, key, default_value: self.pop(key, default_value),
        f"aten::pop.Dict_default_{k}({d}(a!) self, {k} key, t default_value) -> t(*)",
    )
    declare(pop_item, f"aten::popitem.{k}({d}(a!) self) -> (({k}, t))")
    declare(lambda self: self.clear(), f"aten::clear.{k}({d}(a!) self) -> ()")
    declare(update, f"aten::update.{k}({d}(a!) self, {d}(a!) to_add) -> ()")
    declare(dict, f"aten::copy.Dict_{k}({d}(a) self) -> {d}", f"aten::dict.Dict_{k}({d}(a) self) -> {d}")
    declare(from_pairs, f"aten::dict.{k}(({k}, tVal)[] inputs) -> Dict({k}, tVal)")
    declare(contains, f"aten::__contains__.{k}({d} dict, {k} key) -> bool")


for _key_type in ("str", "int", "bool", "float", "complex", "Tensor"):
    _declare_for(_key_type)
