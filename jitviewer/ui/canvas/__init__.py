"""The graph as a picture that can be panned, zoomed and clicked."""
