"""A person's Python, traced by torch.jit.trace and by us: texts, values, warnings and refusals compared."""
