"""A person's Python, compiled by torch.jit.script and by us: texts, values and refusals compared."""
