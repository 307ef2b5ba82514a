"""Files in which something is longer, or more, than any person's, and what is told of them."""
