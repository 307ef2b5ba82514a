"""What of the person's modules belongs to a program: what its code names, wherever it stands."""

import sys
from types import ModuleType

import pytest
import torch

from jitcore.tracing.black_box.reachable import Reachable

FILES = {
    "shop/__init__.py": "",
    "shop/rules.py": "def limit(x):\n    return x\n\n\ndef unrelated(x):\n    return x\n",
    "shop/late.py": "def found_when_run(x):\n    return x\n",
    "shop/other.py": "def never_named(x):\n    return x\n",
    "shop/model.py": (
        "import shop.rules\n"
        "import shop.other as held\n"
        "TABLE = {'a': lambda x: x}\n"
        "def forward(x):\n"
        "    from .late import found_when_run\n"
        "    return found_when_run(shop.rules.limit(TABLE['a'](x)))\n"
    ),
}


@pytest.fixture
def model(tmp_path, monkeypatch) -> ModuleType:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("shop", "shop.rules", "shop.late", "shop.other", "shop.model"):
        __import__(name)
    yield sys.modules["shop.model"]
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def test_what_is_named_is_reached_and_nothing_else(model):
    reachable = Reachable(model.forward, [torch.ones(2)])
    names = {function.__qualname__ for function in reachable.functions}
    assert names == {"forward", "limit", "found_when_run", "<lambda>"}
    assert id(model.TABLE) in reachable.objects
    assert reachable.is_whole
