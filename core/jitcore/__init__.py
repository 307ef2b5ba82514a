"""A TorchScript JIT core: archive reader, frontend, SSA IR, passes, printers and interpreter."""
