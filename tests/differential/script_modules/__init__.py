"""Modules compiled by torch.jit.script and by jitcore: the same texts, types, values and refusals."""
