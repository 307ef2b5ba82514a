"""What torch imports for the first time while something is traced keeps nothing of the trace."""

import subprocess
import sys

PROGRAM = """
import sys
import torch
import jitcore

x, b = torch.ones(3, 4, device="meta"), torch.ones(3, device="meta")

def f(x, b):
    return torch.addmm(b, x, x.t()) + torch.zeros(3, device=x.device)

assert "torch._dynamo" not in sys.modules
ours = jitcore.trace(f, (x, b), check_trace=False)
assert "torch._dynamo" in sys.modules
held = [
    f"{name}.{key}"
    for name, module in list(sys.modules.items()) if name.startswith("torch")
    for key, value in list(vars(module).items())
    if isinstance(home := getattr(value, "__module__", None), str) and home.startswith("jitcore")
]
assert held == [], held
assert "exec_module" not in vars(sys.modules["torch._dynamo"].__spec__.loader)
assert not [one for one in sys.meta_path if type(one).__module__.startswith("jitcore")]
assert str(ours.graph) == str(torch.jit.trace(f, (x, b), check_trace=False).graph)
"""


def test_modules_of_torch_are_imported_as_ever() -> None:
    # A kernel of the meta device imports the first time that it runs, and in this process it may have run.
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
