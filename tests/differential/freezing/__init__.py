"""Counts where freezing, and what stands on it, agree with torch.jit."""
