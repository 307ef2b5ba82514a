"""An executor like torch's profiling one: first runs profile, later ones run what was made of it."""
